//! What the voters got: how many of the projects that each supports are funded.

use num_bigint::BigUint;
use serde::Serialize;

use super::super::{election::Election, outcome::Exact, profile::Weights};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct People {
    pub voters: u64,
    /// Voters who marked nothing. They are among those with no winner.
    pub empty: u64,
    /// Voters who support no funded project: the exclusion ratio is this over `voters`.
    pub without_winner: u64,
    /// `satisfied[k]`: voters of whose projects `k` are funded. Ends with the largest such `k`.
    pub satisfied: Vec<u64>,
    /// Funded projects that a voter supports, on average. None without voters.
    pub average_winners: Option<Exact>,
    /// What the funded projects that a voter supports cost together, on average, in minor units.
    /// None without voters.
    pub average_amount: Option<Exact>,
}

impl People {
    /// `funded` has one flag a project.
    pub fn of(election: &Election, weights: &Weights, funded: &[bool]) -> Self {
        let mut satisfied = vec![weights.empty()];
        let mut winners = BigUint::ZERO;
        let mut amount = BigUint::ZERO;
        let is_funded = |project: usize| funded.get(project) == Some(&true);
        for (ballot, people) in election.profile().ballots().zip(weights.counts()) {
            if *people == 0 {
                continue;
            }
            let marked = ballot.iter().map(|mark| mark.project as usize);
            let (mut number, mut cost) = (0_usize, 0_u128);
            for project in marked.filter(|project| is_funded(*project)) {
                number += 1;
                cost += u128::from(election.projects()[project].cost.minor());
            }
            if satisfied.len() <= number {
                satisfied.resize(number + 1, 0);
            }
            satisfied[number] += people;
            winners += BigUint::from(number) * *people;
            amount += BigUint::from(cost) * *people;
        }
        let voters = weights.voters();
        let average = |sum: BigUint| (voters > 0).then(|| Exact::new(sum, voters.into()));
        Self {
            voters,
            empty: weights.empty(),
            without_winner: satisfied[0],
            satisfied,
            average_winners: average(winners),
            average_amount: average(amount),
        }
    }
}
