//! Krippendorff's alpha: how far any number of coders agree, with gaps allowed.

use std::collections::BTreeMap;

use crate::stats::float::{of_count, of_size};

/// How far apart two codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The same or not.
    Nominal,
    /// By the number of values coded between them.
    Ordinal,
    /// By the square of their difference.
    Interval,
}

/// What the coders made of one unit, such as a comment, and how many units got the same codes. The
/// order of the codes does not matter; a coder who skipped the unit has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedUnit {
    pub codes: Vec<i32>,
    pub times: u64,
}

/// Units with at least two codes each, the same ones merged.
#[derive(Debug, Clone, PartialEq)]
pub struct Coding {
    /// The codes in use, in ascending order.
    values: Vec<f64>,
    pub(super) units: Vec<Unit>,
    /// Units with fewer than two codes, which say nothing about agreement.
    pub left_out: u128,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    /// Position of the value, and how many coders chose it.
    codes: Vec<(usize, f64)>,
    coders: f64,
    pub(super) times: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KrippendorffError {
    #[error("no unit was coded by two people")]
    NotPaired,
    #[error("only one code was ever used, so agreement cannot be told from chance")]
    OneCode,
    #[error(
        "there are more than {} units or more than {} codes of a unit",
        Coding::MOST_UNITS,
        Coding::MOST_CODES
    )]
    TooMany,
    #[error(
        "the interval takes from {} to {} repeats, and fewer of them the more units there are",
        super::krippendorff_interval::LEAST_REPEATS,
        super::krippendorff_interval::MOST_REPEATS
    )]
    Repeats,
}

impl Coding {
    pub const MOST_UNITS: u64 = 1_000_000_000_000;
    pub const MOST_CODES: usize = 1_000;

    pub fn new(units: &[CodedUnit]) -> Result<Self, KrippendorffError> {
        let total: u128 = units.iter().map(|unit| u128::from(unit.times)).sum();
        let is_large = units.iter().any(|unit| unit.codes.len() > Self::MOST_CODES);
        if is_large || total > u128::from(Self::MOST_UNITS) {
            return Err(KrippendorffError::TooMany);
        }
        let mut merged: BTreeMap<Vec<i32>, u64> = BTreeMap::new();
        let mut left_out = 0;
        for unit in units {
            if unit.codes.len() < 2 {
                left_out += u128::from(unit.times);
            } else if unit.times > 0 {
                let mut codes = unit.codes.clone();
                codes.sort_unstable();
                *merged.entry(codes).or_insert(0) += unit.times;
            }
        }
        if merged.is_empty() {
            return Err(KrippendorffError::NotPaired);
        }
        let mut values: Vec<i32> = merged.keys().flatten().copied().collect();
        values.sort_unstable();
        values.dedup();
        let units = merged
            .iter()
            .map(|(codes, times)| Unit {
                codes: tabulate(codes, &values),
                coders: of_size(codes.len()),
                times: *times,
            })
            .collect();
        Ok(Self {
            values: values.into_iter().map(f64::from).collect(),
            units,
            left_out,
        })
    }

    pub(super) fn work(&self) -> usize {
        self.values.len()
            + self
                .units
                .iter()
                .map(|unit| unit.codes.len())
                .sum::<usize>()
    }

    /// Alpha if each unit of `self.units` came up `times` times; None when only one code is used.
    pub(super) fn alpha(&self, level: Level, times: &[u64]) -> Option<f64> {
        let weighted = || {
            self.units
                .iter()
                .zip(times.iter().map(|times| of_count(*times)))
        };
        let mut totals = vec![0.0; self.values.len()];
        for (unit, times) in weighted() {
            for (value, count) in &unit.codes {
                totals[*value] += count * times;
            }
        }
        let positions = self.positions(level, &totals);
        let all: Vec<(usize, f64)> = totals.iter().copied().enumerate().collect();
        let coded: f64 = totals.iter().sum();
        let expected = disagreement(&all, coded, positions.as_deref()) / (coded - 1.0);
        if totals.iter().filter(|total| **total > 0.0).count() < 2 {
            return None;
        }
        let observed: f64 = weighted()
            .map(|(unit, times)| {
                let pairs = disagreement(&unit.codes, unit.coders, positions.as_deref());
                times * pairs / (unit.coders - 1.0)
            })
            .sum();
        Some(1.0 - observed / expected)
    }

    /// Where the values lie, so that their distance is the difference; None for names without
    /// order. On an ordinal scale a value lies at the middle of its ranks.
    fn positions(&self, level: Level, totals: &[f64]) -> Option<Vec<f64>> {
        match level {
            Level::Nominal => None,
            Level::Interval => Some(self.values.clone()),
            Level::Ordinal => {
                let mut below = 0.0;
                let middle_rank = |total: &f64| {
                    let middle = below + total / 2.0;
                    below += total;
                    middle
                };
                Some(totals.iter().map(middle_rank).collect())
            }
        }
    }
}

/// Σ over all ordered pairs of codes of their squared distance, without going through the pairs:
/// for positions x it is 2 n Σ (x − mean)², and for names n² − Σ (count of a name)².
fn disagreement(counts: &[(usize, f64)], coded: f64, positions: Option<&[f64]>) -> f64 {
    match positions {
        None => counts
            .iter()
            .map(|(_, count)| count * (coded - count))
            .sum(),
        Some(positions) => {
            let sum: f64 = counts.iter().map(|(v, count)| count * positions[*v]).sum();
            let mean = sum / coded;
            let squares: f64 = counts
                .iter()
                .map(|(v, count)| count * (positions[*v] - mean).powi(2))
                .sum();
            2.0 * coded * squares
        }
    }
}

fn tabulate(codes: &[i32], values: &[i32]) -> Vec<(usize, f64)> {
    codes
        .chunk_by(|a, b| a == b)
        .map(|same| {
            let value = values.partition_point(|value| *value < same[0]);
            (value, of_size(same.len()))
        })
        .collect()
}

/// 1 − observed / expected disagreement: 1 for full agreement, 0 for what chance would give, and
/// below 0 when coders disagree more than by chance.
///
/// A unit of m codes adds the squared distances of its ordered pairs over m − 1 to the observed
/// disagreement. The expected one takes all n codes as one unit.
///
/// Source: K. Krippendorff (2019), Content Analysis, 4th edition, chapter 12. Agrees with Python's
/// `krippendorff` and R's `DescTools::KrippAlpha`.
pub fn krippendorff(coding: &Coding, level: Level) -> Result<f64, KrippendorffError> {
    let times: Vec<u64> = coding.units.iter().map(|unit| unit.times).collect();
    coding
        .alpha(level, &times)
        .ok_or(KrippendorffError::OneCode)
}
