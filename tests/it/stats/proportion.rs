use countmein::stats::{
    confidence::Confidence,
    interval::{Interval, IntervalError, wilson},
    proportion::{
        agresti_coull, clopper_pearson, jeffreys, jeffreys_quantiles, wald, wilson_with_correction,
    },
};
use proptest::prelude::*;

use super::{assert_close, vectors::Case};

type Method = fn(u64, u64, Confidence) -> Result<Interval, IntervalError>;

/// Limits from `statsmodels` 0.15.0 (`proportion_confint`), with continuity correction from `scipy`
/// 1.17.1 (`binomtest`), which agree with R's `DescTools::BinomCI` 0.99.59 and `prop.test`: method, x,
/// n, level, lower, upper.
const SHARES: &[(&str, u64, u64, f64, f64, f64)] = &[
    ("clopper_pearson", 5, 5, 0.95, 0.478_176_249_895_018_56, 1.0),
    ("jeffreys", 20, 20, 0.95, 0.883_361_017_095_124_6, 1.0),
    ("wald", 20, 20, 0.95, 1.0, 1.0),
    ("wilson_corrected", 20, 20, 0.95, 0.799_546_654_986_513, 1.0),
    (
        "agresti_coull",
        1,
        2,
        0.95,
        0.094_531_205_734_230_74,
        0.905_468_794_265_769_3,
    ),
    (
        "wilson_corrected",
        13,
        59,
        0.95,
        0.126_923_140_852_296_64,
        0.350_565_030_076_303_13,
    ),
    (
        "clopper_pearson",
        59,
        61,
        0.95,
        0.886_527_832_811_818_5,
        0.996_004_396_832_683_5,
    ),
    (
        "wilson_corrected",
        59,
        61,
        0.95,
        0.876_432_716_969_939_7,
        0.994_300_716_184_092_7,
    ),
    ("jeffreys", 0, 59, 0.95, 0.0, 0.041_508_567_264_538_42),
    ("wald", 0, 59, 0.95, 0.0, 0.0),
    (
        "wilson_corrected",
        0,
        59,
        0.95,
        0.0,
        0.076_157_048_110_505_91,
    ),
    (
        "clopper_pearson",
        35,
        85,
        0.95,
        0.306_069_788_791_584_03,
        0.523_790_498_435_284_8,
    ),
    (
        "agresti_coull",
        81,
        85,
        0.95,
        0.881_494_893_954_198_4,
        0.985_217_573_649_543_2,
    ),
    (
        "wald",
        81,
        85,
        0.95,
        0.907_922_553_408_598,
        0.997_959_799_532_578_4,
    ),
    (
        "jeffreys",
        35,
        85,
        0.99,
        0.282_032_651_467_767_3,
        0.551_087_024_564_935_2,
    ),
    (
        "clopper_pearson",
        11,
        62,
        0.8,
        0.116_154_349_635_431_54,
        0.255_490_427_855_013_7,
    ),
    (
        "agresti_coull",
        500,
        1000,
        0.99,
        0.459_407_005_212_084_83,
        0.540_592_994_787_915_1,
    ),
    (
        "wald",
        123_456,
        1_000_000,
        0.95,
        0.122_811_250_442_879_5,
        0.124_100_749_557_120_5,
    ),
    (
        "jeffreys",
        1,
        1_000_000,
        0.95,
        1.078_976_624_654_187_7e-7,
        4.674_192_046_729_827_5e-6,
    ),
    (
        "clopper_pearson",
        1_000_000,
        1_000_000,
        0.95,
        0.999_996_311_127_349_8,
        1.0,
    ),
    (
        "clopper_pearson",
        2_500_000,
        10_000_000,
        0.95,
        0.249_731_643_280_661,
        0.250_268_501_470_392_6,
    ),
    (
        "agresti_coull",
        2_500_000,
        10_000_000,
        0.95,
        0.249_731_716_932_058_87,
        0.250_268_475_140_808_4,
    ),
    (
        "jeffreys",
        2_500_000,
        10_000_000,
        0.95,
        0.249_731_693_262_754_52,
        0.250_268_451_452_515_2,
    ),
    (
        "wald",
        2_500_000,
        10_000_000,
        0.95,
        0.249_731_620_878_442_42,
        0.250_268_379_121_557_6,
    ),
    (
        "jeffreys",
        3,
        10_000_000,
        0.95,
        8.449_346_602_597_882e-8,
        8.006_379_933_004_965e-7,
    ),
    ("wald", 3, 10_000_000, 0.95, 0.0, 6.394_756_693_014_896e-7),
];

const ALL: [Method; 7] = [
    wilson,
    clopper_pearson,
    jeffreys,
    jeffreys_quantiles,
    agresti_coull,
    wald,
    wilson_with_correction,
];

/// By the names of the reference cases, of statsmodels and of `DescTools`.
fn method(name: &str) -> Option<Method> {
    Some(match name {
        "wilson" => wilson,
        "clopper_pearson" | "clopper-pearson" | "beta" | "exact" => clopper_pearson,
        "jeffreys" => jeffreys,
        "agresti_coull" | "agresti-coull" => agresti_coull,
        "wald" | "normal" => wald,
        "wilson_corrected" | "wilsoncc" => wilson_with_correction,
        _ => return None,
    })
}

#[test]
fn limits_agree_with_statsmodels_scipy_and_desctools() {
    for (name, x, n, level, low, high) in SHARES {
        let what = format!("{name} {x} of {n}");
        let level = Confidence::new(*level).expect("level");
        let found = method(name).expect("known")(*x, *n, level).expect("interval");
        assert_close(found.low, *low, 1e-14, &what);
        assert_close(found.high, *high, 1e-14, &what);
    }
    for case in Case::all("proportion_ci") {
        let limits = |method: Method| {
            method(case.count("x"), case.count("n"), case.confidence()).expect("interval")
        };
        let named = || {
            let name = case.method().unwrap_or_else(|| case.unknown("no method"));
            limits(method(name).unwrap_or_else(|| case.unknown(name)))
        };
        for (key, expected) in case.outputs() {
            match key {
                "lower" => case.check(key, named().low, expected),
                "upper" => case.check(key, named().high, expected),
                "raw_lower" => case.check(key, limits(jeffreys_quantiles).low, expected),
                "raw_upper" => case.check(key, limits(jeffreys_quantiles).high, expected),
                "exact" => case.check_limits(key, limits(clopper_pearson), expected),
                "wilsoncc" => {
                    case.check_limits(key, limits(wilson_with_correction), expected);
                }
                _ => case.unknown(key),
            }
        }
    }
}

#[test]
fn exact_limits_have_closed_forms_at_the_ends() {
    let level = Confidence::ninety_five();
    for n in [1, 2, 59, 1_000_000_000, u64::MAX] {
        let none = clopper_pearson(0, n, level).expect("interval");
        let all = clopper_pearson(n, n, level).expect("interval");
        assert_eq!(
            (none.low.to_bits(), all.high.to_bits()),
            (0, 1.0_f64.to_bits())
        );
        assert!(none.high > 0.0 && all.low > 0.0);
        assert_close(all.low + none.high, 1.0, 1e-15, "mirrored");
    }
    // −ln 0.025 / n, to the first order of 1/n.
    let none = clopper_pearson(0, 1_000_000_000, level).expect("interval");
    assert_close(
        none.high / 3.688_879_454_113_936e-9,
        1.0,
        1e-8,
        "rule of three",
    );
}

#[test]
fn jeffreys_has_two_conventions_at_the_ends() {
    let level = Confidence::ninety_five();
    let (pinned, raw) = (
        jeffreys(0, 1, level).expect("interval"),
        jeffreys_quantiles(0, 1, level).expect("interval"),
    );
    assert_close(pinned.low, 0.0, 0.0, "pinned");
    assert_close(raw.low, 3.855_809_807_559_016e-4, 1e-16, "raw");
    assert_close(pinned.high, raw.high, 0.0, "high");
}

#[test]
fn what_is_no_share_is_refused() {
    for method in ALL {
        let level = Confidence::ninety_five();
        assert_eq!(method(0, 0, level), Err(IntervalError::NoAnswers));
        let fault = IntervalError::MoreThanAll { count: 3, total: 2 };
        assert_eq!(method(3, 2, level), Err(fault));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn limits_lie_inside_mirror_and_rise(
        n in prop_oneof![1..200_u64, 1..2_000_000_000_u64, Just(u64::MAX), u64::MAX / 2..u64::MAX],
        part in prop_oneof![0..5_u64, 0..=u64::MAX],
        level in prop::sample::select(vec![0.5, 0.8, 0.95, 0.99, 0.9999]),
    ) {
        let x = if n < u64::MAX { part % (n + 1) } else { part };
        let level = Confidence::new(level).expect("level");
        for (index, method) in ALL.into_iter().enumerate() {
            let found = method(x, n, level).expect("interval");
            let mirrored = method(n - x, n, level).expect("interval");
            prop_assert!(0.0 <= found.low && found.low <= found.high && found.high <= 1.0);
            prop_assert!((found.low - (1.0 - mirrored.high)).abs() < 1e-14, "{} {} {}", index, x, n);
            prop_assert!((found.high - (1.0 - mirrored.low)).abs() < 1e-14, "{} {} {}", index, x, n);
            // At 0 and n the raw quantiles leave the share out.
            if index != 3 || (x > 0 && x < n) {
                // Two neighbouring counts above 2⁵³ may be the same float.
                let share = wald(x, n, level).map(|wald| f64::midpoint(wald.low, wald.high));
                let share = if index == 5 { found.low } else { share.expect("share").clamp(0.0, 1.0) };
                prop_assert!(index == 5 || wald_is_cut(x, n, level) || (found.low <= share + 1e-15
                    && share <= found.high + 1e-15), "{} {} {}", index, x, n);
            }
            // Wald's lower limit first falls, and the corrected one has a step.
            if x < n && n < 1 << 53 && index != 5 {
                let next = method(x + 1, n, level).expect("interval");
                prop_assert!(found.low <= next.low + 1e-16 && found.high <= next.high + 1e-16,
                    "{} {} {}", index, x, n);
            }
        }
    }

    /// Brown, Cai and `DasGupta` (2001): the interval of Jeffreys always lies inside that of Clopper
    /// and Pearson; and the correction only widens.
    #[test]
    fn some_intervals_lie_inside_others(n in 1..50_000_u64, part in 0..=u64::MAX) {
        let x = part % (n + 1);
        let level = Confidence::ninety_five();
        for (inner, outer) in [
            (jeffreys as Method, clopper_pearson as Method),
            (wilson, wilson_with_correction),
        ] {
            let inner = inner(x, n, level).expect("interval");
            let outer = outer(x, n, level).expect("interval");
            prop_assert!(outer.low <= inner.low && inner.high <= outer.high, "{} {}", x, n);
        }
    }
}

fn wald_is_cut(x: u64, n: u64, level: Confidence) -> bool {
    let found = wald(x, n, level).expect("interval");
    found.low <= 0.0 || found.high >= 1.0
}
