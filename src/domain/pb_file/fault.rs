//! Faults of a `.pb` file with their places: many at once, but never without end.

use std::{collections::BTreeMap, fmt, ops::Range};

use super::code::{Code, Severity};

/// Most errors, and most warnings, that are listed one by one; the rest are counted.
pub const MOST_LISTED: usize = 50;

/// Longest excerpt, in characters.
const EXCERPT: usize = 60;

/// One fault of one file. The caller knows the name of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: Code,
    /// Counted from 1; a quoted cell may run over several lines.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// The words in question on one line; empty where something is missing.
    pub excerpt: String,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// How to mend it.
    pub fn remedy(&self) -> &'static str {
        self.code.remedy()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            line,
            column,
            excerpt,
            message,
        } = self;
        let severity = code.severity();
        write!(
            f,
            "line {line}, column {column}: {severity} {code}: {message}"
        )?;
        if !excerpt.is_empty() {
            write!(f, " — «{excerpt}»")?;
        }
        write!(f, " — {}", code.remedy())
    }
}

/// All that was found: the first of each severity one by one, and how many there are of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    listed: Vec<Fault>,
    counts: BTreeMap<Code, u64>,
}

impl Findings {
    /// Up to [`MOST_LISTED`] errors and as many warnings, in the order of the file.
    pub fn listed(&self) -> &[Fault] {
        &self.listed
    }

    /// How often each kind was found, listed or not.
    pub fn counts(&self) -> impl Iterator<Item = (Code, u64)> {
        self.counts.iter().map(|(code, count)| (*code, *count))
    }

    pub fn count(&self, code: Code) -> u64 {
        self.counts.get(&code).copied().unwrap_or(0)
    }

    pub fn total(&self, severity: Severity) -> u64 {
        self.counts()
            .filter(|(code, _)| code.severity() == severity)
            .map(|(_, count)| count)
            .sum()
    }

    pub fn has_errors(&self) -> bool {
        self.total(Severity::Error) > 0
    }

    /// How many faults of a severity are not listed one by one.
    pub fn unlisted(&self, severity: Severity) -> u64 {
        let listed = self
            .listed
            .iter()
            .filter(|fault| fault.severity() == severity)
            .count();
        self.total(severity)
            .saturating_sub(u64::try_from(listed).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.listed {
            writeln!(f, "{fault}")?;
        }
        for severity in [Severity::Error, Severity::Warning] {
            let rest = self.unlisted(severity);
            if rest > 0 {
                writeln!(f, "… and {rest} more of severity {severity}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}

struct Pending {
    code: Code,
    start: usize,
    excerpt: String,
    message: String,
}

/// Faults as they are found, and the text that they are found in. Their lines are counted at the
/// end, once for all.
pub(super) struct Faults<'t> {
    text: &'t str,
    pending: Vec<Pending>,
    counts: BTreeMap<Code, u64>,
    errors_found: u64,
    errors_listed: usize,
    warnings_listed: usize,
}

/// A state to go back to.
pub(super) struct Mark {
    pending: usize,
    counts: BTreeMap<Code, u64>,
    errors_found: u64,
    errors_listed: usize,
    warnings_listed: usize,
}

impl<'t> Faults<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            pending: Vec::new(),
            counts: BTreeMap::new(),
            errors_found: 0,
            errors_listed: 0,
            warnings_listed: 0,
        }
    }

    /// Reports a fault about the text at `span`. The message is made only where it is listed.
    pub(super) fn add(
        &mut self,
        code: Code,
        span: Range<usize>,
        message: impl FnOnce(&str) -> String,
    ) {
        *self.counts.entry(code).or_insert(0) += 1;
        let listed = match code.severity() {
            Severity::Error => {
                self.errors_found += 1;
                &mut self.errors_listed
            }
            Severity::Warning => &mut self.warnings_listed,
        };
        if *listed == MOST_LISTED {
            return;
        }
        *listed += 1;
        let excerpt = one_line(self.text.get(span.clone()).unwrap_or_default());
        self.pending.push(Pending {
            code,
            start: span.start,
            message: message(&excerpt),
            excerpt,
        });
    }

    /// Reports something that is missing at `place`.
    pub(super) fn missing(&mut self, code: Code, place: usize, message: impl FnOnce() -> String) {
        self.add(code, place..place, |_| message());
    }

    /// How many errors were found so far.
    pub(super) fn errors(&self) -> u64 {
        self.errors_found
    }

    pub(super) fn has(&self, code: Code) -> bool {
        self.counts.contains_key(&code)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            pending: self.pending.len(),
            counts: self.counts.clone(),
            errors_found: self.errors_found,
            errors_listed: self.errors_listed,
            warnings_listed: self.warnings_listed,
        }
    }

    /// Forgets what was found since the mark was made.
    pub(super) fn back_to(&mut self, mark: &Mark) {
        self.pending.truncate(mark.pending);
        self.counts.clone_from(&mark.counts);
        self.errors_found = mark.errors_found;
        self.errors_listed = mark.errors_listed;
        self.warnings_listed = mark.warnings_listed;
    }

    /// In the order of the file; at the same place, in the order in which they were found.
    pub(super) fn into_findings(mut self) -> Findings {
        self.pending.sort_by_key(|fault| fault.start);
        let mut place = Place::default();
        let listed = self.pending.into_iter().map(|fault| {
            place.advance(self.text, fault.start);
            Fault {
                code: fault.code,
                line: place.line + 1,
                column: self.text[place.line_start..place.at].chars().count() + 1,
                excerpt: fault.excerpt,
                message: fault.message,
            }
        });
        Findings {
            listed: listed.collect(),
            counts: self.counts,
        }
    }
}

/// A single fault of a file that cannot be taken for text.
pub(super) fn alone(
    code: Code,
    (line, column): (usize, usize),
    excerpt: &str,
    message: String,
) -> Findings {
    Findings {
        listed: vec![Fault {
            code,
            line,
            column,
            excerpt: one_line(excerpt),
            message,
        }],
        counts: BTreeMap::from([(code, 1)]),
    }
}

#[derive(Default)]
struct Place {
    at: usize,
    line: usize,
    line_start: usize,
}

impl Place {
    fn advance(&mut self, text: &str, to: usize) {
        let to = text.floor_char_boundary(to);
        for end in memchr::memchr_iter(b'\n', &text.as_bytes()[self.at..to]) {
            self.line += 1;
            self.line_start = self.at + end + 1;
        }
        self.at = to;
    }
}

/// `text` on one line, cut short, with nothing in it that a terminal would obey.
fn one_line(text: &str) -> String {
    let mut line: String = text
        .trim()
        .chars()
        .take(EXCERPT)
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            control if control.is_control() => char::REPLACEMENT_CHARACTER,
            other => other,
        })
        .collect();
    if text.trim().chars().nth(EXCERPT).is_some() {
        line.push('…');
    }
    line
}
