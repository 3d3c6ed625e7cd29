//! How a wave differs from another wave of its survey, statement by statement.

use serde::{Deserialize, Serialize};

use super::RangeKind;
use crate::domain::key::{ItemKey, WaveName};

/// The statements of a survey in two of its waves. Every change is the figure of `to`, which opened
/// later, less the figure of `from`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub from: WaveName,
    pub to: WaveName,
    /// What the range of a change means: that of the wave which allows less to be said.
    pub range: RangeKind,
    /// Statements that were tested together: every `p_adjusted` is adjusted for so many.
    pub tested: u64,
    /// Every statement of this wave, in the order of the survey.
    pub items: Vec<ItemChange>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemChange {
    pub key: ItemKey,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    Measured(MeasuredChange),
    NotCompared { reason: NotCompared },
}

/// Why two waves cannot be set against each other on a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum NotCompared {
    /// The statement read differently, so a change may be one of words.
    WordingDiffers,
    /// There were other answers to choose from.
    ScaleDiffers,
    /// The other wave did not ask it.
    NotAsked,
    /// Fewer than `minimum` people answered in one of the waves.
    TooFewAnswers { minimum: u64 },
    /// Disclosure control keeps the figures of one of the waves back.
    Withheld,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeasuredChange {
    /// Of the share on the agreeing side of the scale; Newcombe's hybrid score interval.
    pub agree: Difference,
    /// Of net agreement; the MOVER interval on Tango's limits.
    pub net: Difference,
    /// None where everyone was asked in both waves: what changed is then known, and not estimated.
    pub test: Option<OrdinalTest>,
}

/// A difference of two shares, in percentage points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Whole points, half away from zero.
    pub points: i64,
    pub interval: Option<SignedInterval>,
}

/// Limits of a signed figure, as shares from −1 to 1 (of a change, −2 to 2) and in whole points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SignedInterval {
    pub low: f64,
    pub high: f64,
    pub low_points: i64,
    pub high_points: i64,
}

/// Whether answers moved along the whole scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OrdinalTest {
    pub method: TestMethod,
    pub p: f64,
    /// After Holm, over the statements tested together.
    pub p_adjusted: f64,
    /// The chance that someone of the later wave agrees more than someone of the earlier one, ties
    /// counted half: 0.5 when neither does.
    pub superiority: f64,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestMethod {
    BrunnerMunzel,
    /// Exact, over every way to deal the same answers to the two waves: for few answers, and where
    /// the waves do not overlap at all.
    Permutation,
    /// In place of the permutation test where that is too much work.
    MannWhitney,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// People agree more than before.
    Higher,
    /// People agree less than before.
    Lower,
    NoClearChange,
}
