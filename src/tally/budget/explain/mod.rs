//! Why the outcome is what it is, as data; the words for it are the view's.
//!
//! [`explain`] puts together what is known of one outcome. What takes many more counts, or looks
//! beyond the rule, is apart: [`compare_rules`], [`without_channels`], and everything in
//! [`super::certainty`].

mod comparison;
mod funding_line;
pub(super) mod needed;
mod people;
mod support;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use crate::domain::money::Money;

use super::{
    case::{Case, CaseError, Progress, WithSingletons, flags, strongest_mark},
    outcome::{Loser, Outcome, Winner},
    standing::Standing,
};
pub use comparison::{
    Comparison, UnderRule, WithoutChannel, compare_rules, usual_rules, without_channels,
};
pub use funding_line::{Line, funding_line};
pub use needed::Needed;
pub use people::People;
pub use support::{SpentOn, Support, support};

/// One outcome, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// In the order of selection, with round, price and effective votes.
    pub winners: Vec<Winner>,
    /// By position.
    pub losers: Vec<LoserExplained>,
    /// Greedy rules: the list with the money left after each place.
    pub funding_line: Option<Vec<Line>>,
    pub people: People,
    /// Points that one more voter was taken to give in [`LoserExplained::votes_needed`].
    pub mark: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoserExplained {
    pub loser: Loser,
    /// Equal shares: where the money of its supporters is.
    pub support: Option<Support>,
    /// How many more voters who support this project alone, with the strongest mark that any ballot
    /// has, would have funded it.
    pub votes_needed: Needed<u64>,
    /// The largest cost found at which it would have been funded.
    pub cost_needed: Needed<Money>,
}

/// How far the search for what losers need may go under equal shares and Phragmén, where it counts
/// again and again. Greedy needs no counts for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Counts for each of the two questions about a loser. About 40 find an answer.
    pub counts: u32,
    /// Losers that are searched for, those with the most points first.
    pub losers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            counts: 60,
            losers: 20,
        }
    }
}

impl Limits {
    /// Nothing that takes further counts.
    pub const NONE: Self = Self {
        counts: 0,
        losers: 0,
    };
}

/// Most projects for which greedy's searches are made; the time grows with the square of it.
const MOST_GREEDY: usize = 2_000;

/// Explains `outcome`, which is the outcome of `case`.
///
/// `progress` hears of each loser that has been searched for; if it says stop, the rest are
/// [`Needed::LimitReached`].
///
/// # Errors
/// A count fails.
pub fn explain(
    case: &Case,
    outcome: &Outcome,
    limits: Limits,
    progress: Progress,
) -> Result<Explanation, CaseError> {
    let funded = flags(case.election.projects().len(), &outcome.funded());
    let mark = strongest_mark(case.election.profile());
    let mut supports = support(case, outcome).map(Vec::into_iter);
    let needs = needs(case, outcome, mark, limits, progress)?;
    let losers = outcome.losers.iter().zip(needs);
    let losers = losers.map(|(loser, (votes_needed, cost_needed))| LoserExplained {
        loser: loser.clone(),
        support: supports.as_mut().and_then(Iterator::next),
        votes_needed,
        cost_needed,
    });
    Ok(Explanation {
        winners: outcome.winners.clone(),
        losers: losers.collect(),
        funding_line: funding_line(case),
        people: People::of(case.election, case.weights, &funded),
        mark,
    })
}

type Need = (Needed<u64>, Needed<Money>);

fn needs(
    case: &Case,
    outcome: &Outcome,
    mark: u32,
    limits: Limits,
    progress: Progress,
) -> Result<Vec<Need>, CaseError> {
    let losers: Vec<&Loser> = outcome.losers.iter().collect();
    if let Some(standing) = Standing::of(case) {
        let need = |loser: &Loser| {
            (
                needed::votes_greedy(&standing, loser.project, mark),
                needed::cost_greedy(&standing, loser.project),
            )
        };
        return Ok(if standing.places.len() > MOST_GREEDY {
            vec![(Needed::LimitReached, Needed::LimitReached); losers.len()]
        } else {
            losers.into_par_iter().map(need).collect()
        });
    }
    let mut found = vec![(Needed::LimitReached, Needed::LimitReached); losers.len()];
    let mut first: Vec<usize> = (0..losers.len()).collect();
    first.sort_by_key(|place| std::cmp::Reverse(losers[*place].points));
    first.truncate(limits.losers);
    if limits.counts == 0 || first.is_empty() {
        return Ok(found);
    }
    let singletons = WithSingletons::new(case.election, mark)?;
    let (stopped, done, all) = (
        AtomicBool::new(false),
        AtomicU64::new(0),
        first.len() as u64,
    );
    let searched: Result<Vec<(usize, Need)>, CaseError> = first
        .into_par_iter()
        .with_max_len(1)
        .map(|place| {
            let project = losers[place].project;
            if stopped.load(Ordering::Relaxed) {
                return Ok((place, (Needed::LimitReached, Needed::LimitReached)));
            }
            let votes = needed::votes_by_counting(case, &singletons, project, limits.counts)?;
            let step = case.election.unit();
            let cost = if losers[place].votes == 0 {
                Needed::Impossible
            } else {
                needed::cost_by_counting(case, project, step, limits.counts)?
            };
            if !progress(done.fetch_add(1, Ordering::Relaxed) + 1, all) {
                stopped.store(true, Ordering::Relaxed);
            }
            Ok((place, (votes, cost)))
        })
        .collect();
    for (place, need) in searched? {
        found[place] = need;
    }
    Ok(found)
}
