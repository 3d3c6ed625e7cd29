//! How many more votes, or how much lower a cost, would have funded a project.

use std::convert::Infallible;

use serde::Serialize;

use crate::domain::money::Money;

use super::super::{
    case::{Case, CaseError, WithSingletons},
    counter::{CountError, Counter},
    profile::MAX_VOTERS,
    standing::{Place, Standing},
};

/// What a search for the smallest sufficient change found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Needed<T> {
    /// This much is enough, and one step less is not: both were counted. `exact` where the rule
    /// makes sure that nothing smaller is enough. Under equal shares and Phragmén more support can
    /// hurt, so that a smaller change that the search did not try could be enough.
    Found { value: T, exact: bool },
    /// No change of this kind funds the project.
    Impossible,
    /// Not found among the counts that the search could make.
    LimitReached,
}

impl<T: Copy> Needed<T> {
    pub fn value(&self) -> Option<T> {
        match self {
            Self::Found { value, .. } => Some(*value),
            Self::Impossible | Self::LimitReached => None,
        }
    }

    fn map<U>(self, change: impl Fn(T) -> U) -> Needed<U> {
        match self {
            Self::Found { value, exact } => Needed::Found {
                value: change(value),
                exact,
            },
            Self::Impossible => Needed::Impossible,
            Self::LimitReached => Needed::LimitReached,
        }
    }
}

/// Finds a step `k` from 1 to `most` at which `probe` says yes while it says no at `k − 1`: by
/// doubling, then by halving. `probe(0)` is taken to be no. Asks `most_probes` times at most.
pub(in super::super) fn first_step<E>(
    most: u64,
    most_probes: u32,
    mut probe: impl FnMut(u64) -> Result<bool, E>,
) -> Result<Option<u64>, E> {
    let (mut no, mut probes) = (0, 0);
    let mut next = 1_u64;
    let mut yes = loop {
        if no == most || probes == most_probes {
            return Ok(None);
        }
        let step = next.min(most);
        probes += 1;
        if probe(step)? {
            break step;
        }
        no = step;
        next = step.saturating_mul(2);
    };
    while yes - no > 1 {
        if probes == most_probes {
            return Ok(None);
        }
        probes += 1;
        let middle = no + (yes - no) / 2;
        if probe(middle)? {
            yes = middle;
        } else {
            no = middle;
        }
    }
    Ok(Some(yes))
}

/// The same for a question without counting and so without bounds on how often it is asked.
pub(in super::super) fn first_of(most: u64, mut probe: impl FnMut(u64) -> bool) -> Option<u64> {
    let asked = |step| Ok::<_, Infallible>(probe(step));
    let Ok(found) = first_step(most, u32::MAX, asked);
    found
}

/// More points than any project of any election has.
const MOST_POINTS: u64 = 1 << 60;

/// What one more vote for a project does to its place: a voter who supports it alone, with the
/// strongest mark.
pub(in super::super) fn with_voters(place: &Place, people: u64, mark: u32) -> Place {
    Place {
        points: place
            .points
            .saturating_add(people.saturating_mul(mark.into())),
        votes: place.votes.saturating_add(people),
        ..*place
    }
}

/// Greedy: the smallest number of voters who support `project` alone, each with `mark` points, that
/// funds it. Exact, as more points never put a project further down.
pub(in super::super) fn votes_greedy(
    standing: &Standing,
    project: usize,
    mark: u32,
) -> Needed<u64> {
    let place = &standing.places[project];
    if place.cost > standing.budget {
        return Needed::Impossible;
    }
    let most = MOST_POINTS / u64::from(mark.max(1));
    let wins = |people| standing.wins(&with_voters(place, people, mark));
    exactly(first_of(most, wins))
}

/// Greedy: the largest cost at which `project` is funded. Exact to one minor unit, as a lower cost
/// never puts a project further down.
pub(in super::super) fn cost_greedy(standing: &Standing, project: usize) -> Needed<Money> {
    let place = &standing.places[project];
    let wins = |less| {
        let cost = place.cost - less;
        standing.wins(&Place { cost, ..*place })
    };
    exactly(first_of(place.cost, wins)).map(|less| money(place.cost - less))
}

pub(in super::super) fn exactly(found: Option<u64>) -> Needed<u64> {
    found.map_or(Needed::Impossible, |value| Needed::Found {
        value,
        exact: true,
    })
}

/// An amount that is not larger than one that we have already.
fn money(minor: u64) -> Money {
    Money::from_minor(minor).unwrap_or(Money::ZERO)
}

/// Any rule: a number of additional voters who support `project` alone, each with the mark that
/// `singletons` were made with, that funds it, while one fewer does not. These voters count as
/// voters, so that under equal shares everyone's share shrinks a little.
///
/// Every number tried is a count. At most `counts` are made, and no more than four times the voters
/// are added.
pub(in super::super) fn votes_by_counting(
    case: &Case,
    singletons: &WithSingletons,
    project: usize,
    counts: u32,
) -> Result<Needed<u64>, CaseError> {
    if case.election.projects()[project].cost > case.election.budget() {
        return Ok(Needed::Impossible);
    }
    let voters = case.weights.voters();
    let most = voters.saturating_mul(4).max(1_000);
    let most = most.min(MAX_VOTERS.saturating_sub(voters));
    let counter = Counter::new(&singletons.election);
    let found = first_step(most, counts, |people| {
        let weights = singletons.weights(case.weights, project, people)?;
        let winners = counter.winners(&weights, case.rule, case.ties)?;
        Ok(winners.contains(&project))
    });
    Ok(inexactly(within_limits(found)?))
}

/// Any rule: a cost, a whole number of `step` below the actual one, at which `project` is funded,
/// while at one step more it is not. At most `counts` counts.
pub(in super::super) fn cost_by_counting(
    case: &Case,
    project: usize,
    step: u64,
    counts: u32,
) -> Result<Needed<Money>, CaseError> {
    let cost = case.election.projects()[project].cost.minor();
    let step = step.max(1);
    let at = |steps: u64| money(cost.saturating_sub(steps.saturating_mul(step)));
    let found = first_step(cost.div_ceil(step), counts, |steps| {
        case.wins_at(project, at(steps))
    });
    Ok(inexactly(within_limits(found)?).map(at))
}

/// A count that would take too many runs ends a search, and is not an error of the explanation.
pub(in super::super) fn within_limits(
    found: Result<Option<u64>, CaseError>,
) -> Result<Option<u64>, CaseError> {
    match found {
        Err(CaseError::Count(CountError::TooManyRuns)) => Ok(None),
        other => other,
    }
}

pub(in super::super) fn inexactly(found: Option<u64>) -> Needed<u64> {
    found.map_or(Needed::LimitReached, |value| Needed::Found {
        value,
        exact: false,
    })
}
