//! Cross-tables: whether the rows answered alike, without regard to the order of the columns.

mod fisher;
mod freeman_halton;

pub use fisher::{FisherExact, fisher_exact};
pub use freeman_halton::freeman_halton;

use super::{
    float::of_count,
    quantile::{QuantileError, chi_squared_upper},
};

/// A table of counts without empty rows and columns, at least two of each. Nobody chose what is
/// dropped, so it can say nothing about a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Vec<u64>>,
    row_sums: Vec<u64>,
    column_sums: Vec<u64>,
    total: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TableError {
    #[error("the rows of a table are equally long")]
    Ragged,
    #[error("a table with answers in only one row, or only one column, shows no difference")]
    NothingToCompare,
    #[error(
        "a table holds at most {} answers in {} cells",
        Table::MOST_ANSWERS,
        Table::MOST_CELLS
    )]
    TooLarge,
    #[error("this table is too large for an exact test; use the chi-squared test")]
    TooLargeForExact,
    #[error("this test is for a table of two rows and two columns")]
    NotTwoByTwo,
    #[error(transparent)]
    Quantile(#[from] QuantileError),
}

/// A statistic with its chi-squared tail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    pub statistic: f64,
    pub df: u64,
    pub p: f64,
}

impl ChiSquared {
    /// With no degree of freedom there is nothing to test, and p is 1.
    pub(super) fn new(statistic: f64, df: u64) -> Result<Self, QuantileError> {
        let statistic = statistic.max(0.0);
        let p = if df == 0 {
            1.0
        } else {
            chi_squared_upper(statistic, of_count(df))?.clamp(0.0, 1.0)
        };
        Ok(Self { statistic, df, p })
    }
}

impl Table {
    /// Up to here every count and sum is exact as a float too.
    pub const MOST_ANSWERS: u64 = 1 << 53;
    pub const MOST_CELLS: usize = 1_000_000;

    pub fn new<R: AsRef<[u64]>>(rows: &[R]) -> Result<Self, TableError> {
        let width = rows.first().map_or(0, |row| row.as_ref().len());
        if rows.iter().any(|row| row.as_ref().len() != width) {
            return Err(TableError::Ragged);
        }
        if rows.len().saturating_mul(width) > Self::MOST_CELLS {
            return Err(TableError::TooLarge);
        }
        let cells = || rows.iter().flat_map(AsRef::as_ref);
        let total: u128 = cells().map(|count| u128::from(*count)).sum();
        let total = u64::try_from(total).map_err(|_| TableError::TooLarge)?;
        if total > Self::MOST_ANSWERS {
            return Err(TableError::TooLarge);
        }
        let filled: Vec<usize> = (0..width)
            .filter(|column| rows.iter().any(|row| row.as_ref()[*column] > 0))
            .collect();
        let rows: Vec<Vec<u64>> = rows
            .iter()
            .filter(|row| row.as_ref().iter().any(|count| *count > 0))
            .map(|row| filled.iter().map(|column| row.as_ref()[*column]).collect())
            .collect();
        if rows.len() < 2 || filled.len() < 2 {
            return Err(TableError::NothingToCompare);
        }
        Ok(Self {
            row_sums: rows.iter().map(|row| row.iter().sum()).collect(),
            column_sums: (0..filled.len())
                .map(|column| rows.iter().map(|row| row[column]).sum())
                .collect(),
            rows,
            total,
        })
    }

    pub fn rows(&self) -> &[Vec<u64>] {
        &self.rows
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    /// (r − 1) (c − 1).
    pub fn df(&self) -> u64 {
        (self.row_sums.len() as u64 - 1) * (self.column_sums.len() as u64 - 1)
    }

    /// The smallest count to be expected in a cell if the rows answered alike. Below 5 the
    /// chi-squared tail is a rough guide and an exact test better.
    pub fn least_expected(&self) -> f64 {
        let least = |sums: &[u64]| sums.iter().min().map_or(0.0, |sum| of_count(*sum));
        least(&self.row_sums) / of_count(self.total) * least(&self.column_sums)
    }

    /// Pearson's X² = Σ (o − e)² / e, with e = row · column / n.
    ///
    /// Source: K. Pearson (1900). Agrees with `scipy.stats.chi2_contingency(correction=False)` and
    /// R's `chisq.test(correct=FALSE)`.
    pub fn pearson(&self) -> Result<ChiSquared, TableError> {
        let sum = self.cells().map(|(o, e)| (o - e) * (o - e) / e).sum();
        Ok(ChiSquared::new(sum, self.df())?)
    }

    /// The likelihood ratio G = 2 Σ o ln(o / e), over the cells that are not empty.
    ///
    /// Agrees with `scipy.stats.chi2_contingency(lambda_="log-likelihood")`.
    pub fn likelihood_ratio(&self) -> Result<ChiSquared, TableError> {
        // o ln(o/e) − (o − e): the second part sums to 0 and takes the first order out of the
        // terms, so that a table of millions keeps its digits.
        let sum: f64 = self
            .cells()
            .map(|(o, e)| {
                let ratio = (o - e) / e;
                if o > 0.0 {
                    o * ratio.ln_1p() - (o - e)
                } else {
                    e
                }
            })
            .sum();
        Ok(ChiSquared::new(2.0 * sum, self.df())?)
    }

    /// Yates's correction for 2 × 2: each |o − e| is reduced by ½, though not below 0.
    ///
    /// Source: F. Yates (1934), Supplement to JRSS 1, 217–235.
    ///
    /// # Errors
    /// The table, without empty rows and columns, is not 2 × 2.
    pub fn yates(&self) -> Result<ChiSquared, TableError> {
        if self.df() != 1 || self.rows.len() != 2 {
            return Err(TableError::NotTwoByTwo);
        }
        let sum = self
            .cells()
            .map(|(o, e)| ((o - e).abs() - 0.5).max(0.0).powi(2) / e)
            .sum();
        Ok(ChiSquared::new(sum, 1)?)
    }

    /// Cramér's V = √(X² / (n (min(r, c) − 1))), from 0 (alike) to 1 (each column belongs to one
    /// row). Source: H. Cramér (1946), Mathematical Methods of Statistics.
    pub fn cramers_v(&self) -> Result<f64, TableError> {
        let smaller = self.row_sums.len().min(self.column_sums.len()) as u64;
        let most = of_count(self.total) * of_count(smaller - 1);
        Ok((self.pearson()?.statistic / most).sqrt().min(1.0))
    }

    /// The observed and the expected count of every cell.
    fn cells(&self) -> impl Iterator<Item = (f64, f64)> {
        let total = of_count(self.total);
        self.rows
            .iter()
            .zip(&self.row_sums)
            .flat_map(move |(row, row_sum)| {
                let share = of_count(*row_sum) / total;
                row.iter()
                    .zip(&self.column_sums)
                    .map(move |(count, sum)| (of_count(*count), share * of_count(*sum)))
            })
    }
}
