//! A table of rows that the same people answered.

use super::{
    MOST_PEOPLE,
    row::{PublishedRow, Rounding, feasible_n},
};
use crate::stats::float::of_count;

/// One number of people in the room that fits a table in which not everyone answered every row.
#[derive(Debug, Clone, PartialEq)]
pub struct NonResponse {
    pub people: u64,
    /// The largest number of answers up to `people` that fits each row.
    pub answers: Vec<u64>,
    /// The largest share of `people` that is missing from a row.
    pub largest_loss: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TableError {
    #[error("a table has between 1 and {MOST_ROWS} rows, and this one has {0}")]
    Rows(usize),
    #[error("the loss allowed lies between 0 and 1, and this one is {0}")]
    Loss(f64),
}

/// The most rows of a table.
pub const MOST_ROWS: usize = 100;

/// The numbers of people from 1 to `limit` that fit every row.
pub fn common_n(
    rows: &[PublishedRow],
    limit: u64,
    rounding: Rounding,
) -> Result<Vec<u64>, TableError> {
    let feasible = feasible_rows(rows, limit, rounding)?;
    let (first, others) = feasible.split_first().ok_or(TableError::Rows(0))?;
    Ok(first
        .iter()
        .copied()
        .filter(|n| others.iter().all(|row| row.binary_search(n).is_ok()))
        .collect())
}

/// The numbers of people from 1 to `limit` that fit every row if some of them left it out, though
/// no row lost more than `largest_loss` of the people.
pub fn with_non_response(
    rows: &[PublishedRow],
    limit: u64,
    rounding: Rounding,
    largest_loss: f64,
) -> Result<Vec<NonResponse>, TableError> {
    if !(0.0..1.0).contains(&largest_loss) {
        return Err(TableError::Loss(largest_loss));
    }
    let feasible = feasible_rows(rows, limit, rounding)?;
    let fit = |people: u64| {
        let answers: Vec<u64> = feasible
            .iter()
            .map(|row| {
                let up_to_people = row.partition_point(|n| *n <= people);
                row[..up_to_people].last().copied()
            })
            .collect::<Option<_>>()?;
        let fewest = answers.iter().copied().min().unwrap_or(people);
        Some(NonResponse {
            people,
            answers,
            largest_loss: of_count(people - fewest) / of_count(people),
        })
    };
    Ok((1..=limit.min(MOST_PEOPLE))
        .filter_map(fit)
        .filter(|found| found.largest_loss <= largest_loss)
        .collect())
}

fn feasible_rows(
    rows: &[PublishedRow],
    limit: u64,
    rounding: Rounding,
) -> Result<Vec<Vec<u64>>, TableError> {
    if !(1..=MOST_ROWS).contains(&rows.len()) {
        return Err(TableError::Rows(rows.len()));
    }
    Ok(rows
        .iter()
        .map(|row| feasible_n(row, limit, rounding))
        .collect())
}
