//! Reading a CSV file that a person made: with a byte order mark or without, with commas or
//! semicolons, and with the number of each line for the report of its faults.

use sha2::{Digest, Sha256};

use crate::domain::{hex::hex, text::one_line};

/// What is said about a row, in characters: a cell can be as long as its file.
pub(super) const LONGEST: usize = 300;

#[derive(Debug)]
pub struct CsvFile {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// SHA-256 of the columns and rows: what tells a second import of them.
    pub sha256: String,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub line: u64,
    cells: Vec<String>,
}

/// A row that cannot be imported, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {code}: {}", one_line(.message, LONGEST))]
pub struct BadRow {
    pub line: u64,
    pub code: &'static str,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    #[error("the file is empty: its first line has to name the columns")]
    Empty,
    #[error("line {line}: {detail}")]
    Malformed { line: u64, detail: String },
    #[error("column “{}” is named twice", one_line(.0, LONGEST))]
    ColumnTwice(String),
    #[error("the file is not text in UTF-8: save it again as “CSV UTF-8”")]
    NotUtf8,
}

impl CsvFile {
    pub fn parse(bytes: &[u8]) -> Result<Self, CsvError> {
        let text = std::str::from_utf8(bytes).map_err(|_| CsvError::NotUtf8)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().next().unwrap_or_default();
        let semicolons = first.matches(';').count() > first.matches(',').count();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let malformed = |error: &csv::Error| CsvError::Malformed {
            line: error.position().map_or(1, csv::Position::line),
            detail: error.to_string(),
        };
        let columns: Vec<String> = reader
            .headers()
            .map_err(|e| malformed(&e))?
            .iter()
            .map(str::to_lowercase)
            .collect();
        if columns.iter().all(String::is_empty) {
            return Err(CsvError::Empty);
        }
        for (index, column) in columns.iter().enumerate() {
            if columns[..index].contains(column) {
                return Err(CsvError::ColumnTwice(column.clone()));
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| malformed(&e))?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().all(str::is_empty) {
                continue;
            }
            rows.push(Row {
                line,
                cells: record.iter().map(str::to_owned).collect(),
            });
        }
        let sha256 = content_hash(&columns, &rows);
        Ok(Self {
            columns,
            rows,
            sha256,
        })
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

/// The same for the same rows, whatever a spreadsheet does to the file when it saves it again: line
/// ends, a byte order mark, semicolons, quotes, another order of the rows.
fn content_hash(columns: &[String], rows: &[Row]) -> String {
    let mut lines: Vec<&[String]> = rows.iter().map(|row| row.cells.as_slice()).collect();
    lines.sort_unstable();
    let mut hash = Sha256::new();
    for line in std::iter::once(columns).chain(lines) {
        for cell in line {
            hash.update(cell.len().to_be_bytes());
            hash.update(cell);
        }
    }
    hex(&hash.finalize())
}

impl Row {
    /// Why the row cannot be read, where it has more or fewer cells than the first line.
    pub fn fault(&self, file: &CsvFile) -> Option<BadRow> {
        let (found, expected) = (self.cells.len(), file.columns.len());
        (found != expected).then(|| BadRow {
            line: self.line,
            code: "I-CELLS",
            message: format!(
                "there are {found} cells, and the first line names {expected} columns"
            ),
        })
    }

    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}
