//! How sure an interval is to be.

use super::quantile;

/// A two-sided confidence level from 0.5 to 0.9999. The bounds rule out the levels at which
/// intervals mean nothing. It carries its z, so that an interval is a few multiplications.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence {
    level: f64,
    z: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a confidence level lies between 0.5 and 0.9999, and this one is {0}")]
pub struct ConfidenceError(pub f64);

impl Confidence {
    pub const LEAST: f64 = 0.5;
    pub const MOST: f64 = 0.9999;

    /// `level` is a probability: 0.95, not 95. Not a number is an error too.
    pub fn new(level: f64) -> Result<Self, ConfidenceError> {
        if !(Self::LEAST..=Self::MOST).contains(&level) {
            return Err(ConfidenceError(level));
        }
        let z = quantile::normal(0.5 + level / 2.0).map_err(|_| ConfidenceError(level))?;
        Ok(Self { level, z })
    }

    /// The level of every interval in a report.
    pub const fn ninety_five() -> Self {
        Self {
            level: 0.95,
            z: 1.959_963_984_540_054,
        }
    }

    pub const fn level(self) -> f64 {
        self.level
    }

    /// The z with P(−z ≤ Z ≤ z) = level for a standard normal Z: 1.959964 at 0.95.
    pub const fn z(self) -> f64 {
        self.z
    }

    /// The probability that either tail is to have: 0.025 at 0.95.
    pub const fn tail(self) -> f64 {
        (1.0 - self.level) / 2.0
    }
}
