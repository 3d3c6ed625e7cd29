//! What was keyed from one sheet of paper, mark for mark, before anything is judged.
//!
//! The text of a sheet has one character for each place, in the layout of the ledger (see
//! [`crate::domain::layout`]), and three more than the ledger knows: `?` for a mark that nobody can
//! read, `*` for more than one mark where one is asked for, and a ballot may have more marks than it
//! allows. A sheet as a whole can be `=blank`, `=spoilt` or `=unreadable`.

use std::fmt;

use crate::domain::{
    item::{Item, ItemKind},
    layout::{BLANK, option_of},
    survey::Survey,
};

/// Cannot be read: a cross between two boxes, a smear.
pub const UNCLEAR: u8 = b'?';
/// More than one point of a scale is marked.
pub const MULTIPLE: u8 = b'*';
const UNMARKED: u8 = b'0';
const MARKED: u8 = b'1';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One of so many points or options.
    OneOf(usize),
    /// A project's box.
    Box,
}

impl FieldKind {
    /// Whether a place of this kind can have this symbol.
    pub fn takes(self, symbol: u8) -> bool {
        match self {
            Self::OneOf(options) => match symbol {
                BLANK | UNCLEAR | MULTIPLE => true,
                symbol => option_of(symbol).is_some_and(|option| option < options),
            },
            Self::Box => matches!(symbol, UNMARKED | MARKED | UNCLEAR),
        }
    }

    /// The symbol of a place in which nothing is marked.
    pub fn empty(self) -> u8 {
        match self {
            Self::OneOf(_) => BLANK,
            Self::Box => UNMARKED,
        }
    }
}

/// The places of a sheet, in the order of the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetForm {
    fields: Vec<FieldKind>,
}

/// Ordered so that contents can be counted and compared as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetContent {
    /// At least one place is not empty.
    Marked(String),
    Blank,
    /// Torn, written over, or clearly not meant to count.
    Spoilt,
    /// Soiled or wet: nobody can tell what it says.
    Unreadable,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    #[error("a sheet of this survey has {expected} places, and {found} were sent")]
    Length { expected: usize, found: usize },
    #[error("place {place} cannot have the mark that was sent")]
    Symbol { place: usize },
}

impl SheetForm {
    pub fn of(survey: &Survey) -> Self {
        Self {
            fields: survey.items.iter().flat_map(fields_of).collect(),
        }
    }

    pub fn fields(&self) -> &[FieldKind] {
        &self.fields
    }

    /// Places from 1 in errors.
    pub fn read(&self, text: &str) -> Result<SheetContent, ContentError> {
        match text {
            "=blank" => return Ok(SheetContent::Blank),
            "=spoilt" => return Ok(SheetContent::Spoilt),
            "=unreadable" => return Ok(SheetContent::Unreadable),
            _ => {}
        }
        let found = text.chars().count();
        if found != self.fields.len() || !text.is_ascii() {
            return Err(ContentError::Length {
                expected: self.fields.len(),
                found,
            });
        }
        let wrong = self
            .fields
            .iter()
            .zip(text.bytes())
            .position(|(field, symbol)| !field.takes(symbol));
        match wrong {
            Some(place) => Err(ContentError::Symbol { place: place + 1 }),
            None if text == self.empty() => Ok(SheetContent::Blank),
            None => Ok(SheetContent::Marked(text.to_owned())),
        }
    }

    /// The text of a sheet with nothing on it.
    pub fn empty(&self) -> String {
        self.fields
            .iter()
            .map(|field| char::from(field.empty()))
            .collect()
    }
}

fn fields_of(item: &Item) -> Vec<FieldKind> {
    match &item.kind {
        ItemKind::Likert(_) | ItemKind::Choice(_) => {
            vec![FieldKind::OneOf(item.option_keys().len())]
        }
        ItemKind::Ballot(form) => vec![FieldKind::Box; form.projects.len()],
    }
}

impl SheetContent {
    /// The symbols of its places; none for a sheet that is spoilt or unreadable.
    pub fn symbols(&self, form: &SheetForm) -> Option<String> {
        match self {
            Self::Marked(text) => Some(text.clone()),
            Self::Blank => Some(form.empty()),
            Self::Spoilt | Self::Unreadable => None,
        }
    }
}

/// As the database and the browser have it.
impl fmt::Display for SheetContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Marked(text) => text,
            Self::Blank => "=blank",
            Self::Spoilt => "=spoilt",
            Self::Unreadable => "=unreadable",
        })
    }
}
