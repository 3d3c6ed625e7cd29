//! Shares as whole percentage points.

use num_traits::ToPrimitive;

/// `share` in whole percentage points, half away from zero: −0.125 is −13. None when it is not a
/// finite number.
pub fn whole_points(share: f64) -> Option<i64> {
    (share * 100.0).round().to_i64()
}
