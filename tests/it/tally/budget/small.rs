//! Elections that are small enough to try everything on.

use countmein::{
    domain::money::Money,
    tally::budget::{
        case::Case,
        election::Election,
        profile::{BallotKind, ProfileBuilder},
        project::{Project, ProjectId},
        rule::{Cap, Greedy, GreedyPerCost, Rule, Ties},
    },
};
use proptest::prelude::*;

fn project(index: usize, cost: u64) -> Project {
    let id = ProjectId::new(format!("p{index}")).expect("an id");
    let cost = Money::from_minor(cost).expect("an amount");
    Project {
        categories: vec![["even", "odd"][index % 2].to_owned()],
        neighborhoods: vec![["low", "high"][usize::from(index > 1)].to_owned()],
        exclusive_group: index.is_multiple_of(3).then(|| "third".to_owned()),
        ..Project::new(id, cost)
    }
}

fn with_ballots(costs: &[u64], budget: u64, ballots: ProfileBuilder) -> Election {
    let projects = (0..).zip(costs).map(|(index, cost)| project(index, *cost));
    let budget = Money::from_minor(budget).expect("an amount");
    Election::new(projects.collect(), budget, 1, ballots.build()).expect("an election")
}

/// `ballots` are (projects marked, channel, people).
pub fn election(costs: &[u64], budget: u64, ballots: &[(Vec<usize>, usize, u64)]) -> Election {
    let mut builder = ProfileBuilder::new(costs.len());
    for (marked, channel, people) in ballots {
        builder
            .add(&BallotKind::Approval, marked, &[], *channel, *people)
            .expect("a ballot");
    }
    with_ballots(costs, budget, builder)
}

/// Ballots that give every project some points or none; each is cut to the number of projects.
pub fn of_points(costs: &[u64], budget: u64, ballots: &[Vec<u64>]) -> Election {
    let mut builder = ProfileBuilder::new(costs.len());
    let all: Vec<usize> = (0..costs.len()).collect();
    for points in ballots {
        builder
            .add(&BallotKind::Scoring, &all, &points[..costs.len()], 0, 1)
            .expect("a ballot");
    }
    with_ballots(costs, budget, builder)
}

/// The projects in a set of bits.
pub fn marked(bits: usize, projects: usize) -> Vec<usize> {
    (0..projects).filter(|p| bits & (1 << p) != 0).collect()
}

/// One ballot for each set of bits, all on one channel.
pub fn of_bits(costs: &[u64], budget: u64, bits: &[usize]) -> Election {
    let ballots: Vec<_> = bits
        .iter()
        .map(|bits| (marked(*bits, costs.len()), 0, 1))
        .collect();
    election(costs, budget, &ballots)
}

/// Whether each project is funded.
pub fn funded(election: &Election, rule: &Rule, ties: &Ties) -> Vec<bool> {
    let weights = election.profile().everyone();
    let case = Case {
        election,
        weights: &weights,
        rule,
        ties,
    };
    case.funded().expect("a count")
}

pub fn any_ties() -> impl Strategy<Value = Ties> {
    prop_oneof![
        Just(Ties::Id),
        Just(Ties::CostVotes { seed: "s".into() }),
        Just(Ties::Seeded { seed: "s".into() }),
    ]
}

/// With caps and groups that mean something for the projects of [`election`].
pub fn any_greedy() -> impl Strategy<Value = Rule> {
    let cap = |name: &'static str| {
        let limit = prop::option::weighted(0.2, 0_u64..8);
        limit.prop_map(move |limit| {
            let limit = limit.map(|minor| Money::from_minor(minor).expect("an amount"));
            let cap = |limit| Cap {
                name: name.into(),
                limit,
            };
            limit.map(cap).into_iter().collect::<Vec<_>>()
        })
    };
    let options = (
        any::<bool>(),
        0_u64..3,
        any::<bool>(),
        prop::bool::weighted(0.3),
    );
    let greedy = (options, cap("even"), cap("high")).prop_map(
        |(
            (no_skip, threshold, fund_unsupported, exclusive_groups),
            category_caps,
            neighborhood_caps,
        )| {
            Rule::Greedy(Greedy {
                no_skip,
                threshold: (threshold > 0).then_some(threshold),
                category_caps,
                neighborhood_caps,
                exclusive_groups,
                fund_unsupported,
            })
        },
    );
    let per_cost = any::<bool>()
        .prop_map(|fund_unsupported| Rule::GreedyPerCost(GreedyPerCost { fund_unsupported }));
    prop_oneof![3 => greedy, 1 => per_cost]
}

/// Costs, a budget, and the bits of each ballot.
pub fn any_election(
    projects: std::ops::Range<usize>,
    ballots: std::ops::Range<usize>,
) -> impl Strategy<Value = (Vec<u64>, u64, Vec<usize>)> {
    projects.prop_flat_map(move |projects| {
        (
            prop::collection::vec(1_u64..7, projects),
            2_u64..14,
            prop::collection::vec(0_usize..1 << projects, ballots.clone()),
        )
    })
}
