//! The difference between the shares of two groups of different people, the first less the second.

use super::{
    confidence::Confidence,
    float::of_count,
    interval::{Interval, IntervalError, rest_of, score},
    solve::turning_point,
};

/// A share of a group: `count` out of a number that is not 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    count: f64,
    rest: f64,
}

impl Group {
    /// `x` out of `n`.
    pub fn new(x: u64, n: u64) -> Result<Self, IntervalError> {
        let rest = rest_of(x, n)?;
        Ok(Self {
            count: of_count(x),
            rest: of_count(rest),
        })
    }

    fn total(self) -> f64 {
        self.count + self.rest
    }

    fn share(self) -> f64 {
        self.count / self.total()
    }

    /// p (1 − p) / n.
    fn variance(self) -> f64 {
        self.share() * (self.rest / self.total()) / self.total()
    }

    fn plus_one_each(self) -> Self {
        Self {
            count: self.count + 1.0,
            rest: self.rest + 1.0,
        }
    }
}

/// p₁ − p₂.
pub fn difference(first: Group, second: Group) -> f64 {
    first.share() - second.share()
}

/// Newcombe's hybrid score interval, the default: how far each share lies from its Wilson limits,
/// put together as by Pythagoras.
///
/// ```text
/// low  = d − √((p₁ − l₁)² + (u₂ − p₂)²)
/// high = d + √((u₁ − p₁)² + (p₂ − l₂)²)
/// ```
///
/// Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.
pub fn newcombe(first: Group, second: Group, confidence: Confidence) -> Interval {
    let z = confidence.z();
    let (one, two) = (
        score(first.count, first.rest, z),
        score(second.count, second.rest, z),
    );
    let (p1, p2) = (first.share(), second.share());
    Interval {
        low: (p1 - p2) - (p1 - one.low).hypot(two.high - p2),
        high: (p1 - p2) + (one.high - p1).hypot(p2 - two.low),
    }
    .within(-1.0, 1.0)
}

/// The Agresti–Caffo interval: Wald's after adding one to each count, cut to −1 and 1.
///
/// Source: A. Agresti and B. Caffo (2000), The American Statistician 54, 280–288.
pub fn agresti_caffo(first: Group, second: Group, confidence: Confidence) -> Interval {
    wald(first.plus_one_each(), second.plus_one_each(), confidence)
}

/// d ± z √(p₁ (1 − p₁) / n₁ + p₂ (1 − p₂) / n₂), cut to −1 and 1. Only to show beside a better one.
pub fn wald(first: Group, second: Group, confidence: Confidence) -> Interval {
    let radius = confidence.z() * (first.variance() + second.variance()).sqrt();
    Interval::around(difference(first, second), radius).within(-1.0, 1.0)
}

/// The Miettinen–Nurminen score interval: every δ that a score test of p₁ − p₂ = δ would not
/// reject, with the variance of the likeliest pair of shares that differ by δ, times N / (N − 1).
///
/// Source: O. Miettinen and M. Nurminen (1985), Statistics in Medicine 4, 213–226.
pub fn miettinen_nurminen(first: Group, second: Group, confidence: Confidence) -> Interval {
    let estimate = difference(first, second);
    let all = first.total() + second.total();
    let z2 = confidence.z().powi(2) * (all / (all - 1.0));
    let is_kept = |delta: f64| (estimate - delta).powi(2) <= z2 * variance_at(first, second, delta);
    let low = if estimate <= -1.0 {
        -1.0
    } else {
        turning_point(-1.0, estimate, |delta| !is_kept(delta))
    };
    let high = if estimate >= 1.0 {
        1.0
    } else {
        turning_point(estimate, 1.0, is_kept)
    };
    Interval { low, high }.within(-1.0, 1.0)
}

/// p₁ (1 − p₁) / n₁ + p₂ (1 − p₂) / n₂ for the likeliest shares with p₁ − p₂ = δ. The slope of the
/// log-likelihood falls throughout, which makes halving as safe as the closed form is not: its arc
/// cosine loses half of the digits where two roots meet. What is searched for is the share of the
/// larger group, on which the likelihood bears harder.
fn variance_at(first: Group, second: Group, delta: f64) -> f64 {
    if first.total() > second.total() {
        return variance_at(second, first, -delta);
    }
    let slope_of = |group: Group, share: f64| {
        let up = if group.count == 0.0 {
            0.0
        } else {
            group.count / share
        };
        let down = if group.rest == 0.0 {
            0.0
        } else {
            group.rest / (1.0 - share)
        };
        up - down
    };
    let (least, most) = ((-delta).max(0.0), (1.0 - delta).min(1.0));
    let p2 = turning_point(least, most, |p2| {
        slope_of(first, p2 + delta) + slope_of(second, p2) > 0.0
    });
    let p1 = (p2 + delta).clamp(0.0, 1.0);
    p1 * (1.0 - p1) / first.total() + p2 * (1.0 - p2) / second.total()
}
