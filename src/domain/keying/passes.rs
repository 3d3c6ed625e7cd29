//! The two keyings of a batch: by different people, the second of whom does not see the first.

use super::{
    arrows::StateName,
    batch::BatchState,
    claim::{self, Claim},
    counting::{Counting, Found},
    entry::{NewEntry, Pass},
    error::KeyingError,
    papers::Papers,
    pile::Pile,
    resolving::{Resolving, after_second},
};
use crate::domain::{id::UserId, moment::Moment};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstKeying {
    pub papers: Papers,
    pub claim: Option<Claim>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondKeying {
    pub papers: Papers,
    pub claim: Option<Claim>,
}

impl FirstKeying {
    fn claim(self, who: UserId, now: Moment) -> Result<Self, KeyingError> {
        let claim = claim::take(self.claim, who, now)?;
        Ok(Self { claim, ..self })
    }

    fn key(mut self, who: UserId, new: &NewEntry, now: Moment) -> Result<Self, KeyingError> {
        self.claim = claim::renew(self.claim, who, now)?;
        let next = self.papers.keyed_in(Pass::First) + 1;
        if new.sheet == 0 || new.sheet > next {
            return Err(KeyingError::OutOfOrder {
                sheet: new.sheet,
                next,
            });
        }
        // A sheet more than were counted is keyed, and then the pile is counted again.
        Pile::counted(new.sheet, who)?;
        put(&mut self.papers, Pass::First, who, new)?;
        Ok(self)
    }

    /// The keyer has come to the end of the pile.
    fn finish(self, who: UserId, now: Moment) -> Result<BatchState, KeyingError> {
        claim::renew(self.claim, who, now)?;
        let found = self.papers.keyed_in(Pass::First);
        if found == self.papers.sheets() {
            Ok(BatchState::SecondKeying(SecondKeying {
                papers: self.papers,
                claim: None,
            }))
        } else {
            Ok(doubt(self.papers, found, Pass::First, who))
        }
    }
}

impl SecondKeying {
    fn claim(self, who: UserId, now: Moment) -> Result<Self, KeyingError> {
        if self.papers.has_keyed(Pass::First, who) {
            return Err(KeyingError::KeyedByYou);
        }
        let claim = claim::take(self.claim, who, now)?;
        Ok(Self { claim, ..self })
    }

    fn key(mut self, who: UserId, new: &NewEntry, now: Moment) -> Result<Self, KeyingError> {
        self.claim = claim::renew(self.claim, who, now)?;
        // A sheet of the sample that was decided on is done with: a decision holds for the two keyings
        // that it was made from.
        let is_decided = self.papers.entry(Pass::Decision, new.sheet).is_some();
        if is_decided || !self.papers.wanted().contains(&new.sheet) {
            return Err(KeyingError::NotWanted(new.sheet));
        }
        put(&mut self.papers, Pass::Second, who, new)?;
        Ok(self)
    }

    fn left(&self) -> Vec<u32> {
        self.papers
            .wanted()
            .into_iter()
            .filter(|sheet| self.papers.entry(Pass::Second, *sheet).is_none())
            .collect()
    }

    /// `found` is the number of sheets in the pile, as this keyer found it.
    fn finish(self, who: UserId, found: u32, now: Moment) -> Result<BatchState, KeyingError> {
        claim::renew(self.claim, who, now)?;
        if found != self.papers.sheets() {
            Pile::counted(found, who)?;
            return Ok(doubt(self.papers, found, Pass::Second, who));
        }
        match self.left().first() {
            Some(next) => Err(KeyingError::SheetsLeft {
                pass: Pass::Second,
                left: u32::try_from(self.left().len()).unwrap_or(u32::MAX),
                next: *next,
            }),
            None if self.papers.undecided().is_empty() => Ok(after_second(self.papers)),
            None => Ok(BatchState::Resolving(Resolving {
                papers: self.papers,
                claim: None,
            })),
        }
    }
}

fn doubt(papers: Papers, number: u32, pass: Pass, by: UserId) -> BatchState {
    BatchState::Counting(Counting {
        papers,
        expected: number,
        found: Some(Found { pass, by }),
    })
}

/// Keeps a new version of a sheet, unless the keyer has not seen the present one.
pub(super) fn put(
    papers: &mut Papers,
    pass: Pass,
    who: UserId,
    new: &NewEntry,
) -> Result<(), KeyingError> {
    let now = papers
        .entry(pass, new.sheet)
        .map_or(0, |entry| entry.revision);
    if now != new.seen {
        return Err(KeyingError::Stale {
            sheet: new.sheet,
            seen: new.seen,
            now,
        });
    }
    papers.entries.put(pass, new.sheet, new.by(who));
    Ok(())
}

impl BatchState {
    /// Takes the pile for the work that it waits for.
    pub fn claim(self, who: UserId, now: Moment) -> Result<Self, KeyingError> {
        match self {
            Self::FirstKeying(state) => state.claim(who, now).map(Self::FirstKeying),
            Self::SecondKeying(state) => state.claim(who, now).map(Self::SecondKeying),
            Self::Resolving(state) => state.claim(who, now).map(Self::Resolving),
            other => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }

    /// Puts the pile back; what was keyed stays.
    pub fn release(self, who: UserId) -> Result<Self, KeyingError> {
        match self {
            Self::FirstKeying(state) => Ok(Self::FirstKeying(FirstKeying {
                claim: claim::give_back(state.claim, who)?,
                ..state
            })),
            Self::SecondKeying(state) => Ok(Self::SecondKeying(SecondKeying {
                claim: claim::give_back(state.claim, who)?,
                ..state
            })),
            Self::Resolving(state) => Ok(Self::Resolving(Resolving {
                claim: claim::give_back(state.claim, who)?,
                ..state
            })),
            other => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }

    /// Keys one sheet, in the pass that the keyer has before them.
    pub fn key(
        self,
        who: UserId,
        pass: Pass,
        new: &NewEntry,
        now: Moment,
    ) -> Result<Self, KeyingError> {
        match (self, pass) {
            (Self::FirstKeying(state), Pass::First) => {
                state.key(who, new, now).map(Self::FirstKeying)
            }
            (Self::SecondKeying(state), Pass::Second) => {
                state.key(who, new, now).map(Self::SecondKeying)
            }
            (other, _) => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }

    /// Ends the first or the second keying. `found` is the number of sheets in the pile; of the first
    /// keying it is the number of sheets that were keyed.
    pub fn finish_pass(
        self,
        who: UserId,
        pass: Pass,
        found: u32,
        now: Moment,
    ) -> Result<Self, KeyingError> {
        match (self, pass) {
            (Self::FirstKeying(state), Pass::First) => state.finish(who, now),
            (Self::SecondKeying(state), Pass::Second) => state.finish(who, found, now),
            (other, _) => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }
}
