//! Equal shares, played again from the prices of its outcome: who paid what.
//!
//! All amounts are whole numbers of one small unit: a minor unit divided by the least common multiple
//! of the denominators of the share and of all prices. Nothing is rounded.

use num_bigint::BigUint;
use num_integer::Integer;
use serde::Serialize;

use super::super::{
    case::Case,
    outcome::{Exact, Outcome, Price, Stage},
    rule::{EqualShares, Rule, Utility},
};

/// Where the money of a loser's supporters is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Support {
    pub project: usize,
    /// What its supporters paid for winners, the largest amount first.
    pub spent_on: Vec<SpentOn>,
    /// What its supporters have left, in minor units.
    pub left: Exact,
    /// How near it ever was to being bought: the largest share of its cost, over all rounds, that
    /// its supporters could have paid at the price of the round, and at the end at any price. The
    /// project itself has no part in the rounds.
    ///
    /// The price of a round that buys `w` at `α` per point is `α` per point with points as utility,
    /// and `α · cost / cost(w)` with points times cost; who has less pays what there is. Money is
    /// counted before the payments of the round, and so a loser is below 1, or at 1 if it lost a
    /// tie. (pabutools counts it after the payments, and each distinct ballot once.)
    ///
    /// None for a project that costs nothing.
    pub effective_support: Option<Exact>,
}

/// What supporters of a loser paid for a winner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpentOn {
    pub winner: usize,
    /// In minor units.
    pub amount: Exact,
    /// People who support both projects and paid for the winner.
    pub people: u64,
}

/// A round that bought something.
struct Round {
    winner: usize,
    /// Per point, in small units.
    price: BigUint,
    /// By loser, in the order of the losers: its price per point in this round, in small units.
    offers: Vec<BigUint>,
}

/// Running sums of one loser.
struct Sums {
    project: usize,
    /// By round: amount and people.
    paid: Vec<(BigUint, u64)>,
    best: BigUint,
}

/// The money behind each loser, in the order of `outcome.losers`. None unless the outcome has the
/// prices of equal shares.
pub fn support(case: &Case, outcome: &Outcome) -> Option<Vec<Support>> {
    let Rule::EqualShares(options) = case.rule else {
        return None;
    };
    let share = outcome.endowment.as_ref()?.last.ratio();
    let prices: Vec<(usize, &Exact)> = outcome
        .winners
        .iter()
        .filter(|winner| winner.stage == Stage::Rule)
        .filter_map(|winner| match &winner.price {
            Some(Price::Shares { per_point, .. }) => Some((winner.project, per_point)),
            _ => None,
        })
        .collect();
    let unit = small_unit(case, options, share.denom(), &prices);
    let losers: Vec<usize> = outcome.losers.iter().map(|loser| loser.project).collect();
    let rounds: Vec<Round> = prices
        .iter()
        .map(|(winner, price)| round(case, options, *winner, price, &unit, &losers))
        .collect();
    let purse = share.numer() * (&unit / share.denom());
    let mut purses = vec![purse; case.election.profile().distinct()];
    let supporters = Supporters::of(case);
    let mut sums: Vec<Sums> = losers
        .iter()
        .map(|project| Sums {
            project: *project,
            paid: vec![(BigUint::ZERO, 0); rounds.len()],
            best: BigUint::ZERO,
        })
        .collect();
    let mut paid_now = vec![BigUint::ZERO; purses.len()];
    for (number, round) in rounds.iter().enumerate() {
        for (sum, offer) in sums.iter_mut().zip(&round.offers) {
            let money = supporters.money(sum.project, &purses, Some(offer));
            sum.best = money.max(std::mem::take(&mut sum.best));
        }
        supporters.pay(round, &mut purses, &mut paid_now);
        for sum in &mut sums {
            sum.paid[number] = supporters.shared(sum.project, &paid_now);
        }
        for supporter in &supporters.0[round.winner] {
            paid_now[supporter.ballot] = BigUint::ZERO;
        }
    }
    let result = sums
        .into_iter()
        .map(|sum| finish(case, sum, &rounds, &supporters, &purses, &unit));
    Some(result.collect())
}

fn small_unit(
    case: &Case,
    options: &EqualShares,
    share: &BigUint,
    prices: &[(usize, &Exact)],
) -> BigUint {
    prices.iter().fold(share.clone(), |unit, (winner, price)| {
        let denominator = match options.utility {
            Utility::Cardinality => price.ratio().denom().clone(),
            Utility::Cost => price.ratio().denom() * case.election.projects()[*winner].cost.minor(),
        };
        unit.lcm(&denominator)
    })
}

fn round(
    case: &Case,
    options: &EqualShares,
    winner: usize,
    price: &Exact,
    unit: &BigUint,
    losers: &[usize],
) -> Round {
    let projects = case.election.projects();
    let price = price.ratio().numer() * (unit / price.ratio().denom());
    let offers = losers.iter().map(|loser| match options.utility {
        Utility::Cardinality => price.clone(),
        Utility::Cost => {
            let cost = projects[winner].cost.minor().max(1);
            &price / cost * projects[*loser].cost.minor()
        }
    });
    Round {
        winner,
        offers: offers.collect(),
        price,
    }
}

fn finish(
    case: &Case,
    sum: Sums,
    rounds: &[Round],
    supporters: &Supporters,
    purses: &[BigUint],
    unit: &BigUint,
) -> Support {
    let left = supporters.money(sum.project, purses, None);
    let best = sum.best.max(left.clone());
    let cost = case.election.projects()[sum.project].cost.minor();
    let mut spent_on: Vec<SpentOn> = rounds
        .iter()
        .zip(sum.paid)
        .filter(|(_, (amount, _))| *amount > BigUint::ZERO)
        .map(|(round, (amount, people))| SpentOn {
            winner: round.winner,
            amount: Exact::new(amount, unit.clone()),
            people,
        })
        .collect();
    spent_on.sort_by(|a, b| b.amount.cmp(&a.amount));
    Support {
        project: sum.project,
        spent_on,
        left: Exact::new(left, unit.clone()),
        effective_support: (cost > 0).then(|| Exact::new(best, unit * cost)),
    }
}

/// For each project, the distinct ballots that support it.
struct Supporters(Vec<Vec<Supporter>>);

struct Supporter {
    ballot: usize,
    points: u32,
    people: u64,
}

impl Supporters {
    fn of(case: &Case) -> Self {
        let profile = case.election.profile();
        let mut supporters: Vec<Vec<Supporter>> = Vec::new();
        supporters.resize_with(profile.projects(), Vec::new);
        let counted = profile.ballots().zip(case.weights.counts()).enumerate();
        for (ballot, (marks, people)) in counted.filter(|(_, (_, people))| **people > 0) {
            for mark in marks {
                supporters[mark.project as usize].push(Supporter {
                    ballot,
                    points: mark.points,
                    people: *people,
                });
            }
        }
        Self(supporters)
    }

    /// What the supporters can pay at a price per point; all they have if there is none.
    fn money(&self, project: usize, purses: &[BigUint], price: Option<&BigUint>) -> BigUint {
        let mut money = BigUint::ZERO;
        let mut full = 0_u128;
        for supporter in &self.0[project] {
            let purse = &purses[supporter.ballot];
            if *purse == BigUint::ZERO {
                continue;
            }
            match price {
                Some(price) if pays_in_full(purse, price, supporter.points) => {
                    full += u128::from(supporter.people) * u128::from(supporter.points);
                }
                _ => money += purse * supporter.people,
            }
        }
        match price {
            Some(price) => money + price * full,
            None => money,
        }
    }

    /// Takes the payments of a round out of the purses and notes them in `paid`, by ballot.
    fn pay(&self, round: &Round, purses: &mut [BigUint], paid: &mut [BigUint]) {
        for supporter in &self.0[round.winner] {
            let purse = &mut purses[supporter.ballot];
            paid[supporter.ballot] = if pays_in_full(purse, &round.price, supporter.points) {
                let payment = &round.price * supporter.points;
                *purse -= &payment;
                payment
            } else {
                std::mem::take(purse)
            };
        }
    }

    /// What the supporters have just paid, and how many of them paid anything.
    fn shared(&self, project: usize, paid: &[BigUint]) -> (BigUint, u64) {
        let mut sum = (BigUint::ZERO, 0);
        for supporter in &self.0[project] {
            let payment = &paid[supporter.ballot];
            if *payment > BigUint::ZERO {
                sum.0 += payment * supporter.people;
                sum.1 += supporter.people;
            }
        }
        sum
    }
}

fn pays_in_full(purse: &BigUint, price: &BigUint, points: u32) -> bool {
    if points == 1 {
        purse >= price
    } else {
        *purse >= price * points
    }
}
