//! Cronbach's alpha of a declared scale.

use super::scale::{Covariance, DeclaredScale, Refused, ResponsePattern};
use crate::stats::{confidence::Confidence, quantile};

#[derive(Debug, Clone, PartialEq)]
pub struct Alpha {
    /// At most 1; below 0 when the items run against each other.
    pub alpha: f64,
    /// Feldt's limits.
    pub low: f64,
    pub high: f64,
    /// Alpha of the items brought to one variance, from their mean correlation. None where these
    /// items cancel each other out.
    pub standardised: Option<f64>,
    /// How many people answered every item.
    pub people: f64,
    /// How many people are left out because they did not.
    pub left_out: u128,
    /// Positions of items that correlate negatively with the sum of the others: worded the other
    /// way round and not declared as reversed, or no part of the scale.
    pub against_the_rest: Vec<usize>,
}

/// Cronbach's alpha with k items, k / (k − 1) · (1 − Σ item variances / variance of the sum), and
/// the exact limits for normal scores:
///
/// ```text
/// low  = 1 − (1 − alpha) F(1 − a/2; n − 1, (n − 1)(k − 1))
/// high = 1 − (1 − alpha) F(a/2; n − 1, (n − 1)(k − 1))
/// ```
///
/// Only people who answered every item of the scale count.
///
/// Sources: L. J. Cronbach (1951), Psychometrika 16, 297–334; L. S. Feldt (1965), Psychometrika 30,
/// 357–370. Agrees with `pingouin.cronbach_alpha` and R's `psych::alpha`.
pub fn cronbach(
    patterns: &[ResponsePattern],
    scale: Option<&DeclaredScale>,
    confidence: Confidence,
) -> Result<Alpha, Refused> {
    let covariance = Covariance::of(patterns, scale, 2)?;
    let items = covariance.item_count();
    let total = covariance.total_variance();
    let item_variances: f64 = (0..covariance.items())
        .map(|item| covariance.variance(item))
        .sum();
    // What is left of a total that cancels out is rounding.
    if total <= 1e-12 * item_variances {
        return Err(Refused::NoVariationInTotal);
    }
    let alpha = (items / (items - 1.0) * (1.0 - item_variances / total)).min(1.0);
    let of_people = covariance.people - 1.0;
    let tail = (1.0 - confidence.level()) / 2.0;
    let limit = |p: f64| {
        quantile::fisher_f(p, of_people, of_people * (items - 1.0))
            .map(|f| 1.0 - (1.0 - alpha) * f)
            .map_err(|_| Refused::NoLimit)
    };
    Ok(Alpha {
        alpha,
        low: limit(1.0 - tail)?,
        high: limit(tail)?,
        standardised: standardised(&covariance),
        people: covariance.people,
        left_out: covariance.left_out,
        against_the_rest: (0..covariance.items())
            .filter(|item| covariance.with_total(*item) < covariance.variance(*item))
            .map(|item| covariance.position(item))
            .collect(),
    })
}

/// k r / (1 + (k − 1) r) for the mean correlation r, written with the sum of all correlations.
fn standardised(covariance: &Covariance) -> Option<f64> {
    let items = covariance.item_count();
    let sum: f64 = covariance.correlations().iter().flatten().sum();
    // The sum is a variance, and what is left of one that cancels out is rounding.
    (sum > 1e-12 * items).then(|| items / (items - 1.0) * (1.0 - items / sum))
}
