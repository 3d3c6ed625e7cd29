use countmein::{
    domain::{
        ballot::BallotMethod,
        channel::Channel,
        frame::Frame,
        item::ItemKind,
        text::Text,
        wave::{Published, WaveState},
    },
    tally::{
        build::{BesideInput, NoRanges, ReportInput},
        fold::Tally,
        report::{ChannelTurnout, Figures, Outcome, RangeKind, RefusalReason, Refused, Report},
    },
};

use super::support::{as_likert, ballot, likert, mixed, money, report, sheet, survey, tally, wave};

#[test]
fn the_frame_decides_about_ranges() {
    let survey = survey(vec![likert("s", 3)]);
    let ten = tally(&survey, Channel::Online, &["1"; 10]);
    let nine = tally(
        &survey,
        Channel::Online,
        &["1", "2", "3", "1", "2", "3", "1", "1", "1", "-"],
    );
    let cases = [
        (Frame::Census { size: 10 }, &ten, RangeKind::None, false),
        (
            Frame::Sample { size: 99 },
            &ten,
            RangeKind::ConfidenceInterval,
            true,
        ),
        (Frame::Open, &ten, RangeKind::SmallNumbersRange, true),
        (Frame::Open, &nine, RangeKind::SmallNumbersRange, false),
    ];
    for (frame, tally, range, has_interval) in cases {
        let report = report(&survey, &wave("w", frame, 0), tally);
        assert_eq!(report.range, range);
        for point in &as_likert(&report.items[0].figures).points {
            assert_eq!(point.interval.is_some(), has_interval, "{frame:?}");
        }
    }
}

#[test]
fn an_item_without_answers_has_no_figures_of_its_own() {
    let survey = mixed();
    let report = report(&survey, &wave("w", Frame::Open, 0), &Tally::new(&survey));
    let figures = as_likert(&report.items[0].figures);
    assert_eq!((figures.base, figures.net, figures.median), (0, None, None));
    assert_eq!(figures.agreement, None);
    assert!(figures.points.iter().all(|point| point.percent == 0));
    assert_eq!(report.turnout.channels, []);
}

#[test]
fn the_head_and_turnout_say_what_is_counted() {
    let survey = mixed();
    let mut tally = tally(&survey, Channel::Postal, &["1--------"; 3]);
    tally
        .void_response(Channel::Postal, "1--------")
        .expect("void");
    let totals = vec![vec![4, 0, 0, 0, 0], vec![], vec![], vec![]];
    tally.add_sheet(&sheet(&survey, 5, totals)).expect("sheet");
    let mut wave = wave("w", Frame::Census { size: 20 }, 5);
    let at = wave.spec.opens;
    wave.state = WaveState::Published(Published {
        opened_at: at,
        closed_at: at,
        published_at: at,
    });
    let refused = vec![Refused {
        reason: RefusalReason::CodeUnknown,
        attempts: 2,
    }];
    let report = Report::build(&ReportInput {
        survey: &survey,
        wave: &wave,
        tally: &tally,
        refused: refused.clone(),
        beside: Vec::new(),
        ranges: &NoRanges,
        ballots: None,
        paper: None,
    });
    assert_eq!(report.wave.state, "published");
    assert_eq!(report.survey.wording, survey.wording_hash());
    assert_eq!((report.turnout.people, report.turnout.voided), (7, 1));
    assert_eq!(report.turnout.refused, refused);
    let row = |channel, responses, on_sheets| ChannelTurnout {
        channel,
        responses,
        on_sheets,
    };
    let expected = [row(Channel::Postal, 2, 0), row(Channel::Meeting, 0, 5)];
    assert_eq!(report.turnout.channels, expected);
    let figures = as_likert(&report.items[0].figures);
    assert_eq!((figures.base, figures.blank), (6, 1));
}

#[test]
fn a_ballot_shows_what_is_funded_and_why_not() {
    let survey = survey(vec![ballot(
        "b",
        BallotMethod::Approval { limit: 2 },
        60,
        &[10, 20, 50, 5],
    )]);
    let mut tally = tally(&survey, Channel::Online, &["1010", "0110", "0010", "----"]);
    tally.add_response(Channel::Postal, "0110").expect("ballot");
    let totals = vec![vec![2, 0, 3, 0]];
    tally.add_sheet(&sheet(&survey, 4, totals)).expect("sheet");
    let report = report(&survey, &wave("w", Frame::Open, 0), &tally);
    let Figures::Ballot(figures) = &report.items[0].figures else {
        panic!("not a ballot");
    };
    assert_eq!((figures.base, figures.blank), (8, 1));
    assert_eq!((figures.spent, figures.left), (money(60), money(0)));
    assert!(!figures.decisive_tie);
    assert_eq!(figures.channels, Some(Channel::ALL.to_vec()));
    let rows: Vec<_> = figures
        .projects
        .iter()
        .map(|p| {
            (
                p.rank,
                p.key.as_str(),
                p.votes,
                p.percent,
                p.outcome.clone(),
                p.by_channel.clone(),
            )
        })
        .collect();
    let no_money = Outcome::DoesNotFit { left: money(0) };
    assert_eq!(
        rows,
        [
            (1, "p3", 7, 88, Outcome::Funded, vec![3, 1, 3]),
            (2, "p1", 3, 38, Outcome::Funded, vec![1, 0, 2]),
            (3, "p2", 2, 25, no_money, vec![1, 1, 0]),
            (4, "p4", 0, 0, Outcome::NoVotes, vec![0, 0, 0]),
        ]
    );
}

#[test]
fn only_the_same_question_is_set_beside() {
    let now = mixed();
    let mut then = mixed();
    then.items[0].text = Text::in_english("Another wording");
    then.items[1].help = Some(Text::in_english("Help is no part of the question"));
    let ItemKind::Ballot(form) = &mut then.items[2].kind else {
        panic!("not a ballot");
    };
    form.projects[0].text = Text::in_english("Another project");
    let ItemKind::Ballot(form) = &mut then.items[3].kind else {
        panic!("not a ballot");
    };
    form.projects[0].description = Some(Text::in_english("At the old mill"));
    then.items.reverse();
    let (now_tally, then_tally) = (Tally::new(&now), Tally::new(&then));
    let [first, second, third] =
        [("first", 1), ("second", 2), ("third", 3)].map(|(n, opens)| wave(n, Frame::Open, opens));
    let beside = |wave| BesideInput {
        wave,
        survey: &then,
        tally: &then_tally,
    };
    let report = Report::build(&ReportInput {
        survey: &now,
        wave: &third,
        tally: &now_tally,
        refused: Vec::new(),
        beside: vec![beside(&second), beside(&first)],
        ranges: &NoRanges,
        ballots: None,
        paper: None,
    });
    let names: Vec<&str> = report
        .beside
        .iter()
        .map(|wave| wave.name.as_str())
        .collect();
    assert_eq!(names, ["first", "second"]);
    for wave in &report.beside {
        let keys: Vec<&str> = wave.items.iter().map(|item| item.key.as_str()).collect();
        assert_eq!(keys, ["knapsack", "choice"]);
    }
}
