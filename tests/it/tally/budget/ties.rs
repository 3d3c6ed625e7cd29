//! Ties, against every way of breaking them.

use std::collections::BTreeSet;

use countmein::tally::budget::{
    counter::Counter,
    election::Election,
    project::Project,
    rule::{Completion, EqualShares, Phragmen, Rule, Ties, Utility},
};
use proptest::prelude::*;

use super::support::{Parts, id, outcome, parts};

/// Growing shares meet the same tie of four projects again and again. It is told once, whatever the
/// order of the projects, and found to decide nothing.
#[test]
fn the_same_tie_is_told_once() {
    let costs = [16, 33, 27, 22, 29, 1];
    let supporters = [vec![0], vec![0], vec![0, 1], vec![0], vec![0, 1], vec![1]];
    let rule = Rule::EqualShares(EqualShares::default());
    for order in [[0, 1, 2, 3, 4, 5], [2, 4, 1, 5, 3, 0], [5, 3, 1, 0, 2, 4]] {
        let ballots = (0..2).map(|voter| {
            let marks = (0..)
                .zip(order)
                .filter(|(_, p)| supporters[*p].contains(&voter));
            (marks.map(|(place, _)| (place, 1)).collect(), 1)
        });
        let parts = Parts {
            costs: order.map(|p| costs[p]).to_vec(),
            budget: 192,
            unit: 1,
            ballots: ballots.collect(),
        };
        let ties = Ties::CostVotes { seed: "37".into() };
        let outcome = outcome(&parts.election(), &rule, &ties);
        let told = outcome.ties.iter().map(|tie| {
            let costs: BTreeSet<u64> = tie.others.iter().map(|p| parts.costs[*p]).collect();
            (parts.costs[tie.chosen], costs)
        });
        let different: BTreeSet<_> = told.collect();
        assert_eq!(different.len(), outcome.ties.len(), "{outcome:?}");
        assert!(!outcome.decisive_tie(), "{outcome:?}");
    }
}

/// Every order of the numbers below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    orders(count - 1)
        .into_iter()
        .flat_map(|order| {
            (0..count).map(move |place| {
                let mut order = order.clone();
                order.insert(place, count - 1);
                order
            })
        })
        .collect()
}

/// Sets of winners under every order of ties: the names of the projects say which comes first.
fn results(parts: &Parts, rule: &Rule) -> BTreeSet<BTreeSet<usize>> {
    let plain = parts.election();
    orders(parts.costs.len())
        .into_iter()
        .map(|order| {
            let named = plain.projects().iter().zip(order);
            let projects = named
                .map(|(project, place)| Project::new(id(&format!("{place}")), project.cost))
                .collect();
            let profile = plain.profile().clone();
            let election = Election::new(projects, plain.budget(), plain.unit(), profile);
            let election = election.expect("an election");
            let weights = election.profile().everyone();
            let winners = Counter::new(&election).winners(&weights, rule, &Ties::Id);
            winners.expect("winners").into_iter().collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn a_decisive_tie_changes_winners_and_without_ties_nothing_does(
        parts in prop_oneof![parts(1), parts(2)].prop_filter("few projects", |p| p.costs.len() < 5),
    ) {
        let shares = |utility, completion| Rule::EqualShares(EqualShares {
            utility,
            completion,
            ..EqualShares::default()
        });
        let rules = [
            shares(Utility::Cost, Completion::None),
            shares(Utility::Cardinality, Completion::default()),
            Rule::Phragmen(Phragmen::default()),
        ];
        for rule in rules {
            let outcome = outcome(&parts.election(), &rule, &Ties::Id);
            let results = results(&parts, &rule);
            if outcome.decisive_tie() {
                prop_assert!(results.len() > 1, "{outcome:?}");
            }
            if outcome.ties.is_empty() {
                prop_assert_eq!(results.len(), 1, "{:?}", outcome);
            }
        }
    }
}
