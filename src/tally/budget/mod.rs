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
