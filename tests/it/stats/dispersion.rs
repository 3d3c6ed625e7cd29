use countmein::stats::{
    dispersion::{consensus, leik_d, polarisation},
    division::Division,
    ordinal::agreement_a,
};
use proptest::prelude::*;

use super::{
    assert_close,
    reference::{check_case, counts_of, id_of},
    reference_cases,
};

/// Consensus, Leik's D and polarisation from R's `agrmt` 1.42.12.
const DISPERSION: [(&[u64], f64, f64, f64); 6] = [
    (
        &[1, 16, 3, 27, 12],
        0.562_605_841_479_794,
        0.423_728_813_559_322,
        0.353_107_344_632_768,
    ),
    (
        &[2, 32, 2, 37, 12],
        0.521_024_960_791_516,
        0.494_117_647_058_823,
        0.411_764_705_882_353,
    ),
    (&[20, 20, 20, 20, 20], 0.433_985_000_288_462, 0.6, 0.5),
    (
        &[30, 40, 210, 130, 530, 50, 10],
        0.725_687_613_959_346,
        0.286_666_666_666_667,
        0.194_333_333_333_333,
    ),
    (
        &[10, 20, 30],
        0.355_680_197_574_631,
        0.666_666_666_666_667,
        0.333_333_333_333_333,
    ),
    (&[0, 1, 0, 0, 0], 1.0, 0.0, 0.0),
];

/// Statements and waves of `seed_counts.json` (an illustrative reconstruction) with the word that
/// their A calls for.
const DIVISIONS: [(&str, &[u64], Division); 14] = [
    ("S1 January", &[13, 27, 9, 10, 0], Division::Leaning),
    ("S1 April", &[16, 52, 3, 14, 0], Division::Leaning),
    ("S2 January", &[35, 24, 1, 1, 0], Division::Agreed),
    ("S2 April", &[24, 56, 2, 3, 0], Division::Agreed),
    ("S3 January", &[1, 16, 3, 27, 12], Division::Divided),
    ("S3 April", &[2, 32, 2, 37, 12], Division::Divided),
    ("S4 January", &[3, 14, 8, 30, 3], Division::Leaning),
    ("S4 April", &[4, 30, 5, 44, 2], Division::Divided),
    ("S5 January", &[0, 4, 0, 38, 17], Division::Agreed),
    ("S5 April", &[0, 2, 3, 47, 33], Division::Agreed),
    ("S6 January", &[2, 9, 9, 38, 4], Division::Leaning),
    ("S6 April", &[2, 33, 16, 34, 0], Division::Divided),
    ("S7 January", &[0, 2, 4, 44, 10], Division::Agreed),
    ("S7 April", &[0, 7, 8, 57, 12], Division::Agreed),
];

#[test]
fn dispersion_agrees_with_agrmt() {
    for (counts, cns, leik, polarised) in DISPERSION {
        assert_close(consensus(counts).expect("Cns"), cns, 1e-12, "Cns");
        assert_close(leik_d(counts).expect("D"), leik, 1e-12, "D");
        let found = polarisation(counts).expect("polarisation");
        assert_close(found, polarised, 1e-12, "polarisation");
    }
    for case in reference_cases("agreement", None) {
        let counts = counts_of(&case, "counts")
            .unwrap_or_else(|| panic!("{}: no counts to work on", id_of(&case)));
        check_case(&case, |name| {
            let found = match name {
                "agreement" => agreement_a(&counts),
                "consensus" => consensus(&counts),
                "Leik" => leik_d(&counts),
                "polarization" => polarisation(&counts),
                _ => return None,
            };
            Some(vec![found?])
        });
    }
}

#[test]
fn nothing_to_measure() {
    for counts in [&[][..], &[3], &[0, 0, 0]] {
        assert_eq!(consensus(counts), None);
        assert_eq!(leik_d(counts), None);
        assert_eq!(polarisation(counts), None);
    }
}

#[test]
fn ends_of_the_measures_at_any_size() {
    for many in [1, 1_000_000_000, u64::MAX] {
        let (split, together) = ([many, 0, 0, many], [0, many, 0, 0]);
        for (measure, at_split) in [
            (consensus as fn(&[u64]) -> Option<f64>, 0.0),
            (leik_d, 1.0),
            (polarisation, 1.0),
        ] {
            assert_close(measure(&split).expect("split"), at_split, 1e-12, "split");
            let found = measure(&together).expect("together");
            assert_close(found, 1.0 - at_split, 1e-12, "together");
        }
    }
    // One answer among 2⁶⁴ at the far end changes nothing that can be seen.
    assert_close(
        consensus(&[u64::MAX, 0, 1]).expect("Cns"),
        1.0,
        1e-12,
        "Cns",
    );
}

#[test]
fn the_word_comes_from_the_counts() {
    for (which, counts, expected) in DIVISIONS {
        assert_eq!(Division::of(counts), Some(expected), "{which}");
        let doubled: Vec<u64> = counts.iter().map(|count| 2 * count).collect();
        assert_eq!(Division::of(&doubled), Some(expected), "{which} doubled");
    }
}

#[test]
fn the_bounds_of_the_words() {
    // A peak above an even rest: A is the share of the answers above the rest, 28/40 and 8/20.
    assert_eq!(Division::of(&[31, 3, 3, 3]), Some(Division::Agreed));
    assert_eq!(Division::of(&[30, 3, 3, 3]), Some(Division::Leaning));
    assert_eq!(Division::of(&[11, 3, 3, 3]), Some(Division::Leaning));
    assert_eq!(Division::of(&[10, 3, 3, 3]), Some(Division::Divided));
    assert_eq!(Division::of(&[9, 0, 0]), None);
    assert_eq!(Division::of(&[10, 0, 0]), Some(Division::Agreed));
    assert_eq!(Division::of(&[10]), None);
    assert_eq!(
        Division::of(&[u64::MAX, 0, u64::MAX]),
        Some(Division::Divided)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn measures_mirror_and_do_not_count_people(
        counts in prop::collection::vec(0..40_u64, 2..9),
        times in 1..1_000_000_u64,
    ) {
        prop_assume!(counts.iter().any(|count| *count > 0));
        let turned: Vec<u64> = counts.iter().rev().copied().collect();
        let many: Vec<u64> = counts.iter().map(|count| count * times).collect();
        for measure in [consensus, leik_d, polarisation] {
            let found = measure(&counts).expect("measure");
            prop_assert!((0.0..=1.0).contains(&found));
            prop_assert!((found - measure(&turned).expect("turned")).abs() < 1e-11);
            prop_assert!((found - measure(&many).expect("many")).abs() < 1e-11);
        }
    }
}
