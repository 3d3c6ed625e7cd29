//! The figures of a ballot: votes, and what they fund.

use crate::domain::{
    ballot::{AllocationRule, BallotForm},
    channel::Channel,
};
use crate::tally::{
    budget::{Allocation, Candidate, greedy},
    fold::{ItemCounts, Tally},
    percent::whole_percent,
    report::{BallotFigures, ProjectFigures},
};

/// Counts of the channels that have any people, each with its items in the order of the survey.
pub struct ChannelCounts(Vec<(Channel, Vec<ItemCounts>)>);

impl ChannelCounts {
    pub fn of(tally: &Tally) -> Self {
        Self(
            Channel::ALL
                .into_iter()
                .filter(|channel| tally.people_in(*channel) > 0)
                .map(|channel| (channel, tally.items_in(channel)))
                .collect(),
        )
    }

    fn channels(&self) -> Vec<Channel> {
        self.0.iter().map(|(channel, _)| *channel).collect()
    }

    /// Votes by channel for project number `project` of item number `item`.
    fn votes(&self, item: usize, project: usize) -> Vec<u64> {
        self.0
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
) -> BallotFigures {
    let allocation = allocate(form, counts);
    let projects = allocation
        .order
        .iter()
        .zip(1..)
        .map(|(index, rank)| {
            let project = &form.projects[*index];
            let votes = counts.options[*index];
            ProjectFigures {
                rank,
                key: project.key.clone(),
                text: project.text.clone(),
                cost: project.cost,
                votes,
                percent: whole_percent(votes, counts.answered),
                outcome: allocation.outcomes[*index],
                by_channel: channels.votes(item, *index),
            }
        })
        .collect();
    BallotFigures {
        base: counts.answered,
        blank: counts.blank,
        budget: form.budget,
        currency: form.currency.clone(),
        method: form.method,
        rule: form.rule,
        spent: allocation.spent,
        left: allocation.left,
        decisive_tie: allocation.decisive_tie,
        projects,
        channels: Some(channels.channels()),
    }
}

fn allocate(form: &BallotForm, counts: &ItemCounts) -> Allocation {
    let candidates: Vec<Candidate> = form
        .projects
        .iter()
        .zip(&counts.options)
        .map(|(project, votes)| Candidate {
            key: project.key.clone(),
            cost: project.cost,
            votes: *votes,
        })
        .collect();
    match form.rule {
        AllocationRule::Greedy => greedy::allocate(&candidates, form.budget),
    }
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
