//! How votes become a list of funded projects: one file or folder a rule, exact throughout.
//!
//! An [`election::Election`] has projects, a budget and ballots, of which equal ones are merged
//! ([`profile`]). A [`counter::Counter`] counts it under a [`rule::Rule`] and gives an
//! [`outcome::Outcome`] that can be explained, or the winners alone, fast enough for thousands of
//! bootstrap samples. Ties are broken by one order drawn up beforehand ([`ties`]). A committee is an
//! election in which everybody costs one unit ([`election::Election::committee`]).

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
