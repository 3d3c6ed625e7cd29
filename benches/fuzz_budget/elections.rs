//! Random elections with a rule: small ones full of ties, wide ones, and giant numbers.

use countmein::{
    domain::money::MAX_MINOR_UNITS,
    tally::budget::{
        profile::{MAX_POINTS, MAX_VOTERS},
        rule::{
            Add1, Cap, Comparison, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule,
            Start, Stop, Ties, Utility,
        },
    },
};
use rand::{
    RngExt,
    rngs::StdRng,
    seq::{IndexedRandom, SliceRandom},
};

use super::case::{Ballot, Case, money, plain};

/// Ids such that their order says nothing about that of the projects.
fn ids(projects: usize, rng: &mut StdRng) -> Vec<String> {
    let mut numbers: Vec<usize> = (1..=projects).collect();
    numbers.shuffle(rng);
    let prefix = ["", "p", "M/13/", "ż"].choose(rng).expect("prefixes");
    numbers
        .iter()
        .map(|number| format!("{prefix}{number}"))
        .collect()
}

fn costs(projects: usize, rng: &mut StdRng) -> Vec<u64> {
    let most = *[1, 3, 6, 40, 1000].choose(rng).expect("costs");
    let least = rng.random_range(0..=1);
    let same = rng
        .random_bool(0.15)
        .then(|| rng.random_range(least..=most));
    let one = |_| same.unwrap_or_else(|| rng.random_range(least..=most));
    (0..projects).map(one).collect()
}

fn budget(costs: &[u64], rng: &mut StdRng) -> u64 {
    let sum: u64 = costs.iter().sum();
    let budget = match rng.random_range(0..10) {
        0 => 0,
        1 => sum,
        2 => sum + rng.random_range(0..5),
        3 | 4 => costs.choose(rng).copied().unwrap_or(0),
        5 => costs.choose(rng).copied().unwrap_or(0) + costs.choose(rng).copied().unwrap_or(0),
        _ => rng.random_range(0..=sum),
    };
    budget.min(MAX_MINOR_UNITS)
}

/// Approvals, points or rankings.
fn ballots(projects: usize, most: usize, most_points: u64, rng: &mut StdRng) -> Vec<Ballot> {
    let number = rng.random_range(0..=most);
    let style = rng.random_range(0..4);
    let share = *[0.1, 0.3, 0.6, 1.0].choose(rng).expect("shares");
    let channels = rng.random_range(1..4);
    let same = rng.random_bool(0.1);
    let mut ballots: Vec<Ballot> = Vec::new();
    for _ in 0..number {
        let mut chosen: Vec<usize> = (0..projects).filter(|_| rng.random_bool(share)).collect();
        chosen.shuffle(rng);
        let ranked = u64::try_from(chosen.len()).expect("few projects");
        let marks = (0..).zip(chosen).map(|(place, project)| match style {
            0 | 1 => (project, 1),
            2 => (project, ranked - place),
            _ => (project, rng.random_range(0..=most_points)),
        });
        let marks = marks.collect();
        ballots.push(Ballot {
            marks: ballots
                .first()
                .filter(|_| same)
                .map_or(marks, |first| first.marks.clone()),
            channel: rng.random_range(0..channels),
            people: if rng.random_bool(0.6) {
                1
            } else {
                rng.random_range(0..5)
            },
        });
    }
    ballots
}

fn ties(rng: &mut StdRng) -> Ties {
    let seed = rng.random_range(0..100).to_string();
    match rng.random_range(0..3) {
        0 => Ties::Id,
        1 => Ties::CostVotes { seed },
        _ => Ties::Seeded { seed },
    }
}

fn caps(names: &[&str], budget: u64, rng: &mut StdRng) -> Vec<Cap> {
    let chosen = names
        .iter()
        .filter(|_| rng.random_bool(0.2))
        .collect::<Vec<_>>();
    let cap = |name: &&str| Cap {
        name: (*name).to_owned(),
        limit: money(rng.random_range(0..=budget)),
    };
    chosen.into_iter().map(cap).collect()
}

/// `dearest` keeps the number of steps of a growing share within `steps`.
fn completion(unit: u64, dearest: u64, steps: u64, rng: &mut StdRng) -> Completion {
    let least = dearest / steps + 1;
    let plain = unit >= least && rng.random_bool(0.5);
    let add1 = Add1 {
        start: *[Start::Floor, Start::Exact].choose(rng).expect("starts"),
        stop: *[Stop::Overspend, Stop::Exhaustive]
            .choose(rng)
            .expect("stops"),
        increment: (!plain)
            .then(|| money(rng.random_range(least..=least * 3).min(MAX_MINOR_UNITS))),
    };
    match rng.random_range(0..4) {
        0 => Completion::None,
        1 => Completion::Greedy,
        2 => Completion::Add1(add1),
        _ => Completion::Add1Greedy(add1),
    }
}

fn rule(case: &Case, steps: u64, rng: &mut StdRng) -> Rule {
    let dearest = case.costs.iter().copied().max().unwrap_or(0);
    match rng.random_range(0..8) {
        0 | 1 => Rule::Greedy(Greedy {
            no_skip: rng.random(),
            threshold: rng
                .random_bool(0.3)
                .then(|| rng.random_range(0..case.voters() + 2)),
            category_caps: caps(&["even", "odd", "other"], case.budget, rng),
            neighborhood_caps: caps(&["low", "mid", "high"], case.budget, rng),
            exclusive_groups: rng.random_bool(0.3),
            fund_unsupported: rng.random(),
        }),
        2 => Rule::GreedyPerCost(GreedyPerCost {
            fund_unsupported: rng.random(),
        }),
        3 | 4 => Rule::Phragmen(Phragmen {
            complete: rng.random(),
            fund_unsupported: rng.random(),
        }),
        _ => Rule::EqualShares(EqualShares {
            utility: *[Utility::Cost, Utility::Cardinality]
                .choose(rng)
                .expect("utilities"),
            completion: completion(case.unit, dearest, steps, rng),
            comparison: *[
                None,
                None,
                Some(Comparison::Satisfaction),
                Some(Comparison::ExclusionRatio),
            ]
            .choose(rng)
            .expect("comparisons"),
            eligibility: *[None, None, None, Some(0), Some(1), Some(3), Some(u64::MAX)]
                .choose(rng)
                .expect("factors"),
            fund_unsupported: rng.random(),
        }),
    }
}

fn with_rule(mut case: Case, steps: u64, rng: &mut StdRng) -> Case {
    case.rule = rule(&case, steps, rng);
    case
}

pub fn small(rng: &mut StdRng) -> Case {
    let projects = rng.random_range(0..8);
    let costs = costs(projects, rng);
    let most_points = *[1, 3, 100].choose(rng).expect("points");
    let case = Case {
        ids: ids(projects, rng),
        budget: budget(&costs, rng),
        costs,
        unit: *[1, 1, 2, 7, 100].choose(rng).expect("units"),
        ballots: ballots(projects, 12, most_points, rng),
        rule: plain(),
        ties: ties(rng),
    };
    with_rule(case, 60, rng)
}

pub fn wide(rng: &mut StdRng) -> Case {
    let projects = rng.random_range(8..60);
    let most = *[10, 1000, 5_000_000].choose(rng).expect("costs");
    let costs: Vec<u64> = (0..projects).map(|_| rng.random_range(0..=most)).collect();
    let sum: u64 = costs.iter().sum();
    let case = Case {
        ids: ids(projects, rng),
        budget: rng.random_range(0..=sum),
        costs,
        unit: *[1, 100].choose(rng).expect("units"),
        ballots: ballots(projects, 300, 20, rng),
        rule: plain(),
        ties: ties(rng),
    };
    with_rule(case, 100, rng)
}

/// Amounts, people and points at the ends of what can be counted.
pub fn giant(rng: &mut StdRng) -> Case {
    let projects = rng.random_range(1..8);
    let near = |most: u64, rng: &mut StdRng| match rng.random_range(0..6) {
        0 => most,
        1 => most - rng.random_range(0..10),
        2 => rng.random_range(0..10),
        3 => most / 2 + rng.random_range(0..3),
        4 => most / u64::try_from(projects).expect("few"),
        _ => rng.random_range(0..=most),
    };
    let costs: Vec<u64> = (0..projects).map(|_| near(MAX_MINOR_UNITS, rng)).collect();
    let most_points = u64::from(MAX_POINTS);
    let mut ballots = ballots(projects, 10, most_points, rng);
    let share = MAX_VOTERS / 10;
    let odd = rng.random_bool(0.3);
    for ballot in &mut ballots {
        ballot.people = near(share, rng);
        for (_, points) in ballot.marks.iter_mut().filter(|_| odd) {
            *points = near(most_points, rng);
        }
    }
    let case = Case {
        ids: ids(projects, rng),
        costs,
        budget: near(MAX_MINOR_UNITS, rng),
        unit: *[1, 100, 1_000_000, u64::MAX].choose(rng).expect("units"),
        ballots,
        rule: plain(),
        ties: ties(rng),
    };
    with_rule(case, 60, rng)
}
