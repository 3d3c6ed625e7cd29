//! Fisher's exact test beyond 2 × 2.

use super::{Table, TableError};
use crate::stats::mass::ln_choose;

/// Probabilities this close, in relation, are taken as equal. The same as in R's `fisher.test`.
const EQUAL: f64 = 1e-7;

/// Partial tables looked at: about a tenth of a second.
const MOST_STEPS: u64 = 3_000_000;

/// Smaller row times all answers: the work of preparing the bounds.
const MOST_BOUNDS: u64 = 10_000_000;

const MOST_COLUMNS: usize = 100;

/// Two-sided p of a table with two rows or two columns, the test of Freeman and Halton: the chance,
/// given the margins, of a table no more likely than this one.
///
/// The chance of a table with a₁, a₂ … in the smaller row is Π C(tⱼ, aⱼ) / C(n, Σ aⱼ). The tables
/// are gone through column by column. Beforehand the most and the least that the columns still to
/// come can contribute is worked out for every rest; where these show that all completions count,
/// or that none does, they are settled together, which leaves few to look at.
///
/// Source: G. H. Freeman and J. H. Halton (1951), Biometrika 38, 141–149; the bounds after C. R.
/// Mehta and N. R. Patel (1983), JASA 78, 427–434. Agrees with R's `fisher.test`.
///
/// # Errors
/// The table has three rows and three columns or more, or is so large that this would take too long:
/// above 100 columns, or when the smaller row times all answers passes 10 million.
pub fn freeman_halton(table: &Table) -> Result<f64, TableError> {
    let columns = two_rows(table).ok_or(TableError::TooLargeForExact)?;
    let (first, second) = columns.iter().fold((0, 0), |sums, column| {
        (sums.0 + column.0, sums.1 + column.1)
    });
    // The smaller row takes fewer values.
    let (drawn, is_swapped) = (first.min(second), second < first);
    let sizes: Vec<u64> = columns.iter().map(|column| column.0 + column.1).collect();
    if columns.len() > MOST_COLUMNS || drawn.saturating_mul(table.total()) > MOST_BOUNDS {
        return Err(TableError::TooLargeForExact);
    }
    let observed: f64 = columns
        .iter()
        .map(|(one, other)| ln_choose(one + other, if is_swapped { *other } else { *one }))
        .sum();
    let mut search = Search {
        completions: Completions::of_every_rest(&sizes, drawn),
        columns: sizes.iter().map(|size| ln_choices(*size, drawn)).collect(),
        bound: observed + EQUAL,
        all: ln_choose(table.total(), drawn),
        steps: 0,
    };
    let p = search.share_that_counts(0, drawn, 0.0)?;
    Ok(p.min(1.0))
}

/// The columns of a table of two rows, or the rows of one of two columns; the largest first.
fn two_rows(table: &Table) -> Option<Vec<(u64, u64)>> {
    let rows = table.rows();
    let mut columns: Vec<(u64, u64)> = if let [first, second] = rows {
        first.iter().copied().zip(second.iter().copied()).collect()
    } else {
        rows.iter()
            .map(|row| match row.as_slice() {
                [first, second] => Some((*first, *second)),
                _ => None,
            })
            .collect::<Option<_>>()?
    };
    columns.sort_by_key(|(first, second)| std::cmp::Reverse(first + second));
    Some(columns)
}

/// ln C(size, a) for a up to `drawn`.
fn ln_choices(size: u64, drawn: u64) -> Vec<f64> {
    (0..=size.min(drawn)).map(|a| ln_choose(size, a)).collect()
}

/// What the columns from one on can add, with a rest still to be shared out among them.
#[derive(Clone, Copy)]
struct Completion {
    /// Sums of ln C over the columns.
    least: f64,
    most: f64,
    /// ln of the number of ways over all completions.
    all: f64,
}

struct Completions(Vec<Vec<Option<Completion>>>);

impl Completions {
    /// Entry j, r: for the columns from j on and the rest r. None where they cannot hold it.
    fn of_every_rest(sizes: &[u64], drawn: u64) -> Self {
        let nothing = Completion {
            least: 0.0,
            most: 0.0,
            all: 0.0,
        };
        let mut later = vec![None; usize::try_from(drawn).map_or(0, |drawn| drawn + 1)];
        later[0] = Some(nothing);
        let mut found = vec![later];
        let mut room = 0;
        for size in sizes.iter().rev() {
            room += size;
            let choices = ln_choices(*size, drawn);
            let later = &found[found.len() - 1];
            let row = (0..=drawn)
                .zip(0..later.len())
                .map(|(rest, at)| {
                    let mut least = f64::INFINITY;
                    let mut most = f64::NEG_INFINITY;
                    for (choice, after) in choices.iter().zip(later[..=at].iter().rev()) {
                        if let Some(after) = after {
                            least = least.min(choice + after.least);
                            most = most.max(choice + after.most);
                        }
                    }
                    (rest <= room).then(|| Completion {
                        least,
                        most,
                        all: ln_choose(room, rest),
                    })
                })
                .collect();
            found.push(row);
        }
        found.reverse();
        Self(found)
    }

    fn at(&self, column: usize, rest: u64) -> Option<Completion> {
        let rest = usize::try_from(rest).ok()?;
        self.0.get(column)?.get(rest).copied().flatten()
    }
}

struct Search {
    completions: Completions,
    columns: Vec<Vec<f64>>,
    /// ln of the ways above which a table is more likely than the observed one.
    bound: f64,
    /// ln of the ways of all tables.
    all: f64,
    steps: u64,
}

impl Search {
    /// The share of tables that are no more likely than the bound, among those that begin with
    /// columns of `so_far` ways and have `rest` to share out from `column` on.
    fn share_that_counts(
        &mut self,
        column: usize,
        rest: u64,
        so_far: f64,
    ) -> Result<f64, TableError> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(TableError::TooLargeForExact);
        }
        let Some(completion) = self.completions.at(column, rest) else {
            return Ok(0.0);
        };
        if so_far + completion.most <= self.bound {
            return Ok((so_far + completion.all - self.all).exp());
        }
        if so_far + completion.least > self.bound {
            return Ok(0.0);
        }
        let mut sum = 0.0;
        for here in 0..self.columns.get(column).map_or(0, Vec::len) {
            let taken = here as u64;
            if taken > rest {
                break;
            }
            let ways = so_far + self.columns[column][here];
            sum += self.share_that_counts(column + 1, rest - taken, ways)?;
        }
        Ok(sum)
    }
}
