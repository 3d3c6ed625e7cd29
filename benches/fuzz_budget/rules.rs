//! Random elections under every rule and option: what holds of any outcome.

use std::sync::OnceLock;

use countmein::tally::budget::{
    case::Case as Count,
    certainty::{
        Change, bootstrap, first_change, margins_by_counting, noise_curve, own_margins,
        rival_margins,
    },
    counter::{CountError, Counter},
    election::Election,
    explain::{Limits, compare_rules, explain, usual_rules, without_channels},
    outcome::{Outcome, Reason, Stage},
    profile::Weights,
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::{
    case::{Case, money},
    elections, oracle,
    shrink::shrink,
    watch::guarded,
};

fn report(case: Case, rng: &mut StdRng, whole: bool) -> Option<String> {
    let seed = rng.random();
    let check = |case: &Case| guarded(|| check(case, seed, whole));
    let fault = check(&case).err()?;
    let (case, fault) = shrink(case, fault, Case::smaller, check);
    Some(format!("{fault}\n{case:?}"))
}

pub fn small(rng: &mut StdRng) -> Option<String> {
    let whole = rng.random_bool(0.3);
    report(elections::small(rng), rng, whole)
}

pub fn giant(rng: &mut StdRng) -> Option<String> {
    let whole = rng.random_bool(0.2);
    report(elections::giant(rng), rng, whole)
}

pub fn wide(rng: &mut StdRng) -> Option<String> {
    let whole = rng.random_bool(0.05);
    report(elections::wide(rng), rng, whole)
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn check(case: &Case, seed: u64, whole: bool) -> Result<(), String> {
    let election = case.election();
    let profile = election.profile();
    let everyone = profile.everyone();
    let mut electorates = vec![everyone];
    if whole {
        electorates.push(profile.without(0));
        electorates.push(Weights::new(vec![0; profile.distinct()], 0).map_err(|e| e.to_string())?);
    }
    for weights in &electorates {
        let counter = Counter::new(&election);
        let outcome = match counter.outcome(weights, &case.rule, &case.ties) {
            Ok(outcome) => outcome,
            Err(CountError::TooManyRuns) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        sound(case, &election, weights, &outcome)?;
        let winners = counter
            .winners(weights, &case.rule, &case.ties)
            .map_err(|e| e.to_string())?;
        ensure(winners == outcome.funded(), || {
            format!("{winners:?} are not {outcome:?}")
        })?;
        oracle::agrees(case, &election, weights, &outcome)?;
        oracle::payments(case, &election, weights, &outcome)?;
        oracle::nothing_left_to_buy(&outcome, case)?;
    }
    let outcome = Counter::new(&election)
        .outcome(&electorates[0], &case.rule, &case.ties)
        .map_err(|e| e.to_string())?;
    turned(case, &outcome, seed)?;
    if whole {
        explained(case, &election, &electorates[0], &outcome, seed)?;
    }
    Ok(())
}

/// The books of an outcome are right.
fn sound(
    case: &Case,
    election: &Election,
    weights: &Weights,
    outcome: &Outcome,
) -> Result<(), String> {
    let spent: u64 = outcome.winners.iter().map(|w| case.costs[w.project]).sum();
    ensure(spent <= case.budget, || format!("over budget: {outcome:?}"))?;
    ensure(
        outcome.spent.minor() == spent && spent + outcome.left.minor() == case.budget,
        || format!("spent and left are wrong: {outcome:?}"),
    )?;
    let mut seen: Vec<usize> = outcome.funded();
    seen.extend(outcome.losers.iter().map(|loser| loser.project));
    seen.sort_unstable();
    ensure(seen.iter().copied().eq(0..case.costs.len()), || {
        format!("not every project once: {outcome:?}")
    })?;
    let (points, votes) = (election.scores(weights), election.votes(weights));
    for (place, winner) in outcome.winners.iter().enumerate() {
        let right = winner.round == place + 1
            && winner.points == points[winner.project]
            && winner.votes == votes[winner.project];
        ensure(right, || format!("figures of {winner:?}"))?;
    }
    for loser in &outcome.losers {
        let cost = case.costs[loser.project];
        let holds = match &loser.reason {
            Reason::NoSupport => votes[loser.project] == 0,
            Reason::OverBudget => cost > case.budget,
            Reason::BelowThreshold { threshold } => points[loser.project] < *threshold,
            Reason::DoesNotFit { left } => cost > left.minor(),
            Reason::Excluded { by } => outcome.funded().contains(by),
            Reason::CategoryCap { left, .. } | Reason::NeighborhoodCap { left, .. } => {
                cost > left.minor()
            }
            Reason::Outvoted => outcome.comparison.is_some_and(|c| c.greedy_wins),
            Reason::NotEligible | Reason::AfterStop { .. } | Reason::SupportersShort { .. } => true,
        };
        ensure(holds, || format!("the reason of {loser:?} in {outcome:?}"))?;
    }
    for tie in &outcome.ties {
        ensure(
            !tie.others.is_empty() && !tie.others.contains(&tie.chosen),
            || format!("{tie:?}"),
        )?;
    }
    if let Some(compared) = outcome.comparison {
        let all = compared.prefer_equal_shares + compared.prefer_greedy + compared.indifferent;
        ensure(all == weights.voters(), || format!("{compared:?}"))?;
        let stages = outcome.winners.iter().any(|w| w.stage == Stage::Comparison);
        ensure(!stages || compared.greedy_wins, || format!("{outcome:?}"))?;
    }
    Ok(())
}

/// The order of ballots and of projects, splitting a ballot, and the number of threads change nothing.
fn turned(case: &Case, outcome: &Outcome, seed: u64) -> Result<(), String> {
    static THREADS: OnceLock<rayon::ThreadPool> = OnceLock::new();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut other = case.clone();
    other.ballots.shuffle(&mut rng);
    if let Some(first) = other.ballots.first_mut().filter(|b| b.people > 1) {
        let part = first.people / 2;
        first.people -= part;
        let mut second = first.clone();
        second.people = part;
        other.ballots.push(second);
    }
    for ballot in &mut other.ballots {
        ballot.marks.shuffle(&mut rng);
    }
    let same = count(&other)?;
    ensure(same == *outcome, || {
        format!("other ballots: {same:?} instead of {outcome:?}")
    })?;
    if rng.random_bool(0.1) {
        let build = || {
            rayon::ThreadPoolBuilder::new()
                .num_threads(3)
                .build()
                .expect("threads")
        };
        let same = THREADS.get_or_init(build).install(|| count(case))?;
        ensure(same == *outcome, || {
            format!("three threads: {same:?} instead of {outcome:?}")
        })?;
    }
    moved(case, outcome, &mut rng)
}

fn count(case: &Case) -> Result<Outcome, String> {
    let election = case.election();
    let everyone = election.profile().everyone();
    Counter::new(&election)
        .outcome(&everyone, &case.rule, &case.ties)
        .map_err(|e| e.to_string())
}

/// The same election with its projects in another order.
fn moved(case: &Case, outcome: &Outcome, rng: &mut StdRng) -> Result<(), String> {
    let mut order: Vec<usize> = (0..case.costs.len()).collect();
    order.shuffle(rng);
    let moved = count(&case.with_order(&order))?;
    let back = |place: usize| order[place];
    let alike = winners(&moved, back) == winners(outcome, |p| p)
        && losers(&moved, back) == losers(outcome, |p| p)
        && moved.decisive_tie() == outcome.decisive_tie()
        && moved.endowment == outcome.endowment
        && moved.comparison == outcome.comparison;
    ensure(alike, || {
        format!("projects in the order {order:?}: {moved:?} instead of {outcome:?}")
    })
}

/// Winners as text, the projects by their positions before they were moved.
fn winners(outcome: &Outcome, back: impl Fn(usize) -> usize) -> Vec<String> {
    let winners = outcome.winners.iter();
    winners
        .map(|w| format!("{} {:?} {:?}", back(w.project), w.stage, w.price))
        .collect()
}

/// The same of the losers, by position.
fn losers(outcome: &Outcome, back: impl Fn(usize) -> usize) -> Vec<(usize, String)> {
    let reason = |reason: &Reason| match reason {
        Reason::Excluded { by } => format!("excluded by {}", back(*by)),
        other => format!("{other:?}"),
    };
    let losers = outcome.losers.iter();
    let mut losers: Vec<_> = losers
        .map(|l| (back(l.project), reason(&l.reason)))
        .collect();
    losers.sort();
    losers
}

/// Explanations and checks of certainty end, and agree with the outcome.
fn explained(
    case: &Case,
    election: &Election,
    weights: &Weights,
    outcome: &Outcome,
    seed: u64,
) -> Result<(), String> {
    let go_on = |_: u64, _: u64| true;
    let count = Count {
        election,
        weights,
        rule: &case.rule,
        ties: &case.ties,
    };
    let text = |error: countmein::tally::budget::case::CaseError| error.to_string();
    let limits = Limits {
        counts: 25,
        losers: 3,
    };
    let explained = explain(&count, outcome, limits, &go_on).map_err(text)?;
    ensure(explained.losers.len() == outcome.losers.len(), || {
        format!("{explained:?}")
    })?;
    for loser in &explained.losers {
        if let Some(cost) = loser.cost_needed.value() {
            let mut cheaper = case.clone();
            cheaper.costs[loser.loser.project] = money(cost.minor()).minor();
            let election = cheaper.election();
            let everyone = election.profile().everyone();
            let winners = Counter::new(&election)
                .winners(&everyone, &case.rule, &case.ties)
                .map_err(|e| e.to_string())?;
            ensure(winners.contains(&loser.loser.project), || {
                format!("not funded at this cost: {loser:?}")
            })?;
        }
    }
    compare_rules(&count, &usual_rules_within(case)).map_err(text)?;
    without_channels(&count).map_err(text)?;
    own_margins(&count);
    rival_margins(&count);
    for change in [Change::Added, Change::Removed, Change::Replaced] {
        first_change(&count, change).map_err(text)?;
    }
    let some: Vec<usize> = (0..case.costs.len().min(3)).collect();
    margins_by_counting(&count, outcome, &some, 20, &go_on).map_err(text)?;
    if weights.voters() > 0 {
        bootstrap(&count, 2, seed, &go_on).map_err(text)?;
        noise_curve(&count, &[0, 10, 1000], 1, seed, &go_on).map_err(text)?;
    }
    Ok(())
}

/// The usual rules, without the one that raises shares by single units where amounts are giant.
fn usual_rules_within(case: &Case) -> Vec<countmein::tally::budget::rule::Rule> {
    let dearest = case.costs.iter().copied().max().unwrap_or(0);
    let quick = dearest / case.unit < 300;
    let growing = |rule: &countmein::tally::budget::rule::Rule| {
        matches!(rule, countmein::tally::budget::rule::Rule::EqualShares(_))
    };
    usual_rules()
        .into_iter()
        .filter(|rule| quick || !growing(rule))
        .collect()
}
