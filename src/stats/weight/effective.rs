//! What unequal weights cost: the design effect and the effective number of people.

use crate::stats::float::of_count;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effective {
    /// n Σ w² / (Σ w)²: by how much unequal weights alone widen the variance; at least 1.
    pub design_effect: f64,
    /// (Σ w)² / Σ w²: how many equally weighted people would say as much; from 1 to n.
    pub people: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum WeightError {
    #[error("a weight is a number from 0 up, and this one is {0}")]
    NotAWeight(f64),
    #[error("nobody has a weight above 0")]
    NoWeight,
}

/// Kish's design effect and effective n of weights, given as (weight, how many people have it).
/// People of weight 0 count towards n.
///
/// Source: L. Kish (1992), "Weighting for unequal Pi", Journal of Official Statistics 8, 183–200.
pub fn kish(weights: &[(f64, u64)]) -> Result<Effective, WeightError> {
    let largest = largest_weight(weights)?;
    let (mut people, mut sum, mut squares) = (0.0, 0.0, 0.0);
    // A weight that nobody has may be out of all proportion to the others.
    for (weight, count) in weights.iter().filter(|(_, count)| *count > 0) {
        // The result does not depend on the unit, and the largest weight as the unit keeps the
        // squares from overflowing.
        let weight = weight / largest;
        let count = of_count(*count);
        people += count;
        sum += count * weight;
        squares += count * weight * weight;
    }
    let effective = sum * sum / squares;
    Ok(Effective {
        design_effect: people / effective,
        people: effective,
    })
}

/// The largest weight that anyone has.
pub(super) fn largest_weight(weights: &[(f64, u64)]) -> Result<f64, WeightError> {
    let mut largest: f64 = 0.0;
    for (weight, count) in weights {
        if !(weight.is_finite() && *weight >= 0.0) {
            return Err(WeightError::NotAWeight(*weight));
        }
        if *count > 0 {
            largest = largest.max(*weight);
        }
    }
    if largest > 0.0 {
        Ok(largest)
    } else {
        Err(WeightError::NoWeight)
    }
}
