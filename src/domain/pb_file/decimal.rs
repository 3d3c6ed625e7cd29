//! Exact decimal numbers: what a `.pb` file writes for money and points, never a float.

use std::fmt;

/// Most decimal places that a number may have.
pub const MAX_SCALE: u8 = 6;

/// Largest whole part: a thousand milliards, so that the number at [`MAX_SCALE`] fits an `i64`.
pub const MAX_WHOLE: u64 = 1_000_000_000_000;

/// `units / 10^scale`, with the smallest scale that holds it: `2.50` is 25 at scale 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    #[error("this is not a number")]
    Malformed,
    #[error("this number has a comma in it")]
    Comma,
    #[error("this number has more than {MAX_SCALE} decimal places")]
    TooManyDecimals,
    #[error("this number is larger than we can count: at most {MAX_WHOLE}")]
    TooLarge,
}

impl Decimal {
    /// Reads `12`, `-3` or `1234.50`; digits, at most one point, and no exponent.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(DecimalError::Malformed),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(if text.contains(',') {
                DecimalError::Comma
            } else {
                DecimalError::Malformed
            });
        }
        let fraction = fraction.trim_end_matches('0');
        let scale = u8::try_from(fraction.len()).unwrap_or(u8::MAX);
        if scale > MAX_SCALE {
            return Err(DecimalError::TooManyDecimals);
        }
        let whole = digits_of(whole).ok_or(DecimalError::TooLarge)?;
        let parts = digits_of(fraction).ok_or(DecimalError::TooLarge)?;
        if whole > MAX_WHOLE || (whole == MAX_WHOLE && parts > 0) {
            return Err(DecimalError::TooLarge);
        }
        let units = whole * 10_u64.pow(u32::from(scale)) + parts;
        let units = i64::try_from(units).map_err(|_| DecimalError::TooLarge)?;
        Ok(Self {
            units: if negative { -units } else { units },
            scale,
        })
    }

    /// A whole number.
    pub fn whole(number: u32) -> Self {
        Self {
            units: i64::from(number),
            scale: 0,
        }
    }

    /// Decimal places that it needs.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// How many units of `10^-scale` it is; none where it has more decimal places than that, or
    /// where `scale` is above [`MAX_SCALE`].
    pub fn at_scale(self, scale: u8) -> Option<i64> {
        if scale > MAX_SCALE {
            return None;
        }
        let places = scale.checked_sub(self.scale)?;
        self.units.checked_mul(10_i64.pow(u32::from(places)))
    }

    /// The number, if it is whole and not negative.
    pub fn as_count(self) -> Option<u64> {
        self.at_scale(0).and_then(|units| u64::try_from(units).ok())
    }

    /// `units` of `10^-scale`: 2550 at scale 2 is 25.5.
    pub fn from_units(units: i64, scale: u8) -> Result<Self, DecimalError> {
        let mut decimal = Self { units, scale };
        while decimal.scale > 0 && decimal.units % 10 == 0 {
            decimal.units /= 10;
            decimal.scale -= 1;
        }
        if decimal.scale > MAX_SCALE {
            return Err(DecimalError::TooManyDecimals);
        }
        let most = MAX_WHOLE * 10_u64.pow(u32::from(decimal.scale));
        if decimal.units.unsigned_abs() > most {
            return Err(DecimalError::TooLarge);
        }
        Ok(decimal)
    }
}

/// The number that digits make; 0 for none. Leading zeros do not count as digits.
fn digits_of(digits: &str) -> Option<u64> {
    let significant = digits.trim_start_matches('0');
    match significant.len() {
        0 => Some(0),
        1..=13 => significant.parse().ok(),
        _ => None,
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(u32::from(self.scale));
        let sign = if self.units < 0 { "-" } else { "" };
        let (whole, rest) = (
            self.units.unsigned_abs() / unit,
            self.units.unsigned_abs() % unit,
        );
        if self.scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let width = usize::from(self.scale);
            write!(f, "{sign}{whole}.{rest:0width$}")
        }
    }
}
