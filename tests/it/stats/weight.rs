use std::collections::BTreeMap;

use countmein::stats::{
    confidence::Confidence,
    interval::{Interval, wilson},
    weight::{
        calibrated::{self, CellValue},
        effective::{Effective, WeightError, kish},
        estimate::{Estimate, EstimateError, WeightedValue, mean},
        rake::{Limits, Raked, rake},
        sample::{Category, Cell, Margin, Sample, SampleError},
        share::{ShareGroup, WeightedShareError, weighted_share},
        share_interval::{ShareIntervalError, ShareMethod, share_interval},
        trim::{Cap, TrimError, Trimming, trim},
    },
};
use proptest::prelude::*;
use serde_json::Value;

use super::{assert_close, reference_cases};

/// Twenty people drawn from 200, raked to age and sex. The figures are from R's `survey` 4.1-1
/// (`svydesign`, `rake(epsilon = 1e-12)`, `svymean`, `svyciprop`, `trimWeights`), the effective n
/// by its formula: the case `survey.rake20` of `vectors.json`.
struct Rake20 {
    sample: Sample,
    cell_of_person: Vec<usize>,
    yes: Vec<f64>,
    score: Vec<f64>,
    population: u64,
    cap: f64,
    confidence: Confidence,
}

const AGES: [&str; 3] = ["16-34", "35-64", "65+"];
const AGE: [usize; 20] = [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 0, 2, 1, 2, 1, 2, 1, 2];
const IS_MALE: [usize; 20] = [0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1];
const YES: [u8; 20] = [1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1];
const SCORE: [u8; 20] = [5, 4, 2, 4, 1, 2, 2, 5, 1, 3, 4, 2, 4, 3, 5, 1, 4, 2, 2, 4];

/// Weights by age and sex, women first.
const RAKED: [[f64; 2]; 3] = [
    [19.855_676_597_120_5, 30.288_646_805_758_6],
    [8.353_939_256_992_8, 12.743_434_571_678_7],
    [4.503_790_104_158_99, 6.870_262_369_801_35],
];
const SPREAD_EVENLY_UNDER_25: [[f64; 2]; 3] = [
    [20.134_026_429_002_5, 25.0],
    [8.632_289_088_874_83, 13.021_784_403_560_7],
    [4.782_139_936_041_02, 7.148_612_201_683_39],
];

fn margin(name: &str, categories: &[(&str, f64)]) -> Margin {
    Margin {
        name: name.to_owned(),
        categories: categories
            .iter()
            .map(|(name, target)| Category {
                name: (*name).to_owned(),
                target: *target,
            })
            .collect(),
    }
}

/// The cells of people given by their categories, and the cell of each person.
fn cells_of(people: &[Vec<usize>], base_weight: f64) -> (Vec<Cell>, Vec<usize>) {
    let mut counts: BTreeMap<&Vec<usize>, u64> = BTreeMap::new();
    for person in people {
        *counts.entry(person).or_insert(0) += 1;
    }
    let place = |person: &Vec<usize>| counts.keys().position(|cell| *cell == person);
    let cell_of_person = people.iter().map(|p| place(p).expect("cell")).collect();
    let cells = counts
        .iter()
        .map(|(categories, count)| Cell {
            categories: (*categories).clone(),
            count: *count,
            base_weight,
        })
        .collect();
    (cells, cell_of_person)
}

impl Rake20 {
    fn copied() -> Self {
        let people: Vec<Vec<usize>> = AGE
            .iter()
            .zip(IS_MALE)
            .map(|(age, sex)| vec![*age, sex])
            .collect();
        let (cells, cell_of_person) = cells_of(&people, 10.0);
        let ages = [(AGES[0], 70.0), (AGES[1], 80.0), (AGES[2], 50.0)];
        let margins = vec![
            margin("age", &ages),
            margin("sex", &[("F", 104.0), ("M", 96.0)]),
        ];
        Self {
            sample: Sample::new(margins, cells).expect("sample"),
            cell_of_person,
            yes: YES.iter().map(|yes| f64::from(*yes)).collect(),
            score: SCORE.iter().map(|score| f64::from(*score)).collect(),
            population: 200,
            cap: 25.0,
            confidence: Confidence::ninety_five(),
        }
    }

    /// A case of `vectors.json`: each `…_targets` is a margin, and the list of the same name says
    /// where each person belongs.
    fn of_case(input: &Value) -> Self {
        let mut margins = Vec::new();
        let mut people: Vec<Vec<usize>> = Vec::new();
        for (key, targets) in input.as_object().expect("input") {
            let Some(name) = key.strip_suffix("_targets") else {
                continue;
            };
            let targets: BTreeMap<String, f64> =
                serde_json::from_value(targets.clone()).expect("targets");
            let answers: Vec<String> =
                serde_json::from_value(input[name].clone()).expect("categories");
            people.resize(answers.len(), Vec::new());
            for (person, answer) in people.iter_mut().zip(&answers) {
                person.push(
                    targets
                        .keys()
                        .position(|name| name == answer)
                        .expect("category"),
                );
            }
            let categories: Vec<(&str, f64)> = targets
                .iter()
                .map(|(name, target)| (&**name, *target))
                .collect();
            margins.push(margin(name, &categories));
        }
        let (cells, cell_of_person) =
            cells_of(&people, input["base_weight"].as_f64().expect("base weight"));
        Self {
            sample: Sample::new(margins, cells).expect("sample"),
            cell_of_person,
            yes: floats(&input["y"]),
            score: floats(&input["lik"]),
            population: input["N"].as_u64().expect("N"),
            cap: input["trim_cap"].as_f64().expect("cap"),
            confidence: Confidence::new(input["conf"].as_f64().expect("conf")).expect("level"),
        }
    }

    fn raked(&self) -> Raked {
        let raked = rake(&self.sample, Limits::default());
        assert!(raked.convergence.converged, "{:?}", raked.convergence);
        raked
    }

    fn by_person(&self, weights: &[f64]) -> Vec<f64> {
        self.cell_of_person
            .iter()
            .map(|cell| weights[*cell])
            .collect()
    }

    fn spread_evenly(&self) -> Vec<f64> {
        let how = Trimming::SpreadEvenly;
        let cap = Cap::Weight(self.cap);
        let trimmed = trim(&self.sample, &self.raked(), cap, how, Limits::default()).expect("trim");
        assert!(!trimmed.convergence.converged, "the margins are lost");
        self.by_person(&trimmed.weights)
    }

    fn estimate(&self, values: &[f64], population: Option<u64>) -> Estimate {
        let weights = self.by_person(&self.raked().weights);
        let answers: Vec<WeightedValue> = values
            .iter()
            .zip(weights)
            .map(|(value, weight)| WeightedValue {
                value: *value,
                weight,
                count: 1,
            })
            .collect();
        mean(&answers, population).expect("mean")
    }

    fn calibrated(&self, population: Option<u64>) -> Estimate {
        let answers: Vec<CellValue> = self
            .yes
            .iter()
            .zip(&self.cell_of_person)
            .map(|(value, cell)| CellValue {
                cell: *cell,
                value: *value,
                count: 1,
            })
            .collect();
        calibrated::mean(&self.sample, &self.raked().weights, &answers, population).expect("mean")
    }

    fn effective(&self) -> Effective {
        let weights: Vec<(f64, u64)> = self
            .by_person(&self.raked().weights)
            .into_iter()
            .map(|weight| (weight, 1))
            .collect();
        kish(&weights).expect("effective n")
    }

    fn interval(&self, population: Option<u64>, method: ShareMethod) -> Vec<f64> {
        self.interval_of(&self.estimate(&self.yes, population), method)
    }

    fn interval_of(&self, estimate: &Estimate, method: ShareMethod) -> Vec<f64> {
        let effective = self.effective().people;
        let interval = share_interval(estimate, effective, method, self.confidence);
        limits(interval.expect("interval"))
    }

    /// What this project has for each output of the case, and by how much R's own rounding may set
    /// it apart.
    fn output(&self, name: &str) -> (Vec<f64>, f64) {
        let drawn = Some(self.population);
        let estimate = self.estimate(&self.yes, None);
        let found = match name {
            "weights" => self.by_person(&self.raked().weights),
            "p" => vec![estimate.mean],
            "se_linearised" => vec![estimate.standard_error],
            "se_with_fpc" => vec![self.estimate(&self.yes, drawn).standard_error],
            "df" => vec![estimate.degrees_of_freedom],
            "ci_mean_t" => {
                let limits = estimate.t_limits(self.confidence).expect("t");
                vec![limits.low, limits.high]
            }
            "ci_logit_t" | "R_nofpc_xlogit" => self.interval(None, ShareMethod::Logit),
            "ci_beta" => self.interval(None, ShareMethod::KornGraubard),
            "kish_deff" => vec![self.effective().design_effect],
            "kish_neff" => vec![self.effective().people],
            "neff_wilson" => self.interval(None, ShareMethod::WilsonEffective),
            // R reads these off a spline through a few points of the likelihood. Doing the same in
            // Python gives R's limits to 1e-9; the exact ones are 2e-5 away.
            "R_likelihood" => return (self.interval(None, ShareMethod::Likelihood), 3e-5),
            "R_fpc_logit" => self.interval(drawn, ShareMethod::Logit),
            "R_fpc_beta" => self.interval(drawn, ShareMethod::KornGraubard),
            "R_srs_deff" => vec![estimate.design_effect(drawn).expect("deff")],
            "R_raked_calibrated_se" => vec![self.calibrated(None).standard_error],
            "R_trimmed_weights_cap25_strict" => self.spread_evenly(),
            "R_likert_category_props_and_se" => (1..=5_u8)
                .flat_map(|point| {
                    let is_point = |score: &f64| {
                        let distance = (score - f64::from(point)).abs();
                        f64::from(u8::from(distance < 0.5))
                    };
                    let chose: Vec<f64> = self.score.iter().map(is_point).collect();
                    let estimate = self.estimate(&chose, None);
                    [estimate.mean, estimate.standard_error]
                })
                .collect(),
            "R_mean_lik_mean_se_ci" => {
                let estimate = self.estimate(&self.score, None);
                let limits = estimate.t_limits(self.confidence).expect("t");
                vec![
                    estimate.mean,
                    estimate.standard_error,
                    limits.low,
                    limits.high,
                ]
            }
            other => panic!("nothing here works out the weighting output {other}"),
        };
        (found, 0.0)
    }
}

fn limits(interval: Interval) -> Vec<f64> {
    vec![interval.low, interval.high]
}

fn floats(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).expect("numbers")
}

/// All numbers of a value, however nested.
fn flat(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(values) => values.iter().flat_map(flat).collect(),
        None => vec![value.as_f64().expect("number")],
    }
}

#[track_caller]
fn assert_all_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert_close(*found, *expected, tolerance, what);
    }
}

fn survey_figures() -> [(&'static str, Vec<f64>); 15] {
    let of_people = |table: [[f64; 2]; 3]| -> Vec<f64> {
        AGE.iter()
            .zip(IS_MALE)
            .map(|(age, sex)| table[*age][sex])
            .collect()
    };
    [
        ("weights", of_people(RAKED)),
        (
            "R_trimmed_weights_cap25_strict",
            of_people(SPREAD_EVENLY_UNDER_25),
        ),
        ("p", vec![0.607_728_885_411_297]),
        ("se_linearised", vec![0.123_337_302_111_897]),
        ("se_with_fpc", vec![0.117_008_038_540_167]),
        ("R_raked_calibrated_se", vec![0.088_150_651_232_915]),
        (
            "ci_mean_t",
            vec![0.349_580_945_285_271, 0.865_876_825_537_323],
        ),
        (
            "ci_logit_t",
            vec![0.344_098_040_277_94, 0.820_632_117_223_465],
        ),
        ("ci_beta", vec![0.335_809_157_071_19, 0.837_803_234_245_191]),
        (
            "R_likelihood",
            vec![0.341_443_928_994_808, 0.835_321_495_812_451],
        ),
        (
            "R_fpc_logit",
            vec![0.356_745_940_189_169, 0.812_306_464_792_974],
        ),
        (
            "R_fpc_beta",
            vec![0.350_001_797_862_635, 0.827_656_773_768_996],
        ),
        ("kish_neff", vec![14.123_059_823_803_3]),
        ("R_srs_deff", vec![1.347_112_208_326_38]),
        (
            "R_mean_lik_mean_se_ci",
            vec![
                3.325_422_743_000_78,
                0.341_716_298_958_225,
                2.610_202_309_497_83,
                4.040_643_176_503_73,
            ],
        ),
    ]
}

#[test]
fn weighting_agrees_with_the_survey_package() {
    let case = Rake20::copied();
    for (name, expected) in survey_figures() {
        let (found, looser) = case.output(name);
        assert_all_close(&found, &expected, looser.max(1e-9), name);
    }
    // The exact limits by root finding in scipy 1.17.1.
    let exact = [0.341_463_914_550_728_2, 0.835_298_288_189_397_8];
    let found = case.interval(None, ShareMethod::Likelihood);
    assert_all_close(&found, &exact, 1e-9, "likelihood");
}

#[test]
fn calibrated_intervals_agree_with_the_survey_package() {
    let case = Rake20::copied();
    for (population, logit, beta) in [
        (
            None,
            [0.416_743_129_638_615, 0.770_601_189_419_318],
            [0.415_783_356_259_279, 0.778_047_454_259_565],
        ),
        (
            Some(200),
            [0.426_427_507_706_787, 0.763_505_116_248_917],
            [0.426_156_390_952_977, 0.769_837_615_542_149],
        ),
    ] {
        let estimate = case.calibrated(population);
        let found = case.interval_of(&estimate, ShareMethod::Logit);
        assert_all_close(&found, &logit, 1e-9, "logit, calibrated");
        let found = case.interval_of(&estimate, ShareMethod::KornGraubard);
        assert_all_close(&found, &beta, 1e-9, "beta, calibrated");
    }
}

#[test]
fn weighting_agrees_with_the_reference_cases() {
    for (weights, design_effect, people) in [
        (vec![(1.0, 5), (3.0, 5)], 1.25, 8.0),
        (vec![(0.0, 1), (1.0, 2), (2.0, 1)], 1.5, 8.0 / 3.0),
    ] {
        let found = kish(&weights).expect("kish");
        assert_close(found.design_effect, design_effect, 1e-15, "design effect");
        assert_close(found.people, people, 1e-15, "effective n");
    }
    for case in reference_cases("weighting", None) {
        let id = case["id"].as_str().expect("id");
        let tolerance = case["tol"].as_f64().expect("tolerance");
        let input = &case["input"];
        let survey = (input["w"].is_null()).then(|| Rake20::of_case(input));
        for (name, expected) in case["output"].as_object().expect("output") {
            let (found, looser) = match &survey {
                Some(survey) => survey.output(name),
                None => (vec![kish_output(&floats(&input["w"]), name)], 0.0),
            };
            let tolerance = tolerance.max(looser);
            assert_all_close(&found, &flat(expected), tolerance, &format!("{id} {name}"));
        }
    }
}

fn kish_output(weights: &[f64], name: &str) -> f64 {
    let weights: Vec<(f64, u64)> = weights.iter().map(|weight| (*weight, 1)).collect();
    let found = kish(&weights).expect("kish");
    match name {
        "deff" => found.design_effect,
        "neff" => found.people,
        other => panic!("nothing here works out the weighting output {other}"),
    }
}

/// `survey::postStratify` by age alone, which is raking to one margin: R's mean and calibrated
/// standard error.
#[test]
fn one_margin_is_post_stratification() {
    let people: Vec<Vec<usize>> = AGE.iter().map(|age| vec![*age]).collect();
    let (cells, _) = cells_of(&people, 10.0);
    let ages = [(AGES[0], 70.0), (AGES[1], 80.0), (AGES[2], 50.0)];
    let sample = Sample::new(vec![margin("age", &ages)], cells).expect("sample");
    let raked = rake(&sample, Limits::default());
    assert_eq!(raked.convergence.iterations, 1);
    assert_all_close(
        &raked.weights,
        &[70.0 / 3.0, 10.0, 50.0 / 9.0],
        1e-12,
        "weights",
    );
    let answers: Vec<CellValue> = AGE
        .iter()
        .zip(YES)
        .map(|(age, yes)| CellValue {
            cell: *age,
            value: f64::from(yes),
            count: 1,
        })
        .collect();
    let estimate = calibrated::mean(&sample, &raked.weights, &answers, None).expect("mean");
    assert_close(estimate.mean, 0.605_555_555_555_556, 1e-12, "mean");
    assert_close(
        estimate.standard_error,
        0.080_787_403_580_551_1,
        1e-12,
        "error",
    );
    let one_missing = &answers[1..];
    assert!(matches!(
        calibrated::mean(&sample, &raked.weights, one_missing, None),
        Err(EstimateError::NotEveryone {
            cell: 0,
            answers: 2,
            people: 3
        })
    ));
}

fn two_by_two(counts: [u64; 4], rows: [f64; 2], columns: [f64; 2]) -> Result<Sample, SampleError> {
    let cells = (0..)
        .zip(counts)
        .map(|(cell, count)| Cell {
            categories: vec![cell / 2, cell % 2],
            count,
            base_weight: 1.0,
        })
        .collect();
    let margins = vec![
        margin("age", &[("young", rows[0]), ("old", rows[1])]),
        margin("sex", &[("F", columns[0]), ("M", columns[1])]),
    ];
    Sample::new(margins, cells)
}

#[test]
fn raking_refuses_what_it_cannot_do() {
    let empty = two_by_two([0, 0, 4, 3], [5.0, 5.0], [5.0, 5.0]).expect_err("nobody is young");
    assert_eq!(
        empty.to_string(),
        "nobody who answered is in young of age, so no weight can speak for that group: merge it \
         with another one"
    );
    let totals = two_by_two([1; 4], [5.0, 5.0], [5.0, 6.0]).expect_err("10 is not 11");
    assert_eq!(
        totals.to_string(),
        "the targets of age add up to 10, and those of sex to 11"
    );
    for target in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let found = two_by_two([1; 4], [target, 5.0], [5.0, 5.0]);
        assert!(matches!(found, Err(SampleError::Target { .. })), "{target}");
    }
    let age = || vec![margin("age", &[("young", 1.0)])];
    let cell = |categories: Vec<usize>, base_weight: f64| {
        vec![Cell {
            categories,
            count: 1,
            base_weight,
        }]
    };
    assert_eq!(Sample::new(age(), Vec::new()), Err(SampleError::Nothing));
    for categories in [vec![], vec![1], vec![0, 0]] {
        assert_eq!(
            Sample::new(age(), cell(categories, 1.0)),
            Err(SampleError::CellCategories { cell: 0 })
        );
    }
    for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let found = Sample::new(age(), cell(vec![0], weight));
        assert!(matches!(
            found,
            Err(SampleError::BaseWeight { cell: 0, .. })
        ));
    }
    let many = vec![cell(vec![0], 1.0).remove(0); Sample::MOST_CELLS + 1];
    assert_eq!(Sample::new(age(), many), Err(SampleError::TooLarge));
}

#[test]
fn raking_that_cannot_meet_the_margins_says_so() {
    // All the young are women and all the old are men, and the targets want them otherwise.
    let sample = two_by_two([5, 0, 0, 5], [60.0, 40.0], [30.0, 70.0]).expect("sample");
    let raked = rake(&sample, Limits::default());
    assert!(!raked.convergence.converged);
    assert_eq!(
        raked.convergence.iterations,
        Limits::default().most_iterations
    );
    assert!(raked.convergence.largest_error > 0.1);
}

#[test]
fn trimming_holds_cap_and_margins_where_both_can_be_had() {
    let case = Rake20::copied();
    let raked = case.raked();
    let trim = |cap, how| trim(&case.sample, &raked, cap, how, Limits::default());
    let both = trim(Cap::Weight(25.0), Trimming::WithinMargins).expect("trim");
    assert!(both.convergence.converged, "{:?}", both.convergence);
    assert!(both.weights.iter().all(|weight| *weight <= 25.0));
    assert_eq!(both.people_at_cap, 1);
    assert!(case.sample.largest_margin_error(&both.weights) <= 1e-12);
    // A cap that nobody reaches changes nothing.
    let loose = trim(Cap::TimesMean(10.0), Trimming::WithinMargins).expect("trim");
    assert_close(loose.cap, 100.0, 1e-12, "ten times the mean");
    assert_eq!(loose.people_at_cap, 0);
    assert_all_close(&loose.weights, &raked.weights, 1e-9, "weights");
    // Three people cannot stand for 70 with less than 70 / 3 each.
    let tight = trim(Cap::Weight(20.0), Trimming::WithinMargins).expect("trim");
    assert!(!tight.convergence.converged);
    assert!(tight.weights.iter().all(|weight| *weight <= 20.0));
    assert_close(
        tight.convergence.largest_error,
        10.0 / 70.0,
        1e-9,
        "what is missing",
    );

    let even = trim(Cap::Weight(12.0), Trimming::SpreadEvenly).expect("trim");
    let total: f64 = case.by_person(&even.weights).iter().sum();
    assert_close(total, 200.0, 1e-9, "the total is kept");
    assert!(even.weights.iter().all(|weight| *weight <= 12.0));
    let everyone = trim(Cap::TimesMean(1.0), Trimming::SpreadEvenly).expect("trim");
    assert_all_close(&everyone.weights, &[10.0; 6], 1e-9, "everyone at the mean");

    let below = trim(Cap::Weight(9.0), Trimming::WithinMargins);
    assert_eq!(
        below,
        Err(TrimError::BelowMean {
            cap: 9.0,
            mean: 10.0
        })
    );
    for cap in [0.0, -1.0, f64::INFINITY] {
        let found = trim(Cap::Weight(cap), Trimming::SpreadEvenly);
        assert_eq!(found, Err(TrimError::NotPositive(cap)));
    }
    assert!(trim(Cap::TimesMean(f64::NAN), Trimming::SpreadEvenly).is_err());
}

#[test]
fn a_weighted_share_has_the_unweighted_one_beside_it() {
    let groups = [
        ShareGroup {
            weight: 1.0,
            chosen: 30,
            others: 10,
        },
        ShareGroup {
            weight: 3.0,
            chosen: 10,
            others: 30,
        },
    ];
    let confidence = Confidence::ninety_five();
    let found = weighted_share(&groups, None, ShareMethod::Logit, confidence).expect("share");
    assert_eq!(
        (found.unweighted.chosen, found.unweighted.answers),
        (40, 80)
    );
    assert_close(found.unweighted.share, 0.5, 1e-15, "unweighted");
    assert_eq!(
        found.unweighted.interval,
        wilson(40, 80, confidence).expect("Wilson")
    );
    assert_close(found.share, 60.0 / 160.0, 1e-15, "weighted");
    assert_close(found.effective.people, 64.0, 1e-12, "effective n");
    assert_eq!(found.method, ShareMethod::Logit);
    assert!(found.interval.low < found.share && found.share < found.interval.high);
    // Where everyone agrees only Wilson's has anything to say, and with equal weights it is the
    // unweighted one.
    let agreed = [ShareGroup {
        weight: 2.5,
        chosen: 9,
        others: 0,
    }];
    let found = weighted_share(&agreed, None, ShareMethod::Logit, confidence).expect("share");
    assert_eq!(found.method, ShareMethod::WilsonEffective);
    let plain = wilson(9, 9, confidence).expect("Wilson");
    assert_all_close(
        &limits(found.interval),
        &limits(plain),
        1e-12,
        "nine of nine",
    );
    let census = weighted_share(&groups, Some(80), ShareMethod::KornGraubard, confidence);
    assert_eq!(
        census,
        Err(WeightedShareError::Interval(ShareIntervalError::Census))
    );
    let too_small = weighted_share(&groups, Some(79), ShareMethod::Logit, confidence);
    assert!(matches!(too_small, Err(WeightedShareError::Estimate(_))));
    assert!(weighted_share(&[], None, ShareMethod::Logit, confidence).is_err());
    let many = [ShareGroup {
        weight: 1.0,
        chosen: u64::MAX,
        others: 1,
    }];
    let found = weighted_share(&many, None, ShareMethod::Logit, confidence);
    assert_eq!(found, Err(WeightedShareError::TooMany));
}

#[test]
fn weights_that_are_none_are_refused() {
    for weight in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(
            kish(&[(weight, 1)]),
            Err(WeightError::NotAWeight(_))
        ));
    }
    for none in [vec![], vec![(0.0, 5)], vec![(1.0, 0)]] {
        assert_eq!(kish(&none), Err(WeightError::NoWeight));
    }
    let tiny = kish(&[(1e-300, 3), (1e300, 1)]).expect("kish");
    assert_close(tiny.people, 1.0, 1e-12, "one person has all the weight");
    let answer = |value, count| WeightedValue {
        value,
        weight: 1.0,
        count,
    };
    assert_eq!(mean(&[answer(1.0, 1)], None), Err(EstimateError::TooFew));
    assert!(mean(&[answer(f64::NAN, 2)], None).is_err());
    assert!(mean(&[answer(1e300, 2)], None).is_err());
    let huge = mean(&[answer(1.0, u64::MAX), answer(0.0, u64::MAX)], None).expect("mean");
    assert_close(huge.mean, 0.5, 1e-15, "mean");
    let few = mean(&[answer(1.0, 2)], Some(1));
    assert!(matches!(
        few,
        Err(EstimateError::PopulationBelowSample { population: 1, .. })
    ));
}

fn any_sample() -> impl Strategy<Value = Sample> {
    let counts = prop::collection::vec(1..60_u64, 6);
    (
        counts,
        1..100_u32,
        1..100_u32,
        1..100_u32,
        1..100_u32,
        0.01..1e4_f64,
    )
        .prop_map(|(counts, a, b, c, f, scale)| {
            let [a, b, c, f] = [a, b, c, f].map(f64::from);
            let unit = scale / (a + b + c);
            let cells = (0..)
                .zip(counts)
                .map(|(cell, count)| Cell {
                    categories: vec![cell / 2, cell % 2],
                    count,
                    base_weight: 1.0,
                })
                .collect();
            let women = scale * f / 100.0;
            let margins = vec![
                margin("age", &[("a", a * unit), ("b", b * unit), ("c", c * unit)]),
                margin("sex", &[("F", women), ("M", scale - women)]),
            ];
            Sample::new(margins, cells).expect("sample")
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn raked_weights_reproduce_the_margins(sample in any_sample()) {
        let raked = rake(&sample, Limits::default());
        prop_assert!(raked.convergence.converged, "{:?}", raked.convergence);
        prop_assert!(sample.largest_margin_error(&raked.weights) <= 1e-12);
    }

    #[test]
    fn raking_scales_with_its_targets_and_not_with_the_base_weights(
        sample in any_sample(),
        factor in 0.01..100.0_f64,
    ) {
        let scaled = |by: f64, base_weight: f64| {
            let mut margins = sample.margins().to_vec();
            for category in margins.iter_mut().flat_map(|margin| &mut margin.categories) {
                category.target *= by;
            }
            let mut cells = sample.cells().to_vec();
            for cell in &mut cells {
                cell.base_weight = base_weight;
            }
            rake(&Sample::new(margins, cells).expect("sample"), Limits::default()).weights
        };
        let plain = scaled(1.0, 1.0);
        for (weight, other) in plain.iter().zip(scaled(factor, 7.0)) {
            prop_assert!((weight * factor - other).abs() <= 1e-8 * other);
        }
    }

    #[test]
    fn trimmed_weights_keep_the_cap_and_the_margins_or_own_up(
        sample in any_sample(),
        times in 1.0..6.0_f64,
    ) {
        let raked = rake(&sample, Limits::default());
        for how in [Trimming::WithinMargins, Trimming::SpreadEvenly] {
            let cap = Cap::TimesMean(times * (1.0 + 1e-9));
            let trimmed = trim(&sample, &raked, cap, how, Limits::default()).expect("trim");
            prop_assert!(trimmed.weights.iter().all(|weight| *weight <= trimmed.cap));
            let error = sample.largest_margin_error(&trimmed.weights);
            prop_assert!((error - trimmed.convergence.largest_error).abs() < 1e-15);
            prop_assert_eq!(trimmed.convergence.converged, error <= 1e-12);
        }
    }

    #[test]
    fn a_weighted_share_does_not_depend_on_the_unit_of_weight(
        groups in prop::collection::vec((0.1..10.0_f64, 0..50_u64, 0..50_u64), 1..5),
        unit in 0.001..1000.0_f64,
    ) {
        prop_assume!(groups.iter().map(|(_, yes, no)| yes + no).sum::<u64>() > 1);
        let share = |unit: f64| {
            let groups: Vec<ShareGroup> = groups
                .iter()
                .map(|(weight, chosen, others)| ShareGroup {
                    weight: weight * unit,
                    chosen: *chosen,
                    others: *others,
                })
                .collect();
            weighted_share(&groups, None, ShareMethod::Logit, Confidence::ninety_five())
        };
        let (plain, scaled) = (share(1.0).expect("share"), share(unit).expect("share"));
        prop_assert!((plain.share - scaled.share).abs() < 1e-12);
        prop_assert!((plain.standard_error - scaled.standard_error).abs() < 1e-12);
        prop_assert!((plain.interval.low - scaled.interval.low).abs() < 1e-9);
        prop_assert!((plain.interval.high - scaled.interval.high).abs() < 1e-9);
        prop_assert!(0.0 <= plain.interval.low && plain.interval.low <= plain.share + 1e-12);
        prop_assert!(plain.share <= plain.interval.high + 1e-12 && plain.interval.high <= 1.0);
        prop_assert!(plain.effective.design_effect >= 1.0 - 1e-12);
    }
}
