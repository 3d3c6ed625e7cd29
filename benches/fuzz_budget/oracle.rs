//! What an outcome has to be, worked out once more as plainly as it can be: fractions throughout.

use std::cmp::Reverse;

use countmein::tally::budget::{
    election::Election,
    outcome::{Exact, Outcome, Price, Reason, Stage},
    profile::Weights,
    rule::{Completion, Greedy, Rule},
    ties,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::{
    case::Case,
    reference::{self, fraction},
};

/// Most voters, each by himself, that the plain rules are run with.
const MOST_VOTERS: u64 = 60;
const MOST_UNIT: u64 = 1_000_000;

fn wide(exact: &Exact) -> BigRational {
    let ratio = exact.ratio();
    BigRational::new(
        BigInt::from(ratio.numer().clone()),
        BigInt::from(ratio.denom().clone()),
    )
}

fn priced(outcome: &Outcome) -> Vec<(usize, BigRational)> {
    let figure = |price: &Price| match price {
        Price::Shares { per_point, .. } => wide(per_point),
        Price::Load { load } => wide(load),
    };
    let winners = outcome.winners.iter();
    winners
        .filter_map(|w| Some((w.project, figure(w.price.as_ref()?))))
        .collect()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, ours: &T, theirs: &T) -> Result<(), String> {
    if ours == theirs {
        Ok(())
    } else {
        Err(format!("{what}: {ours:?} instead of {theirs:?}"))
    }
}

/// Compares with the plain rule where it is quick enough.
pub fn agrees(
    case: &Case,
    election: &Election,
    weights: &Weights,
    outcome: &Outcome,
) -> Result<(), String> {
    let ranks = ties::ranks(&case.ties, election.projects(), &election.votes(weights));
    let people = weights.voters();
    // The plain rules count in 64 bits.
    let few = (1..=MOST_VOTERS).contains(&people) && case.unit <= MOST_UNIT;
    match &case.rule {
        Rule::Greedy(options) => same(
            "greedy",
            &outcome.funded(),
            &greedy(election, weights, &ranks, options, false),
        ),
        Rule::GreedyPerCost(options) => {
            let options = Greedy {
                fund_unsupported: options.fund_unsupported,
                ..Greedy::default()
            };
            same(
                "greedy per cost",
                &outcome.funded(),
                &greedy(election, weights, &ranks, &options, true),
            )
        }
        Rule::Phragmen(_) if few && election.projects().len() < 9 => {
            let crowd = reference::voters(election, weights);
            same(
                "Phragmén",
                &priced(outcome),
                &reference::phragmen(election, &crowd, &ranks),
            )
        }
        Rule::EqualShares(options)
            if few
                && election.projects().len() < 9
                && options.eligibility.is_none()
                && !outcome.comparison.is_some_and(|c| c.greedy_wins) =>
        {
            let crowd = reference::voters(election, weights);
            let theirs = match options.completion {
                Completion::Add1(add1) | Completion::Add1Greedy(add1) => {
                    let (bought, share) =
                        reference::add1(election, &crowd, options.utility, &ranks, add1);
                    let ours = outcome.endowment.as_ref().map(|e| wide(&e.last));
                    same("share", &ours, &Some(share))?;
                    bought
                }
                Completion::None | Completion::Greedy => {
                    let share = fraction(case.budget, people);
                    reference::equal_shares(election, &crowd, options.utility, &ranks, &share)
                }
            };
            same("equal shares", &priced(outcome), &theirs)
        }
        _ => Ok(()),
    }
}

/// Goes down the list once.
fn greedy(
    election: &Election,
    weights: &Weights,
    ranks: &[usize],
    options: &Greedy,
    per_cost: bool,
) -> Vec<usize> {
    let (points, votes) = (election.scores(weights), election.votes(weights));
    let projects = election.projects();
    let takes_part = |p: &usize| {
        (votes[*p] > 0 || options.fund_unsupported) && points[*p] >= options.threshold.unwrap_or(0)
    };
    let mut order: Vec<usize> = (0..projects.len()).filter(takes_part).collect();
    order.sort_by_key(|p| {
        let cost = projects[*p].cost.minor();
        let worth = match cost {
            _ if !per_cost => (false, fraction(points[*p], 1)),
            // What costs nothing is worth more than anything, if it is worth something.
            0 => (points[*p] > 0, BigRational::zero()),
            _ => (false, fraction(points[*p], cost)),
        };
        (Reverse(worth), ranks[*p])
    });
    let mut funded: Vec<usize> = Vec::new();
    for project in order {
        let cost = projects[project].cost.minor();
        let spent = |with: &dyn Fn(usize) -> bool| -> u64 {
            let others = funded.iter().filter(|p| with(**p));
            others.map(|p| projects[*p].cost.minor()).sum()
        };
        if spent(&|_| true) + cost > election.budget().minor() {
            if options.no_skip {
                break;
            }
            continue;
        }
        let capped = options.category_caps.iter().any(|cap| {
            let of = |p: usize| projects[p].categories.contains(&cap.name);
            of(project) && spent(&of) + cost > cap.limit.minor()
        }) || options.neighborhood_caps.iter().any(|cap| {
            let of = |p: usize| projects[p].neighborhoods.contains(&cap.name);
            of(project) && spent(&of) + cost > cap.limit.minor()
        });
        let group = &projects[project].exclusive_group;
        let excluded = options.exclusive_groups
            && group.is_some()
            && funded
                .iter()
                .any(|p| projects[*p].exclusive_group == *group);
        if !capped && !excluded {
            funded.push(project);
        }
    }
    funded
}

/// Under equal shares, the payments of the supporters add up to the cost, nobody pays what he does
/// not have, nobody more than his share in all, and full and poor payers are counted rightly.
pub fn payments(
    case: &Case,
    election: &Election,
    weights: &Weights,
    outcome: &Outcome,
) -> Result<(), String> {
    let (Rule::EqualShares(_), Some(endowment)) = (&case.rule, &outcome.endowment) else {
        return Ok(());
    };
    let share = wide(&endowment.last);
    let mut purses = vec![share; weights.counts().len()];
    for winner in outcome.winners.iter().filter(|w| w.stage == Stage::Rule) {
        let Some(Price::Shares {
            per_point,
            full,
            poor,
            effective_votes,
        }) = &winner.price
        else {
            continue;
        };
        let per_point = wide(per_point);
        let mut paid = BigRational::zero();
        let (mut rich, mut emptied) = (0, 0);
        for ((marks, people), purse) in election
            .profile()
            .ballots()
            .zip(weights.counts())
            .zip(&mut purses)
        {
            let Some(mark) = marks.iter().find(|m| m.project as usize == winner.project) else {
                continue;
            };
            let due = &per_point * fraction(mark.points.into(), 1);
            let payment = if due < *purse {
                due.clone()
            } else {
                purse.clone()
            };
            // Who paid all he had in an earlier round pays nothing, and is neither.
            if due <= *purse {
                rich += people;
            } else if !purse.is_zero() {
                emptied += people;
            }
            *purse -= &payment;
            paid += payment * fraction(*people, 1);
        }
        let cost = fraction(case.costs[winner.project], 1);
        same("payments", &paid, &cost)?;
        same(
            "effective votes",
            &wide(effective_votes),
            &(cost / per_point),
        )?;
        same("payers", &(full + poor), &(rich + emptied))?;
    }
    if purses.iter().any(|purse| *purse < BigRational::zero()) {
        return Err("somebody paid more than his share".to_owned());
    }
    Ok(())
}

/// Under equal shares without completion nobody is left who could buy anything.
pub fn nothing_left_to_buy(outcome: &Outcome, case: &Case) -> Result<(), String> {
    let Rule::EqualShares(options) = &case.rule else {
        return Ok(());
    };
    for loser in &outcome.losers {
        if let Reason::SupportersShort { money } = &loser.reason
            && options.comparison.is_none()
            && wide(money) >= fraction(case.costs[loser.project], 1)
        {
            return Err(format!(
                "supporters of {} have enough: {money:?}",
                loser.project
            ));
        }
    }
    Ok(())
}
