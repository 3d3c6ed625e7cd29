//! Mean, spread, median and quartiles of scored answers. Shown on request only: the points of an
//! agreement scale have an order but no unit.

use super::{confidence::Confidence, float::of_count, interval::Interval, quantile};

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MeanError {
    #[error("{counts} counts do not go with {scores} scores")]
    Lengths { counts: usize, scores: usize },
    #[error("a score is a number between -1e9 and 1e9, and this one is {0}")]
    NotAScore(f64),
}

/// Far beyond any scale, and so far from the largest float that no square of a sum overflows.
const SCORES: std::ops::RangeInclusive<f64> = -1e9..=1e9;

/// How many answers have which score.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Score and count, from the lowest score up; none with a count of 0.
    points: Vec<(f64, u64)>,
}

/// The mean with its t interval, which needs two answers that differ; it is not cut to the scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    pub mean: f64,
    /// Of a sample: the sum of squares over n − 1. None for a single answer.
    pub standard_deviation: Option<f64>,
    pub interval: Option<Interval>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quartiles {
    pub lower: f64,
    pub median: f64,
    pub upper: f64,
}

impl Scored {
    /// `counts` and `scores` have one entry a point of the scale, in the same order.
    pub fn new(counts: &[u64], scores: &[f64]) -> Result<Self, MeanError> {
        if counts.len() != scores.len() {
            return Err(MeanError::Lengths {
                counts: counts.len(),
                scores: scores.len(),
            });
        }
        if let Some(score) = scores.iter().find(|score| !SCORES.contains(*score)) {
            return Err(MeanError::NotAScore(*score));
        }
        let mut points: Vec<(f64, u64)> = scores
            .iter()
            .copied()
            .zip(counts.iter().copied())
            .filter(|(_, count)| *count > 0)
            .collect();
        points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        Ok(Self { points })
    }

    /// Number of answers.
    pub fn total(&self) -> u128 {
        self.points
            .iter()
            .map(|(_, count)| u128::from(*count))
            .sum()
    }

    /// The mean, the standard deviation, and mean ± t sd / √n with t of n − 1 degrees of freedom.
    ///
    /// None without answers.
    pub fn mean(&self, confidence: Confidence) -> Option<Mean> {
        let (origin, _) = *self.points.first()?;
        let n: f64 = self.points.iter().map(|(_, count)| of_count(*count)).sum();
        // Deviations from a score rather than from 0 keep the digits of scores far from 0.
        let sum = |value: &dyn Fn(f64) -> f64| -> f64 {
            let term = |(score, count): &(f64, u64)| value(*score) * of_count(*count) / n;
            self.points.iter().map(term).sum()
        };
        let mean = origin + sum(&|score| score - origin);
        let is_several = n > 1.0;
        let spread = sum(&|score| (score - mean).powi(2)) * (n / (n - 1.0).max(1.0));
        let deviation = spread.sqrt();
        let has_interval = is_several && self.points.len() > 1 && deviation.is_finite();
        let interval = has_interval
            .then(|| quantile::student_t(0.5 + confidence.level() / 2.0, n - 1.0).ok())
            .flatten()
            .map(|t| Interval::around(mean, t * deviation / n.sqrt()));
        Some(Mean {
            mean,
            standard_deviation: is_several.then_some(deviation),
            interval,
        })
    }

    /// Median and quartiles, on the line between the two nearest answers (Hyndman and Fan's type 7,
    /// as of numpy and R).
    ///
    /// None without answers.
    pub fn quartiles(&self) -> Option<Quartiles> {
        Some(Quartiles {
            lower: self.quarter(1)?,
            median: self.quarter(2)?,
            upper: self.quarter(3)?,
        })
    }

    /// The answer number (n − 1) · `quarters` / 4, from 0.
    fn quarter(&self, quarters: u32) -> Option<f64> {
        let steps = self.total().checked_sub(1)? * u128::from(quarters);
        let (whole, part) = (steps / 4, steps % 4);
        let below = self.answer(whole)?;
        if part == 0 {
            return Some(below);
        }
        let above = self.answer(whole + 1)?;
        let part = f64::from(u8::try_from(part).ok()?) / 4.0;
        Some(below + (above - below) * part)
    }

    fn answer(&self, rank: u128) -> Option<f64> {
        let mut so_far = 0;
        self.points
            .iter()
            .find(|(_, count)| {
                so_far += u128::from(*count);
                so_far > rank
            })
            .map(|(score, _)| *score)
    }
}
