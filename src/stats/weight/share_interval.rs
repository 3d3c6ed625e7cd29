//! Intervals for a weighted share.

use super::estimate::Estimate;
use crate::stats::{
    confidence::Confidence,
    interval::Interval,
    quantile::{self, QuantileError},
};

/// How the interval of a weighted share is found. The plain t interval is
/// [`Estimate::t_limits`]; it may leave 0 to 1 and is for comparison only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareMethod {
    /// logit p ± t · SE / (p (1 − p)), turned back into shares. The default. Agrees with R's
    /// `survey::svyciprop`, methods "logit" and "xlogit".
    Logit,
    /// Clopper–Pearson limits for n* = p (1 − p) / SE² people: for shares near 0 or 1. Source:
    /// E. L. Korn and B. I. Graubard (1998), Survey Methodology 24, 193–201. Agrees with R's
    /// `svyciprop`, method "beta".
    KornGraubard,
    /// The shares q that a Rao–Scott corrected likelihood ratio does not reject:
    /// p log (p/q) + (1 − p) log ((1 − p)/(1 − q)) ≤ t² SE² n / (2 (n − 1) p (1 − p)). Source:
    /// J. N. K. Rao and A. J. Scott (1984), Annals of Statistics 12, 46–60. R's `svyciprop`, method
    /// "likelihood", reads the limits off a spline and so differs from the fifth digit on.
    Likelihood,
    /// Wilson's limits for Kish's effective number of people. It knows nothing of the answers
    /// beyond p, and so also serves where all of them are the same.
    WilsonEffective,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ShareIntervalError {
    #[error("a share lies between 0 and 1, and this one is {0}")]
    NotAShare(f64),
    #[error("all answers are the same, so this method has no interval: use Wilson's")]
    AllTheSame,
    #[error("everyone eligible answered, so there is no sampling range")]
    Census,
    #[error("a standard error is a number from 0 up, and this one is {0}")]
    NotAnError(f64),
    #[error("an effective number of people lies between 1 and 1e150, and this one is {0}")]
    EffectivePeople(f64),
    #[error(transparent)]
    Quantile(#[from] QuantileError),
}

/// The interval of a share from its estimate and, for Wilson's, Kish's effective n.
pub fn share_interval(
    estimate: &Estimate,
    effective_people: f64,
    method: ShareMethod,
    confidence: Confidence,
) -> Result<Interval, ShareIntervalError> {
    let share = estimate.mean;
    // A weighted mean of ones may miss 1 by a rounding error.
    if !(-1e-12..=1.0 + 1e-12).contains(&share) {
        return Err(ShareIntervalError::NotAShare(share));
    }
    if !(estimate.standard_error.is_finite() && estimate.standard_error >= 0.0) {
        return Err(ShareIntervalError::NotAnError(estimate.standard_error));
    }
    if method == ShareMethod::WilsonEffective {
        return wilson_effective(share.clamp(0.0, 1.0), effective_people, confidence);
    }
    let spread = share * (1.0 - share);
    if spread < 1e-12 {
        return Err(ShareIntervalError::AllTheSame);
    }
    if estimate.standard_error == 0.0 {
        return Err(ShareIntervalError::Census);
    }
    match method {
        ShareMethod::KornGraubard => korn_graubard(estimate, confidence),
        ShareMethod::Likelihood => likelihood(estimate, confidence),
        ShareMethod::Logit | ShareMethod::WilsonEffective => logit(estimate, confidence),
    }
}

fn logit(estimate: &Estimate, confidence: Confidence) -> Result<Interval, ShareIntervalError> {
    let share = estimate.mean;
    let spread = share * (1.0 - share);
    let centre = (share / (1.0 - share)).ln();
    let margin = estimate.t(confidence)? * estimate.standard_error / spread;
    Ok(Interval {
        low: inverse_logit(centre - margin),
        high: inverse_logit(centre + margin),
    })
}

fn korn_graubard(
    estimate: &Estimate,
    confidence: Confidence,
) -> Result<Interval, ShareIntervalError> {
    let share = estimate.mean;
    let people = share * (1.0 - share) / estimate.standard_error.powi(2);
    let tail = (1.0 - confidence.level()) / 2.0;
    let (chosen, others) = (people * share, people * (1.0 - share));
    Ok(Interval {
        low: quantile::beta(tail, chosen, others + 1.0)?.clamp(0.0, 1.0),
        high: quantile::beta(1.0 - tail, chosen + 1.0, others)?.clamp(0.0, 1.0),
    })
}

fn likelihood(estimate: &Estimate, confidence: Confidence) -> Result<Interval, ShareIntervalError> {
    let share = estimate.mean;
    let people = estimate.degrees_of_freedom + 1.0;
    let t = estimate.t(confidence)?;
    let allowed = (t * estimate.standard_error).powi(2) * (people / estimate.degrees_of_freedom)
        / (2.0 * share * (1.0 - share));
    let divergence =
        |q: f64| share * (share / q).ln() + (1.0 - share) * ((1.0 - share) / (1.0 - q)).ln();
    Ok(Interval {
        low: crossing(share, 0.0, |q| divergence(q) > allowed),
        high: crossing(share, 1.0, |q| divergence(q) > allowed),
    })
}

/// Where `is_outside` turns true on the way from `inside` to `outside`, by halving.
fn crossing(mut inside: f64, mut outside: f64, is_outside: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(inside, outside);
        if is_outside(middle) {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    f64::midpoint(inside, outside)
}

fn wilson_effective(
    share: f64,
    people: f64,
    confidence: Confidence,
) -> Result<Interval, ShareIntervalError> {
    if !(1.0 - 1e-9..=1e150).contains(&people) {
        return Err(ShareIntervalError::EffectivePeople(people));
    }
    let z2 = confidence.z().powi(2);
    let radius = (z2 * people * (share * (1.0 - share)) + z2 * z2 / 4.0).sqrt();
    let upper_sum = people * share + z2 / 2.0 + radius;
    // Written as in `interval::wilson`, to which this is equal for equal weights.
    Ok(Interval {
        low: (share * (people * share / upper_sum)).clamp(0.0, share),
        high: (upper_sum / (people + z2)).clamp(share, 1.0),
    })
}

fn inverse_logit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
