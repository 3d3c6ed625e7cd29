//! The proportional-odds model of two groups.

use super::{
    contingency::ChiSquared,
    float::of_count,
    linear::solve_positive,
    quantile::{QuantileError, normal_upper},
    two_sample::TwoGroups,
};

/// The fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct ProportionalOdds {
    /// ln of the factor by which the odds of agreeing at least so much are greater in the second
    /// group than in the first; positive when the second agrees more.
    pub beta: f64,
    /// Standard error of `beta`.
    pub error: f64,
    pub z: f64,
    /// Two-sided, of beta = 0 by z (Wald).
    pub p: f64,
    /// Of beta = 0 by the likelihood ratio, the better of the two in small groups.
    pub likelihood_ratio: ChiSquared,
    /// Whether one factor will do for all points: the likelihood ratio against a factor for each.
    /// With a small p the model does not fit and `beta` should not be quoted.
    pub assumption: ChiSquared,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ProportionalOddsError {
    #[error("all answers are on one point of the scale")]
    OnePoint,
    /// Then the factor that fits best is infinite.
    #[error("everyone of one group agrees at least as much as everyone of the other")]
    Separated,
    #[error("the model is fitted to at most {} scale points", MOST_POINTS)]
    TooManyPoints,
    #[error("the fit did not settle")]
    NotSettled,
    #[error(transparent)]
    Quantile(#[from] QuantileError),
}

const MOST_POINTS: usize = 64;
const MOST_ITERATIONS: u32 = 100;
const MOST_HALVINGS: u32 = 60;

/// Fits logit P(agrees at least as much as point j) = αⱼ + β · [second group] by maximum likelihood,
/// with Newton's method. Points without answers are dropped, which does not change β.
///
/// The logarithm of the likelihood has one maximum. It is reached from α of both groups together
/// and β = 0; a step that does not go upwards is halved. The standard error comes from the observed
/// information.
///
/// Source: P. `McCullagh` (1980), "Regression models for ordinal data", JRSS B 42, 109–142. Agrees
/// with R's `ordinal::clm` and statsmodels' `OrderedModel`.
pub fn proportional_odds(groups: &TwoGroups) -> Result<ProportionalOdds, ProportionalOddsError> {
    let answered = |counts: &[u64]| -> Vec<u64> {
        let both = groups.first().iter().zip(groups.second());
        let kept = both
            .zip(counts)
            .filter(|((one, other), _)| **one + **other > 0);
        kept.map(|(_, count)| *count).collect()
    };
    let counts = [answered(groups.first()), answered(groups.second())];
    refuse_what_has_no_fit(&counts)?;
    // Newton's method works on averages, so that its tolerances do not depend on how many answered.
    let total: f64 = counts.iter().flatten().map(|count| of_count(*count)).sum();
    let points = counts[0].len() as u64;
    let shares = counts
        .map(|group| -> Vec<f64> { group.iter().map(|count| of_count(*count) / total).collect() });
    let start = thresholds_of_all(&shares);
    let (alone, fitted, curvature) = climb(&shares, start)?;
    let last = fitted.len() - 1;
    let mut unit = vec![0.0; fitted.len()];
    unit[last] = 1.0;
    let inverse = solve_positive(&curvature, &[unit]).ok_or(ProportionalOddsError::NotSettled)?;
    let error = (inverse[0][last] / total).sqrt();
    let beta = fitted[last];
    let reached = log_likelihood(&shares, &fitted).ok_or(ProportionalOddsError::NotSettled)?;
    let z = beta / error;
    let twice = |gained: f64| 2.0 * total * gained.max(0.0);
    Ok(ProportionalOdds {
        beta,
        error,
        z,
        p: (2.0 * normal_upper(z.abs())).min(1.0),
        likelihood_ratio: ChiSquared::new(twice(reached - alone), 1)?,
        assumption: ChiSquared::new(
            twice(log_likelihood_of_shares(&shares) - reached),
            points - 2,
        )?,
    })
}

fn refuse_what_has_no_fit(counts: &[Vec<u64>; 2]) -> Result<(), ProportionalOddsError> {
    let points = counts[0].len();
    if points < 2 {
        return Err(ProportionalOddsError::OnePoint);
    }
    if points > MOST_POINTS {
        return Err(ProportionalOddsError::TooManyPoints);
    }
    let reach = |group: &[u64]| {
        let first = group.iter().position(|count| *count > 0);
        let last = group.iter().rposition(|count| *count > 0);
        first.zip(last)
    };
    let reaches = reach(&counts[0]).zip(reach(&counts[1]));
    let overlaps = reaches.is_some_and(|(one, other)| one.0 < other.1 && other.0 < one.1);
    if overlaps {
        Ok(())
    } else {
        Err(ProportionalOddsError::Separated)
    }
}

/// α of both groups together, and β = 0.
fn thresholds_of_all(shares: &[Vec<f64>; 2]) -> Vec<f64> {
    let points = shares[0].len();
    let at = |point: usize| shares[0][point] + shares[1][point];
    let mut parameters: Vec<f64> = (1..points)
        .map(|end| {
            let above: f64 = (0..end).map(at).sum();
            let below: f64 = (end..points).map(at).sum();
            (above / below).ln()
        })
        .collect();
    parameters.push(0.0);
    parameters
}

/// What the data allow at best: a share for every point of every group.
fn log_likelihood_of_shares(shares: &[Vec<f64>; 2]) -> f64 {
    let of_group = |group: &Vec<f64>| -> f64 {
        let size: f64 = group.iter().sum();
        let filled = group.iter().filter(|share| **share > 0.0);
        filled.map(|share| share * (share / size).ln()).sum()
    };
    shares.iter().map(of_group).sum()
}

/// P(agrees at least as much) at each threshold, from none to all, for one group.
fn cumulative(parameters: &[f64], group: usize) -> Vec<(f64, f64)> {
    let (thresholds, beta) = parameters.split_at(parameters.len() - 1);
    let shift = if group == 0 { 0.0 } else { beta[0] };
    let mut steps = vec![(0.0, 1.0)];
    // The chance and its complement, each without loss of digits.
    steps.extend(thresholds.iter().map(|threshold| {
        let eta = threshold + shift;
        (1.0 / (1.0 + (-eta).exp()), 1.0 / (1.0 + eta.exp()))
    }));
    steps.push((1.0, 0.0));
    steps
}

/// The chances of the points, as differences on the side where both are small.
fn chances(steps: &[(f64, f64)]) -> Vec<f64> {
    steps
        .windows(2)
        .map(|pair| {
            let (before, after) = (pair[0], pair[1]);
            if after.0 < 0.5 {
                after.0 - before.0
            } else {
                before.1 - after.1
            }
        })
        .collect()
}

/// None where a chance is not positive: the thresholds are out of order.
fn log_likelihood(shares: &[Vec<f64>; 2], parameters: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    for (group, observed) in shares.iter().enumerate() {
        for (share, chance) in observed.iter().zip(chances(&cumulative(parameters, group))) {
            if chance <= 0.0 || !chance.is_finite() {
                return None;
            }
            sum += share * chance.ln();
        }
    }
    Some(sum)
}

/// The first derivatives and the second ones with their sign turned.
fn derivatives(shares: &[Vec<f64>; 2], parameters: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = parameters.len();
    let beta = size - 1;
    let mut slope = vec![0.0; size];
    let mut curvature = vec![vec![0.0; size]; size];
    for (group, observed) in shares.iter().enumerate() {
        let steps = cumulative(parameters, group);
        let chances = chances(&steps);
        let density = |at: usize| steps[at + 1].0 * steps[at + 1].1;
        for at in 0..beta {
            let ratio = |point: usize| observed[point] / chances[point];
            let weight = |point: usize| ratio(point) / chances[point];
            let tilt = ratio(at) - ratio(at + 1);
            let (rate, bend) = (density(at), steps[at + 1].1 - steps[at + 1].0);
            let here = rate * rate * (weight(at) + weight(at + 1)) - rate * bend * tilt;
            let mut add = |row: usize, column: usize, value: f64| curvature[row][column] += value;
            slope[at] += rate * tilt;
            add(at, at, here);
            let mut of_beta = here;
            if at + 1 < beta {
                let beside = -rate * density(at + 1) * weight(at + 1);
                add(at, at + 1, beside);
                add(at + 1, at, beside);
                of_beta += beside;
            }
            if at > 0 {
                of_beta -= rate * density(at - 1) * weight(at);
            }
            if group == 1 {
                slope[beta] += rate * tilt;
                add(at, beta, of_beta);
                add(beta, at, of_beta);
                add(beta, beta, of_beta);
            }
        }
    }
    (slope, curvature)
}

/// The likelihood at the start, the parameters at the top and the curvature there.
type Top = (f64, Vec<f64>, Vec<Vec<f64>>);

fn climb(shares: &[Vec<f64>; 2], start: Vec<f64>) -> Result<Top, ProportionalOddsError> {
    const SETTLED: f64 = 1e-10;
    let alone = log_likelihood(shares, &start).ok_or(ProportionalOddsError::NotSettled)?;
    let (mut parameters, mut reached) = (start, alone);
    for _ in 0..MOST_ITERATIONS {
        let (slope, curvature) = derivatives(shares, &parameters);
        let step = solve_positive(&curvature, &[slope])
            .and_then(|mut columns| columns.pop())
            .ok_or(ProportionalOddsError::NotSettled)?;
        let longest = step.iter().fold(0.0_f64, |most, part| most.max(part.abs()));
        if longest < SETTLED {
            return Ok((alone, parameters, curvature));
        }
        let mut length = 1.0;
        let moved = (0..MOST_HALVINGS).find_map(|_| {
            let trial: Vec<f64> = parameters
                .iter()
                .zip(&step)
                .map(|(parameter, part)| parameter + length * part)
                .collect();
            length /= 2.0;
            // Near the top rounding hides the last gain.
            let gained = log_likelihood(shares, &trial).filter(|gain| *gain >= reached - 1e-15);
            gained.map(|gain| (trial, gain))
        });
        (parameters, reached) = moved.ok_or(ProportionalOddsError::NotSettled)?;
    }
    Err(ProportionalOddsError::NotSettled)
}
