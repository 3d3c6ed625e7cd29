//! Mann and Whitney's U by its normal approximation.

use super::{TwoGroups, of_difference};
use crate::stats::{float::of_count, quantile::normal_upper};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// Pairs in which the one of the first group agrees more, ties counted half.
    pub u_first: f64,
    pub u_second: f64,
    /// Two-sided, with half a pair taken off the distance as continuity correction.
    pub p_corrected: f64,
    /// Two-sided, without.
    pub p: f64,
}

/// Tests whether two groups answer alike, on the condition that if they do not, one is the other
/// moved along the scale. Corrected for ties, of which a short scale is full:
///
/// ```text
/// U₁ − n₁n₂/2 = Σ aⱼ dⱼ        Var U = n₁ n₂ / (n (n − 1)) · Σ tⱼ dⱼ²
/// ```
///
/// with aⱼ of the first group and tⱼ of all on point j, whose mid-rank is dⱼ above the middle one.
/// p = 1 when all answers are on one point.
///
/// Source: H. B. Mann and D. R. Whitney (1947), Annals of Mathematical Statistics 18, 50–60; the
/// correction for ties as in `scipy.stats.mannwhitneyu(method="asymptotic")` and R's `wilcox.test`.
pub fn mann_whitney(groups: &TwoGroups) -> MannWhitney {
    let (first, second) = groups.sizes();
    let (first, second) = (of_count(first), of_count(second));
    let all = first + second;
    let (mut distance, mut squares) = (0.0, 0.0);
    // Each U as a sum of its pairs, as the difference from half of them could come out below 0.
    let (mut u_first, mut u_second) = (0.0, 0.0);
    for column in groups.columns() {
        let rank = of_difference(column.doubled_rank()) / 2.0;
        distance += of_count(column.first) * rank;
        squares += of_count(column.tied()) * rank * rank;
        let (here, beside) = (of_count(column.first), of_count(column.second));
        u_first += here * (of_count(column.second_below) + beside / 2.0);
        u_second += beside * (of_count(column.first_below) + here / 2.0);
    }
    let deviation = (first / all * (second / (all - 1.0)) * squares).sqrt();
    let p_at = |distance: f64| {
        if deviation > 0.0 {
            (2.0 * normal_upper(distance.max(0.0) / deviation)).min(1.0)
        } else {
            1.0
        }
    };
    MannWhitney {
        u_first,
        u_second,
        p_corrected: p_at(distance.abs() - 0.5),
        p: p_at(distance.abs()),
    }
}
