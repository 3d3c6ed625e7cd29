//! The hot paths of a tally: `cargo bench --bench fold`.

use std::{hint::black_box, time::Duration};

use countmein::{
    domain::{
        allocation::AllocationRule,
        ballot::{BallotForm, BallotMethod, Overvote, Project},
        channel::Channel,
        frame::Frame,
        id::{SurveyVersionId, WaveId},
        item::{Choice, Item, ItemKind, Scale},
        key::{ItemKey, OptionKey, SurveyKey, WaveKey, WaveName},
        moment::Moment,
        money::{Currency, Money},
        survey::{Pages, Survey},
        text::{Lang, Text},
        wave::{AccessRule, Draft, ResultsRule, Wave, WaveSpec, WaveState},
    },
    tally::{
        build::{AgreementRanges, BesideInput, NoRanges, ReportInput, Resampled},
        fold::Tally,
        report::Report,
    },
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const ITEMS: usize = 20;
const RESPONSES: usize = 1_000_000;
const LIKERT: [&str; 6] = ["1", "2", "3", "4", "5", "-"];

fn survey() -> Survey {
    let points: Vec<Choice> = (1..=5)
        .map(|number| Choice {
            key: OptionKey::new(format!("p{number}")).expect("key"),
            text: Text::in_english(format!("Point {number}")),
        })
        .collect();
    let items = (1..=ITEMS)
        .map(|number| Item {
            key: ItemKey::new(format!("s{number}")).expect("key"),
            text: Text::in_english(format!("Statement number {number} of a long survey")),
            help: None,
            required: false,
            kind: ItemKind::Likert(Scale::new(points.clone()).expect("scale")),
        })
        .collect();
    survey_of(items)
}

/// One ballot of twenty projects, of which a person may mark all.
fn ballot_survey() -> Survey {
    let projects = (1..=ITEMS)
        .map(|number| Project {
            key: OptionKey::new(format!("p{number}")).expect("key"),
            text: Text::in_english(format!("Project {number}")),
            description: None,
            cost: Money::from_minor(100).expect("cost"),
            categories: Vec::new(),
            neighbourhoods: Vec::new(),
            group: None,
        })
        .collect();
    survey_of(vec![Item {
        key: ItemKey::new("ballot").expect("key"),
        text: Text::in_english("What should come first?"),
        help: None,
        required: false,
        kind: ItemKind::Ballot(BallotForm {
            budget: Money::from_minor(700).expect("budget"),
            currency: Currency::new("GBP").expect("currency"),
            method: BallotMethod::Approval { limit: ITEMS },
            rule: AllocationRule::greedy(),
            overvote: Overvote::default(),
            projects,
        }),
    }])
}

fn survey_of(items: Vec<Item>) -> Survey {
    Survey {
        key: SurveyKey::new("bench").expect("key"),
        languages: vec![Lang::english()],
        title: Text::in_english("Bench"),
        intro: Text::in_english("For the bench."),
        follow_up: None,
        pages: Pages::OneQuestion,
        items,
        measures: Vec::new(),
    }
}

fn wave() -> Wave {
    let name = WaveName::new("one").expect("key");
    Wave {
        id: WaveId(1),
        key: WaveKey {
            survey: SurveyKey::new("bench").expect("key"),
            wave: name.clone(),
        },
        version: SurveyVersionId(1),
        spec: WaveSpec {
            name,
            title: Text::in_english("One"),
            opens: Moment::from_millis(0),
            closes: Moment::from_millis(1),
            offset_minutes: 0,
            access: AccessRule::Open,
            channels: Channel::ALL.to_vec(),
            frame: Frame::Open,
            results: ResultsRule::Live,
            subscribers: Vec::new(),
        },
        state: WaveState::Draft(Draft),
    }
}

/// Responses in which every symbol stands in every place, in no order that a processor could guess.
fn block(responses: usize, symbols: &[&str]) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    (0..responses * ITEMS)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            symbols[usize::try_from(state % 97).unwrap_or(0) % symbols.len()]
        })
        .collect()
}

fn fold(criterion: &mut Criterion) {
    let survey = survey();
    let million = block(RESPONSES, &LIKERT);
    let mut group = criterion.benchmark_group("fold");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Elements(1_000_000));
    group.bench_function("a block of 1,000,000 responses of 20 items", |bencher| {
        bencher.iter_batched(
            || Tally::new(&survey),
            |mut tally| tally.add_block(Channel::Online, black_box(&million)),
            BatchSize::LargeInput,
        );
    });
    let (ballots, marks) = (ballot_survey(), block(RESPONSES, &["0", "0", "0", "1"]));
    group.bench_function("a block of 1,000,000 ballots of 20 projects", |bencher| {
        bencher.iter_batched(
            || Tally::new(&ballots),
            |mut tally| tally.add_block(Channel::Online, black_box(&marks)),
            BatchSize::LargeInput,
        );
    });
    group.finish();

    let mut group = criterion.benchmark_group("one more response");
    for before in [10, RESPONSES] {
        let mut tally = Tally::new(&survey);
        tally
            .add_block(Channel::Online, &million[..before * ITEMS])
            .expect("block");
        let one = &million[..ITEMS];
        group.bench_function(format!("after {before}"), |bencher| {
            bencher.iter(|| tally.add_response(Channel::Online, black_box(one)));
        });
    }
    group.finish();
}

/// From the counts of a million people, beside an earlier wave of as many: every interval, label and
/// test. A server remembers the ranges of agreement by their counts, so that a page seldom waits for
/// the second form.
fn figures(criterion: &mut Criterion) {
    let (survey, wave) = (survey(), wave());
    let mut tally = Tally::new(&survey);
    tally
        .add_block(Channel::Online, &block(RESPONSES, &LIKERT))
        .expect("block");
    let ways: [(&str, &dyn AgreementRanges); 2] = [
        ("ranges of agreement known", &NoRanges),
        ("ranges of agreement resampled", &Resampled),
    ];
    let mut group = criterion.benchmark_group("report of 20 items, 1,000,000 responses");
    group.sample_size(20);
    for (name, ranges) in ways {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                Report::build(black_box(&ReportInput {
                    survey: &survey,
                    wave: &wave,
                    tally: &tally,
                    refused: Vec::new(),
                    beside: vec![BesideInput {
                        wave: &wave,
                        survey: &survey,
                        tally: &tally,
                    }],
                    ranges,
                    ballots: None,
                    paper: None,
                }))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, fold, figures);
criterion_main!(benches);
