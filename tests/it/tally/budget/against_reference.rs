//! The fast rules against the plain ones, price by price.

use countmein::tally::budget::{
    outcome::{Exact, Price, Winner},
    rule::{Add1, Completion, EqualShares, Phragmen, Rule, Start, Stop, Ties, Utility},
};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use super::{
    reference,
    support::{outcome, parts},
};

fn wide(exact: &Exact) -> BigRational {
    let ratio = exact.ratio();
    BigRational::new(
        BigInt::from(ratio.numer().clone()),
        BigInt::from(ratio.denom().clone()),
    )
}

/// Winners with the figure that decided their round; free projects have none.
fn priced(winners: &[Winner]) -> Vec<(usize, BigRational)> {
    winners
        .iter()
        .filter_map(|winner| {
            let price = match winner.price.as_ref()? {
                Price::Shares { per_point, .. } => per_point,
                Price::Load { load } => load,
            };
            Some((winner.project, wide(price)))
        })
        .collect()
}

fn utility() -> impl Strategy<Value = Utility> {
    prop_oneof![Just(Utility::Cost), Just(Utility::Cardinality)]
}

fn add1() -> impl Strategy<Value = Add1> {
    let start = prop_oneof![Just(Start::Floor), Just(Start::Exact)];
    let stop = prop_oneof![Just(Stop::Overspend), Just(Stop::Exhaustive)];
    (start, stop).prop_map(|(start, stop)| Add1 {
        start,
        stop,
        increment: None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn equal_shares(
        parts in prop_oneof![parts(1), parts(4), parts(1000)],
        utility in utility(),
    ) {
        let election = parts.election();
        let rule = Rule::EqualShares(EqualShares {
            utility,
            completion: Completion::None,
            ..EqualShares::default()
        });
        let ours = outcome(&election, &rule, &Ties::Id);
        let voters = reference::voters(&election, &election.profile().everyone());
        let people = u64::try_from(voters.len()).expect("few");
        let share = reference::fraction(parts.budget, people);
        // Ids are letters in the order of the projects.
        let ranks: Vec<usize> = (0..parts.costs.len()).collect();
        let theirs = reference::equal_shares(&election, &voters, utility, &ranks, &share);
        prop_assert_eq!(priced(&ours.winners), theirs);
        prop_assert!(ours.spent.minor() <= parts.budget);
    }

    #[test]
    fn growing_shares(parts in prop_oneof![parts(1), parts(3)], utility in utility(), add1 in add1()) {
        let election = parts.election();
        let rule = Rule::EqualShares(EqualShares {
            utility,
            completion: Completion::Add1(add1),
            ..EqualShares::default()
        });
        let ours = outcome(&election, &rule, &Ties::Id);
        let voters = reference::voters(&election, &election.profile().everyone());
        let ranks: Vec<usize> = (0..parts.costs.len()).collect();
        let (theirs, share) = reference::add1(&election, &voters, utility, &ranks, add1);
        prop_assert_eq!(priced(&ours.winners), theirs);
        prop_assert_eq!(wide(&ours.endowment.expect("voters").last), share);
        prop_assert!(ours.spent.minor() <= parts.budget);
    }

    #[test]
    fn phragmen(parts in prop_oneof![parts(1), parts(3)]) {
        let election = parts.election();
        let rule = Rule::Phragmen(Phragmen::default());
        let ours = outcome(&election, &rule, &Ties::Id);
        let voters = reference::voters(&election, &election.profile().everyone());
        let ranks: Vec<usize> = (0..parts.costs.len()).collect();
        prop_assert_eq!(
            priced(&ours.winners),
            reference::phragmen(&election, &voters, &ranks)
        );
        prop_assert!(ours.spent.minor() <= parts.budget);
    }
}
