//! Surveys, waves and responses for the tests of `tally`.

use countmein::domain::{
    allocation::AllocationRule,
    ballot::{BallotForm, BallotMethod, Overvote, Project},
    channel::Channel,
    count_sheet::CountSheet,
    frame::Frame,
    id::{SurveyVersionId, WaveId},
    item::{Choice, Item, ItemKind, Scale},
    key::{ItemKey, OptionKey, SurveyKey, WaveKey, WaveName},
    moment::Moment,
    money::{Currency, Money},
    survey::{Pages, Survey},
    text::{Lang, Text},
    wave::{AccessRule, Closed, ResultsRule, Wave, WaveSpec, WaveState},
};
use countmein::tally::{
    build::NoRanges,
    fold::Tally,
    report::{Figures, LikertFigures, Report, WithheldReason},
};

pub fn survey(items: Vec<Item>) -> Survey {
    Survey {
        key: SurveyKey::new("test").expect("key"),
        languages: vec![Lang::english()],
        title: Text::in_english("Test"),
        intro: Text::in_english("A test."),
        follow_up: None,
        pages: Pages::OneQuestion,
        items,
        measures: Vec::new(),
    }
}

fn item(key: &str, kind: ItemKind) -> Item {
    Item {
        key: ItemKey::new(key).expect("key"),
        text: Text::in_english(format!("Text of {key}")),
        help: None,
        required: false,
        kind,
    }
}

fn choices(count: usize) -> Vec<Choice> {
    (1..=count)
        .map(|number| Choice {
            key: OptionKey::new(format!("o{number}")).expect("key"),
            text: Text::in_english(format!("Option {number}")),
        })
        .collect()
}

pub fn likert(key: &str, points: usize) -> Item {
    item(
        key,
        ItemKind::Likert(Scale::new(choices(points)).expect("scale")),
    )
}

pub fn choice(key: &str, options: usize) -> Item {
    item(key, ItemKind::Choice(choices(options)))
}

pub fn money(minor: u64) -> Money {
    Money::from_minor(minor).expect("amount")
}

/// Projects `p1`, `p2` … with these costs.
pub fn ballot(key: &str, method: BallotMethod, budget: u64, costs: &[u64]) -> Item {
    let projects = (1..)
        .zip(costs)
        .map(|(number, cost)| Project {
            key: OptionKey::new(format!("p{number}")).expect("key"),
            text: Text::in_english(format!("Project {number}")),
            description: None,
            cost: money(*cost),
            categories: Vec::new(),
            neighbourhoods: Vec::new(),
            group: None,
        })
        .collect();
    item(
        key,
        ItemKind::Ballot(BallotForm {
            budget: money(budget),
            currency: Currency::new("GBP").expect("currency"),
            method,
            rule: AllocationRule::greedy(),
            overvote: Overvote::default(),
            projects,
        }),
    )
}

/// One item of every kind: a scale of 5, a choice of 3, an approval ballot of 4 projects with 2
/// marks, and a knapsack ballot of 3. A response has 1 + 1 + 4 + 3 characters.
pub fn mixed() -> Survey {
    survey(vec![
        likert("scale", 5),
        choice("choice", 3),
        ballot(
            "approval",
            BallotMethod::Approval { limit: 2 },
            60,
            &[10, 20, 30, 40],
        ),
        ballot("knapsack", BallotMethod::Knapsack, 40, &[10, 20, 30]),
    ])
}

pub fn wave(name: &str, frame: Frame, opens: i64) -> Wave {
    let opens = Moment::from_millis(opens);
    Wave {
        id: WaveId(1),
        key: WaveKey {
            survey: SurveyKey::new("test").expect("key"),
            wave: WaveName::new(name).expect("key"),
        },
        version: SurveyVersionId(1),
        spec: WaveSpec {
            name: WaveName::new(name).expect("key"),
            title: Text::in_english(name),
            opens,
            closes: Moment::from_millis(opens.millis() + 1000),
            offset_minutes: 0,
            access: AccessRule::Open,
            channels: Channel::ALL.to_vec(),
            frame,
            results: ResultsRule::Live,
            subscribers: Vec::new(),
        },
        state: WaveState::Closed(Closed {
            opened_at: opens,
            closed_at: Moment::from_millis(opens.millis() + 5000),
        }),
    }
}

pub fn sheet(survey: &Survey, people: u64, counts: Vec<Vec<u64>>) -> CountSheet {
    CountSheet::new(survey, Channel::Meeting, people, counts).expect("sheet")
}

/// A tally of these responses on one channel.
pub fn tally(survey: &Survey, channel: Channel, responses: &[&str]) -> Tally {
    let mut tally = Tally::new(survey);
    tally
        .add_block(channel, &responses.concat())
        .expect("responses");
    tally
}

/// The report of one wave on its own.
pub fn report(survey: &Survey, wave: &Wave, tally: &Tally) -> Report {
    Report::build(&countmein::tally::build::ReportInput {
        survey,
        wave,
        tally,
        refused: Vec::new(),
        beside: Vec::new(),
        ranges: &NoRanges,
        ballots: None,
        paper: None,
    })
}

pub fn too_few(minimum: u64) -> WithheldReason {
    WithheldReason::TooFewPeople { minimum }
}

#[track_caller]
pub fn as_likert(figures: &Figures) -> &LikertFigures {
    match figures {
        Figures::Likert(likert) => likert,
        other => panic!("not a scale: {other:?}"),
    }
}
