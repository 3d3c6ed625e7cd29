//! Quantiles and tails of the distributions that the other modules need, behind one door.

use statrs::distribution::{Beta, ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum QuantileError {
    #[error("a probability lies between 0 and 1, and this one is {0}")]
    NotAProbability(f64),
    #[error("a parameter of the distribution is positive and finite, and this one is {0}")]
    NotAParameter(f64),
}

/// z with P(Z ≤ z) = p for a standard normal Z, 0 < p < 1.
pub fn normal(p: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    Ok(Normal::standard().inverse_cdf(p))
}

/// P(Z > z).
pub fn normal_upper(z: f64) -> f64 {
    Normal::standard().sf(z)
}

/// x with P(X ≤ x) = p for a chi-squared X with `df` degrees of freedom.
pub fn chi_squared(p: f64, df: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    let distribution = ChiSquared::new(df).map_err(|_| QuantileError::NotAParameter(df))?;
    Ok(distribution.inverse_cdf(p))
}

/// P(X > x) for a chi-squared X.
pub fn chi_squared_upper(x: f64, df: f64) -> Result<f64, QuantileError> {
    let distribution = ChiSquared::new(df).map_err(|_| QuantileError::NotAParameter(df))?;
    Ok(distribution.sf(x))
}

/// t with P(T ≤ t) = p for Student's T with `df` degrees of freedom, which need not be whole.
pub fn student_t(p: f64, df: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    let distribution =
        StudentsT::new(0.0, 1.0, df).map_err(|_| QuantileError::NotAParameter(df))?;
    Ok(distribution.inverse_cdf(p))
}

/// P(T > t) for Student's T.
pub fn student_t_upper(t: f64, df: f64) -> Result<f64, QuantileError> {
    let distribution =
        StudentsT::new(0.0, 1.0, df).map_err(|_| QuantileError::NotAParameter(df))?;
    Ok(distribution.sf(t))
}

/// x with P(X ≤ x) = p for a Beta(a, b) X.
pub fn beta(p: f64, a: f64, b: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    let distribution = Beta::new(a, b).map_err(|_| QuantileError::NotAParameter(a.min(b)))?;
    Ok(distribution.inverse_cdf(p))
}

/// P(X ≤ x) for a Beta(a, b) X.
pub fn beta_lower(x: f64, a: f64, b: f64) -> Result<f64, QuantileError> {
    let distribution = Beta::new(a, b).map_err(|_| QuantileError::NotAParameter(a.min(b)))?;
    Ok(distribution.cdf(x))
}

/// x with P(X ≤ x) = p for Fisher's F with `d1` and `d2` degrees of freedom.
pub fn fisher_f(p: f64, d1: f64, d2: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    let distribution =
        FisherSnedecor::new(d1, d2).map_err(|_| QuantileError::NotAParameter(d1.min(d2)))?;
    Ok(distribution.inverse_cdf(p))
}

fn probability(p: f64) -> Result<(), QuantileError> {
    if p > 0.0 && p < 1.0 {
        Ok(())
    } else {
        Err(QuantileError::NotAProbability(p))
    }
}
