//! The bootstrap: how far a figure would move if similar people had answered instead.
//!
//! The unit is a person with all their answers, never a single answer; and people with the same
//! answers are one type with a count. To draw n people with replacement is to draw the counts of the
//! types from a multinomial distribution, which takes time for each type and none for each person.

mod agreement;
mod draw;
mod rao_wu;
mod summary;

pub use agreement::agreement_interval;
pub use draw::bootstrap;
pub use rao_wu::{Weighted, rao_wu};
pub use summary::{Share, Summary, percentile};

use std::ops::ControlFlow;

/// How many samples are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Replications(u32);

impl Replications {
    pub const LEAST: u32 = 100;
    pub const MOST: u32 = 1_000_000;

    pub fn new(number: u32) -> Result<Self, BootstrapError> {
        if (Self::LEAST..=Self::MOST).contains(&number) {
            Ok(Self(number))
        } else {
            Err(BootstrapError::Replications(number))
        }
    }

    /// While someone waits for a page.
    pub const fn on_screen() -> Self {
        Self(2_000)
    }

    /// For figures that are published.
    pub const fn published() -> Self {
        Self(10_000)
    }

    pub fn number(self) -> u32 {
        self.0
    }
}

/// What a bootstrap's result depends on besides the data. With the same plan it comes out the same,
/// to the last digit, on any number of processors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Plan {
    pub replications: Replications,
    /// Not for publication beside counts that are held back: with it the figures give them away.
    pub seed: u64,
}

/// Types of people in strata: in each, the number of people of every type. Samples keep the size of
/// each stratum. Where people were not drawn by strata, there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strata {
    strata: Vec<Vec<u64>>,
    types: usize,
}

impl Strata {
    /// Up to here every count and sum is exact as a float too.
    pub const MOST_PEOPLE: u64 = 1 << 53;

    /// # Errors
    /// A stratum is empty, or there are none, or too many people.
    pub fn new(strata: Vec<Vec<u64>>) -> Result<Self, BootstrapError> {
        let people = |types: &[u64]| -> u128 { types.iter().map(|n| u128::from(*n)).sum() };
        if strata.is_empty() || strata.iter().any(|types| people(types) == 0) {
            return Err(BootstrapError::NoPeople);
        }
        let all: u128 = strata.iter().map(|types| people(types)).sum();
        if all > u128::from(Self::MOST_PEOPLE) {
            return Err(BootstrapError::TooManyPeople);
        }
        let types = strata.iter().map(Vec::len).sum();
        Ok(Self { strata, types })
    }

    pub fn one(types: &[u64]) -> Result<Self, BootstrapError> {
        Self::new(vec![types.to_vec()])
    }
}

/// How far the drawing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: u32,
    pub of: u32,
}

/// Told from time to time, from any thread, and asked whether to go on.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync);

/// For who does not care.
pub fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BootstrapError {
    #[error(
        "a bootstrap takes from {least} to {most} samples, not {0}",
        least = Replications::LEAST,
        most = Replications::MOST
    )]
    Replications(u32),
    #[error("there is nobody to draw from")]
    NoPeople,
    #[error("samples can be drawn from at most {} people", Strata::MOST_PEOPLE)]
    TooManyPeople,
    #[error("so many samples of so many different answers would take hours; draw fewer")]
    TooMuchWork,
    #[error("the drawing was stopped")]
    Stopped,
    #[error("the figure is not defined for some of the samples")]
    Undefined,
    #[error("to estimate a spread, a stratum needs two people or more")]
    LonelyStratum,
    #[error("a weight is a positive number, and this one is {0}")]
    Weight(f64),
}
