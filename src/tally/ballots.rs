//! The election that a ballot item is: from totals where these are enough, and from single ballots
//! where a rule follows people through all projects.

use crate::domain::{
    allocation::AllocationRule,
    ballot::{BallotForm, Project as OnBallot},
    channel::Channel,
};

use super::{
    budget::{
        counter::{CountError, Counter},
        election::{Election, ElectionError},
        outcome::Outcome,
        profile::{BallotKind, ProfileBuilder, ProfileError},
        project::{Project, ProjectId},
    },
    patterns::Said,
};

#[derive(Debug, thiserror::Error)]
pub enum BallotsError {
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Election(#[from] ElectionError),
    #[error(transparent)]
    Count(#[from] CountError),
}

/// Every vote as a ballot of its own. Greedy rules see no difference, since they look at totals
/// alone; it is how votes on count sheets, of which nobody knows who cast them together, are counted.
pub fn election_of_totals(form: &BallotForm, votes: &[u64]) -> Result<Election, BallotsError> {
    let mut builder = ProfileBuilder::new(form.projects.len());
    for (project, votes) in votes.iter().enumerate() {
        builder.add(&BallotKind::Approval, &[project], &[], 0, *votes)?;
    }
    election(form, builder)
}

/// The single ballots of a wave, merged; the channels of the profile are [`Channel::ALL`]. People
/// who left the ballot blank took no part in this vote and are not among its voters.
pub fn election_of_ballots(
    form: &BallotForm,
    merged: &[(Vec<Said>, [u64; 3])],
) -> Result<Election, BallotsError> {
    let mut builder = ProfileBuilder::new(form.projects.len());
    // So that every channel is there, used or not.
    for channel in Channel::ALL {
        builder.add(&BallotKind::Approval, &[], &[], channel.index(), 0)?;
    }
    for (said, people) in merged {
        let [Said::Marks(marks)] = said.as_slice() else {
            continue;
        };
        for channel in Channel::ALL {
            let times = people[channel.index()];
            if times > 0 {
                builder.add(&BallotKind::Approval, marks, &[], channel.index(), times)?;
            }
        }
    }
    election(form, builder)
}

fn election(form: &BallotForm, builder: ProfileBuilder) -> Result<Election, BallotsError> {
    let projects = form.projects.iter().map(project).collect();
    let unit = 10_u64.pow(form.currency.minor_digits());
    Ok(Election::new(projects, form.budget, unit, builder.build())?)
}

fn project(project: &OnBallot) -> Project {
    Project {
        id: ProjectId::from(&project.key),
        cost: project.cost,
        categories: project.categories.clone(),
        neighborhoods: project.neighbourhoods.clone(),
        exclusive_group: project.group.clone(),
    }
}

/// What the rule decides of everyone's ballots.
pub fn decide(election: &Election, rule: &AllocationRule) -> Result<Outcome, BallotsError> {
    let everyone = election.profile().everyone();
    Ok(Counter::new(election).outcome(&everyone, &rule.rule, &rule.ties())?)
}
