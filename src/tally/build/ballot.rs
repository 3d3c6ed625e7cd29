//! The figures of a ballot: votes, and what they fund.

use std::cmp::Reverse;

use crate::domain::{
    allocation::Rule, ballot::BallotForm, channel::Channel, key::OptionKey, money::Money,
};
use crate::tally::{
    ballots::{decide, election_of_totals},
    budget::outcome::{self, Exact, Loser, Reason, Stage, Winner},
    fold::{ItemCounts, Tally},
    percent::whole_percent,
    report::{BallotAnalysis, BallotFigures, Outcome, Price, ProjectFigures, VoterShare},
};

/// What was made of the single ballots of one item, for whoever builds a report to remember.
#[derive(Debug, Clone)]
pub struct SingleBallots {
    /// The outcome of a rule that needs single ballots; of another rule the totals decide.
    pub outcome: outcome::Outcome,
    pub analysis: Option<BallotAnalysis>,
}

impl SingleBallots {
    /// Of a project: by its place among winners or losers, as every project is one or the other.
    fn votes(&self, project: usize) -> u64 {
        let winner = self.outcome.winners.iter().find(|w| w.project == project);
        let loser = self.outcome.losers.iter().find(|l| l.project == project);
        winner
            .map(|winner| winner.votes)
            .or(loser.map(|loser| loser.votes))
            .unwrap_or(0)
    }
}

/// Counts of the channels that have any people, each with its items in the order of the survey.
pub struct ChannelCounts {
    channels: Vec<(Channel, Vec<ItemCounts>)>,
    on_sheets: u64,
}

impl ChannelCounts {
    pub fn of(tally: &Tally) -> Self {
        Self {
            channels: Channel::ALL
                .into_iter()
                .filter(|channel| tally.people_in(*channel) > 0)
                .map(|channel| (channel, tally.items_in(channel)))
                .collect(),
            on_sheets: Channel::ALL
                .map(|channel| tally.on_sheets(channel))
                .iter()
                .sum(),
        }
    }

    fn channels(&self) -> Vec<Channel> {
        self.channels.iter().map(|(channel, _)| *channel).collect()
    }

    /// Votes by channel for project number `project` of item number `item`.
    fn votes(&self, item: usize, project: usize) -> Vec<u64> {
        self.channels
            .iter()
            .map(|(_, items)| items[item].options[project])
            .collect()
    }
}

/// `item` is the ballot's position in the survey.
pub fn figures(
    form: &BallotForm,
    counts: &ItemCounts,
    channels: &ChannelCounts,
    item: usize,
    single: Option<&SingleBallots>,
) -> BallotFigures {
    let outcome = outcome(form, counts, single);
    let needs_single = form.rule.needs_single_ballots();
    let projects = places(form, counts, outcome.as_ref())
        .into_iter()
        .zip(1..)
        .map(|(place, rank)| {
            let project = &form.projects[place.project];
            let votes = counts.options[place.project];
            ProjectFigures {
                rank,
                key: project.key.clone(),
                text: project.text.clone(),
                cost: project.cost,
                votes,
                single_votes: single.map(|single| single.votes(place.project)),
                percent: whole_percent(votes, counts.answered),
                outcome: place.outcome,
                price: place.price,
                by_channel: channels.votes(item, place.project),
            }
        })
        .collect();
    BallotFigures {
        base: counts.answered,
        blank: counts.blank,
        budget: form.budget,
        currency: form.currency.clone(),
        method: form.method,
        rule: form.rule.clone(),
        decided: outcome.is_some(),
        left_out: if needs_single { channels.on_sheets } else { 0 },
        spent: outcome.as_ref().map_or(Money::ZERO, |o| o.spent),
        left: outcome.as_ref().map_or(form.budget, |o| o.left),
        decisive_tie: outcome.as_ref().is_some_and(outcome::Outcome::decisive_tie),
        share: outcome.as_ref().and_then(|outcome| share(form, outcome)),
        projects,
        channels: Some(channels.channels()),
        analysis: single.and_then(|single| single.analysis.clone()),
    }
}

/// None where the rule needs single ballots, and they are not at hand.
fn outcome(
    form: &BallotForm,
    counts: &ItemCounts,
    single: Option<&SingleBallots>,
) -> Option<outcome::Outcome> {
    if form.rule.needs_single_ballots() {
        return single.map(|single| single.outcome.clone());
    }
    let election = election_of_totals(form, &counts.options).ok()?;
    decide(&election, &form.rule).ok()
}

struct Place {
    project: usize,
    outcome: Outcome,
    price: Option<Price>,
}

/// The projects in the order of a report. Greedy without conditions lists them by votes, so that the
/// list can be read from the top with the money running out on the way.
fn places(
    form: &BallotForm,
    counts: &ItemCounts,
    outcome: Option<&outcome::Outcome>,
) -> Vec<Place> {
    let mut places: Vec<(usize, Place)> = match outcome {
        None => (0..form.projects.len())
            .map(|project| (usize::MAX, undecided(project)))
            .collect(),
        Some(outcome) => outcome
            .winners
            .iter()
            .map(|winner| (winner.round, funded(form, winner)))
            .chain(
                outcome
                    .losers
                    .iter()
                    .map(|loser| (usize::MAX, not_funded(form, loser))),
            )
            .collect(),
    };
    let by_votes = matches!(form.rule.rule, Rule::Greedy(_));
    places.sort_by_key(|(round, place)| {
        let project = &form.projects[place.project];
        (
            // Greedy funds by votes, and its list is one list.
            if by_votes { 0 } else { *round },
            Reverse(counts.options[place.project]),
            project.cost,
            if by_votes { *round } else { 0 },
            project.key.clone(),
        )
    });
    places.into_iter().map(|(_, place)| place).collect()
}

fn undecided(project: usize) -> Place {
    Place {
        project,
        outcome: Outcome::Undecided,
        price: None,
    }
}

fn funded(form: &BallotForm, winner: &Winner) -> Place {
    let unit = unit(form);
    let price = match &winner.price {
        Some(outcome::Price::Shares {
            per_point,
            effective_votes,
            ..
        }) => Some(Price {
            per_supporter: per_point.decimal(unit, 2),
            effective_votes: effective_votes.decimal(1, 2),
        }),
        Some(outcome::Price::Load { .. }) | None => None,
    };
    Place {
        project: winner.project,
        outcome: match winner.stage {
            Stage::Rule => Outcome::Funded,
            Stage::Comparison => Outcome::Preferred,
            Stage::Completion => Outcome::Completed,
        },
        price,
    }
}

fn not_funded(form: &BallotForm, loser: &Loser) -> Place {
    let key = |project: usize| -> Option<OptionKey> {
        form.projects
            .get(project)
            .map(|project| project.key.clone())
    };
    let outcome = match &loser.reason {
        Reason::NoSupport => Outcome::NoVotes,
        Reason::OverBudget => Outcome::DoesNotFit { left: form.budget },
        Reason::BelowThreshold { threshold } => Outcome::BelowThreshold {
            threshold: *threshold,
        },
        Reason::NotEligible => Outcome::NotEligible,
        Reason::DoesNotFit { left } => Outcome::DoesNotFit { left: *left },
        Reason::AfterStop { left } => Outcome::AfterStop { left: *left },
        Reason::CategoryCap { name, left } | Reason::NeighborhoodCap { name, left } => {
            Outcome::Capped {
                name: name.clone(),
                left: *left,
            }
        }
        Reason::Excluded { by } => key(*by).map_or(Outcome::NoVotes, |by| Outcome::Excluded { by }),
        Reason::SupportersShort { money } => Outcome::SupportersShort {
            money: Some(whole_minor(money)),
        },
        Reason::Outvoted => Outcome::Outvoted,
    };
    Place {
        project: loser.project,
        outcome,
        price: None,
    }
}

/// Rounded down to minor units.
pub fn whole_minor(amount: &Exact) -> Money {
    let whole = amount.ratio().to_integer();
    u64::try_from(whole)
        .ok()
        .and_then(|minor| Money::from_minor(minor).ok())
        .unwrap_or(Money::ZERO)
}

fn unit(form: &BallotForm) -> u64 {
    10_u64.pow(form.currency.minor_digits())
}

fn share(form: &BallotForm, outcome: &outcome::Outcome) -> Option<VoterShare> {
    let endowment = outcome.endowment.as_ref()?;
    Some(VoterShare {
        start: endowment.start.decimal(unit(form), 2),
        last: endowment.last.decimal(unit(form), 2),
        runs: endowment.runs,
        prefer: outcome
            .comparison
            .map(|compared| (compared.prefer_equal_shares, compared.prefer_greedy)),
    })
}

/// Whether two ballots offer the same projects at the same costs under the same terms.
pub fn asks_same(own: &BallotForm, other: &BallotForm) -> bool {
    let offers = |form: &BallotForm| -> Vec<_> {
        form.projects
            .iter()
            .map(|project| (project.key.clone(), project.text.clone(), project.cost))
            .collect()
    };
    offers(own) == offers(other)
        && own.budget == other.budget
        && own.currency == other.currency
        && own.method == other.method
}
