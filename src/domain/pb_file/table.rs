//! The rows of a section as they were written: nothing is lost, and nothing is stored twice.

use std::fmt;

/// A table of text cells, kept in one piece of text however many rows there are.
///
/// Every row has as many cells as there are columns.
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<String>,
    text: String,
    /// Where each cell ends in `text`, row by row.
    ends: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("a table needs at least one column")]
    NoColumns,
    #[error("the column “{0}” is there twice")]
    DuplicateColumn(String),
    #[error("the name of the column “{0}” begins or ends with a space")]
    SpacesAroundColumn(String),
    #[error("a row of {found} cells does not fit a table of {columns} columns")]
    WrongNumberOfCells { found: usize, columns: usize },
}

impl Table {
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Result<Self, TableError> {
        let columns: Vec<String> = columns.into_iter().map(Into::into).collect();
        if columns.is_empty() {
            return Err(TableError::NoColumns);
        }
        for (place, column) in columns.iter().enumerate() {
            if column.trim() != column {
                return Err(TableError::SpacesAroundColumn(column.clone()));
            }
            if columns[..place].contains(column) {
                return Err(TableError::DuplicateColumn(column.clone()));
            }
        }
        Ok(Self {
            columns,
            text: String::new(),
            ends: Vec::new(),
        })
    }

    /// A table without rows. The columns were checked when they were read.
    pub(super) fn of(columns: &[String]) -> Self {
        Self {
            columns: columns.to_vec(),
            text: String::new(),
            ends: Vec::new(),
        }
    }

    pub fn push<S: AsRef<str>>(
        &mut self,
        cells: impl IntoIterator<Item = S>,
    ) -> Result<(), TableError> {
        let (text_before, cells_before) = (self.text.len(), self.ends.len());
        for cell in cells {
            self.text.push_str(cell.as_ref());
            self.ends.push(self.text.len());
        }
        let found = self.ends.len() - cells_before;
        let columns = self.columns.len();
        if found == columns {
            Ok(())
        } else {
            self.text.truncate(text_before);
            self.ends.truncate(cells_before);
            Err(TableError::WrongNumberOfCells { found, columns })
        }
    }

    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len() / self.columns.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        if column >= self.columns.len() {
            return None;
        }
        let place = row.checked_mul(self.columns.len())?.checked_add(column)?;
        let end = *self.ends.get(place)?;
        let start = match place {
            0 => 0,
            place => self.ends[place - 1],
        };
        Some(&self.text[start..end])
    }

    /// The cell of a named column; none where it is empty or says `none`.
    pub fn value(&self, row: usize, column: &str) -> Option<&str> {
        present(self.cell(row, self.column(column)?)?)
    }

    /// The cells of a row, from left to right.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        (0..self.columns.len()).filter_map(move |column| self.cell(row, column))
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = (0..self.len()).map(|row| self.row(row).collect::<Vec<_>>());
        f.debug_list().entry(&self.columns).entries(rows).finish()
    }
}

/// What a cell says, without spaces around it; the format writes `none`, or nothing, where a value
/// is missing.
pub(super) fn present(cell: &str) -> Option<&str> {
    let value = cell.trim();
    (!value.is_empty() && !value.eq_ignore_ascii_case("none")).then_some(value)
}

/// The items of a list cell.
pub(super) fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}
