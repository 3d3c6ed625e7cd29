//! The Method of Equal Shares with its completions and the comparison with greedy.
//!
//! Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities",
//! 2021. Completion by raising the share is what Wieliczka, Świecie and Assen used.

mod books;
mod choice;
mod comparison;
mod purchase;
mod run;
mod scan;
mod search;

use std::collections::HashSet;

use crate::domain::money::Money;

use super::{
    counter::CountError,
    decision::{Decision, Pick},
    greedy::{self, Measure},
    outcome::{Exact, Price, Reason, Stage, Tie},
    poll::Poll,
    rule::{Completion, EqualShares, Greedy},
};
use run::Run;
use search::Search;

pub(super) fn decide(poll: &Poll, options: &EqualShares) -> Result<Decision, CountError> {
    let eligible = eligible(poll, options.eligibility);
    let search = Search::new(poll, options, &eligible, true)?;
    let mut decision = describe(poll, options, &eligible, &search);
    finish(poll, options, &eligible, &mut decision);
    Ok(decision)
}

/// Positions of the winners in the order of selection, without their figures.
pub(super) fn winners(poll: &Poll, options: &EqualShares) -> Result<Vec<usize>, CountError> {
    let eligible = eligible(poll, options.eligibility);
    let search = Search::new(poll, options, &eligible, false)?;
    let mut decision = Decision::new(poll.projects());
    let free = poll.free().into_iter().filter(|p| eligible[*p]);
    for project in free.chain(search.bought) {
        decision.picks.push(Pick::new(project, Stage::Rule));
    }
    finish(poll, options, &eligible, &mut decision);
    Ok(decision.funded())
}

/// Completes and compares what equal shares themselves bought.
fn finish(poll: &Poll, options: &EqualShares, eligible: &[bool], decision: &mut Decision) {
    if matches!(
        options.completion,
        Completion::Greedy | Completion::Add1Greedy(_)
    ) {
        let completion = complete(poll, options, eligible, decision);
        decision.complete(completion);
    }
    if let Some(comparison) = options.comparison {
        comparison::compare(poll, options, comparison, decision);
    }
}

/// Which projects take part: those with `votes / voters >= cost / (k · budget)`.
fn eligible(poll: &Poll, factor: Option<u64>) -> Vec<bool> {
    let voters = u128::from(poll.weights.voters());
    let Some(factor) = factor else {
        return vec![true; poll.projects()];
    };
    // A product beyond 128 bits is larger than any cost times any number of voters.
    let most = u128::from(factor) * u128::from(poll.budget);
    (0..poll.projects())
        .map(|project| {
            let right = u128::from(poll.costs[project]) * voters;
            most.checked_mul(poll.votes[project].into())
                .is_none_or(|left| left >= right)
        })
        .collect()
}

/// Writes the outcome of a search out with prices and reasons.
fn describe(poll: &Poll, options: &EqualShares, eligible: &[bool], search: &Search) -> Decision {
    let mut decision = Decision::new(poll.projects());
    for project in poll.free().into_iter().filter(|p| eligible[*p]) {
        decision.picks.push(Pick::new(project, Stage::Rule));
    }
    let mut run = Run::new(poll, options.utility, eligible, search.total);
    run.finish();
    let books = run.open_books();
    let had_nothing = books.had_nothing(&run);
    for (round, bought) in run.rounds.iter().enumerate() {
        decision.picks.push(Pick {
            project: bought.project,
            stage: Stage::Rule,
            tied: bought.tied.others.clone(),
            price: Some(price(
                &run,
                bought.project,
                round,
                &books.price_of_round(round),
                &had_nothing,
            )),
        });
    }
    for (chosen, tied) in &search.ties {
        decision.ties.push(Tie {
            round: 0,
            stage: Stage::Rule,
            chosen: *chosen,
            others: tied.others.clone(),
            // For now: whoever finds out asks only about those that may be.
            decisive: !tied.harmless,
        });
    }
    let open = decision.open();
    for project in (0..poll.projects()).filter(|p| open[*p]) {
        decision.reasons[project] = Some(if poll.votes[project] == 0 {
            Reason::NoSupport
        } else if poll.costs[project] > poll.budget {
            Reason::OverBudget
        } else if eligible[project] {
            let money = books.money_left(&run, project);
            Reason::SupportersShort { money }
        } else {
            Reason::NotEligible
        });
    }
    decision.endowment = search.endowment(poll);
    decision
}

fn price(
    run: &Run,
    project: usize,
    round: usize,
    per_point: &Exact,
    had_nothing: &HashSet<usize>,
) -> Price {
    let (mut full, mut poor) = (0, 0);
    for (ballot, _) in run.poll.supporters.of_project(project).iter() {
        let emptied = run.emptied[ballot] as usize;
        if emptied == round && !had_nothing.contains(&ballot) {
            poor += run.poll.people(ballot);
        } else if emptied > round {
            full += run.poll.people(ballot);
        }
    }
    let ratio = per_point.ratio();
    let cost = ratio.denom() * run.poll.costs[project];
    Price::Shares {
        per_point: per_point.clone(),
        effective_votes: Exact::new(cost, ratio.numer().clone()),
        full,
        poor,
    }
}

/// Greedy with what is left.
fn complete(
    poll: &Poll,
    options: &EqualShares,
    eligible: &[bool],
    decision: &Decision,
) -> Decision {
    let open: Vec<bool> = decision
        .open()
        .into_iter()
        .zip(eligible)
        .map(|(open, eligible)| open && *eligible)
        .collect();
    let left = poll
        .election
        .budget()
        .checked_sub(decision.spent(poll))
        .unwrap_or(Money::ZERO);
    let options = Greedy {
        fund_unsupported: options.fund_unsupported,
        ..Greedy::default()
    };
    greedy::fund(
        poll,
        &options,
        Measure::Points,
        &open,
        left,
        Stage::Completion,
    )
}
