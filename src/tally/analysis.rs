//! What follows from the ballots of one item beside its outcome: why projects lost and what would
//! have funded them, the same ballots under other rules, and how sure the outcome is.
//!
//! None of it is part of the official result, which is a count.

use crate::{
    domain::{
        allocation::AllocationRule, ballot::BallotForm, channel::Channel, key::OptionKey,
        money::Money,
    },
    stats::points::whole_percent_below,
};

use super::{
    budget::{
        case::{Case, CaseError, Progress},
        certainty::{self, Change, bootstrap, first_change, margins_by_counting, own_margins},
        election::Election,
        explain::{self, Limits, People, compare_rules, explain, usual_rules, without_channels},
        outcome::Outcome,
    },
    build::whole_minor,
    report::{
        BallotAnalysis, BallotChange, FirstChange, LoserAnalysis, Margin, Needed, Repeats,
        Satisfied, SpentOn, UnderRule, WithoutChannel,
    },
};

/// Repeats of the bootstrap: the margin of error of a share of them is at most 3.2 points.
pub const REPEATS: u32 = 1_000;

/// The same in every report, so that anybody finds the same figures again.
pub const SEED: u64 = 20_120_101;

/// What the ballots of an item are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Every voter's whole ballot.
    SingleBallots,
    /// Totals, in part or in whole: nobody knows which votes one person cast.
    Totals,
}

/// `election` is the one that `outcome` decides by the rule of `form`.
pub fn analyse(
    form: &BallotForm,
    election: &Election,
    outcome: &Outcome,
    source: Source,
    progress: Progress,
) -> Result<BallotAnalysis, CaseError> {
    let everyone = election.profile().everyone();
    let ties = form.rule.ties();
    let case = Case {
        election,
        weights: &everyone,
        rule: &form.rule.rule,
        ties: &ties,
    };
    let names = Names(form);
    let explained = explain(&case, outcome, Limits::default(), progress)?;
    let mut losers: Vec<LoserAnalysis> = explained
        .losers
        .iter()
        .map(|loser| names.loser(loser))
        .collect();
    losers.sort_by_key(|loser| names.place(&loser.key));
    let margins = match own_margins(&case) {
        Some(margins) => margins,
        None => margins_by_counting(&case, outcome, Limits::default().counts, progress)?,
    };
    let changes = [Change::Added, Change::Removed, Change::Replaced]
        .into_iter()
        .filter_map(|change| first_change(&case, change).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let by_person = source == Source::SingleBallots;
    Ok(BallotAnalysis {
        people: by_person.then(|| satisfied(&explained.people)),
        losers,
        rules: if by_person { rules(&case, &names)? } else { Vec::new() },
        without: if by_person { without(&case, &names)? } else { Vec::new() },
        repeats: if by_person { Some(repeats(&case, progress)?) } else { None },
        first_change: changes.iter().map(first_change_of).collect(),
        margins: margins
            .iter()
            .filter_map(|margin| {
                Some(Margin {
                    key: names.key(margin.project)?,
                    votes: needed(margin.votes),
                })
            })
            .collect(),
    })
}

/// Projects by position, as the report names them.
struct Names<'a>(&'a BallotForm);

impl Names<'_> {
    fn key(&self, project: usize) -> Option<OptionKey> {
        Some(self.0.projects.get(project)?.key.clone())
    }

    fn keys(&self, projects: &[usize]) -> Vec<OptionKey> {
        projects.iter().filter_map(|p| self.key(*p)).collect()
    }

    fn place(&self, key: &OptionKey) -> usize {
        let find = |project: &crate::domain::ballot::Project| project.key == *key;
        self.0.projects.iter().position(find).unwrap_or(usize::MAX)
    }
}
