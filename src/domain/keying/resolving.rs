//! A third person looks at the paper wherever the two keyings differ.

use super::{
    arrows::StateName,
    batch::{BatchState, Reconciled},
    claim::{self, Claim},
    differences::{Place, differences},
    entry::{NewEntry, Pass},
    error::KeyingError,
    papers::Papers,
    passes::{SecondKeying, put},
    plan::Verdict,
    sheet::SheetContent,
};
use crate::domain::{id::UserId, moment::Moment};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolving {
    pub papers: Papers,
    pub claim: Option<Claim>,
}

impl Resolving {
    pub(super) fn claim(self, who: UserId, now: Moment) -> Result<Self, KeyingError> {
        let keyed = |pass| self.papers.has_keyed(pass, who);
        if keyed(Pass::First) || keyed(Pass::Second) {
            return Err(KeyingError::NotAThirdPerson);
        }
        let claim = claim::take(self.claim, who, now)?;
        Ok(Self { claim, ..self })
    }

    fn decide(mut self, who: UserId, new: &NewEntry, now: Moment) -> Result<Self, KeyingError> {
        self.claim = claim::renew(self.claim, who, now)?;
        if !self.papers.differs(new.sheet) {
            return Err(KeyingError::NothingToDecide(new.sheet));
        }
        self.keep_what_agrees(new)?;
        put(&mut self.papers, Pass::Decision, who, new)?;
        Ok(self)
    }

    /// Where both keyings can be compared field by field, only fields that differ are decided; the
    /// sheet as a whole may still turn out to be spoilt or unreadable.
    fn keep_what_agrees(&self, new: &NewEntry) -> Result<(), KeyingError> {
        let form = &self.papers.form;
        let content = |pass| {
            self.papers
                .entry(pass, new.sheet)
                .map(|entry| &entry.content)
        };
        let (Some(first), Some(second)) = (content(Pass::First), content(Pass::Second)) else {
            return Ok(());
        };
        if matches!(new.content, SheetContent::Spoilt | SheetContent::Unreadable) {
            return Ok(());
        }
        let open: Vec<Place> = differences(form, first, second)
            .into_iter()
            .map(|difference| difference.place)
            .collect();
        if open.contains(&Place::Sheet) {
            return Ok(());
        }
        let touched = differences(form, first, &new.content)
            .into_iter()
            .find_map(|difference| match difference.place {
                Place::Field(place) if !open.contains(&difference.place) => Some(place),
                _ => None,
            });
        match touched {
            Some(place) => Err(KeyingError::Agreed {
                sheet: new.sheet,
                place: place + 1,
            }),
            None => Ok(()),
        }
    }

    fn finish(self, who: UserId, now: Moment) -> Result<BatchState, KeyingError> {
        claim::renew(self.claim, who, now)?;
        match self.papers.undecided().len() {
            0 => Ok(after_second(self.papers)),
            left => Err(KeyingError::Undecided(
                u32::try_from(left).unwrap_or(u32::MAX),
            )),
        }
    }
}

/// Where a batch goes whose second keying is done and has nothing left to decide: it is accepted, or
/// its sample had too many errors and the other sheets are keyed again as well.
pub(super) fn after_second(mut papers: Papers) -> BatchState {
    let errors = papers.errors_of_first();
    if let Some(sample) = &mut papers.sample
        && sample.verdict == Verdict::Pending
    {
        if errors > sample.plan.accepted() {
            sample.verdict = Verdict::Rejected { errors };
            return BatchState::SecondKeying(SecondKeying {
                papers,
                claim: None,
            });
        }
        sample.verdict = Verdict::Accepted { errors };
    }
    BatchState::Reconciled(Reconciled { papers })
}

impl BatchState {
    /// Decides what a sheet says on which the keyings differ.
    pub fn decide(self, who: UserId, new: &NewEntry, now: Moment) -> Result<Self, KeyingError> {
        match self {
            Self::Resolving(state) => state.decide(who, new, now).map(Self::Resolving),
            other => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }

    pub fn finish_resolving(self, who: UserId, now: Moment) -> Result<Self, KeyingError> {
        match self {
            Self::Resolving(state) => state.finish(who, now),
            other => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }
}
