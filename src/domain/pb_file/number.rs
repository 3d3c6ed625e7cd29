//! Numbers of a file, with a fault where they cannot be read.

use std::ops::Range;

use super::{
    code::Code,
    decimal::{Decimal, DecimalError},
    fault::Faults,
};

/// Reads the number `text`, which stands at `span` under the name `name`.
pub(super) fn read(
    faults: &mut Faults<'_>,
    text: &str,
    span: Range<usize>,
    name: &str,
) -> Option<Decimal> {
    match Decimal::parse(text) {
        Ok(number) => Some(number),
        Err(error) => {
            let code = match error {
                DecimalError::Malformed => Code::MalformedNumber,
                DecimalError::Comma => Code::CommaInNumber,
                DecimalError::TooManyDecimals => Code::TooManyDecimals,
                DecimalError::TooLarge => Code::NumberTooLarge,
            };
            faults.add(code, span, |_| format!("“{name}”: {error}"));
            None
        }
    }
}

/// Reads a whole number that is not negative.
pub(super) fn read_count(
    faults: &mut Faults<'_>,
    text: &str,
    span: Range<usize>,
    name: &str,
) -> Option<u64> {
    let number = read(faults, text, span.clone(), name)?;
    let count = number.as_count();
    if count.is_none() {
        faults.add(Code::MalformedNumber, span, |written| {
            format!("“{name}” has to be a whole number, not “{written}”")
        });
    }
    count
}
