//! The margin of each funding decision, by votes for any one project.

use serde::Serialize;

use super::{
    super::{
        case::{Case, strongest_mark},
        explain::needed::{first_of, with_voters},
        standing::{Place, Standing},
    },
    margin::without_marks,
};

/// Most projects for which this is worked out; the time grows with the cube of it.
const MOST_PROJECTS: usize = 300;
const MOST_VOTES: u64 = 1 << 40;

/// The smallest number `votes` such that `rival` alone, with so many votes more or fewer, changes
/// whether `project` is funded. A vote counts as much as the strongest mark that any ballot has. Under
/// greedy with skipping, votes for one project can decide over another two places away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RivalMargin {
    pub project: usize,
    pub votes: u64,
    /// The first such project; possibly `project` itself.
    pub rival: usize,
    pub turn: Turn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    Gains,
    Loses,
}

/// By project; None where no number of votes for any one project changes its decision. None for all
/// of them if the rule is not greedy or there are more than 300 projects.
///
/// Exact: the list is walked once for each change of order that votes for one project can bring about.
pub fn rival_margins(case: &Case) -> Option<Vec<Option<RivalMargin>>> {
    let standing = Standing::of(case).filter(|s| s.places.len() <= MOST_PROJECTS)?;
    let mark = strongest_mark(case.election.profile());
    let mut margins: Vec<Option<RivalMargin>> = vec![None; standing.places.len()];
    let Some(any) = standing.places.first() else {
        return Some(margins);
    };
    let usual = standing.funded_with(any);
    for rival in &standing.places {
        for turn in [Turn::Gains, Turn::Loses] {
            for votes in turning_points(&standing, rival, turn, mark) {
                let funded = standing.funded_with(&turn.of(rival, votes, mark));
                for (project, margin) in margins.iter_mut().enumerate() {
                    let is_nearer = margin.as_ref().is_none_or(|known| votes < known.votes);
                    if funded[project] != usual[project] && is_nearer {
                        *margin = Some(RivalMargin {
                            project,
                            votes,
                            rival: rival.project,
                            turn,
                        });
                    }
                }
            }
        }
    }
    Some(margins)
}

impl Turn {
    fn of(self, place: &Place, votes: u64, mark: u32) -> Place {
        match self {
            Self::Gains => with_voters(place, votes, mark),
            Self::Loses => without_marks(place, votes, mark),
        }
    }
}

/// Numbers of votes at which the project passes another one, or begins or ceases to take part.
fn turning_points(standing: &Standing, rival: &Place, turn: Turn, mark: u32) -> Vec<u64> {
    let most = match turn {
        Turn::Gains => MOST_VOTES,
        Turn::Loses => rival.points.div_ceil(mark.max(1).into()),
    };
    let first = |differs: &dyn Fn(&Place) -> bool| {
        first_of(most, |votes| differs(&turn.of(rival, votes, mark)))
    };
    let takes_part = standing.takes_part(rival);
    let mut points: Vec<u64> = standing
        .places
        .iter()
        .filter(|other| other.project != rival.project)
        .filter_map(|other| {
            let before = standing.compare(rival, other);
            first(&|moved| standing.compare(moved, other) != before)
        })
        .chain(first(&|moved| standing.takes_part(moved) != takes_part))
        .collect();
    points.sort_unstable();
    points.dedup();
    points
}
