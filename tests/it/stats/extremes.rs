//! Inputs at the ends of what a caller can construct, each of which once came out wrong.

use countmein::stats::{
    confidence::Confidence,
    dispersion::{consensus, leik_d},
    interval::IntervalError,
    keying::error_rate,
    mean::{MeanError, Scored},
    multinomial::{MOST_BARS, goodman, quesenberry_hurst, sison_glaz},
    ordinal::{MOST_POINTS, agreement_a, interpolated_median},
    quantile::{hypergeometric_lower, hypergeometric_upper},
    reliability::{
        alpha::cronbach,
        kappa::{Credit, cohen},
        scale::{DeclaredScale, Item, ResponsePattern},
    },
    two_sample::{TwoGroups, mann_whitney, superiority},
    weight::{
        effective::kish,
        estimate::{Estimate, WeightedValue, mean},
        share::{ShareGroup, WeightedShareError, weighted_share},
        share_interval::{ShareIntervalError, ShareMethod, share_interval},
    },
};

use super::assert_close;

fn at(level: f64) -> Confidence {
    Confidence::new(level).expect("level")
}

#[test]
fn limits_hold_the_share_where_all_three_round_to_one() {
    let row = [0, 0, 0, 0, 0, 2, 113_271_096_606_186_979, 0];
    for found in goodman(&row, at(0.99)).expect("intervals") {
        assert!(found.low <= found.high, "{found:?}");
    }
    let found = error_rate(11_630_214_300_991_699, 240_760_625_880_584_974, at(0.5));
    let found = found.expect("rate");
    assert!(found.rate <= found.at_most);
}

#[test]
fn rows_beyond_any_scale_are_refused_and_not_worked_through() {
    let row = vec![3; MOST_BARS + 1];
    for method in [goodman, quesenberry_hurst, sison_glaz] {
        let fault = IntervalError::TooManyBars { bars: row.len() };
        assert_eq!(method(&row, at(0.95)), Err(fault));
    }
    assert_eq!(
        fault_text(IntervalError::TooManyBars { bars: 1001 }),
        "a row has at most 1000 bars, and this one has 1001"
    );
    let long = vec![3; MOST_POINTS + 1];
    assert_eq!(
        (agreement_a(&long), consensus(&long), leik_d(&long)),
        (None, None, None)
    );
    assert!(agreement_a(&long[1..]).is_some());
}

fn fault_text(fault: IntervalError) -> String {
    fault.to_string()
}

#[test]
fn an_interpolated_median_stays_on_its_point() {
    let row = [u64::MAX, 5, 53, 7, u64::MAX];
    let found = interpolated_median(&row).expect("median");
    assert_close(found, 2.0 + 2.0 / 106.0, 1e-15, "median");
    assert_eq!(interpolated_median(&[u64::MAX, u64::MAX]), Some(0.5));
}

#[test]
fn scores_whose_squares_overflow_are_refused() {
    let found = Scored::new(&[1, 1], &[f64::MAX, -f64::MAX]);
    assert_eq!(found, Err(MeanError::NotAScore(f64::MAX)));
    let widest = Scored::new(&[u64::MAX, u64::MAX], &[1e9, -1e9]).expect("scores");
    let found = widest.mean(at(0.95)).expect("mean");
    assert_close(found.mean, 0.0, 1e-6, "mean");
}

#[test]
fn u_never_falls_below_nothing() {
    let groups = TwoGroups::new(&[0, 0, 1, 746_853_635, 1_000_000_000], &[22, 0, 1, 0, 0]);
    let groups = groups.expect("groups");
    let found = mann_whitney(&groups);
    // Only the one on the middle point is level with anyone.
    assert_close(found.u_first, 0.5, 0.0, "U of the first group");
    let pairs = 1_746_853_636.0 * 23.0;
    assert_close(found.u_second, pairs - 0.5, 1e-5, "U of the second group");
    assert_close(superiority(&groups), 0.5 / pairs, 1e-25, "superiority");
}

/// Against the same sums in whole numbers of any length.
#[test]
fn counts_beyond_the_digits_of_a_float() {
    let (size, drawn) = (u64::MAX, 33_375_925_159_433_682);
    let lower = hypergeometric_lower(2, size, 4, drawn).expect("P");
    let upper = hypergeometric_upper(3, size, 4, drawn).expect("P");
    assert_close(upper / 2.365_979_794_948_961_2e-8, 1.0, 1e-7, "upper");
    assert_close(lower + upper, 1.0, 1e-15, "both");
    let table = vec![
        vec![0, 9, 0],
        vec![1, 18_446_744_073_709_551_614, 24],
        vec![562_305, 1, 0],
    ];
    let found = cohen(&table, Credit::Same, at(0.95)).expect("kappa");
    assert_close(found.kappa, 0.499_984_439_534_245_43, 1e-9, "kappa");
}

#[test]
fn a_weight_that_nobody_has_weighs_nothing() {
    let found = kish(&[(1e-300, 4), (f64::MAX, 0)]).expect("kish");
    assert_close(found.people, 4.0, 1e-12, "people");
    let answers = [(1.0, 1e-300, 3), (0.0, 1e-300, 1), (1e9, f64::MAX, 0)];
    let answers = answers.map(|(value, weight, count)| WeightedValue {
        value,
        weight,
        count,
    });
    let found = mean(&answers, None).expect("mean");
    assert_close(found.mean, 0.75, 1e-15, "mean");
    assert_close(found.standard_error, 0.25, 1e-15, "error");
}

#[test]
fn an_estimate_that_is_none_has_no_interval() {
    let of = |standard_error: f64| Estimate {
        mean: 0.3,
        standard_error,
        degrees_of_freedom: 9.0,
        variance: 0.21,
    };
    for error in [f64::NAN, -0.1, f64::INFINITY] {
        let found = share_interval(&of(error), 5.0, ShareMethod::Logit, at(0.95));
        assert!(matches!(found, Err(ShareIntervalError::NotAnError(_))));
    }
    let found = share_interval(&of(0.1), f64::MAX, ShareMethod::WilsonEffective, at(0.95));
    assert_eq!(found, Err(ShareIntervalError::EffectivePeople(f64::MAX)));
}

#[test]
fn a_census_of_one_mind_has_no_interval_either() {
    let group = ShareGroup {
        weight: 1.0,
        chosen: 20,
        others: 0,
    };
    for (population, is_census) in [(20, true), (21, false)] {
        let found = weighted_share(&[group], Some(population), ShareMethod::Logit, at(0.95));
        let census = Err(WeightedShareError::Interval(ShareIntervalError::Census));
        assert_eq!(found == census, is_census, "{found:?}");
    }
}

/// One item runs exactly against the other, at twice its size: brought to one variance they cancel.
#[test]
fn items_that_cancel_once_standardised_have_no_standardised_alpha() {
    let patterns: Vec<ResponsePattern> = (0..5)
        .map(|score| ResponsePattern {
            scores: vec![Some(2 * score), Some(-score)],
            count: 1,
        })
        .collect();
    let item = |position| Item {
        position,
        is_reversed: false,
    };
    let scale = DeclaredScale {
        name: "two".to_owned(),
        items: vec![item(0), item(1)],
    };
    let found = cronbach(&patterns, Some(&scale), at(0.95)).expect("alpha");
    assert_eq!(found.standardised, None);
    assert!(found.low <= found.alpha && found.alpha <= found.high);
}
