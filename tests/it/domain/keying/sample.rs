//! The sheets that are keyed again: drawn by a seed, by anybody, again.

use std::collections::{BTreeMap, BTreeSet};

use countmein::domain::keying::{PlanError, Sample, SampledPlan, chosen_sheets};

/// From three lines of Python: the sheets sorted by `hashlib.sha256(f"{seed}/{sheet}".encode())`.
#[test]
fn the_sheets_are_those_that_python_draws_from_the_same_seed() {
    let drawn = |seed, sheets, sample| Vec::from_iter(chosen_sheets(seed, sheets, sample));
    assert_eq!(drawn("drawn in public", 25, 5), [7, 8, 9, 16, 20]);
    assert_eq!(drawn("drawn in public", 25, 6), [7, 8, 9, 10, 16, 20]);
    assert_eq!(
        drawn("00000000000000000000000000000000", 200, 10),
        [49, 59, 79, 139, 157, 172, 184, 187, 193, 200]
    );
    assert_eq!(drawn("", 3, 1), [1]);
    assert_eq!(drawn("drawn in public", 3, 9), [1, 2, 3]);
    assert!(drawn("drawn in public", 0, 1).is_empty());
}

/// Chi-square over the twenty sets of three out of six sheets: 19 degrees of freedom, of which 43.8 is
/// the quantile at 99.9 per cent.
#[test]
fn every_set_of_sheets_is_as_likely_as_any_other() {
    const SEEDS: u32 = 20_000;
    let mut drawn: BTreeMap<BTreeSet<u32>, u32> = BTreeMap::new();
    for seed in 0..SEEDS {
        *drawn
            .entry(chosen_sheets(&seed.to_string(), 6, 3))
            .or_default() += 1;
    }
    assert_eq!(drawn.len(), 20);
    let expected = f64::from(SEEDS) / 20.0;
    let chi_square: f64 = drawn
        .values()
        .map(|count| (f64::from(*count) - expected).powi(2) / expected)
        .sum();
    assert!(chi_square < 43.8, "{chi_square}");
}

/// From the seed of one round, which stands on the page of the batch, nobody draws the next.
#[test]
fn each_round_is_drawn_by_a_seed_of_its_own() {
    let plan = SampledPlan::new(20, 0).unwrap();
    let sample = Sample::new(plan, "5f0c".to_owned());
    // hashlib.sha256(b"5f0c/1").hexdigest()[:32]
    assert_eq!(sample.seed_of(1), "b722983a31db2ee3cb30773c60ed3487");
    assert_eq!(sample.seed_of(2), "51b9287de2381a0fc9a23e36103b3991");
    for round in [1, 2] {
        let drawn = chosen_sheets(&sample.seed_of(round), 25, 5);
        assert_eq!(sample.chosen(25, round), drawn);
        assert_ne!(sample.chosen(25, round + 1), drawn);
    }
}

#[test]
fn a_sample_is_rounded_up_and_its_plan_has_limits() {
    let sample = |percent, sheets| SampledPlan::new(percent, 0).unwrap().sample_of(sheets);
    let sizes = [(10, 25), (1, 1), (1, 200), (100, 25), (20, 25), (50, 0)];
    let sizes = sizes.map(|(percent, sheets)| sample(percent, sheets));
    assert_eq!(sizes, [3, 1, 2, 25, 5, 0]);
    assert_eq!(SampledPlan::new(0, 0), Err(PlanError::Percent));
    assert_eq!(SampledPlan::new(101, 0), Err(PlanError::Percent));
    assert_eq!(SampledPlan::new(10, 21), Err(PlanError::Accepted));
    assert!(SampledPlan::new(100, 20).is_ok());
}
