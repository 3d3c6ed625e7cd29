//! One row of whole percentages, and the numbers of people that fit it.

use super::MOST_PEOPLE;

/// How the percentages were rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Each by itself, a half always up.
    HalfUp,
    /// Each by itself, a half to the even number.
    HalfEven,
    /// Each by itself, a half up or down: when the rule is not known.
    EitherHalf,
    /// All down, and then the largest remainders up until the row adds up to 100. Equal remainders
    /// may have been taken in any order.
    LargestRemainder,
}

/// The percentages of one question, each from 0 to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRow(Vec<u64>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    #[error(
        "a row has between 1 and {} percentages, and this one has {length}",
        PublishedRow::MOST
    )]
    Length { length: usize },
    #[error("a percentage lies between 0 and 100, and this one is {0}")]
    NotAPercentage(u64),
}

impl PublishedRow {
    pub const MOST: usize = 20;

    /// The row need not add up to 100: rounded rows often do not.
    pub fn new(percentages: Vec<u64>) -> Result<Self, RowError> {
        if !(1..=Self::MOST).contains(&percentages.len()) {
            return Err(RowError::Length {
                length: percentages.len(),
            });
        }
        match percentages.iter().find(|percentage| **percentage > 100) {
            Some(percentage) => Err(RowError::NotAPercentage(*percentage)),
            None => Ok(Self(percentages)),
        }
    }

    pub fn percentages(&self) -> &[u64] {
        &self.0
    }
}

/// The counts from `low` to `high` that one percentage leaves open; none when `low > high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CountRange {
    pub(super) low: u64,
    pub(super) high: u64,
}

impl CountRange {
    pub(super) fn is_empty(self) -> bool {
        self.low > self.high
    }
}

/// The counts out of `n` that round to each percentage by itself. None for the largest remainder,
/// which looks at the row as a whole.
pub(super) fn ranges_by_itself(
    row: &PublishedRow,
    n: u64,
    rounding: Rounding,
) -> Option<Vec<CountRange>> {
    let includes_halves = |percentage: u64| match rounding {
        Rounding::HalfUp => Some((true, false)),
        Rounding::HalfEven => Some((percentage.is_multiple_of(2), percentage.is_multiple_of(2))),
        Rounding::EitherHalf => Some((true, true)),
        Rounding::LargestRemainder => None,
    };
    row.percentages()
        .iter()
        .map(|percentage| {
            let (with_lower, with_upper) = includes_halves(*percentage)?;
            // 200 count lies between (2 percentage − 1) n and (2 percentage + 1) n.
            let lower = (2 * percentage).saturating_sub(1) * n;
            let upper = (2 * percentage + 1) * n;
            let is_zero = *percentage == 0;
            let low = if with_lower || is_zero {
                lower.div_ceil(200)
            } else {
                lower / 200 + 1
            };
            let high = if with_upper {
                upper / 200
            } else {
                upper.div_ceil(200).saturating_sub(1)
            };
            Some(CountRange {
                low: if is_zero { 0 } else { low },
                high: high.min(n),
            })
        })
        .collect()
}

/// The counts out of `n` that give each percentage when remainders from `threshold` hundredths of a
/// person up were rounded up and those to `threshold` down. A remainder is 100 count mod n.
pub(super) fn ranges_at_threshold(row: &PublishedRow, n: u64, threshold: u64) -> Vec<CountRange> {
    row.percentages()
        .iter()
        .map(|percentage| {
            let low = match percentage.checked_sub(1) {
                None => 0,
                // A remainder of nothing is never rounded up.
                Some(below) => (below * n + threshold.max(1)).div_ceil(100),
            };
            CountRange {
                low,
                high: ((percentage * n + threshold) / 100).min(n),
            }
        })
        .collect()
}

/// Whether some counts that add up to `n` are inside the ranges.
pub(super) fn holds_sum(ranges: &[CountRange], n: u64) -> bool {
    let lowest: u64 = ranges.iter().map(|range| range.low).sum();
    let highest: u64 = ranges.iter().map(|range| range.high).sum();
    ranges.iter().all(|range| !range.is_empty()) && lowest <= n && n <= highest
}

/// Whether there are counts of `n` people that give the row. False for an `n` of 0 and above
/// [`MOST_PEOPLE`].
pub fn fits(row: &PublishedRow, n: u64, rounding: Rounding) -> bool {
    if n == 0 || n > MOST_PEOPLE {
        return false;
    }
    match ranges_by_itself(row, n, rounding) {
        Some(ranges) => holds_sum(&ranges, n),
        None => thresholds(row, n)
            .any(|threshold| holds_sum(&ranges_at_threshold(row, n, threshold), n)),
    }
}

/// The thresholds between a rounded-down and a rounded-up remainder at which the sums of the ranges
/// leave room for `n`. Both sums grow with the threshold, so these are neighbours; with 100 people
/// or more the first one already fits, so a search over them is short.
pub(super) fn thresholds(row: &PublishedRow, n: u64) -> impl Iterator<Item = u64> + use<> {
    let adds_up = row.percentages().iter().sum::<u64>() == 100;
    let sum_of = |threshold: u64, bound: fn(&CountRange) -> u64| -> u64 {
        let ranges = ranges_at_threshold(row, n, threshold);
        ranges.iter().map(bound).sum()
    };
    let first = first_where(n, |threshold| sum_of(threshold, |range| range.high) >= n);
    let past = first_where(n, |threshold| sum_of(threshold, |range| range.low) > n);
    let none = 0..0;
    if adds_up { first..past } else { none }
}

/// The first of 0..`end` at which a condition holds that keeps holding; `end` if there is none.
fn first_where(end: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The numbers of people from 1 to `limit` that fit the row. `limit` above [`MOST_PEOPLE`] is
/// taken as that.
pub fn feasible_n(row: &PublishedRow, limit: u64, rounding: Rounding) -> Vec<u64> {
    (1..=limit.min(MOST_PEOPLE))
        .filter(|n| fits(row, *n, rounding))
        .collect()
}
