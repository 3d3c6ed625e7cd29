//! Exact decimals.

use countmein::domain::pb_file::{Decimal, DecimalError, MAX_SCALE};
use proptest::prelude::*;

#[test]
fn numbers_are_read_exactly() {
    for (text, units, scale, shown) in [
        ("0", 0, 0, "0"),
        ("007", 7, 0, "7"),
        ("100000.0", 100_000, 0, "100000"),
        ("2458488.22", 245_848_822, 2, "2458488.22"),
        ("-3.50", -35, 1, "-3.5"),
        ("-0.000001", -1, 6, "-0.000001"),
        ("1000000000000", 1_000_000_000_000, 0, "1000000000000"),
    ] {
        let number = Decimal::parse(text).unwrap();
        assert_eq!(number.scale(), scale, "{text}");
        assert_eq!(number.at_scale(scale), Some(units), "{text}");
        assert_eq!(number.to_string(), shown);
    }
    let half = Decimal::parse("0.5").unwrap();
    assert_eq!(half.at_scale(0), None);
    assert_eq!(half.at_scale(2), Some(50));
    assert_eq!(half.at_scale(MAX_SCALE + 1), None);
    assert_eq!(half.as_count(), None);
    assert_eq!(Decimal::parse("-1").unwrap().as_count(), None);
}

#[test]
fn what_is_not_a_number_is_told_apart() {
    use DecimalError::{Comma, Malformed, TooLarge, TooManyDecimals};
    for (text, error) in [
        ("", Malformed),
        ("-", Malformed),
        (".", Malformed),
        (".5", Malformed),
        ("5.", Malformed),
        ("1.2.3", Malformed),
        ("1e5", Malformed),
        ("+1", Malformed),
        ("--1", Malformed),
        ("１", Malformed),
        ("1,5", Comma),
        ("1,000.50", Comma),
        ("0.1234567", TooManyDecimals),
        ("1000000000000.1", TooLarge),
        ("99999999999999999999999", TooLarge),
    ] {
        assert_eq!(Decimal::parse(text), Err(error), "{text}");
    }
    assert!(Decimal::from_units(i64::MIN, 6).is_err());
    assert!(Decimal::from_units(1, u8::MAX).is_err());
    assert_eq!(Decimal::from_units(0, u8::MAX), Ok(Decimal::whole(0)));
}

proptest! {
    #[test]
    fn written_and_read_again_is_the_same(units in -1_000_000_000_000_i64..=1_000_000_000_000, scale in 0..=MAX_SCALE) {
        let number = Decimal::from_units(units, scale).unwrap();
        prop_assert_eq!(Decimal::parse(&number.to_string()), Ok(number));
        prop_assert_eq!(number.at_scale(scale), Some(units));
    }
}
