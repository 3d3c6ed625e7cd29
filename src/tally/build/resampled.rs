//! Ranges of agreement, from resampling people. They cost more than all other figures of a report
//! together and depend on the counts alone, so whoever builds reports may remember them.

use std::fmt;

use super::range::CONFIDENCE;
use crate::{
    stats::{
        float::at_twelve_places,
        resample::{Plan, Replications, agreement_interval, go_on},
    },
    tally::report::AgreementRange,
};

/// The same in every report, so that anybody finds the same ranges again.
pub const SEED: u64 = 20_120_101;

pub trait AgreementRanges: fmt::Debug + Sync {
    /// Range of van der Eijk's A of these counts, one a scale point.
    fn of(&self, counts: &[u64], replications: Replications) -> Option<AgreementRange>;
}

/// Works every range out anew.
#[derive(Debug, Clone, Copy)]
pub struct Resampled;

impl AgreementRanges for Resampled {
    fn of(&self, counts: &[u64], replications: Replications) -> Option<AgreementRange> {
        let plan = Plan {
            replications,
            seed: SEED,
        };
        let summary = agreement_interval(counts, plan, CONFIDENCE, &go_on).ok()?;
        Some(AgreementRange {
            low: at_twelve_places(summary.interval.low),
            high: at_twelve_places(summary.interval.high),
            replicates: replications.number().into(),
            seed: SEED,
        })
    }
}

/// Leaves them out.
#[derive(Debug, Clone, Copy)]
pub struct NoRanges;

impl AgreementRanges for NoRanges {
    fn of(&self, _: &[u64], _: Replications) -> Option<AgreementRange> {
        None
    }
}
