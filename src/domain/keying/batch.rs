//! A batch and the states that it goes through.

use super::{
    LARGEST_BATCH,
    arrows::StateName,
    claim::Claim,
    counting::{Counting, start_anew},
    entry::Entries,
    error::KeyingError,
    papers::{Papers, Settled},
    passes::{FirstKeying, SecondKeying},
    pile::Pile,
    plan::{KeyingPlan, Sample},
    resolving::Resolving,
    sheet::{SheetContent, SheetForm},
};
use crate::domain::id::{BatchId, UserId, WaveId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub id: BatchId,
    pub wave: WaveId,
    /// 1, 2, 3 … in its wave: what stands on its cover sheet.
    pub number: u32,
    pub envelopes: u32,
    pub state: BatchState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchState {
    /// The number of sheets is in doubt, and nothing is keyed until it is settled.
    Counting(Counting),
    FirstKeying(FirstKeying),
    SecondKeying(SecondKeying),
    /// The keyings differ, and a third person decides from the paper.
    Resolving(Resolving),
    /// Every sheet is done with, and the batch can be counted.
    Reconciled(Reconciled),
    /// In the ledger.
    Counted(Counted),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    pub papers: Papers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub papers: Papers,
    pub by: UserId,
}

impl BatchState {
    /// The envelopes of a batch are opened and its sheets counted.
    pub fn opened(
        form: SheetForm,
        plan: KeyingPlan,
        seed: String,
        envelopes: u32,
        sheets: u32,
        by: UserId,
    ) -> Result<Self, KeyingError> {
        if !(1..=LARGEST_BATCH).contains(&envelopes) {
            return Err(KeyingError::BatchSize(LARGEST_BATCH));
        }
        let papers = Papers {
            form,
            envelopes,
            pile: Pile::counted(sheets, by)?,
            sample: match plan {
                KeyingPlan::Double => None,
                KeyingPlan::Sampled(plan) => Some(Sample::new(plan, seed)),
            },
            round: 1,
            entries: Entries::default(),
        };
        Ok(if sheets == envelopes {
            Self::FirstKeying(FirstKeying {
                papers,
                claim: None,
            })
        } else {
            Self::Counting(Counting {
                papers,
                expected: envelopes,
                found: None,
            })
        })
    }

    pub fn papers(&self) -> &Papers {
        match self {
            Self::Counting(state) => &state.papers,
            Self::FirstKeying(state) => &state.papers,
            Self::SecondKeying(state) => &state.papers,
            Self::Resolving(state) => &state.papers,
            Self::Reconciled(state) => &state.papers,
            Self::Counted(state) => &state.papers,
        }
    }

    pub fn claimed(&self) -> Option<Claim> {
        match self {
            Self::FirstKeying(state) => state.claim,
            Self::SecondKeying(state) => state.claim,
            Self::Resolving(state) => state.claim,
            Self::Counting(_) | Self::Reconciled(_) | Self::Counted(_) => None,
        }
    }

    /// The wrong pile was keyed, or sheets were mixed up: everything is keyed anew, by whoever likes.
    pub fn restart(self) -> Result<Self, KeyingError> {
        match self {
            Self::FirstKeying(FirstKeying { papers, .. })
            | Self::SecondKeying(SecondKeying { papers, .. })
            | Self::Resolving(Resolving { papers, .. })
            | Self::Reconciled(Reconciled { papers }) => Ok(Self::FirstKeying(start_anew(papers))),
            other => Err(KeyingError::WrongState(StateName::of(&other))),
        }
    }

    /// Into the ledger, all of it. Every sheet is done with, and no more sheets have marks than
    /// envelopes came.
    pub fn count(self, by: UserId) -> Result<Counted, KeyingError> {
        let papers = match self {
            Self::Reconciled(Reconciled { papers }) => papers,
            other => return Err(KeyingError::WrongState(StateName::of(&other))),
        };
        let books = papers.conservation();
        if books.outstanding > 0 || !books.holds() {
            return Err(KeyingError::Undecided(books.outstanding));
        }
        if books.keyed > papers.envelopes {
            return Err(KeyingError::MoreThanEnvelopes {
                marked: books.keyed,
                envelopes: papers.envelopes,
            });
        }
        Ok(Counted { papers, by })
    }
}

impl Counted {
    /// What each sheet says, in the order of the pile.
    pub fn sheets(&self) -> impl Iterator<Item = SheetContent> {
        (1..=self.papers.sheets()).filter_map(|sheet| match self.papers.settled(sheet) {
            Settled::As(content) => Some(content),
            Settled::Outstanding => None,
        })
    }
}
