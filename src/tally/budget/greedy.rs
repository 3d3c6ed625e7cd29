//! Plain greedy by votes with skipping, the rule of most cities: most votes first, and a project
//! that does not fit the money left is passed over.
//!
//! Ties on votes are broken by lower cost and then by key, so that the result does not depend on
//! the order in which the projects were entered. A project without votes is never funded, however
//! much money is left.

use std::cmp::Reverse;

use crate::domain::money::Money;

use super::{Allocation, Candidate, Outcome};

pub fn allocate(candidates: &[Candidate], budget: Money) -> Allocation {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|index| {
        let candidate = &candidates[*index];
        (Reverse(candidate.votes), candidate.cost, &candidate.key)
    });
    let mut outcomes = vec![Outcome::NoVotes; candidates.len()];
    let mut left = budget;
    let mut decisive_tie = false;
    let groups = order.chunk_by(|a, b| candidates[*a].votes == candidates[*b].votes);
    for group in groups.filter(|group| candidates[group[0]].votes > 0) {
        // After a group whose tie decides, a later group starts from money that depends on that
        // tie; the answer is known by then and cannot change.
        decisive_tie |= order_matters(group, candidates, left);
        for index in group {
            outcomes[*index] = match left.checked_sub(candidates[*index].cost) {
                Some(rest) => {
                    left = rest;
                    Outcome::Funded
                }
                None => Outcome::DoesNotFit { left },
            };
        }
    }
    Allocation {
        order,
        outcomes,
        spent: budget.checked_sub(left).unwrap_or(Money::ZERO),
        left,
        decisive_tie,
    }
}

/// Whether two orders of a group of equal votes, with `left` to spend, fund different projects. The
/// rule is exact:
///
/// - a project that costs more than `left` is out in every order, as the money only shrinks;
/// - if the others fit together, they are all funded in every order;
/// - if they do not, some order leaves one of them out, while the order that begins with that one
///   funds it: two orders, two results.
fn order_matters(group: &[usize], candidates: &[Candidate], left: Money) -> bool {
    let together: Money = group
        .iter()
        .map(|index| candidates[*index].cost)
        .filter(|cost| *cost <= left)
        .sum();
    together > left
}
