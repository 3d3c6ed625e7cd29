//! Where the sections of a file begin and end, and what their header lines say.

use std::ops::Range;

use super::{
    code::Code,
    fault::Faults,
    rows::{Cell, Oddity, Rows},
};

/// Most columns of a section; files in circulation have less than 20.
const MAX_COLUMNS: usize = 200;

const TITLES: [&str; 3] = ["META", "PROJECTS", "VOTES"];

/// The parts of a text.
pub(super) struct Sections {
    pub(super) meta: Option<Part>,
    pub(super) projects: Option<Part>,
    pub(super) votes: Option<Part>,
}

#[derive(Clone)]
pub(super) struct Part {
    /// Where the title line stands.
    pub(super) title: usize,
    /// What stands below it.
    pub(super) rows: Range<usize>,
}

/// Finds the title lines. The ballots are not walked through: VOTES is the last section, and a
/// title among them is for their reader to find.
pub(super) fn find(text: &str, faults: &mut Faults<'_>) -> Sections {
    let mut found: [Option<Part>; 3] = [None, None, None];
    let mut open: Option<usize> = None;
    let mut is_first = true;
    let mut is_closed = true;
    let mut rows = Rows::new(text, 0..text.len());
    while rows.advance() {
        if matches!(rows.oddity(), Some(Oddity::NotClosed(_))) {
            // The rest of the file is in this cell. The section that it is in will report it, but
            // nobody reads ballots without META.
            is_closed = false;
            if open.is_none() || (open == Some(2) && found[0].is_none()) {
                is_sound(&rows, faults);
            }
            break;
        }
        let Some(title) = title(&rows, text) else {
            if is_first && !rows.is_blank() {
                is_first = false;
                faults.add(Code::TextBeforeMeta, rows.span(), |_| {
                    "this stands above the first section".to_owned()
                });
            }
            continue;
        };
        is_first = false;
        let span = rows.span();
        if let Some(part) = open.take().and_then(|section| found[section].as_mut()) {
            part.rows.end = span.start;
        }
        if found[title].is_some() {
            repeated(faults, span, TITLES[title]);
            continue;
        }
        if found[title..].iter().any(Option::is_some) {
            faults.add(Code::SectionOrder, span.clone(), |title| {
                format!("{title} stands below a section that it belongs above")
            });
        }
        found[title] = Some(Part {
            title: span.start,
            rows: rows.next_start()..text.len(),
        });
        open = Some(title);
        if title == 2 && found.iter().all(Option::is_some) {
            break;
        }
    }
    for (part, title) in found.iter().zip(TITLES) {
        if part.is_none() && is_closed {
            faults.missing(Code::MissingSection, 0, || {
                format!("the file has no section {title}")
            });
        }
    }
    let [meta, projects, votes] = found;
    Sections {
        meta,
        projects,
        votes,
    }
}

pub(super) fn repeated(faults: &mut Faults<'_>, span: Range<usize>, title: &str) {
    faults.add(Code::RepeatedSection, span, |_| {
        format!("the section {title} is there twice")
    });
}

/// Which title the row is, if it is one: a single word without quotes, and nothing after it but
/// separators.
fn title(rows: &Rows<'_>, text: &str) -> Option<usize> {
    let (first, rest) = rows.cells().split_first()?;
    if !rest
        .iter()
        .all(|cell| !cell.is_quoted() && cell.is_blank(text))
    {
        return None;
    }
    title_of(*first, text)
}

fn title_of(cell: Cell, text: &str) -> Option<usize> {
    // Most cells are told by their length.
    if cell.is_quoted() || cell.span().len() > 40 {
        return None;
    }
    let word = text[cell.span()].trim();
    TITLES
        .iter()
        .position(|title| word.eq_ignore_ascii_case(title))
}

/// The title that a row of a single cell is.
pub(super) fn lone_title(cells: &[Cell], text: &str) -> Option<&'static str> {
    match cells {
        [cell] => title_of(*cell, text).map(|title| TITLES[title]),
        _ => None,
    }
}

/// Reports what is odd about the present row; whether there is something in it to read.
pub(super) fn is_sound(rows: &Rows<'_>, faults: &mut Faults<'_>) -> bool {
    match rows.oddity() {
        Some(Oddity::NotClosed(start)) => {
            let end = rows.span().end;
            faults.add(Code::QuoteNotClosed, start..end, |_| {
                "the quote that opens here is never closed".to_owned()
            });
            return false;
        }
        Some(Oddity::TextAfterQuote(start)) => {
            let end = rows.span().end;
            faults.add(Code::TextAfterQuote, start..end, |_| {
                "the cell goes on after its closing quote".to_owned()
            });
        }
        None => {}
    }
    let is_blank = rows.is_blank();
    if is_blank {
        faults.missing(Code::BlankLine, rows.span().start, || {
            "this line is blank".to_owned()
        });
    }
    !is_blank
}

/// Whether a row has a cell for every column, surplus empty ones aside.
pub(super) fn fits(rows: &Rows<'_>, columns: usize, text: &str, faults: &mut Faults<'_>) -> bool {
    let cells = rows.cells();
    if cells.len() == columns {
        return true;
    }
    let surplus = cells.get(columns..).unwrap_or_default();
    let found = cells.len();
    if found > columns && surplus.iter().all(|cell| cell.is_blank(text)) {
        faults.add(Code::ExtraEmptyCells, rows.span(), |_| {
            format!("the row has {found} cells for {columns} columns, the last ones empty")
        });
        return true;
    }
    faults.add(Code::WrongNumberOfCells, rows.span(), |_| {
        format!("the row has {found} cells, and the section has {columns} columns")
    });
    false
}

/// The names of the columns of a section, and its rows below the header.
pub(super) struct Header {
    pub(super) names: Vec<String>,
    pub(super) rows: Range<usize>,
    place: usize,
}

impl Header {
    pub(super) fn read(
        part: &Part,
        title: &str,
        text: &str,
        faults: &mut Faults<'_>,
    ) -> Option<Self> {
        let mut rows = Rows::new(text, part.rows.clone());
        loop {
            if !rows.advance() {
                faults.missing(Code::MissingHeader, part.title, || {
                    format!("nothing stands below {title}")
                });
                return None;
            }
            if is_sound(&rows, faults) {
                break;
            }
        }
        let cells = rows.cells();
        let mut names: Vec<String> = cells
            .iter()
            .take(MAX_COLUMNS + 1)
            .map(|cell| cell.text(text).trim().to_owned())
            .collect();
        let before = names.len();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        if names.len() < before {
            faults.add(Code::ExtraEmptyCells, rows.span(), |_| {
                "the last columns have no name".to_owned()
            });
        }
        if names.len() > MAX_COLUMNS {
            faults.add(Code::TooManyRows, rows.span(), |_| {
                format!("{title} has more than {MAX_COLUMNS} columns")
            });
            return None;
        }
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                faults.add(Code::DuplicateColumn, cells[place].span(), |name| {
                    format!("{title} has the column “{name}” twice")
                });
            }
        }
        Some(Self {
            names,
            rows: rows.next_start()..part.rows.end,
            place: rows.span().start,
        })
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|column| column == name)
    }

    /// The position of a column that the section cannot do without.
    pub(super) fn need(&self, name: &str, title: &str, faults: &mut Faults<'_>) -> Option<usize> {
        let column = self.column(name);
        if column.is_none() {
            faults.missing(Code::MissingColumn, self.place, || {
                format!("{title} has no column “{name}”")
            });
        }
        column
    }
}
