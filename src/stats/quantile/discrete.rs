//! Tails of the binomial, hypergeometric and Poisson distributions.

use super::{
    Gamma, QuantileError, Share, Side, beta_tail, gamma_tail,
    special::{deviance, difference_of_products, half_ln_two_pi, stirling_error, tail_integral},
};
use crate::stats::float::of_count;

/// P(X ≤ c) for the number X of marked ones among `n` drawn with probability `p` each:
/// P(B ≤ 1 − p) for a Beta(n − c, c + 1) variable B, which holds at every size.
///
/// # Errors
/// `p` is not a number from 0 to 1.
pub fn binomial_lower(c: u64, n: u64, p: f64) -> Result<f64, QuantileError> {
    if !(0.0..=1.0).contains(&p) {
        return Err(QuantileError::NotAProbability(p));
    }
    if c >= n {
        return Ok(1.0);
    }
    let at = Share {
        part: 1.0 - p,
        rest: p,
    };
    Ok(beta_tail(at, of_count(n - c), of_count(c) + 1.0))
}

/// P(X ≤ c) for the number X of marked ones in a sample of `n` without replacement from a
/// population of `size`, of which `marked` are marked.
///
/// # Errors
/// `n` or `marked` is above `size`.
pub fn hypergeometric_lower(c: u64, size: u64, marked: u64, n: u64) -> Result<f64, QuantileError> {
    let draw = Draw::new(size, marked, n)?;
    if c < draw.least {
        return Ok(0.0);
    }
    if c >= draw.most {
        return Ok(1.0);
    }
    Ok(draw.up_to(c))
}

/// P(X ≥ c), with all its digits when it is small.
///
/// # Errors
/// `n` or `marked` is above `size`.
pub fn hypergeometric_upper(c: u64, size: u64, marked: u64, n: u64) -> Result<f64, QuantileError> {
    let draw = Draw::new(size, marked, n)?;
    if c > draw.most {
        return Ok(0.0);
    }
    if c <= draw.least {
        return Ok(1.0);
    }
    // At least c marked ones are at most n − c of the others.
    Ok(draw.of_others().up_to(n - c))
}

/// A draw without replacement.
#[derive(Debug, Clone, Copy)]
struct Draw {
    marked: u64,
    others: u64,
    n: u64,
    /// Those that are not drawn.
    left_out: u64,
    /// Fewest and most marked ones that the sample can hold.
    least: u64,
    most: u64,
}

/// Up to this standard deviation the terms are summed, some ten thousand at most; above it, the sum
/// is an integral to twelve digits.
const SUMMED_TO: f64 = 500.0;

impl Draw {
    fn new(size: u64, marked: u64, n: u64) -> Result<Self, QuantileError> {
        let more_than_all = |part| QuantileError::MoreThanAll { part, whole: size };
        let others = size.checked_sub(marked).ok_or(more_than_all(marked))?;
        let left_out = size.checked_sub(n).ok_or(more_than_all(n))?;
        Ok(Self {
            marked,
            others,
            n,
            left_out,
            least: n.saturating_sub(others),
            most: n.min(marked),
        })
    }

    fn of_others(self) -> Self {
        Self {
            marked: self.others,
            others: self.marked,
            n: self.n,
            left_out: self.left_out,
            least: self.n - self.most,
            most: self.n - self.least,
        }
    }

    fn share_drawn(self) -> f64 {
        of_count(self.n) / (of_count(self.marked) + of_count(self.others))
    }

    fn deviation(self) -> f64 {
        let (marked, others) = (of_count(self.marked), of_count(self.others));
        let drawn = self.share_drawn();
        (drawn * (1.0 - drawn) * marked * (others / (marked + others))).sqrt()
    }

    /// P(X ≤ c), least ≤ c < most.
    fn up_to(self, c: u64) -> f64 {
        let is_below_mean = of_count(c) < self.share_drawn() * of_count(self.marked);
        let tail = if is_below_mean {
            self.far_tail(c)
        } else {
            1.0 - self.of_others().far_tail(self.n - c - 1)
        };
        tail.clamp(0.0, 1.0)
    }

    /// P(X ≤ c) for a c that is not above the mean by much.
    fn far_tail(self, c: u64) -> f64 {
        if self.deviation() > SUMMED_TO {
            return self.integrate(c);
        }
        let mut term = 1.0;
        let mut sum = 1.0;
        let mut k = c;
        // Terms fall faster than those of a normal distribution; a hundred deviations are more
        // than any sum needs.
        for _ in 0..200_000_u32 {
            if k <= self.least || term <= sum * 1e-17 {
                break;
            }
            let from = of_count(k) * of_count(self.others - (self.n - k));
            k -= 1;
            term *= from / (of_count(self.marked - k) * of_count(self.n - k));
            sum += term;
        }
        (self.ln_mass(c) + sum.ln()).exp()
    }

    /// Midpoint rule: Σ f(k) to c is ∫ f to c + ½ less f′(c + ½) / 24.
    fn integrate(self, c: u64) -> f64 {
        let edge = of_count(c) + 0.5;
        let next = of_count(c + 1);
        let rise = ((of_count(self.marked - c) * of_count(self.n - c)).ln()
            - (next * (of_count(self.others - (self.n - c)) + 1.0)).ln())
        .max(0.0);
        let at_edge = self.ln_pmf(edge);
        // Below the smallest float.
        if at_edge < -760.0 {
            return 0.0;
        }
        let scale = 1.0 / (rise + 1.0 / self.deviation());
        let area = tail_integral(scale, |v| at_edge - self.ln_pmf(edge - v));
        at_edge.exp() * (area - rise / 24.0)
    }

    /// ln P(X = c), with the four counts exact before they become floats: above 2⁵³ a difference of
    /// floats would not tell 3 from 4.
    fn ln_mass(self, c: u64) -> f64 {
        let plain = self.n - c;
        self.ln_ratio(
            [of_count(c), of_count(self.marked - c)],
            [of_count(plain), of_count(self.others - plain)],
        )
    }

    /// ln P(X = k), also between whole k; −∞ outside.
    fn ln_pmf(self, k: f64) -> f64 {
        let plain = of_count(self.n) - k;
        self.ln_ratio(
            [k, of_count(self.marked) - k],
            [plain, of_count(self.others) - plain],
        )
    }

    /// From the marked ones and the others, each as drawn and as left out.
    ///
    /// Source: C. Loader (2000): the ratio of three binomial probabilities with p = n / size.
    fn ln_ratio(self, marked: [f64; 2], others: [f64; 2]) -> f64 {
        let drawn = self.share_drawn();
        let left_out = of_count(self.left_out);
        let rest = left_out / (of_count(self.marked) + of_count(self.others));
        ln_binomial(marked, drawn, rest) + ln_binomial(others, drawn, rest)
            - ln_binomial([of_count(self.n), left_out], drawn, rest)
    }
}

/// ln of the binomial probability of `k` successes and `rest` failures, with q = 1 − p.
fn ln_binomial([k, rest]: [f64; 2], p: f64, q: f64) -> f64 {
    let m = k + rest;
    if k < 0.0 || rest < 0.0 {
        return f64::NEG_INFINITY;
    }
    let lead = difference_of_products(k, q, rest, p);
    let stirling = |x: f64| {
        if x == 0.0 {
            0.0
        } else {
            stirling_error(x) + half_ln_two_pi(x)
        }
    };
    stirling(m)
        - stirling(k)
        - stirling(rest)
        - deviance(k, m * p, lead)
        - deviance(rest, m * q, -lead)
}

/// P(X = k) for a Poisson X with mean `mean` ≥ 0.
pub(in crate::stats) fn poisson_pmf(k: u64, mean: f64) -> f64 {
    let k = of_count(k);
    if mean <= 0.0 {
        return if k == 0.0 { 1.0 } else { 0.0 };
    }
    if k == 0.0 {
        return (-mean).exp();
    }
    (-stirling_error(k) - half_ln_two_pi(k) - deviance(k, mean, k - mean)).exp()
}

/// P(first ≤ X ≤ last) for a Poisson X with mean `mean` ≥ 0, `first` ≤ `mean` ≤ `last`: what the
/// tails leave over, P(X ≤ k) being that of a gamma variable with shape k + 1 above the mean.
pub(in crate::stats) fn poisson_between(first: u64, last: u64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if first == 0 { 1.0 } else { 0.0 };
    }
    let above = gamma_tail(mean, of_count(last) + 1.0, Side::Lower);
    let below = if first == 0 {
        0.0
    } else {
        Gamma::new(of_count(first))
            .tail(mean, Side::Upper)
            .probability()
    };
    1.0 - above - below
}
