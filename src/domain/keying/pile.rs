//! How many sheets a pile has: counted by hand, and again by somebody else where two numbers differ.

use super::{LARGEST_BATCH, error::KeyingError};
use crate::domain::{id::UserId, two_person::Reason};

/// Room for what should not be there: two papers in one envelope.
const MOST_SHEETS: u32 = 2 * LARGEST_BATCH;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PileCount {
    pub sheets: u32,
    pub by: UserId,
    /// None for the first count, which needs none.
    pub reason: Option<Reason>,
}

/// Every count of a pile, in order. The last one holds, once it is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pile {
    first: PileCount,
    again: Vec<PileCount>,
}

impl Pile {
    pub fn counted(sheets: u32, by: UserId) -> Result<Self, KeyingError> {
        check(sheets)?;
        Ok(Self {
            first: PileCount {
                sheets,
                by,
                reason: None,
            },
            again: Vec::new(),
        })
    }

    /// As the database has them.
    pub fn from_counts(counts: Vec<PileCount>) -> Option<Self> {
        let mut counts = counts.into_iter();
        Some(Self {
            first: counts.next()?,
            again: counts.collect(),
        })
    }

    pub fn counts(&self) -> impl Iterator<Item = &PileCount> {
        std::iter::once(&self.first).chain(&self.again)
    }

    fn last(&self) -> &PileCount {
        self.again.last().unwrap_or(&self.first)
    }

    /// Sheets by the last count.
    pub fn sheets(&self) -> u32 {
        self.last().sheets
    }

    /// Counts again. True when the new number is that of the last count: two people agree.
    pub(super) fn count_again(
        &mut self,
        sheets: u32,
        by: UserId,
        reason: Reason,
    ) -> Result<bool, KeyingError> {
        check(sheets)?;
        if self.last().by == by {
            return Err(KeyingError::SameCounter);
        }
        let agrees = self.last().sheets == sheets;
        self.again.push(PileCount {
            sheets,
            by,
            reason: Some(reason),
        });
        Ok(agrees)
    }
}

fn check(sheets: u32) -> Result<(), KeyingError> {
    if sheets > MOST_SHEETS {
        Err(KeyingError::TooManySheets(MOST_SHEETS))
    } else {
        Ok(())
    }
}
