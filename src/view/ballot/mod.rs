//! Ballots in words: the outcome and its reasons, the same ballots under other rules, and how sure
//! the outcome is.

mod block;
mod certainty;
mod reason;
mod rule;

pub(super) use block::BallotBlock;
pub(super) use certainty::CertaintyBlock;
pub(super) use rule::announced;
