//! Intervals, and the one that a share has by default.

use super::{
    confidence::Confidence,
    float::{at_twelve_places, of_count},
};

/// Limits of an estimate, `low` ≤ `high`: of a share from 0 to 1, of a difference of two shares
/// from −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntervalError {
    #[error("a share of no answers has no interval")]
    NoAnswers,
    #[error("{count} of {total} is not a share")]
    MoreThanAll { count: u64, total: u64 },
    #[error("there are more answers than a sum of 64 bits can hold")]
    TooMany,
    #[error(
        "a row has at most {} bars, and this one has {bars}",
        super::multinomial::MOST_BARS
    )]
    TooManyBars { bars: usize },
}

/// How many of `n` the `x` leave over.
pub(super) fn rest_of(x: u64, n: u64) -> Result<u64, IntervalError> {
    if n == 0 {
        return Err(IntervalError::NoAnswers);
    }
    n.checked_sub(x)
        .ok_or(IntervalError::MoreThanAll { count: x, total: n })
}

/// The Wilson score interval of the share x/n: every p that a two-sided score test of `x` out of
/// `n` would not reject.
///
/// The limits are the roots of (n + z²) p² − (2x + z²) p + x²/n = 0:
///
/// ```text
/// high = (x + z²/2 + r) / (n + z²)    with r = z √(x (n − x) / n + z²/4)
/// low  = x² / (n (x + z²/2 + r))      as low · high = x² / (n (n + z²))
/// ```
///
/// The second form of the lower limit adds where the textbook's subtracts, so neither limit loses
/// digits to cancellation at any n. At x = 0 the lower limit is exactly 0, and at x = n the upper
/// one is exactly 1.
///
/// Source: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical
/// inference", JASA 22, 209–212; recommended for small n by Brown, Cai and `DasGupta` (2001),
/// Statistical Science 16, 101–133.
///
/// # Errors
/// `n` is 0, or `x` is above `n`.
pub fn wilson(x: u64, n: u64, confidence: Confidence) -> Result<Interval, IntervalError> {
    let rest = rest_of(x, n)?;
    Ok(score(of_count(x), of_count(rest), confidence.z()))
}

/// The Wilson interval of a share of `count` and what is left, which need not be whole.
pub(super) fn score(count: f64, rest: f64, z: f64) -> Interval {
    let total = count + rest;
    let half_z2 = z * z / 2.0;
    let share = count / total;
    let radius = z * (rest * share + half_z2 / 2.0).sqrt();
    let upper_sum = count + half_z2 + radius;
    let low = if count == 0.0 {
        0.0
    } else {
        share * (count / upper_sum)
    };
    let high = if rest == 0.0 {
        1.0
    } else {
        upper_sum / (total + 2.0 * half_z2)
    };
    // The share itself is kept, to the last digit, also where all of these round to 1.
    Interval {
        low: low.min(share),
        high: high.max(share).min(1.0),
    }
}

impl Interval {
    /// The limits, brought inside `least` and `most` where they lie outside.
    #[must_use]
    pub fn within(self, least: f64, most: f64) -> Self {
        Self {
            low: self.low.max(least).min(most),
            high: self.high.min(most).max(least),
        }
    }

    /// `centre` less and more `radius`.
    pub(super) fn around(centre: f64, radius: f64) -> Self {
        Self {
            low: centre - radius,
            high: centre + radius,
        }
    }

    /// The limits at twelve decimal places, as a report carries them: that many survive JSON
    /// unchanged.
    #[must_use]
    pub fn for_report(self) -> Self {
        Self {
            low: at_twelve_places(self.low),
            high: at_twelve_places(self.high),
        }
    }

    /// Both limits in whole per cent, rounded half up.
    pub fn whole_percents(self) -> (u64, u64) {
        (whole_percent(self.low), whole_percent(self.high))
    }
}

/// Counts the whole per cents up to the rounded one, which needs no cast from float to integer.
fn whole_percent(share: f64) -> u64 {
    let rounds_past = |whole: u32| share * 100.0 >= f64::from(whole) + 0.5;
    (0..100)
        .take_while(|whole| rounds_past(*whole))
        .map(|_| 1)
        .sum()
}
