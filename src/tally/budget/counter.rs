//! The door to all rules: an election, prepared once, counted under any rule and any weights.

use super::{
    decision::Decision,
    election::Election,
    equal_shares,
    greedy::{self, Measure},
    outcome::{Outcome, Stage},
    phragmen,
    poll::{Poll, Supporters},
    profile::{ProfileError, Weights},
    rule::{Greedy, Rule, Ties},
};

/// Most alternatives to ties of which we find out what they would have changed.
const MAX_TRIED: usize = 16;
/// Most work for that, in the measure of [`work_of`]: some seconds.
const MAX_WORK: usize = 100_000_000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    #[error(transparent)]
    Weights(#[from] ProfileError),
    #[error("the steps by which shares grow have to be more than nothing")]
    NoIncrement,
    #[error("shares would have to grow in too many steps: choose larger steps")]
    TooManyRuns,
}

/// An election, prepared for counting. Make one and count as often as you like: bootstrap samples,
/// channels left out and other rules differ in their arguments only.
#[derive(Debug, Clone)]
pub struct Counter<'a> {
    election: &'a Election,
    supporters: Supporters,
}

impl<'a> Counter<'a> {
    pub fn new(election: &'a Election) -> Self {
        Self {
            election,
            supporters: Supporters::of(election.profile()),
        }
    }

    pub fn election(&self) -> &'a Election {
        self.election
    }

    /// Positions of the funded projects in the order of selection, without figures: the fast way.
    pub fn winners(
        &self,
        weights: &Weights,
        rule: &Rule,
        ties: &Ties,
    ) -> Result<Vec<usize>, CountError> {
        winners(&self.poll(weights, ties)?, rule)
    }

    /// The outcome with all figures that explain it.
    pub fn outcome(
        &self,
        weights: &Weights,
        rule: &Rule,
        ties: &Ties,
    ) -> Result<Outcome, CountError> {
        let poll = self.poll(weights, ties)?;
        let mut decision = decide(&poll, rule)?;
        judge_ties(&poll, rule, &mut decision)?;
        Ok(decision.into_outcome(&poll))
    }

    fn poll<'p>(&'p self, weights: &'p Weights, ties: &Ties) -> Result<Poll<'p>, CountError> {
        let expected = self.election.profile().distinct();
        let given = weights.counts().len();
        if expected == given {
            Ok(Poll::new(self.election, &self.supporters, weights, ties))
        } else {
            Err(ProfileError::WeightsMismatch { expected, given }.into())
        }
    }
}

fn decide(poll: &Poll, rule: &Rule) -> Result<Decision, CountError> {
    let budget = poll.election.budget();
    let everything = vec![true; poll.projects()];
    Ok(match rule {
        Rule::Greedy(options) => greedy::fund(
            poll,
            options,
            Measure::Points,
            &everything,
            budget,
            Stage::Rule,
        ),
        Rule::GreedyPerCost(options) => {
            let options = Greedy {
                fund_unsupported: options.fund_unsupported,
                ..Greedy::default()
            };
            let measure = Measure::PointsPerCost;
            greedy::fund(poll, &options, measure, &everything, budget, Stage::Rule)
        }
        Rule::EqualShares(options) => equal_shares::decide(poll, options)?,
        Rule::Phragmen(options) => phragmen::decide(poll, options, true),
    })
}

fn winners(poll: &Poll, rule: &Rule) -> Result<Vec<usize>, CountError> {
    match rule {
        Rule::EqualShares(options) => equal_shares::winners(poll, options),
        Rule::Phragmen(options) => Ok(phragmen::decide(poll, options, false).funded()),
        Rule::Greedy(_) | Rule::GreedyPerCost(_) => Ok(decide(poll, rule)?.funded()),
    }
}

/// How long one count takes: every run looks at every mark, and every round at every project.
fn work_of(poll: &Poll, decision: &Decision) -> usize {
    let runs = decision.endowment.as_ref().map_or(1, |share| share.runs);
    let rounds = decision.picks.len() + 1;
    let size = poll.supporters.marks() + poll.projects() * rounds;
    let runs = usize::try_from(runs).unwrap_or(usize::MAX);
    size.saturating_mul(runs).max(1)
}

/// Finds out which ties decide who wins, by putting each of the others first in turn and counting
/// again. Greedy knows by itself; of the other rules, ties that are marked as decisive are looked at.
/// Beyond [`MAX_TRIED`] alternatives, or [`MAX_WORK`], such a tie stays marked.
fn judge_ties(poll: &Poll, rule: &Rule, decision: &mut Decision) -> Result<(), CountError> {
    if matches!(rule, Rule::Greedy(_) | Rule::GreedyPerCost(_)) {
        return Ok(());
    }
    let mut usual = decision.funded();
    usual.sort_unstable();
    let mut left_to_try = (MAX_WORK / work_of(poll, decision)).clamp(1, MAX_TRIED);
    let doubtful = decision
        .ties
        .iter_mut()
        .filter(|tie| tie.decisive && tie.stage == Stage::Rule);
    for tie in doubtful {
        tie.decisive = false;
        for other in &tie.others {
            tie.decisive = left_to_try == 0 || {
                let mut now = winners(&poll.with_first(*other, tie.chosen), rule)?;
                now.sort_unstable();
                now != usual
            };
            if tie.decisive {
                break;
            }
            left_to_try -= 1;
        }
    }
    Ok(())
}
