mod against_reference;
mod axioms;
mod ballots;
mod by_hand;
mod cities;
mod pb;
mod recorded;
mod reference;
mod support;
mod ties;

use std::collections::BTreeSet;

use countmein::{
    domain::{key::OptionKey, money::Money},
    tally::{
        budget::{Candidate, greedy::allocate},
        report::Outcome,
    },
};
use proptest::prelude::*;

use self::support::money;

fn candidate(key: &str, cost: u64, votes: u64) -> Candidate {
    Candidate {
        key: OptionKey::new(key).expect("key"),
        cost: money(cost),
        votes,
    }
}

fn funded(candidates: &[Candidate], budget: u64) -> Vec<&str> {
    let allocation = allocate(candidates, money(budget));
    allocation
        .order
        .iter()
        .filter(|index| allocation.is_funded(**index))
        .map(|index| candidates[*index].key.as_str())
        .collect()
}

#[test]
fn passes_over_what_does_not_fit() {
    let candidates = [
        candidate("park", 60, 30),
        candidate("bridge", 50, 20),
        candidate("bench", 40, 10),
    ];
    let allocation = allocate(&candidates, money(100));
    assert_eq!(
        allocation.outcomes,
        [
            Outcome::Funded,
            Outcome::DoesNotFit { left: money(40) },
            Outcome::Funded
        ]
    );
    assert_eq!(allocation.order, [0, 1, 2]);
    assert_eq!((allocation.spent, allocation.left), (money(100), money(0)));
    assert!(!allocation.decisive_tie);
}

#[test]
fn orders_by_votes_then_cost_then_key() {
    let candidates = [
        candidate("b", 10, 5),
        candidate("a", 10, 5),
        candidate("z", 5, 5),
        candidate("dear", 90, 6),
    ];
    assert_eq!(allocate(&candidates, money(1000)).order, [3, 2, 1, 0]);
}

#[test]
fn nobody_voted_for_it_nobody_gets_it() {
    let candidates = [candidate("a", 1, 0), candidate("free", 0, 0)];
    let allocation = allocate(&candidates, money(100));
    assert_eq!(allocation.outcomes, [Outcome::NoVotes; 2]);
    assert_eq!(allocation.left, money(100));
    assert!(!allocation.decisive_tie);
}

#[test]
fn an_empty_ballot_spends_nothing() {
    let allocation = allocate(&[], money(5));
    assert_eq!((allocation.spent, allocation.left), (Money::ZERO, money(5)));
}

#[test]
fn ties_that_decide() {
    // Either, not both.
    let either = [candidate("a", 60, 9), candidate("b", 60, 9)];
    assert!(allocate(&either, money(100)).decisive_tie);
    assert_eq!(funded(&either, 100), ["a"]);
    // Both fit, or the other never fits: the order of the two does not matter.
    assert!(!allocate(&either, money(120)).decisive_tie);
    let never = [candidate("a", 60, 9), candidate("b", 160, 9)];
    assert!(!allocate(&never, money(100)).decisive_tie);
    // Two that never fit are no tie about money either.
    assert!(!allocate(&either, money(50)).decisive_tie);
    // Without votes a tie decides nothing.
    let unloved = [candidate("a", 60, 0), candidate("b", 60, 0)];
    assert!(!allocate(&unloved, money(100)).decisive_tie);
}

/// Every order of `items`.
fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    let Some((first, rest)) = items.split_first() else {
        return vec![Vec::new()];
    };
    permutations(rest)
        .into_iter()
        .flat_map(|order| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, *first);
                order
            })
        })
        .collect()
}

/// Whether two orders by votes, ties broken in any way, fund different sets.
fn decisive_by_brute_force(candidates: &[Candidate], budget: u64) -> bool {
    let indices: Vec<usize> = (0..candidates.len()).collect();
    let results: BTreeSet<BTreeSet<usize>> = permutations(&indices)
        .into_iter()
        .filter(|order| order.is_sorted_by_key(|i| std::cmp::Reverse(candidates[*i].votes)))
        .map(|order| {
            let mut left = budget;
            order
                .into_iter()
                .filter(|index| {
                    let candidate = &candidates[*index];
                    let cost = candidate.cost.minor();
                    let fits = candidate.votes > 0 && cost <= left;
                    left -= if fits { cost } else { 0 };
                    fits
                })
                .collect()
        })
        .collect();
    results.len() > 1
}

/// Few different votes and costs, so that ties are common.
fn small_cases() -> impl Strategy<Value = (Vec<Candidate>, u64)> {
    let candidates = prop::collection::vec((0..8_u64, 0..4_u64), 0..7).prop_map(|rows| {
        (0..)
            .zip(rows)
            .map(|(number, (cost, votes)): (usize, _)| {
                candidate(&format!("p{number}"), cost, votes)
            })
            .collect()
    });
    (candidates, 0..20_u64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn never_over_budget((candidates, budget) in small_cases()) {
        let allocation = allocate(&candidates, money(budget));
        let cost: Money = (0..candidates.len())
            .filter(|index| allocation.is_funded(*index))
            .map(|index| candidates[index].cost)
            .sum();
        prop_assert_eq!(cost, allocation.spent);
        prop_assert_eq!(cost + allocation.left, money(budget));
        // What does not fit when its turn comes does not fit the smaller rest at the end either.
        for (candidate, outcome) in candidates.iter().zip(&allocation.outcomes) {
            if let Outcome::DoesNotFit { left } = outcome {
                prop_assert!(candidate.cost > *left && *left >= allocation.left);
            }
        }
    }

    #[test]
    fn the_order_of_entry_does_not_matter(
        (candidates, budget) in small_cases(),
        turn in 0..7_usize,
    ) {
        let mut turned = candidates.clone();
        if !turned.is_empty() {
            let places = turn % turned.len();
            turned.rotate_left(places);
            turned.reverse();
        }
        prop_assert_eq!(funded(&candidates, budget), funded(&turned, budget));
    }

    #[test]
    fn a_decisive_tie_is_what_brute_force_finds((candidates, budget) in small_cases()) {
        prop_assert_eq!(
            allocate(&candidates, money(budget)).decisive_tie,
            decisive_by_brute_force(&candidates, budget)
        );
    }
}
