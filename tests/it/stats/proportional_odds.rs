use countmein::stats::{
    proportional_odds::{ProportionalOddsError, proportional_odds},
    two_sample::TwoGroups,
};
use proptest::prelude::*;

use super::{
    assert_close,
    reference::{check_case, counts_of, id_of},
    reference_cases,
};

/// β, its standard error and the likelihood ratio of β = 0 with its p, from R's `ordinal::clm`
/// 2022.11-16.
const ODDS: [([u64; 5], [u64; 5], [f64; 4]); 4] = [
    (
        [13, 27, 9, 10, 0],
        [16, 52, 3, 14, 0],
        [0.200_031_752, 0.325_700_071, 0.377_678_325, 0.538_848_384],
    ),
    (
        [0, 4, 0, 38, 17],
        [0, 2, 3, 47, 33],
        [-0.410_468_207, 0.342_071_700, 1.453_924_046, 0.227_899_348],
    ),
    (
        [2, 9, 9, 38, 4],
        [2, 33, 16, 34, 0],
        [1.200_570_306, 0.335_912_563, 13.522_142_027, 0.000_235_766],
    ),
    (
        [0, 2, 4, 44, 10],
        [0, 7, 8, 57, 12],
        [0.412_359_932, 0.365_561_034, 1.284_372_710, 0.257_087_584],
    ),
];

fn groups(first: &[u64], second: &[u64]) -> TwoGroups {
    TwoGroups::new(first, second).expect("groups")
}

#[test]
fn proportional_odds_agrees_with_clm_and_statsmodels() {
    for (first, second, [beta, error, ratio, p]) in ODDS {
        let found = proportional_odds(&groups(&first, &second)).expect("fit");
        assert_close(found.beta, beta, 1e-7, "beta");
        assert_close(found.error, error, 1e-6, "error");
        assert_close(found.likelihood_ratio.statistic, ratio, 1e-8, "ratio");
        assert_close(found.likelihood_ratio.p, p, 1e-8, "p");
    }
    for case in reference_cases("proportional_odds", None) {
        let counts = |name: &str| {
            counts_of(&case, name).unwrap_or_else(|| panic!("{}: no {name}", id_of(&case)))
        };
        let found = proportional_odds(&groups(&counts("jan"), &counts("apr"))).expect("fit");
        check_case(&case, |name| {
            Some(vec![match name {
                "beta" => found.beta,
                "se" => found.error,
                "z" => found.z,
                "p" => found.p,
                "LR" => found.likelihood_ratio.statistic,
                "p_LR" => found.likelihood_ratio.p,
                _ => return None,
            }])
        });
    }
}

#[test]
fn two_points_are_the_odds_ratio() {
    // ln(ad/bc) and Woolf's standard error, in closed form; nothing is assumed with two points.
    let found = proportional_odds(&groups(&[20, 10], &[15, 30])).expect("fit");
    assert_close(
        found.beta,
        (15.0 * 10.0 / (30.0 * 20.0_f64)).ln(),
        1e-9,
        "beta",
    );
    let variance = 1.0 / 20.0 + 1.0 / 10.0 + 1.0 / 15.0 + 1.0 / 30.0_f64;
    assert_close(found.error, variance.sqrt(), 1e-9, "error");
    assert_eq!(
        (found.assumption.df, found.assumption.p.to_bits()),
        (0, 1.0_f64.to_bits())
    );
}

#[test]
fn the_assumption_fails_where_the_middle_empties() {
    // The same odds in the middle, but one group spreads to both ends.
    let found = proportional_odds(&groups(&[5, 40, 40, 5], &[40, 5, 5, 40])).expect("fit");
    assert_close(found.beta, 0.0, 1e-9, "beta");
    assert!(found.assumption.p < 1e-6 && found.assumption.df == 2);
    let fits = proportional_odds(&groups(&[10, 20, 40], &[20, 20, 20])).expect("fit");
    assert!(fits.assumption.p > 0.5);
}

#[test]
fn what_has_no_fit_is_told() {
    let fault = |first: &[u64], second: &[u64]| {
        proportional_odds(&groups(first, second)).expect_err("fault")
    };
    assert_eq!(fault(&[0, 3], &[0, 5]), ProportionalOddsError::OnePoint);
    for (first, second) in [
        ([3, 4, 0], [0, 4, 9]),
        ([0, 4, 9], [3, 4, 0]),
        ([3, 0, 0], [0, 1, 1]),
    ] {
        assert_eq!(fault(&first, &second), ProportionalOddsError::Separated);
    }
    assert_eq!(
        fault(&[1; 65], &[1; 65]),
        ProportionalOddsError::TooManyPoints
    );
}

#[test]
fn a_thousand_million_answers() {
    let few = proportional_odds(&groups(&[13, 27, 9, 10], &[16, 52, 3, 14])).expect("fit");
    let times = 100_000_000;
    let many = groups(
        &[13, 27, 9, 10].map(|n| n * times),
        &[16, 52, 3, 14].map(|n| n * times),
    );
    let found = proportional_odds(&many).expect("fit");
    assert_close(found.beta, few.beta, 1e-9, "beta");
    assert_close(found.error * 1e4, few.error, 1e-9, "error");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn proportional_odds_mirrors(
        first in prop::collection::vec(0..30_u64, 2..8),
        second in prop::collection::vec(0..30_u64, 8),
    ) {
        let second = &second[..first.len()];
        prop_assume!(first.iter().any(|n| *n > 0) && second.iter().any(|n| *n > 0));
        let turned = |counts: &[u64]| counts.iter().rev().copied().collect::<Vec<u64>>();
        match proportional_odds(&groups(&first, second)) {
            Ok(found) => {
                let others = [
                    groups(second, &first),
                    groups(&turned(&first), &turned(second)),
                ];
                for other in others {
                    let other = proportional_odds(&other).expect("mirrored");
                    prop_assert!((found.beta + other.beta).abs() < 1e-7);
                    prop_assert!((found.error - other.error).abs() < 1e-7);
                }
                for p in [found.p, found.likelihood_ratio.p, found.assumption.p] {
                    prop_assert!((0.0..=1.0).contains(&p));
                }
            }
            Err(fault) => prop_assert!(matches!(
                fault,
                ProportionalOddsError::OnePoint | ProportionalOddsError::Separated
            )),
        }
    }
}
