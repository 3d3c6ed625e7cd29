//! Intervals for one share besides Wilson's, which is [`interval::wilson`](super::interval::wilson).
//!
//! All take the count `x` out of `n`, and fail when `n` is 0 or `x` is above `n`.

use super::{
    confidence::Confidence,
    float::of_count,
    interval::{Interval, IntervalError, rest_of},
    quantile::Beta,
};

/// The Clopper–Pearson interval, whose coverage is never below the level: for audits.
///
/// ```text
/// low:  P(X ≥ x) = α/2, the α/2 quantile of Beta(x, n − x + 1), 0 at x = 0
/// high: P(X ≤ x) = α/2, the 1 − α/2 quantile of Beta(x + 1, n − x), 1 at x = n
/// ```
///
/// Source: C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404–413.
pub fn clopper_pearson(x: u64, n: u64, confidence: Confidence) -> Result<Interval, IntervalError> {
    let rest = rest_of(x, n)?;
    Ok(Interval {
        low: exact_low(x, rest, confidence.tail()),
        high: exact_high(x, rest, confidence.tail()),
    })
}

/// The share p at which `x` or more out of `x + rest` have probability `tail`: tail^(1/n) at x = n.
pub(super) fn exact_low(x: u64, rest: u64, tail: f64) -> f64 {
    let (count, rest_count) = (of_count(x), of_count(rest));
    if x == 0 {
        0.0
    } else if rest == 0 {
        (tail.ln() / count).exp()
    } else {
        Beta::new(count, rest_count + 1.0).quantile(tail).part
    }
}

/// The share p at which `x` or fewer out of `x + rest` have probability `tail`: 1 − tail^(1/n) at
/// x = 0.
pub(super) fn exact_high(x: u64, rest: u64, tail: f64) -> f64 {
    let (count, rest_count) = (of_count(x), of_count(rest));
    if rest == 0 {
        1.0
    } else if x == 0 {
        -(tail.ln() / rest_count).exp_m1()
    } else {
        Beta::new(count + 1.0, rest_count).upper_quantile(tail).part
    }
}

/// The Jeffreys interval in the convention of Brown, Cai and `DasGupta`: the α/2 and 1 − α/2
/// quantiles of Beta(x + ½, n − x + ½), but 0 below at x = 0 and 1 above at x = n.
///
/// Source: L. D. Brown, T. T. Cai and A. `DasGupta` (2001), Statistical Science 16, 101–133.
pub fn jeffreys(x: u64, n: u64, confidence: Confidence) -> Result<Interval, IntervalError> {
    let quantiles = jeffreys_quantiles(x, n, confidence)?;
    Ok(Interval {
        low: if x == 0 { 0.0 } else { quantiles.low },
        high: if x == n { 1.0 } else { quantiles.high },
    })
}

/// The equal-tailed posterior interval under Jeffreys' prior as it is, also at x = 0 and x = n,
/// where it leaves out the share that was observed. For comparison with software that reports it.
pub fn jeffreys_quantiles(
    x: u64,
    n: u64,
    confidence: Confidence,
) -> Result<Interval, IntervalError> {
    let rest = rest_of(x, n)?;
    let posterior = Beta::new(of_count(x) + 0.5, of_count(rest) + 0.5);
    Ok(Interval {
        low: posterior.quantile(confidence.tail()).part,
        high: posterior.upper_quantile(confidence.tail()).part,
    })
}

/// The Agresti–Coull interval: Wald's after adding z²/2 to both counts, cut to 0 and 1.
///
/// Source: A. Agresti and B. A. Coull (1998), The American Statistician 52, 119–126.
pub fn agresti_coull(x: u64, n: u64, confidence: Confidence) -> Result<Interval, IntervalError> {
    let rest = rest_of(x, n)?;
    let z = confidence.z();
    let added = z * z / 2.0;
    Ok(wald_of(of_count(x) + added, of_count(rest) + added, z))
}

/// The textbook interval p ± z √(p (1 − p) / n), cut to 0 and 1. Only to show beside a better one:
/// it has no width at x = 0 and x = n, and covers far less than its level for small n.
pub fn wald(x: u64, n: u64, confidence: Confidence) -> Result<Interval, IntervalError> {
    let rest = rest_of(x, n)?;
    Ok(wald_of(of_count(x), of_count(rest), confidence.z()))
}

fn wald_of(count: f64, rest: f64, z: f64) -> Interval {
    let total = count + rest;
    let (share, rest_share) = (count / total, rest / total);
    Interval::around(share, z * (share * rest_share / total).sqrt()).within(0.0, 1.0)
}

/// The Wilson interval with continuity correction, of coverage close to that of Clopper–Pearson:
///
/// ```text
/// low  = (2x + z² − 1 − z √(z² − 2 − 1/n + 4 p (n − x + 1))) / (2 (n + z²)),   0 at x = 0
/// high = (2x + z² + 1 + z √(z² + 2 − 1/n + 4 p (n − x − 1))) / (2 (n + z²)),   1 at x = n
/// ```
///
/// Source: R. G. Newcombe (1998), Statistics in Medicine 17, 857–872, method 4.
pub fn wilson_with_correction(
    x: u64,
    n: u64,
    confidence: Confidence,
) -> Result<Interval, IntervalError> {
    let rest = rest_of(x, n)?;
    let (count, rest_count, z) = (of_count(x), of_count(rest), confidence.z());
    let total = count + rest_count;
    let share = count / total;
    let z2 = z * z;
    let root = |side: f64| {
        let square = z2 - side * 2.0 - 1.0 / total + 4.0 * share * (rest_count + side);
        z * square.max(0.0).sqrt()
    };
    let limit = |side: f64| (2.0 * count + z2 - side * (1.0 + root(side))) / (2.0 * (total + z2));
    Ok(Interval {
        low: if x == 0 {
            0.0
        } else {
            limit(1.0).clamp(0.0, share)
        },
        high: if rest == 0 {
            1.0
        } else {
            limit(-1.0).clamp(share, 1.0)
        },
    })
}
