//! Elections out of Pabulib files: the rule that a file names elects what the city announced.

use std::{fs, path::Path};

use countmein::{
    domain::pb_file::{Scan, VotingMethod, scan},
    tally::budget::{
        counter::Counter,
        from_pb::{FromPb, FromPbError, from_pb},
        profile::Mark,
        rule::{Add1, Cap, Comparison, Completion, EqualShares, Greedy, Rule, Ties},
    },
};

use crate::tally::support::money;

const SMALL: &str = "\
META
key;value
description;Small vote
country;Poland
unit;Smallville
instance;2025
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy
date_begin;2025
date_end;2025
currency;PLN
PROJECTS
project_id;cost;category;neighborhood
p1;400;roads,parks;North
p2;700;parks;
p3;50.5;;South
VOTES
voter_id;vote;voting_method
v1;p1,p2;internet
v2;p2,p1;paper
v3;p3;paper
v4;;
";

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "nothing to replace: {from}");
        text.replacen(from, to, 1)
    })
}

fn scanned(text: &str) -> Scan<'_> {
    scan(text.as_bytes()).unwrap_or_else(|found| panic!("{found}"))
}

fn converted(text: &str) -> FromPb {
    from_pb(&scanned(text), |_| true).unwrap()
}

fn rule(changes: &[(&str, &str)]) -> Option<Rule> {
    converted(&changed(changes)).rule
}

#[test]
fn projects_money_and_ballots_arrive() {
    let FromPb {
        election, currency, ..
    } = converted(SMALL);
    assert_eq!(currency.unwrap().code(), "PLN");
    assert_eq!((election.budget(), election.unit()), (money(100_000), 100));
    let costs: Vec<_> = election.projects().iter().map(|p| p.cost).collect();
    assert_eq!(costs, [money(40_000), money(70_000), money(5050)]);
    assert_eq!(election.projects()[0].categories, ["roads", "parks"]);
    assert_eq!(election.projects()[2].neighborhoods, ["South"]);
    let profile = election.profile();
    // Two ballots that say the same are one, whatever their channel.
    assert_eq!(profile.distinct(), 2);
    let everyone = profile.everyone();
    assert_eq!((everyone.voters(), everyone.empty()), (4, 1));
    assert_eq!(election.votes(&everyone), [2, 2, 1]);
    let paper = profile.channel(VotingMethod::Paper.index()).unwrap();
    assert_eq!(election.votes(paper), [1, 1, 1]);
}

#[test]
fn ballots_of_a_method_can_be_counted_alone() {
    let scan = scanned(SMALL);
    let online = from_pb(&scan, |method| method == VotingMethod::Internet).unwrap();
    let everyone = online.election.profile().everyone();
    assert_eq!(everyone.voters(), 1);
    assert_eq!(online.election.votes(&everyone), [1, 1, 0]);
}

#[test]
fn rankings_and_points_become_points() {
    let ranking = changed(&[("approval", "ordinal")]);
    let ranked = converted(&ranking).election;
    assert_eq!(ranked.scores(&ranked.profile().everyone()), [3, 3, 1]);
    let with_points = [
        ("approval", "cumulative"),
        ("voter_id;vote;voting_method", "voter_id;vote;points"),
        ("v1;p1,p2;internet", "v1;p1,p2;3,1.5"),
        ("v2;p2,p1;paper", "v2;p2,p1;0,4"),
        ("v3;p3;paper", "v3;p3,p3;1,1"),
        (
            "date_end;2025\n",
            "date_end;2025\nmin_project_score_threshold;1.25\n",
        ),
    ];
    let FromPb { election, rule, .. } = converted(&changed(&with_points));
    assert_eq!(
        election.scores(&election.profile().everyone()),
        [70, 15, 20]
    );
    // The points are in tenths, and 12.5 tenths ask for 13.
    let Some(Rule::Greedy(greedy)) = rule else {
        panic!("another rule");
    };
    assert_eq!(greedy.threshold, Some(13));
    let p2 = Mark {
        project: 1,
        points: 0,
    };
    assert!(
        !election
            .profile()
            .ballots()
            .flatten()
            .any(|mark| *mark == p2)
    );
}

#[test]
fn points_below_zero_are_refused() {
    let file = changed(&[
        ("approval", "scoring"),
        ("voter_id;vote;voting_method", "voter_id;vote;points"),
        ("v1;p1,p2;internet", "v1;p1,p2;3,-1"),
        ("v2;p2,p1;paper", "v2;p2,p1;0,4"),
        ("v3;p3;paper", "v3;p3;1"),
    ]);
    let refused = from_pb(&scanned(&file), |_| true);
    assert_eq!(refused.err(), Some(FromPbError::NegativePoints(1)));
}

#[test]
fn a_withdrawn_project_is_never_funded() {
    let file = changed(&[
        ("p2;700", "p2;999999999"),
        ("budget;1000", "budget;2000000000"),
    ]);
    let FromPb { election, .. } = converted(&file);
    assert!(election.projects()[1].cost > election.budget());
}

#[test]
fn the_rule_of_the_file_is_suggested() {
    let greedy = |greedy| Some(Rule::Greedy(greedy));
    assert_eq!(rule(&[]), greedy(Greedy::default()));
    assert_eq!(
        rule(&[("rule;greedy\n", "rule;greedy-no-skip\n")]),
        greedy(Greedy {
            no_skip: true,
            ..Greedy::default()
        })
    );
    assert_eq!(
        rule(&[(
            "rule;greedy\n",
            "rule;greedy-threshold\nmin_project_score_threshold;3\n"
        )]),
        greedy(Greedy {
            threshold: Some(3),
            ..Greedy::default()
        })
    );
    assert_eq!(
        rule(&[("rule;greedy\n", "rule;greedy-exclusive\n")]),
        greedy(Greedy {
            exclusive_groups: true,
            ..Greedy::default()
        })
    );
    assert_eq!(
        rule(&[(
            "rule;greedy\n",
            "rule;greedy\ncategories;roads,parks\nbudget_per_category;600,400.5\n"
        )]),
        greedy(Greedy {
            category_caps: vec![
                Cap {
                    name: "roads".to_owned(),
                    limit: money(60_000)
                },
                Cap {
                    name: "parks".to_owned(),
                    limit: money(40_050)
                },
            ],
            ..Greedy::default()
        })
    );
    assert_eq!(rule(&[("rule;greedy\n", "rule;unknown\n")]), None);
}

#[test]
fn equal_shares_of_the_file_are_suggested() {
    let shares = |completion, comparison| {
        Some(Rule::EqualShares(EqualShares {
            completion,
            comparison,
            ..EqualShares::default()
        }))
    };
    let add1 = || Completion::Add1(Add1::default());
    assert_eq!(
        rule(&[("rule;greedy\n", "rule;equalshares\n")]),
        shares(Completion::None, None)
    );
    assert_eq!(
        rule(&[("rule;greedy\n", "rule;equalshares/add1\n")]),
        shares(add1(), None)
    );
    assert_eq!(
        rule(&[("rule;greedy\n", "rule;equalshares/add1-comparison\n")]),
        shares(add1(), Some(Comparison::Satisfaction))
    );
}

/// Whether the rule of META elects the projects whose `selected` says yes. None where the file does
/// not say, or names no rule.
fn elects_what_was_announced(scan: &Scan<'_>) -> Option<bool> {
    let announced: Vec<usize> = (0..scan.projects.len())
        .filter(|place| scan.projects[*place].selected > Some(0))
        .collect();
    let FromPb { election, rule, .. } = from_pb(scan, |_| true).unwrap();
    let everyone = election.profile().everyone();
    let ties = Ties::CostVotes {
        seed: String::new(),
    };
    let winners = Counter::new(&election).winners(&everyone, &rule?, &ties);
    let mut funded = winners.unwrap();
    funded.sort_unstable();
    (!announced.is_empty()).then_some(funded == announced)
}

#[test]
fn cities_announced_what_their_rule_elects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pb");
    let mut read = 0;
    // Elections whose files say what was funded, by the rules that they name.
    for name in [
        "Netherlands_Assen_2024",
        "Poland_Swiecie_2023",
        "Poland_Wieliczka_2023_Green_Budget",
        "Poland_Czestochowa_2025_Polnoc",
        "Poland_Krakow_2022_Nowa_Huta",
        "Poland_Lodz_2022_Baluty_Zachodnie",
    ] {
        let Ok(bytes) = fs::read(folder.join(format!("{name}.pb"))) else {
            continue;
        };
        let scan = scan(&bytes).unwrap_or_else(|found| panic!("{name}: {found}"));
        assert_eq!(elects_what_was_announced(&scan), Some(true), "{name}");
        read += 1;
    }
    let small = changed(&[
        ("category;neighborhood", "category;selected"),
        ("roads,parks;North", "roads;1"),
        ("parks;\n", "parks;0\n"),
        ("50.5;;South", "50.5;;1"),
    ]);
    assert_eq!(elects_what_was_announced(&scanned(&small)), Some(true));
    println!("used {read} real elections and a small one");
}
