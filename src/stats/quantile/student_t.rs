//! Student's t: T² / (ν + T²) is a Beta(½, ν/2) variable.

use super::{
    Beta, QuantileError, Share, beta_tail, normal_of_small, normal_upper, parameter, probability,
};

/// From this many degrees of freedom on, T and Z agree in all digits of a float: their quantiles
/// differ by about z² / 4ν of themselves, and |z| stays below 39.
const NORMAL_FROM: f64 = 1e19;

/// t with P(T ≤ t) = p for Student's T with `df` degrees of freedom, which need not be whole.
pub fn student_t(p: f64, df: f64) -> Result<f64, QuantileError> {
    probability(p)?;
    parameter(df)?;
    if df >= NORMAL_FROM {
        return Ok(normal_of_small(p));
    }
    let tail = p.min(1.0 - p);
    let between = 1.0 - 2.0 * tail;
    if between <= 0.0 {
        return Ok(0.0);
    }
    let square = Beta::new(0.5, df / 2.0);
    let share = if between < 0.5 {
        square.quantile(between)
    } else {
        square.upper_quantile(2.0 * tail)
    };
    // Farther out than a float can square, where the first term of a series is all of it.
    let size = if share.rest < 1e-290 {
        df.sqrt() * (-Beta::new(df / 2.0, 0.5).ln_first_term(2.0 * tail) / 2.0).exp()
    } else {
        (share.part / share.rest).sqrt() * df.sqrt()
    };
    Ok(if p < 0.5 { -size } else { size })
}

/// P(T > t) for Student's T. Not a number for a t that is none.
pub fn student_t_upper(t: f64, df: f64) -> Result<f64, QuantileError> {
    parameter(df)?;
    if df >= NORMAL_FROM {
        return Ok(normal_upper(t));
    }
    if t.is_nan() {
        return Ok(f64::NAN);
    }
    let odds = (t / df.sqrt()).powi(2);
    let share = if odds.is_infinite() {
        Share {
            part: 0.0,
            rest: 1.0,
        }
    } else {
        Share {
            part: 1.0 / (1.0 + odds),
            rest: odds / (1.0 + odds),
        }
    };
    let upper = beta_tail(share, df / 2.0, 0.5) / 2.0;
    Ok(if t > 0.0 { upper } else { 1.0 - upper })
}
