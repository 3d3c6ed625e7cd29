use std::collections::BTreeMap;

use countmein::stats::{
    confidence::Confidence,
    reliability::{
        alpha::{Alpha, cronbach},
        kappa::{Credit, Kappa, KappaError, cohen},
        krippendorff::{CodedUnit, Coding, KrippendorffError, Level, krippendorff},
        krippendorff_interval::{KrippendorffInterval, Resampling, krippendorff_interval},
        omega::omega_total,
        scale::{DeclaredScale, Item, Refused, ResponsePattern},
    },
};
use proptest::prelude::*;
use serde_json::Value;

use super::{assert_close, reference_cases};

/// Thirty people's answers to five items. The figures for them are from `pingouin` 0.7.0
/// `cronbach_alpha`, R's `psych` 2.2.9 `alpha` and `fa(nfactors = 1, fm = "ml")`, and Feldt's
/// limits by scipy 1.17.1 `f.ppf`: the case `alpha.30x5` of `vectors.json`.
const SCORES: [[i32; 5]; 30] = [
    [2, 3, 2, 2, 4],
    [3, 3, 4, 3, 3],
    [3, 3, 2, 3, 4],
    [1, 3, 2, 2, 4],
    [3, 2, 3, 3, 2],
    [3, 2, 3, 3, 2],
    [3, 3, 3, 2, 3],
    [4, 5, 5, 3, 4],
    [3, 1, 2, 2, 4],
    [3, 2, 2, 2, 4],
    [3, 3, 4, 3, 3],
    [2, 3, 3, 4, 4],
    [3, 4, 3, 4, 3],
    [3, 1, 2, 1, 1],
    [3, 2, 3, 5, 2],
    [3, 4, 4, 3, 3],
    [2, 2, 1, 2, 2],
    [2, 3, 2, 3, 3],
    [1, 1, 1, 1, 1],
    [2, 1, 3, 1, 2],
    [1, 2, 1, 1, 2],
    [4, 3, 3, 3, 2],
    [3, 1, 2, 1, 1],
    [2, 4, 3, 4, 3],
    [3, 3, 3, 3, 3],
    [3, 2, 2, 4, 2],
    [1, 1, 2, 1, 1],
    [2, 1, 3, 2, 3],
    [2, 3, 3, 3, 2],
    [2, 4, 3, 3, 3],
];
const ALPHA: f64 = 0.794_248_545_018_829;
const STANDARDISED: f64 = 0.792_434_559_089_43;
const FELDT: [f64; 2] = [0.649_367_374_340_222, 0.891_062_163_322_126_2];
const OMEGA: f64 = 0.800_056_923_379_13;
const LOADINGS: [f64; 5] = [
    0.494_424_515_414_613,
    0.826_587_699_516_393,
    0.726_552_594_814_278,
    0.707_143_563_600_004,
    0.554_556_149_931_2,
];

/// `statsmodels.stats.inter_rater.cohens_kappa` 0.15.0, agreeing with R's `vcd::Kappa`: a table,
/// kappa, its error at chance and its error; then linear and quadratic credit with their errors.
type KappaRow = (&'static [&'static [u64]], [f64; 3], Option<[f64; 4]>);
const KAPPA: [KappaRow; 3] = [
    (
        &[&[20, 5, 1], &[4, 15, 6], &[0, 3, 16]],
        [
            0.592_524_509_803_921_5,
            0.084_239_447_048_403_08,
            0.079_597_432_789_208_79,
        ],
        Some([
            0.675_775_822_139_879_5,
            0.067_936_524_668_333_64,
            0.760_348_583_877_995_6,
            0.060_239_477_025_783_21,
        ]),
    ),
    (&[&[25, 25], &[25, 25]], [0.0, 0.1, 0.1], None),
    (
        &[
            &[5, 3, 1, 0, 0],
            &[2, 12, 4, 1, 0],
            &[0, 3, 9, 5, 1],
            &[0, 1, 4, 14, 3],
            &[0, 0, 1, 2, 6],
        ],
        [
            0.479_843_103_072_564_8,
            0.060_119_136_374_633_39,
            0.072_759_521_894_793_62,
        ],
        Some([
            0.651_671_274_189_494_8,
            0.056_430_189_391_452_605,
            0.792_136_150_234_742,
            0.045_398_296_871_954_01,
        ]),
    ),
];

/// Krippendorff's own example of three coders and fifteen units, 0 where a coder skipped one, and
/// alpha from Python's `krippendorff` 0.9.0 and R's `DescTools::KrippAlpha` 0.99.59.
const CODED: [[i32; 15]; 3] = [
    [0, 0, 0, 0, 0, 3, 4, 1, 2, 1, 1, 3, 3, 0, 3],
    [1, 0, 2, 1, 3, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 2, 1, 3, 4, 4, 0, 2, 1, 1, 3, 3, 0, 4],
];
const KRIPPENDORFF: [(Level, f64); 3] = [
    (Level::Nominal, 0.691_358_024_691_358),
    (Level::Ordinal, 0.806_721_419_941_315_3),
    (Level::Interval, 0.810_844_892_812_105_9),
];

fn ninety_five() -> Confidence {
    Confidence::ninety_five()
}

fn scale_of(items: usize) -> DeclaredScale {
    DeclaredScale {
        name: "trust".to_owned(),
        items: (0..items)
            .map(|position| Item {
                position,
                is_reversed: false,
            })
            .collect(),
    }
}

/// Rows of one person each, the same ones merged.
fn merged(rows: &[Vec<Option<i32>>]) -> Vec<ResponsePattern> {
    let mut counts: BTreeMap<&Vec<Option<i32>>, u64> = BTreeMap::new();
    for row in rows {
        *counts.entry(row).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .map(|(scores, count)| ResponsePattern {
            scores: scores.clone(),
            count,
        })
        .collect()
}

fn copied() -> Vec<ResponsePattern> {
    let rows: Vec<Vec<Option<i32>>> = SCORES
        .iter()
        .map(|row| row.iter().copied().map(Some).collect())
        .collect();
    merged(&rows)
}

fn alpha_of(patterns: &[ResponsePattern], scale: &DeclaredScale) -> Result<Alpha, Refused> {
    cronbach(patterns, Some(scale), ninety_five())
}

fn rows(table: &[&[u64]]) -> Vec<Vec<u64>> {
    table.iter().map(|row| row.to_vec()).collect()
}

fn kappa_of(table: &[Vec<u64>], credit: Credit) -> Result<Kappa, KappaError> {
    cohen(table, credit, ninety_five())
}

/// One unit a column.
fn coding(coders: &[Vec<Option<i32>>]) -> Result<Coding, KrippendorffError> {
    let units: Vec<CodedUnit> = (0..coders[0].len())
        .map(|unit| CodedUnit {
            codes: coders.iter().filter_map(|coder| coder[unit]).collect(),
            times: 1,
        })
        .collect();
    Coding::new(&units)
}

fn canonical() -> Coding {
    let coders: Vec<Vec<Option<i32>>> = CODED
        .iter()
        .map(|codes| {
            codes
                .iter()
                .map(|code| (*code > 0).then_some(*code))
                .collect()
        })
        .collect();
    coding(&coders).expect("coding")
}

#[test]
fn alpha_and_omega_agree_with_psych_and_pingouin() {
    let found = alpha_of(&copied(), &scale_of(5)).expect("alpha");
    assert_close(found.alpha, ALPHA, 1e-12, "alpha");
    assert_close(
        found.standardised.expect("standardised"),
        STANDARDISED,
        1e-12,
        "standardised alpha",
    );
    assert_close(found.low, FELDT[0], 1e-9, "Feldt, lower");
    assert_close(found.high, FELDT[1], 1e-9, "Feldt, upper");
    assert_close(found.people, 30.0, 0.0, "people");
    assert!(found.against_the_rest.is_empty());
    // psych's optimiser stops at about 1e-6.
    let found = omega_total(&copied(), Some(&scale_of(5))).expect("omega");
    assert_close(found.omega, OMEGA, 1e-5, "omega");
    for (loading, expected) in found.loadings.iter().zip(LOADINGS) {
        assert_close(*loading, expected, 1e-5, "loading");
    }
}

#[test]
fn kappa_agrees_with_statsmodels() {
    for (table, plain, with_order) in KAPPA {
        let table = rows(table);
        let found = kappa_of(&table, Credit::Same).expect("kappa");
        assert_close(found.kappa, plain[0], 1e-12, "kappa");
        assert_close(
            found.standard_error_at_chance,
            plain[1],
            1e-12,
            "error at chance",
        );
        assert_close(found.standard_error, plain[2], 1e-12, "error");
        let Some([linear, linear_error, quadratic, quadratic_error]) = with_order else {
            continue;
        };
        let found = kappa_of(&table, Credit::Linear).expect("kappa");
        assert_close(found.kappa, linear, 1e-12, "linear");
        assert_close(found.standard_error, linear_error, 1e-12, "linear error");
        let found = kappa_of(&table, Credit::Quadratic).expect("kappa");
        assert_close(found.kappa, quadratic, 1e-12, "quadratic");
        assert_close(
            found.standard_error,
            quadratic_error,
            1e-12,
            "quadratic error",
        );
    }
}

#[test]
fn krippendorff_agrees_with_his_example() {
    for (level, expected) in KRIPPENDORFF {
        let found = krippendorff(&canonical(), level).expect("alpha");
        assert_close(found, expected, 1e-12, "alpha");
    }
    assert_eq!(canonical().left_out, 3);
}

#[test]
fn reliability_agrees_with_the_reference_cases() {
    for case in reference_cases("reliability", None) {
        let id = case["id"].as_str().expect("id");
        let tolerance = case["tol"].as_f64().expect("tolerance");
        let input = &case["input"];
        for (name, expected) in case["output"].as_object().expect("output") {
            let (found, looser) = if input["x"].is_array() {
                alpha_output(&input["x"], name)
            } else if input["table"].is_array() {
                kappa_output(&input["table"], name)
            } else if input["coders_by_units"].is_array() {
                (krippendorff_output(&input["coders_by_units"], name), 0.0)
            } else {
                panic!("{id}: nothing here reads this kind of reliability input")
            };
            let expected: Vec<Option<f64>> = match expected.as_array() {
                Some(values) => values.iter().map(Value::as_f64).collect(),
                None => vec![expected.as_f64()],
            };
            let what = format!("{id} {name}");
            assert!(found.is_empty() || found.len() == expected.len(), "{what}");
            for (at, expected) in expected.into_iter().enumerate() {
                match (found.get(at), expected) {
                    (Some(found), Some(expected)) => {
                        assert_close(*found, expected, tolerance.max(looser), &what);
                    }
                    // Where the peer has no number there is none here either.
                    (found, expected) => assert!(
                        found.is_none() && expected.is_none(),
                        "{what}: {found:?} is not {expected:?}"
                    ),
                }
            }
        }
    }
}

fn alpha_output(x: &Value, name: &str) -> (Vec<f64>, f64) {
    let rows: Vec<Vec<Option<i32>>> = serde_json::from_value(x.clone()).expect("whole scores");
    let scale = scale_of(rows[0].len());
    let patterns = merged(&rows);
    let alpha = alpha_of(&patterns, &scale);
    let of = |value: fn(&Alpha) -> Vec<f64>| alpha.as_ref().map(value).unwrap_or_default();
    match name {
        "raw_alpha" => (of(|alpha| vec![alpha.alpha]), 0.0),
        "std_alpha" => (of(|alpha| alpha.standardised.into_iter().collect()), 0.0),
        "ci_feldt_exact" => (of(|alpha| vec![alpha.low, alpha.high]), 0.0),
        // pingouin rounds to three places.
        "ci" => (of(|alpha| vec![alpha.low, alpha.high]), 5.001e-4),
        // psych's optimiser stops at about 1e-6.
        "omega_std" | "omega_total" => {
            let omega = omega_total(&patterns, Some(&scale));
            (
                omega.map(|omega| vec![omega.omega]).unwrap_or_default(),
                1e-5,
            )
        }
        "loadings" => {
            let omega = omega_total(&patterns, Some(&scale));
            (omega.map(|omega| omega.loadings).unwrap_or_default(), 1e-5)
        }
        other => panic!("nothing here works out the alpha output {other}"),
    }
}

fn kappa_output(table: &Value, name: &str) -> (Vec<f64>, f64) {
    let table: Vec<Vec<u64>> = serde_json::from_value(table.clone()).expect("table");
    let (credit, figure) = if let Some(figure) = name.strip_prefix("linear") {
        (Credit::Linear, figure.trim_start_matches('_'))
    } else if let Some(figure) = name.strip_prefix("quadratic") {
        (Credit::Quadratic, figure.trim_start_matches('_'))
    } else {
        (Credit::Same, name)
    };
    let Ok(found) = kappa_of(&table, credit) else {
        return (Vec::new(), 0.0);
    };
    // Where the error is nothing, statsmodels is left with the root of a rounding error.
    let looser = if found.standard_error < 1e-9 {
        1e-6
    } else {
        0.0
    };
    let figures = match figure {
        "" | "kappa" => vec![found.kappa],
        "se0" => vec![found.standard_error_at_chance],
        "se" => vec![found.standard_error],
        "ci" => vec![found.low, found.high],
        _ => panic!("nothing here works out the kappa output {name}"),
    };
    (figures, looser)
}

fn krippendorff_output(coders: &Value, name: &str) -> Vec<f64> {
    let coders: Vec<Vec<Option<f64>>> = serde_json::from_value(coders.clone()).expect("codes");
    let whole = |code: &f64| format!("{code}").parse().expect("a whole code");
    let coders: Vec<Vec<Option<i32>>> = coders
        .iter()
        .map(|codes| codes.iter().map(|code| code.as_ref().map(whole)).collect())
        .collect();
    let level = match name {
        "nominal" => Level::Nominal,
        "ordinal" => Level::Ordinal,
        "interval" => Level::Interval,
        other => panic!("nothing here works out the Krippendorff output {other}"),
    };
    let found = coding(&coders).and_then(|coding| krippendorff(&coding, level));
    found.map(|alpha| vec![alpha]).unwrap_or_default()
}

#[test]
fn alpha_is_refused_unless_a_scale_is_declared() {
    let patterns = copied();
    assert_eq!(
        cronbach(&patterns, None, ninety_five()),
        Err(Refused::NotDeclared)
    );
    assert_eq!(omega_total(&patterns, None), Err(Refused::NotDeclared));
    assert_eq!(
        Refused::NotDeclared.to_string(),
        "the survey declares no scale, and statements that form none have no reliability"
    );
    let one = Refused::TooFewItems { items: 1, least: 2 };
    assert_eq!(alpha_of(&patterns, &scale_of(1)), Err(one));
    let two = Refused::TooFewItems { items: 2, least: 3 };
    assert_eq!(omega_total(&patterns, Some(&scale_of(2))), Err(two));
    let many = Refused::TooManyItems { items: 101 };
    assert_eq!(alpha_of(&patterns, &scale_of(101)), Err(many));
    let beyond = Refused::NoSuchItem { position: 5 };
    assert_eq!(alpha_of(&patterns, &scale_of(6)), Err(beyond));
    let mut twice = scale_of(3);
    twice.items[2].position = 0;
    assert_eq!(
        alpha_of(&patterns, &twice),
        Err(Refused::Twice { position: 0 })
    );
    assert_eq!(alpha_of(&[], &scale_of(3)), Err(Refused::TooFewPeople));
    assert_eq!(
        alpha_of(&patterns[..2], &scale_of(3)),
        Err(Refused::TooFewPeople)
    );
}

fn pattern(scores: &[i32], count: u64) -> ResponsePattern {
    ResponsePattern {
        scores: scores.iter().copied().map(Some).collect(),
        count,
    }
}

#[test]
fn alpha_is_refused_where_answers_do_not_vary() {
    let same = [pattern(&[3, 1, 2], 4), pattern(&[3, 2, 1], 5)];
    assert_eq!(
        alpha_of(&same, &scale_of(3)),
        Err(Refused::NoVariation { position: 0 })
    );
    let cancelling = [pattern(&[1, 3], 4), pattern(&[3, 1], 5)];
    assert_eq!(
        alpha_of(&cancelling, &scale_of(2)),
        Err(Refused::NoVariationInTotal)
    );
    let largest = [
        pattern(&[i32::MAX, i32::MAX, 0], u64::MAX),
        pattern(&[i32::MIN, i32::MIN, 7], u64::MAX),
    ];
    let found = alpha_of(&largest, &scale_of(3)).expect("alpha");
    assert_eq!(found.against_the_rest, [2]);
    let found = omega_total(&largest, Some(&scale_of(3))).expect("omega");
    assert!((0.0..=1.0).contains(&found.omega));
}

#[test]
fn reversed_items_are_turned_round_and_forgotten_ones_are_named() {
    let mut patterns = copied();
    for pattern in &mut patterns {
        pattern.scores[2] = pattern.scores[2].map(|score| 6 - score);
    }
    let mut scale = scale_of(5);
    let forgotten = alpha_of(&patterns, &scale).expect("alpha");
    assert_eq!(forgotten.against_the_rest, [2]);
    assert!(forgotten.alpha < ALPHA);
    scale.items[2].is_reversed = true;
    let turned = alpha_of(&patterns, &scale).expect("alpha");
    assert_close(turned.alpha, ALPHA, 1e-12, "alpha");
    assert!(turned.against_the_rest.is_empty());
    let omega = omega_total(&patterns, Some(&scale)).expect("omega");
    assert_close(omega.omega, OMEGA, 1e-5, "omega");
}

#[test]
fn people_who_left_an_item_out_are_left_out_and_counted() {
    let mut patterns = copied();
    patterns.push(ResponsePattern {
        scores: vec![Some(1), None, Some(5), Some(2), Some(2)],
        count: 7,
    });
    let found = alpha_of(&patterns, &scale_of(5)).expect("alpha");
    assert_close(found.alpha, ALPHA, 1e-12, "alpha");
    assert_eq!(found.left_out, 7);
    // The item that they left out may be none of the scale's.
    let mut without = scale_of(5);
    without.items.remove(1);
    assert_eq!(alpha_of(&patterns, &without).expect("alpha").left_out, 0);
}

#[test]
fn kappa_of_what_has_none() {
    for table in [
        vec![],
        vec![vec![3]],
        vec![vec![1, 2], vec![3]],
        vec![vec![0; 3]; 2],
    ] {
        assert_eq!(kappa_of(&table, Credit::Same), Err(KappaError::Shape));
    }
    let none = vec![vec![0; 3]; 3];
    assert_eq!(kappa_of(&none, Credit::Linear), Err(KappaError::Nothing));
    let one = rows(&[&[7, 0], &[0, 0]]);
    assert_eq!(
        kappa_of(&one, Credit::Quadratic),
        Err(KappaError::OneCategory)
    );
    let full = kappa_of(&rows(&[&[7, 0], &[0, 2]]), Credit::Same).expect("kappa");
    assert_close(full.kappa, 1.0, 1e-15, "full agreement");
    assert_close(full.standard_error, 0.0, 1e-12, "full agreement");
    let crossed = kappa_of(&rows(&[&[0, 7], &[7, 0]]), Credit::Same).expect("kappa");
    assert_close(crossed.kappa, -1.0, 1e-15, "full disagreement");
    let huge = kappa_of(&vec![vec![u64::MAX; 3]; 3], Credit::Linear).expect("kappa");
    assert_close(huge.kappa, 0.0, 1e-12, "chance");
}

#[test]
fn krippendorff_of_what_has_none() {
    let unit = |codes: &[i32], times| CodedUnit {
        codes: codes.to_vec(),
        times,
    };
    assert_eq!(Coding::new(&[]), Err(KrippendorffError::NotPaired));
    assert_eq!(
        Coding::new(&[unit(&[1], 5), unit(&[], 2), unit(&[1, 2], 0)]),
        Err(KrippendorffError::NotPaired)
    );
    let many = [unit(&[1, 2], u64::MAX), unit(&[1, 2], u64::MAX)];
    assert_eq!(Coding::new(&many), Err(KrippendorffError::TooMany));
    let alike = Coding::new(&[unit(&[4, 4], 9)]).expect("coding");
    for (level, _) in KRIPPENDORFF {
        assert_eq!(krippendorff(&alike, level), Err(KrippendorffError::OneCode));
    }
    let far = Coding::new(&[unit(&[i32::MIN, i32::MAX], 1), unit(&[0, 0], 1_000_000_000)]);
    let found = krippendorff(&far.expect("coding"), Level::Interval).expect("alpha");
    assert!(found.is_finite() && found < 1.0);
}

fn drawn(
    coding: &Coding,
    seed: u8,
    repeats: u32,
) -> Result<KrippendorffInterval, KrippendorffError> {
    let resampling = Resampling {
        seed: [seed; 32],
        repeats,
    };
    krippendorff_interval(coding, Level::Nominal, resampling, ninety_five())
}

/// 200 units of two coders: 2.5 and 97.5 per cent of alpha over 100,000 resamples of the units in
/// `NumPy`, with Krippendorff's formula written out.
const UNITS: [(&[i32], u64); 5] = [
    (&[1, 1], 80),
    (&[1, 2], 20),
    (&[2, 2], 60),
    (&[2, 3], 10),
    (&[3, 3], 30),
];
const UNITS_LIMITS: [f64; 2] = [0.6781, 0.8359];

#[test]
fn the_interval_of_krippendorffs_alpha_is_that_of_drawing_units_again() {
    let units = UNITS.map(|(codes, times)| CodedUnit {
        codes: codes.to_vec(),
        times,
    });
    let coding = Coding::new(&units).expect("coding");
    let found = drawn(&coding, 1, 2_000).expect("interval");
    assert_close(found.low, UNITS_LIMITS[0], 0.02, "lower limit");
    assert_close(found.high, UNITS_LIMITS[1], 0.02, "upper limit");
    assert!(found.low < found.alpha && found.alpha < found.high);
    assert_eq!(drawn(&coding, 1, 2_000), Ok(found.clone()));
    let other = drawn(&coding, 2, 2_000).expect("interval");
    assert!((other.low - found.low).abs() + (other.high - found.high).abs() > 1e-9);
    for repeats in [0, 99, 10_001, u32::MAX] {
        assert_eq!(drawn(&coding, 1, repeats), Err(KrippendorffError::Repeats));
    }
    // A trillion units take no longer, and leave no doubt.
    let many = units.map(|unit| CodedUnit {
        times: unit.times * 5_000_000_000,
        ..unit
    });
    let found = drawn(&Coding::new(&many).expect("coding"), 1, 200).expect("interval");
    assert!(found.high - found.low < 1e-4);
    // Two units of one code each: a quarter of the samples twice have only one of them.
    let two = [1, 2].map(|code| CodedUnit {
        codes: vec![code, code],
        times: 1,
    });
    let found = drawn(&Coding::new(&two).expect("coding"), 1, 1_000).expect("interval");
    assert!(
        (400..600).contains(&found.without_alpha),
        "{}",
        found.without_alpha
    );
}

proptest! {
    #[test]
    fn kappa_lies_between_its_bounds(
        table in prop::collection::vec(prop::collection::vec(0..30_u64, 4), 4),
    ) {
        let turned: Vec<Vec<u64>> =
            (0..4).map(|column| table.iter().map(|row| row[column]).collect()).collect();
        for credit in [Credit::Same, Credit::Linear, Credit::Quadratic] {
            if let Ok(found) = kappa_of(&table, credit) {
                prop_assert!((-1.0 - 1e-12..=1.0 + 1e-12).contains(&found.kappa));
                prop_assert!(found.standard_error.is_finite());
                let other = kappa_of(&turned, credit).expect("kappa");
                prop_assert!((found.kappa - other.kappa).abs() < 1e-12);
                prop_assert!((found.standard_error - other.standard_error).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn alphas_are_at_most_one(
        table in prop::collection::vec(prop::collection::vec(1..6_i32, 4), 3..12),
    ) {
        let patterns: Vec<ResponsePattern> = table.iter().map(|row| pattern(row, 3)).collect();
        if let Ok(found) = alpha_of(&patterns, &scale_of(4)) {
            prop_assert!(found.alpha <= 1.0 + 1e-12);
            prop_assert!(found.low <= found.alpha + 1e-9 && found.alpha <= found.high + 1e-9);
        }
        if let Ok(found) = omega_total(&patterns, Some(&scale_of(4))) {
            prop_assert!((0.0..=1.0).contains(&found.omega));
        }
        let units: Vec<CodedUnit> = table
            .iter()
            .map(|codes| CodedUnit { codes: codes.clone(), times: 2 })
            .collect();
        let coding = Coding::new(&units).expect("coding");
        for (level, _) in KRIPPENDORFF {
            if let Ok(found) = krippendorff(&coding, level) {
                prop_assert!((-1.0..=1.0 + 1e-12).contains(&found), "{found}");
            }
        }
    }

    /// Krippendorff's definition read literally, pair by pair.
    #[test]
    fn krippendorff_is_its_definition(
        table in prop::collection::vec(prop::collection::vec(1..5_i32, 2..5), 2..8),
    ) {
        let all: Vec<i32> = table.iter().flatten().copied().collect();
        prop_assume!(all.iter().any(|code| *code != all[0]));
        let ranks_between = |a: i32, b: i32| {
            let (low, high) = (a.min(b), a.max(b));
            let half = |code: i32| if code == low || code == high { 0.5 } else { 1.0 };
            let inside = all.iter().filter(|code| (low..=high).contains(code));
            inside.map(|code| half(*code)).sum::<f64>()
        };
        let distance = |level, a: i32, b: i32| match level {
            Level::Nominal => f64::from(u8::from(a != b)),
            Level::Ordinal if a == b => 0.0,
            Level::Ordinal => ranks_between(a, b).powi(2),
            Level::Interval => f64::from((a - b).pow(2)),
        };
        let mean_distance = |level, codes: &[i32]| {
            let size = f64::from(u32::try_from(codes.len()).expect("few"));
            let pairs = codes.iter().flat_map(|a| codes.iter().map(move |b| (*a, *b)));
            pairs.map(|(a, b)| distance(level, a, b)).sum::<f64>() / (size - 1.0)
        };
        let units: Vec<CodedUnit> = table
            .iter()
            .map(|codes| CodedUnit { codes: codes.clone(), times: 1 })
            .collect();
        let coding = Coding::new(&units).expect("coding");
        for (level, _) in KRIPPENDORFF {
            let observed: f64 = table.iter().map(|codes| mean_distance(level, codes)).sum();
            let expected = 1.0 - observed / mean_distance(level, &all);
            let found = krippendorff(&coding, level).expect("alpha");
            prop_assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }
}
