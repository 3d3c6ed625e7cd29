//! The gamma distribution with scale 1, from which chi-squared, normal and Poisson tails follow.

use super::special::{
    MOST_STEPS, NEAR, Tail, deviance, exp_m1_less, half_ln_two_pi, step, stirling_error,
    tail_integral,
};

/// From this shape on the tails are integrated; below, the series and the continued fraction end
/// after a few hundred terms.
const INTEGRATED_FROM: f64 = 5000.0;
const MOST_TERMS: u32 = 5000;

#[derive(Debug, Clone, Copy)]
pub(super) struct Gamma {
    shape: f64,
    /// Logarithm of the density of ln X at X = shape.
    ln_peak: f64,
}

/// Which tail of the distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Lower,
    Upper,
}

impl Gamma {
    /// The caller has seen to it that `shape` is positive and finite.
    pub fn new(shape: f64) -> Self {
        Self {
            shape,
            ln_peak: shape.ln() - half_ln_two_pi(shape) - stirling_error(shape),
        }
    }

    /// Logarithm of the density of ln X: xᵃ e⁻ˣ / Γ(a).
    fn ln_density(self, x: f64) -> f64 {
        self.ln_peak - deviance(self.shape, x, self.shape - x)
    }

    /// The tail on `side` of x > 0.
    pub fn tail(self, x: f64, side: Side) -> Tail {
        let ln_density = self.ln_density(x);
        let turn = if self.shape < INTEGRATED_FROM {
            self.shape + 1.0
        } else {
            self.shape
        };
        let near = if x < turn { Side::Lower } else { Side::Upper };
        let mills = match near {
            _ if self.shape >= INTEGRATED_FROM => self.integrate(x, near),
            Side::Lower => self.series(x),
            Side::Upper => self.continued_fraction(x),
        };
        let tail = Tail::new(mills, ln_density);
        if near == side {
            tail
        } else {
            tail.complement(ln_density)
        }
    }

    /// P(X ≤ x) over the density of ln X: Σ xᵏ / (a (a + 1) … (a + k)).
    fn series(self, x: f64) -> f64 {
        let mut term = 1.0 / self.shape;
        let mut sum = term;
        let mut factor = self.shape;
        for _ in 0..MOST_TERMS {
            factor += 1.0;
            term *= x / factor;
            sum += term;
            if term <= sum * 1e-17 {
                break;
            }
        }
        sum
    }

    /// P(X > x) over the density of ln X, by Legendre's continued fraction
    /// 1 / (x + 1 − a − 1 (1 − a) / (x + 3 − a − 2 (2 − a) / (x + 5 − a − …))).
    fn continued_fraction(self, x: f64) -> f64 {
        let mut below = x + 1.0 - self.shape;
        let mut d = 1.0 / below;
        let mut c = f64::INFINITY;
        let mut value = d;
        for k in 1..MOST_TERMS {
            let k = f64::from(k);
            let above = k * (self.shape - k);
            below += 2.0;
            d = 1.0 / (above * d + below);
            c = below + above / c;
            let change = c * d;
            value *= change;
            if (change - 1.0).abs() <= 1e-16 {
                break;
            }
        }
        value
    }

    /// The tail on the far side of the mean over the density of ln X.
    fn integrate(self, x: f64, side: Side) -> f64 {
        let a = self.shape;
        match side {
            Side::Lower => {
                let rise = (a - x).max(0.0);
                tail_integral(1.0 / (rise + x.sqrt()), |v| rise * v + x * exp_m1_less(-v))
            }
            Side::Upper => {
                let fall = (x - a).max(0.0);
                tail_integral(1.0 / (fall + x.sqrt()), |v| fall * v + x * exp_m1_less(v))
            }
        }
    }

    /// x whose tail on `side` has probability `p`, 0 < p < 1.
    pub fn quantile(self, p: f64, side: Side) -> f64 {
        if p > 0.5 {
            let other = match side {
                Side::Lower => Side::Upper,
                Side::Upper => Side::Lower,
            };
            return self.quantile_of_small(1.0 - p, other);
        }
        self.quantile_of_small(p, side)
    }

    fn quantile_of_small(self, p: f64, side: Side) -> f64 {
        let target = p.ln();
        let mut x = self.start(p, side);
        for _ in 0..MOST_STEPS {
            let tail = self.tail(x, side);
            let slope = self.shape - x;
            let moved = match side {
                Side::Lower => step(target, tail, slope),
                Side::Upper => -step(target, tail, -slope),
            };
            x *= moved.exp();
            if (target - tail.ln).abs() <= NEAR || !(x > 0.0 && x.is_finite()) {
                break;
            }
        }
        x
    }

    /// Wilson and Hilferty's cube root, or where that fails the first term of the series.
    fn start(self, p: f64, side: Side) -> f64 {
        let below = match side {
            Side::Lower => super::normal_of_small(p),
            Side::Upper => -super::normal_of_small(p),
        };
        let a = self.shape;
        let root = 1.0 - 1.0 / (9.0 * a) + below / (3.0 * a.sqrt());
        if root > 0.25 {
            return a * root * root * root;
        }
        let ln_p = match side {
            Side::Lower => p.ln(),
            Side::Upper => (-p).ln_1p(),
        };
        let ln_x = a.ln() - 1.0 + (ln_p + a.ln() - self.ln_peak) / a;
        ln_x.max(-700.0).exp().min(a + 1.0)
    }
}
