use countmein::stats::{
    confidence::Confidence,
    finite_population::{FinitePopulationError, effective_size, exact, wilson},
    interval, quantile,
};
use proptest::prelude::*;

use super::{assert_close, vectors::Case};

type Row = (u64, u64, u64, f64, (f64, f64), (u64, u64));

/// Limits at 95 % of x out of n from a population of N, from `statsmodels` 0.15.0 with n* answers
/// and from an inversion of `scipy.stats.hypergeom` 1.17.1: x, n, N, n*, Wilson, exact counts.
const FINITE: [Row; 3] = [
    (
        13,
        41,
        50,
        223.222_222_222_222_23,
        (0.259_562_979_091_426_3, 0.380_772_867_259_839_44),
        (13, 19),
    ),
    (
        41,
        41,
        200,
        51.314_465_408_805_034,
        (0.930_352_743_166_624_4, 1.0),
        (185, 200),
    ),
    (
        500,
        1000,
        5000,
        1249.75,
        (0.472_321_657_244_358_15, 0.527_678_342_755_641_8),
        (2360, 2640),
    ),
];

#[test]
fn limits_agree_with_statsmodels_and_scipy() {
    let level = Confidence::ninety_five();
    for (x, n, size, effective, (low, high), (fewest, most)) in FINITE {
        let found = wilson(x, n, size, level).expect("interval");
        assert_close(effective_size(n, size).expect("n*"), effective, 1e-10, "n*");
        assert_close(found.low, low, 1e-14, "low");
        assert_close(found.high, high, 1e-14, "high");
        let counts = exact(x, n, size, level).expect("limits");
        assert_eq!(
            (counts.fewest, counts.most, counts.size),
            (fewest, most, size)
        );
    }
    for case in Case::all("fpc") {
        let (x, n, size) = (case.count("x"), case.count("n"), case.count("N"));
        let found = wilson(x, n, size, case.confidence()).expect("interval");
        for (key, expected) in case.outputs() {
            match key {
                "n_star" => case.check(key, effective_size(n, size).expect("n*"), expected),
                "lower" => case.check(key, found.low, expected),
                "upper" => case.check(key, found.high, expected),
                "exact_hypergeom" => {
                    let counts = exact(x, n, size, case.confidence()).expect("limits");
                    case.check_limits(key, counts.shares(), expected);
                }
                _ => case.unknown(key),
            }
        }
    }
}

#[test]
fn a_census_has_no_width() {
    let level = Confidence::ninety_five();
    for (x, n) in [(0, 7), (3, 7), (60, 60), (u64::MAX / 2, u64::MAX)] {
        assert_eq!(effective_size(n, n), None);
        let found = wilson(x, n, n, level).expect("interval");
        assert_eq!(found.low.to_bits(), found.high.to_bits());
        let counts = exact(x, n, n, level).expect("limits");
        assert_eq!((counts.fewest, counts.most), (x, x));
    }
}

#[test]
fn a_vast_population_is_an_endless_one() {
    let level = Confidence::ninety_five();
    let finite = wilson(13, 59, u64::MAX, level).expect("interval");
    let endless = interval::wilson(13, 59, level).expect("interval");
    assert_close(finite.low, endless.low, 1e-14, "low");
    assert_close(finite.high, endless.high, 1e-14, "high");
}

#[test]
fn what_is_no_sample_is_refused() {
    let level = Confidence::ninety_five();
    let fault = FinitePopulationError::LargerThanPopulation { n: 6, size: 5 };
    assert_eq!(wilson(1, 6, 5, level), Err(fault));
    assert_eq!(exact(1, 6, 5, level), Err(fault));
    assert!(wilson(0, 0, 5, level).is_err() && exact(4, 3, 5, level).is_err());
    assert_eq!((effective_size(0, 5), effective_size(6, 5)), (None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn exact_limits_are_those_of_the_tails(
        size in prop_oneof![1..60_u64, 1..1_000_000_000_u64, u64::MAX / 2..u64::MAX],
        parts in (0..=u64::MAX, 0..=u64::MAX),
    ) {
        let n = 1 + parts.0 % size;
        let x = parts.1 % (n + 1);
        let level = Confidence::ninety_five();
        let found = exact(x, n, size, level).expect("limits");
        let share = wilson(x, n, size, level).expect("interval");
        prop_assert!(x <= found.fewest && found.fewest <= found.most && found.most <= size - (n - x));
        prop_assert!(0.0 <= share.low && share.low <= share.high && share.high <= 1.0);
        if size < 1 << 50 {
            let above = |d| quantile::hypergeometric_upper(x, size, d, n).expect("tail");
            let below = |d| quantile::hypergeometric_lower(x, size, d, n).expect("tail");
            prop_assert!(above(found.fewest) > 0.025 && below(found.most) > 0.025);
            prop_assert!(found.fewest == x || above(found.fewest - 1) <= 0.025 + 1e-12);
            prop_assert!(found.most == size - (n - x) || below(found.most + 1) <= 0.025 + 1e-12);
        }
    }
}
