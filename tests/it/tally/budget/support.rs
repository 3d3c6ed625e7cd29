//! Small elections for the tests of the rules.

use countmein::{
    domain::money::Money,
    tally::budget::{
        counter::Counter,
        election::Election,
        outcome::Outcome,
        profile::{BallotKind, ProfileBuilder},
        project::{Project, ProjectId},
        rule::{Rule, Ties},
    },
};
use proptest::prelude::*;

pub fn id(text: &str) -> ProjectId {
    ProjectId::new(text).expect("an id")
}

pub fn money(minor: u64) -> Money {
    Money::from_minor(minor).expect("an amount")
}

/// A ballot: positions with points, and how many people cast it.
pub type Ballot<'a> = (&'a [(usize, u64)], u64);

/// Projects are called a, b, c and so on; ballots give points.
pub fn election(costs: &[u64], budget: u64, unit: u64, ballots: &[Ballot]) -> Election {
    let projects = (b'a'..)
        .zip(costs)
        .map(|(letter, cost)| Project::new(id(&char::from(letter).to_string()), money(*cost)))
        .collect();
    let mut builder = ProfileBuilder::new(costs.len());
    for (ballot, times) in ballots {
        let (chosen, points): (Vec<usize>, Vec<u64>) = ballot.iter().copied().unzip();
        builder
            .add(&BallotKind::Scoring, &chosen, &points, 0, *times)
            .expect("a ballot");
    }
    Election::new(projects, money(budget), unit, builder.build()).expect("an election")
}

/// Approval ballots written as letters: `("ac", 3)` is three people for a and c.
pub fn approvals(costs: &[u64], budget: u64, ballots: &[(&str, u64)]) -> Election {
    let marks: Vec<Vec<(usize, u64)>> = ballots
        .iter()
        .map(|(letters, _)| {
            let places = letters.bytes().map(|b| usize::from(b - b'a'));
            places.map(|p| (p, 1)).collect()
        })
        .collect();
    let ballots: Vec<Ballot> = marks
        .iter()
        .zip(ballots)
        .map(|(marks, (_, times))| (marks.as_slice(), *times))
        .collect();
    election(costs, budget, 1, &ballots)
}

pub fn outcome(election: &Election, rule: &Rule, ties: &Ties) -> Outcome {
    Counter::new(election)
        .outcome(&election.profile().everyone(), rule, ties)
        .expect("an outcome")
}

/// Ids of the winners in the order of selection, ties by id.
pub fn funded(election: &Election, rule: &Rule) -> String {
    names(election, &outcome(election, rule, &Ties::Id).funded())
}

pub fn names(election: &Election, projects: &[usize]) -> String {
    let names = projects.iter().map(|p| election.projects()[*p].id.as_str());
    names.collect::<Vec<_>>().join(" ")
}

/// Parts of a random election, so that a test can turn them around.
#[derive(Debug, Clone)]
pub struct Parts {
    pub costs: Vec<u64>,
    pub budget: u64,
    pub unit: u64,
    pub ballots: Vec<(Vec<(usize, u64)>, u64)>,
}

impl Parts {
    pub fn election(&self) -> Election {
        let ballots: Vec<Ballot> = self
            .ballots
            .iter()
            .map(|(marks, times)| (marks.as_slice(), *times))
            .collect();
        election(&self.costs, self.budget, self.unit, &ballots)
    }
}

/// Few different costs and many equal ballots, so that ties are common. Points are at most
/// `most_points`; a project that a ballot gives none is not supported.
pub fn parts(most_points: u64) -> impl Strategy<Value = Parts> {
    let costs = prop_oneof![
        prop::collection::vec(0..6_u64, 1..7),
        prop::collection::vec(1..400_u64, 1..7),
        prop::collection::vec(Just(12_u64), 1..7),
    ];
    let budget = prop_oneof![0..30_u64, 0..1200_u64];
    (costs, budget, 1..5_u64).prop_flat_map(move |(costs, budget, unit)| {
        let points = prop::collection::vec(0..=most_points, costs.len());
        let ballots = prop::collection::vec((points, 1..5_u64), 1..7);
        ballots.prop_map(move |ballots| Parts {
            costs: costs.clone(),
            budget,
            unit,
            ballots: ballots
                .into_iter()
                .map(|(points, times)| {
                    let marks = points.into_iter().enumerate();
                    (marks.filter(|(_, points)| *points > 0).collect(), times)
                })
                .collect(),
        })
    })
}
