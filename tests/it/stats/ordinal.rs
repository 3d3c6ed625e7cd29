use countmein::stats::ordinal::{AgreementTable, agreement_a, median};
use proptest::prelude::*;

use super::{assert_close, reference_cases};

/// van der Eijk's A from R's `agrmt::agreement` 1.42.12; the seventh is the paper's own example.
const AGREEMENT: [(&[u64], f64); 11] = [
    (&[1, 16, 3, 27, 12], 0.293_785_310_734_463_3),
    (&[0, 4, 0, 38, 17], 0.709_039_548_022_598_8),
    (&[0, 2, 4, 44, 10], 0.8),
    (&[16, 52, 3, 14, 0], 0.537_254_901_960_784_3),
    (&[20, 20, 20, 20, 20], 0.0),
    (&[0, 50, 50, 0, 0], 0.75),
    (&[30, 40, 210, 130, 530, 50, 10], 0.611_333_333_333_333_3),
    (&[10, 20, 30], 0.333_333_333_333_333_3),
    (&[0, 1, 0, 0, 0], 1.0),
    (&[223_451, 461_234, 150_021, 165_294, 0], 0.480_130_5),
    // By definition: half on each end.
    (&[7, 0, 0, 0, 7], -1.0),
];

#[test]
fn agreement_agrees_with_agrmt() {
    for (counts, expected) in AGREEMENT {
        assert_close(agreement_a(counts).expect("A"), expected, 1e-12, "A");
    }
    for case in reference_cases("agreement", None) {
        let counts: Vec<u64> =
            serde_json::from_value(case["input"]["counts"].clone()).expect("counts");
        let Some(expected) = case["output"]["agreement"].as_f64() else {
            continue;
        };
        let tolerance = case["tol"].as_f64().expect("tolerance");
        let what = case["id"].as_str().expect("id");
        assert_close(agreement_a(&counts).expect("A"), expected, tolerance, what);
    }
}

#[test]
fn agreement_of_short_scales_and_of_nothing() {
    assert_eq!(agreement_a(&[]), None);
    assert_eq!(agreement_a(&[4]), None);
    assert_eq!(agreement_a(&[0, 0, 0]), None);
    assert_eq!(agreement_a(&[4, 0]), Some(1.0));
    assert_eq!(agreement_a(&[2, 2]), Some(0.0));
    assert_eq!(agreement_a(&[3, 1]), Some(0.5));
}

#[test]
fn the_table_gives_the_same_agreement_at_any_length_and_size() {
    let table = AgreementTable::new(3);
    assert_eq!(table.agreement(&[0, 0, 0]), None);
    assert_eq!(AgreementTable::new(1).agreement(&[4]), None);
    assert_close(
        table.agreement(&[u64::MAX, 0, u64::MAX]).expect("A"),
        -1.0,
        1e-12,
        "A",
    );
    for points in 2..16 {
        let counts: Vec<u64> = (0..points).map(|at| at * at * 7 % 11).collect();
        let table = AgreementTable::new(counts.len());
        let expected = agreement_a(&counts).expect("A");
        assert_close(table.agreement(&counts).expect("A"), expected, 1e-11, "A");
    }
}

#[test]
fn median_lies_between_the_middle_answers() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[0, 0]), None);
    assert_eq!(median(&[1, 0, 0]), Some((0, 0)));
    assert_eq!(median(&[1, 0, 1]), Some((0, 2)));
    assert_eq!(median(&[2, 1, 2]), Some((1, 1)));
    assert_eq!(median(&[13, 27, 9, 10, 0]), Some((1, 1)));
    assert_eq!(median(&[0, 5, 3, 2]), Some((1, 2)));
    assert_eq!(median(&[u64::MAX, u64::MAX]), Some((0, 1)));
}

/// van der Eijk's definition read literally: a person at a time makes the layers, and all triples
/// are looked at.
fn agreement_by_triples(counts: &[u64]) -> f64 {
    let mut left = counts.to_vec();
    let k = f64::from(u32::try_from(counts.len()).expect("few points"));
    let total: u64 = counts.iter().sum();
    let mut sum = 0.0;
    while left.iter().any(|count| *count > 0) {
        let layer: Vec<bool> = left.iter().map(|count| *count > 0).collect();
        let (mut unimodal, mut bimodal) = (0.0, 0.0);
        for a in 0..layer.len() {
            for b in a + 1..layer.len() {
                for c in b + 1..layer.len() {
                    match (layer[a], layer[b], layer[c]) {
                        (true, true, false) | (false, true, true) => unimodal += 1.0,
                        (true, false, true) => bimodal += 1.0,
                        _ => {}
                    }
                }
            }
        }
        let points = layer
            .iter()
            .map(|covered| f64::from(u8::from(*covered)))
            .sum::<f64>();
        let shape = if unimodal + bimodal == 0.0 {
            1.0
        } else {
            ((k - 2.0) * unimodal - (k - 1.0) * bimodal) / ((k - 2.0) * (unimodal + bimodal))
        };
        sum += shape * (1.0 - (points - 1.0) / (k - 1.0)) * points;
        for count in &mut left {
            *count = count.saturating_sub(1);
        }
    }
    sum / f64::from(u32::try_from(total).expect("few answers"))
}

proptest! {
    #[test]
    fn agreement_is_its_definition(counts in prop::collection::vec(0..12_u64, 2..9)) {
        prop_assume!(counts.iter().any(|count| *count > 0));
        let found = agreement_a(&counts).expect("A");
        prop_assert!((found - agreement_by_triples(&counts)).abs() < 1e-11);
        let by_table = AgreementTable::new(counts.len()).agreement(&counts).expect("A");
        prop_assert!((found - by_table).abs() < 1e-11);
        prop_assert!((-1.0..=1.0).contains(&found));
        let turned: Vec<u64> = counts.iter().rev().copied().collect();
        prop_assert!((found - agreement_a(&turned).expect("A")).abs() < 1e-11);
    }

    #[test]
    fn median_is_that_of_the_sorted_answers(counts in prop::collection::vec(0..6_u64, 1..8)) {
        let answers: Vec<usize> = (0..)
            .zip(&counts)
            .flat_map(|(point, count)| (0..*count).map(move |_| point))
            .collect();
        let expected = (!answers.is_empty())
            .then(|| (answers[(answers.len() - 1) / 2], answers[answers.len() / 2]));
        prop_assert_eq!(median(&counts), expected);
    }
}
