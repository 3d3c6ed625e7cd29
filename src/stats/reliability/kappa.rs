//! Cohen's kappa: how far two coders agree beyond chance.

use crate::stats::{
    confidence::Confidence,
    float::{of_count, of_size},
};

/// What counts as half an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credit {
    /// Only the same category counts. The default, and the only one for categories without order.
    Same,
    /// 1 − distance / longest distance.
    Linear,
    /// 1 − (distance / longest distance)².
    Quadratic,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kappa {
    /// 1 for full agreement, 0 for what chance would give; at least −1.
    pub kappa: f64,
    /// If the coders agreed by chance only: for a test of kappa = 0.
    pub standard_error_at_chance: f64,
    pub standard_error: f64,
    /// kappa ± z · standard error, not cut to −1..1.
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KappaError {
    #[error("a table of two coders has as many rows as columns, from 2 to {MOST_CATEGORIES}")]
    Shape,
    #[error("nothing was coded")]
    Nothing,
    #[error("both coders put everything in one and the same category, so chance explains it all")]
    OneCategory,
}

pub const MOST_CATEGORIES: usize = 200;

/// Kappa from the table of how often the first coder chose the row and the second the column:
/// (observed − expected) / (1 − expected), with `credit` for each cell. The standard errors are for
/// large samples.
///
/// Sources: J. Cohen (1960), Educational and Psychological Measurement 20, 37–46, and (1968),
/// Psychological Bulletin 70, 213–220; J. L. Fleiss, J. Cohen and B. S. Everitt (1969),
/// Psychological Bulletin 72, 323–327. Agrees with `statsmodels.stats.inter_rater.cohens_kappa`.
pub fn cohen(
    table: &[Vec<u64>],
    credit: Credit,
    confidence: Confidence,
) -> Result<Kappa, KappaError> {
    let size = table.len();
    if !(2..=MOST_CATEGORIES).contains(&size) || table.iter().any(|row| row.len() != size) {
        return Err(KappaError::Shape);
    }
    let coded: f64 = table.iter().flatten().map(|count| of_count(*count)).sum();
    if coded == 0.0 {
        return Err(KappaError::Nothing);
    }
    let shares = Shares::of(table, coded);
    let sums = shares.sums(credit);
    let chance_gap = sums.expected_loss;
    if shares.is_one_category() || chance_gap <= 0.0 {
        return Err(KappaError::OneCategory);
    }
    // The same as (observed − expected) / (1 − expected), which has no digits left where the coders
    // agree on all but one of 10¹⁶.
    let kappa = 1.0 - sums.observed_loss / chance_gap;
    let spread = shares.spread(credit, kappa, &sums);
    let spread_at_chance = shares.spread_at_chance(credit, &sums);
    let error = |spread: f64| spread.max(0.0).sqrt() / (chance_gap * coded.sqrt());
    let standard_error = error(spread);
    let margin = confidence.z() * standard_error;
    Ok(Kappa {
        kappa,
        standard_error_at_chance: error(spread_at_chance),
        standard_error,
        low: kappa - margin,
        high: kappa + margin,
    })
}

/// The table and its margins as shares of everything coded.
struct Shares {
    cells: Vec<Vec<f64>>,
    rows: Vec<f64>,
    columns: Vec<f64>,
}

/// Sums that both variances need.
struct Sums {
    /// Σ (1 − credit) · share, of the table and of what chance would give.
    observed_loss: f64,
    expected_loss: f64,
    /// For each row, Σ credit · column share; for each column, Σ credit · row share.
    row_credit: Vec<f64>,
    column_credit: Vec<f64>,
}

impl Shares {
    fn of(table: &[Vec<u64>], coded: f64) -> Self {
        let cells: Vec<Vec<f64>> = table
            .iter()
            .map(|row| row.iter().map(|count| of_count(*count) / coded).collect())
            .collect();
        let rows = cells.iter().map(|row| row.iter().sum()).collect();
        let columns = (0..cells.len())
            .map(|column| cells.iter().map(|row| row[column]).sum())
            .collect();
        Self {
            cells,
            rows,
            columns,
        }
    }

    fn is_one_category(&self) -> bool {
        let used = |shares: &[f64]| shares.iter().filter(|share| **share > 0.0).count();
        let both = self.rows.iter().zip(&self.columns);
        let shared = both.filter(|(row, column)| **row > 0.0 && **column > 0.0);
        used(&self.rows) == 1 && used(&self.columns) == 1 && shared.count() == 1
    }

    fn credit(&self, credit: Credit, row: usize, column: usize) -> f64 {
        let distance = of_size(row.abs_diff(column)) / of_size(self.rows.len() - 1);
        match credit {
            Credit::Same if row == column => 1.0,
            Credit::Same => 0.0,
            Credit::Linear => 1.0 - distance,
            Credit::Quadratic => 1.0 - distance * distance,
        }
    }

    /// Σ over all cells of what `of` makes of its row, column and credit.
    fn sum(&self, credit: Credit, of: impl Fn(usize, usize, f64) -> f64) -> f64 {
        let size = self.rows.len();
        (0..size)
            .flat_map(|row| (0..size).map(move |column| (row, column)))
            .map(|(row, column)| of(row, column, self.credit(credit, row, column)))
            .sum()
    }

    fn sums(&self, credit: Credit) -> Sums {
        let size = self.rows.len();
        Sums {
            observed_loss: self.sum(credit, |row, column, credit| {
                (1.0 - credit) * self.cells[row][column]
            }),
            expected_loss: self.sum(credit, |row, column, credit| {
                (1.0 - credit) * self.rows[row] * self.columns[column]
            }),
            row_credit: (0..size)
                .map(|row| {
                    let credit = |column| self.credit(credit, row, column);
                    (0..size).map(|c| credit(c) * self.columns[c]).sum()
                })
                .collect(),
            column_credit: (0..size)
                .map(|column| {
                    let credit = |row| self.credit(credit, row, column);
                    (0..size).map(|r| credit(r) * self.rows[r]).sum()
                })
                .collect(),
        }
    }

    /// Written as a mean of squares about their mean, which does not cancel.
    fn spread(&self, credit: Credit, kappa: f64, sums: &Sums) -> f64 {
        let centre = kappa - (1.0 - sums.expected_loss) * (1.0 - kappa);
        self.sum(credit, |row, column, credit| {
            let by_chance = sums.row_credit[row] + sums.column_credit[column];
            let deviation = credit - by_chance * (1.0 - kappa) - centre;
            self.cells[row][column] * deviation * deviation
        })
    }

    fn spread_at_chance(&self, credit: Credit, sums: &Sums) -> f64 {
        self.sum(credit, |row, column, credit| {
            let by_chance = sums.row_credit[row] + sums.column_credit[column];
            let deviation = credit - by_chance + 1.0 - sums.expected_loss;
            self.rows[row] * self.columns[column] * deviation * deviation
        })
    }
}
