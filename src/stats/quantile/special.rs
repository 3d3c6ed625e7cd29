//! Small functions that keep their digits where the textbook's form would lose them.

use std::f64::consts::{LN_2, PI};

/// ln(1 + t) − t for t > −1, to full relative accuracy even when t is tiny.
///
/// Near 0 it uses r = t / (2 + t), ln(1 + t) = 2 (r + r³/3 + r⁵/5 + …) and 2r − t = −r t.
pub(super) fn ln_1p_less(t: f64) -> f64 {
    if !(-0.4..=0.6).contains(&t) {
        return t.ln_1p() - t;
    }
    let r = t / (2.0 + t);
    let square = r * r;
    let mut power = square;
    let mut sum = 0.0;
    let mut odd = 3.0;
    for _ in 0..40 {
        let term = power / odd;
        sum += term;
        if term <= sum * 1e-17 {
            break;
        }
        power *= square;
        odd += 2.0;
    }
    r * (2.0 * sum - t)
}

/// eᵗ − 1 − t, to full relative accuracy even when t is tiny.
pub(super) fn exp_m1_less(t: f64) -> f64 {
    if t.abs() > 0.5 {
        return t.exp_m1() - t;
    }
    let mut term = t * t / 2.0;
    let mut sum = term;
    let mut k = 3.0;
    for _ in 0..30 {
        term *= t / k;
        sum += term;
        if term.abs() <= sum * 1e-17 {
            break;
        }
        k += 1.0;
    }
    sum
}

/// What Stirling's formula leaves over: ln Γ(k) = (k − ½) ln k − k + ½ ln 2π + δ(k), for k > 0.
///
/// From 12 on by Stirling's series; below, by δ(k) − δ(k + 1) = (k + ½) ln(1 + 1/k) − 1.
pub(super) fn stirling_error(k: f64) -> f64 {
    const COEFFICIENTS: [f64; 7] = [
        1.0 / 156.0,
        -691.0 / 360_360.0,
        1.0 / 1188.0,
        -1.0 / 1680.0,
        1.0 / 1260.0,
        -1.0 / 360.0,
        1.0 / 12.0,
    ];
    let mut at = k;
    let mut steps = 0.0;
    while at < 12.0 {
        steps += (at + 0.5) * (1.0 / at).ln_1p() - 1.0;
        at += 1.0;
    }
    let inverse_square = (1.0 / at) / at;
    let series = COEFFICIENTS
        .iter()
        .fold(0.0, |sum, coefficient| sum * inverse_square + coefficient);
    steps + series / at
}

/// k ln(k/m) + m − k, the deviance of a count `k` from its mean `m`, with `difference` = k − m
/// worked out by the caller, who can do so without losing digits.
///
/// Source: C. Loader (2000), "Fast and accurate computation of binomial probabilities".
pub(super) fn deviance(k: f64, m: f64, difference: f64) -> f64 {
    if k == 0.0 {
        m
    } else if difference.abs() < 0.4 * k {
        -k * ln_1p_less(-difference / k)
    } else {
        k * (k.ln() - m.ln()) - difference
    }
}

/// ½ ln 2πx.
pub(super) fn half_ln_two_pi(x: f64) -> f64 {
    0.5 * ((PI * x).ln() + LN_2)
}

/// a · b − c · d as if rounded once.
pub(super) fn difference_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let right = c * d;
    let left_over = c.mul_add(d, -right);
    a.mul_add(b, -right) - left_over
}

/// ∫₀^∞ exp(−g(v)) dv for a convex g with g(0) = 0 that first reaches 1 at a v of about `scale`.
///
/// Puts v = scale · exp(w − e⁻ʷ), after which the trapezoidal rule gains digits at twice the rate
/// of its steps. Ends after at most 120 steps.
///
/// Source: H. Takahasi and M. Mori (1974), "Double exponential formulas for numerical
/// integration", Publications RIMS 9, 721–741.
pub(super) fn tail_integral(scale: f64, g: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 0.1;
    let mut sum = 0.0;
    for index in -38..=82_i32 {
        let w = STEP * f64::from(index);
        let fall = (-w).exp();
        let v = (w - fall).exp();
        let term = v * (1.0 + fall) * (-g(scale * v)).exp();
        sum += term;
        if index > 0 && term <= sum * 1e-18 {
            break;
        }
    }
    scale * STEP * sum
}

/// A tail probability of a distribution with log-concave density on some scale w.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail {
    /// Logarithm of the probability.
    pub ln: f64,
    /// The probability over the density on the scale w.
    pub mills: f64,
}

impl Tail {
    /// From `mills` and the logarithm of the density.
    pub fn new(mills: f64, ln_density: f64) -> Self {
        Self {
            ln: mills.ln() + ln_density,
            mills,
        }
    }

    /// 1 minus the probability.
    pub fn complement(self, ln_density: f64) -> Self {
        let rest = -self.ln.min(0.0).exp_m1();
        Self {
            ln: rest.ln(),
            mills: rest / ln_density.exp(),
        }
    }

    pub fn probability(self) -> f64 {
        self.ln.exp().clamp(0.0, 1.0)
    }
}

/// Most steps of a quantile search. A search takes three or four; from the worst start, about 40.
pub(super) const MOST_STEPS: usize = 100;

/// From this distance of the logarithms on, the step being taken is the last: its error is of the
/// third power.
pub(super) const NEAR: f64 = 1e-5;

/// How far to move on the scale w in order that the logarithm of the tail becomes `target`.
///
/// The logarithm of a tail of a log-concave density is concave on w, so that Newton's method
/// converges from any start: after one step it lies on the near side and stays there. Close to the
/// root, Halley's correction is used; `slope` is that of the logarithm of the density on w.
pub(super) fn step(target: f64, tail: Tail, slope: f64) -> f64 {
    const FARTHEST: f64 = 30.0;
    if tail.ln == f64::NEG_INFINITY {
        return FARTHEST;
    }
    let newton = (target - tail.ln) * tail.mills;
    let correction = 1.0 + newton * (slope - 1.0 / tail.mills) / 2.0;
    let moved = if (0.7..=1.5).contains(&correction) {
        newton / correction
    } else {
        newton
    };
    moved.clamp(-FARTHEST, FARTHEST)
}
