//! Tests of a square table: whether the answers as a whole, or people's moves, changed.

use crate::stats::{
    contingency::ChiSquared, float::of_count, linear::solve_positive, quantile::QuantileError,
};

/// A table with as many rows as columns: people by first and second answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SquareTable(Vec<Vec<u64>>);

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SquareError {
    #[error("a table of first and second answers has as many rows as columns")]
    NotSquare,
    #[error("a square table has from 2 to {} points", SquareTable::MOST_POINTS)]
    Points,
    #[error("a square table holds at most {} people", SquareTable::MOST_PEOPLE)]
    TooManyPeople,
    #[error("these moves all go one way, and the statistic is infinite")]
    Unbounded,
    #[error("the moves between some points are too few, beside others, to be told from rounding")]
    Singular,
    #[error(transparent)]
    Quantile(#[from] QuantileError),
}

impl SquareTable {
    pub const MOST_POINTS: usize = 64;
    /// Up to here every count and sum is exact as a float too.
    pub const MOST_PEOPLE: u64 = 1 << 53;

    pub fn new<R: AsRef<[u64]>>(rows: &[R]) -> Result<Self, SquareError> {
        if rows.iter().any(|row| row.as_ref().len() != rows.len()) {
            return Err(SquareError::NotSquare);
        }
        if !(2..=Self::MOST_POINTS).contains(&rows.len()) {
            return Err(SquareError::Points);
        }
        let cells = rows.iter().flat_map(AsRef::as_ref);
        if cells.map(|n| u128::from(*n)).sum::<u128>() > u128::from(Self::MOST_PEOPLE) {
            return Err(SquareError::TooManyPeople);
        }
        Ok(Self(rows.iter().map(|row| row.as_ref().to_vec()).collect()))
    }

    fn points(&self) -> usize {
        self.0.len()
    }

    /// People who moved between the two points, either way.
    fn moves(&self, one: usize, other: usize) -> f64 {
        of_count(self.0[one][other]) + of_count(self.0[other][one])
    }

    /// Those who moved from `one` to `other`, less those who moved back.
    fn net(&self, one: usize, other: usize) -> f64 {
        of_count(self.0[one][other]) - of_count(self.0[other][one])
    }

    /// Stuart and Maxwell's test that the answers as a whole are the same both times:
    ///
    /// ```text
    /// X² = dᵀ S⁻¹ d    dᵢ = nᵢ. − n.ᵢ    sᵢᵢ = nᵢ. + n.ᵢ − 2 nᵢᵢ    sᵢⱼ = −(nᵢⱼ + nⱼᵢ)
    /// ```
    ///
    /// S would be singular. One point is left out, as usual; and if there are groups of points with
    /// no moves between the groups, one of each. The degrees of freedom are those that remain, so a
    /// point that nobody came from or went to costs none.
    ///
    /// Source: A. Stuart (1955), Biometrika 42, 412–416; A. E. Maxwell (1970), British Journal of
    /// Psychiatry 116, 651–655. Agrees with statsmodels' `SquareTable.homogeneity`.
    pub fn stuart_maxwell(&self) -> Result<ChiSquared, SquareError> {
        let groups = self.linked();
        let kept: Vec<usize> = (0..self.points()).filter(|at| groups[*at] != *at).collect();
        let change = |at: usize| -> f64 { (0..self.points()).map(|to| self.net(at, to)).sum() };
        let changes: Vec<f64> = kept.iter().map(|at| change(*at)).collect();
        let spread = |at: usize, other: usize| {
            if at == other {
                let others = (0..self.points()).filter(|to| *to != at);
                others.map(|to| self.moves(at, to)).sum()
            } else {
                -self.moves(at, other)
            }
        };
        let matrix: Vec<Vec<f64>> = kept
            .iter()
            .map(|at| kept.iter().map(|other| spread(*at, *other)).collect())
            .collect();
        let solved =
            solve_positive(&matrix, std::slice::from_ref(&changes)).ok_or(SquareError::Singular)?;
        let products = solved.iter().flatten().zip(&changes);
        let statistic = products.map(|(part, change)| part * change).sum();
        Ok(ChiSquared::new(statistic, kept.len() as u64)?)
    }

    /// Bhapkar's test of the same, more powerful: X² / (1 − X² / n) with Stuart and Maxwell's X².
    ///
    /// Source: V. P. Bhapkar (1966), JASA 61, 228–235; the relation by S. Ireland, H. Ku and
    /// S. Kullback (1969), JASA 64, 1323–1341. Agrees with statsmodels.
    ///
    /// # Errors
    /// Also when X² = n, where everyone moved the same way.
    pub fn bhapkar(&self) -> Result<ChiSquared, SquareError> {
        const ROUNDING: f64 = 1e-12;
        let plain = self.stuart_maxwell()?;
        let people: f64 = self.0.iter().flatten().map(|count| of_count(*count)).sum();
        if plain.df == 0 {
            return Ok(plain);
        }
        let rest = 1.0 - plain.statistic / people;
        if rest <= ROUNDING {
            return Err(SquareError::Unbounded);
        }
        Ok(ChiSquared::new(plain.statistic / rest, plain.df)?)
    }

    /// Bowker's test that moves between any two points go both ways alike:
    /// X² = Σ (nᵢⱼ − nⱼᵢ)² / (nᵢⱼ + nⱼᵢ) over the pairs of points, with k (k − 1) / 2 degrees of
    /// freedom. Points that nobody chose either time are dropped.
    ///
    /// Source: A. H. Bowker (1948), JASA 43, 572–574. Agrees with statsmodels'
    /// `SquareTable.symmetry`.
    pub fn bowker(&self) -> Result<ChiSquared, SquareError> {
        let chosen: Vec<usize> = (0..self.points())
            .filter(|at| (0..self.points()).any(|to| self.moves(*at, to) > 0.0))
            .collect();
        let pairs = chosen
            .iter()
            .enumerate()
            .flat_map(|(place, one)| chosen[place + 1..].iter().map(move |other| (*one, *other)));
        let (mut statistic, mut df) = (0.0, 0);
        for (one, other) in pairs {
            df += 1;
            let moves = self.moves(one, other);
            if moves > 0.0 {
                statistic += self.net(one, other) * (self.net(one, other) / moves);
            }
        }
        Ok(ChiSquared::new(statistic, df)?)
    }

    /// For each point the first of those that moves, direct or by way of others, link it with.
    fn linked(&self) -> Vec<usize> {
        let mut first: Vec<usize> = (0..self.points()).collect();
        for one in 0..self.points() {
            for other in 0..one {
                let (from, to) = (first[one], first[other]);
                if self.moves(one, other) > 0.0 && from != to {
                    let (low, high) = (from.min(to), from.max(to));
                    for entry in first.iter_mut().filter(|entry| **entry == high) {
                        *entry = low;
                    }
                }
            }
        }
        first
    }
}
