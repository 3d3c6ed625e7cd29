//! How votes become a list of funded projects: one file or folder a rule, exact throughout.
//!
//! An [`election::Election`] has projects, a budget and ballots, of which equal ones are merged
//! ([`profile`]). A [`counter::Counter`] counts it under a [`rule::Rule`] and gives an
//! [`outcome::Outcome`] that can be explained, or the winners alone, fast enough for thousands of
//! bootstrap samples. Ties are broken by one order drawn up beforehand ([`ties`]). A committee is an
//! election in which everybody costs one unit ([`election::Election::committee`]).
//!
//! [`greedy::allocate`] is for numbers of votes without ballots.

pub mod counter;
mod decision;
pub mod election;
mod equal_shares;
mod fractions;
pub mod greedy;
pub mod outcome;
mod phragmen;
mod poll;
pub mod profile;
pub mod project;
pub mod rule;
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
