//! The rules once more, as plainly as they can be written: fractions throughout, every voter by
//! himself, nothing remembered from round to round.

use countmein::domain::money::Money;
use countmein::tally::budget::{
    election::Election,
    profile::Weights,
    rule::{Add1, Start, Stop, Utility},
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

/// A voter's points by project.
pub type Voter = Vec<u64>;

pub fn voters(election: &Election, weights: &Weights) -> Vec<Voter> {
    let projects = election.projects().len();
    let mut voters = Vec::new();
    for (ballot, people) in election.profile().ballots().zip(weights.counts()) {
        let mut voter = vec![0; projects];
        for mark in ballot {
            voter[mark.project as usize] = mark.points.into();
        }
        voters.extend((0..*people).map(|_| voter.clone()));
    }
    voters.extend((0..weights.empty()).map(|_| vec![0; projects]));
    voters
}

pub fn fraction(numerator: u64, denominator: u64) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

fn whole(number: u64) -> BigRational {
    fraction(number, 1)
}

fn cost(election: &Election, project: usize) -> u64 {
    election.projects()[project].cost.minor()
}

/// Least price per point at which the supporters pay for the project.
fn price(
    election: &Election,
    voters: &[Voter],
    purses: &[BigRational],
    p: usize,
) -> Option<BigRational> {
    let mut supporters: Vec<(&BigRational, u64)> = purses
        .iter()
        .zip(voters)
        .filter(|(_, voter)| voter[p] > 0)
        .map(|(purse, voter)| (purse, voter[p]))
        .collect();
    supporters.sort_by_key(|(purse, points)| *purse / whole(*points));
    let mut missing = whole(cost(election, p));
    let mut points: u64 = supporters.iter().map(|(_, points)| points).sum();
    for (purse, given) in supporters {
        let price = &missing / whole(points);
        if &price * whole(given) <= *purse {
            return Some(price);
        }
        missing -= purse;
        points -= given;
    }
    None
}

/// Projects bought with the share `share`, each with its price per point; ties by rank.
pub fn equal_shares(
    election: &Election,
    voters: &[Voter],
    utility: Utility,
    ranks: &[usize],
    share: &BigRational,
) -> Vec<(usize, BigRational)> {
    let mut purses = vec![share.clone(); voters.len()];
    let mut bought: Vec<(usize, BigRational)> = Vec::new();
    loop {
        let open = (0..election.projects().len())
            .filter(|p| cost(election, *p) > 0 && !bought.iter().any(|(done, _)| done == p));
        let best = open
            .filter_map(|p| {
                let price = price(election, voters, &purses, p)?;
                let key = match utility {
                    Utility::Cost => &price / whole(cost(election, p)),
                    Utility::Cardinality => price.clone(),
                };
                Some((key, ranks[p], p, price))
            })
            .min();
        let Some((_, _, project, price)) = best else {
            return bought;
        };
        for (purse, voter) in purses.iter_mut().zip(voters) {
            let due = &price * whole(voter[project]);
            *purse = if due < *purse {
                &*purse - due
            } else {
                BigRational::zero()
            };
        }
        bought.push((project, price));
    }
}

/// Equal shares with growing shares: what is bought, and the share.
pub fn add1(
    election: &Election,
    voters: &[Voter],
    utility: Utility,
    ranks: &[usize],
    add1: Add1,
) -> (Vec<(usize, BigRational)>, BigRational) {
    let budget = election.budget().minor();
    let unit = election.unit();
    let step = whole(add1.increment.map_or(unit, Money::minor));
    let people = u64::try_from(voters.len()).expect("few voters");
    let mut share = match add1.start {
        Start::Exact => fraction(budget, people),
        Start::Floor => fraction(budget, people * unit).floor() * whole(unit),
    };
    let supported: Vec<usize> = (0..election.projects().len())
        .filter(|p| cost(election, *p) > 0 && voters.iter().any(|voter| voter[*p] > 0))
        .collect();
    let run = |share: &BigRational| equal_shares(election, voters, utility, ranks, share);
    let mut last = run(&share);
    loop {
        let spent: u64 = last.iter().map(|(p, _)| cost(election, *p)).sum();
        let open = |p: &&usize| !last.iter().any(|(done, _)| done == *p);
        let exhausted = !supported
            .iter()
            .filter(open)
            .any(|p| spent + cost(election, *p) <= budget);
        let enough = add1.stop == Stop::Exhaustive && exhausted;
        if enough || last.len() == supported.len() {
            return (last, share);
        }
        let more = &share + &step;
        let next = run(&more);
        if next.iter().map(|(p, _)| cost(election, *p)).sum::<u64>() > budget {
            return (last, share);
        }
        (last, share) = (next, more);
    }
}

/// Phragmén's rule: what is bought, each with its time; ties by rank.
pub fn phragmen(
    election: &Election,
    voters: &[Voter],
    ranks: &[usize],
) -> Vec<(usize, BigRational)> {
    let budget = election.budget().minor();
    let mut loads = vec![BigRational::zero(); voters.len()];
    let mut bought: Vec<(usize, BigRational)> = Vec::new();
    let mut left = budget;
    loop {
        let mut due: Vec<(BigRational, usize, usize)> = (0..election.projects().len())
            .filter(|p| (1..=budget).contains(&cost(election, *p)))
            .filter(|p| !bought.iter().any(|(done, _)| done == p))
            .filter_map(|p| {
                let supporters = loads.iter().zip(voters).filter(|(_, v)| v[p] > 0);
                let (sum, count) = supporters
                    .fold((whole(cost(election, p)), 0), |(sum, count), (load, _)| {
                        (sum + load, count + 1)
                    });
                (count > 0).then(|| (sum / whole(count), ranks[p], p))
            })
            .collect();
        due.sort();
        let Some((time, _, project)) = due.first().cloned() else {
            return bought;
        };
        let tied = due.iter().take_while(|(t, ..)| *t == time);
        if tied.into_iter().any(|(_, _, p)| cost(election, *p) > left) {
            return bought;
        }
        left -= cost(election, project);
        for (load, voter) in loads.iter_mut().zip(voters) {
            if voter[project] > 0 {
                *load = time.clone();
            }
        }
        bought.push((project, time));
    }
}
