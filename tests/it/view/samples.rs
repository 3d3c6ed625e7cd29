//! A survey with every kind of item, its wave, and a report on it, for the pages to show.

use countmein::{
    domain::{
        allocation::AllocationRule,
        ballot::{BallotForm, BallotMethod, Overvote, Project},
        channel::Channel,
        frame::Frame,
        item::{Choice, Item, ItemKind, Scale},
        key::{ItemKey, OptionKey, SurveyKey, WaveKey, WaveName},
        moment::Moment,
        money::{Currency, Money},
        survey::{Pages, Survey},
        text::{Lang, Text},
        wave::{AccessRule, ResultsRule, WaveSpec},
    },
    tally::report::{
        AgreementRange, BallotFigures, Change, ChannelTurnout, ChoiceFigures, Comparison,
        Difference, Division, DoubtfulMarks, FORMAT, Figures, Interval, ItemBeside, ItemChange,
        ItemReport, KeyedTwice, KeyingMethod, LikertFigures, Mean, MeasuredChange, Median,
        MoreFigures, NetAgreement, NotCompared, OptionFigures, OrdinalTest, Outcome, PaperReport,
        PaperSheets, ProjectFigures, RangeKind, RefusalReason, Refused, RemainingBasis,
        RemainingErrors, Report, SignedInterval, SurveyHead, TestMethod, Turnout, Verdict,
        WaveBeside, WaveHead, WithheldReason,
    },
};

pub fn polish() -> Lang {
    Lang::new("pl").unwrap()
}

pub fn languages() -> [Lang; 2] {
    [Lang::english(), polish()]
}

fn both(english: &str, polish_wording: &str) -> Text {
    Text::new([
        (Lang::english(), english.to_owned()),
        (polish(), polish_wording.to_owned()),
    ])
}

pub fn item_key(key: &str) -> ItemKey {
    ItemKey::new(key).unwrap()
}

pub fn wave_key() -> WaveKey {
    "co-production-attitudes/april".parse().unwrap()
}

fn moment(text: &str) -> Moment {
    let format = &time::format_description::well_known::Rfc3339;
    time::OffsetDateTime::parse(text, format).unwrap().into()
}

pub fn pounds() -> Currency {
    Currency::new("GBP").unwrap()
}

pub fn money(pounds: u64) -> Money {
    Money::from_minor(pounds * 100).unwrap()
}

fn choice(key: &str, english: &str, polish: &str) -> Choice {
    Choice {
        key: OptionKey::new(key).unwrap(),
        text: both(english, polish),
    }
}

pub fn points() -> Vec<Choice> {
    vec![
        choice("sa", "Strongly agree", "Zdecydowanie się zgadzam"),
        choice("a", "Agree", "Zgadzam się"),
        choice("n", "Neither agree nor disagree", "Ani tak, ani nie"),
        choice("d", "Disagree", "Nie zgadzam się"),
        choice("sd", "Strongly disagree", "Zdecydowanie się nie zgadzam"),
    ]
}

pub fn choices() -> Vec<Choice> {
    vec![
        choice("resident", "I live here", "Mieszkam tutaj"),
        choice("worker", "I work here", "Pracuję tutaj"),
        choice("neither", "Neither", "Ani jedno, ani drugie"),
    ]
}

pub fn ballot_form(method: BallotMethod) -> BallotForm {
    let project = |key: &str, english: &str, polish: &str, cost| Project {
        key: OptionKey::new(key).unwrap(),
        text: both(english, polish),
        description: Some(both(
            "Built with local people and looked after for five years.",
            "Powstanie z mieszkańcami; opieka przez pięć lat.",
        )),
        cost: money(cost),
        categories: Vec::new(),
        neighbourhoods: Vec::new(),
        group: None,
    };
    BallotForm {
        budget: money(150_000),
        currency: pounds(),
        method,
        rule: AllocationRule::greedy(),
        overvote: Overvote::default(),
        projects: vec![
            project(
                "play",
                "Play area by the river",
                "Plac zabaw nad rzeką",
                60_000,
            ),
            project(
                "bikes",
                "Safe bicycle parking",
                "Bezpieczny parking rowerowy",
                25_000,
            ),
            project(
                "hall",
                "New roof for the village hall",
                "Nowy dach świetlicy",
                80_000,
            ),
            project(
                "trees",
                "Two hundred street trees",
                "Dwieście drzew przy ulicach",
                40_000,
            ),
            project("bus", "Evening minibus", "Wieczorny minibus", 45_000),
        ],
    }
}

fn item(key: &str, text: Text, required: bool, kind: ItemKind) -> Item {
    Item {
        key: item_key(key),
        text,
        help: None,
        required,
        kind,
    }
}

pub fn survey(method: BallotMethod) -> Survey {
    let likert = || ItemKind::Likert(Scale::new(points()).unwrap());
    let mut decided = item(
        "s6",
        both(
            "Managers and people who use services decide together how money is spent",
            "Kierownicy i osoby korzystające z usług wspólnie decydują o wydatkach",
        ),
        false,
        likert(),
    );
    decided.help = Some(both(
        "Think of the last three months.",
        "Pomyśl o ostatnich trzech miesiącach.",
    ));
    Survey {
        key: SurveyKey::new("co-production-attitudes").unwrap(),
        languages: languages().to_vec(),
        title: both("Attitudes to co-production", "Postawy wobec współtworzenia"),
        intro: both(
            "We want to know how people see working together on local services.\n\nIt takes about three minutes.",
            "Chcemy wiedzieć, jak ludzie widzą wspólną pracę nad lokalnymi usługami.\n\nZajmie to około trzech minut.",
        ),
        follow_up: Some(both(
            "The partnership board discusses the results on 20 May and answers in public.",
            "Rada partnerstwa omówi wyniki 20 maja i odpowie publicznie.",
        )),
        pages: Pages::OneQuestion,
        items: vec![
            item(
                "s2",
                both(
                    "Co-production leads to better services",
                    "Współtworzenie prowadzi do lepszych usług",
                ),
                true,
                likert(),
            ),
            decided,
            item(
                "who",
                both(
                    "Which of these fits you best?",
                    "Co najlepiej do Ciebie pasuje?",
                ),
                false,
                ItemKind::Choice(choices()),
            ),
            item(
                "ballot",
                both(
                    "Which projects should be paid for?",
                    "Które projekty sfinansować?",
                ),
                true,
                ItemKind::Ballot(ballot_form(method)),
            ),
        ],
        measures: Vec::new(),
    }
}

pub fn wave(access: AccessRule) -> WaveSpec {
    WaveSpec {
        name: WaveName::new("april").unwrap(),
        title: both("April 2026", "Kwiecień 2026"),
        opens: moment("2026-04-01T00:00:00+01:00"),
        closes: moment("2026-04-30T23:59:59.999+01:00"),
        offset_minutes: 60,
        access,
        channels: Channel::ALL.to_vec(),
        frame: Frame::Open,
        results: ResultsRule::Published,
        subscribers: vec!["ann@example.org".to_owned()],
    }
}

fn options(choices: &[Choice], counts: &[u64], ranges: bool) -> Vec<OptionFigures> {
    let base: u64 = counts.iter().sum();
    choices
        .iter()
        .zip(counts)
        .map(|(choice, count)| {
            let percent = (count * 200 + base) / (base * 2);
            OptionFigures {
                key: choice.key.clone(),
                text: choice.text.clone(),
                count: *count,
                percent,
                interval: ranges.then(|| Interval {
                    low: 0.0,
                    high: 1.0,
                    low_percent: percent.saturating_sub(8),
                    high_percent: (percent + 9).min(100),
                }),
            }
        })
        .collect()
}

pub fn likert(counts: [u64; 5], net: i64, median: (usize, usize), ranges: bool) -> Figures {
    Figures::Likert(LikertFigures {
        base: counts.iter().sum(),
        blank: 2,
        points: options(&points(), &counts, ranges),
        net: Some(NetAgreement {
            agree: counts[0] + counts[1],
            disagree: counts[3] + counts[4],
            points: net,
            interval: ranges.then(|| signed(net - 20, net + 20)),
        }),
        median: Some(Median {
            low: median.0,
            high: median.1,
        }),
        agreement: Some(-0.35),
        division: Some(Division::Divided),
        more: Some(MoreFigures {
            row: options(&points(), &counts, ranges)
                .into_iter()
                .filter_map(|option| option.interval)
                .collect(),
            agreement_range: ranges.then_some(AgreementRange {
                low: -0.5,
                high: -0.125,
                replicates: 10_000,
                seed: 1,
            }),
            interpolated_median: Some(2.25),
            mean: Some(Mean {
                mean: 2.5,
                sd: Some(1.25),
                low: ranges.then_some(2.25),
                high: ranges.then_some(2.75),
            }),
            consensus: Some(0.5),
            leik: Some(0.625),
        }),
    })
}

fn signed(low: i64, high: i64) -> SignedInterval {
    SignedInterval {
        low: 0.0,
        high: 0.5,
        low_points: low,
        high_points: high,
    }
}

/// A change that was measured and found, and one that could not be.
fn comparison() -> Comparison {
    let difference = |points: i64| Difference {
        points,
        interval: Some(signed(points - 15, points + 13)),
    };
    let measured = Change::Measured(MeasuredChange {
        agree: difference(23),
        net: difference(51),
        test: Some(OrdinalTest {
            method: TestMethod::BrunnerMunzel,
            p: 0.000_25,
            p_adjusted: 0.0005,
            superiority: 0.66,
            verdict: Verdict::Higher,
        }),
    });
    let refused = Change::NotCompared {
        reason: NotCompared::WordingDiffers,
    };
    Comparison {
        from: WaveName::new("january").unwrap(),
        to: WaveName::new("april").unwrap(),
        range: RangeKind::SmallNumbersRange,
        tested: 1,
        items: [("s2", refused), ("s6", measured)]
            .map(|(key, change)| ItemChange {
                key: item_key(key),
                change,
            })
            .to_vec(),
    }
}

fn ballot() -> Figures {
    let form = ballot_form(BallotMethod::Approval { limit: 4 });
    let row = |rank: u64, place: usize, votes: u64, outcome, by_channel: [u64; 3]| {
        let project = &form.projects[place];
        ProjectFigures {
            rank,
            key: project.key.clone(),
            text: project.text.clone(),
            cost: project.cost,
            votes,
            single_votes: None,
            percent: (votes * 200 + 83) / (83 * 2),
            outcome,
            by_channel: by_channel.to_vec(),
            price: None,
        }
    };
    Figures::Ballot(BallotFigures {
        base: 83,
        blank: 2,
        budget: form.budget,
        currency: pounds(),
        method: form.method,
        rule: form.rule,
        spent: money(145_000),
        left: money(5_000),
        decisive_tie: true,
        decided: true,
        left_out: 0,
        share: None,
        analysis: None,
        projects: vec![
            row(1, 0, 61, Outcome::Funded, [40, 11, 10]),
            row(2, 2, 48, Outcome::Funded, [30, 10, 8]),
            row(
                3,
                4,
                33,
                Outcome::DoesNotFit {
                    left: money(10_000),
                },
                [20, 8, 5],
            ),
            row(
                4,
                3,
                33,
                Outcome::DoesNotFit {
                    left: money(10_000),
                },
                [21, 6, 6],
            ),
            row(5, 1, 0, Outcome::NoVotes, [0, 0, 0]),
        ],
        channels: Some(Channel::ALL.to_vec()),
    })
}

/// April, with January beside it.
pub fn report() -> Report {
    let survey = survey(BallotMethod::Approval { limit: 4 });
    let spec = wave(AccessRule::Open);
    let figures = [
        likert([24, 56, 2, 3, 0], 91, (1, 1), true),
        likert([2, 33, 16, 34, 0], 1, (2, 2), true),
        Figures::Choice(ChoiceFigures {
            base: 85,
            blank: 0,
            options: options(&choices(), &[60, 20, 5], true),
        }),
        ballot(),
    ];
    Report {
        format: FORMAT,
        survey: SurveyHead {
            key: survey.key.clone(),
            title: survey.title.clone(),
            languages: survey.languages.clone(),
            wording: survey.wording_hash(),
        },
        wave: WaveHead {
            name: spec.name.clone(),
            title: spec.title.clone(),
            state: "published".to_owned(),
            opens: spec.opens,
            closes: spec.closes,
            offset_minutes: spec.offset_minutes,
            frame: spec.frame,
            access: spec.access,
        },
        turnout: turnout(),
        range: RangeKind::SmallNumbersRange,
        items: survey
            .items
            .iter()
            .zip(figures)
            .map(|(item, figures)| ItemReport {
                key: item.key.clone(),
                text: item.text.clone(),
                figures,
            })
            .collect(),
        beside: vec![january()],
        paper: Some(paper()),
    }
}

/// Keyed wholly twice.
fn paper() -> PaperReport {
    PaperReport {
        method: KeyingMethod::Double,
        batches: 1,
        sheets: PaperSheets {
            counted: 1012,
            blank: 3,
            spoilt: 3,
            unreadable: 3,
            no_valid_mark: 3,
        },
        keyed_twice: KeyedTwice {
            sheets: 1024,
            fields: 8192,
            differences: 41,
        },
        remaining: Some(RemainingErrors {
            basis: RemainingBasis::Independence,
            sheets: 1024,
            wrong_sheets_at_most: 0.000_841,
            wrong_fields: 0.000_000_87,
        }),
        marks: Some(DoubtfulMarks {
            uncertain: 17,
            overvoted: 5,
        }),
    }
}

/// A sample was keyed twice, and the marks are kept back.
pub fn sampled_paper() -> PaperReport {
    PaperReport {
        method: KeyingMethod::Sampled {
            percent: 10,
            most_errors: 1,
            accepted: 38,
            rejected: 3,
        },
        remaining: Some(RemainingErrors {
            basis: RemainingBasis::Sample,
            sheets: 855,
            wrong_sheets_at_most: 0.042,
            wrong_fields: 0.0031,
        }),
        marks: None,
        ..paper()
    }
}

fn turnout() -> Turnout {
    let row = |channel, responses, on_sheets| ChannelTurnout {
        channel,
        responses,
        on_sheets,
    };
    Turnout {
        people: 85,
        channels: vec![
            row(Channel::Online, 60, 0),
            row(Channel::Postal, 12, 0),
            row(Channel::Meeting, 0, 13),
        ],
        voided: 1,
        refused: RefusalReason::ALL
            .map(|reason| Refused {
                reason,
                attempts: 3,
            })
            .to_vec(),
        watermark: 74,
    }
}

fn january() -> WaveBeside {
    WaveBeside {
        name: WaveName::new("january").unwrap(),
        title: both("January 2026", "Styczeń 2026"),
        opens: moment("2026-01-01T00:00:00+00:00"),
        people: 62,
        frame: Frame::Census { size: 70 },
        range: RangeKind::None,
        items: vec![
            ItemBeside {
                key: item_key("s2"),
                figures: likert([35, 24, 1, 1, 0], 95, (0, 0), false),
            },
            ItemBeside {
                key: item_key("s6"),
                figures: likert([2, 9, 9, 38, 4], -50, (3, 3), false),
            },
        ],
        comparison: Some(comparison()),
    }
}

/// The same wave with every item kept back.
pub fn withheld() -> Report {
    let mut report = report();
    report.beside.clear();
    for item in &mut report.items {
        item.figures = Figures::Withheld {
            reason: WithheldReason::TooFewPeople { minimum: 10 },
        };
    }
    report
}
