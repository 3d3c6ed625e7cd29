//! The sample answers in `surveys/samples/`.

use std::collections::{BTreeMap, BTreeSet};

use countmein::domain::{
    answer::{Answers, Blanks, RawAnswers},
    channel::Channel,
    count_sheet::CountSheet,
    survey::Survey,
};

use super::shipped::{ATTITUDES, PRIORITIES, plan};

const JANUARY: &str = include_str!("../../../surveys/samples/co-production-attitudes-january.csv");
const APRIL: &str = include_str!("../../../surveys/samples/co-production-attitudes-april.csv");
const NOW: &str = include_str!("../../../surveys/samples/co-production-attitudes-now.csv");
const BALLOTS: &str = include_str!("../../../surveys/samples/citizen-priorities.csv");

/// Strongly agree, agree, not sure, disagree, strongly disagree, as published, for S1 to S7.
const JANUARY_PERCENT: [[u64; 5]; 7] = [
    [22, 46, 15, 17, 0],
    [57, 39, 2, 2, 0],
    [2, 27, 5, 46, 20],
    [5, 24, 14, 52, 5],
    [0, 7, 0, 64, 29],
    [3, 15, 15, 61, 6],
    [0, 3, 7, 73, 17],
];
const APRIL_PERCENT: [[u64; 5]; 7] = [
    [19, 61, 4, 16, 0],
    [28, 66, 2, 4, 0],
    [2, 38, 2, 44, 14],
    [5, 35, 6, 52, 2],
    [0, 2, 4, 55, 39],
    [2, 39, 19, 40, 0],
    [0, 8, 10, 68, 14],
];

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(file.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

fn count_sheet(survey: &Survey, file: &str) -> CountSheet {
    let mut people = 0;
    let mut counts: Vec<Vec<u64>> = vec![Vec::new(); survey.items.len()];
    for row in rows(file) {
        assert_eq!(row["channel"], "meeting");
        let count = row["count"].parse().unwrap();
        if row["item"] == "people" {
            assert_eq!(row["option"], "");
            people = count;
            continue;
        }
        let item = survey
            .items
            .iter()
            .position(|item| item.key.as_str() == row["item"])
            .unwrap();
        let option = survey.items[item].option_index(&row["option"]).unwrap();
        assert_eq!(option, counts[item].len(), "options in the survey's order");
        counts[item].push(count);
    }
    CountSheet::new(survey, Channel::Meeting, people, counts).unwrap()
}

/// Half-up, in whole numbers.
fn percent(count: u64, of: u64) -> u64 {
    (200 * count + of) / (2 * of)
}

#[test]
fn the_workshop_counts_round_to_every_published_percentage() {
    let survey = plan(ATTITUDES).survey;
    for (file, people, published) in [(JANUARY, 62, JANUARY_PERCENT), (APRIL, 85, APRIL_PERCENT)] {
        let sheet = count_sheet(&survey, file);
        assert_eq!(sheet.people(), people);
        for (counts, published) in sheet.counts().iter().zip(published) {
            let base = counts.iter().sum();
            let rounded: Vec<u64> = counts.iter().map(|count| percent(*count, base)).collect();
            assert_eq!(rounded, published);
        }
    }
}

/// Checks every row as an import does, and counts the rows of each channel.
fn responses(survey: &Survey, file: &str) -> [usize; 3] {
    let mut by_channel = [0; 3];
    let mut papers = BTreeSet::new();
    for mut row in rows(file) {
        let channel: Channel = row.remove("channel").unwrap().parse().unwrap();
        by_channel[channel.index()] += 1;
        let paper = row.remove("ref").unwrap();
        assert_eq!(paper.is_empty(), channel == Channel::Online);
        assert!(paper.is_empty() || papers.insert(paper));
        assert_eq!(row.len(), survey.items.len(), "one column an item");
        let raw: RawAnswers = row
            .into_iter()
            .map(|(item, cell)| (item, cell.split(' ').map(str::to_owned).collect()))
            .collect();
        Answers::check(survey, &raw, Blanks::Allowed).unwrap();
    }
    by_channel
}

#[test]
fn the_sample_responses_are_valid_on_every_channel() {
    assert_eq!(responses(&plan(PRIORITIES).survey, BALLOTS), [40, 70, 30]);
    assert_eq!(responses(&plan(ATTITUDES).survey, NOW), [25, 20, 15]);
}

#[test]
fn the_sample_responses_have_some_blanks() {
    for file in [BALLOTS, NOW] {
        let blank = |row: &BTreeMap<String, String>| {
            row.iter()
                .any(|(name, cell)| name != "ref" && cell.is_empty())
        };
        let blanks = rows(file).iter().filter(|row| blank(row)).count();
        assert!((3..40).contains(&blanks), "{blanks}");
    }
}
