//! Amounts of money: whole minor units (pence, cents, grosz), never a float.

use std::{fmt, iter::Sum, ops::Add};

use serde::{Deserialize, Serialize};

/// An amount in minor units. Not negative: costs and budgets never are.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Money(u64);

/// Largest amount: the sum of 9,000 such amounts still fits an `i64` column and a JSON number.
pub const MAX_MINOR_UNITS: u64 = 1_000_000_000_000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("the amount is larger than we can count: at most 10,000,000,000")]
    TooLarge,
    #[error(
        "“{0}” is not an amount: write a whole number such as 25000, or a number in quotes with {1} decimal places such as \"25000.50\""
    )]
    Malformed(String, u32),
}

impl Money {
    pub const ZERO: Self = Self(0);

    pub fn from_minor(minor: u64) -> Result<Self, MoneyError> {
        if minor <= MAX_MINOR_UNITS {
            Ok(Self(minor))
        } else {
            Err(MoneyError::TooLarge)
        }
    }

    /// Reads an amount in major units, such as `25000` or `25000.50`.
    pub fn parse(text: &str, currency: &Currency) -> Result<Self, MoneyError> {
        let digits = currency.minor_digits();
        let malformed = || MoneyError::Malformed(text.chars().take(40).collect(), digits);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || !all_digits(whole)
            || !all_digits(fraction)
            || fraction.len() > digits as usize
            || text.ends_with('.')
        {
            return Err(malformed());
        }
        if whole.len() > 15 {
            return Err(MoneyError::TooLarge);
        }
        let width = digits as usize;
        let minor = format!("{whole}{fraction:0<width$}");
        Self::from_minor(minor.parse().map_err(|_| malformed())?)
    }

    pub fn minor(self) -> u64 {
        self.0
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// An ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a currency code: write three capital letters, such as GBP, EUR or PLN")]
pub struct CurrencyError(pub String);

impl Currency {
    pub fn new(code: impl Into<String>) -> Result<Self, CurrencyError> {
        let code = code.into();
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(CurrencyError(code.chars().take(40).collect()))
        }
    }

    pub fn code(&self) -> &str {
        &self.0
    }

    /// Decimal places of the currency (ISO 4217; the few that do not have two).
    pub fn minor_digits(&self) -> u32 {
        match self.0.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }

    /// `£25,000`, `€12.50`, `25,000 PLN`: grouped by thousands, decimals only where there are any.
    pub fn format(&self, amount: Money) -> String {
        let number = self.number(amount);
        match self.0.as_str() {
            "GBP" => format!("£{number}"),
            "EUR" => format!("€{number}"),
            "USD" => format!("${number}"),
            code => format!("{number} {code}"),
        }
    }

    fn number(&self, amount: Money) -> String {
        let unit = 10_u64.pow(self.minor_digits());
        let whole = group_thousands(amount.minor() / unit);
        let rest = amount.minor() % unit;
        if rest == 0 {
            whole
        } else {
            let width = self.minor_digits() as usize;
            format!("{whole}.{rest:0width$}")
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(code: String) -> Result<Self, CurrencyError> {
        Self::new(code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.0
    }
}

/// `1234567` as `1,234,567`.
pub fn group_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
