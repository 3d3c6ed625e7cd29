//! Arithmetic in GF(32): the 32 symbols of a code as the elements of a field, in which adding is
//! `^`.

/// αⁿ in GF(32) with the primitive polynomial x⁵ + x² + 1.
pub(super) fn power(n: usize) -> u8 {
    (0..n % 31).fold(1, |value, _| multiply(value, 2))
}

pub(super) fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 0b10_0000 != 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

/// The n from 0 to 30 for which αⁿ is `a`; none for zero.
pub(super) fn logarithm(a: u8) -> Option<usize> {
    (0..31).find(|n| power(*n) == a)
}

/// a³⁰ = a⁻¹, since a³¹ = 1 for every a but zero.
pub(super) fn invert(a: u8) -> u8 {
    (0..30).fold(1, |value, _| multiply(value, a))
}
