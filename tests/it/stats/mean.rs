use countmein::stats::{
    confidence::Confidence,
    mean::{Mean, MeanError, Scored},
    ordinal::interpolated_median,
};
use proptest::prelude::*;
use serde_json::Value;

use super::{assert_close, vectors::Case};

/// Counts for the scores 5 to 1; mean, standard deviation and limits of the mean at 95 % from
/// `scipy` 1.17.1 (`ttest_1samp`), median and quartiles from numpy, interpolated median from R's
/// `psych::interp.median` 2.2.9.
const MEANS: &[([u64; 5], [f64; 8])] = &[
    (
        [13, 27, 9, 10, 0],
        [
            3.728_813_559_322_033_7,
            0.997_073_449_972_749_4,
            3.468_974_803_060_797_6,
            3.988_652_315_583_27,
            4.0,
            3.0,
            4.0,
            3.888_888_888_888_889,
        ],
    ),
    (
        [35, 24, 1, 1, 0],
        [
            4.524_590_163_934_426,
            0.622_001_001_527_842_7,
            4.365_288_310_565_392,
            4.683_892_017_303_46,
            5.0,
            4.0,
            5.0,
            4.628_571_428_571_428,
        ],
    ),
    (
        [1, 16, 3, 27, 12],
        [
            2.440_677_966_101_695,
            1.148_780_259_301_712_2,
            2.141_304_200_003_946,
            2.740_051_732_199_444,
            2.0,
            2.0,
            4.0,
            2.148_148_148_148_148,
        ],
    ),
    (
        [0, 4, 0, 38, 17],
        [
            1.847_457_627_118_644,
            0.738_441_026_105_437_6,
            1.655_018_847_607_714_3,
            2.039_896_406_629_573_7,
            2.0,
            1.0,
            2.0,
            1.828_947_368_421_052_7,
        ],
    ),
    (
        [2, 9, 9, 38, 4],
        [
            2.467_741_935_483_871,
            0.935_944_196_449_94,
            2.230_056_614_436_956,
            2.705_427_256_530_786,
            2.0,
            2.0,
            3.0,
            2.210_526_315_789_473_5,
        ],
    ),
];

const SCORES: [f64; 5] = [5.0, 4.0, 3.0, 2.0, 1.0];

fn scored(counts: &[u64], scores: &[f64]) -> Scored {
    Scored::new(counts, scores).expect("scored")
}

fn mean(counts: &[u64]) -> Mean {
    let scored = scored(counts, &SCORES);
    scored.mean(Confidence::ninety_five()).expect("mean")
}

/// The score at a position on the scale, for scores one apart.
fn score_at(position: f64, scores: &[f64]) -> f64 {
    let step = if scores.len() < 2 {
        0.0
    } else {
        scores[1] - scores[0]
    };
    scores[0] + step * position
}

#[test]
fn figures_agree_with_scipy_numpy_and_psych() {
    for (counts, expected) in MEANS {
        let found = mean(counts);
        let interval = found.interval.expect("interval");
        let quartiles = scored(counts, &SCORES).quartiles().expect("quartiles");
        let middle = interpolated_median(counts).expect("median");
        let figures = [
            found.mean,
            found.standard_deviation.expect("deviation"),
            interval.low,
            interval.high,
            quartiles.median,
            quartiles.lower,
            quartiles.upper,
            score_at(middle, &SCORES),
        ];
        for (found, expected) in figures.into_iter().zip(*expected) {
            assert_close(found, expected, 1e-13, "figure");
        }
    }
    for case in Case::all("mean_median") {
        check(&case);
    }
}

fn check(case: &Case) {
    let counts = case.counts("counts");
    let scores: Vec<f64> = serde_json::from_value(case.input("scores").clone()).expect("scores");
    let answers = scored(&counts, &scores);
    let found = answers.mean(case.confidence()).expect("mean");
    let quartiles = answers.quartiles().expect("quartiles");
    // Where an interval cannot be had the reference either has none or has shrunk it to a point.
    let limit = |key: &str, limit: Option<f64>, expected: &Value| match limit {
        Some(limit) => case.check(key, limit, expected),
        None if expected.is_null() => {}
        None => case.check(key, found.mean, expected),
    };
    for (key, expected) in case.outputs() {
        match key {
            "n" => assert_eq!(Some(answers.total()), expected.as_u64().map(u128::from)),
            "mean" => case.check(key, found.mean, expected),
            "sd" => match found.standard_deviation {
                Some(deviation) => case.check(key, deviation, expected),
                None => assert!(expected.is_null(), "{} sd", case.id()),
            },
            "mean_lower" => limit(key, found.interval.map(|i| i.low), expected),
            "mean_upper" => limit(key, found.interval.map(|i| i.high), expected),
            "median" => case.check(key, quartiles.median, expected),
            "q1" => case.check(key, quartiles.lower, expected),
            "q3" => case.check(key, quartiles.upper, expected),
            "interpolated_median" => {
                let position = interpolated_median(&counts).expect("median");
                case.check(key, score_at(position, &scores), expected);
            }
            _ => case.unknown(key),
        }
    }
}

#[test]
fn there_is_no_interval_without_two_answers_that_differ() {
    let none = scored(&[0, 0], &[1.0, 2.0]);
    assert_eq!(
        (none.mean(Confidence::ninety_five()), none.quartiles()),
        (None, None)
    );
    let one = mean(&[0, 1, 0, 0, 0]);
    assert_eq!((one.standard_deviation, one.interval), (None, None));
    let same = mean(&[0, 30, 0, 0, 0]);
    assert_eq!((same.standard_deviation, same.interval), (Some(0.0), None));
    assert_close(same.mean, 4.0, 0.0, "mean");
    let two = mean(&[1, 1, 0, 0, 0]).interval.expect("interval");
    // 4.5 ± 12.706 · 0.5: not cut to the scale.
    assert_close(two.high, 10.853_102_368_087_35, 1e-12, "high");
}

#[test]
fn what_cannot_be_scored_is_refused() {
    let fault = MeanError::Lengths {
        counts: 2,
        scores: 1,
    };
    assert_eq!(Scored::new(&[1, 2], &[1.0]), Err(fault));
    assert!(Scored::new(&[1], &[f64::NAN]).is_err());
    assert!(Scored::new(&[1], &[f64::INFINITY]).is_err());
    let vast = scored(&[u64::MAX, u64::MAX], &[1.0, 2.0]);
    let found = vast.mean(Confidence::ninety_five()).expect("mean");
    assert_close(found.mean, 1.5, 1e-15, "mean");
    assert_close(
        vast.quartiles().expect("quartiles").median,
        1.5,
        0.0,
        "median",
    );
}

#[test]
fn interpolated_medians() {
    assert_eq!(interpolated_median(&[]), None);
    assert_eq!(interpolated_median(&[0, 0]), None);
    // Evenly spread on one point: its middle. Divided between two: halfway.
    assert_eq!(interpolated_median(&[0, 7, 0]), Some(1.0));
    assert_eq!(interpolated_median(&[3, 0, 3]), Some(1.0));
    assert_eq!(interpolated_median(&[0, 1, 3]), Some(2.0 - 1.0 / 6.0));
    assert_eq!(interpolated_median(&[u64::MAX, u64::MAX]), Some(0.5));
}

proptest! {
    #[test]
    fn figures_are_those_of_the_single_answers(counts in prop::collection::vec(0..9_u64, 5)) {
        let mut answers: Vec<f64> = SCORES
            .iter()
            .zip(&counts)
            .flat_map(|(score, count)| (0..*count).map(|_| *score))
            .collect();
        prop_assume!(answers.len() > 1);
        answers.sort_by(f64::total_cmp);
        let n = f64::from(u32::try_from(answers.len()).expect("few"));
        let average = answers.iter().sum::<f64>() / n;
        let squares: f64 = answers.iter().map(|answer| (answer - average).powi(2)).sum();
        let found = mean(&counts);
        prop_assert!((found.mean - average).abs() < 1e-13);
        let deviation = found.standard_deviation.expect("deviation");
        prop_assert!((deviation - (squares / (n - 1.0)).sqrt()).abs() < 1e-13);
        let quartiles = scored(&counts, &SCORES).quartiles().expect("quartiles");
        for (quarters, found) in [(1, quartiles.lower), (2, quartiles.median), (3, quartiles.upper)] {
            let steps = (answers.len() - 1) * quarters;
            let (below, part) = (answers[steps / 4], steps % 4);
            let above = answers[(steps / 4 + 1).min(answers.len() - 1)];
            let part = f64::from(u8::try_from(part).expect("small")) / 4.0;
            prop_assert!((found - (below + (above - below) * part)).abs() < 1e-13);
        }
        let turned: Vec<u64> = counts.iter().rev().copied().collect();
        let (one, other) = (interpolated_median(&counts), interpolated_median(&turned));
        prop_assert!((one.expect("median") + other.expect("median") - 4.0).abs() < 1e-12);
    }
}
