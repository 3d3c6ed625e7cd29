//! Where two keyings of one sheet differ.

use std::fmt;

use super::sheet::{SheetContent, SheetForm};

/// A place on a sheet, in the vocabulary of pages, differences and statistics alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The sheet as a whole: whether it can be read and counts.
    Sheet,
    /// From 0, in the layout of the survey.
    Field(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sheet => f.write_str("the sheet"),
            Self::Field(place) => write!(f, "place {}", place + 1),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub place: Place,
    pub first: String,
    pub second: String,
}

/// Every place at which the two differ. A blank sheet is compared place by place with one that has
/// marks; a spoilt or an unreadable one differs from any other kind as a whole.
pub fn differences(
    form: &SheetForm,
    first: &SheetContent,
    second: &SheetContent,
) -> Vec<Difference> {
    if first == second {
        return Vec::new();
    }
    match (first.symbols(form), second.symbols(form)) {
        (Some(one), Some(two)) => one
            .chars()
            .zip(two.chars())
            .enumerate()
            .filter(|(_, (one, two))| one != two)
            .map(|(place, (one, two))| Difference {
                place: Place::Field(place),
                first: one.to_string(),
                second: two.to_string(),
            })
            .collect(),
        _ => vec![Difference {
            place: Place::Sheet,
            first: first.to_string(),
            second: second.to_string(),
        }],
    }
}
