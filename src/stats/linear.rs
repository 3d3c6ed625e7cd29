//! Small systems of linear equations.

/// Solves A x = b for each column b, where A is symmetric and positive definite, by Cholesky's
/// factorisation. None where A is not, to within rounding.
///
/// O(k³) for k unknowns; the callers bound k.
pub fn solve_positive(matrix: &[Vec<f64>], right: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let lower = cholesky(matrix)?;
    Some(
        right
            .iter()
            .map(|column| substitute(&lower, column))
            .collect(),
    )
}

/// L with A = L Lᵀ.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    /// A pivot this small beside its diagonal element is rounding and nothing else.
    const LEAST_PIVOT: f64 = 1e-13;
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let known: f64 = (0..column)
                .map(|inner| lower[row][inner] * lower[column][inner])
                .sum();
            let rest = matrix[row][column] - known;
            if row == column {
                if !rest.is_finite() || rest <= LEAST_PIVOT * matrix[row][row] {
                    return None;
                }
                lower[row][row] = rest.sqrt();
            } else {
                lower[row][column] = rest / lower[column][column];
            }
        }
    }
    Some(lower)
}

fn substitute(lower: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let size = lower.len();
    let mut solution = right.to_vec();
    for row in 0..size {
        let known: f64 = (0..row)
            .map(|inner| lower[row][inner] * solution[inner])
            .sum();
        solution[row] = (solution[row] - known) / lower[row][row];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size)
            .map(|inner| lower[inner][row] * solution[inner])
            .sum();
        solution[row] = (solution[row] - known) / lower[row][row];
    }
    solution
}
