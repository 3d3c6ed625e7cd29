use std::{fs, path::Path};

use countmein::stats::{
    confidence::Confidence,
    interval::wilson,
    published::{
        MOST_ASSUMED, MOST_PEOPLE, NonResponse, PublishedRow, Rounding, RowError, TableError,
        WhatIfError, common_n, counts_that_fit, feasible_n, fits, what_if, with_non_response,
    },
};
use proptest::prelude::*;
use serde_json::Value;

use super::assert_close;

/// The published percentages of two waves of seven statements, and the counts that give them for
/// 62 and 85 people, of whom a few left statements out. Both from an exhaustive search over n by
/// other code (`seed_counts.json`, `published_percent` and `reconstruction_strict`).
type Wave = [([u64; 5], [u64; 5]); 7];
const JANUARY: Wave = [
    ([22, 46, 15, 17, 0], [13, 27, 9, 10, 0]),
    ([57, 39, 2, 2, 0], [35, 24, 1, 1, 0]),
    ([2, 27, 5, 46, 20], [1, 16, 3, 27, 12]),
    ([5, 24, 14, 52, 5], [3, 14, 8, 30, 3]),
    ([0, 7, 0, 64, 29], [0, 4, 0, 38, 17]),
    ([3, 15, 15, 61, 6], [2, 9, 9, 38, 4]),
    ([0, 3, 7, 73, 17], [0, 2, 4, 44, 10]),
];
const APRIL: Wave = [
    ([19, 61, 4, 16, 0], [16, 52, 3, 14, 0]),
    ([28, 66, 2, 4, 0], [24, 56, 2, 3, 0]),
    ([2, 38, 2, 44, 14], [2, 32, 2, 37, 12]),
    ([5, 35, 6, 52, 2], [4, 30, 5, 44, 2]),
    ([0, 2, 4, 55, 39], [0, 2, 3, 47, 33]),
    ([2, 39, 19, 40, 0], [2, 33, 16, 34, 0]),
    ([0, 8, 10, 68, 14], [0, 7, 8, 57, 12]),
];
/// The smallest n that fits each row, halves up; from the same search.
const LEAST_JANUARY: [u64; 7] = [41, 44, 41, 21, 14, 33, 30];
const LEAST_APRIL: [u64; 7] = [57, 47, 50, 62, 49, 57, 50];

const ROUNDINGS: [(&str, Rounding); 4] = [
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("either_half", Rounding::EitherHalf),
    ("largest_remainder", Rounding::LargestRemainder),
];

fn row(percentages: &[u64]) -> PublishedRow {
    PublishedRow::new(percentages.to_vec()).expect("row")
}

fn table(wave: &Wave) -> Vec<PublishedRow> {
    wave.iter().map(|(published, _)| row(published)).collect()
}

#[test]
fn the_least_number_of_people_of_each_row() {
    for (wave, least) in [(JANUARY, LEAST_JANUARY), (APRIL, LEAST_APRIL)] {
        let found: Vec<u64> = table(&wave)
            .iter()
            .map(|row| feasible_n(row, 150, Rounding::HalfUp)[0])
            .collect();
        assert_eq!(found, least);
    }
    // 41 and 59, which some rows suggest, fit no whole wave.
    let fitted_by = |n: u64, wave: &Wave| -> Vec<usize> {
        let rows = table(wave);
        (1..=7)
            .filter(|number| fits(&rows[number - 1], n, Rounding::HalfUp))
            .collect()
    };
    assert_eq!(fitted_by(41, &JANUARY), [1, 3]);
    assert!(fitted_by(41, &APRIL).is_empty());
    assert_eq!(fitted_by(59, &JANUARY), [1, 3, 5, 7]);
    assert_eq!(fitted_by(59, &APRIL), [7]);
}

#[test]
fn the_numbers_of_people_that_fit_a_whole_wave() {
    let first = |wave: &Wave, rounding, many: usize| -> Vec<u64> {
        let mut found = common_n(&table(wave), 150, rounding).expect("table");
        found.truncate(many);
        found
    };
    assert_eq!(
        first(&JANUARY, Rounding::HalfUp, 5),
        [100, 110, 117, 119, 121]
    );
    assert_eq!(
        first(&APRIL, Rounding::HalfUp, 5),
        [100, 112, 113, 115, 117]
    );
    for rounding in [Rounding::HalfEven, Rounding::EitherHalf] {
        assert_eq!(first(&JANUARY, rounding, 5), [100, 110, 117, 119, 120]);
        assert_eq!(first(&APRIL, rounding, 6), [100, 112, 113, 115, 117, 120]);
    }
    let forced = Rounding::LargestRemainder;
    assert_eq!(first(&JANUARY, forced, 4), [95, 96, 99, 100]);
    assert_eq!(first(&APRIL, forced, 3), [85, 88, 95]);
}

#[test]
fn the_numbers_of_people_that_fit_when_some_left_rows_out() {
    let first = |wave: &Wave, rounding, loss| -> NonResponse {
        with_non_response(&table(wave), 150, rounding, loss)
            .expect("table")
            .swap_remove(0)
    };
    let january = first(&JANUARY, Rounding::HalfUp, 0.065);
    assert_eq!(january.people, 62);
    assert_eq!(january.answers, [59, 61, 59, 58, 59, 62, 60]);
    assert_close(january.largest_loss, 4.0 / 62.0, 1e-15, "loss of January");
    assert_eq!(first(&JANUARY, Rounding::HalfUp, 0.06).people, 88);
    assert_eq!(
        first(&JANUARY, Rounding::LargestRemainder, 0.033).people,
        61
    );
    assert_eq!(
        first(&JANUARY, Rounding::LargestRemainder, 0.012).people,
        85
    );
    assert_eq!(first(&JANUARY, Rounding::EitherHalf, 0.037).people, 83);
    let april = first(&APRIL, Rounding::HalfUp, 0.02);
    assert_eq!((april.people, april.answers[6]), (85, 84));
    let poor = first(&APRIL, Rounding::HalfUp, 0.16);
    assert_eq!(poor.people, 63);
    assert_close(poor.largest_loss, 0.159, 5e-4, "loss of 63 people");
    assert_eq!(first(&APRIL, Rounding::LargestRemainder, 0.056).people, 54);
    assert_eq!(first(&APRIL, Rounding::LargestRemainder, 0.0).people, 85);
    assert_eq!(first(&APRIL, Rounding::EitherHalf, 0.025).people, 81);
}

#[test]
fn percentages_with_the_number_of_people_give_the_counts_away() {
    for (published, counts) in JANUARY.iter().chain(&APRIL) {
        let found = counts_that_fit(&row(published), counts.iter().sum(), Rounding::HalfUp, 100);
        assert_eq!(found.counts, [counts.to_vec()]);
        assert!(found.are_unique());
    }
    // With enough people many counts round to the same.
    let many = counts_that_fit(&row(&[50, 50]), 1_000, Rounding::HalfUp, 100);
    assert_eq!(many.counts.len(), 9);
    assert!(many.complete && !many.are_unique());
    let cut = counts_that_fit(&row(&[50, 50]), 1_000, Rounding::HalfUp, 1);
    assert!(!cut.complete && !cut.are_unique());
    assert!(
        counts_that_fit(&row(&[50, 50]), 3, Rounding::HalfUp, 9)
            .counts
            .is_empty()
    );
}

fn seed_counts() -> Option<Value> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/statistics/seed_counts.json");
    let text = fs::read_to_string(path).ok();
    match &text {
        Some(_) => println!("published percentages: the tables here and seed_counts.json"),
        None => println!("published percentages: the tables in this file only"),
    }
    text.map(|text| serde_json::from_str(&text).expect("seed_counts.json"))
}

fn numbers(value: &Value) -> Vec<u64> {
    serde_json::from_value(value.clone()).expect("numbers")
}

#[test]
fn published_percentages_agree_with_the_exhaustive_search() {
    let Some(file) = seed_counts() else { return };
    for (name, wave) in [("January", JANUARY), ("April", APRIL)] {
        let rows = table(&wave);
        for (rule, rounding) in ROUNDINGS {
            for (number, row) in (1..).zip(&rows) {
                let statement = format!("S{number}");
                let expected = &file["feasible_n_1_150"][name][&statement][rule];
                let found = feasible_n(row, 150, rounding);
                assert_eq!(found, numbers(expected), "{name} {statement} {rule}");
            }
            let expected = numbers(&file["common_n"][name][rule]);
            assert_eq!(
                common_n(&rows, 150, rounding),
                Ok(expected),
                "{name} {rule}"
            );
        }
        for (reconstruction, rounding) in [
            ("reconstruction_strict", Rounding::HalfUp),
            (
                "reconstruction_largest_remainder",
                Rounding::LargestRemainder,
            ),
        ] {
            for (number, row) in (1..).zip(&rows) {
                let expected = &file[reconstruction]["tables"][name][format!("S{number}")];
                let n = expected["n"].as_u64().expect("n");
                let found = counts_that_fit(row, n, rounding, 100);
                let all: Vec<Vec<u64>> = expected["all_solutions"]
                    .as_array()
                    .expect("solutions")
                    .iter()
                    .map(numbers)
                    .collect();
                assert_eq!(found.counts, all, "{name} S{number} {reconstruction}");
                assert!(found.complete);
            }
        }
    }
}

#[test]
fn a_what_if_interval_is_wilsons_of_the_counts_that_fit() {
    let confidence = Confidence::ninety_five();
    let one = what_if(18, 62, confidence).expect("what if");
    let expected = wilson(11, 62, confidence).expect("Wilson");
    assert_close(one.low_if_assumed(), expected.low, 1e-15, "low");
    assert_close(one.high_if_assumed(), expected.high, 1e-15, "high");
    assert_eq!(
        one.to_string(),
        "if 62 people answered, 18 % would stand for 10 % to 29 %; how many answered was not \
         published"
    );
    // 495 to 505 of 1000 round to 50 %, the ends of them if halves go the right way.
    let many = what_if(50, 1_000, confidence).expect("what if");
    let lowest = wilson(495, 1_000, confidence).expect("Wilson").low;
    let highest = wilson(505, 1_000, confidence).expect("Wilson").high;
    assert_close(many.low_if_assumed(), lowest, 1e-15, "low");
    assert_close(many.high_if_assumed(), highest, 1e-15, "high");
    let largest = what_if(50, MOST_ASSUMED, confidence).expect("what if");
    assert_close(largest.low_if_assumed(), 0.495, 1e-4, "low of a billion");
    let too_many = what_if(50, MOST_ASSUMED + 1, confidence);
    assert_eq!(too_many, Err(WhatIfError::People(MOST_ASSUMED + 1)));
    let misfit = WhatIfError::DoesNotFit {
        percentage: 18,
        assumed_n: 3,
    };
    assert_eq!(what_if(18, 3, confidence), Err(misfit));
    assert_eq!(what_if(18, 0, confidence), Err(WhatIfError::People(0)));
    assert_eq!(
        what_if(101, 50, confidence),
        Err(WhatIfError::Percentage(RowError::NotAPercentage(101)))
    );
}

#[test]
fn published_percentages_that_make_no_sense_are_refused() {
    assert_eq!(
        PublishedRow::new(Vec::new()),
        Err(RowError::Length { length: 0 })
    );
    assert_eq!(
        PublishedRow::new(vec![0; 21]),
        Err(RowError::Length { length: 21 })
    );
    assert_eq!(
        common_n(&[], 10, Rounding::HalfUp),
        Err(TableError::Rows(0))
    );
    let rows = [row(&[50, 50])];
    for loss in [-0.1, 1.0, f64::INFINITY] {
        assert_eq!(
            with_non_response(&rows, 10, Rounding::HalfUp, loss),
            Err(TableError::Loss(loss))
        );
    }
    assert!(with_non_response(&rows, 10, Rounding::HalfUp, f64::NAN).is_err());
    // No n gives 30 % and 30 % of two answers, however long the search.
    for (_, rounding) in ROUNDINGS {
        assert!(feasible_n(&row(&[30, 30]), u64::MAX, rounding).is_empty());
        assert!(!fits(&row(&[50, 50]), 0, rounding));
        assert!(!fits(&row(&[50, 50]), MOST_PEOPLE + 1, rounding));
        assert!(fits(&row(&[100]), MOST_PEOPLE, rounding));
        let most = counts_that_fit(&row(&[20; 5]), MOST_PEOPLE, rounding, usize::MAX);
        assert!(!most.complete);
    }
}

/// The percentages of counts with a half up, and by the largest remainder with the first of equal
/// ones going up.
fn published(counts: &[u64], rounding: Rounding) -> Vec<u64> {
    let n: u64 = counts.iter().sum();
    if rounding == Rounding::HalfUp {
        return counts
            .iter()
            .map(|count| (200 * count + n) / (2 * n))
            .collect();
    }
    let mut rounded: Vec<u64> = counts.iter().map(|count| 100 * count / n).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|option| std::cmp::Reverse(100 * counts[*option] % n));
    let missing = 100 - rounded.iter().sum::<u64>();
    for option in order.iter().take(usize::try_from(missing).expect("few")) {
        rounded[*option] += 1;
    }
    rounded
}

proptest! {
    #[test]
    fn counts_are_among_those_behind_their_percentages(
        counts in prop::collection::vec(0..40_u64, 1..6),
    ) {
        let n: u64 = counts.iter().sum();
        prop_assume!(n > 0);
        for rounding in [Rounding::HalfUp, Rounding::LargestRemainder] {
            let row = row(&published(&counts, rounding));
            prop_assert!(fits(&row, n, rounding));
            let found = counts_that_fit(&row, n, rounding, 1_000);
            prop_assert!(found.counts.contains(&counts) || !found.complete);
            for other in &found.counts {
                prop_assert_eq!(other.iter().sum::<u64>(), n);
                if rounding == Rounding::HalfUp {
                    prop_assert_eq!(&published(other, rounding)[..], row.percentages());
                }
            }
            prop_assert_eq!(found.counts.is_empty(), !fits(&row, n, rounding));
        }
    }
}
