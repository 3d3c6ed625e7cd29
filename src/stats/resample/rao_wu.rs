//! The bootstrap of weighted answers.

use super::{
    BootstrapError, OnProgress, Plan, Strata,
    draw::{Draws, draw},
};
use crate::stats::float::of_count;

/// People with the same answers and the same weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    pub people: u64,
    /// Of each of them.
    pub weight: f64,
}

/// Rao and Wu's rescaled bootstrap: in a stratum of n people, n − 1 are drawn and each counts with
/// n / (n − 1) of their weight, which gives a weighted total the variance of a sample drawn with
/// replacement. `statistic` is given the weighted number of people of each type, the strata one
/// after the other; if weights were raked, it should rake them again.
///
/// Source: J. N. K. Rao, C. F. J. Wu and K. Yue (1992), "Some recent work on resampling methods for
/// complex surveys", Survey Methodology 18, 209–217.
///
/// # Errors
/// A weight is not a positive number, a stratum has one person only, or as for
/// [`bootstrap`](super::bootstrap).
pub fn rao_wu<T: Send>(
    strata: &[Vec<Weighted>],
    plan: Plan,
    on_progress: OnProgress<'_>,
    statistic: impl Fn(&[f64]) -> T + Sync,
) -> Result<Vec<T>, BootstrapError> {
    let weights = strata.iter().flatten().map(|kind| kind.weight);
    if let Some(wrong) = weights
        .into_iter()
        .find(|weight| !(*weight > 0.0 && weight.is_finite()))
    {
        return Err(BootstrapError::Weight(wrong));
    }
    let people = strata
        .iter()
        .map(|types| types.iter().map(|kind| kind.people).collect())
        .collect();
    let drawn_from = Strata::new(people)?;
    let mut scales = Vec::new();
    for (types, counts) in strata.iter().zip(&drawn_from.strata) {
        let size: u64 = counts.iter().sum();
        if size < 2 {
            return Err(BootstrapError::LonelyStratum);
        }
        let rescaled = of_count(size) / of_count(size - 1);
        scales.extend(types.iter().map(|kind| kind.weight * rescaled));
    }
    draw(&drawn_from, plan, Draws::OneFewer, on_progress, |sample| {
        let weighted: Vec<f64> = sample
            .iter()
            .zip(&scales)
            .map(|(count, scale)| of_count(*count) * scale)
            .collect();
        statistic(&weighted)
    })
}
