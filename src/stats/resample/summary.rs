//! What the samples say.

use super::{BootstrapError, Plan};
use crate::stats::{confidence::Confidence, float::of_count, interval::Interval};

/// A figure with its bootstrap distribution in short.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The figure of the answers themselves.
    pub estimate: f64,
    /// Percentile limits, of type 7.
    pub interval: Interval,
    pub confidence: Confidence,
    /// The standard deviation over the samples: the figure's standard error.
    pub error: f64,
    /// The mean over the samples. How far it lies from the estimate shows the figure's bias.
    pub mean: f64,
    /// Standard error of `mean` that is due to the number of samples alone: `error` / √B.
    pub monte_carlo_error: f64,
    /// Half the distance over which the limits would wander (one standard error) with other seeds.
    pub limit_errors: Interval,
    pub plan: Plan,
}

impl Summary {
    /// `samples` are the figures of the samples in any order.
    ///
    /// # Errors
    /// There are no samples, or one of them, or the estimate, is not a number.
    pub fn of(
        estimate: f64,
        mut samples: Vec<f64>,
        confidence: Confidence,
        plan: Plan,
    ) -> Result<Self, BootstrapError> {
        let is_defined = !samples.is_empty() && samples.iter().all(|sample| sample.is_finite());
        if !estimate.is_finite() || !is_defined {
            return Err(BootstrapError::Undefined);
        }
        samples.sort_by(f64::total_cmp);
        let number = of_count(samples.len() as u64);
        let mean = samples.iter().sum::<f64>() / number;
        let squares: f64 = samples.iter().map(|sample| (sample - mean).powi(2)).sum();
        let error = (squares / (number - 1.0).max(1.0)).sqrt();
        let tail = 0.5 - confidence.level() / 2.0;
        let at = |p: f64| percentile(&samples, p).ok_or(BootstrapError::Undefined);
        // The rank of a quantile is binomial; one standard error of it either way.
        let wander = (tail * (1.0 - tail) / number).sqrt();
        let half_width = |p: f64| -> Result<f64, BootstrapError> {
            Ok((at((p + wander).min(1.0))? - at((p - wander).max(0.0))?) / 2.0)
        };
        Ok(Self {
            estimate,
            interval: Interval {
                low: at(tail)?,
                high: at(1.0 - tail)?,
            },
            confidence,
            error,
            mean,
            monte_carlo_error: error / number.sqrt(),
            limit_errors: Interval {
                low: half_width(tail)?,
                high: half_width(1.0 - tail)?,
            },
            plan,
        })
    }
}

/// Quantile of type 7, linear between the values at ranks 1 + (B − 1) p, as in R and numpy.
/// `ascending` is sorted. None when it is empty or p is not from 0 to 1.
///
/// Source: R. J. Hyndman and Y. Fan (1996), The American Statistician 50, 361–365.
pub fn percentile(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let rank = of_count(last as u64) * p;
    // The largest whole number up to the rank, found without a cast.
    let (mut below, mut above) = (0, last + 1);
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if of_count(middle as u64) <= rank {
            below = middle;
        } else {
            above = middle;
        }
    }
    let (low, high) = (ascending[below], ascending[above.min(last)]);
    Some(low + (rank - of_count(below as u64)) * (high - low))
}

/// In how many of the samples something came out: a project funded, say. Print "in none of 10,000
/// repeats" rather than 0 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub samples: u64,
    pub of: u64,
}

impl Share {
    pub fn of(outcomes: impl IntoIterator<Item = bool>) -> Self {
        let mut share = Self { samples: 0, of: 0 };
        for outcome in outcomes {
            share.of += 1;
            share.samples += u64::from(outcome);
        }
        share
    }

    /// None without samples.
    pub fn probability(self) -> Option<f64> {
        (self.of > 0).then(|| of_count(self.samples) / of_count(self.of))
    }

    /// √(p (1 − p) / B): what the number of samples alone leaves open.
    pub fn monte_carlo_error(self) -> Option<f64> {
        let p = self.probability()?;
        Some((p * (1.0 - p) / of_count(self.of)).sqrt())
    }
}
