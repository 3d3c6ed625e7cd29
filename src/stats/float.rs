//! The one crossing from whole counts to floats.

/// The float nearest to `count`; exact up to 2⁵³, about 9 × 10¹⁵, far above any number of people.
#[expect(
    clippy::cast_precision_loss,
    reason = "beyond 2^53 the relative error is at most 1.2e-16, below that of the formulas"
)]
pub fn of_count(count: u64) -> f64 {
    count as f64
}

/// `value` at twelve decimal places. A float of so few digits is read back from JSON as the very
/// same float by every reader, so that a stored report equals the one that was written.
pub fn at_twelve_places(value: f64) -> f64 {
    const SCALE: f64 = 1e12;
    (value * SCALE).round() / SCALE
}

/// The float nearest to a length.
pub fn of_size(size: usize) -> f64 {
    of_count(u64::try_from(size).unwrap_or(u64::MAX))
}
