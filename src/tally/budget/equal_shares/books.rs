//! The true prices of equal shares, as fractions.
//!
//! A ballot with anything left has paid the full price of every project on it that was bought, so
//! that it has `e − Σ α_j · s_j`, where the sum is over these projects. Money of a set of ballots is
//! therefore a whole-number combination of the share `e` and the prices `α_j`, and so is the price of
//! the next round, up to a division by a whole number.

use std::collections::HashMap;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::{
    super::{fractions::Fractions, outcome::Exact},
    run::{NEVER, Run, TICKS},
};

/// The share and the price per point of each round that has been worked out.
pub(super) struct Books {
    fractions: Fractions,
}

/// A true price per point: `numerator / (common denominator · points)`.
pub(super) struct Exactly {
    pub numerator: BigInt,
    /// Points of those who pay it in full.
    pub points: u64,
    /// The price in ticks, rounded down.
    pub ticks: u64,
}

impl Books {
    pub fn open(run: &Run) -> Self {
        Self {
            fractions: Fractions::new(run.total, run.poll.weights.voters()),
        }
    }

    /// Works out the prices of all rounds that have been bought since the last time.
    pub fn settle(&mut self, run: &Run) {
        for round in self.fractions.len() - 1..run.rounds.len() {
            let project = run.rounds[round].project;
            let emptied_then = |ballot: usize| run.emptied[ballot] as usize == round;
            let paying = |ballot: usize| run.emptied[ballot] as usize >= round;
            let mut poor = Vec::new();
            let mut points = 0;
            for (ballot, given) in run.poll.supporters.of_project(project).iter() {
                if emptied_then(ballot) {
                    poor.push(ballot);
                } else if paying(ballot) {
                    points += run.poll.people(ballot) * given;
                }
            }
            let taken = negative(money(run, poor.into_iter(), round));
            let numerator = self.fractions.combine(run.poll.costs[project], &taken);
            self.fractions.push(numerator, points);
        }
    }

    /// The true price of a project; None if its supporters cannot pay for it.
    ///
    /// Starts from supporters who are certainly poor and adds those whom the price so far shows to be
    /// poor. The price only grows on the way and never beyond the true one, so whoever is added
    /// belongs there, and when nobody is added it is the true price. Whoever is richest for the
    /// points given is never added, so that somebody always pays in full.
    pub fn price(&self, run: &Run, project: usize) -> Option<Exactly> {
        let cost = run.poll.costs[project];
        let group = run.poll.supporters.of_project(project);
        let all: Vec<(usize, u64)> = group
            .iter()
            .filter(|(ballot, _)| run.purses[*ballot].ticks > 0)
            .collect();
        let rounds = run.rounds.len();
        let everything = negative(money(run, all.iter().map(|(ballot, _)| *ballot), rounds));
        if self.fractions.combine(cost, &everything).is_positive() {
            return None;
        }
        let (poor, mut rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(ballot, points)| {
            certainly_poorer(run, *ballot, *points, run.price_from[project])
        });
        let mut poor_money = money(run, poor.into_iter().map(|(ballot, _)| ballot), rounds);
        loop {
            let points = rest
                .iter()
                .map(|(ballot, given)| run.poll.people(*ballot) * given)
                .sum();
            let numerator = self.fractions.combine(cost, &negative(poor_money.clone()));
            let ticks = self.in_ticks(run, &numerator, points)?;
            let price = Exactly {
                numerator,
                points,
                ticks,
            };
            let poorer = self.poorer(run, &price, &rest);
            let mut poorer = poorer.into_iter();
            let before = rest.len();
            let mut added = Vec::new();
            rest.retain(|(ballot, _)| {
                let stays = poorer.next() != Some(true);
                if !stays {
                    added.push(*ballot);
                }
                stays
            });
            if rest.len() == before {
                return Some(price);
            }
            let more = money(run, added.into_iter(), rounds);
            for (sum, more) in poor_money.iter_mut().zip(more) {
                *sum += more;
            }
        }
    }

    /// For each of `supporters`, whether it has less than the price; having exactly that is enough.
    pub fn poorer(&self, run: &Run, price: &Exactly, supporters: &[(usize, u64)]) -> Vec<bool> {
        let mut known: HashMap<(Vec<i128>, u64), bool> = HashMap::new();
        let rounds = run.rounds.len();
        supporters
            .iter()
            .map(|(ballot, points)| {
                if certainly_poorer(run, *ballot, *points, price.ticks) {
                    return true;
                }
                let ticks = u128::from(run.purses[*ballot].ticks);
                let above = (u128::from(price.ticks) + 1) * u128::from(*points);
                if ticks >= above + u128::from(run.error) {
                    return false;
                }
                let has = each(run, *ballot, rounds);
                *known.entry((has, *points)).or_insert_with_key(|(has, _)| {
                    let has = self.fractions.combine(0, has);
                    has * price.points < &price.numerator * *points
                })
            })
            .collect()
    }

    /// `numerator / (denominator · points)` minor units in ticks, rounded down.
    fn in_ticks(&self, run: &Run, numerator: &BigInt, points: u64) -> Option<u64> {
        let divisor = self.fractions.denominator() * points * run.total;
        (numerator * TICKS).checked_div(&divisor)?.to_u64()
    }

    /// The prices of all rounds in ticks, rounded down.
    pub fn prices_in_ticks(&self, run: &Run) -> Vec<u64> {
        (1..self.fractions.len())
            .map(|place| {
                let (numerator, denominator) = self.fractions.get(place);
                let ticks = numerator * TICKS / (denominator * run.total);
                ticks.to_u64().unwrap_or(TICKS)
            })
            .collect()
    }

    /// The price per point of a round, in minor units.
    pub fn price_of_round(&self, round: usize) -> Exact {
        let (numerator, denominator) = self.fractions.get(round + 1);
        Exact::new(numerator, denominator)
    }

    /// Whether one person who cast `ballot` had anything left before `round`, having paid in full for
    /// everything bought until then.
    pub fn had_any(&self, run: &Run, ballot: usize, round: usize) -> bool {
        let has = self.fractions.combine(0, &each(run, ballot, round));
        has.is_positive()
    }

    /// What the supporters of a project have left together, in minor units.
    pub fn money_left(&self, run: &Run, project: usize) -> Exact {
        let group = run.poll.supporters.of_project(project);
        let ballots = group.iter().map(|(ballot, _)| ballot);
        let left = ballots.filter(|ballot| run.purses[*ballot].ticks > 0);
        let left = self
            .fractions
            .combine(0, &money(run, left, run.rounds.len()));
        let denominator = self.fractions.denominator();
        Exact::new(left.magnitude().clone(), denominator.magnitude().clone())
    }
}

/// Whether a supporter certainly has less than the price, which is `price` ticks or more.
fn certainly_poorer(run: &Run, ballot: usize, points: u64, price: u64) -> bool {
    let ticks = u128::from(run.purses[ballot].ticks);
    ticks + u128::from(run.error) < u128::from(price) * u128::from(points)
}

/// Money of all people who cast `ballots` before `round`, as coefficients of the share and of the
/// prices of the rounds. Every one of the ballots has something left then.
fn money(run: &Run, ballots: impl Iterator<Item = usize>, round: usize) -> Vec<i128> {
    let mut coefficients = vec![0; round + 1];
    for ballot in ballots {
        add(
            &mut coefficients,
            run,
            ballot,
            run.poll.people(ballot).into(),
        );
    }
    coefficients
}

/// Money of one person who cast `ballot`.
fn each(run: &Run, ballot: usize, round: usize) -> Vec<i128> {
    let mut coefficients = vec![0; round + 1];
    add(&mut coefficients, run, ballot, 1);
    coefficients
}

fn add(coefficients: &mut [i128], run: &Run, ballot: usize, people: i128) {
    coefficients[0] += people;
    for mark in run.poll.election.profile().ballot(ballot) {
        let bought = run.bought_in[mark.project as usize];
        if bought != NEVER && (bought as usize) < coefficients.len() - 1 {
            coefficients[bought as usize + 1] -= people * i128::from(mark.points);
        }
    }
}

fn negative(mut coefficients: Vec<i128>) -> Vec<i128> {
    for coefficient in &mut coefficients {
        *coefficient = -*coefficient;
    }
    coefficients
}
