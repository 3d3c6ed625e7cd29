//! Exact numbers in writing: amounts of money and points with as many decimals as they need.

use num_bigint::BigUint;
use num_rational::Ratio;
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

use crate::{
    domain::money::{Money, group_thousands},
    tally::budget::{from_pb::FromPb, outcome::Exact},
};

/// Decimal places that a fraction is rounded to for programs.
const PLACES: u32 = 6;

/// How the money of a file is counted and written.
#[derive(Debug, Clone)]
pub struct Units {
    /// Minor units in one of the currency: a power of ten.
    unit: u64,
    code: Option<String>,
}

impl Units {
    pub fn of(file: &FromPb) -> Self {
        Self {
            unit: file.election.unit(),
            code: file.currency.as_ref().map(|c| c.code().to_owned()),
        }
    }

    /// Decimal places of the smallest amount.
    pub fn places(&self) -> u32 {
        self.unit.max(1).ilog10()
    }

    /// `2458488.22`, and `25000` where nothing follows the point.
    pub fn plain(&self, amount: Money) -> String {
        decimal(amount.minor(), self.places())
    }

    pub fn number(&self, amount: Money) -> Number {
        Number(self.plain(amount))
    }

    /// `2,458,488.22`, for people.
    pub fn grouped(&self, amount: Money) -> String {
        let whole = group_thousands(amount.minor() / self.unit);
        let rest = amount.minor() % self.unit;
        if rest == 0 {
            whole
        } else {
            let width = self.places() as usize;
            format!("{whole}.{rest:0width$}")
        }
    }

    /// With the currency.
    pub fn money(&self, amount: Money) -> String {
        self.with_code(self.grouped(amount))
    }

    fn with_code(&self, number: String) -> String {
        match &self.code {
            Some(code) => format!("{number} {code}"),
            None => number,
        }
    }

    pub fn currency(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// An amount that need not be whole, rounded to two decimals, without the currency.
    pub fn rounded(&self, amount: &Exact) -> String {
        grouped_decimal(&amount.decimal(self.unit, 2))
    }

    pub fn rounded_money(&self, amount: &Exact) -> String {
        self.with_code(self.rounded(amount))
    }

    /// In units of the currency, rounded to six decimals.
    pub fn fraction(&self, amount: &Exact) -> Number {
        Number(trimmed(amount.decimal(self.unit, PLACES)))
    }

    /// In units of the currency without loss, such as `125/3`.
    pub fn exact(&self, amount: &Exact) -> String {
        (amount.ratio() / Ratio::from_integer(BigUint::from(self.unit.max(1)))).to_string()
    }
}

/// `units / 10^places` without zeros at the end.
pub fn decimal(units: u64, places: u32) -> String {
    let one = 10_u64.pow(places);
    let width = places as usize;
    if places == 0 {
        units.to_string()
    } else {
        trimmed(format!("{}.{:0width$}", units / one, units % one))
    }
}

fn trimmed(number: String) -> String {
    if number.contains('.') {
        number
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    } else {
        number
    }
}

/// `1234.50` as `1,234.50`, and `1234.00` as `1,234`.
pub fn grouped_decimal(number: &str) -> String {
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let grouped = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), group_thousands);
    if rest.bytes().all(|digit| digit == b'0') {
        grouped
    } else {
        format!("{grouped}.{rest}")
    }
}

/// A decimal number that goes into JSON digit by digit, never through a float.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(pub String);

impl Number {
    pub fn of_units(units: u64, places: u32) -> Self {
        Self(decimal(units, places))
    }

    /// A fraction, rounded to six decimals.
    pub fn rounded(fraction: &Exact) -> Self {
        Self(trimmed(fraction.decimal(1, PLACES)))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}
