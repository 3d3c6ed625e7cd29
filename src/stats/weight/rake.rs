//! Raking: weights that agree with every margin at once.

use super::sample::Sample;

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Largest margin error, as a share of the target, that counts as agreement.
    pub tolerance: f64,
    /// Sweeps over all margins; at most [`Limits::MOST_ITERATIONS`], and fewer for samples of thousands
    /// of cells.
    pub most_iterations: u32,
}

impl Limits {
    pub const MOST_ITERATIONS: u32 = 10_000;
    /// Sweeps times cells times margins: about a second of work. The largest samples get 500 sweeps.
    const MOST_WORK: usize = 50_000_000;

    fn most_sweeps(self, sample: &Sample) -> u32 {
        let work = sample.cells().len() * sample.margins().len();
        let affordable = u32::try_from(Self::MOST_WORK / work.max(1)).unwrap_or(u32::MAX);
        self.most_iterations
            .min(Self::MOST_ITERATIONS)
            .min(affordable)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tolerance: 1e-12,
            most_iterations: 1_000,
        }
    }
}

/// How a search for weights ended. A report prints it beside the weighted figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    pub iterations: u32,
    /// The largest |weighted count − target| / target that is left.
    pub largest_error: f64,
    pub converged: bool,
}

/// The weight of each person, by cell of the sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Raked {
    pub weights: Vec<f64>,
    pub convergence: Convergence,
}

/// Iterative proportional fitting. Starting from the base weights, each margin in turn multiplies
/// the weights in its categories by target / weighted count, until all margins hold.
///
/// Of all weights that meet the margins these lie closest to the base weights, in the sense of
/// least Σ w log(w / base). They exist unless empty combinations of categories stand in the way;
/// then `converged` is false and the weights are those of the last sweep.
///
/// Source: W. E. Deming and F. F. Stephan (1940), Annals of Mathematical Statistics 11, 427–444.
/// Agrees with R's `survey::rake`.
pub fn rake(sample: &Sample, limits: Limits) -> Raked {
    let mut weights: Vec<f64> = sample.cells().iter().map(|cell| cell.base_weight).collect();
    let convergence = sweep(sample, limits, &mut weights, |weights| {
        for margin in 0..sample.margins().len() {
            scale_to_margin(sample, margin, weights);
        }
    });
    Raked {
        weights,
        convergence,
    }
}

fn scale_to_margin(sample: &Sample, margin: usize, weights: &mut [f64]) {
    let sums = sample.weighted_counts(margin, weights);
    let factors: Vec<f64> = sample.margins()[margin]
        .categories
        .iter()
        .zip(sums)
        .map(|(category, sum)| category.target / sum)
        .collect();
    for (weight, cell) in weights.iter_mut().zip(sample.cells()) {
        // A category that lost all its weight to others has no finite factor.
        let scaled = *weight * factors[cell.categories[margin]];
        if scaled.is_finite() {
            *weight = scaled;
        }
    }
}

/// Repeats `step` until the margins hold or the sweeps are used up.
pub(super) fn sweep(
    sample: &Sample,
    limits: Limits,
    weights: &mut [f64],
    mut step: impl FnMut(&mut [f64]),
) -> Convergence {
    let mut largest_error = sample.largest_margin_error(weights);
    let most_iterations = limits.most_sweeps(sample);
    let mut iterations = 0;
    while largest_error > limits.tolerance && iterations < most_iterations {
        step(weights);
        iterations += 1;
        largest_error = sample.largest_margin_error(weights);
    }
    Convergence {
        iterations,
        largest_error,
        converged: largest_error <= limits.tolerance,
    }
}
