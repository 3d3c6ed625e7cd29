use countmein::stats::{
    confidence::Confidence,
    difference::{Group, agresti_caffo, difference, miettinen_nurminen, newcombe, wald},
    interval::{Interval, IntervalError},
};
use proptest::prelude::*;

use super::{assert_close, vectors::Case};

type Row = (&'static str, [u64; 4], f64, f64, f64, f64);
type Method = fn(Group, Group, Confidence) -> Interval;

/// Limits at 95 % from `statsmodels` 0.15.0 (`confint_proportions_2indep`), and of Miettinen and
/// Nurminen from a separate program, which agree with R's `DescTools` 0.99.59 to 10⁻⁷: method,
/// x₁, n₁, x₂, n₂, difference, lower, upper, tolerance.
const DIFFERENCES: &[Row] = &[
    (
        "newcombe",
        [11, 62, 35, 85],
        -0.234_345_351_043_643_24,
        -0.364_584_187_983_446_05,
        -0.084_381_781_621_512_41,
        1.0e-9,
    ),
    (
        "agresti_caffo",
        [11, 62, 35, 85],
        -0.234_345_351_043_643_24,
        -0.367_199_565_201_849_76,
        -0.085_386_641_694_701_95,
        1.0e-9,
    ),
    (
        "wald",
        [11, 62, 35, 85],
        -0.234_345_351_043_643_24,
        -0.375_727_670_194_190_3,
        -0.092_963_031_893_096_18,
        1.0e-9,
    ),
    (
        "newcombe",
        [40, 59, 68, 85],
        -0.122_033_898_305_084_82,
        -0.267_562_426_012_839_25,
        0.021_134_110_653_656_862,
        1.0e-9,
    ),
    (
        "miettinen_nurminen",
        [40, 59, 68, 85],
        -0.122_033_898_305_084_82,
        -0.270_890_787_207_503_04,
        0.021_866_302_934_549_595,
        1.0e-6,
    ),
    (
        "agresti_caffo",
        [59, 61, 80, 85],
        0.026_036_644_165_863_043,
        -0.053_489_829_528_850_355,
        0.096_182_768_773_513_69,
        1.0e-9,
    ),
    (
        "wald",
        [59, 61, 80, 85],
        0.026_036_644_165_863_043,
        -0.041_038_824_441_262_96,
        0.093_112_112_772_989_04,
        1.0e-9,
    ),
    ("wald", [0, 59, 0, 85], 0.0, 0.0, 0.0, 1.0e-9),
    (
        "miettinen_nurminen",
        [0, 59, 0, 85],
        0.0,
        -0.043_528_695_880_297_23,
        0.061_530_545_680_642_645,
        1.0e-6,
    ),
    (
        "agresti_caffo",
        [0, 10, 10, 10],
        -1.0,
        -1.0,
        -0.612_183_018_304_073_2,
        1.0e-9,
    ),
    ("wald", [0, 10, 10, 10], -1.0, -1.0, -1.0, 1.0e-9),
    (
        "newcombe",
        [5, 5, 0, 5],
        1.0,
        0.385_549_005_690_343_56,
        1.0,
        1.0e-9,
    ),
    (
        "miettinen_nurminen",
        [5, 5, 0, 5],
        1.0,
        0.401_709_903_160_911_8,
        1.0,
        1.0e-6,
    ),
    ("wald", [1, 1, 0, 1], 1.0, 1.0, 1.0, 1.0e-9),
    (
        "miettinen_nurminen",
        [1, 1, 0, 1],
        1.0,
        -0.586_901_371_245_525_1,
        1.0,
        1.0e-6,
    ),
    (
        "wald",
        [56, 70, 48, 80],
        0.200_000_000_000_000_07,
        0.057_504_899_149_037_114,
        0.342_495_100_850_963,
        1.0e-9,
    ),
    (
        "newcombe",
        [9, 10, 3, 10],
        0.600_000_000_000_000_1,
        0.170_522_723_934_502_9,
        0.809_017_973_535_488,
        1.0e-9,
    ),
    (
        "wald",
        [9, 10, 3, 10],
        0.600_000_000_000_000_1,
        0.260_524_279_777_148_54,
        0.939_475_720_222_851_6,
        1.0e-9,
    ),
    (
        "miettinen_nurminen",
        [9, 10, 3, 10],
        0.600_000_000_000_000_1,
        0.170_025_016_424_399,
        0.840_649_543_943_328_4,
        1.0e-6,
    ),
    (
        "newcombe",
        [17, 62, 18, 85],
        0.062_428_842_504_743_814,
        -0.074_561_743_729_498_67,
        0.204_578_577_672_501_37,
        1.0e-9,
    ),
    (
        "agresti_caffo",
        [17, 62, 18, 85],
        0.062_428_842_504_743_814,
        -0.077_392_564_227_133,
        0.203_110_955_031_730_68,
        1.0e-9,
    ),
    (
        "miettinen_nurminen",
        [17, 62, 18, 85],
        0.062_428_842_504_743_814,
        -0.076_026_880_436_017_77,
        0.207_273_913_575_584_9,
        1.0e-6,
    ),
    (
        "newcombe",
        [500_000, 1_000_000, 498_000, 1_000_000],
        0.002_000_000_000_000_001_8,
        0.000_614_098_948_572_072_9,
        0.003_385_890_186_226_759_6,
        1.0e-9,
    ),
    (
        "agresti_caffo",
        [500_000, 1_000_000, 498_000, 1_000_000],
        0.002_000_000_000_000_001_8,
        0.000_614_099_105_158_731_4,
        0.003_385_892_894_857_263_5,
        1.0e-9,
    ),
    (
        "wald",
        [500_000, 1_000_000, 498_000, 1_000_000],
        0.002_000_000_000_000_001_8,
        0.000_614_101_719_276_708_2,
        0.003_385_898_280_723_295_3,
        1.0e-9,
    ),
    (
        "miettinen_nurminen",
        [500_000, 1_000_000, 498_000, 1_000_000],
        0.002_000_000_000_000_001_8,
        0.000_614_098_862_319_632_6,
        0.003_385_893_454_835_108,
        1.0e-6,
    ),
];

/// By the names of the reference cases, of statsmodels and of `DescTools`.
fn method(name: &str) -> Option<Method> {
    Some(match name {
        "newcombe" | "newcomb" => newcombe,
        "miettinen_nurminen" | "mn" | "score" => miettinen_nurminen,
        "agresti_caffo" | "agresti-caffo" | "ac" => agresti_caffo,
        "wald" => wald,
        _ => return None,
    })
}

fn group(x: u64, n: u64) -> Group {
    Group::new(x, n).expect("group")
}

#[test]
fn limits_agree_with_statsmodels_and_desctools() {
    for (name, [x1, n1, x2, n2], diff, low, high, tolerance) in DIFFERENCES {
        let what = format!("{name} {x1}/{n1} {x2}/{n2}");
        let (first, second) = (group(*x1, *n1), group(*x2, *n2));
        let found = method(name).expect("known")(first, second, Confidence::ninety_five());
        assert_close(difference(first, second), *diff, 1e-15, &what);
        assert_close(found.low, *low, *tolerance, &what);
        assert_close(found.high, *high, *tolerance, &what);
    }
    for case in Case::all("difference_ci") {
        let first = group(case.count("x1"), case.count("n1"));
        let second = group(case.count("x2"), case.count("n2"));
        let name = case.method().unwrap_or_else(|| case.unknown("no method"));
        let method = method(name).unwrap_or_else(|| case.unknown(name));
        let found = method(first, second, case.confidence());
        for (key, expected) in case.outputs() {
            match key {
                "diff" => case.check(key, difference(first, second), expected),
                "lower" => case.check(key, found.low, expected),
                "upper" => case.check(key, found.high, expected),
                _ => case.unknown(key),
            }
        }
    }
}

/// Newcombe (1998), Table II, printed to four places: 56/70 less 48/80.
#[test]
fn limits_agree_with_newcombe_as_printed() {
    let level = Confidence::ninety_five();
    let found = miettinen_nurminen(group(56, 70), group(48, 80), level);
    assert_close(found.low, 0.0528, 5e-5, "low");
    assert_close(found.high, 0.3382, 5e-5, "high");
    let found = newcombe(group(56, 70), group(48, 80), level);
    assert_close(found.low, 0.0524, 5e-5, "low");
    assert_close(found.high, 0.3339, 5e-5, "high");
}

#[test]
fn what_is_no_group_is_refused() {
    assert_eq!(Group::new(0, 0), Err(IntervalError::NoAnswers));
    let fault = IntervalError::MoreThanAll { count: 3, total: 2 };
    assert_eq!(Group::new(3, 2), Err(fault));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn limits_lie_inside_and_turn_with_the_groups(
        n1 in prop_oneof![1..50_u64, 1..1_000_000_000_u64, Just(u64::MAX)],
        n2 in prop_oneof![1..50_u64, 1..1_000_000_000_u64, Just(u64::MAX)],
        parts in (0..=u64::MAX, 0..=u64::MAX),
        ends in (0..4_u8, 0..4_u8),
    ) {
        let pick = |n: u64, part: u64, end: u8| match end {
            0 => 0,
            1 => n,
            _ => part % n,
        };
        let first = group(pick(n1, parts.0, ends.0), n1);
        let second = group(pick(n2, parts.1, ends.1), n2);
        let level = Confidence::ninety_five();
        let estimate = difference(first, second);
        for name in ["newcombe", "miettinen_nurminen", "agresti_caffo", "wald"] {
            let method = method(name).expect("known");
            let found = method(first, second, level);
            let turned = method(second, first, level);
            prop_assert!(-1.0 <= found.low && found.low <= found.high && found.high <= 1.0);
            prop_assert!((found.low + turned.high).abs() < 1e-9, "{} {:?}", name, (found, turned));
            prop_assert!((found.high + turned.low).abs() < 1e-9, "{} {:?}", name, (found, turned));
            if name != "agresti_caffo" {
                prop_assert!(found.low <= estimate + 1e-15 && estimate <= found.high + 1e-15);
            }
        }
    }
}
