//! How sure an interval is to be.

use statrs::distribution::{ContinuousCDF, Normal};

/// A two-sided confidence level from 0.5 to 0.9999. The bounds keep the quantile in the range where
/// statrs was measured against scipy, and rule out the levels at which intervals mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a confidence level lies between 0.5 and 0.9999, and this one is {0}")]
pub struct ConfidenceError(pub f64);

impl Confidence {
    pub const LEAST: f64 = 0.5;
    pub const MOST: f64 = 0.9999;

    /// `level` is a probability: 0.95, not 95. Not a number is an error too.
    pub fn new(level: f64) -> Result<Self, ConfidenceError> {
        if (Self::LEAST..=Self::MOST).contains(&level) {
            Ok(Self(level))
        } else {
            Err(ConfidenceError(level))
        }
    }

    /// The level of every interval in a report.
    pub const fn ninety_five() -> Self {
        Self(0.95)
    }

    pub fn level(self) -> f64 {
        self.0
    }

    /// The z with P(−z ≤ Z ≤ z) = level for a standard normal Z: 1.959964 at 0.95. From
    /// `Normal::inverse_cdf` of statrs, which agrees with scipy to 3 × 10⁻¹⁶.
    pub fn z(self) -> f64 {
        Normal::standard().inverse_cdf(0.5 + self.0 / 2.0)
    }
}
