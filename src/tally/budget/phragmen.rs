//! Sequential Phragmén for budgets.
//!
//! Every voter earns money at the same pace. As soon as the supporters of a project have what it
//! costs, it is bought and they start again from nothing. In terms of loads, with `load_i` the time at
//! which voter `i` last paid: a project can be bought at `t(p) = (c(p) + Σ load_i) / votes(p)`, where
//! the sum is over its supporters, and the least `t` wins. Los, Christoff and Grossi, "Proportional
//! Budget Allocations", 2022. The rule stops when a project that is due does not fit the money left;
//! projects that cost more than the budget take no part. How many points a ballot gives plays no part.
//!
//! Loads are kept in whole ticks, rounded down, and are off by at most one tick for each round so far.
//! Projects whose times differ by more are compared by them; all others by fractions.

use std::cmp::Ordering;

use num_bigint::BigInt;

use crate::domain::money::Money;

use super::{
    decision::{Decision, Pick},
    fractions::Fractions,
    greedy,
    outcome::{Exact, Price, Reason, Stage, Tie},
    poll::Poll,
    rule::{Greedy, Phragmen},
};

/// Not paid yet.
const NEVER: usize = usize::MAX;

/// Without `figures`, nothing is worked out that only explains the outcome.
pub(super) fn decide(poll: &Poll, options: &Phragmen, figures: bool) -> Decision {
    let mut decision = Decision::new(poll.projects());
    for project in poll.free() {
        decision.picks.push(Pick::new(project, Stage::Rule));
    }
    let mut race = Race::new(poll);
    let stopped = race.run(&mut decision, figures);
    if options.fund_unsupported && !stopped {
        race.fund_unsupported(&mut decision);
    }
    let left = race.left;
    let open = decision.open();
    for project in (0..poll.projects()).filter(|p| open[*p]) {
        decision.reasons[project] = Some(if poll.votes[project] == 0 {
            Reason::NoSupport
        } else if poll.costs[project] > poll.budget {
            Reason::OverBudget
        } else if poll.costs[project] > left.minor() {
            Reason::DoesNotFit { left }
        } else {
            Reason::AfterStop { left }
        });
    }
    if options.complete {
        let plain = Greedy {
            fund_unsupported: options.fund_unsupported,
            ..Greedy::default()
        };
        let measure = greedy::Measure::Points;
        let stage = Stage::Completion;
        decision.complete(greedy::fund(poll, &plain, measure, &open, left, stage));
    }
    decision
}

struct Race<'p> {
    poll: &'p Poll<'p>,
    left: Money,
    /// Binary digits of a tick.
    shift: u32,
    /// The round in which a ballot last paid.
    paid_in: Vec<usize>,
    /// `load · people` summed over the supporters of a project, in ticks.
    loads: Vec<u128>,
    /// The time of each round, in ticks.
    times: Vec<u64>,
    rounds: Vec<usize>,
    runners: Vec<usize>,
    fractions: Fractions,
    /// For each round, how many supporters of its project had last paid in which round.
    owed: Vec<Vec<i128>>,
}

impl<'p> Race<'p> {
    fn new(poll: &'p Poll<'p>) -> Self {
        // No time is beyond twice the budget: a project that fits costs at most the budget, and the
        // load of no supporter is beyond what has been spent.
        let highest = poll.budget.saturating_mul(2).max(1);
        Self {
            poll,
            left: poll.election.budget(),
            shift: highest.leading_zeros() - 1,
            paid_in: vec![NEVER; poll.weights.counts().len()],
            loads: vec![0; poll.projects()],
            times: Vec::new(),
            rounds: Vec::new(),
            runners: (0..poll.projects())
                .filter(|p| {
                    let cost = poll.costs[*p];
                    poll.votes[*p] > 0 && cost > 0 && cost <= poll.budget
                })
                .collect(),
            fractions: Fractions::new(0, 1),
            owed: Vec::new(),
        }
    }

    /// Buys until a project that is due does not fit. Returns whether that happened.
    fn run(&mut self, decision: &mut Decision, figures: bool) -> bool {
        while !self.runners.is_empty() {
            let due = self.due();
            let Some(project) = self.poll.first(&due) else {
                return false;
            };
            if due.iter().any(|p| self.poll.costs[*p] > self.left.minor()) {
                return true;
            }
            let mut tied: Vec<usize> = due.into_iter().filter(|p| *p != project).collect();
            tied.sort_unstable_by_key(|project| self.poll.ranks[*project]);
            if !tied.is_empty() {
                decision.ties.push(Tie {
                    round: 0,
                    stage: Stage::Rule,
                    chosen: project,
                    others: tied.clone(),
                    // Whoever finds out asks only about those that are marked.
                    decisive: true,
                });
            }
            self.buy(project);
            let price = figures.then(|| self.price());
            decision.picks.push(Pick {
                tied,
                price,
                ..Pick::new(project, Stage::Rule)
            });
        }
        false
    }

    /// The true time of the last round.
    fn price(&mut self) -> Price {
        self.settle();
        let (numerator, denominator) = self.fractions.get(self.rounds.len());
        Price::Load {
            load: Exact::new(numerator, denominator),
        }
    }

    /// The time of a project in ticks, rounded down: true to within one tick more than the loads.
    fn time(&self, project: usize) -> u64 {
        let cost = u128::from(self.poll.costs[project]) << self.shift;
        let time = (cost + self.loads[project]) / u128::from(self.poll.votes[project]);
        u64::try_from(time).unwrap_or(u64::MAX)
    }

    /// All projects with the least true time.
    fn due(&mut self) -> Vec<usize> {
        let times: Vec<u64> = self.runners.iter().map(|p| self.time(*p)).collect();
        let off = u64::try_from(self.rounds.len()).unwrap_or(u64::MAX) + 1;
        let least = times.iter().min().map_or(0, |t| t.saturating_add(2 * off));
        let near = self.runners.iter().zip(&times);
        let near: Vec<usize> = near
            .filter(|(_, t)| **t <= least)
            .map(|(p, _)| *p)
            .collect();
        if near.len() == 1 {
            return near;
        }
        self.settle();
        let mut due: Vec<usize> = Vec::new();
        let mut best: Option<(BigInt, u64)> = None;
        for project in near {
            let owed = self.owed_by(project, self.rounds.len());
            let numerator = self.fractions.combine(self.poll.costs[project], &owed);
            let votes = self.poll.votes[project];
            let order = best.as_ref().map_or(Ordering::Less, |(least, of)| {
                (&numerator * *of).cmp(&(least * votes))
            });
            if order == Ordering::Less {
                due.clear();
                best = Some((numerator, votes));
            }
            if order != Ordering::Greater {
                due.push(project);
            }
        }
        due
    }

    /// How many supporters last paid in which of the first `rounds` rounds. Place 0 is the zero that
    /// the fractions begin with.
    fn owed_by(&self, project: usize, rounds: usize) -> Vec<i128> {
        let mut owed = vec![0; rounds + 1];
        for (ballot, _) in self.poll.supporters.of_project(project).iter() {
            let round = self.paid_in[ballot];
            if round != NEVER {
                owed[round + 1] += i128::from(self.poll.people(ballot));
            }
        }
        owed
    }

    fn buy(&mut self, project: usize) {
        let time = self.time(project);
        self.owed.push(self.owed_by(project, self.rounds.len()));
        let profile = self.poll.election.profile();
        for (ballot, _) in self.poll.supporters.of_project(project).iter() {
            let people = u128::from(self.poll.people(ballot));
            let before = self.times.get(self.paid_in[ballot]).copied().unwrap_or(0);
            for mark in profile.ballot(ballot) {
                let load = &mut self.loads[mark.project as usize];
                *load = *load + people * u128::from(time) - people * u128::from(before);
            }
            self.paid_in[ballot] = self.rounds.len();
        }
        self.times.push(time);
        self.rounds.push(project);
        self.runners.retain(|p| *p != project);
        let cost = self.poll.election.projects()[project].cost;
        self.left = self.left.checked_sub(cost).unwrap_or(Money::ZERO);
    }

    /// Works out the true times of the rounds so far.
    fn settle(&mut self) {
        for round in self.fractions.len() - 1..self.rounds.len() {
            let project = self.rounds[round];
            let cost = self.poll.costs[project];
            let numerator = self.fractions.combine(cost, &self.owed[round]);
            self.fractions.push(numerator, self.poll.votes[project]);
        }
    }

    /// Projects that nobody supports are due together at the end of time.
    fn fund_unsupported(&mut self, decision: &mut Decision) {
        let poll = self.poll;
        let lonely = |p: &usize| poll.votes[*p] == 0 && poll.costs[*p] <= poll.budget;
        let mut lonely: Vec<usize> = (0..poll.projects()).filter(lonely).collect();
        lonely.sort_by_key(|p| poll.ranks[*p]);
        for place in 0..lonely.len() {
            let waiting = &lonely[place..];
            if waiting.iter().any(|p| poll.costs[*p] > self.left.minor()) {
                return;
            }
            let cost = poll.election.projects()[lonely[place]].cost;
            self.left = self.left.checked_sub(cost).unwrap_or(Money::ZERO);
            decision.picks.push(Pick::new(lonely[place], Stage::Rule));
        }
    }
}
