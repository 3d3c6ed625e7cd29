use countmein::{
    domain::{
        allocation::{AllocationRule, Completion, EqualShares, Rule},
        ballot::BallotMethod,
        channel::Channel,
        frame::Frame,
        item::ItemKind,
        moment::Moment,
        money::Money,
        survey::Survey,
        wave::{Closed, Open, WaveState},
    },
    tally::{
        analysis::{Source, analyse},
        ballots::{decide, election_of_ballots},
        build::{BesideInput, NoRanges, ReportInput, SingleBallots},
        disclosure::{Policy, PublishedReport, StoredReportError, Weight, live_release, publish},
        fold::Tally,
        patterns::Patterns,
        report::{
            BallotFigures, Change, DoubtfulMarks, Figures, KeyedTwice, KeyingMethod, Needed,
            NotCompared, Outcome, PaperReport, PaperSheets, Report,
        },
    },
};
use proptest::prelude::*;

use super::support::{ballot, likert, mixed, report, sheet, survey, tally, too_few, wave};

const TEN: Policy = Policy { minimum: 10 };

fn is_withheld(figures: &Figures) -> bool {
    *figures
        == Figures::Withheld {
            reason: too_few(10),
        }
}

fn published(survey: &Survey, tally: &Tally) -> PublishedReport {
    publish(report(survey, &wave("w", Frame::Open, 0), tally), TEN)
}

#[test]
fn the_default_is_ten_people() {
    assert_eq!(Policy::default(), TEN);
}

#[test]
fn a_small_wave_shows_no_item() {
    let survey = mixed();
    let nine = published(&survey, &tally(&survey, Channel::Online, &["111100100"; 9]));
    assert!(
        nine.report()
            .items
            .iter()
            .all(|item| is_withheld(&item.figures))
    );
    assert_eq!(nine.report().turnout.people, 9);
    let ten = published(
        &survey,
        &tally(&survey, Channel::Online, &["111100100"; 10]),
    );
    assert!(
        !ten.report()
            .items
            .iter()
            .any(|item| is_withheld(&item.figures))
    );
}

#[test]
fn an_item_that_few_answered_is_kept_back() {
    let survey = mixed();
    let mut tally = tally(&survey, Channel::Online, &["1-1100---"; 10]);
    tally
        .add_block(Channel::Online, &"23----100".repeat(9))
        .expect("block");
    let report = published(&survey, &tally);
    let withheld: Vec<bool> = report
        .report()
        .items
        .iter()
        .map(|item| is_withheld(&item.figures))
        .collect();
    assert_eq!(withheld, [false, true, false, true]);
}

#[test]
fn nobody_is_fewer_than_any_minimum() {
    let survey = mixed();
    let report = report(&survey, &wave("w", Frame::Open, 0), &Tally::new(&survey));
    let published = publish(report, Policy { minimum: 0 });
    for item in &published.report().items {
        let reason = too_few(1);
        assert_eq!(item.figures, Figures::Withheld { reason });
    }
}

/// In JSON a withheld item is its key, its text and the reason: no count of it, and no number that a
/// count could be worked out from.
#[test]
fn no_count_of_a_withheld_item_leaves() {
    let survey = mixed();
    let block = ["4-1100---"; 7].concat() + &"5-0100---".repeat(6);
    let report = published(&survey, &tally(&survey, Channel::Online, &[&block]));
    let json = serde_json::to_value(&report).expect("JSON");
    let choice = &json["items"][1];
    assert_eq!(
        choice["figures"],
        serde_json::json!({
            "kind": "withheld",
            "reason": {"code": "too-few-people", "minimum": 10}
        })
    );
    let mut keys: Vec<&String> = choice.as_object().expect("item").keys().collect();
    keys.sort();
    assert_eq!(keys, ["figures", "key", "text"]);
    assert_eq!(json["items"][0]["figures"]["points"][3]["count"], 7);
}

fn only_ballot(report: &PublishedReport) -> &BallotFigures {
    match &report.report().items[0].figures {
        Figures::Ballot(ballot) => ballot,
        other => panic!("not a ballot: {other:?}"),
    }
}

fn by_channel(online: &[&str], postal: &[&str]) -> Option<Vec<Channel>> {
    let method = BallotMethod::Approval { limit: 2 };
    let survey = survey(vec![ballot("b", method, 60, &[10, 20, 30, 40])]);
    let mut tally = tally(&survey, Channel::Online, online);
    tally
        .add_block(Channel::Postal, &postal.concat())
        .expect("block");
    let report = published(&survey, &tally);
    let ballot = only_ballot(&report);
    let columns = ballot.channels.as_ref().map_or(0, Vec::len);
    assert!(
        ballot
            .projects
            .iter()
            .all(|project| project.by_channel.len() == columns)
    );
    ballot.channels.clone()
}

#[test]
fn votes_by_channel_need_every_channel_to_be_large() {
    let both = Some(vec![Channel::Online, Channel::Postal]);
    assert_eq!(by_channel(&["1100"; 30], &["0100"; 10]), both);
    assert_eq!(by_channel(&["1100"; 30], &["0100"; 9]), None);
    assert_eq!(by_channel(&["1100"; 30], &[]), Some(vec![Channel::Online]));
    // Ten people by post, of whom one voted: the column would be that person's ballot.
    let one_voted = [&["1001"][..], &["----"; 9]].concat();
    assert_eq!(by_channel(&["1100"; 30], &one_voted), None);
    // Blanks elsewhere do not hide a channel in which ten people certainly voted.
    let many_blank = [&["1100"; 30][..], &["----"; 30]].concat();
    assert_eq!(by_channel(&many_blank, &["0100"; 10]), both);
    let no_favourite = [&["1100"; 6][..], &["0011"; 6]].concat();
    assert_eq!(by_channel(&many_blank, &no_favourite), both);
}

/// The ballots of a closed wave, of which equal shares decide, with `hall` people on a count sheet who
/// all raised a hand for the last project.
fn shared(ballots: &[&str], hall: u64) -> BallotFigures {
    let mut survey = survey(vec![ballot(
        "b",
        BallotMethod::Approval { limit: 3 },
        200_000,
        &[60_000, 60_000, 150_000],
    )]);
    let ItemKind::Ballot(form) = &mut survey.items[0].kind else {
        panic!("a ballot");
    };
    form.rule = AllocationRule::new(Rule::EqualShares(EqualShares {
        completion: Completion::None,
        ..EqualShares::default()
    }));
    let form = form.clone();
    let mut tally = tally(&survey, Channel::Online, ballots);
    if hall > 0 {
        tally
            .add_sheet(&sheet(&survey, hall, vec![vec![0, 0, hall]]))
            .expect("sheet");
    }
    let key = survey.items[0].key.clone();
    let mut patterns = Patterns::new(&survey, std::slice::from_ref(&key));
    patterns
        .add_block(Channel::Online, &ballots.concat())
        .expect("block");
    let election = election_of_ballots(&form, &patterns.merged()).expect("election");
    let outcome = decide(&election, &form.rule).expect("outcome");
    let source = Source::SingleBallots;
    let analysis = analyse(&form, &election, &outcome, source, &|_, _| true).expect("analysis");
    let single = SingleBallots {
        outcome,
        analysis: Some(analysis),
    };
    let report = Report::build(&ReportInput {
        survey: &survey,
        wave: &wave("w", Frame::Open, 0),
        tally: &tally,
        refused: Vec::new(),
        beside: Vec::new(),
        ranges: &NoRanges,
        ballots: Some(&[(key, single)].into()),
        paper: None,
    });
    only_ballot(&publish(report, TEN)).clone()
}

fn money_of(ballot: &BallotFigures, project: &str) -> Option<u64> {
    let found = ballot.projects.iter().find(|p| p.key.as_str() == project);
    match &found.expect("project").outcome {
        Outcome::SupportersShort { money } => money.map(Money::minor),
        other => panic!("{project}: {other:?}"),
    }
}

/// What the one supporter of a project has left would be the share less the prices of the winners
/// that this person voted for.
#[test]
fn money_of_few_supporters_stays_in_the_house() {
    let ballots = |both: usize| {
        let mut all = vec!["100"; 14];
        all.extend(["010"; 14]);
        all.extend(vec!["011"; both]);
        all
    };
    let many = shared(&ballots(12), 0);
    assert!(money_of(&many, "p3").is_some());
    let loser = &many.analysis.as_ref().expect("analysis").losers[0];
    assert!(
        loser.effective_support.is_some() && !loser.spent_on.is_empty(),
        "{loser:?}"
    );
    for hall in [0, 20] {
        let few = shared(&ballots(1), hall);
        assert_eq!(money_of(&few, "p3"), None);
        let analysis = few.analysis.as_ref().expect("analysis");
        let loser = &analysis.losers[0];
        assert!(loser.effective_support.is_none() && loser.spent_on.is_empty());
        assert_eq!(loser.lower_cost, Needed::NotFound);
        assert_eq!(analysis.margins[2].votes, Needed::NotFound);
        assert!(few.projects[0].price.is_some());
        // Enough people hide in figures about all ballots.
        assert!(analysis.people.is_some() && analysis.repeats.is_some());
    }
}

#[test]
fn what_people_chose_together_needs_twice_the_minimum() {
    let told = |ballots: usize, hall: u64| {
        let shared = shared(&vec!["110"; ballots], hall);
        let analysis = shared.analysis.expect("analysis");
        let all = [
            analysis.people.is_some(),
            analysis.repeats.is_some(),
            !analysis.rules.is_empty(),
        ];
        assert!(all.iter().all(|told| *told == all[0]));
        all[0]
    };
    assert!(told(20, 0));
    assert!(!told(19, 0));
    // Whom the rule leaves out hides nobody.
    assert!(!told(19, 30));
}

#[test]
fn waves_set_beside_are_held_to_the_same_rules() {
    let survey = survey(vec![
        ballot("b", BallotMethod::Knapsack, 60, &[10, 20]),
        likert("s", 5),
    ]);
    let large = tally(&survey, Channel::Online, &["101"; 20]);
    let few = tally(&survey, Channel::Online, &["101"; 9]);
    let blank = tally(&survey, Channel::Online, &["10-"; 20]);
    let waves = [1, 2, 3].map(|opens| wave("w", Frame::Open, opens));
    let beside = |position: usize, tally| BesideInput {
        wave: &waves[position],
        survey: &survey,
        tally,
    };
    let report = Report::build(&ReportInput {
        survey: &survey,
        wave: &waves[2],
        tally: &large,
        refused: Vec::new(),
        beside: vec![beside(0, &few), beside(1, &blank)],
        ranges: &NoRanges,
        ballots: None,
        paper: None,
    });
    let report = publish(report, TEN);
    let [few, blank] = &report.report().beside[..] else {
        panic!("two waves");
    };
    assert!(few.items.iter().all(|item| is_withheld(&item.figures)));
    assert!(is_withheld(&blank.items[1].figures));
    let Figures::Ballot(ballot) = &blank.items[0].figures else {
        panic!("not a ballot");
    };
    assert_eq!(ballot.channels, None);
    assert!(
        ballot
            .projects
            .iter()
            .all(|project| project.by_channel.is_empty())
    );
    assert_eq!(only_ballot(&report).channels, Some(vec![Channel::Online]));
}

/// With one wave's figures and the change, anyone could work out the other's.
#[test]
fn a_change_is_kept_back_with_either_of_its_figures() {
    let survey = survey(vec![likert("a", 5), likert("b", 5), likert("c", 5)]);
    // Statement a is withheld in this wave, b in the other; c is shown in both.
    let now = [&["-15"; 11][..], &["115"; 10]].concat();
    let then = [&["1-1"; 11][..], &["111"; 10]].concat();
    let waves = [1, 2].map(|opens| wave("w", Frame::Open, opens));
    let report = Report::build(&ReportInput {
        survey: &survey,
        wave: &waves[1],
        tally: &tally(&survey, Channel::Online, &now),
        refused: Vec::new(),
        beside: vec![BesideInput {
            wave: &waves[0],
            survey: &survey,
            tally: &tally(&survey, Channel::Online, &then),
        }],
        ranges: &NoRanges,
        ballots: None,
        paper: None,
    });
    let report = publish(report, Policy { minimum: 11 });
    let comparison = report.report().beside[0].comparison.as_ref();
    let comparison = comparison.expect("a comparison");
    let withheld = |key: &str| {
        let item = comparison.items.iter().find(|i| i.key.as_str() == key);
        let reason = NotCompared::Withheld;
        item.expect("item").change == Change::NotCompared { reason }
    };
    assert!(withheld("a") && withheld("b") && !withheld("c"));
    // The test of what is shown is adjusted for that alone.
    assert_eq!(comparison.tested, 1);
}

/// Ten answers are withheld under a minimum of eleven, and so are nine: nobody can tell which.
#[test]
fn a_withheld_change_does_not_say_how_few_answered() {
    let survey = survey(vec![likert("a", 5), likert("b", 5)]);
    let now = ["11"; 20];
    for blank in [11, 10] {
        let then = [&vec!["-1"; blank][..], &vec!["11"; 20 - blank]].concat();
        let waves = [1, 2].map(|opens| wave("w", Frame::Open, opens));
        let report = Report::build(&ReportInput {
            survey: &survey,
            wave: &waves[1],
            tally: &tally(&survey, Channel::Online, &now),
            refused: Vec::new(),
            beside: vec![BesideInput {
                wave: &waves[0],
                survey: &survey,
                tally: &tally(&survey, Channel::Online, &then),
            }],
            ranges: &NoRanges,
            ballots: None,
            paper: None,
        });
        let report = publish(report, Policy { minimum: 11 });
        let comparison = report.report().beside[0].comparison.as_ref();
        let reason = NotCompared::Withheld;
        let found = &comparison.expect("a comparison").items[0].change;
        assert_eq!(found, &Change::NotCompared { reason }, "{blank}");
    }
}

#[test]
fn a_stored_report_is_read_back_as_it_was() {
    let survey = mixed();
    let mut tally = tally(&survey, Channel::Online, &["111100100"; 13]);
    tally
        .add_block(Channel::Postal, &"330000001".repeat(31))
        .expect("block");
    let report = published(&survey, &tally);
    let json = serde_json::to_string(&report).expect("JSON");
    let stored = PublishedReport::from_stored(&json).expect("stored report");
    assert_eq!(stored, report);
    assert_eq!(serde_json::to_string(&stored).expect("JSON"), json);
    let newer = json.replacen("\"format\":1", "\"format\":2", 1);
    let fault = PublishedReport::from_stored(&newer).expect_err("newer format");
    assert!(matches!(fault, StoredReportError::Format(2)));
    let fault = PublishedReport::from_stored("{}").expect_err("no report");
    assert!(matches!(fault, StoredReportError::Json(_)));
}

#[test]
fn live_results_move_in_whole_steps_and_lag_by_one() {
    let steps = [
        (0, 0),
        (10, 0),
        (19, 0),
        (20, 10),
        (29, 10),
        (30, 20),
        (1_000_003, 999_990),
    ];
    for (entries, released) in steps {
        assert_eq!(live_release(&[], entries, 10), released, "{entries}");
    }
    assert_eq!(live_release(&[], 7, 1), 6);
    assert_eq!(live_release(&[], 7, 0), 6);
    assert_eq!(live_release(&[], -3, 10), 0);
    assert_eq!(live_release(&[], 7, u64::MAX), 0);
    // A hall of 62 is a step of its own; it shows once ten people have followed.
    let hall = [Weight {
        place: 4,
        people: 62,
    }];
    assert_eq!(live_release(&hall, 4, 10), 0);
    assert_eq!(live_release(&hall, 13, 10), 0);
    assert_eq!(live_release(&hall, 14, 10), 4);
    // A void is nobody.
    let void = [Weight {
        place: 5,
        people: 0,
    }];
    assert_eq!(live_release(&void, 20, 10), 0);
    assert_eq!(live_release(&void, 21, 10), 11);
}

/// The rule, entry by entry.
fn release_by_hand(people: &[u64], minimum: u64) -> i64 {
    let mut cuts = vec![0];
    let mut since = 0;
    for (index, people) in people.iter().enumerate() {
        since += people;
        if since >= minimum {
            cuts.push(i64::try_from(index + 1).expect("small"));
            since = 0;
        }
    }
    if cuts.len() > 1 {
        cuts[cuts.len() - 2]
    } else {
        0
    }
}

proptest! {
    #[test]
    fn releases_follow_the_rule_and_differ_by_many(
        people in prop::collection::vec(prop_oneof![6 => Just(1_u64), 1 => 0..90_u64], 0..120),
        minimum in 1..30_u64,
    ) {
        let weights: Vec<Weight> = people
            .iter()
            .enumerate()
            .filter(|(_, people)| **people != 1)
            .map(|(index, people)| Weight {
                place: i64::try_from(index + 1).expect("small"),
                people: *people,
            })
            .collect();
        let mut before = 0;
        for head in 0..=people.len() {
            let place = i64::try_from(head).expect("small");
            let released = live_release(&weights, place, minimum);
            prop_assert_eq!(released, release_by_hand(&people[..head], minimum));
            let cut = usize::try_from(released).expect("not negative");
            let moved: u64 = people[before..cut].iter().sum();
            prop_assert!(cut == before || moved >= minimum);
            // And the final figures differ from these by many as well, if by any.
            let rest: u64 = people[cut..head].iter().sum();
            prop_assert!(cut == 0 || rest >= minimum);
            before = cut;
        }
    }

    /// Whatever was answered, and however many did not, stored reports come back digit for digit.
    #[test]
    fn every_report_survives_json(counts in prop::collection::vec(0..60_usize, 5)) {
        let survey = survey(vec![likert("s", 5)]);
        let block: String = ["1", "2", "3", "4", "-"]
            .iter()
            .zip(&counts)
            .map(|(symbol, count)| symbol.repeat(*count))
            .collect();
        let report = published(&survey, &tally(&survey, Channel::Online, &[&block]));
        let json = serde_json::to_string(&report).expect("JSON");
        prop_assert_eq!(PublishedReport::from_stored(&json).expect("stored"), report);
    }
}

/// Two live releases differ by ten people, of whom one alone may have come by post.
#[test]
fn votes_by_channel_stay_hidden_while_the_wave_is_open() {
    let survey = survey(vec![ballot("b", BallotMethod::Knapsack, 60, &[10, 20, 30])]);
    let mut tally = tally(&survey, Channel::Online, &["110"; 30]);
    tally
        .add_block(Channel::Postal, &"011".repeat(30))
        .expect("block");
    let opens = Moment::from_millis(0);
    let mut wave = wave("w", Frame::Open, 0);
    let closed = publish(report(&survey, &wave, &tally), TEN);
    assert!(only_ballot(&closed).channels.is_some());
    wave.state = WaveState::Open(Open {
        opened_at: opens,
        stopped_at: None,
    });
    let open = publish(report(&survey, &wave, &tally), TEN);
    assert_eq!(only_ballot(&open).channels, None);
}

/// The paper of a wave of ten people in the given state, with so many sheets counted.
fn paper_of(state: WaveState, counted: u64, answers: &str) -> Option<PaperReport> {
    let survey = mixed();
    let mut wave = wave("w", Frame::Open, 0);
    wave.state = state;
    let tally = tally(&survey, Channel::Postal, &[answers; 12]);
    let mut report = report(&survey, &wave, &tally);
    report.paper = Some(PaperReport {
        method: KeyingMethod::Double,
        batches: 1,
        sheets: PaperSheets {
            counted,
            ..PaperSheets::default()
        },
        keyed_twice: KeyedTwice {
            sheets: counted,
            fields: 7 * counted,
            differences: 1,
        },
        remaining: None,
        marks: Some(DoubtfulMarks {
            uncertain: 1,
            overvoted: 1,
        }),
    });
    publish(report, TEN).report().paper.clone()
}

#[test]
fn paper_is_told_of_when_the_wave_is_over_and_its_marks_when_enough_hide_them() {
    let at = Moment::from_millis(1);
    let open = WaveState::Open(Open {
        opened_at: at,
        stopped_at: None,
    });
    let closed = WaveState::Closed(Closed {
        opened_at: at,
        closed_at: at,
    });
    let has_marks = |paper: Option<PaperReport>| paper.map(|paper| paper.marks.is_some());
    assert_eq!(has_marks(paper_of(open, 12, "111100100")), None);
    assert_eq!(has_marks(paper_of(closed, 12, "111100100")), Some(true));
    assert_eq!(has_marks(paper_of(closed, 9, "111100100")), Some(false));
    // Nobody has answered the second item.
    assert_eq!(has_marks(paper_of(closed, 12, "1-1100100")), Some(false));
}
