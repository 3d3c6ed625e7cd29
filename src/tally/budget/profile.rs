//! Ballots: who supports what, and how strongly, with equal ballots merged.
//!
//! A [`Profile`] keeps each distinct ballot once and, by channel, how many people cast it. What a
//! rule counts is a [`Weights`]: a number of people for each distinct ballot. All channels together,
//! one channel left out and a bootstrap sample are three vectors of weights on the same ballots, so
//! that nothing is read or merged twice.

mod merge;

use serde::{Deserialize, Serialize};

pub use merge::ProfileBuilder;

/// Most people that an election can count: sums of points then stay far from the end of a `u64`.
pub const MAX_VOTERS: u64 = 1 << 40;
/// Most points that a ballot can give a project.
pub const MAX_POINTS: u32 = 1 << 20;

/// How marks on a ballot become whole points for the projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ballot", rename_all = "kebab-case")]
pub enum BallotKind {
    /// One point for each project marked.
    Approval,
    /// One project, one point.
    ChooseOne,
    /// Projects whose costs together fit the budget; one point each.
    Knapsack,
    /// A number of points, divided between projects.
    Cumulative,
    /// A grade for each project.
    Scoring,
    /// Projects in order, best first.
    Ranking { weights: RankWeights },
}

/// Points for a place in a ranking of `k` projects; places count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "weights", content = "points", rename_all = "kebab-case")]
pub enum RankWeights {
    /// `k − place`: the first of three gets 3, the last 1. What cities with three choices use.
    Borda,
    /// `k − place − 1`: the last gets nothing, as if it had not been ranked.
    BordaFromZero,
    /// Points for each place; places beyond the list get none.
    Places(Vec<u32>),
}

impl RankWeights {
    /// Points for `place` among `ranked` projects.
    fn points(&self, place: usize, ranked: usize) -> u32 {
        match self {
            Self::Borda => u32::try_from(ranked - place).unwrap_or(u32::MAX),
            Self::BordaFromZero => u32::try_from(ranked - place - 1).unwrap_or(u32::MAX),
            Self::Places(points) => points.get(place).copied().unwrap_or(0),
        }
    }
}

/// A project on a ballot, by its position in the election, and the points it gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    pub project: u32,
    pub points: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    #[error("a ballot marks project number {project}, and there are {projects}")]
    UnknownProject { project: usize, projects: usize },
    #[error("a ballot marks project number {0} twice")]
    MarkedTwice(usize),
    #[error("a ballot gives a project {0} points: at most {MAX_POINTS}")]
    TooManyPoints(u64),
    #[error("a ballot of this kind marks one project at most, and this one marks {0}")]
    MoreThanOne(usize),
    #[error("points belong on cumulative and scoring ballots only")]
    PointsNotExpected,
    #[error("more ballots than we can count: at most {MAX_VOTERS} people")]
    TooManyVoters,
    #[error("there are {expected} distinct ballots, and {given} weights for them")]
    WeightsMismatch { expected: usize, given: usize },
}

/// How many people cast each distinct ballot of a [`Profile`], and how many cast an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    counts: Vec<u64>,
    empty: u64,
    voters: u64,
}

impl Weights {
    /// `counts` follows the order of the distinct ballots of the profile.
    pub fn new(counts: Vec<u64>, empty: u64) -> Result<Self, ProfileError> {
        let voters = counts
            .iter()
            .try_fold(empty, |sum, count| sum.checked_add(*count))
            .filter(|voters| *voters <= MAX_VOTERS)
            .ok_or(ProfileError::TooManyVoters)?;
        Ok(Self {
            counts,
            empty,
            voters,
        })
    }

    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// People who marked nothing. They count as voters and support no project.
    pub fn empty(&self) -> u64 {
        self.empty
    }

    /// Everyone, those who marked nothing included.
    pub fn voters(&self) -> u64 {
        self.voters
    }
}

/// Distinct ballots, and how many people of each channel cast them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    projects: usize,
    /// Ballot `b` is `marks[starts[b]..starts[b + 1]]`, by ascending project.
    starts: Vec<usize>,
    marks: Vec<Mark>,
    channels: Vec<Weights>,
}

impl Profile {
    /// How many projects the ballots choose between.
    pub fn projects(&self) -> usize {
        self.projects
    }

    /// How many ballots differ from each other.
    pub fn distinct(&self) -> usize {
        self.starts.len() - 1
    }

    /// The marks of a distinct ballot, by ascending project, none with 0 points.
    pub fn ballot(&self, ballot: usize) -> &[Mark] {
        &self.marks[self.starts[ballot]..self.starts[ballot + 1]]
    }

    pub fn ballots(&self) -> impl Iterator<Item = &[Mark]> {
        self.starts
            .windows(2)
            .map(|ends| &self.marks[ends[0]..ends[1]])
    }

    /// Everyone of one channel.
    pub fn channel(&self, channel: usize) -> Option<&Weights> {
        self.channels.get(channel)
    }

    pub fn channels(&self) -> usize {
        self.channels.len()
    }

    /// Everyone.
    pub fn everyone(&self) -> Weights {
        self.sum_of(|_| true)
    }

    /// Everyone but the people of one channel.
    pub fn without(&self, channel: usize) -> Weights {
        self.sum_of(|index| index != channel)
    }

    fn sum_of(&self, chosen: impl Fn(usize) -> bool) -> Weights {
        let mut sum = Weights {
            counts: vec![0; self.distinct()],
            empty: 0,
            voters: 0,
        };
        for (_, weights) in self
            .channels
            .iter()
            .enumerate()
            .filter(|(index, _)| chosen(*index))
        {
            for (total, count) in sum.counts.iter_mut().zip(&weights.counts) {
                *total += count;
            }
            sum.empty += weights.empty;
            sum.voters += weights.voters;
        }
        sum
    }

    /// The same ballots with one point for every project that has any.
    #[must_use]
    pub fn as_approvals(&self) -> Self {
        let mut builder = ProfileBuilder::new(self.projects);
        for (index, ballot) in self.ballots().enumerate() {
            let marks = ballot.iter().map(|mark| Mark { points: 1, ..*mark });
            let marks: Vec<Mark> = marks.collect();
            for (channel, weights) in self.channels.iter().enumerate() {
                builder.count(&marks, channel, weights.counts[index]);
            }
        }
        for (channel, weights) in self.channels.iter().enumerate() {
            builder.count(&[], channel, weights.empty);
        }
        builder.build()
    }
}
