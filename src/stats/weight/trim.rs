//! Trimming: no person speaks for more than a stated number of others.

use super::{
    rake::{Convergence, Limits, Raked, sweep},
    sample::Sample,
};
use crate::stats::float::of_count;

/// The largest weight that one person may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cap {
    /// In the unit of the targets.
    Weight(f64),
    /// As a multiple of the mean weight, which is total / people.
    TimesMean(f64),
}

/// Where the weight goes that is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trimming {
    /// The weights stay under the cap and meet the margins, as far as both can be had: raking in
    /// which a weight stops at the cap. The default.
    WithinMargins,
    /// What is cut off is spread over the people below the cap, the same for each, and again for
    /// those whom that lifts above it. The total is kept and the margins are not: look at
    /// `convergence.largest_error`. Agrees with R's `survey::trimWeights(strict = TRUE)`.
    SpreadEvenly,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Trimmed {
    /// The weight of each person, by cell of the sample; none is above `cap`.
    pub weights: Vec<f64>,
    pub cap: f64,
    /// How many people stand at the cap.
    pub people_at_cap: u128,
    /// Whether the margins still hold under the cap, and by how much they are missed if not.
    pub convergence: Convergence,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TrimError {
    #[error("a cap on weights is a positive number, and this one is {0}")]
    NotPositive(f64),
    #[error("the mean weight is {mean}, so not everyone can have a weight of at most {cap}")]
    BelowMean { cap: f64, mean: f64 },
    #[error("there are {weights} weights for {cells} cells")]
    OtherSample { weights: usize, cells: usize },
}

/// Weights under `cap`, from raked ones.
pub fn trim(
    sample: &Sample,
    raked: &Raked,
    cap: Cap,
    trimming: Trimming,
    limits: Limits,
) -> Result<Trimmed, TrimError> {
    if raked.weights.len() != sample.cells().len() {
        return Err(TrimError::OtherSample {
            weights: raked.weights.len(),
            cells: sample.cells().len(),
        });
    }
    let mean = sample.total() / sample.people();
    let cap = match cap {
        Cap::Weight(weight) => weight,
        Cap::TimesMean(times) => times * mean,
    };
    if !(cap.is_finite() && cap > 0.0) {
        return Err(TrimError::NotPositive(cap));
    }
    if cap < mean {
        return Err(TrimError::BelowMean { cap, mean });
    }
    let (weights, convergence) = match trimming {
        Trimming::WithinMargins => within_margins(sample, &raked.weights, cap, limits),
        Trimming::SpreadEvenly => {
            let weights = spread_evenly(sample, &raked.weights, cap);
            let largest_error = sample.largest_margin_error(&weights);
            let convergence = Convergence {
                iterations: raked.convergence.iterations,
                largest_error,
                converged: largest_error <= limits.tolerance,
            };
            (weights, convergence)
        }
    };
    let people_at_cap = sample
        .cells()
        .iter()
        .zip(&weights)
        .filter(|(_, weight)| **weight >= cap)
        .map(|(cell, _)| u128::from(cell.count))
        .sum();
    Ok(Trimmed {
        weights,
        cap,
        people_at_cap,
        convergence,
    })
}

/// Raking with w = min(cap, u), where u is what the weight would be without a cap. Each margin in
/// turn multiplies u in each of its categories by the factor at which the capped weights add up to
/// the target. Of all weights that meet cap and margins the result lies closest to the base
/// weights: the truncated exponential method of J.-C. Deville and C.-E. Särndal (1992),
/// "Calibration estimators in survey sampling", JASA 87, 376–382.
fn within_margins(
    sample: &Sample,
    raked: &[f64],
    cap: f64,
    limits: Limits,
) -> (Vec<f64>, Convergence) {
    let mut uncapped = raked.to_vec();
    let mut weights: Vec<f64> = raked.iter().map(|weight| weight.min(cap)).collect();
    let convergence = sweep(sample, limits, &mut weights, |weights| {
        for (margin, shape) in sample.margins().iter().enumerate() {
            let mut members = vec![Vec::new(); shape.categories.len()];
            for (position, cell) in sample.cells().iter().enumerate() {
                if cell.count > 0 {
                    members[cell.categories[margin]].push(position);
                }
            }
            for (category, members) in shape.categories.iter().zip(&mut members) {
                scale_under_cap(sample, members, category.target, cap, &mut uncapped);
            }
        }
        for (weight, uncapped) in weights.iter_mut().zip(&uncapped) {
            *weight = uncapped.min(cap);
        }
    });
    (weights, convergence)
}

/// Multiplies the uncapped weights of one category's cells by the f with Σ count · min(cap, f u) =
/// target. Where even the cap for everyone is too little, everyone gets it.
fn scale_under_cap(
    sample: &Sample,
    members: &mut [usize],
    target: f64,
    cap: f64,
    uncapped: &mut [f64],
) {
    // Far beyond any cap or weight, and far from overflow.
    const SMALLEST: f64 = 1e-150;
    const LARGEST: f64 = 1e150;
    members.sort_by(|a, b| uncapped[*b].total_cmp(&uncapped[*a]));
    let count_of = |position: usize| of_count(sample.cells()[position].count);
    // Sums from the smallest weight up, so that taking away the capped ones costs no digits.
    let mut sums_below = vec![0.0; members.len() + 1];
    for (place, position) in members.iter().enumerate().rev() {
        sums_below[place] = sums_below[place + 1] + count_of(*position) * uncapped[*position];
    }
    let mut capped_people = 0.0;
    let mut factor = None;
    for (place, position) in members.iter().enumerate() {
        let needed = (target - cap * capped_people) / sums_below[place];
        if needed * uncapped[*position] <= cap {
            factor = Some(needed);
            break;
        }
        capped_people += count_of(*position);
    }
    let smallest = members.last().map_or(1.0, |position| uncapped[*position]);
    let factor = factor.unwrap_or(cap / smallest);
    for position in members {
        uncapped[*position] = (uncapped[*position] * factor).clamp(SMALLEST, LARGEST);
    }
}

/// Each round puts at least one more cell at the cap, so there are no more rounds than cells.
fn spread_evenly(sample: &Sample, raked: &[f64], cap: f64) -> Vec<f64> {
    let count_of = |position: usize| of_count(sample.cells()[position].count);
    let mut weights = raked.to_vec();
    let mut is_capped = vec![false; weights.len()];
    for _ in 0..weights.len() {
        let mut excess = 0.0;
        let mut people_below = 0.0;
        for (position, weight) in weights.iter_mut().enumerate() {
            if *weight > cap {
                excess += (*weight - cap) * count_of(position);
                *weight = cap;
                is_capped[position] = true;
            } else if !is_capped[position] {
                people_below += count_of(position);
            }
        }
        if excess == 0.0 || people_below == 0.0 {
            break;
        }
        for (weight, is_capped) in weights.iter_mut().zip(&is_capped) {
            if !is_capped {
                *weight += excess / people_below;
            }
        }
    }
    // The last round may have lifted a weight by a rounding error above the cap.
    weights.iter().map(|weight| weight.min(cap)).collect()
}
