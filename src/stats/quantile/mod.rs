//! Quantiles and tails of the distributions that the other modules need, behind one door.
//!
//! The normal quantile is that of statrs, which agrees with scipy to 3 × 10⁻¹⁶. Everything else is
//! worked out here, because statrs loses its digits as counts grow, and from some tens of millions
//! on does not return. Each search ends after a fixed number of steps.

mod beta;
mod discrete;
mod gamma;
mod special;
mod student_t;

pub(super) use beta::{Beta, Share};
pub use discrete::{binomial_lower, hypergeometric_lower, hypergeometric_upper};
pub(super) use discrete::{poisson_between, poisson_pmf};
use gamma::{Gamma, Side};
use statrs::distribution::{ContinuousCDF, Normal};
pub use student_t::{student_t, student_t_upper};

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum QuantileError {
    #[error("a probability lies between 0 and 1, and this one is {0}")]
    NotAProbability(f64),
    #[error("a parameter of the distribution is positive and finite, and this one is {0}")]
    NotAParameter(f64),
    #[error("{part} of {whole} are more than all")]
    MoreThanAll { part: u64, whole: u64 },
}

/// z with P(Z ≤ z) = p for a standard normal Z, 0 < p < 1.
pub fn normal(p: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    Ok(normal_of_small(p))
}

/// z with P(Z ≤ z) = p, for a p that is known to lie between 0 and 1.
fn normal_of_small(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// P(Z > z): half the tail of a gamma variable with shape ½ above z²/2. Not a number for a z that
/// is none.
pub fn normal_upper(z: f64) -> f64 {
    let x = z * z / 2.0;
    if x.is_nan() {
        return f64::NAN;
    }
    if x == 0.0 {
        return 0.5;
    }
    if x.is_infinite() {
        return if z > 0.0 { 0.0 } else { 1.0 };
    }
    let upper = Gamma::new(0.5).tail(x, Side::Upper).probability() / 2.0;
    if z > 0.0 { upper } else { 1.0 - upper }
}

/// x with P(X ≤ x) = p for a chi-squared X with `df` degrees of freedom, which need not be whole.
pub fn chi_squared(p: f64, df: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    parameter(df)?;
    Ok(2.0 * Gamma::new(df / 2.0).quantile(p, Side::Lower))
}

/// P(X > x) for a chi-squared X.
pub fn chi_squared_upper(x: f64, df: f64) -> Result<f64, QuantileError> {
    parameter(df)?;
    Ok(gamma_tail(x / 2.0, df / 2.0, Side::Upper))
}

fn gamma_tail(x: f64, shape: f64, side: Side) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    let (at_zero, at_infinity) = match side {
        Side::Lower => (0.0, 1.0),
        Side::Upper => (1.0, 0.0),
    };
    if x <= 0.0 {
        at_zero
    } else if x.is_infinite() {
        at_infinity
    } else {
        Gamma::new(shape).tail(x, side).probability()
    }
}

/// x with P(X ≤ x) = p for a Beta(a, b) X.
pub fn beta(p: f64, a: f64, b: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    parameter(a)?;
    parameter(b)?;
    Ok(Beta::new(a, b).quantile(p).part)
}

/// P(X ≤ x) for a Beta(a, b) X. Not a number for an x that is none.
pub fn beta_lower(x: f64, a: f64, b: f64) -> Result<f64, QuantileError> {
    parameter(a)?;
    parameter(b)?;
    Ok(beta_tail(Share::of(x), a, b))
}

/// P(X ≤ x) for a Beta(a, b) X with parameters known to be good.
fn beta_tail(at: Share, a: f64, b: f64) -> f64 {
    if at.part.is_nan() {
        f64::NAN
    } else if at.part <= 0.0 {
        0.0
    } else if at.rest <= 0.0 {
        1.0
    } else {
        Beta::new(a, b).lower(at).probability()
    }
}

/// x with P(X ≤ x) = p for Fisher's F with `d1` and `d2` degrees of freedom: d₂/d₁ times the odds
/// of a Beta(d₁/2, d₂/2) variable.
pub fn fisher_f(p: f64, d1: f64, d2: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    parameter(d1)?;
    parameter(d2)?;
    let share = Beta::new(d1 / 2.0, d2 / 2.0).quantile(p);
    Ok(share.part / d1 * (d2 / share.rest))
}

/// P(X > x) for Fisher's F. Not a number for an x that is none.
pub fn fisher_f_upper(x: f64, d1: f64, d2: f64) -> Result<f64, QuantileError> {
    parameter(d1)?;
    parameter(d2)?;
    let odds = d1 / d2 * x;
    if odds.is_infinite() && x > 0.0 {
        return Ok(0.0);
    }
    let share = Share {
        part: odds / (1.0 + odds),
        rest: 1.0 / (1.0 + odds),
    };
    if x <= 0.0 {
        return Ok(1.0);
    }
    Ok(beta_tail(share.swap(), d2 / 2.0, d1 / 2.0))
}

fn probability(p: f64) -> Result<(), QuantileError> {
    if p > 0.0 && p < 1.0 {
        Ok(())
    } else {
        Err(QuantileError::NotAProbability(p))
    }
}

/// A parameter between 10⁻¹⁵⁰ and 10¹⁵⁰, so that a product of two is a float, too.
fn parameter(value: f64) -> Result<(), QuantileError> {
    if (1e-150..=1e150).contains(&value) {
        Ok(())
    } else {
        Err(QuantileError::NotAParameter(value))
    }
}
