use countmein::stats::{
    confidence::Confidence,
    interval::{Interval, IntervalError, wilson},
    multinomial::{goodman, quesenberry_hurst, sison_glaz},
};
use proptest::prelude::*;

use super::{assert_close, vectors::Case};

type Method = fn(&[u64], Confidence) -> Result<Vec<Interval>, IntervalError>;
type Row = (&'static str, &'static [u64], &'static [(f64, f64)]);

/// Limits at 95 % from `statsmodels` 0.15.0 (`multinomial_proportions_confint`), and of Quesenberry
/// and Hurst from their formula with scipy's quantile: method, counts, lower and upper limits.
const ROWS: &[Row] = &[
    (
        "sison_glaz",
        &[2, 33, 16, 34, 0],
        &[
            (0.0, 0.140_893_025_635_563_33),
            (0.282_352_941_176_470_6, 0.505_598_907_988_504_5),
            (0.082_352_941_176_470_59, 0.305_598_907_988_504_5),
            (0.294_117_647_058_823_54, 0.517_363_613_870_857_5),
            (0.0, 0.117_363_613_870_857_43),
        ],
    ),
    (
        "quesenberry_hurst",
        &[2, 33, 16, 34, 0],
        &[
            (0.003_578_731_286_399_082, 0.139_167_095_862_550_55),
            (0.244_620_081_789_972_83, 0.554_295_606_059_780_8),
            (0.091_777_713_008_611_46, 0.347_302_889_940_701_24),
            (0.254_478_459_016_039_27, 0.565_603_998_533_740_3),
            (0.0, 0.100_412_287_748_897_78),
        ],
    ),
    (
        "goodman",
        &[0, 0, 30, 0, 0],
        &[
            (0.0, 0.181_108_648_218_110_82),
            (0.0, 0.181_108_648_218_110_82),
            (0.818_891_351_781_889_3, 1.0),
            (0.0, 0.181_108_648_218_110_82),
            (0.0, 0.181_108_648_218_110_82),
        ],
    ),
    (
        "quesenberry_hurst",
        &[0, 0, 30, 0, 0],
        &[
            (0.0, 0.240_270_313_543_322_15),
            (0.0, 0.240_270_313_543_322_15),
            (0.759_729_686_456_677_9, 1.0),
            (0.0, 0.240_270_313_543_322_15),
            (0.0, 0.240_270_313_543_322_15),
        ],
    ),
    (
        "quesenberry_hurst",
        &[1, 0, 0, 0, 2],
        &[
            (0.029_994_451_604_495_313, 0.889_926_937_059_959_5),
            (0.0, 0.759_764_165_993_364_5),
            (0.0, 0.759_764_165_993_364_5),
            (0.0, 0.759_764_165_993_364_5),
            (0.110_073_062_940_040_49, 0.970_005_548_395_504_7),
        ],
    ),
    (
        "quesenberry_hurst",
        &[223_451, 461_234, 150_021, 165_294, 0],
        &[
            (0.222_170_538_383_005_46, 0.224_736_709_211_161_57),
            (0.459_698_903_099_305_94, 0.462_769_832_496_322_64),
            (0.148_924_400_266_042_3, 0.151_124_240_682_791_3),
            (0.164_153_043_756_770_4, 0.166_441_307_382_641_68),
            (0.0, 9.487_639_020_632_927e-6),
        ],
    ),
    (
        "goodman",
        &[56, 72, 73],
        &[
            (0.209_847_878_464_967_5, 0.359_641_264_248_931_2),
            (0.282_210_043_349_148_73, 0.442_069_519_961_999_9),
            (0.286_813_871_748_014_87, 0.447_140_092_850_461_86),
        ],
    ),
    (
        "sison_glaz",
        &[56, 72, 73],
        &[
            (0.203_980_099_502_487_58, 0.353_855_671_362_351_4),
            (0.283_582_089_552_238_8, 0.433_457_661_412_102_6),
            (0.288_557_213_930_348_3, 0.438_432_785_790_212_1),
        ],
    ),
];

const ALL: [Method; 3] = [goodman, quesenberry_hurst, sison_glaz];

/// By the names of the reference cases, of statsmodels and of `DescTools`.
fn method(name: &str) -> Option<Method> {
    Some(match name {
        "goodman" => goodman,
        "quesenberry_hurst" | "quesenberry-hurst" | "qh" => quesenberry_hurst,
        "sison_glaz" | "sison-glaz" | "sisonglaz" => sison_glaz,
        _ => return None,
    })
}

#[test]
fn limits_agree_with_statsmodels() {
    for (name, counts, expected) in ROWS {
        let method = method(name).expect("known");
        let found = method(counts, Confidence::ninety_five()).expect("intervals");
        assert_eq!(found.len(), expected.len());
        for (interval, (low, high)) in found.iter().zip(*expected) {
            assert_close(interval.low, *low, 1e-12, name);
            assert_close(interval.high, *high, 1e-12, name);
        }
    }
    for case in Case::all("multinomial_ci") {
        let name = case.method().unwrap_or_else(|| case.unknown("no method"));
        let method = method(name).unwrap_or_else(|| case.unknown(name));
        let found = method(&case.counts("counts"), case.confidence()).expect("intervals");
        for (key, expected) in case.outputs() {
            match key {
                "ci" => {
                    assert_eq!(found.len(), expected.as_array().expect("ci").len());
                    for (index, interval) in found.iter().enumerate() {
                        case.check_limits(key, *interval, &expected[index]);
                    }
                }
                _ => case.unknown(key),
            }
        }
    }
}

/// For large n the cut Poisson variables are cut normal ones, and the width is 1/√n times a number
/// that does not depend on n, to steps of 1/n.
#[test]
fn sison_glaz_settles_as_n_grows() {
    let width = |scale: u32| {
        let counts = [13, 27, 9, 11].map(|count| count * u64::from(scale));
        let found = sison_glaz(&counts, Confidence::ninety_five()).expect("intervals");
        let root = (60.0 * f64::from(scale)).sqrt();
        ((found[1].high - found[1].low) * root, 1.0 / root)
    };
    let (last, _) = width(16_666_667);
    for scale in [100, 10_000, 1_000_000] {
        let (found, step) = width(scale);
        assert_close(found, last, 2.0 * step, "width");
    }
}

#[test]
fn rows_of_one_bar_and_of_none() {
    let level = Confidence::ninety_five();
    for method in ALL {
        for counts in [&[] as &[u64], &[0], &[0, 0, 0]] {
            assert_eq!(method(counts, level), Err(IntervalError::NoAnswers));
        }
        let fault = Err(IntervalError::TooMany);
        assert_eq!(method(&[u64::MAX, 1], level), fault);
    }
    let one = goodman(&[12], level).expect("intervals");
    assert_eq!(one, [wilson(12, 12, level).expect("interval")]);
    let one = quesenberry_hurst(&[12], level).expect("intervals");
    assert_eq!(
        one,
        [Interval {
            low: 1.0,
            high: 1.0
        }]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn limits_lie_inside_and_hold_the_shares(
        counts in prop_oneof![
            prop::collection::vec(0..40_u64, 1..8),
            prop::collection::vec(prop_oneof![0..3_u64, 0..1_000_000_000_u64], 1..8),
            prop::collection::vec(0..=u64::MAX / 8, 1..8),
        ],
    ) {
        let total: u64 = counts.iter().sum();
        prop_assume!(total > 0);
        let level = Confidence::ninety_five();
        for method in ALL {
            let found = method(&counts, level).expect("intervals");
            prop_assert_eq!(found.len(), counts.len());
            for (interval, count) in found.iter().zip(&counts) {
                let one = wilson(*count, total, Confidence::new(0.5).expect("level")).expect("share");
                prop_assert!(0.0 <= interval.low && interval.low <= interval.high);
                prop_assert!(interval.high <= 1.0);
                // The share lies inside its own fifty-per-cent limits or at the end they share.
                prop_assert!(interval.low <= one.high + 1e-15 && one.low <= interval.high + 1e-15);
            }
        }
    }
}
