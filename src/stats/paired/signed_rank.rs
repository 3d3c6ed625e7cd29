//! Wilcoxon's signed-rank test.

use crate::stats::{float::of_count, quantile::normal_upper};

/// How people's second answers differ from their first: the numbers of those who did not move, and
/// of those who moved up or down by each size, from the smallest size on. Only the order of the
/// sizes matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differences {
    zeros: u64,
    /// Up and down.
    by_size: Vec<(u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at most {} differences can be ranked", Differences::MOST_PEOPLE)]
pub struct SignedRankError;

/// What to do with those who did not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zeros {
    /// Leave them out before ranking (F. Wilcoxon 1945).
    Wilcoxon,
    /// Rank them with the others, then leave their ranks out (J. W. Pratt 1959, JASA 54, 655–667):
    /// the one to report, as moving by one point means more when few move at all.
    Pratt,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRank {
    /// Sum of the ranks of those who moved up.
    pub up: f64,
    /// Sum of the ranks of those who moved down.
    pub down: f64,
    /// Two-sided, by the normal approximation with correction for ties.
    pub p: f64,
    /// The same with half a rank taken off the distance as continuity correction.
    pub p_corrected: f64,
}

impl Differences {
    /// Up to here every count and sum of counts is exact as a float too.
    pub const MOST_PEOPLE: u64 = 1 << 53;

    pub fn new(zeros: u64, by_size: &[(u64, u64)]) -> Result<Self, SignedRankError> {
        let moved = by_size
            .iter()
            .map(|(up, down)| u128::from(*up) + u128::from(*down));
        if u128::from(zeros) + moved.sum::<u128>() > u128::from(Self::MOST_PEOPLE) {
            return Err(SignedRankError);
        }
        Ok(Self {
            zeros,
            by_size: by_size.to_vec(),
        })
    }

    /// From a table with a row for each first and a column for each second answer, both from the
    /// most agreeing on; up is towards more agreement, and the size is the number of points. A row
    /// or column that is missing counts as empty.
    pub fn of_table<R: AsRef<[u64]>>(rows: &[R]) -> Result<Self, SignedRankError> {
        let points = rows
            .iter()
            .map(|row| row.as_ref().len())
            .fold(rows.len(), usize::max);
        let mut zeros = 0_u64;
        let mut by_size = vec![(0_u64, 0_u64); points.saturating_sub(1)];
        for (from, row) in rows.iter().enumerate() {
            for (to, count) in row.as_ref().iter().enumerate() {
                let cell = match from.abs_diff(to).checked_sub(1) {
                    None => &mut zeros,
                    Some(size) if to < from => &mut by_size[size].0,
                    Some(size) => &mut by_size[size].1,
                };
                *cell = cell.checked_add(*count).ok_or(SignedRankError)?;
            }
        }
        Self::new(zeros, &by_size)
    }
}

/// Tests whether people moved up as much as down.
///
/// ```text
/// mean = Σ tⱼ rⱼ / 2      variance = Σ tⱼ rⱼ² / 4
/// ```
///
/// of the sum of ranks going up, with tⱼ people at the mid-rank rⱼ; this holds for ties and for both
/// ways to treat those who did not move. p = 1 when nobody moved.
///
/// Source: F. Wilcoxon (1945), Biometrics Bulletin 1, 80–83. Agrees with
/// `scipy.stats.wilcoxon(method="asymptotic")` and R's `wilcox.test(exact=FALSE)`.
pub fn signed_rank(differences: &Differences, zeros: Zeros) -> SignedRank {
    let mut ranked = match zeros {
        Zeros::Wilcoxon => 0,
        Zeros::Pratt => differences.zeros,
    };
    let (mut up, mut down, mut squares) = (0.0, 0.0, 0.0);
    for (of_up, of_down) in &differences.by_size {
        let tied = of_up + of_down;
        let rank = of_count(ranked) + f64::midpoint(of_count(tied), 1.0);
        ranked += tied;
        up += of_count(*of_up) * rank;
        down += of_count(*of_down) * rank;
        squares += of_count(tied) * rank * rank;
    }
    let distance = (up - down).abs() / 2.0;
    let deviation = squares.sqrt() / 2.0;
    let p_at = |distance: f64| {
        if deviation > 0.0 {
            (2.0 * normal_upper(distance.max(0.0) / deviation)).min(1.0)
        } else {
            1.0
        }
    };
    SignedRank {
        up,
        down,
        p: p_at(distance),
        p_corrected: p_at(distance - 0.5),
    }
}
