//! An election seen from its projects, with the weights and the tie order of one count.

use super::{
    election::Election,
    profile::{Profile, Weights},
    rule::Ties,
    ties,
};

/// For each project, the distinct ballots that support it: ballots turned on their side.
#[derive(Debug, Clone)]
pub(super) struct Supporters {
    starts: Vec<usize>,
    ballots: Vec<u32>,
    /// Empty where every mark is one point.
    points: Vec<u32>,
}

/// The supporters of one project.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub ballots: &'a [u32],
    /// Empty where every mark is one point.
    pub points: &'a [u32],
}

impl Group<'_> {
    /// Ballots with the points that they give.
    pub fn iter(&self) -> impl Iterator<Item = (usize, u64)> {
        let plain = self.points.is_empty();
        self.ballots.iter().enumerate().map(move |(place, ballot)| {
            let points = if plain { 1 } else { self.points[place].into() };
            (*ballot as usize, points)
        })
    }
}

impl Supporters {
    pub fn of(profile: &Profile) -> Self {
        let mut starts = vec![0; profile.projects() + 1];
        let mut plain = true;
        for mark in profile.ballots().flatten() {
            starts[mark.project as usize + 1] += 1;
            plain &= mark.points == 1;
        }
        for project in 0..profile.projects() {
            starts[project + 1] += starts[project];
        }
        let marks = starts[profile.projects()];
        let mut ballots = vec![0; marks];
        let mut points = if plain { Vec::new() } else { vec![0; marks] };
        let mut next = starts.clone();
        for (ballot, marks) in (0_u32..).zip(profile.ballots()) {
            for mark in marks {
                let place = &mut next[mark.project as usize];
                ballots[*place] = ballot;
                if !plain {
                    points[*place] = mark.points;
                }
                *place += 1;
            }
        }
        Self {
            starts,
            ballots,
            points,
        }
    }

    /// Marks on all distinct ballots.
    pub fn marks(&self) -> usize {
        self.ballots.len()
    }

    pub fn of_project(&self, project: usize) -> Group<'_> {
        let range = self.starts[project]..self.starts[project + 1];
        Group {
            ballots: &self.ballots[range.clone()],
            points: self.points.get(range).unwrap_or(&[]),
        }
    }
}

/// What every rule works on.
#[derive(Debug, Clone)]
pub(super) struct Poll<'a> {
    pub election: &'a Election,
    pub supporters: &'a Supporters,
    pub weights: &'a Weights,
    /// In minor units, by project.
    pub costs: Vec<u64>,
    pub budget: u64,
    pub points: Vec<u64>,
    pub votes: Vec<u64>,
    /// Among equal projects the lowest rank comes first. No two projects have the same.
    pub ranks: Vec<usize>,
}

impl<'a> Poll<'a> {
    pub fn new(
        election: &'a Election,
        supporters: &'a Supporters,
        weights: &'a Weights,
        order: &Ties,
    ) -> Self {
        let projects = election.projects();
        let counts = weights.counts();
        let sums = (0..projects.len()).map(|project| {
            let group = supporters.of_project(project);
            group
                .iter()
                .fold((0, 0), |(points, votes), (ballot, given)| {
                    (points + counts[ballot] * given, votes + counts[ballot])
                })
        });
        let (points, votes): (Vec<u64>, Vec<u64>) = sums.unzip();
        Self {
            election,
            supporters,
            weights,
            costs: projects.iter().map(|p| p.cost.minor()).collect(),
            budget: election.budget().minor(),
            ranks: ties::ranks(order, projects, &votes),
            points,
            votes,
        }
    }

    pub fn projects(&self) -> usize {
        self.costs.len()
    }

    pub fn people(&self, ballot: usize) -> u64 {
        self.weights.counts()[ballot]
    }

    /// The project that comes first among equals.
    pub fn first(&self, equals: &[usize]) -> Option<usize> {
        equals.iter().copied().min_by_key(|p| self.ranks[*p])
    }

    /// The same poll with `other` put directly before `chosen` in the tie order.
    pub fn with_first(&self, other: usize, chosen: usize) -> Self {
        let mut ranks: Vec<usize> = self.ranks.iter().map(|rank| 2 * rank + 1).collect();
        ranks[other] = ranks[chosen] - 1;
        Self {
            ranks,
            ..self.clone()
        }
    }

    /// Projects that cost nothing and have support: every rule funds them before anything else.
    pub fn free(&self) -> Vec<usize> {
        let mut free: Vec<usize> = (0..self.projects())
            .filter(|p| self.costs[*p] == 0 && self.votes[*p] > 0)
            .collect();
        free.sort_by_key(|p| self.ranks[*p]);
        free
    }
}
