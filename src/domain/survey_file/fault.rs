//! What is wrong with a survey file, and where.

use std::{fmt, ops::Range};

use crate::domain::text::one_line;

/// Longest excerpt, in characters.
const EXCERPT: usize = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be loaded.
    Error,
    /// The file can be loaded; somebody should look at this first.
    Warning,
}

/// One fault of one survey file. The caller knows the name of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable: `S-…` for errors, `W-…` for warnings.
    pub code: &'static str,
    pub severity: Severity,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// The offending text on one line, cut to some 80 characters; empty where something is missing
    /// from the whole file.
    pub excerpt: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            severity,
            line,
            excerpt,
            message,
            remedy,
            ..
        } = self;
        write!(f, "line {line}: {severity} {code}: {message}")?;
        if !excerpt.is_empty() {
            write!(f, " — «{excerpt}»")?;
        }
        write!(f, " — {remedy}")
    }
}

/// Faults as they are found, and the text that they are found in.
pub(super) struct Faults<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    found: Vec<Fault>,
}

impl<'t> Faults<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(place, _)| place + 1);
        Self {
            text,
            line_starts: std::iter::once(0).chain(after_breaks).collect(),
            found: Vec::new(),
        }
    }

    /// Reports an error about the text at `span`.
    pub(super) fn error(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let excerpt = one_line(self.source(span), EXCERPT);
        self.push(
            (code, Severity::Error),
            span,
            excerpt,
            message.into(),
            remedy.into(),
        );
    }

    /// Reports a warning about the text at `span`, with the words in question as `excerpt`.
    pub(super) fn warning(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        excerpt: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let excerpt = one_line(excerpt, EXCERPT);
        self.push(
            (code, Severity::Warning),
            span,
            excerpt,
            message.into(),
            remedy.into(),
        );
    }

    /// Reports an error at a place in a line, and shows that line.
    pub(super) fn error_in_line(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        message: impl Into<String>,
        remedy: impl FnOnce(&str) -> String,
    ) {
        let excerpt = self.line_around(span.start);
        let remedy = remedy(&excerpt);
        self.push(
            (code, Severity::Error),
            span,
            excerpt,
            message.into(),
            remedy,
        );
    }

    fn push(
        &mut self,
        (code, severity): (&'static str, Severity),
        span: &Range<usize>,
        excerpt: String,
        message: String,
        remedy: String,
    ) {
        let (line, column) = self.place(span.start);
        self.found.push(Fault {
            code,
            severity,
            line,
            column,
            excerpt,
            message,
            remedy,
        });
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&Fault) -> bool) {
        self.found.retain(keep);
    }

    /// In the order of the file; at the same place, in the order in which they were found.
    pub(super) fn into_sorted(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        self.found
    }

    /// Line and column, both counted from 1.
    pub(super) fn place(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        (line, self.text[start..offset].chars().count() + 1)
    }

    pub(super) fn source(&self, span: &Range<usize>) -> &'t str {
        &self.text[self.within(span)]
    }

    /// The part of `span` that the text has, on character boundaries.
    fn within(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(span.start);
        start..self.text.ceil_char_boundary(span.end).max(start)
    }

    /// The line at `offset`; of a very long one, what stands around `offset`.
    fn line_around(&self, offset: usize) -> String {
        let offset = self.text.floor_char_boundary(offset);
        let start = self.text[..offset].rfind('\n').map_or(0, |place| place + 1);
        let end = self.text[offset..]
            .find('\n')
            .map_or(self.text.len(), |length| offset + length);
        let line = &self.text[start..end];
        if line.chars().count() <= EXCERPT {
            one_line(line, EXCERPT)
        } else {
            let near = self.text.floor_char_boundary(offset.saturating_sub(30));
            one_line(&self.text[near.max(start)..end], EXCERPT)
        }
    }
}
