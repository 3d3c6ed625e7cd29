//! What two waves can be said to differ in, and when they cannot be set against each other.

use countmein::{
    domain::{channel::Channel, frame::Frame, item::Item, survey::Survey, text::Text},
    tally::{
        build::{BesideInput, NoRanges, ReportInput},
        report::{
            Change, Comparison, MeasuredChange, NotCompared, RangeKind, Report, TestMethod, Verdict,
        },
    },
};

use super::support::{likert, survey, tally, wave};

/// A wave: its survey, frame, opening time and answers.
type Asked<'a> = (&'a Survey, Frame, i64, &'a [&'a str]);

/// What the report of `this` says of its change against `other`.
fn comparison(this: Asked, other: Asked) -> Comparison {
    let tallies =
        [this, other].map(|(survey, _, _, answers)| tally(survey, Channel::Online, answers));
    let waves = [("this", this), ("other", other)]
        .map(|(name, (_, frame, opens, _))| wave(name, frame, opens));
    let report = Report::build(&ReportInput {
        survey: this.0,
        wave: &waves[0],
        tally: &tallies[0],
        refused: Vec::new(),
        beside: vec![BesideInput {
            wave: &waves[1],
            survey: other.0,
            tally: &tallies[1],
        }],
        ranges: &NoRanges,
        ballots: None,
        paper: None,
    });
    report.beside[0].comparison.clone().expect("a comparison")
}

#[track_caller]
fn measured(comparison: &Comparison) -> MeasuredChange {
    match comparison.items[0].change {
        Change::Measured(change) => change,
        Change::NotCompared { reason } => panic!("{reason:?}"),
    }
}

fn reason(comparison: &Comparison) -> Option<NotCompared> {
    match comparison.items[0].change {
        Change::Measured(_) => None,
        Change::NotCompared { reason } => Some(reason),
    }
}

const AGREE: [&str; 20] = ["1"; 20];
const DISAGREE: [&str; 20] = ["5"; 20];

#[test]
fn the_later_wave_is_always_set_against_the_earlier() {
    let survey = survey(vec![likert("s", 5)]);
    let agree = (&survey, Frame::Open, 1, &AGREE[..]);
    let disagree = (&survey, Frame::Open, 2, &DISAGREE[..]);
    for (comparison, from, to) in [
        (comparison(disagree, agree), "other", "this"),
        (comparison(agree, disagree), "this", "other"),
    ] {
        assert_eq!(
            (comparison.from.as_str(), comparison.to.as_str()),
            (from, to)
        );
        let change = measured(&comparison);
        assert_eq!((change.agree.points, change.net.points), (-100, -200));
        let test = change.test.expect("a test");
        // Two waves without any overlap leave Brunner and Munzel's test no spread to work with.
        assert_eq!(test.method, TestMethod::Permutation);
        assert_eq!(test.verdict, Verdict::Lower);
        assert!(test.superiority.abs() < 1e-12);
    }
}

#[test]
fn another_wording_or_scale_cannot_be_compared() {
    let item = |text: &str| -> Item {
        let mut item = likert("s", 5);
        item.text = Text::in_english(text);
        item
    };
    let this = survey(vec![item("The park is safe")]);
    let cases = [
        (
            survey(vec![item("The park is safe at night")]),
            NotCompared::WordingDiffers,
        ),
        (survey(vec![likert("s", 7)]), NotCompared::ScaleDiffers),
        (survey(vec![likert("other", 5)]), NotCompared::NotAsked),
    ];
    for (other, expected) in cases {
        let found = comparison(
            (&this, Frame::Open, 2, &AGREE),
            (&other, Frame::Open, 1, &AGREE),
        );
        assert_eq!(reason(&found), Some(expected));
        assert_eq!(found.tested, 0);
    }
}

#[test]
fn fewer_than_ten_answers_in_either_wave_are_not_compared() {
    let survey = survey(vec![likert("s", 5)]);
    let few: Vec<&str> = [&["1"; 9][..], &["-"; 11]].concat();
    let found = comparison(
        (&survey, Frame::Open, 2, &AGREE),
        (&survey, Frame::Open, 1, &few),
    );
    let expected = NotCompared::TooFewAnswers { minimum: 10 };
    assert_eq!(reason(&found), Some(expected));
}

#[test]
fn the_frames_decide_what_a_change_can_say() {
    let survey = survey(vec![likert("s", 5)]);
    let census = Frame::Census { size: 20 };
    let sample = Frame::Sample { size: 900 };
    let cases = [
        (census, census, RangeKind::None),
        (census, sample, RangeKind::ConfidenceInterval),
        (sample, sample, RangeKind::ConfidenceInterval),
        (sample, Frame::Open, RangeKind::SmallNumbersRange),
        (Frame::Open, census, RangeKind::SmallNumbersRange),
    ];
    for (this, other, range) in cases {
        let found = comparison((&survey, this, 2, &AGREE), (&survey, other, 1, &DISAGREE));
        assert_eq!(found.range, range, "{this:?} after {other:?}");
        let change = measured(&found);
        assert_eq!((change.agree.points, change.net.points), (100, 200));
        let has_range = range != RangeKind::None;
        assert_eq!(change.agree.interval.is_some(), has_range);
        assert_eq!(change.net.interval.is_some(), has_range);
        assert_eq!(change.test.is_some(), has_range);
    }
}

/// One statement of a hundred that moves a little is chance; Holm takes that into account.
#[test]
fn tests_are_adjusted_for_each_other() {
    let statements = |count: usize| {
        let items = (1..=count).map(|n| likert(&format!("s{n}"), 5)).collect();
        survey(items)
    };
    // The first statement moves by an amount that alone would be clear; the others do not move.
    let moved = |count: usize| -> (String, String) {
        let rest = "3".repeat(count - 1);
        let people = |symbols: &str| {
            let answers = symbols.chars().map(|first| first.to_string() + &rest);
            answers.collect::<Vec<_>>().concat()
        };
        (
            people("1111112222223333334444"),
            people("1122223333334444445555"),
        )
    };
    for (count, expected) in [(1, Verdict::Lower), (20, Verdict::NoClearChange)] {
        let survey = statements(count);
        let (before, after) = moved(count);
        let found = comparison(
            (&survey, Frame::Open, 2, &[&after]),
            (&survey, Frame::Open, 1, &[&before]),
        );
        let test = measured(&found).test.expect("a test");
        assert_eq!(found.tested, u64::try_from(count).expect("count"));
        assert!(test.p < 0.05, "{}", test.p);
        assert_eq!(test.verdict, expected);
    }
}
