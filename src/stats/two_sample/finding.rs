//! What a test says in one word.

use super::{TwoGroups, mann_whitney};
use crate::stats::float::of_count;

/// A difference is called clear when its p, adjusted for all tests of its family, lies below this.
pub const CLEAR_BELOW: f64 = 0.05;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The first group agrees more.
    Higher,
    /// The first group agrees less.
    Lower,
    NoClearDifference,
}

impl Finding {
    /// `superiority` is the chance that one of the first group agrees more than one of the second,
    /// ties counted half.
    pub fn of(p_adjusted: f64, superiority: f64) -> Self {
        if p_adjusted >= CLEAR_BELOW {
            Self::NoClearDifference
        } else if superiority > 0.5 {
            Self::Higher
        } else {
            Self::Lower
        }
    }
}

/// P(one of the first group agrees more than one of the second) + ½ P(both agree the same), as a
/// share of all pairs: U / (n₁ n₂).
pub fn superiority(groups: &TwoGroups) -> f64 {
    let (first, second) = groups.sizes();
    (mann_whitney(groups).u_first / of_count(first) / of_count(second)).min(1.0)
}
