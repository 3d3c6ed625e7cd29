//! Two groups of different people who answered on the same ordered scale.

mod brunner_munzel;
mod change;
mod exact;
mod finding;
mod mann_whitney;

pub use brunner_munzel::{BrunnerMunzel, BrunnerMunzelError, brunner_munzel};
pub use change::{OrdinalChange, ordinal_change};
pub use exact::{ExactError, ExactP, exact_permutation};
pub use finding::{CLEAR_BELOW, Finding, superiority};
pub use mann_whitney::{MannWhitney, mann_whitney};

use super::float::of_count;

/// Counts of two groups, with one entry a scale point and the most agreeing point first, which
/// ranks highest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoGroups {
    first: Vec<u64>,
    second: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TwoGroupsError {
    #[error("two groups answer on one scale, and these have {first} and {second} points")]
    DifferentScales { first: usize, second: usize },
    #[error("a group without answers cannot be compared")]
    NoAnswers,
    #[error("more than {} answers cannot be compared", TwoGroups::MOST_ANSWERS)]
    TooManyAnswers,
}

impl TwoGroups {
    /// In both groups together; up to here every count and sum is exact as a float too.
    pub const MOST_ANSWERS: u64 = 1 << 53;

    pub fn new(first: &[u64], second: &[u64]) -> Result<Self, TwoGroupsError> {
        if first.len() != second.len() {
            return Err(TwoGroupsError::DifferentScales {
                first: first.len(),
                second: second.len(),
            });
        }
        let total = |counts: &[u64]| -> u128 { counts.iter().map(|n| u128::from(*n)).sum() };
        let (one, other) = (total(first), total(second));
        if one == 0 || other == 0 {
            return Err(TwoGroupsError::NoAnswers);
        }
        if one + other > u128::from(Self::MOST_ANSWERS) {
            return Err(TwoGroupsError::TooManyAnswers);
        }
        Ok(Self {
            first: first.to_vec(),
            second: second.to_vec(),
        })
    }

    pub fn first(&self) -> &[u64] {
        &self.first
    }

    pub fn second(&self) -> &[u64] {
        &self.second
    }

    /// Answers in the first and in the second group.
    pub fn sizes(&self) -> (u64, u64) {
        (self.first.iter().sum(), self.second.iter().sum())
    }

    /// The points at which anyone answered, from the most agreeing on.
    fn columns(&self) -> Vec<Column> {
        let (first, second) = self.sizes();
        let (mut first_below, mut second_below) = (first, second);
        self.first
            .iter()
            .zip(&self.second)
            .filter(|(one, other)| **one + **other > 0)
            .map(move |(one, other)| {
                first_below -= one;
                second_below -= other;
                Column {
                    first: *one,
                    second: *other,
                    first_below,
                    second_below,
                    all: first + second,
                }
            })
            .collect()
    }
}

/// One point of the scale with the answers on it and those that agree less.
struct Column {
    first: u64,
    second: u64,
    first_below: u64,
    second_below: u64,
    all: u64,
}

impl Column {
    fn tied(&self) -> u64 {
        self.first + self.second
    }

    /// Twice the distance of the mid-rank of this point from the middle rank: the answers that
    /// agree less, minus those that agree more. It sums to 0 over all answers.
    fn doubled_rank(&self) -> i64 {
        let below = self.first_below + self.second_below;
        let above = self.all - below - self.tied();
        // Both are at most 2⁵³.
        below.cast_signed() - above.cast_signed()
    }

    /// The share of the second group that agrees less than this point, ties counted half.
    fn share_of_second_below(&self, second: u64) -> f64 {
        of_count(2 * self.second_below + self.second) / (2.0 * of_count(second))
    }

    /// The share of the first group that agrees less than this point, ties counted half.
    fn share_of_first_below(&self, first: u64) -> f64 {
        of_count(2 * self.first_below + self.first) / (2.0 * of_count(first))
    }
}

/// The float of a difference of counts.
fn of_difference(difference: i64) -> f64 {
    let size = of_count(difference.unsigned_abs());
    if difference < 0 { -size } else { size }
}
