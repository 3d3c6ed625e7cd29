//! Paper on its way into the ledger: a batch of sheets is counted, keyed by one person, keyed again by
//! another, decided on by a third where the two differ, and then counted into the wave.
//!
//! [`BatchState`] has the states and every transition; `docs/keying.md` draws them from [`ARROWS`].
//! A sheet has a number in its batch and nothing else: no name, no code, no envelope.

mod arrows;
mod batch;
mod claim;
mod counting;
mod differences;
mod entry;
mod error;
mod judge;
mod papers;
mod passes;
mod pile;
mod plan;
mod quality;
mod resolving;
mod sheet;
mod typed;

pub use self::{
    arrows::{ARROWS, Arrow, Deed, StateName, diagram},
    batch::{Batch, BatchState, Counted, Reconciled},
    claim::{CLAIM_LASTS, Claim},
    counting::{Counting, Found},
    differences::{Difference, Place, differences},
    entry::{ClientId, Entries, Entry, LONGEST_SECONDS, NewEntry, Pass},
    error::KeyingError,
    judge::{Judged, NotCounted, SheetsCounted, judge},
    papers::{Conservation, Papers, Settled},
    passes::{FirstKeying, SecondKeying},
    pile::{Pile, PileCount},
    plan::{KeyingPlan, PlanError, Sample, SampledPlan, Verdict, chosen_sheets},
    quality::{Checked, Keyed, Quality, Sampled},
    resolving::Resolving,
    sheet::{ContentError, FieldKind, MULTIPLE, SheetContent, SheetForm, UNCLEAR},
    typed::{TypedFault, symbol_of, typed_places, typed_sheet},
};

/// Envelopes of a batch, unless somebody says otherwise.
pub const USUAL_BATCH: u32 = 25;
/// More paper than this nobody holds in one pile.
pub const LARGEST_BATCH: u32 = 200;
