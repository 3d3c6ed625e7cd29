//! The list of a greedy rule, with the money left after each place.

use serde::Serialize;

use crate::domain::money::Money;

use super::super::{case::Case, standing::Standing};

/// One place of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Line {
    pub project: usize,
    pub points: u64,
    pub votes: u64,
    pub cost: Money,
    pub funded: bool,
    /// Money left when the rule goes on to the next place.
    pub left: Money,
}

/// The projects that take part, in the order in which the rule comes to them. None for rules that
/// are not greedy.
pub fn funding_line(case: &Case) -> Option<Vec<Line>> {
    let standing = Standing::of(case)?;
    let mut purse = standing.purse();
    let taking_part = standing
        .order
        .iter()
        .map(|project| &standing.places[*project])
        .filter(|place| standing.takes_part(place));
    let lines = taking_part.map(|place| {
        let funded = standing.take(&mut purse, place);
        Line {
            project: place.project,
            points: place.points,
            votes: place.votes,
            cost: case.election.projects()[place.project].cost,
            funded,
            left: Money::from_minor(purse.left).unwrap_or(Money::ZERO),
        }
    });
    Some(lines.collect())
}
