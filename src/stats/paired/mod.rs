//! The same people asked twice: tables with one row for each first and one column for each second
//! answer.

mod mcnemar;
mod signed_rank;
mod square;

pub use mcnemar::{McNemar, mcnemar};
pub use signed_rank::{Differences, SignedRank, SignedRankError, Zeros, signed_rank};
pub use square::{SquareError, SquareTable};
