//! The margin of each funding decision, by votes for the project itself.

use serde::Serialize;

use super::super::{
    case::{Case, CaseError, Progress, WithSingletons, strongest_mark},
    counter::Counter,
    explain::needed::{
        Needed, exactly, first_of, first_step, inexactly, votes_by_counting, votes_greedy,
        within_limits,
    },
    outcome::Outcome,
    profile::Weights,
    standing::{Place, Standing},
};
use super::sample::Watch;

/// How many votes for a project its own decision hangs on.
///
/// For a loser: how many more voters who support it alone, each with the strongest mark that any
/// ballot has, would fund it. For a winner: how many of its marks, each as strong, it would have to
/// lose; with greedy they are taken off ballots that stay as they are otherwise, and with the other
/// rules, whose outcome depends on whose marks they are, see [`margins_by_counting`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OwnMargin {
    pub project: usize,
    pub funded: bool,
    pub votes: Needed<u64>,
}

/// Greedy rules: the margin of every project, exactly. None for other rules.
pub fn own_margins(case: &Case) -> Option<Vec<OwnMargin>> {
    let standing = Standing::of(case)?;
    let mark = strongest_mark(case.election.profile());
    let margin = |place: &Place| {
        let funded = standing.wins(place);
        OwnMargin {
            project: place.project,
            funded,
            votes: if funded {
                votes_to_lose(&standing, place, mark)
            } else {
                votes_greedy(&standing, place.project, mark)
            },
        }
    };
    Some(standing.places.iter().map(margin).collect())
}

fn votes_to_lose(standing: &Standing, place: &Place, mark: u32) -> Needed<u64> {
    let loses = |marks| !standing.wins(&without_marks(place, marks, mark));
    exactly(first_of(place.points.div_ceil(mark.max(1).into()), loses))
}

/// The place of a project that lost some of its marks.
pub(super) fn without_marks(place: &Place, marks: u64, mark: u32) -> Place {
    let points = place
        .points
        .saturating_sub(marks.saturating_mul(mark.into()));
    let votes = place.votes.saturating_sub(marks);
    Place {
        points,
        // Somebody gave the points that are left.
        votes: if points == 0 { 0 } else { votes.max(1) },
        ..*place
    }
}

/// The margin of the projects in `projects` under any rule, by counting again, at most `counts` times
/// a project.
///
/// For a loser, voters are added as in [`OwnMargin`]. For a winner, supporters stay at home: from each
/// distinct ballot that supports it the same share of its people, rounded down, and one more from
/// each in the order of the ballots until the number is right; the number of voters shrinks
/// accordingly. What is found is a number that changes the decision while one fewer does not;
/// [`Needed::Found`] says why it need not be the smallest.
///
/// # Errors
/// A count fails, or `progress` says stop.
pub fn margins_by_counting(
    case: &Case,
    outcome: &Outcome,
    projects: &[usize],
    counts: u32,
    progress: Progress,
) -> Result<Vec<OwnMargin>, CaseError> {
    let mark = strongest_mark(case.election.profile());
    let singletons = WithSingletons::new(case.election, mark)?;
    let counter = Counter::new(case.election);
    let watch = Watch::new(projects.len() as u64, progress);
    let winners = outcome.funded();
    let known = |project: &&usize| **project < case.election.projects().len();
    let mut margins = Vec::new();
    for project in projects.iter().filter(known).copied() {
        let funded = winners.contains(&project);
        let votes = if funded {
            let supporters = case.election.votes(case.weights)[project];
            let found = first_step(supporters, counts, |fewer| {
                let weights = fewer_supporters(case, project, supporters, fewer)?;
                let winners = counter.winners(&weights, case.rule, case.ties)?;
                Ok(!winners.contains(&project))
            });
            inexactly(within_limits(found)?)
        } else {
            votes_by_counting(case, &singletons, project, counts)?
        };
        margins.push(OwnMargin {
            project,
            funded,
            votes,
        });
        watch.one_more()?;
    }
    Ok(margins)
}

/// The weights of the case less `fewer` of the `supporters` of a project.
fn fewer_supporters(
    case: &Case,
    project: usize,
    supporters: u64,
    fewer: u64,
) -> Result<Weights, CaseError> {
    let mut counts = case.weights.counts().to_vec();
    let mut left = fewer;
    let ballots: Vec<usize> = case
        .election
        .profile()
        .ballots()
        .enumerate()
        .filter(|(_, marks)| marks.iter().any(|mark| mark.project as usize == project))
        .map(|(ballot, _)| ballot)
        .collect();
    for ballot in &ballots {
        let people = u128::from(counts[*ballot]) * u128::from(fewer);
        let share = people.checked_div(supporters.into()).unwrap_or(0);
        let share = u64::try_from(share).unwrap_or(u64::MAX).min(left);
        counts[*ballot] -= share;
        left -= share;
    }
    // Rounding leaves fewer than one for each ballot.
    for ballot in ballots {
        if left > 0 && counts[ballot] > 0 {
            counts[ballot] -= 1;
            left -= 1;
        }
    }
    Ok(Weights::new(counts, case.weights.empty())?)
}
