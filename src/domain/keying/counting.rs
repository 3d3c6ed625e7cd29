//! A pile whose number of sheets is in doubt: counted again until two people agree.

use super::{
    arrows::StateName,
    batch::BatchState,
    entry::{Entries, Pass},
    error::KeyingError,
    papers::Papers,
    passes::{FirstKeying, SecondKeying},
    plan::{Sample, Verdict},
};
use crate::domain::{id::UserId, two_person::Reason};

/// Nothing is keyed until the number is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    pub papers: Papers,
    /// The number with which the count does not agree: that of the envelopes, or of the sheets that
    /// somebody found while keying.
    pub expected: u32,
    /// Who found another number while keying, if somebody did.
    pub found: Option<Found>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub pass: Pass,
    pub by: UserId,
}

impl Counting {
    /// Settled as soon as the new count is the one before, or the number that was expected. Whoever
    /// found that number does not count it again: two people have to agree.
    pub fn count_pile(
        mut self,
        by: UserId,
        sheets: u32,
        reason: Reason,
    ) -> Result<BatchState, KeyingError> {
        if self.found.is_some_and(|found| found.by == by) {
            return Err(KeyingError::SameCounter);
        }
        let agrees = self.papers.pile.count_again(sheets, by, reason)?;
        if agrees || sheets == self.expected {
            Ok(self.go_on())
        } else {
            Ok(BatchState::Counting(self))
        }
    }

    /// Back to where the doubt arose, unless more sheets were keyed than there are, or sheets turn up
    /// in the second keying that the first has not seen: then all are keyed anew.
    fn go_on(self) -> BatchState {
        let (sheets, keyed) = (self.papers.sheets(), self.papers.keyed_in(Pass::First));
        match self.found.map(|found| found.pass) {
            Some(_) if keyed == sheets => BatchState::SecondKeying(SecondKeying {
                papers: self.papers,
                claim: None,
            }),
            Some(Pass::Second) => BatchState::FirstKeying(start_anew(self.papers)),
            Some(_) if keyed > sheets => BatchState::FirstKeying(start_anew(self.papers)),
            _ => BatchState::FirstKeying(FirstKeying {
                papers: self.papers,
                claim: None,
            }),
        }
    }
}

/// A new round: what was keyed before is kept in the database and holds no more.
pub(super) fn start_anew(papers: Papers) -> FirstKeying {
    let sample = papers.sample.map(|sample| Sample {
        verdict: Verdict::Pending,
        ..sample
    });
    FirstKeying {
        papers: Papers {
            round: papers.round + 1,
            entries: Entries::default(),
            sample,
            ..papers
        },
        claim: None,
    }
}

impl BatchState {
    pub fn count_pile(self, by: UserId, sheets: u32, reason: Reason) -> Result<Self, KeyingError> {
        match self {
            Self::Counting(counting) => counting.count_pile(by, sheets, reason),
            other => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }
}
