use countmein::stats::{
    confidence::Confidence,
    keying::{
        AcceptancePlan, PlanError, error_rate, smallest_plan, smallest_plan_for_both, wrong_alike,
        wrong_in_both, wrong_left, wrong_ones,
    },
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng, seq::SliceRandom};

use super::{assert_close, vectors::Case};

/// Bounds at 95 % from `scipy.stats.beta.ppf` 1.17.1: errors, fields, one-sided upper bound,
/// two-sided limits.
const ERRORS: [(u64, u64, f64, f64, f64); 3] = [
    (
        0,
        300,
        0.009_936_081_944_457_708,
        0.0,
        0.012_220_974_694_293_55,
    ),
    (
        3,
        500,
        0.015_433_734_876_752_685,
        0.001_239_057_543_540_750_6,
        0.017_433_673_725_913_514,
    ),
    (
        0,
        59,
        0.049_507_609_888_226_93,
        0.0,
        0.060_608_900_950_339_835,
    ),
];

/// From `scipy.stats.hypergeom` and `binom` 1.17.1: size, sample, accepted, rate, P(accept) of both.
const PLANS: [(u64, u64, u64, f64, f64, f64); 2] = [
    (
        5000,
        125,
        0,
        0.01,
        0.280_210_334_849_474_8,
        0.284_707_773_273_195_74,
    ),
    (
        5000,
        200,
        1,
        0.01,
        0.399_148_556_756_144,
        0.404_645_684_672_025_8,
    ),
];

#[test]
fn figures_agree_with_scipy() {
    let level = Confidence::ninety_five();
    for (errors, fields, at_most, low, high) in ERRORS {
        let found = error_rate(errors, fields, level).expect("rate");
        assert_close(found.at_most, at_most, 1e-15, "at most");
        assert_close(found.interval.low, low, 1e-15, "low");
        assert_close(found.interval.high, high, 1e-15, "high");
    }
    for (size, sample, accepted, rate, of_batch, of_many) in PLANS {
        let plan = AcceptancePlan { sample, accepted };
        let wrong = wrong_ones(size, rate).expect("count");
        assert_close(
            plan.accepts(size, wrong).expect("p"),
            of_batch,
            1e-14,
            "batch",
        );
        assert_close(
            plan.accepts_of_many(rate).expect("p"),
            of_many,
            1e-14,
            "many",
        );
    }
    for case in Case::all("keying_error") {
        if case.input("errors").is_u64() {
            check_rate(&case);
        } else {
            check_plan(&case);
        }
    }
}

fn check_rate(case: &Case) {
    // The cases name no level: 95 % is in the names of their figures.
    let found = error_rate(
        case.count("errors"),
        case.count("fields"),
        Confidence::ninety_five(),
    );
    let found = found.expect("rate");
    for (key, expected) in case.outputs() {
        match key {
            "rate" => case.check(key, found.rate, expected),
            "upper95_one_sided" => case.check(key, found.at_most, expected),
            "cp_lower" => case.check(key, found.interval.low, expected),
            "cp_upper" => case.check(key, found.interval.high, expected),
            _ => case.unknown(key),
        }
    }
}

fn check_plan(case: &Case) {
    let rate = case.number("defect_rate");
    let plan = AcceptancePlan {
        sample: case.count("n"),
        accepted: case.count("c"),
    };
    let size = case.count("N");
    let wrong = wrong_ones(size, rate).expect("count");
    for (key, expected) in case.outputs() {
        match key {
            "p_accept_hypergeom" => {
                case.check(key, plan.accepts(size, wrong).expect("p"), expected);
            }
            "p_accept_binom" => case.check(key, plan.accepts_of_many(rate).expect("p"), expected),
            _ => case.unknown(key),
        }
    }
}

#[test]
fn smallest_plans() {
    // One wrong in ten, none accepted: (10 − n) / 10 ≤ 0.3 first at n = 7.
    let plan = smallest_plan(10, 1, 0, 0.3).expect("plan").expect("plan");
    assert_eq!(
        plan,
        AcceptancePlan {
            sample: 7,
            accepted: 0
        }
    );
    assert_eq!(smallest_plan(10, 2, 2, 0.1), Ok(None));
    assert_eq!(smallest_plan(0, 0, 0, 0.1), Ok(None));
    assert!(smallest_plan(5, 6, 0, 0.1).is_err());
    for risk in [0.0, 1.0, f64::NAN, -1.0] {
        assert!(matches!(
            smallest_plan(10, 1, 0, risk),
            Err(PlanError::NotARisk(_))
        ));
        assert!(smallest_plan_for_both(10, 1, risk, 5, 0.1).is_err());
        assert!(smallest_plan_for_both(10, 1, 0.1, 5, risk).is_err());
    }
    let both = smallest_plan_for_both(5000, 25, 0.05, 150, 0.1).expect("plan");
    assert!(both.accepts(5000, 25).expect("p") >= 0.95);
    assert!(both.accepts(5000, 150).expect("p") <= 0.1);
    let told = smallest_plan_for_both(100, 5, 0.05, 5, 0.1);
    assert_eq!(told, Err(PlanError::NotToBeTold { good: 5, bad: 5 }));
    assert!(
        smallest_plan(u64::MAX, u64::MAX / 50, 3, 0.05)
            .expect("plan")
            .is_some()
    );
}

#[test]
fn what_is_no_rate_is_refused() {
    let level = Confidence::ninety_five();
    assert!(error_rate(0, 0, level).is_err() && error_rate(3, 2, level).is_err());
    for rate in [-0.1, 1.1, f64::NAN] {
        assert!(wrong_ones(10, rate).is_err());
    }
    assert_eq!(wrong_ones(u64::MAX, 1.0), Ok(u64::MAX));
    let plan = AcceptancePlan {
        sample: 9,
        accepted: 1,
    };
    assert!(plan.accepts(8, 1).is_err() && plan.accepts_of_many(1.5).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_smaller_sample_would_do(
        size in prop_oneof![2..60_u64, 2..1_000_000_u64],
        part in 0..=u64::MAX,
        accepted in 0..3_u64,
        risk in 0.01..0.5_f64,
    ) {
        let wrong = 1 + part % (size - 1);
        let found = smallest_plan(size, wrong, accepted, risk).expect("plan");
        prop_assert_eq!(found.is_some(), wrong > accepted);
        if let Some(plan) = found {
            prop_assert!(plan.accepts(size, wrong).expect("p") <= risk);
            let smaller = AcceptancePlan { sample: plan.sample - 1, ..plan };
            prop_assert!(smaller.accepts(size, wrong).expect("p") > risk);
        }
    }

    #[test]
    fn one_sided_bounds_lie_below_two_sided_ones(fields in 1..1_000_000_000_u64, part in 0..=u64::MAX) {
        let errors = part % (fields + 1);
        let found = error_rate(errors, fields, Confidence::ninety_five()).expect("rate");
        prop_assert!(found.interval.low <= found.rate && found.rate <= found.at_most);
        prop_assert!(found.at_most <= found.interval.high);
    }
}

#[test]
fn errors_left_beside_a_sample() {
    let left = |found, checked, all| wrong_left(found, checked, all, Confidence::ninety_five());
    // Five of ten, none wrong: of the 252 draws 21 miss all of three wrong ones (8.3 %), and 6 all
    // of four (2.4 %).
    assert_eq!(left(0, 5, 10), Ok(3));
    // One found: of five wrong ones 26 draws have at most one (10.3 %), of six 6 (2.4 %).
    assert_eq!(left(1, 5, 10), Ok(4));
    // Four of twenty, one wrong: of 4,845 draws 295 of fourteen (6.1 %), 155 of fifteen (3.2 %).
    assert_eq!(left(1, 4, 20), Ok(13));
    assert_eq!(left(3, 10, 10), Ok(0));
    assert_eq!(left(4, 4, 10), Ok(6));
    assert!(left(0, 0, 10).is_err());
    assert!(left(3, 2, 10).is_err());
    assert!(left(0, 11, 10).is_err());
}

#[test]
fn errors_that_two_people_share() {
    // 1 − 0.025^(1/100) = 0.0362167, squared.
    let both = wrong_in_both((0, 100), (0, 100), Confidence::ninety_five()).expect("limit");
    assert_close(
        both,
        0.036_216_692_645_176_46_f64.powi(2),
        1e-15,
        "none in 100",
    );
    let one = wrong_in_both((0, 1), (1, 1), Confidence::ninety_five()).expect("limit");
    assert_close(one, 0.975, 1e-15, "one sheet");
    assert!(wrong_in_both((0, 0), (0, 1), Confidence::ninety_five()).is_err());
    // 30 in 10,000 each, and seven wrong marks.
    assert_close(wrong_alike(0.003, 0.003, 7), 9e-6 / 7.0, 1e-18, "alike");
    assert_close(wrong_alike(0.5, 0.5, 0), 0.25, 0.0, "no marks");
}

/// Of a wave of 20 batches of 25 sheets, three of each drawn: the wrong sheets left in batches whose
/// sample had none, and the limit on them from the samples of all batches.
fn wave_with_samples(rng: &mut chacha20::ChaCha8Rng, rates: [f64; 2]) -> (u64, u64) {
    let (mut wrong_drawn, mut wrong_kept) = (0, 0);
    for batch in 0..20 {
        let rate = rates[batch % 2];
        let mut sheets: Vec<bool> = (0..25).map(|_| rng.random_bool(rate)).collect();
        sheets.shuffle(rng);
        let (drawn, rest) = sheets.split_at(3);
        let wrong =
            |part: &[bool]| u64::try_from(part.iter().filter(|w| **w).count()).expect("few");
        wrong_drawn += wrong(drawn);
        if wrong(drawn) == 0 {
            wrong_kept += wrong(rest);
        }
    }
    let limit = wrong_left(wrong_drawn, 60, 500, Confidence::ninety_five()).expect("limit");
    (wrong_kept, limit)
}

#[test]
fn the_limit_beside_a_sample_covers_in_waves_of_even_and_uneven_batches() {
    for rates in [
        [0.02, 0.02],
        [0.05, 0.05],
        [0.0, 0.1],
        [0.01, 0.3],
        [0.2, 0.2],
    ] {
        let mut rng = chacha20::ChaCha8Rng::seed_from_u64(6);
        let covered = (0..1000)
            .filter(|_| {
                let (left, limit) = wave_with_samples(&mut rng, rates);
                left <= limit
            })
            .count();
        assert!(covered >= 950, "{covered} of 1,000 at {rates:?}");
    }
}
