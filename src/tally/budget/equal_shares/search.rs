//! Which share to use: `budget / voters`, or more as long as the outcome stays within the budget.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::domain::money::Money;

use super::{
    super::{
        counter::CountError,
        outcome::{Endowment, Exact},
        poll::Poll,
        rule::{Add1, Completion, EqualShares, Start, Stop},
    },
    run::{Bought, Run, Tied},
};

/// Most runs of one search. Two hundred and eighty thousand is the most that a real election needed
/// (Budapest-Józsefváros 2022, in forints).
const MAX_RUNS: u64 = 2_000_000;
/// Most marks on ballots, summed over the runs of one search: a few minutes of work. Warsaw 2026
/// needs a hundred millions.
const MAX_WORK: u64 = 20_000_000_000;

/// Marks on ballots from which on a run takes longer than waking another core up.
const WORTH_A_CORE: usize = 8_000;

/// The outcome of the last share within the budget.
pub(super) struct Search {
    /// Money of all people together, in minor units.
    pub total: u128,
    pub bought: Vec<usize>,
    /// What was chosen among equals in any of the runs; harmless if it was in all of them.
    pub ties: Vec<(usize, Tied)>,
    start: u128,
    same_from: u128,
    runs: u64,
    notes_ties: bool,
    /// Where in `ties` a tie stands, by who won and who lost it.
    noted: HashMap<(usize, Vec<usize>), usize>,
}

struct Attempt {
    total: u128,
    bought: Vec<usize>,
    spent: u64,
    rounds: Vec<Bought>,
}

fn attempt(
    poll: &Poll,
    options: &EqualShares,
    open: &[bool],
    total: u128,
    notes_ties: bool,
) -> Attempt {
    let mut run = Run::new(poll, options.utility, open, total);
    run.notes_ties = notes_ties;
    run.finish();
    let bought: Vec<usize> = run.rounds.iter().map(|round| round.project).collect();
    Attempt {
        total,
        spent: bought.iter().map(|project| poll.costs[*project]).sum(),
        bought,
        rounds: run.rounds,
    }
}

impl Search {
    /// Ties are noted only where somebody will ask for them.
    pub fn new(
        poll: &Poll,
        options: &EqualShares,
        open: &[bool],
        notes_ties: bool,
    ) -> Result<Self, CountError> {
        let voters = u128::from(poll.weights.voters());
        let budget = u128::from(poll.budget);
        let (add1, start) = match &options.completion {
            Completion::Add1(add1) | Completion::Add1Greedy(add1) => {
                let unit = u128::from(poll.election.unit());
                let start = match add1.start {
                    Start::Exact => budget,
                    Start::Floor => budget
                        .checked_div(voters * unit)
                        .map_or(0, |units| units * voters * unit),
                };
                (Some(add1), start)
            }
            Completion::None | Completion::Greedy => (None, budget),
        };
        let mut search = Self {
            total: start,
            bought: Vec::new(),
            ties: Vec::new(),
            start,
            same_from: start,
            runs: 0,
            notes_ties,
            noted: HashMap::new(),
        };
        let first = attempt(poll, options, open, start, notes_ties);
        search.runs = 1;
        search.note_ties(&first.rounds);
        search.bought.clone_from(&first.bought);
        if let Some(add1) = add1.filter(|_| voters > 0) {
            search.climb(poll, options, open, add1, first)?;
        }
        Ok(search)
    }

    /// Raises the share until the outcome would cost too much, or nothing more can come.
    fn climb(
        &mut self,
        poll: &Poll,
        options: &EqualShares,
        open: &[bool],
        add1: &Add1,
        mut last: Attempt,
    ) -> Result<(), CountError> {
        let step = add1.increment.map_or(poll.election.unit(), Money::minor);
        if step == 0 {
            return Err(CountError::NoIncrement);
        }
        let step = u128::from(step) * u128::from(poll.weights.voters());
        let takes_part = |p: &usize| open[*p] && poll.votes[*p] > 0 && poll.costs[*p] > 0;
        let candidates: Vec<usize> = (0..poll.projects()).filter(takes_part).collect();
        // Every round looks at every project once more at worst.
        let rounds = last.bought.len() + 1;
        let size = poll.supporters.marks() + poll.projects() * rounds;
        let most = MAX_RUNS.min(MAX_WORK / u64::try_from(size).unwrap_or(u64::MAX).max(1));
        let finished = |last: &Attempt| {
            let left = poll.budget.saturating_sub(last.spent);
            let fits = |p: &usize| poll.costs[*p] <= left && !last.bought.contains(p);
            let exhausted = add1.stop == Stop::Exhaustive && !candidates.iter().any(fits);
            // Once all are bought, more money changes nothing.
            exhausted || last.bought.len() == candidates.len()
        };
        while !finished(&last) {
            for next in self.ahead(poll, options, open, step) {
                if self.runs == most {
                    return Err(CountError::TooManyRuns);
                }
                self.runs += 1;
                self.note_ties(&next.rounds);
                if next.spent > poll.budget {
                    return Ok(());
                }
                if !same(&next.bought, &self.bought) {
                    self.same_from = next.total;
                }
                self.total = next.total;
                self.bought.clone_from(&next.bought);
                last = next;
                if finished(&last) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The next step, or the next steps, one for each core, where a run is long. Some may turn out to be beyond the end of the search.
    fn ahead(&self, poll: &Poll, options: &EqualShares, open: &[bool], step: u128) -> Vec<Attempt> {
        let after = |steps: u64| {
            let more = step.saturating_mul(steps.into());
            let total = self.total.saturating_add(more);
            attempt(poll, options, open, total, self.notes_ties)
        };
        if poll.supporters.marks() < WORTH_A_CORE {
            return vec![after(1)];
        }
        let cores = u64::try_from(rayon::current_num_threads()).unwrap_or(1);
        let steps = (1..=cores.clamp(1, 16)).into_par_iter();
        steps.map(after).collect()
    }

    fn note_ties(&mut self, rounds: &[Bought]) {
        for Bought { project, tied } in rounds {
            if tied.others.is_empty() {
                continue;
            }
            let place = self.ties.len();
            let key = (*project, tied.others.clone());
            let noted = *self.noted.entry(key).or_insert(place);
            match self.ties.get_mut(noted) {
                Some((_, known)) => known.harmless &= tied.harmless,
                None => self.ties.push((*project, tied.clone())),
            }
        }
    }

    /// None if there are no voters.
    pub fn endowment(&self, poll: &Poll) -> Option<Endowment> {
        let voters = poll.weights.voters();
        let share = |total: u128| Exact::new(total.into(), voters.into());
        (voters > 0).then(|| Endowment {
            start: share(self.start),
            last: share(self.total),
            same_from: share(self.same_from),
            runs: self.runs,
        })
    }
}

/// Whether the same projects were bought, in whatever order.
fn same(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().all(|project| b.contains(project))
}
