//! `McNemar`'s test of a change between two answers.

use crate::stats::{float::of_count, mass::ln_binomial, quantile::normal_upper};

/// All p values are two-sided, and 1 when nobody changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// Binomial. Never too small, but often far too large. None above 10¹² changes, where it equals
    /// `corrected_p` in every digit that matters.
    pub exact_p: Option<f64>,
    /// Exact with half the chance of the observed table taken off: the one to report. None as above.
    pub mid_p: Option<f64>,
    /// (b − c)² / (b + c), with one degree of freedom.
    pub statistic: f64,
    pub p: f64,
    /// (|b − c| − 1)² / (b + c), and 0 when b = c.
    pub corrected_statistic: f64,
    pub corrected_p: f64,
}

/// The tail is summed from its largest term on, which takes up to about five standard deviations.
const MOST_CHANGES: u128 = 1_000_000_000_000;

/// `first_only` people said yes the first time only and `second_only` the second time only; those
/// who did not change do not matter.
///
/// Source: Q. `McNemar` (1947), Psychometrika 12, 153–157; corrected by A. L. Edwards (1948); mid-p
/// recommended by M. W. Fagerland, S. Lydersen and P. Laake (2013), BMC Medical Research Methodology
/// 13, 91. Agrees with statsmodels' `mcnemar` and R's `mcnemar.test`.
pub fn mcnemar(first_only: u64, second_only: u64) -> McNemar {
    let changes = u128::from(first_only) + u128::from(second_only);
    let apart = of_count(first_only.abs_diff(second_only));
    let deviation = (of_count(first_only) + of_count(second_only)).sqrt();
    let score = |distance: f64| {
        if changes == 0 {
            0.0
        } else {
            distance / deviation
        }
    };
    let (plain, corrected) = (score(apart), score((apart - 1.0).max(0.0)));
    // A chi-squared with one degree of freedom is the square of a normal one.
    let p_of = |score: f64| (2.0 * normal_upper(score)).min(1.0);
    let exact = (changes <= MOST_CHANGES).then(|| binomial(first_only, second_only));
    McNemar {
        exact_p: exact.map(|(exact, _)| exact),
        mid_p: exact.map(|(_, mid)| mid),
        statistic: plain * plain,
        p: p_of(plain),
        corrected_statistic: corrected * corrected,
        corrected_p: p_of(corrected),
    }
}

/// The exact p and the mid-p of a fair coin's throws.
fn binomial(heads: u64, tails: u64) -> (f64, f64) {
    const NEGLIGIBLE: f64 = 1e-18;
    let (fewer, throws) = (heads.min(tails), heads + tails);
    if throws == 0 || heads == tails {
        return (1.0, 1.0);
    }
    let mass = ln_binomial(fewer, throws, 0.5, 0.5).exp();
    let (mut term, mut sum) = (1.0, 1.0);
    for below in (1..=fewer).rev() {
        term *= of_count(below) / of_count(throws - below + 1);
        sum += term;
        if term < NEGLIGIBLE * sum {
            break;
        }
    }
    let exact = 2.0 * mass * sum;
    (exact.min(1.0), (exact - mass).clamp(0.0, 1.0))
}
