//! Rows and cells of a `.pb` file, found without copying.
//!
//! Cells stand between semicolons, rows between line ends (LF or CRLF). A cell that begins with a
//! double quote ends with the next single one, may hold semicolons and line ends, and has `""` for
//! a quote; a quote anywhere else is a letter like any other, as in Python's `csv`, by which the
//! files in circulation were written.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr2};

/// Where a cell stands in the text, quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) start: usize,
    pub(super) end: usize,
    quotes: Quotes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    /// Around the cell, and none inside.
    Around,
    /// Around the cell and inside it, or text after the closing one.
    Inside,
}

impl Cell {
    pub(super) fn span(self) -> Range<usize> {
        self.start..self.end
    }

    pub(super) fn is_quoted(self) -> bool {
        self.quotes != Quotes::None
    }

    /// Without the quotes around it.
    pub(super) fn inside(self) -> Range<usize> {
        match self.quotes {
            Quotes::Around => self.start + 1..self.end - 1,
            Quotes::None | Quotes::Inside => self.span(),
        }
    }

    /// Nothing but spaces.
    pub(super) fn is_blank(self, text: &str) -> bool {
        text.as_bytes()[self.span()]
            .iter()
            .all(u8::is_ascii_whitespace)
    }

    pub(super) fn text(self, text: &str) -> Cow<'_, str> {
        match self.quotes {
            Quotes::None | Quotes::Around => Cow::Borrowed(&text[self.inside()]),
            Quotes::Inside => Cow::Owned(unquoted(&text[self.span()])),
        }
    }
}

/// What stands between the quotes, with `""` as `"`, and what follows the closing one.
fn unquoted(cell: &str) -> String {
    let mut inside = String::with_capacity(cell.len());
    let mut rest = cell.strip_prefix('"').unwrap_or(cell);
    while let Some(quote) = rest.find('"') {
        inside.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        let Some(after) = rest.strip_prefix('"') else {
            break;
        };
        inside.push('"');
        rest = after;
    }
    inside.push_str(rest);
    inside
}

/// What is odd about a row, with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    NotClosed(usize),
    TextAfterQuote(usize),
}

/// Walks through the rows of a text. The cells of the present row are at hand until the next.
pub(super) struct Rows<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// Where the present row begins.
    start: usize,
    cells: Vec<Cell>,
    oddity: Option<Oddity>,
}

impl<'t> Rows<'t> {
    /// The rows of a part of the text that begins and ends with rows.
    pub(super) fn new(text: &'t str, part: Range<usize>) -> Self {
        Self {
            text,
            at: part.start,
            end: part.end,
            start: part.start,
            cells: Vec::new(),
            oddity: None,
        }
    }

    /// Goes on to the next row; whether there is one.
    pub(super) fn advance(&mut self) -> bool {
        self.cells.clear();
        self.oddity = None;
        self.start = self.at;
        if self.at >= self.end {
            return false;
        }
        let bytes = &self.text.as_bytes()[..self.end];
        loop {
            let start = self.at;
            let (mut cell, stop) = if bytes.get(start) == Some(&b'"') {
                self.quoted(bytes)
            } else {
                let stop = memchr2(b';', b'\n', &bytes[start..]).map_or(self.end, |n| start + n);
                let quotes = Quotes::None;
                let cell = Cell {
                    start,
                    end: stop,
                    quotes,
                };
                (cell, stop)
            };
            self.at = stop.saturating_add(1).min(self.end);
            if bytes.get(stop) == Some(&b';') {
                self.cells.push(cell);
                continue;
            }
            if cell.quotes == Quotes::None && cell.end > start && bytes[cell.end - 1] == b'\r' {
                cell.end -= 1;
            }
            self.cells.push(cell);
            return true;
        }
    }

    /// A cell that begins with a quote, and where its separator or line end stands.
    fn quoted(&mut self, bytes: &[u8]) -> (Cell, usize) {
        let start = self.at;
        let mut at = start + 1;
        let mut quotes = Quotes::Around;
        let close = loop {
            let Some(quote) = memchr(b'"', &bytes[at..]).map(|n| at + n) else {
                self.oddity = Some(Oddity::NotClosed(start));
                let (end, quotes) = (self.end, Quotes::Inside);
                return (Cell { start, end, quotes }, self.end);
            };
            if bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            quotes = Quotes::Inside;
            at = quote + 2;
        };
        let after = close + 1;
        let stop = memchr2(b';', b'\n', &bytes[after..]).map_or(self.end, |n| after + n);
        let mut end = stop;
        if bytes.get(stop) != Some(&b';') && end > after && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        if end > after {
            self.oddity = Some(Oddity::TextAfterQuote(after));
            quotes = Quotes::Inside;
        }
        (Cell { start, end, quotes }, stop)
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub(super) fn oddity(&self) -> Option<Oddity> {
        self.oddity
    }

    /// From the first cell to the end of the last.
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.cells.last().map_or(self.start, |cell| cell.end)
    }

    /// Where the next row begins.
    pub(super) fn next_start(&self) -> usize {
        self.at
    }

    /// Nothing but spaces and separators.
    pub(super) fn is_blank(&self) -> bool {
        self.cells
            .iter()
            .all(|cell| !cell.is_quoted() && cell.is_blank(self.text))
    }
}
