//! The beta distribution at all sizes, from which Student's t, Fisher's F and binomial tails follow.

use super::special::{
    MOST_STEPS, NEAR, Tail, deviance, difference_of_products, exp_m1_less, half_ln_two_pi,
    ln_1p_less, step, stirling_error, tail_integral,
};

/// When both parameters reach this the tails are integrated; otherwise the continued fraction ends
/// after a few hundred terms.
const INTEGRATED_FROM: f64 = 5000.0;
const MOST_TERMS: u32 = 5000;

/// A value of a beta variable and what is left of 1, each with all its digits: near 1 the first
/// alone would not tell how near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::stats) struct Share {
    pub part: f64,
    pub rest: f64,
}

impl Share {
    pub fn of(part: f64) -> Self {
        Self {
            part,
            rest: 1.0 - part,
        }
    }

    pub fn swap(self) -> Self {
        Self {
            part: self.rest,
            rest: self.part,
        }
    }

    /// The share whose logit is higher by `by`.
    fn shift(self, by: f64) -> Self {
        let grown = self.part * by.exp();
        let whole = grown + self.rest;
        Self {
            part: grown / whole,
            rest: self.rest / whole,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(in crate::stats) struct Beta {
    a: f64,
    b: f64,
    /// Logarithm of the density of logit X at X = a / (a + b).
    ln_peak: f64,
}

impl Beta {
    /// The caller has seen to it that both parameters are positive and finite.
    pub fn new(a: f64, b: f64) -> Self {
        let n = a + b;
        // Of a b / n, the smaller of a and b is the part that may not underflow.
        let spread = a.min(b) * (a.max(b) / n);
        Self {
            a,
            b,
            ln_peak: spread.ln() - half_ln_two_pi(spread) + stirling_error(n)
                - stirling_error(a)
                - stirling_error(b),
        }
    }

    fn swap(self) -> Self {
        Self {
            a: self.b,
            b: self.a,
            ln_peak: self.ln_peak,
        }
    }

    /// a − (a + b) x, how far the mean lies above x, times a + b; also the slope of the logarithm
    /// of the density of logit X. As a (1 − x) − b x it loses no digits.
    fn lead(self, at: Share) -> f64 {
        difference_of_products(self.a, at.rest, self.b, at.part)
    }

    /// Logarithm of the density of logit X: xᵃ (1 − x)ᵇ / B(a, b).
    fn ln_density(self, at: Share) -> f64 {
        let n = self.a + self.b;
        let lead = self.lead(at);
        self.ln_peak - deviance(self.a, n * at.part, lead) - deviance(self.b, n * at.rest, -lead)
    }

    fn is_integrated(self) -> bool {
        self.a.min(self.b) >= INTEGRATED_FROM
    }

    /// P(X ≤ x), 0 < x < 1.
    pub(super) fn lower(self, at: Share) -> Tail {
        let ln_density = self.ln_density(at);
        // The same as x ≤ a / (a + b), and as x ≤ (a + 1) / (a + b + 2), up to which the continued
        // fraction is quick.
        let limit = if self.is_integrated() {
            0.0
        } else {
            at.part - at.rest
        };
        if self.lead(at) >= limit {
            Tail::new(self.near(at), ln_density)
        } else {
            let upper = Tail::new(self.swap().near(at.swap()), ln_density);
            upper.complement(ln_density)
        }
    }

    /// P(X ≤ x) over the density of logit X, for x that is not above the mean by much.
    fn near(self, at: Share) -> f64 {
        if self.is_integrated() {
            self.integrate(at)
        } else {
            self.continued_fraction(at)
        }
    }

    /// P(X ≤ x) = density / (β₀ + α₁ / (β₁ + α₂ / (β₂ + …))) with λ = a − (a + b) x and
    ///
    /// ```text
    /// αₖ = (a + k − 1) (a + b + k − 1) k (b − k) x² / (a + 2k − 1)²
    /// βₖ = k + k (b − k) x / (a + 2k − 1) + (a + k) (λ + 1 + k (2 − x)) / (a + 2k + 1)
    /// ```
    ///
    /// in Lentz's way.
    ///
    /// Source: A. R. `DiDonato` and A. H. Morris (1992), "Significant digit computation of the
    /// incomplete beta function ratios", ACM TOMS 18, 360–373, equation 9.
    fn continued_fraction(self, at: Share) -> f64 {
        let (a, b) = (self.a, self.b);
        let lead = self.lead(at);
        let mut value = a / (a + 1.0) * (lead + 1.0);
        let mut above = value;
        let mut below = 0.0;
        for index in 1..MOST_TERMS {
            let k = f64::from(index);
            let span = a + 2.0 * k - 1.0;
            let middle = k * (b - k) * at.part / span;
            let alpha = (a + k - 1.0) * ((a + b + k - 1.0) * at.part / span) * middle;
            let beta =
                k + middle + (a + k) / (a + 2.0 * k + 1.0) * (lead + 1.0 + k * (1.0 + at.rest));
            below = 1.0 / (beta + alpha * below);
            above = beta + alpha / above;
            let change = above * below;
            value *= change;
            if (change - 1.0).abs() <= 1e-16 {
                break;
            }
        }
        1.0 / value
    }

    /// P(X ≤ x) over the density of logit X, as the integral over how far the logit lies below
    /// that of x.
    fn integrate(self, at: Share) -> f64 {
        let n = self.a + self.b;
        let rise = self.lead(at).max(0.0);
        let spread = (n * at.part * at.rest).sqrt();
        tail_integral(1.0 / (rise + spread), |v| rise * v + n * below_line(at, v))
    }

    /// x with P(X ≤ x) = p, 0 < p < 1.
    pub fn quantile(self, p: f64) -> Share {
        if p > 0.5 {
            self.swap().quantile_of_small(1.0 - p).swap()
        } else {
            self.quantile_of_small(p)
        }
    }

    /// x with P(X > x) = p, 0 < p < 1.
    pub fn upper_quantile(self, p: f64) -> Share {
        self.swap().quantile(p).swap()
    }

    fn quantile_of_small(self, p: f64) -> Share {
        let target = p.ln();
        let mut at = self.start(p);
        for _ in 0..MOST_STEPS {
            if at.part <= 0.0 || at.rest <= 0.0 {
                break;
            }
            let tail = self.lower(at);
            let moved = step(target, tail, self.lead(at));
            if moved.is_nan() {
                break;
            }
            at = at.shift(moved);
            if (target - tail.ln).abs() <= NEAR {
                break;
            }
        }
        at
    }

    /// Carter's approximation, or where it fails the first term of the series in x.
    fn start(self, p: f64) -> Share {
        const FARTHEST: f64 = 700.0;
        const EVEN: Share = Share {
            part: 0.5,
            rest: 0.5,
        };
        let logit = self.carter(p).unwrap_or_else(|| self.first_term(p));
        EVEN.shift(logit.clamp(-FARTHEST, FARTHEST))
    }

    /// The logit of x by the approximation of A. H. Carter (1947), Biometrika 34, 352–358. None for
    /// a parameter of at most 1.
    fn carter(self, p: f64) -> Option<f64> {
        if self.a <= 1.0 || self.b <= 1.0 {
            return None;
        }
        let z = super::normal_of_small(p);
        let (first, second) = (1.0 / (2.0 * self.a - 1.0), 1.0 / (2.0 * self.b - 1.0));
        let mean = 2.0 / (first + second);
        let bend = (z * z - 3.0) / 6.0;
        let half = z * (mean + bend).sqrt() / mean
            + (second - first) * (bend + 5.0 / 6.0 - 2.0 / (3.0 * mean));
        half.is_finite()
            .then_some((self.a / self.b).ln() + 2.0 * half)
    }

    /// The logit of x by the first term of the series, or of the mean when that gives a large x.
    fn first_term(self, p: f64) -> f64 {
        let ln_x = self.ln_first_term(p);
        if ln_x < -0.7 {
            ln_x
        } else {
            (self.a / self.b).ln()
        }
    }

    /// ln x if P(X ≤ x) were xᵃ / (a B(a, b)), to which it tends as x falls.
    pub(super) fn ln_first_term(self, p: f64) -> f64 {
        let (a, b) = (self.a, self.b);
        let ln_over_beta = self.ln_peak + a * (b / a).ln_1p() + b * (a / b).ln_1p();
        (p.ln() + a.ln() - ln_over_beta) / a
    }
}

/// ln(1 − x + x e⁻ᵛ) + x v, the part of the exponent that bends, for v ≥ 0. Written with the
/// smaller of x and 1 − x, with which its two terms differ in size.
fn below_line(at: Share, v: f64) -> f64 {
    let (small, turned) = if at.part <= at.rest {
        (at.part, -v)
    } else {
        (at.rest, v)
    };
    ln_1p_less(small * turned.exp_m1()) + small * exp_m1_less(turned)
}
