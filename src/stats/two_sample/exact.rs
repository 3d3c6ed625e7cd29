//! The exact permutation test of Mann and Whitney's U, given the ties.

use super::{Column, TwoGroups};
use crate::stats::{float::of_count, mass::ln_binomial};

/// Exact p values. A p counts every division of the same answers into groups of these sizes as
/// equally likely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExactP {
    /// The chance of a U at least as far from its mean, on either side.
    pub two_sided: f64,
    /// The chance that the first group agrees as much as it did or more: small when it agrees more.
    pub first_agrees_more: f64,
    /// The chance that the first group agrees as little as it did or less.
    pub first_agrees_less: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are too many ways to divide these answers to count them all; use an approximation")]
pub struct ExactError;

/// Steps of the sum over divisions: about a tenth of a second.
const MOST_STEPS: usize = 10_000_000;

/// The largest smaller group for which the sum is tried.
const MOST_IN_SMALLER_GROUP: u64 = 20_000;

/// Sums over all ways to divide the answers, one scale point after the other: how likely is it that
/// of those seen so far m belong to the smaller group and their ranks sum to s? Points with the
/// fewest answers come first and the largest last, where what is left decides; so five points and
/// some hundred people take well under a millisecond.
///
/// The chance of a of tⱼ is C(tⱼ, a) up to factors that do not depend on the division. Binomial
/// probabilities at the share of the smaller group have the same ratio and stay within range.
///
/// Source: B. Streitberg and J. Röhmel (1986), "Exact distributions for permutation and rank tests",
/// Statistical Software Newsletter 12, 10–17. Agrees with R's `coin` and, without ties, with
/// `scipy.stats.mannwhitneyu(method="exact")`.
///
/// # Errors
/// The groups are so large, and the answers so varied, that the sum would take too long.
pub fn exact_permutation(groups: &TwoGroups) -> Result<ExactP, ExactError> {
    let (first, second) = groups.sizes();
    let is_swapped = second < first;
    let (size, other) = (first.min(second), first.max(second));
    if size > MOST_IN_SMALLER_GROUP {
        return Err(ExactError);
    }
    let mut columns = groups.columns();
    columns.sort_by_key(Column::tied);
    let observed: i128 = columns
        .iter()
        .map(|column| {
            let part = if is_swapped {
                column.second
            } else {
                column.first
            };
            i128::from(part) * i128::from(column.doubled_rank())
        })
        .sum();
    let all = of_count(first + second);
    let shares = (of_count(size) / all, of_count(other) / all);
    let sums = Sums::over(&columns, size, first + second, shares)?;
    let p = |counts_as: &dyn Fn(i128) -> bool| sums.share(counts_as);
    let upper = p(&|sum| sum >= observed);
    let lower = p(&|sum| sum <= observed);
    Ok(ExactP {
        two_sided: p(&|sum| sum.abs() >= observed.abs()),
        first_agrees_more: if is_swapped { lower } else { upper },
        first_agrees_less: if is_swapped { upper } else { lower },
    })
}

/// Rank sums in ascending order, each with its weight.
type Row = Vec<(i128, f64)>;

struct Sums(Row);

impl Sums {
    /// The sums of `size` out of `all` answers.
    fn over(
        columns: &[Column],
        size: u64,
        all: u64,
        shares: (f64, f64),
    ) -> Result<Self, ExactError> {
        let mut steps = 0;
        // The row at m holds the sums of m answers.
        let mut rows: Vec<(u64, Row)> = vec![(0, vec![(0, 1.0)])];
        let mut seen = 0;
        for column in columns {
            let tied = column.tied();
            seen += tied;
            // What the columns still to come cannot supply has to be there already.
            let least = size.saturating_sub(all - seen);
            let most = size.min(seen);
            let rank = i128::from(column.doubled_rank());
            let weights: Vec<f64> = (0..=tied.min(size))
                .map(|here| ln_binomial(here, tied, shares.0, shares.1).exp())
                .collect();
            let mut next = Vec::new();
            for members in least..=most {
                let mut merged = Row::new();
                for (before, row) in &rows {
                    steps += 1 + merged.len() + row.len();
                    if steps > MOST_STEPS {
                        return Err(ExactError);
                    }
                    let Some(here) = members.checked_sub(*before) else {
                        continue;
                    };
                    let weight = usize::try_from(here)
                        .ok()
                        .and_then(|here| weights.get(here));
                    let Some(weight) = weight else { continue };
                    let moved = i128::from(here) * rank;
                    merged = merge(merged, row.iter().map(|(s, w)| (s + moved, w * weight)));
                }
                next.push((members, merged));
            }
            rows = next;
        }
        // After the last column only the row of `size` is left.
        Ok(Self(rows.pop().map(|(_, row)| row).unwrap_or_default()))
    }

    /// The weight of those that count, as a share of all.
    fn share(&self, counts: &dyn Fn(i128) -> bool) -> f64 {
        let (mut part, mut all) = (0.0, 0.0);
        for (sum, weight) in &self.0 {
            all += weight;
            if counts(*sum) {
                part += weight;
            }
        }
        (part / all).min(1.0)
    }
}

/// Two ascending rows as one; equal sums become one entry.
fn merge(row: Row, other: impl ExactSizeIterator<Item = (i128, f64)>) -> Row {
    let mut result = Row::with_capacity(row.len() + other.len());
    let mut rest = row.into_iter().peekable();
    for (sum, weight) in other {
        while let Some(entry) = rest.next_if(|entry| entry.0 < sum) {
            result.push(entry);
        }
        let equal = rest.next_if(|entry| entry.0 == sum);
        result.push((sum, weight + equal.map_or(0.0, |entry| entry.1)));
    }
    result.extend(rest);
    result
}
