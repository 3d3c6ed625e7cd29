//! Reads ballots one by one and merges those that are equal.

use std::collections::HashMap;

use super::{BallotKind, MAX_POINTS, MAX_VOTERS, Mark, Profile, ProfileError, Weights};

/// Merges equal ballots as they come in.
#[derive(Debug, Clone)]
pub struct ProfileBuilder {
    projects: usize,
    found: HashMap<Box<[Mark]>, usize>,
    starts: Vec<usize>,
    marks: Vec<Mark>,
    /// By channel, by ballot; shorter than the number of ballots where the last ones are 0.
    counts: Vec<Vec<u64>>,
    empty: Vec<u64>,
    voters: u64,
    scratch: Vec<Mark>,
}

impl ProfileBuilder {
    pub fn new(projects: usize) -> Self {
        Self {
            projects,
            found: HashMap::new(),
            starts: vec![0],
            marks: Vec::new(),
            counts: Vec::new(),
            empty: Vec::new(),
            voters: 0,
            scratch: Vec::new(),
        }
    }

    /// Counts a ballot that `times` people cast on `channel` (channels count from 0).
    ///
    /// `chosen` are positions of projects, best first where `kind` is a ranking. `points` go with
    /// them on cumulative and scoring ballots and are empty on all others. A ballot that supports
    /// nothing counts as empty.
    pub fn add(
        &mut self,
        kind: &BallotKind,
        chosen: &[usize],
        points: &[u64],
        channel: usize,
        times: u64,
    ) -> Result<(), ProfileError> {
        let mut marks = std::mem::take(&mut self.scratch);
        let read = self.read(kind, chosen, points, &mut marks);
        let counted = read.and_then(|()| {
            self.voters = self
                .voters
                .checked_add(times)
                .filter(|voters| *voters <= MAX_VOTERS)
                .ok_or(ProfileError::TooManyVoters)?;
            self.count(&marks, channel, times);
            Ok(())
        });
        self.scratch = marks;
        counted
    }

    fn read(
        &self,
        kind: &BallotKind,
        chosen: &[usize],
        points: &[u64],
        marks: &mut Vec<Mark>,
    ) -> Result<(), ProfileError> {
        let with_points = matches!(kind, BallotKind::Cumulative | BallotKind::Scoring);
        if points.len() != if with_points { chosen.len() } else { 0 } {
            return Err(ProfileError::PointsNotExpected);
        }
        if *kind == BallotKind::ChooseOne && chosen.len() > 1 {
            return Err(ProfileError::MoreThanOne(chosen.len()));
        }
        marks.clear();
        for (place, project) in chosen.iter().enumerate() {
            let unknown = || ProfileError::UnknownProject {
                project: *project,
                projects: self.projects,
            };
            if *project >= self.projects {
                return Err(unknown());
            }
            let given = match kind {
                BallotKind::Approval | BallotKind::ChooseOne | BallotKind::Knapsack => 1,
                BallotKind::Cumulative | BallotKind::Scoring => points[place],
                BallotKind::Ranking { weights } => weights.points(place, chosen.len()).into(),
            };
            let within = u32::try_from(given).ok().filter(|p| *p <= MAX_POINTS);
            marks.push(Mark {
                project: u32::try_from(*project).map_err(|_| unknown())?,
                points: within.ok_or(ProfileError::TooManyPoints(given))?,
            });
        }
        marks.sort_unstable();
        if let Some(twice) = marks.windows(2).find(|w| w[0].project == w[1].project) {
            return Err(ProfileError::MarkedTwice(twice[0].project as usize));
        }
        marks.retain(|mark| mark.points > 0);
        Ok(())
    }

    pub(super) fn count(&mut self, marks: &[Mark], channel: usize, times: u64) {
        if self.empty.len() <= channel {
            self.empty.resize(channel + 1, 0);
            self.counts.resize(channel + 1, Vec::new());
        }
        if marks.is_empty() {
            self.empty[channel] += times;
            return;
        }
        let ballot = if let Some(ballot) = self.found.get(marks) {
            *ballot
        } else {
            let ballot = self.starts.len() - 1;
            self.found.insert(marks.into(), ballot);
            self.marks.extend_from_slice(marks);
            self.starts.push(self.marks.len());
            ballot
        };
        let counts = &mut self.counts[channel];
        if counts.len() <= ballot {
            counts.resize(ballot + 1, 0);
        }
        counts[ballot] += times;
    }

    pub fn build(self) -> Profile {
        let distinct = self.starts.len() - 1;
        let channels = self
            .counts
            .into_iter()
            .zip(self.empty)
            .map(|(mut counts, empty)| {
                counts.resize(distinct, 0);
                let voters = counts.iter().sum::<u64>() + empty;
                Weights {
                    counts,
                    empty,
                    voters,
                }
            })
            .collect();
        Profile {
            projects: self.projects,
            starts: self.starts,
            marks: self.marks,
            channels,
        }
    }
}
