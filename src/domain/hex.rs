//! Bytes as small hexadecimal digits, and random tokens written that way.

use std::fmt::Write;

use rand::CryptoRng;

pub fn hex(bytes: &[u8]) -> String {
    let empty = String::with_capacity(bytes.len() * 2);
    bytes.iter().fold(empty, |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Exactly `N` bytes, or nothing.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// Bytes of a token: 128 bits, which nobody guesses.
pub const TOKEN_BYTES: usize = 16;

pub fn random_token(rng: &mut impl CryptoRng) -> String {
    let mut bytes = [0; TOKEN_BYTES];
    rng.fill_bytes(&mut bytes);
    hex(&bytes)
}
