//! What each rule promises, on random elections.

use countmein::tally::budget::{
    election::Election,
    outcome::{Outcome, Price},
    profile::{BallotKind, ProfileBuilder},
    rule::{
        Add1, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule, Start, Stop, Ties,
        Utility,
    },
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;

use super::{
    reference,
    support::{Parts, outcome, parts},
};

fn shares(utility: Utility, completion: Completion) -> Rule {
    Rule::EqualShares(EqualShares {
        utility,
        completion,
        ..EqualShares::default()
    })
}

fn rules() -> Vec<Rule> {
    let exhaustive = Add1 {
        start: Start::Exact,
        stop: Stop::Exhaustive,
        increment: None,
    };
    vec![
        Rule::Greedy(Greedy::default()),
        Rule::GreedyPerCost(GreedyPerCost::default()),
        shares(Utility::Cost, Completion::None),
        shares(Utility::Cardinality, Completion::Greedy),
        shares(Utility::Cost, Completion::Add1Greedy(exhaustive)),
        Rule::Phragmen(Phragmen::default()),
        Rule::Phragmen(Phragmen {
            complete: true,
            fund_unsupported: true,
        }),
    ]
}

/// Ids of the winners, sorted.
fn winners(election: &Election, outcome: &Outcome) -> Vec<String> {
    let mut ids: Vec<String> = outcome
        .funded()
        .iter()
        .map(|p| election.projects()[*p].id.to_string())
        .collect();
    ids.sort_unstable();
    ids
}

/// The same election with projects and ballots in another order; names stay with their projects.
fn turned(parts: &Parts, by: usize) -> Election {
    let straight = parts.election();
    let count = parts.costs.len();
    let place = |project: usize| count - 1 - (project + by) % count;
    let mut projects = straight.projects().to_vec();
    for (project, entry) in straight.projects().iter().enumerate() {
        projects[place(project)] = entry.clone();
    }
    let mut builder = ProfileBuilder::new(count);
    for (ballot, people) in parts.ballots.iter().rev() {
        let (chosen, points): (Vec<usize>, Vec<u64>) = ballot
            .iter()
            .rev()
            .map(|(project, points)| (place(*project), *points))
            .unzip();
        for _ in 0..*people {
            builder
                .add(&BallotKind::Scoring, &chosen, &points, 0, 1)
                .expect("a ballot");
        }
    }
    Election::new(
        projects,
        straight.budget(),
        straight.unit(),
        builder.build(),
    )
    .expect("an election")
}

fn wide(ratio: &num_rational::Ratio<num_bigint::BigUint>) -> BigRational {
    BigRational::new(
        BigInt::from(ratio.numer().clone()),
        BigInt::from(ratio.denom().clone()),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn order_of_entry_does_not_matter(parts in parts(2), by in 0..7_usize) {
        let (straight, turned) = (parts.election(), turned(&parts, by));
        let seed = || "7".to_owned();
        for rule in rules() {
            for ties in [Ties::Id, Ties::CostVotes { seed: seed() }, Ties::Seeded { seed: seed() }] {
                let (a, b) = (outcome(&straight, &rule, &ties), outcome(&turned, &rule, &ties));
                prop_assert_eq!(winners(&straight, &a), winners(&turned, &b));
                prop_assert_eq!(a.decisive_tie(), b.decisive_tie());
            }
        }
    }

    #[test]
    fn every_project_is_in_or_out_and_the_money_adds_up(parts in parts(3)) {
        let election = parts.election();
        for rule in rules() {
            let outcome = outcome(&election, &rule, &Ties::Id);
            let mut all = outcome.funded();
            let spent: u64 = all.iter().map(|p| parts.costs[*p]).sum();
            all.extend(outcome.losers.iter().map(|loser| loser.project));
            all.sort_unstable();
            prop_assert_eq!(all, (0..parts.costs.len()).collect::<Vec<_>>());
            prop_assert_eq!(spent, outcome.spent.minor());
            prop_assert_eq!(spent + outcome.left.minor(), parts.budget);
        }
    }

    /// If all agree on projects that fit together, these are funded.
    #[test]
    fn unanimity(costs in prop::collection::vec(1..50_u64, 1..6), spare in 0..40_u64, people in 1..90_u64) {
        let everything: Vec<(usize, u64)> = (0..costs.len()).map(|p| (p, 1)).collect();
        let parts = Parts {
            budget: costs.iter().sum::<u64>() + spare,
            costs,
            unit: 1,
            ballots: vec![(everything, people)],
        };
        let election = parts.election();
        for rule in rules() {
            prop_assert_eq!(outcome(&election, &rule, &Ties::Id).losers, []);
        }
    }

    /// A group whose shares together pay for a project that they all support is not left with
    /// nothing (the case of one project of extended justified representation).
    #[test]
    fn cohesive_groups_are_represented(parts in parts(1)) {
        let election = parts.election();
        let people: u64 = parts.ballots.iter().map(|(_, people)| people).sum();
        for completion in [Completion::None, Completion::default()] {
            for utility in [Utility::Cost, Utility::Cardinality] {
                let funded = outcome(&election, &shares(utility, completion.clone()), &Ties::Id).funded();
                for (project, cost) in parts.costs.iter().enumerate() {
                    let supports = |marks: &[(usize, u64)], p: usize| marks.iter().any(|(q, _)| *q == p);
                    let unserved: u64 = parts.ballots.iter()
                        .filter(|(marks, _)| supports(marks, project))
                        .filter(|(marks, _)| !funded.iter().any(|p| supports(marks, *p)))
                        .map(|(_, people)| people)
                        .sum();
                    // With whole units of the currency a share can be less than budget / people.
                    let share = match completion {
                        Completion::None => parts.budget * unserved,
                        _ => parts.budget / (people * parts.unit) * parts.unit * people * unserved,
                    };
                    prop_assert!(unserved == 0 || share < cost * people, "{project} {unserved}");
                }
            }
        }
    }

    /// The prices explain the outcome: what supporters pay adds up to the cost, nobody pays more
    /// than the share, and the counts of full payers are right.
    #[test]
    fn equal_shares_are_priceable(parts in parts(3)) {
        let election = parts.election();
        let voters = reference::voters(&election, &election.profile().everyone());
        for completion in [Completion::None, Completion::default()] {
            let outcome = outcome(&election, &shares(Utility::Cost, completion), &Ties::Id);
            let share = wide(outcome.endowment.as_ref().expect("voters").last.ratio());
            let mut purses = vec![share; voters.len()];
            for winner in &outcome.winners {
                let Some(Price::Shares { per_point, effective_votes, full, poor }) = &winner.price else {
                    continue;
                };
                let cost = BigRational::from_integer(parts.costs[winner.project].into());
                prop_assert_eq!(&cost, &(wide(effective_votes.ratio()) * wide(per_point.ratio())));
                let (mut paid, mut payers) = (BigRational::zero(), (0, 0));
                for (purse, voter) in purses.iter_mut().zip(&voters) {
                    let points = voter[winner.project];
                    let due = wide(per_point.ratio()) * BigRational::from_integer(points.into());
                    if points > 0 && *purse > BigRational::zero() {
                        payers.0 += u64::from(due <= *purse);
                        payers.1 += u64::from(due > *purse);
                    }
                    let pays = due.min(purse.clone());
                    *purse -= &pays;
                    paid += pays;
                }
                prop_assert_eq!(paid, cost);
                prop_assert_eq!(payers, (*full, *poor));
            }
        }
    }

    /// Loads of voters add up to what was spent, and never fall.
    #[test]
    fn phragmen_loads(parts in parts(1)) {
        let election = parts.election();
        let voters = reference::voters(&election, &election.profile().everyone());
        let outcome = outcome(&election, &Rule::Phragmen(Phragmen::default()), &Ties::Id);
        let mut loads = vec![BigRational::zero(); voters.len()];
        let mut before = BigRational::zero();
        for winner in &outcome.winners {
            let Some(Price::Load { load }) = &winner.price else {
                continue;
            };
            let load = wide(load.ratio());
            prop_assert!(load >= before);
            before = load.clone();
            for (held, voter) in loads.iter_mut().zip(&voters) {
                if voter[winner.project] > 0 {
                    *held = load.clone();
                }
            }
        }
        let total: BigRational = loads.iter().sum();
        prop_assert_eq!(total, BigRational::from_integer(outcome.spent.minor().into()));
    }
}
