//! Random elections with a rule, as plain values that can be turned around and made smaller.

use countmein::{
    domain::money::{MAX_MINOR_UNITS, Money},
    tally::budget::{
        election::Election,
        profile::{BallotKind, MAX_POINTS, MAX_VOTERS, ProfileBuilder},
        project::{Project, ProjectId},
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

/// Projects with points, how they came in, and how many people.
#[derive(Debug, Clone)]
pub struct Ballot {
    pub marks: Vec<(usize, u64)>,
    pub channel: usize,
    pub people: u64,
}

#[derive(Debug, Clone)]
pub struct Case {
    /// By project; the order of the ids is not that of the projects.
    pub ids: Vec<String>,
    pub costs: Vec<u64>,
    pub budget: u64,
    pub unit: u64,
    pub ballots: Vec<Ballot>,
    pub rule: Rule,
    pub ties: Ties,
}

pub fn money(minor: u64) -> Money {
    Money::from_minor(minor).expect("an amount")
}

pub fn plain() -> Rule {
    Rule::Greedy(Greedy::default())
}

impl Case {
    pub fn election(&self) -> Election {
        let projects = self.ids.iter().zip(&self.costs).map(|(id, cost)| {
            // What belongs together follows the id, so that it stays when projects change places.
            let key: usize = id.bytes().map(usize::from).sum();
            Project {
                categories: vec![["even", "odd"][key % 2].to_owned(); 1 + key % 3],
                neighborhoods: vec![["low", "high", "mid"][key % 3].to_owned()],
                exclusive_group: key.is_multiple_of(4).then(|| "site".to_owned()),
                ..Project::new(ProjectId::new(id.as_str()).expect("an id"), money(*cost))
            }
        });
        let mut builder = ProfileBuilder::new(self.costs.len());
        for ballot in &self.ballots {
            let (chosen, points): (Vec<usize>, Vec<u64>) = ballot.marks.iter().copied().unzip();
            builder
                .add(
                    &BallotKind::Scoring,
                    &chosen,
                    &points,
                    ballot.channel,
                    ballot.people,
                )
                .expect("a ballot");
        }
        Election::new(
            projects.collect(),
            money(self.budget),
            self.unit,
            builder.build(),
        )
        .expect("an election")
    }

    pub fn voters(&self) -> u64 {
        self.ballots.iter().map(|ballot| ballot.people).sum()
    }

    /// The same with project `order[i]` at place `i`.
    pub fn with_order(&self, order: &[usize]) -> Self {
        let mut places = vec![0; order.len()];
        for (place, project) in order.iter().enumerate() {
            places[*project] = place;
        }
        let mut turned = self.clone();
        turned.ids = order.iter().map(|p| self.ids[*p].clone()).collect();
        turned.costs = order.iter().map(|p| self.costs[*p]).collect();
        for (project, _) in turned
            .ballots
            .iter_mut()
            .flat_map(|ballot| &mut ballot.marks)
        {
            *project = places[*project];
        }
        turned
    }

    /// Simpler cases, the boldest first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut variants = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut variant = self.clone();
            change(&mut variant);
            variants.push(variant);
        };
        for half in [0, 1].into_iter().filter(|_| self.ballots.len() > 3) {
            let middle = self.ballots.len() / 2;
            with(&|case| case.ballots = self.ballots[half * middle..(half + 1) * middle].to_vec());
        }
        for project in 0..self.costs.len() {
            let rest: Vec<usize> = (0..self.costs.len()).filter(|p| *p != project).collect();
            with(&|case| *case = self.without(project, &rest));
        }
        for place in 0..self.ballots.len() {
            with(&|case| drop(case.ballots.remove(place)));
        }
        for place in 0..self.ballots.len() {
            let ballot = &self.ballots[place];
            for people in [1, ballot.people / 2, ballot.people.saturating_sub(1)] {
                if people < ballot.people {
                    with(&|case| case.ballots[place].people = people);
                }
            }
            for mark in 0..ballot.marks.len() {
                with(&|case| {
                    case.ballots[place]
                        .marks
                        .retain(|other| *other != ballot.marks[mark]);
                });
                let points = ballot.marks[mark].1;
                if points > 1 {
                    with(&|case| case.ballots[place].marks[mark].1 = 1);
                    with(&|case| case.ballots[place].marks[mark].1 = points / 2);
                }
            }
        }
        let amounts = |amount: u64| [1, amount / 10, amount / 2, amount.saturating_sub(1)];
        for place in 0..self.costs.len() {
            for cost in amounts(self.costs[place])
                .into_iter()
                .filter(|c| *c < self.costs[place])
            {
                with(&|case| case.costs[place] = cost);
            }
        }
        for budget in amounts(self.budget)
            .into_iter()
            .filter(|b| *b < self.budget)
        {
            with(&|case| case.budget = budget);
        }
        if self.unit > 1 {
            with(&|case| case.unit = 1);
        }
        if self.ties != Ties::Id {
            with(&|case| case.ties = Ties::Id);
        }
        variants
    }

    fn without(&self, project: usize, rest: &[usize]) -> Self {
        let mut cut = self.clone();
        for ballot in &mut cut.ballots {
            ballot.marks.retain(|(marked, _)| *marked != project);
            for (marked, _) in &mut ballot.marks {
                *marked -= usize::from(*marked > project);
            }
        }
        cut.ids = rest.iter().map(|p| self.ids[*p].clone()).collect();
        cut.costs = rest.iter().map(|p| self.costs[*p]).collect();
        cut
    }
}

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
