//! Omega total of a declared scale.

use super::scale::{Covariance, DeclaredScale, Refused, ResponsePattern};

#[derive(Debug, Clone, PartialEq)]
pub struct Omega {
    pub omega: f64,
    /// What the factor and each item have in common, as a correlation, in the order of the scale.
    pub loadings: Vec<f64>,
    pub people: f64,
    /// How many people are left out because they did not answer every item.
    pub left_out: u128,
}

/// Omega total of the items brought to one variance: (Σ loadings)² / ((Σ loadings)² + Σ (1 −
/// loading²)), with the loadings of one factor by maximum likelihood. Unlike alpha it lets items
/// differ in how well they measure the factor. Three items are the least that identify one.
///
/// The likelihood is climbed by the EM algorithm. No item's own part falls below 0.005 of its
/// variance, as in R's `psych::fa`.
///
/// Sources: R. P. `McDonald` (1999), Test Theory; D. B. Rubin and D. T. Thayer (1982),
/// Psychometrika 47, 69–76. Agrees with loadings from `psych::fa(nfactors = 1, fm = "ml")` to the precision of
/// its optimiser.
pub fn omega_total(
    patterns: &[ResponsePattern],
    scale: Option<&DeclaredScale>,
) -> Result<Omega, Refused> {
    let covariance = Covariance::of(patterns, scale, 3)?;
    let mut loadings = one_factor(&covariance.correlations())?;
    let sum: f64 = loadings.iter().sum();
    if sum < 0.0 {
        for loading in &mut loadings {
            *loading = -*loading;
        }
    }
    let own_parts: f64 = loadings.iter().map(|loading| 1.0 - loading * loading).sum();
    Ok(Omega {
        omega: sum * sum / (sum * sum + own_parts),
        loadings,
        people: covariance.people,
        left_out: covariance.left_out,
    })
}

/// Maximum likelihood loadings of one factor on standardised items.
fn one_factor(correlations: &[Vec<f64>]) -> Result<Vec<f64>, Refused> {
    const MOST_STEPS: u32 = 10_000;
    const STILL: f64 = 1e-12;
    let mut loadings = first_component(correlations);
    let mut own_parts: Vec<f64> = loadings.iter().map(|loading| own_part(*loading)).collect();
    for _ in 0..MOST_STEPS {
        let precise: Vec<f64> = loadings
            .iter()
            .zip(&own_parts)
            .map(|(loading, own)| loading / own)
            .collect();
        let information = 1.0 + product(&loadings, &precise);
        // The regression of the factor on the items, and its covariance with each item.
        let weights: Vec<f64> = precise.iter().map(|value| value / information).collect();
        let with_factor = times(correlations, &weights);
        let factor_square = 1.0 / information + product(&weights, &with_factor);
        let mut change: f64 = 0.0;
        for (item, covariance) in with_factor.iter().enumerate() {
            let loading = covariance / factor_square;
            change = change.max((loading - loadings[item]).abs());
            loadings[item] = loading;
            own_parts[item] = (1.0 - loading * covariance).max(LEAST_OWN_PART);
        }
        if change <= STILL {
            return Ok(loadings);
        }
    }
    Err(Refused::NoSingleFactor)
}

const LEAST_OWN_PART: f64 = 0.005;

fn own_part(loading: f64) -> f64 {
    (1.0 - loading * loading).max(LEAST_OWN_PART)
}

/// Where the climb starts: near the first principal component, by the power method from the item
/// that has most in common with the others.
fn first_component(correlations: &[Vec<f64>]) -> Vec<f64> {
    let square = |row: &&Vec<f64>| product(row, row);
    let mut direction = correlations
        .iter()
        .max_by(|a, b| square(a).total_cmp(&square(b)))
        .cloned()
        .unwrap_or_default();
    let mut root = 1.0;
    for _ in 0..50 {
        let next = times(correlations, &direction);
        root = product(&next, &next).sqrt();
        direction = next.iter().map(|value| value / root).collect();
    }
    direction
        .iter()
        .map(|value| (value * root.sqrt()).clamp(-0.9, 0.9))
        .collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| product(row, vector)).collect()
}
