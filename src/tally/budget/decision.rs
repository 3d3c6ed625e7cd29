//! What a rule says about each project, before it is written out as an [`Outcome`].

use crate::domain::money::Money;

use super::{
    outcome::{Compared, Endowment, Loser, Outcome, Price, Reason, Stage, Tie, Winner},
    poll::Poll,
};

/// A project that a rule funds.
#[derive(Debug, Clone)]
pub(super) struct Pick {
    pub project: usize,
    pub stage: Stage,
    pub tied: Vec<usize>,
    pub price: Option<Price>,
}

impl Pick {
    pub fn new(project: usize, stage: Stage) -> Self {
        Self {
            project,
            stage,
            tied: Vec::new(),
            price: None,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Decision {
    pub picks: Vec<Pick>,
    /// By project; None for those that are funded.
    pub reasons: Vec<Option<Reason>>,
    pub ties: Vec<Tie>,
    pub endowment: Option<Endowment>,
    pub compared: Option<Compared>,
}

impl Decision {
    pub fn new(projects: usize) -> Self {
        Self {
            reasons: vec![None; projects],
            ..Self::default()
        }
    }

    pub fn funded(&self) -> Vec<usize> {
        self.picks.iter().map(|pick| pick.project).collect()
    }

    /// Which projects are not funded yet.
    pub fn open(&self) -> Vec<bool> {
        let mut open = vec![true; self.reasons.len()];
        for pick in &self.picks {
            open[pick.project] = false;
        }
        open
    }

    pub fn spent(&self, poll: &Poll) -> Money {
        let projects = poll.election.projects();
        self.picks
            .iter()
            .map(|pick| projects[pick.project].cost)
            .sum()
    }

    /// Appends what a completion funds; its reasons replace those of the rule.
    pub fn complete(&mut self, completion: Self) {
        self.picks.extend(completion.picks);
        self.ties.extend(completion.ties);
        for (reason, newer) in self.reasons.iter_mut().zip(completion.reasons) {
            if newer.is_some() {
                *reason = newer;
            }
        }
    }

    pub fn into_outcome(self, poll: &Poll) -> Outcome {
        let spent = self.spent(poll);
        let budget = poll.election.budget();
        let left = budget.checked_sub(spent).unwrap_or(Money::ZERO);
        let open = self.open();
        let rounds = (1..).zip(self.picks);
        let winners: Vec<Winner> = rounds
            .map(|(round, pick)| Winner {
                project: pick.project,
                round,
                stage: pick.stage,
                points: poll.points[pick.project],
                votes: poll.votes[pick.project],
                tied: pick.tied,
                price: pick.price,
            })
            .collect();
        let losers = self
            .reasons
            .into_iter()
            .enumerate()
            .filter(|(project, _)| open[*project])
            .map(|(project, reason)| Loser {
                project,
                points: poll.points[project],
                votes: poll.votes[project],
                reason: reason.unwrap_or(Reason::DoesNotFit { left }),
            })
            .collect();
        let round_of = |project: usize| {
            let found = winners.iter().find(|winner| winner.project == project);
            found.map_or(0, |winner| winner.round)
        };
        let ties = self.ties.into_iter().map(|tie| Tie {
            round: round_of(tie.chosen),
            ..tie
        });
        Outcome {
            ties: ties.collect(),
            winners,
            losers,
            spent,
            left,
            endowment: self.endowment,
            comparison: self.compared,
        }
    }
}
