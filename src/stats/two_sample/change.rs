//! Which test a report uses for a change between two waves.

use super::{
    BrunnerMunzel, ExactP, MannWhitney, TwoGroups, brunner_munzel, exact_permutation, mann_whitney,
};
use crate::stats::confidence::Confidence;

/// The result of the test that suits the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OrdinalChange {
    BrunnerMunzel(BrunnerMunzel),
    /// For small groups, and for groups that do not overlap.
    Exact(ExactP),
    /// For groups that do not overlap and are too large to count all divisions.
    MannWhitney(MannWhitney),
}

/// In a smaller group Student's t is no good approximation of Brunner and Munzel's statistic
/// (K. Neubert and E. Brunner (2007), Computational Statistics & Data Analysis 51, 5192–5204).
const LEAST_FOR_BRUNNER_MUNZEL: u64 = 10;

/// Up to so many answers in both groups together the exact test is preferred.
const SMALL: u64 = 20;

/// Brunner and Munzel's test; the exact permutation test when there are at most 20 answers, fewer
/// than 10 in a group, or no overlap; Mann and Whitney's approximation when that is too much work.
pub fn ordinal_change(groups: &TwoGroups, confidence: Confidence) -> OrdinalChange {
    let (first, second) = groups.sizes();
    let is_small = first + second <= SMALL || first.min(second) < LEAST_FOR_BRUNNER_MUNZEL;
    if is_small && let Ok(exact) = exact_permutation(groups) {
        return OrdinalChange::Exact(exact);
    }
    if let Ok(found) = brunner_munzel(groups, confidence) {
        return OrdinalChange::BrunnerMunzel(found);
    }
    exact_permutation(groups).map_or_else(
        |_| OrdinalChange::MannWhitney(mann_whitney(groups)),
        OrdinalChange::Exact,
    )
}

impl OrdinalChange {
    /// Two-sided.
    pub fn p(&self) -> f64 {
        match self {
            Self::BrunnerMunzel(found) => found.p,
            Self::Exact(found) => found.two_sided,
            Self::MannWhitney(found) => found.p_corrected,
        }
    }
}
