//! How votes become a list of funded projects: one file a rule, whole numbers throughout.

pub mod case;
pub mod certainty;
pub mod counter;
mod decision;
pub mod election;
mod equal_shares;
pub mod explain;
mod fractions;
pub mod from_pb;
pub mod greedy;
pub mod outcome;
mod phragmen;
mod poll;
pub mod profile;
pub mod project;
pub mod rule;
mod standing;
pub mod ties;

use crate::domain::{key::OptionKey, money::Money};

use super::report::Outcome;

/// A project as an allocation rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub key: OptionKey,
    pub cost: Money,
    pub votes: u64,
}

/// What a rule decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// Positions of the candidates in the order of the rule.
    pub order: Vec<usize>,
    /// By position of the candidate, as they were handed in.
    pub outcomes: Vec<Outcome>,
    pub spent: Money,
    pub left: Money,
    /// Whether the way in which ties on votes are broken decides what is funded.
    pub decisive_tie: bool,
}

impl Allocation {
    pub fn is_funded(&self, candidate: usize) -> bool {
        self.outcomes.get(candidate) == Some(&Outcome::Funded)
    }
}
