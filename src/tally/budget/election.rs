//! Everything a rule needs: projects, budget and ballots that fit together.

use std::collections::HashSet;

use crate::domain::money::Money;

use super::{
    profile::{Profile, Weights},
    project::{Project, ProjectId},
};

/// Most projects of one election.
pub const MAX_PROJECTS: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ElectionError {
    #[error("there are {0} projects: at most {MAX_PROJECTS}")]
    TooManyProjects(usize),
    #[error("two projects are called “{0}”")]
    SameId(ProjectId),
    #[error("the ballots choose between {ballots} projects, and there are {projects}")]
    OtherBallots { ballots: usize, projects: usize },
    #[error("a currency unit has at least one minor unit")]
    NoUnit,
}

/// Projects, a budget and ballots on these projects.
///
/// Projects that cost more than the budget are allowed and never funded. A project that costs
/// nothing is funded by every rule if it has support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Election {
    projects: Vec<Project>,
    budget: Money,
    unit: u64,
    profile: Profile,
}

impl Election {
    /// `unit` is how many minor units make one unit of the currency: 100 for most, 1 for yen.
    pub fn new(
        projects: Vec<Project>,
        budget: Money,
        unit: u64,
        profile: Profile,
    ) -> Result<Self, ElectionError> {
        if projects.len() > MAX_PROJECTS {
            return Err(ElectionError::TooManyProjects(projects.len()));
        }
        if profile.projects() != projects.len() {
            return Err(ElectionError::OtherBallots {
                ballots: profile.projects(),
                projects: projects.len(),
            });
        }
        let mut seen = HashSet::new();
        if let Some(twice) = projects.iter().find(|project| !seen.insert(&project.id)) {
            return Err(ElectionError::SameId(twice.id.clone()));
        }
        if unit == 0 {
            return Err(ElectionError::NoUnit);
        }
        Ok(Self {
            projects,
            budget,
            unit,
            profile,
        })
    }

    /// A committee of `seats` is an election in which everybody costs one unit.
    pub fn committee(
        candidates: Vec<ProjectId>,
        seats: u32,
        profile: Profile,
    ) -> Result<Self, ElectionError> {
        let unit = Money::from_minor(1).unwrap_or(Money::ZERO);
        let projects = candidates
            .into_iter()
            .map(|id| Project::new(id, unit))
            .collect();
        let budget = Money::from_minor(seats.into()).unwrap_or(Money::ZERO);
        Self::new(projects, budget, 1, profile)
    }

    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    pub fn budget(&self) -> Money {
        self.budget
    }

    /// Minor units in one unit of the currency.
    pub fn unit(&self) -> u64 {
        self.unit
    }

    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Points of each project: votes where every mark is one point.
    pub fn scores(&self, weights: &Weights) -> Vec<u64> {
        self.totals(weights, |points| points)
    }

    /// How many people give each project any points.
    pub fn votes(&self, weights: &Weights) -> Vec<u64> {
        self.totals(weights, |_| 1)
    }

    fn totals(&self, weights: &Weights, worth: impl Fn(u64) -> u64) -> Vec<u64> {
        let mut totals = vec![0; self.projects.len()];
        for (ballot, count) in self.profile.ballots().zip(weights.counts()) {
            for mark in ballot {
                totals[mark.project as usize] += count * worth(mark.points.into());
            }
        }
        totals
    }
}
