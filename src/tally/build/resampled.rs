//! Ranges of agreement, from resampling people. They cost more than all other figures of a report
//! together and depend on the counts alone, so whoever builds reports may remember them.

use std::fmt;

use super::range::CONFIDENCE;
use crate::stats::resample::{self, Replicates, Seed};
use crate::tally::report::AgreementRange;

pub trait AgreementRanges: fmt::Debug + Sync {
    /// Range of van der Eijk's A of these counts, one a scale point.
    fn of(&self, counts: &[u64]) -> Option<AgreementRange>;
}

/// Works every range out anew.
#[derive(Debug, Clone, Copy)]
pub struct Resampled {
    pub replicates: Replicates,
    pub seed: Seed,
}

impl AgreementRanges for Resampled {
    fn of(&self, counts: &[u64]) -> Option<AgreementRange> {
        todo
    }
}

/// Leaves them out.
#[derive(Debug, Clone, Copy)]
pub struct NoRanges;

impl AgreementRanges for NoRanges {
    fn of(&self, _: &[u64]) -> Option<AgreementRange> {
        None
    }
}
