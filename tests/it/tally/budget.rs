mod against_reference;
mod axioms;
mod ballots;
mod by_hand;
mod certainty;
mod cities;
mod explain;
mod from_pb;
mod pb;
mod recorded;
mod reference;
mod small;
mod support;
mod ties;

use std::collections::BTreeSet;

use countmein::{
    domain::money::Money,
    tally::budget::{
        counter::Counter,
        election::Election,
        outcome::Reason,
        profile::{BallotKind, ProfileBuilder},
        project::{Project, ProjectId},
        rule::{Greedy, Rule, Ties},
    },
};
use proptest::prelude::*;

use self::support::money;

#[derive(Debug, Clone)]
struct Candidate {
    key: String,
    cost: Money,
    votes: u64,
}

/// What greedy by votes decides, by position of the candidates.
struct Allocation {
    /// Funded projects in the order of selection.
    funded: Vec<usize>,
    /// Why a project is not funded.
    reasons: Vec<Option<Reason>>,
    spent: Money,
    left: Money,
    decisive_tie: bool,
}

fn candidate(key: &str, cost: u64, votes: u64) -> Candidate {
    Candidate {
        key: key.to_owned(),
        cost: money(cost),
        votes,
    }
}

/// Greedy looks at totals alone, so that every vote may as well be a ballot of its own.
fn allocate(candidates: &[Candidate], budget: Money) -> Allocation {
    let mut ballots = ProfileBuilder::new(candidates.len());
    for (project, candidate) in candidates.iter().enumerate() {
        ballots
            .add(&BallotKind::Approval, &[project], &[], 0, candidate.votes)
            .expect("votes");
    }
    let projects = candidates
        .iter()
        .map(|c| Project::new(ProjectId::new(c.key.as_str()).expect("id"), c.cost))
        .collect();
    let election = Election::new(projects, budget, 100, ballots.build()).expect("election");
    let everyone = election.profile().everyone();
    let rule = Rule::Greedy(Greedy::default());
    let ties = Ties::CostVotes {
        seed: "test".to_owned(),
    };
    let outcome = Counter::new(&election)
        .outcome(&everyone, &rule, &ties)
        .expect("outcome");
    let mut reasons = vec![None; candidates.len()];
    for loser in &outcome.losers {
        reasons[loser.project] = Some(loser.reason.clone());
    }
    Allocation {
        funded: outcome.funded(),
        reasons,
        spent: outcome.spent,
        left: outcome.left,
        decisive_tie: outcome.decisive_tie(),
    }
}

fn funded(candidates: &[Candidate], budget: u64) -> Vec<&str> {
    allocate(candidates, money(budget))
        .funded
        .iter()
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
    assert_eq!(allocation.funded, [0, 2]);
    let passed_over = Reason::DoesNotFit { left: money(40) };
    assert_eq!(allocation.reasons, [None, Some(passed_over), None]);
    assert_eq!((allocation.spent, allocation.left), (money(100), money(0)));
    assert!(!allocation.decisive_tie);
}

#[test]
fn orders_by_votes_then_cost() {
    let candidates = [
        candidate("b", 10, 5),
        candidate("z", 5, 5),
        candidate("dear", 90, 6),
    ];
    assert_eq!(allocate(&candidates, money(1000)).funded, [2, 1, 0]);
}

#[test]
fn nobody_voted_for_it_nobody_gets_it() {
    let candidates = [candidate("a", 1, 0), candidate("free", 0, 0)];
    let allocation = allocate(&candidates, money(100));
    let unloved = Some(Reason::NoSupport);
    assert_eq!(allocation.reasons, [unloved.clone(), unloved]);
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
    assert_eq!(funded(&either, 100).len(), 1);
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
        let cost: Money = allocation
            .funded
            .iter()
            .map(|index| candidates[*index].cost)
            .sum();
        prop_assert_eq!(cost, allocation.spent);
        prop_assert_eq!(cost + allocation.left, money(budget));
        // What does not fit when its turn comes does not fit the smaller rest at the end either.
        for (candidate, reason) in candidates.iter().zip(&allocation.reasons) {
            if let Some(Reason::DoesNotFit { left }) = reason {
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
