//! The rules and their parameters: the domain's, since a survey file names them.

pub use crate::domain::allocation::{
    Add1, Cap, Comparison, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule, Start,
    Stop, Ties, Utility,
};
