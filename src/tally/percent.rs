//! Whole per cents in exact integer arithmetic: the same on every machine, with no half lost to a
//! float.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

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

/// How far a signed share moved, in whole percentage points, half away from zero: the change of
/// `(plus − minus) / base`, rounded once and not as the difference of two rounded figures. 0 when a
/// base is 0.
pub fn change_in_points(before: SignedShare, after: SignedShare) -> i64 {
    let product = |a: u64, b: u64| BigInt::from(a) * BigInt::from(b);
    let sum = product(after.plus, before.base) + product(before.minus, after.base)
        - product(after.minus, before.base)
        - product(before.plus, after.base);
    let base = product(before.base, after.base);
    if base.is_zero() {
        return 0;
    }
    let size = (sum.abs() * 200 + &base) / (base * 2);
    let points = i64::try_from(size).unwrap_or(i64::MAX);
    if sum.is_negative() { -points } else { points }
}

/// `(plus − minus) / base`; a plain share has no `minus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedShare {
    pub plus: u64,
    pub minus: u64,
    pub base: u64,
}

/// ⌊100 count / base + 1/2⌋. The largest value on the way, 201 × 2⁶⁴, is far from 2¹²⁸.
fn half_up(count: u128, base: u128) -> u128 {
    (200 * count + base).checked_div(2 * base).unwrap_or(0)
}
