//! What the file says about its own contents, compared with them.

use super::{
    ballots::Ballots,
    code::Code,
    decimal::Decimal,
    fault::Faults,
    projects,
    terms::{Placed, Terms},
    votes::{self, Recount},
};

/// Reports wherever the file contradicts itself; not where an error explains that already.
pub(super) fn check(
    placed: &Placed,
    terms: &Terms,
    projects: &projects::Read,
    votes: &votes::Read,
    faults: &mut Faults<'_>,
) {
    if faults.has(Code::QuoteNotClosed) {
        return;
    }
    let are_sound = faults.errors() == 0;
    let numbers = [
        (
            "num_projects",
            Code::NumProjectsDiffers,
            terms.num_projects,
            projects.rows,
        ),
        (
            "num_votes",
            Code::NumVotesDiffers,
            terms.num_votes,
            votes.rows,
        ),
    ];
    for (key, code, said, found) in numbers {
        let found = u64::try_from(found).unwrap_or(u64::MAX);
        if let Some(said) = said.filter(|said| *said != found) {
            faults.add(code, placed.span(key), |_| {
                format!("“{key}” says {said}, and the file has {found}")
            });
        }
    }
    if are_sound {
        recount(projects, votes, faults);
    }
}

fn recount(projects: &projects::Read, votes: &votes::Read, faults: &mut Faults<'_>) {
    let each = projects.projects.iter().zip(&projects.spans);
    for ((project, span), recount) in each.zip(&votes.recount) {
        let is_counted = |votes| [recount.marks, recount.ballots].contains(&votes);
        if project.votes.is_some_and(|votes| !is_counted(votes)) {
            faults.add(Code::VotesDiffer, span.clone(), |_| {
                let published = project.votes.unwrap_or(0);
                format!(
                    "the project “{}” has {published} votes as published, and {} on the ballots",
                    project.id, recount.marks
                )
            });
        }
        if project
            .score
            .is_some_and(|score| differs(score, recount, &votes.ballots))
        {
            faults.add(Code::ScoreDiffers, span.clone(), |_| {
                format!(
                    "the project “{}” has another score as published than on the ballots",
                    project.id
                )
            });
        }
    }
}

fn differs(score: Decimal, recount: &Recount, ballots: &Ballots) -> bool {
    let units = score.at_scale(ballots.points_scale());
    units.map(i128::from) != Some(recount.score)
}
