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
