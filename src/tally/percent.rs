//! Whole per cents in exact integer arithmetic: the same on every machine, with no half lost to a
//! float.

/// `count / base` in whole per cent, rounded half up. 0 of 0 is 0, since a report has no other
/// figure for an item that nobody answered.
pub fn whole_percent(count: u64, base: u64) -> u64 {
    u64::try_from(half_up(u128::from(count), u128::from(base))).unwrap_or(u64::MAX)
}

/// `(plus − minus) / base` in whole percentage points, rounded half away from zero, so that
/// exchanging the two sides changes nothing but the sign. 0 when `base` is 0.
pub fn signed_points(plus: u64, minus: u64, base: u64) -> i64 {
    let size = half_up(u128::from(plus.abs_diff(minus)), u128::from(base));
    let points = i64::try_from(size).unwrap_or(i64::MAX);
    if plus < minus { -points } else { points }
}

/// ⌊100 count / base + 1/2⌋. The largest value on the way, 201 × 2⁶⁴, is far from 2¹²⁸.
fn half_up(count: u128, base: u128) -> u128 {
    (200 * count + base).checked_div(2 * base).unwrap_or(0)
}
