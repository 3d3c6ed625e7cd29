//! What follows from the ballots of one item beside its outcome: why projects lost and what would
//! have funded them, the same ballots under other rules, and how sure the outcome is.
//!
//! None of it is part of the official result, which is a count.

use num_bigint::BigUint;

use crate::domain::{
    allocation::AllocationRule, ballot::BallotForm, channel::Channel, key::OptionKey,
};

use super::{
    budget::{
        case::{Case, CaseError, Progress},
        certainty::{self, Change, bootstrap, first_change, margins_by_counting, own_margins},
        election::Election,
        explain::{
            self, Limits, LoserExplained, People, compare_rules, explain, usual_rules,
            without_channels,
        },
        outcome::{Exact, Outcome},
    },
    build::whole_minor,
    report::{
        BallotAnalysis, BallotChange, FirstChange, LoserAnalysis, Margin, Needed, Repeats,
        Satisfied, SpentOn, UnderRule, WithoutChannel,
    },
};

/// Repeats of the bootstrap: a share of them is off by 3 points at most, 19 times out of 20.
pub const REPEATS: u32 = 1_000;

/// Of a vote with more distinct ballots than [`LARGE`]: off by 7 points at most.
const REPEATS_OF_A_LARGE_VOTE: u32 = 200;

/// With more distinct ballots, counting again for every project takes minutes under some rules.
const LARGE: usize = 5_000;

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
    let limits = if is_large(election) {
        Limits::NONE
    } else {
        Limits::default()
    };
    let explained = explain(&case, outcome, limits, progress)?;
    let margins = if let Some(margins) = own_margins(&case) {
        margins
    } else {
        let all: Vec<usize> = (0..form.projects.len()).collect();
        margins_by_counting(&case, outcome, &all, limits.counts, progress)?
    };
    let changes = [Change::Added, Change::Removed, Change::Replaced]
        .into_iter()
        .filter_map(|change| first_change(&case, change).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let by_person = source == Source::SingleBallots;
    Ok(BallotAnalysis {
        people: by_person.then(|| satisfied(&explained.people)),
        losers: explained
            .losers
            .iter()
            .filter_map(|loser| names.loser(loser))
            .collect(),
        rules: if by_person {
            rules(&case, &names)?
        } else {
            Vec::new()
        },
        without: if by_person {
            without(&case, &names)?
        } else {
            Vec::new()
        },
        repeats: by_person
            .then(|| repeats(&case, &names, progress))
            .transpose()?,
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

fn is_large(election: &Election) -> bool {
    election.profile().distinct() > LARGE
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

    fn loser(&self, explained: &LoserExplained) -> Option<LoserAnalysis> {
        let support = explained.support.as_ref();
        let spent_on = support.map_or(&[][..], |support| &support.spent_on);
        Some(LoserAnalysis {
            key: self.key(explained.loser.project)?,
            more_votes: needed(explained.votes_needed),
            lower_cost: needed(explained.cost_needed),
            spent_on: spent_on
                .iter()
                .filter_map(|spent| {
                    Some(SpentOn {
                        winner: self.key(spent.winner)?,
                        amount: whole_minor(&spent.amount),
                        people: spent.people,
                    })
                })
                .collect(),
            effective_support: support
                .and_then(|support| support.effective_support.as_ref())
                .and_then(whole_percent_below),
        })
    }
}

/// Rounded down: a project without the means never reads 100 %.
fn whole_percent_below(share: &Exact) -> Option<u64> {
    u64::try_from((share.ratio() * BigUint::from(100_u32)).to_integer()).ok()
}

fn needed<T>(found: explain::Needed<T>) -> Needed<T> {
    match found {
        explain::Needed::Found { value, exact } => Needed::Found { value, exact },
        explain::Needed::Impossible => Needed::Impossible,
        explain::Needed::LimitReached => Needed::NotFound,
    }
}

fn satisfied(people: &People) -> Satisfied {
    Satisfied {
        voters: people.voters,
        without_winner: people.without_winner,
        average_winners: people
            .average_winners
            .as_ref()
            .map_or_else(|| "0.00".to_owned(), |average| average.decimal(1, 2)),
    }
}

/// The official rule first, then the usual ones that differ from it.
fn rules(case: &Case, names: &Names) -> Result<Vec<UnderRule>, CaseError> {
    let mut rules = vec![case.rule.clone()];
    rules.extend(usual_rules().into_iter().filter(|rule| rule != case.rule));
    let compared = compare_rules(case, &rules)?;
    let seed = &names.0.rule.seed;
    Ok(compared
        .rules
        .into_iter()
        .map(|under| UnderRule {
            rule: AllocationRule {
                rule: under.rule,
                seed: seed.clone(),
            },
            winners: names.keys(&under.winners),
            spent: under.spent,
            people: satisfied(&under.people),
        })
        .collect())
}

/// Nothing to say where everyone used the same channel.
fn without(case: &Case, names: &Names) -> Result<Vec<WithoutChannel>, CaseError> {
    let profile = case.election.profile();
    let used = |channel: Channel| {
        let people = profile.channel(channel.index());
        people.is_some_and(|people| people.voters() > 0)
    };
    if Channel::ALL
        .into_iter()
        .filter(|channel| used(*channel))
        .count()
        < 2
    {
        return Ok(Vec::new());
    }
    let found = without_channels(case)?;
    Ok(Channel::ALL
        .into_iter()
        .filter(|channel| used(*channel))
        .filter_map(|channel| {
            let effect = found.iter().find(|e| e.channel == channel.index())?;
            Some(WithoutChannel {
                channel,
                gained: names.keys(&effect.gained),
                lost: names.keys(&effect.lost),
            })
        })
        .collect())
}

fn repeats(case: &Case, names: &Names, progress: Progress) -> Result<Repeats, CaseError> {
    let repeats = if is_large(case.election) {
        REPEATS_OF_A_LARGE_VOTE
    } else {
        REPEATS
    };
    let found = bootstrap(case, repeats, SEED, progress)?;
    Ok(Repeats {
        repeats: found.repeats,
        seed: found.seed,
        funded: (0..)
            .zip(&found.funded)
            .filter_map(|(project, times)| Some((names.key(project)?, *times)))
            .collect(),
        same_winners: found.same_winners,
    })
}

fn first_change_of(found: &certainty::FirstChange) -> FirstChange {
    FirstChange {
        change: match found.change {
            Change::Added => BallotChange::Added,
            Change::Removed => BallotChange::Removed,
            Change::Replaced => BallotChange::Replaced,
        },
        at_least: found.at_least,
        at_most: found.at_most,
    }
}
