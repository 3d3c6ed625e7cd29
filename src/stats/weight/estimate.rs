//! The mean of weighted answers and its standard error.

use super::effective::{WeightError, largest_weight};
use crate::stats::{
    confidence::Confidence,
    float::of_count,
    quantile::{self, QuantileError},
};

/// An answer, the weight of each person who gave it with that weight, and their number. For a share
/// the value is 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedValue {
    pub value: f64,
    pub weight: f64,
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Σ w y / Σ w.
    pub mean: f64,
    pub standard_error: f64,
    /// n − 1, for the t quantile.
    pub degrees_of_freedom: f64,
    /// Σ w (y − mean)² / Σ w: how far the answers lie from their mean.
    pub variance: f64,
}

/// Limits of a mean. They are not cut to the range of the answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanLimits {
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum EstimateError {
    #[error(transparent)]
    Weight(#[from] WeightError),
    #[error("an answer is a number between -1e9 and 1e9, and this one is {0}")]
    NotAnAnswer(f64),
    #[error("a standard error needs at least two answers")]
    TooFew,
    #[error("{people} people cannot have answered out of a population of {population}")]
    PopulationBelowSample { people: f64, population: u64 },
    #[error("an answer belongs to cell {cell}, and there are {cells} cells")]
    NoSuchCell { cell: usize, cells: usize },
    #[error(
        "the calibrated error needs an answer from everyone, and cell {cell} has {answers} answers of {people} people"
    )]
    NotEveryone {
        cell: usize,
        answers: u128,
        people: u64,
    },
}

/// The weighted mean with its standard error by linearisation, taking the weights as fixed:
///
/// ```text
/// z_i = w_i (y_i − mean) / Σ w
/// SE² = (1 − n / N) · n / (n − 1) · Σ z_i²
/// ```
///
/// `population` is N, and is given only when the n people were drawn from these N; for volunteers
/// there was no draw and it is None. Fixed weights are the careful choice: raked weights usually
/// make the figure steadier than this says ([`super::calibrated`]).
///
/// Source: C.-E. Särndal, B. Swensson and J. Wretman (1992), Model Assisted Survey Sampling,
/// section 5.7. Agrees with R's `survey::svymean`.
pub fn mean(answers: &[WeightedValue], population: Option<u64>) -> Result<Estimate, EstimateError> {
    let weights: Vec<(f64, u64)> = answers.iter().map(|a| (a.weight, a.count)).collect();
    let unit = largest_weight(&weights)?;
    let linear = linearised(answers, unit)?;
    let squares: f64 = answers
        .iter()
        .zip(&linear.scores)
        .map(|(answer, score)| of_count(answer.count) * score * score)
        .sum();
    linear.estimate(squares, population)
}

/// The mean, and what each person of each group adds to its error.
pub(super) struct Linearised {
    pub(super) mean: f64,
    variance: f64,
    pub(super) people: f64,
    /// w (y − mean) / Σ w, for one person of each group.
    pub(super) scores: Vec<f64>,
}

pub(super) fn linearised(
    answers: &[WeightedValue],
    unit: f64,
) -> Result<Linearised, EstimateError> {
    let (mut people, mut weight_sum, mut value_sum) = (0.0, 0.0, 0.0);
    for answer in answers {
        if !(-1e9..=1e9).contains(&answer.value) {
            return Err(EstimateError::NotAnAnswer(answer.value));
        }
        if answer.count == 0 {
            continue;
        }
        let weight = of_count(answer.count) * (answer.weight / unit);
        people += of_count(answer.count);
        weight_sum += weight;
        value_sum += weight * answer.value;
    }
    let mean = value_sum / weight_sum;
    let scores: Vec<f64> = answers
        .iter()
        .map(|answer| {
            // A weight that nobody has may be out of all proportion to `unit`.
            if answer.count == 0 {
                return 0.0;
            }
            (answer.weight / unit) * (answer.value - mean) / weight_sum
        })
        .collect();
    let variance = answers
        .iter()
        .zip(&scores)
        .map(|(answer, score)| of_count(answer.count) * score * (answer.value - mean))
        .sum();
    Ok(Linearised {
        mean,
        variance,
        people,
        scores,
    })
}

impl Linearised {
    /// `squares` is Σ (z − mean of z)² over all people.
    pub(super) fn estimate(
        &self,
        squares: f64,
        population: Option<u64>,
    ) -> Result<Estimate, EstimateError> {
        if self.people < 2.0 {
            return Err(EstimateError::TooFew);
        }
        let not_drawn = match population {
            None => 1.0,
            Some(population) if of_count(population) < self.people => {
                return Err(EstimateError::PopulationBelowSample {
                    people: self.people,
                    population,
                });
            }
            Some(population) => 1.0 - self.people / of_count(population),
        };
        let degrees_of_freedom = self.people - 1.0;
        Ok(Estimate {
            mean: self.mean,
            standard_error: (not_drawn * (self.people / degrees_of_freedom) * squares).sqrt(),
            degrees_of_freedom,
            variance: self.variance,
        })
    }
}

impl Estimate {
    /// mean ± t · SE.
    pub fn t_limits(&self, confidence: Confidence) -> Result<MeanLimits, QuantileError> {
        let margin = self.t(confidence)? * self.standard_error;
        Ok(MeanLimits {
            low: self.mean - margin,
            high: self.mean + margin,
        })
    }

    /// How many times as large the variance is as that of an unweighted sample of as many people:
    /// SE² / ((1 − n / N) · variance / (n − 1)). `population` is N, or None to leave the draw out.
    /// Unlike Kish's figure it looks at the answers. None when all answers are the same, or
    /// everyone eligible is in the sample.
    ///
    /// R's `survey::svymean(deff = TRUE)` takes Σ w as N, whether there was a draw or not.
    pub fn design_effect(&self, population: Option<u64>) -> Option<f64> {
        let people = self.degrees_of_freedom + 1.0;
        let not_drawn = population.map_or(1.0, |population| 1.0 - people / of_count(population));
        let simple = not_drawn * self.variance / self.degrees_of_freedom;
        (simple > 0.0).then(|| self.standard_error.powi(2) / simple)
    }

    pub(super) fn t(&self, confidence: Confidence) -> Result<f64, QuantileError> {
        quantile::student_t(0.5 + confidence.level() / 2.0, self.degrees_of_freedom)
    }
}
