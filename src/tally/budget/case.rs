//! One count that is to be explained: an election, the people who count, a rule and its ties.

use crate::{domain::money::Money, stats::sampling::MultinomialError};

use super::{
    counter::{CountError, Counter},
    election::{Election, ElectionError},
    outcome::Outcome,
    profile::{BallotKind, Profile, ProfileBuilder, ProfileError, Weights},
    project::Project,
    rule::{Rule, Ties},
};

/// What an explanation or a check of an outcome starts from.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub election: &'a Election,
    pub weights: &'a Weights,
    pub rule: &'a Rule,
    pub ties: &'a Ties,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    #[error(transparent)]
    Count(#[from] CountError),
    #[error(transparent)]
    Election(#[from] ElectionError),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Sampling(#[from] MultinomialError),
    #[error("choose 1 to {most} repeats, not {given}")]
    Repeats { given: u32, most: u32 },
    #[error("a share in thousandths is at most 1000, and this one is {0}")]
    Share(u32),
    #[error("the work was stopped")]
    Stopped,
}

/// Told how much of how much is done, from any thread; false stops the work.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) -> bool + Sync);

impl Case<'_> {
    pub fn outcome(&self) -> Result<Outcome, CountError> {
        Counter::new(self.election).outcome(self.weights, self.rule, self.ties)
    }

    /// By project, whether it is funded.
    pub fn funded(&self) -> Result<Vec<bool>, CountError> {
        let winners = Counter::new(self.election).winners(self.weights, self.rule, self.ties)?;
        Ok(flags(self.election.projects().len(), &winners))
    }

    /// Whether `project` is funded if it costs `cost` and all else stays.
    pub(super) fn wins_at(&self, project: usize, cost: Money) -> Result<bool, CaseError> {
        let mut projects: Vec<Project> = self.election.projects().to_vec();
        if let Some(changed) = projects.get_mut(project) {
            changed.cost = cost;
        }
        let election = Election::new(
            projects,
            self.election.budget(),
            self.election.unit(),
            self.election.profile().clone(),
        )?;
        let winners = Counter::new(&election).winners(self.weights, self.rule, self.ties)?;
        Ok(winners.contains(&project))
    }
}

/// Turns positions into one flag a project.
pub(super) fn flags(projects: usize, winners: &[usize]) -> Vec<bool> {
    let mut flags = vec![false; projects];
    for winner in winners {
        flags[*winner] = true;
    }
    flags
}

/// Most points that a ballot gives a project; 1 if there are no ballots. One more voter can give a
/// project no more than this as long as voters do what these did.
pub fn strongest_mark(profile: &Profile) -> u32 {
    let marks = profile.ballots().flatten().map(|mark| mark.points);
    marks.max().unwrap_or(1)
}

/// The same election with, for every project, a distinct ballot that supports it alone with
/// `points`. Nobody has cast those that were not there before.
pub(super) struct WithSingletons {
    pub election: Election,
    /// By project, the position of its ballot.
    ballots: Vec<usize>,
}

impl WithSingletons {
    pub fn new(election: &Election, points: u32) -> Result<Self, CaseError> {
        let profile = election.profile();
        let count = profile.projects();
        let mut builder = ProfileBuilder::new(count);
        let mut add = |marked: &[usize], points: &[u64], channel, people| {
            builder.add(&BallotKind::Scoring, marked, points, channel, people)
        };
        let channels = || (0..profile.channels()).filter_map(|c| profile.channel(c));
        for (ballot, marks) in profile.ballots().enumerate() {
            let marked: Vec<usize> = marks.iter().map(|mark| mark.project as usize).collect();
            let given: Vec<u64> = marks.iter().map(|mark| mark.points.into()).collect();
            for (channel, weights) in channels().enumerate() {
                add(&marked, &given, channel, weights.counts()[ballot])?;
            }
        }
        for (channel, weights) in channels().enumerate() {
            add(&[], &[], channel, weights.empty())?;
        }
        for project in 0..count {
            add(&[project], &[points.into()], 0, 0)?;
        }
        let profile = builder.build();
        let mut ballots = vec![0; count];
        for (place, ballot) in profile.ballots().enumerate() {
            if let [mark] = ballot
                && mark.points == points
            {
                ballots[mark.project as usize] = place;
            }
        }
        let election = Election::new(
            election.projects().to_vec(),
            election.budget(),
            election.unit(),
            profile,
        )?;
        Ok(Self { election, ballots })
    }

    /// Weights of the old election for the new one, with `people` more who support `project` alone.
    pub fn weights(
        &self,
        weights: &Weights,
        project: usize,
        people: u64,
    ) -> Result<Weights, ProfileError> {
        let mut counts = weights.counts().to_vec();
        counts.resize(self.election.profile().distinct(), 0);
        if let Some(count) = self.ballots.get(project).and_then(|b| counts.get_mut(*b)) {
            *count = count.saturating_add(people);
        }
        Weights::new(counts, weights.empty())
    }
}
