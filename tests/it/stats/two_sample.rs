use countmein::stats::{
    confidence::Confidence,
    two_sample::{
        BrunnerMunzelError, OrdinalChange, TwoGroups, TwoGroupsError, brunner_munzel,
        exact_permutation, mann_whitney, ordinal_change, superiority,
    },
};
use proptest::prelude::*;
use serde_json::Value;

use super::{
    assert_close,
    reference::{check_case, counts_of, id_of},
    reference_cases,
};

struct Expected {
    first: &'static [u64],
    second: &'static [u64],
    /// U₁ and p with and without continuity correction.
    mann_whitney: [f64; 3],
    /// Statistic, p by t and by the normal distribution.
    brunner_munzel: [f64; 3],
    /// P(superiority) and its limits.
    superiority: [f64; 3],
}

/// `scipy.stats.mannwhitneyu` and `brunnermunzel` 1.17.1 and statsmodels 0.15.0
/// `rank_compare_2indep(...).conf_int()`, of the expanded answers scored from the most agreeing
/// point (highest) down.
const TWO_GROUPS: [Expected; 6] = [
    Expected {
        first: &[35, 24, 1, 1, 0],
        second: &[24, 56, 2, 3, 0],
        mann_whitney: [
            3352.5,
            0.000_591_599_220_434_130_9,
            0.000_586_680_446_656_013_7,
        ],
        brunner_munzel: [
            -3.544_190_116_782_825_6,
            0.000_559_758_010_032_665_2,
            0.000_393_821_153_618_801_8,
        ],
        superiority: [
            0.646_576_663_452_266_2,
            0.564_703_785_986_502_8,
            0.728_449_540_918_029_5,
        ],
    },
    Expected {
        first: &[13, 27, 9, 10, 0],
        second: &[16, 52, 3, 14, 0],
        mann_whitney: [2371.5, 0.543_659_905_835_959_8, 0.542_174_018_319_805_6],
        brunner_munzel: [
            0.591_155_597_538_377_8,
            0.555_601_402_146_845_1,
            0.554_416_170_633_851_1,
        ],
        superiority: [
            0.472_881_355_932_203_4,
            0.381_992_968_875_838_33,
            0.563_769_742_988_568_4,
        ],
    },
    Expected {
        first: &[2, 9, 9, 38, 4],
        second: &[2, 33, 16, 34, 0],
        mann_whitney: [
            1790.5,
            0.000_341_214_584_177_996_9,
            0.000_338_453_042_038_930_9,
        ],
        brunner_munzel: [
            3.814_840_583_209_936_6,
            0.000_211_271_638_303_507_32,
            0.000_136_270_875_554_121_7,
        ],
        superiority: [
            0.339_753_320_683_112,
            0.256_634_772_420_616_1,
            0.422_871_868_945_607_85,
        ],
    },
    Expected {
        first: &[32, 0, 32, 18, 20, 25],
        second: &[17, 58, 3, 16, 23, 34],
        mann_whitney: [9449.0, 0.832_466_038_214_018_8, 0.831_872_381_585_534_4],
        brunner_munzel: [
            0.206_249_570_016_056_18,
            0.836_753_241_501_039_4,
            0.836_595_968_846_272_1,
        ],
        superiority: [
            0.492_725_660_948_010_6,
            0.423_283_574_354_323,
            0.562_167_747_541_698_2,
        ],
    },
    Expected {
        first: &[5, 1, 0, 1],
        second: &[8, 59, 11, 39],
        mann_whitney: [664.0, 0.002_878_778_316_328_141, 0.002_824_115_528_677_349],
        brunner_munzel: [
            -2.692_929_547_600_608,
            0.035_040_830_043_069_22,
            0.007_082_723_382_565_603,
        ],
        // statsmodels does not cut the upper limit, 1.0914, off.
        superiority: [0.810_744_810_744_810_8, 0.530_071_822_537_834_5, 1.0],
    },
    Expected {
        first: &[12_345, 23_456, 3_456, 4_567, 123],
        second: &[13_000, 23_000, 3_000, 5_000, 130],
        mann_whitney: [
            959_916_115.0,
            0.004_406_299_478_016_028,
            0.004_406_297_461_564_621,
        ],
        brunner_munzel: [
            2.847_436_524_954_493_3,
            0.004_408_308_175_953_889,
            0.004_407_288_233_496_136,
        ],
        superiority: [
            0.494_960_021_034_751_7,
            0.491_490_825_847_789_4,
            0.498_429_216_221_713_93,
        ],
    },
];

/// scipy's normal and Student tails and statrs's agree to about so much.
const CLOSE: f64 = 1e-9;

fn groups(first: &[u64], second: &[u64]) -> TwoGroups {
    TwoGroups::new(first, second).expect("groups")
}

#[test]
fn two_groups_agree_with_scipy_and_statsmodels() {
    for expected in TWO_GROUPS {
        let two = groups(expected.first, expected.second);
        let (rank, found) = (
            mann_whitney(&two),
            brunner_munzel(&two, Confidence::ninety_five()),
        );
        let found = found.expect("Brunner-Munzel");
        let pairs = [
            (rank.u_first, expected.mann_whitney[0]),
            (rank.p_corrected, expected.mann_whitney[1]),
            (rank.p, expected.mann_whitney[2]),
            (found.statistic, expected.brunner_munzel[0]),
            (found.p, expected.brunner_munzel[1]),
            (found.p_normal, expected.brunner_munzel[2]),
            (found.superiority, expected.superiority[0]),
            (found.interval.low, expected.superiority[1]),
            (found.interval.high, expected.superiority[2]),
        ];
        for (at, (one, other)) in pairs.into_iter().enumerate() {
            assert_close(
                one,
                other,
                CLOSE,
                &format!("{:?}, figure {at}", expected.first),
            );
        }
    }
}

#[test]
fn two_groups_agree_with_the_shared_cases() {
    for case in reference_cases("ordinal_two_sample", None) {
        if let (Some(first), Some(second)) = (counts_of(&case, "jan"), counts_of(&case, "apr")) {
            check_counts(&case, &groups(&first, &second));
        } else {
            check_values(&case);
        }
    }
}

fn check_counts(case: &Value, two: &TwoGroups) {
    let rank = mann_whitney(two);
    // Each only where the case has its figure: groups without overlap have none of the first, and
    // large ones none of the second.
    let test = || brunner_munzel(two, Confidence::ninety_five()).expect("Brunner-Munzel");
    check_case(case, |name| {
        Some(match name {
            "rank_compare_ci" => {
                // statsmodels does not cut off, and has none to agree with beyond 0 and 1.
                let cut = |at: usize, limit: f64| {
                    let theirs = case["output"][name][at].as_f64().unwrap_or(limit);
                    if (0.0..=1.0).contains(&theirs) {
                        limit
                    } else {
                        theirs
                    }
                };
                let interval = test().interval;
                vec![cut(0, interval.low), cut(1, interval.high)]
            }
            "U1" => vec![rank.u_first],
            "p_cc" => vec![rank.p_corrected],
            "p_nocc" => vec![rank.p],
            "p_exact" => vec![exact_permutation(two).expect("exact").two_sided],
            "prob_superiority" | "rank_compare_prob1" => vec![superiority(two)],
            "cliffs_delta" => vec![2.0 * superiority(two) - 1.0],
            "bm_stat" => vec![test().statistic],
            "bm_p_t" => vec![test().p],
            "bm_p_normal" => vec![test().p_normal],
            _ => return None,
        })
    });
}

/// Values without ties: each is a point of a scale of its own.
fn check_values(case: &Value) {
    let values = |name: &str| -> Vec<f64> {
        serde_json::from_value(case["input"][name].clone())
            .unwrap_or_else(|_| panic!("{}: neither counts nor values", id_of(case)))
    };
    let (x, y) = (values("x"), values("y"));
    let mut points: Vec<f64> = x.iter().chain(&y).copied().collect();
    points.sort_by(|one, other| other.total_cmp(one));
    points.dedup();
    let tabulated = |values: &[f64]| -> Vec<u64> {
        let is_at = |point: f64| move |value: &&f64| value.to_bits() == point.to_bits();
        points
            .iter()
            .map(|point| values.iter().filter(is_at(*point)).map(|_| 1).sum())
            .collect()
    };
    let two = groups(&tabulated(&x), &tabulated(&y));
    let (u, exact) = (
        mann_whitney(&two).u_first,
        exact_permutation(&two).expect("exact"),
    );
    check_case(case, |name| {
        Some(match name {
            "two-sided" => vec![u, exact.two_sided],
            "greater" => vec![u, exact.first_agrees_more],
            "less" => vec![u, exact.first_agrees_less],
            _ => return None,
        })
    });
}

/// Two-sided exact p from R's `coin::wilcox_test(distribution="exact")` 1.4-2.
const EXACT: [([u64; 5], [u64; 5], f64); 4] = [
    (
        [35, 24, 1, 1, 0],
        [24, 56, 2, 3, 0],
        0.000_577_021_957_204_82,
    ),
    (
        [1, 16, 3, 27, 12],
        [2, 32, 2, 37, 12],
        0.183_452_913_659_294,
    ),
    ([3, 14, 8, 30, 3], [4, 30, 5, 44, 2], 0.417_931_658_355_14),
    ([0, 4, 0, 38, 17], [0, 2, 3, 47, 33], 0.226_918_778_475_431),
];

/// Without ties, as which group each value from the highest on belongs to, with the p two-sided,
/// "less" and "greater" of `scipy.stats.mannwhitneyu(method="exact")` 1.17.1.
const UNTIED: [(&str, [f64; 3]); 3] = [
    (
        "xxxyxyxyy",
        [
            0.111_111_111_111_111_1,
            0.968_253_968_253_968_3,
            0.055_555_555_555_555_55,
        ],
    ),
    ("yxyxyx", [0.7, 0.35, 0.8]),
    (
        "yyxyyxyxyxy",
        [
            0.648_484_848_484_848_4,
            0.324_242_424_242_424_2,
            0.736_363_636_363_636_3,
        ],
    ),
];

#[test]
fn exact_agrees_with_coin_and_scipy() {
    for (first, second, p) in EXACT {
        let found = exact_permutation(&groups(&first, &second)).expect("exact");
        assert_close(found.two_sided, p, 1e-12, "coin");
    }
    for (order, [two_sided, less, greater]) in UNTIED {
        let of = |group: char| -> Vec<u64> {
            order
                .chars()
                .map(|letter| u64::from(letter == group))
                .collect()
        };
        let found = exact_permutation(&groups(&of('x'), &of('y'))).expect("exact");
        assert_close(found.two_sided, two_sided, 1e-12, order);
        assert_close(found.first_agrees_less, less, 1e-12, order);
        assert_close(found.first_agrees_more, greater, 1e-12, order);
    }
}

#[test]
fn faults_of_two_groups() {
    let fault = |first: &[u64], second: &[u64]| TwoGroups::new(first, second).expect_err("fault");
    let different = TwoGroupsError::DifferentScales {
        first: 1,
        second: 2,
    };
    assert_eq!(fault(&[1], &[1, 2]), different);
    assert_eq!(fault(&[0, 0], &[1, 2]), TwoGroupsError::NoAnswers);
    assert_eq!(fault(&[], &[]), TwoGroupsError::NoAnswers);
    assert_eq!(
        fault(&[u64::MAX], &[u64::MAX]),
        TwoGroupsError::TooManyAnswers
    );
}

#[test]
fn groups_without_overlap_get_the_exact_test() {
    let apart = groups(&[12, 0, 0], &[0, 0, 12]);
    let level = Confidence::ninety_five();
    assert_eq!(
        brunner_munzel(&apart, level),
        Err(BrunnerMunzelError::NoOverlap)
    );
    let OrdinalChange::Exact(exact) = ordinal_change(&apart, level) else {
        panic!("not the exact test");
    };
    // 2 of the C(24, 12) = 2,704,156 divisions.
    assert_close(exact.two_sided, 2.0 / 2_704_156.0, 1e-18, "two-sided");
    assert_close(exact.first_agrees_more, 1.0 / 2_704_156.0, 1e-18, "more");
    assert_close(exact.first_agrees_less, 1.0, 1e-15, "less");
    let alike = groups(&[0, 30], &[0, 40]);
    assert_close(ordinal_change(&alike, level).p(), 1.0, 1e-15, "one point");
    let single = groups(&[1, 0], &[5, 5]);
    assert_eq!(
        brunner_munzel(&single, level),
        Err(BrunnerMunzelError::TooFewAnswers)
    );
}

#[test]
fn the_test_follows_from_the_sizes() {
    let level = Confidence::ninety_five();
    let chosen = |first: &[u64], second: &[u64]| ordinal_change(&groups(first, second), level);
    let is_exact = |change| matches!(change, OrdinalChange::Exact(_));
    assert!(is_exact(chosen(&[4, 3, 3], &[3, 3, 4])));
    assert!(is_exact(chosen(&[3, 3, 3], &[300, 300, 400])));
    let large = chosen(&[4, 3, 4], &[3, 3, 4]);
    assert!(
        matches!(large, OrdinalChange::BrunnerMunzel(_)),
        "{large:?}"
    );
    let apart = chosen(&[1_000_000_000, 0], &[0, 1_000_000_000]);
    assert!(matches!(apart, OrdinalChange::MannWhitney(_)), "{apart:?}");
    assert!(apart.p() < 1e-300);
}

#[test]
fn a_thousand_million_answers_and_more() {
    let level = Confidence::ninety_five();
    for many in [1_000_000_000, TwoGroups::MOST_ANSWERS / 8] {
        let two = groups(&[many, many, 1, 0], &[many, many - 1, 2, 0]);
        let change = ordinal_change(&two, level);
        assert!(matches!(change, OrdinalChange::BrunnerMunzel(_)));
        assert!((0.0..=1.0).contains(&change.p()));
        assert!(exact_permutation(&two).is_err());
        assert!((0.0..=1.0).contains(&mann_whitney(&two).p_corrected));
    }
    let varied: Vec<u64> = (0..400).map(|at| at % 3 + 1).collect();
    assert!(exact_permutation(&groups(&varied, &varied)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn two_groups_mirror(
        first in prop::collection::vec(0..12_u64, 5),
        second in prop::collection::vec(0..12_u64, 5),
    ) {
        prop_assume!(first.iter().any(|n| *n > 0) && second.iter().any(|n| *n > 0));
        let turned = |counts: &[u64]| counts.iter().rev().copied().collect::<Vec<u64>>();
        let level = Confidence::ninety_five();
        let here = groups(&first, &second);
        let swapped = groups(&second, &first);
        let upside_down = groups(&turned(&first), &turned(&second));
        let exact = |two| exact_permutation(two).expect("exact");
        let found = exact(&here);
        for other in [exact(&swapped), exact(&upside_down)] {
            prop_assert!((found.two_sided - other.two_sided).abs() < 1e-10);
            prop_assert!((found.first_agrees_more - other.first_agrees_less).abs() < 1e-10);
        }
        let rank = mann_whitney(&here);
        prop_assert!((rank.u_first - mann_whitney(&swapped).u_second).abs() < 1e-9);
        prop_assert!((rank.p - mann_whitney(&upside_down).p).abs() < 1e-12);
        prop_assert!(rank.p <= rank.p_corrected);
        for p in [rank.p, rank.p_corrected, found.two_sided, ordinal_change(&here, level).p()] {
            prop_assert!((0.0..=1.0).contains(&p));
        }
        if let Ok(found) = brunner_munzel(&here, level) {
            let other = brunner_munzel(&swapped, level).expect("swapped");
            prop_assert!((found.superiority + other.superiority - 1.0).abs() < 1e-12);
            prop_assert!((found.statistic + other.statistic).abs() < 1e-9);
            prop_assert!((found.p - other.p).abs() < 1e-9);
            prop_assert!((found.superiority - rank.u_first / (rank.u_first + rank.u_second)).abs() < 1e-12);
            prop_assert!(found.interval.low <= found.superiority && found.superiority <= found.interval.high);
        }
    }
}
