//! Intervals for a share of a population of known size, from a sample that was drawn from it.
//!
//! Only for a sample by chance: a large turnout of volunteers is not a draw, and its interval does
//! not shrink for being large.

use super::{
    confidence::Confidence,
    float::of_count,
    interval::{Interval, IntervalError, rest_of, score},
    quantile::{QuantileError, hypergeometric_lower, hypergeometric_upper},
    solve::first_whole,
};

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum FinitePopulationError {
    #[error(transparent)]
    Sample(#[from] IntervalError),
    #[error("a sample of {n} is larger than the population of {size}")]
    LargerThanPopulation { n: u64, size: u64 },
    #[error(transparent)]
    Quantile(#[from] QuantileError),
}

/// n* = n (N − 1) / (N − n): a sample of this size from an endless population would tell as much
/// as `n` from a population of `size`. None for a census, and for a sample that is none.
pub fn effective_size(n: u64, size: u64) -> Option<f64> {
    let left_out = size.checked_sub(n).filter(|left_out| *left_out > 0)?;
    (n > 0).then(|| of_count(n) * (of_count(size - 1) / of_count(left_out)))
}

/// The Wilson interval with the finite population correction: that of x n*/n out of n*. A census
/// has the exact share at both limits.
pub fn wilson(
    x: u64,
    n: u64,
    size: u64,
    confidence: Confidence,
) -> Result<Interval, FinitePopulationError> {
    let rest = checked_rest(x, n, size)?;
    let Some(effective) = effective_size(n, size) else {
        let share = of_count(x) / of_count(n);
        return Ok(Interval {
            low: share,
            high: share,
        });
    };
    let grown = |count| of_count(count) / of_count(n) * effective;
    Ok(score(grown(x), grown(rest), confidence.z()))
}

/// Fewest and most in the population that the sample does not speak against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountLimits {
    pub fewest: u64,
    pub most: u64,
    pub size: u64,
}

impl CountLimits {
    /// The limits as shares of the population.
    pub fn shares(self) -> Interval {
        Interval {
            low: of_count(self.fewest) / of_count(self.size),
            high: of_count(self.most) / of_count(self.size),
        }
    }
}

/// The exact interval: the fewest D of the population with P(X ≥ x) > α/2, and the most with
/// P(X ≤ x) > α/2, for a hypergeometric X.
///
/// Source: W. G. Cochran (1977), "Sampling Techniques", 3rd edition, section 3.6.
pub fn exact(
    x: u64,
    n: u64,
    size: u64,
    confidence: Confidence,
) -> Result<CountLimits, FinitePopulationError> {
    let rest = checked_rest(x, n, size)?;
    let tail = confidence.tail();
    let (least, greatest) = (x, size - rest);
    // A probability that cannot be worked out speaks for nothing; the checks above exclude it.
    let above = |d| hypergeometric_upper(x, size, d, n).unwrap_or(0.0);
    let below = |d| hypergeometric_lower(x, size, d, n).unwrap_or(0.0);
    let fewest = first_whole(least, greatest, |d| above(d) > tail);
    let most = if below(greatest) > tail {
        greatest
    } else {
        first_whole(least, greatest, |d| below(d) <= tail).saturating_sub(1)
    };
    Ok(CountLimits {
        fewest,
        most: most.max(fewest),
        size,
    })
}

fn checked_rest(x: u64, n: u64, size: u64) -> Result<u64, FinitePopulationError> {
    if n > size {
        return Err(FinitePopulationError::LargerThanPopulation { n, size });
    }
    Ok(rest_of(x, n)?)
}
