//! Count Me In asks people what they think and what should come first, and proves that every voice
//! was counted once. `README.md` explains the tree.

pub mod domain;
pub mod stats;
pub mod store;
pub mod tally;
pub mod view;
