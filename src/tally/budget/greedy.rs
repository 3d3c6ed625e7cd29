//! Greedy rules: projects come in an order, and each is funded if there is money for it.
//!
//! [`walk`] is the one implementation. By points it is what most cities do; by points per cost it
//! is the rule for which a vote is worth more on a cheap project; with thresholds, caps and exclusive
//! groups it is what some cities make of it.

mod limits;

use std::{cmp::Ordering, collections::HashMap};

use crate::domain::money::Money;

use super::{
    decision::{Decision, Pick},
    outcome::{Reason, Stage, Tie},
    poll::Poll,
    rule::Greedy,
};
use limits::Limits;

/// What puts one project before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Points,
    PointsPerCost,
}

impl Measure {
    /// The better of two projects with support comes first.
    fn compare(self, poll: &Poll, a: usize, b: usize) -> Ordering {
        let supported = |p: usize| poll.points[p] > 0;
        let wide = |points: u64, cost: u64| u128::from(points) * u128::from(cost);
        match self {
            Self::Points => poll.points[b].cmp(&poll.points[a]),
            Self::PointsPerCost if supported(a) && supported(b) => {
                wide(poll.points[b], poll.costs[a]).cmp(&wide(poll.points[a], poll.costs[b]))
            }
            Self::PointsPerCost => supported(b).cmp(&supported(a)),
        }
    }
}

/// Funds greedily what `open` projects and `left` money allow. `fund_unsupported` and the other
/// options are those of `options`.
pub(super) fn fund(
    poll: &Poll,
    options: &Greedy,
    measure: Measure,
    open: &[bool],
    left: Money,
    stage: Stage,
) -> Decision {
    let mut decision = Decision::new(poll.projects());
    let mut order = Vec::new();
    for project in (0..poll.projects()).filter(|p| open[*p]) {
        let threshold = options.threshold.unwrap_or(0);
        if poll.votes[project] == 0 && !options.fund_unsupported {
            decision.reasons[project] = Some(Reason::NoSupport);
        } else if poll.points[project] < threshold {
            decision.reasons[project] = Some(Reason::BelowThreshold { threshold });
        } else {
            order.push(project);
        }
    }
    order.sort_by(|a, b| {
        let by_measure = measure.compare(poll, *a, *b);
        by_measure.then_with(|| poll.ranks[*a].cmp(&poll.ranks[*b]))
    });
    let groups: Vec<&[usize]> = order
        .chunk_by(|a, b| measure.compare(poll, *a, *b) == Ordering::Equal)
        .collect();
    let projects = poll.election.projects();
    let costs: Vec<Money> = projects.iter().map(|project| project.cost).collect();
    let limits = Limits::new(projects, options);
    let walked = walk(&groups, &costs, left, options.no_skip, limits);
    let mut tied: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, decisive) in walked.ties {
        let group = groups[index];
        tied.insert(group[0], group[1..].to_vec());
        decision.ties.push(Tie {
            round: 0,
            stage,
            chosen: group[0],
            others: group[1..].to_vec(),
            decisive,
        });
    }
    for project in walked.funded {
        decision.picks.push(Pick {
            tied: tied.remove(&project).unwrap_or_default(),
            ..Pick::new(project, stage)
        });
    }
    for (project, reason) in walked.refused {
        decision.reasons[project] = Some(if poll.costs[project] > poll.budget {
            Reason::OverBudget
        } else {
            reason
        });
    }
    decision
}

/// What a walk down the list gives.
struct Walk {
    funded: Vec<usize>,
    refused: Vec<(usize, Reason)>,
    /// Groups of equals of which at least two could have been funded, and whether their order decides.
    ties: Vec<(usize, bool)>,
    left: Money,
}

/// Where the walk stands.
#[derive(Clone)]
struct State<'a> {
    left: Money,
    stopped: bool,
    limits: Limits<'a>,
}

/// Goes down the list, given as groups of equals each in the order of its ties.
fn walk(
    groups: &[&[usize]],
    costs: &[Money],
    budget: Money,
    no_skip: bool,
    limits: Limits,
) -> Walk {
    let mut state = State {
        left: budget,
        stopped: false,
        limits,
    };
    let mut walked = Walk {
        funded: Vec::new(),
        refused: Vec::new(),
        ties: Vec::new(),
        left: budget,
    };
    for (index, group) in groups.iter().enumerate() {
        let rivals = group.iter().filter(|p| costs[**p] <= state.left).count();
        if rivals > 0 && group.len() > 1 && !state.stopped {
            // After a group whose order decides, a later group starts from money that depends on
            // it; the answer is known by then and cannot change.
            walked
                .ties
                .push((index, order_matters(group, costs, no_skip, &state)));
        }
        for project in *group {
            match state.take(*project, costs[*project], no_skip) {
                Ok(()) => walked.funded.push(*project),
                Err(reason) => walked.refused.push((*project, reason)),
            }
        }
    }
    walked.left = state.left;
    walked
}

impl State<'_> {
    fn take(&mut self, project: usize, cost: Money, no_skip: bool) -> Result<(), Reason> {
        if self.stopped {
            return Err(Reason::AfterStop { left: self.left });
        }
        let Some(rest) = self.left.checked_sub(cost) else {
            self.stopped = no_skip;
            return Err(Reason::DoesNotFit { left: self.left });
        };
        self.limits.take(project, cost)?;
        self.left = rest;
        Ok(())
    }
}

/// Whether two orders of a group of equals fund different projects.
///
/// Without caps and exclusive groups the rule is exact. With `left` to spend and skipping:
///
/// - a project that costs more than `left` is out in every order, as the money only shrinks;
/// - if the others fit together, they are all funded in every order;
/// - if they do not, some order leaves one of them out, while the order that begins with that one
///   funds it: two orders, two results.
///
/// Without skipping, all that fits together is funded in every order. If it does not fit together
/// and some project `q` costs `left` at most, the order that begins with `q` funds it; and an order
/// that does not begins with a project that costs more than `left`, or else ends with `q`. If every
/// project costs more than `left`, none is funded in any order.
///
/// With caps or groups, each project is tried first and last.
fn order_matters(group: &[usize], costs: &[Money], no_skip: bool, state: &State) -> bool {
    if state.limits.any() {
        let orders = (0..group.len()).flat_map(|place| {
            let mut first = group.to_vec();
            first[..=place].rotate_right(1);
            let mut last = group.to_vec();
            last[place..].rotate_left(1);
            [first, last]
        });
        let result = |order: &[usize]| {
            let mut state = state.clone();
            let mut funded: Vec<usize> = order
                .iter()
                .copied()
                .filter(|p| state.take(*p, costs[*p], no_skip).is_ok())
                .collect();
            funded.sort_unstable();
            (funded, state.stopped)
        };
        let usual = result(group);
        return orders.into_iter().any(|order| result(&order) != usual);
    }
    let fits = |index: &&usize| costs[**index] <= state.left;
    let together: Money = group
        .iter()
        .filter(|index| no_skip || fits(index))
        .map(|index| costs[*index])
        .sum();
    together > state.left && group.iter().any(|index| fits(&index))
}
