//! The interval that a published percentage would have, if it came from a stated number of people.

use std::fmt;

use super::row::{PublishedRow, Rounding, RowError, ranges_by_itself};
use crate::stats::{
    confidence::Confidence,
    interval::{IntervalError, wilson},
};

/// A supposition, not a finding: it cannot be turned into an [`crate::stats::interval::Interval`],
/// and in words it always says that the number of people is assumed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhatIf {
    percentage: u64,
    assumed_n: u64,
    low: f64,
    high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhatIfError {
    #[error(transparent)]
    Percentage(#[from] RowError),
    #[error("the number of people assumed lies between 1 and {MOST_ASSUMED}, and this one is {0}")]
    People(u64),
    #[error("no whole number out of {assumed_n} people rounds to {percentage} %")]
    DoesNotFit { percentage: u64, assumed_n: u64 },
    #[error(transparent)]
    Interval(#[from] IntervalError),
}

/// The largest number of people that can be assumed.
pub const MOST_ASSUMED: u64 = 1_000_000_000;

/// Wilson limits for a published percentage if `assumed_n` people answered. As several counts may
/// round to the percentage, and the rule for halves is not known, the limits go from the lower one
/// of the smallest count to the upper one of the largest.
pub fn what_if(
    percentage: u64,
    assumed_n: u64,
    confidence: Confidence,
) -> Result<WhatIf, WhatIfError> {
    let row = PublishedRow::new(vec![percentage])?;
    if !(1..=MOST_ASSUMED).contains(&assumed_n) {
        return Err(WhatIfError::People(assumed_n));
    }
    let range = ranges_by_itself(&row, assumed_n, Rounding::EitherHalf)
        .and_then(|ranges| ranges.first().copied())
        .filter(|range| !range.is_empty())
        .ok_or(WhatIfError::DoesNotFit {
            percentage,
            assumed_n,
        })?;
    Ok(WhatIf {
        percentage,
        assumed_n,
        low: wilson(range.low, assumed_n, confidence)?.low,
        high: wilson(range.high, assumed_n, confidence)?.high,
    })
}

impl WhatIf {
    pub fn percentage(&self) -> u64 {
        self.percentage
    }

    pub fn assumed_n(&self) -> u64 {
        self.assumed_n
    }

    /// As a share.
    pub fn low_if_assumed(&self) -> f64 {
        self.low
    }

    /// As a share.
    pub fn high_if_assumed(&self) -> f64 {
        self.high
    }
}

impl fmt::Display for WhatIf {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "if {} people answered, {} % would stand for {:.0} % to {:.0} %; how many answered was \
             not published",
            self.assumed_n,
            self.percentage,
            100.0 * self.low,
            100.0 * self.high
        )
    }
}
