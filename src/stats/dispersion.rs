//! How far the answers on an ordered scale lie apart.
//!
//! `counts` has one entry a scale point, in the order of the scale; its direction does not matter.
//! All measures are None when there are no answers, fewer than two points or more than
//! [`MOST_POINTS`], and have no unit.

use super::{
    float::of_count,
    ordinal::{MOST_POINTS, agreement_a},
};

/// Tastle and Wierman's consensus Cns, from 0 (half on each end) to 1 (all on one point):
///
/// ```text
/// Cns = 1 + Σ pᵢ log₂(1 − |xᵢ − μ| / (k − 1)),    μ = Σ pᵢ xᵢ
/// ```
///
/// with the points numbered 1 to k. It takes them to be equally far apart, as a mean does.
///
/// Source: W. J. Tastle and M. J. Wierman (2007), "Consensus and dissention: a measure of ordinal
/// dispersion", International Journal of Approximate Reasoning 45, 531–545. Agrees with R's
/// `agrmt::consensus`.
pub fn consensus(counts: &[u64]) -> Option<f64> {
    let total = total_of(counts)?;
    let width = of_count(counts.len() as u64 - 1);
    let shares: Vec<(f64, f64)> = (0_u64..)
        .zip(counts)
        .map(|(point, count)| (of_count(point), of_count(*count) / total))
        .collect();
    let mean: f64 = shares.iter().map(|(point, share)| point * share).sum();
    // 1 − |x − μ| / (k − 1), as a sum of terms that are all positive: one answer among 10²⁰ at the
    // far end must not come out as the logarithm of nought.
    let closeness = |point: f64| -> f64 {
        let near = |other: f64| {
            let apart = if point > mean {
                point - other
            } else {
                other - point
            };
            (width - apart) / width
        };
        shares
            .iter()
            .map(|(other, share)| share * near(*other))
            .sum()
    };
    let sum: f64 = shares
        .iter()
        .filter(|(_, share)| *share > 0.0)
        .map(|(point, share)| share * closeness(*point).log2())
        .sum();
    Some((1.0 + sum).clamp(0.0, 1.0))
}

/// Leik's ordinal dispersion D, from 0 (all on one point) to 1 (half on each end):
///
/// ```text
/// D = 2 Σ dᵢ / (k − 1),    dᵢ = Fᵢ if Fᵢ < ½, else 1 − Fᵢ
/// ```
///
/// with Fᵢ the share of answers up to point i. It uses the order of the points only.
///
/// Source: R. K. Leik (1966), "A measure of ordinal consensus", Pacific Sociological Review 9,
/// 85–90. Agrees with R's `agrmt::Leik`.
pub fn leik_d(counts: &[u64]) -> Option<f64> {
    let total = total_of(counts)?;
    let mut so_far = 0.0;
    let sum: f64 = counts
        .iter()
        .map(|count| {
            so_far += of_count(*count);
            (so_far / total).min(1.0)
        })
        .map(|share| share.min(1.0 - share))
        .sum();
    Some((2.0 * sum / of_count(counts.len() as u64 - 1)).clamp(0.0, 1.0))
}

/// Polarisation (1 − A) / 2 with van der Eijk's A: 0 when all answers are on one point, ½ when they
/// spread evenly, 1 when they split in half between the ends.
pub fn polarisation(counts: &[u64]) -> Option<f64> {
    agreement_a(counts).map(|agreement| f64::midpoint(1.0, -agreement))
}

fn total_of(counts: &[u64]) -> Option<f64> {
    let total: f64 = counts.iter().map(|count| of_count(*count)).sum();
    ((2..=MOST_POINTS).contains(&counts.len()) && total > 0.0).then_some(total)
}
