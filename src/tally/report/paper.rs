//! How the paper of a wave was keyed, and how many errors that can have left.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaperReport {
    pub method: KeyingMethod,
    pub batches: u64,
    pub sheets: PaperSheets,
    pub keyed_twice: KeyedTwice,
    /// None where nothing was checked that had fields.
    pub remaining: Option<RemainingErrors>,
    /// None where disclosure control keeps it back.
    pub marks: Option<DoubtfulMarks>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum KeyingMethod {
    /// Every sheet was keyed by two people.
    Double,
    /// So many per cent of each batch were keyed again; a batch with more than `most_errors` wrong
    /// fields among them was keyed wholly twice.
    Sampled {
        percent: u8,
        most_errors: u32,
        /// Batches.
        accepted: u64,
        rejected: u64,
    },
}

/// Sheets in counted batches, by what they counted for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSheets {
    /// One response each.
    pub counted: u64,
    pub blank: u64,
    pub spoilt: u64,
    pub unreadable: u64,
    pub no_valid_mark: u64,
}

impl PaperSheets {
    pub fn all(&self) -> u64 {
        self.counted + self.blank + self.spoilt + self.unreadable + self.no_valid_mark
    }
}

/// Sheets that two people keyed, the fields on them, and those in which the two differed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyedTwice {
    pub sheets: u64,
    pub fields: u64,
    pub differences: u64,
}

/// What can still be wrong. The method is in [`crate::stats::keying`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RemainingErrors {
    pub basis: RemainingBasis,
    /// The sheets of which it speaks.
    pub sheets: u64,
    /// Share of these sheets that have a wrong field, at 95 % confidence.
    pub wrong_sheets_at_most: f64,
    /// Share of their fields: an estimate.
    pub wrong_fields: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemainingBasis {
    /// The sheets that were keyed once, by those that were drawn and keyed again: measured.
    Sample,
    /// Errors that two people made alike, which nobody sees: as many as there are if the two made
    /// theirs independently.
    Independence,
}

/// Among the sheets that counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtfulMarks {
    /// Fields with an unclear mark, or with several where one is asked for: no answer.
    pub uncertain: u64,
    /// Ballots with more marks than they allow.
    pub overvoted: u64,
}
