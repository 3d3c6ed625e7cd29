use countmein::stats::{
    confidence::Confidence,
    interval::{IntervalError, wilson},
};
use proptest::prelude::*;
use serde_json::Value;

use super::{assert_close, reference_cases};

/// Limits from `statsmodels.stats.proportion.proportion_confint(method="wilson")` 0.15.0, which
/// agree with R's `DescTools::BinomCI` 0.99.59 to 10⁻¹⁵: x, n, level, lower, upper.
const WILSON: [(u64, u64, f64, f64, f64); 12] = [
    (0, 1, 0.95, 0.0, 0.793_450_685_622_762_6),
    (0, 5, 0.95, 0.0, 0.434_482_464_783_174_76),
    (
        1,
        10,
        0.95,
        0.017_876_213_095_072_896,
        0.404_150_026_795_238_5,
    ),
    (
        13,
        59,
        0.95,
        0.133_541_976_279_290_38,
        0.341_326_993_676_370_9,
    ),
    (
        40,
        59,
        0.95,
        0.551_050_044_265_253_6,
        0.783_124_247_581_143_6,
    ),
    (
        59,
        61,
        0.95,
        0.888_105_095_805_043_8,
        0.990_962_109_601_637_7,
    ),
    (
        11,
        62,
        0.95,
        0.102_064_377_660_050_86,
        0.290_415_668_856_963_7,
    ),
    (
        35,
        85,
        0.99,
        0.285_569_329_592_338_2,
        0.550_737_573_602_957_8,
    ),
    (
        11,
        62,
        0.8,
        0.123_812_428_576_653_95,
        0.247_675_509_018_613_43,
    ),
    (
        50,
        100,
        0.95,
        0.403_831_530_365_995_6,
        0.596_168_469_634_004_4,
    ),
    (
        500,
        1000,
        0.99,
        0.459_407_005_212_084_83,
        0.540_592_994_787_915_1,
    ),
    (
        3,
        10_000_000,
        0.95,
        1.020_270_779_624_651_2e-7,
        8.821_184_260_515_047e-7,
    ),
];

/// The same formula in 60-digit decimal arithmetic, at 95 %: x, n, lower, upper.
const WILSON_LARGE: [(u64, u64, f64, f64); 5] = [
    (
        3,
        10_000_000,
        1.020_270_779_624_651_2e-7,
        8.821_184_260_515_047e-7,
    ),
    (
        1,
        1_000_000_000,
        1.765_245_549_569_631_4e-10,
        5.664_934_243_297_439e-9,
    ),
    (
        500_000_000,
        1_000_000_000,
        0.499_969_010_248_444_3,
        0.500_030_989_751_555_7,
    ),
    (
        999_999_999,
        1_000_000_000,
        0.999_999_994_335_065_8,
        0.999_999_999_823_475_4,
    ),
    (
        1,
        4_000_000_000_000,
        4.413_113_873_378_959e-14,
        1.416_233_566_438_339_3e-12,
    ),
];

fn confidence(level: f64) -> Confidence {
    Confidence::new(level).expect("level")
}

#[test]
fn wilson_agrees_with_statsmodels_and_desctools() {
    for (x, n, level, low, high) in WILSON {
        let interval = wilson(x, n, confidence(level)).expect("interval");
        assert_close(interval.low, low, 1e-14, "low");
        assert_close(interval.high, high, 1e-14, "high");
    }
    for case in reference_cases("proportion_ci", Some("wilson")) {
        let input = &case["input"];
        let number = |value: &Value| value.as_f64().expect("number");
        let count = |value: &Value| value.as_u64().expect("count");
        let level = confidence(number(&input["conf"]));
        let interval = wilson(count(&input["x"]), count(&input["n"]), level).expect("interval");
        let (what, tolerance) = (case["id"].as_str().expect("id"), number(&case["tol"]));
        assert_close(
            interval.low,
            number(&case["output"]["lower"]),
            tolerance,
            what,
        );
        assert_close(
            interval.high,
            number(&case["output"]["upper"]),
            tolerance,
            what,
        );
    }
}

#[test]
fn wilson_keeps_its_digits_when_n_is_huge() {
    for (x, n, low, high) in WILSON_LARGE {
        let interval = wilson(x, n, Confidence::ninety_five()).expect("interval");
        assert_close(interval.low / low, 1.0, 1e-13, "low");
        assert_close(interval.high / high, 1.0, 1e-13, "high");
    }
}

#[test]
fn wilson_is_exact_at_its_ends_and_refuses_what_is_no_share() {
    for n in [1, 2, 10, 1_000_000_007, u64::MAX] {
        let level = Confidence::ninety_five();
        let [none, all] = [0, n].map(|x| wilson(x, n, level).expect("interval"));
        assert_eq!(
            (none.low.to_bits(), all.high.to_bits()),
            (0.0_f64.to_bits(), 1.0_f64.to_bits())
        );
    }
    let level = Confidence::ninety_five();
    assert_eq!(wilson(0, 0, level), Err(IntervalError::NoAnswers));
    let fault = IntervalError::MoreThanAll { count: 3, total: 2 };
    assert_eq!(wilson(3, 2, level), Err(fault));
}

#[test]
fn limits_in_whole_per_cent() {
    let interval = wilson(11, 62, Confidence::ninety_five()).expect("interval");
    assert_eq!(interval.whole_percents(), (10, 29));
    let all = wilson(5, 5, Confidence::ninety_five()).expect("interval");
    assert_eq!(all.whole_percents(), (57, 100));
}

proptest! {
    #[test]
    fn wilson_contains_the_share_and_mirrors(n in 1..2_000_000_000_u64, part in 0..=u64::MAX) {
        let x = part % (n + 1);
        let level = Confidence::ninety_five();
        let interval = wilson(x, n, level).expect("interval");
        let mirrored = wilson(n - x, n, level).expect("interval");
        prop_assert!(0.0 <= interval.low && interval.low < interval.high && interval.high <= 1.0);
        prop_assert!((interval.low - (1.0 - mirrored.high)).abs() < 1e-14);
        prop_assert!((interval.high - (1.0 - mirrored.low)).abs() < 1e-14);
    }
}
