//! Net agreement: the share that agrees less the share that disagrees, from −1 to 1.
//!
//! As a problem it is the same as the difference between two shares of the same people: those who
//! agree and those who disagree are the two kinds of discordant pairs, and all others are
//! concordant.

use super::{
    confidence::Confidence,
    float::of_count,
    interval::{Interval, IntervalError, rest_of},
    solve::turning_point,
};

/// How many agree, how many disagree, and how many answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Net {
    top: f64,
    bottom: f64,
    total: f64,
}

impl Net {
    /// `top` agree and `bottom` disagree, of `total` who answered.
    pub fn new(top: u64, bottom: u64, total: u64) -> Result<Self, IntervalError> {
        let not_top = rest_of(top, total)?;
        if bottom > not_top {
            return Err(IntervalError::MoreThanAll {
                count: top.saturating_add(bottom),
                total,
            });
        }
        Ok(Self {
            top: of_count(top),
            bottom: of_count(bottom),
            total: of_count(total),
        })
    }

    /// (top − bottom) / total.
    pub fn net(self) -> f64 {
        (self.top - self.bottom) / self.total
    }

    /// √((p₊ + p₋ − net²) / n).
    pub fn standard_error(self) -> f64 {
        let spread = (self.top + self.bottom) / self.total - self.net().powi(2);
        (spread.max(0.0) / self.total).sqrt()
    }

    /// With `each` more who agree, as many more who disagree, and two more who answered.
    fn with_more(self, each: f64) -> Self {
        Self {
            top: self.top + each,
            bottom: self.bottom + each,
            total: self.total + 2.0,
        }
    }

    fn mirrored(self) -> Self {
        Self {
            top: self.bottom,
            bottom: self.top,
            total: self.total,
        }
    }

    /// n (p₊ + p₋ − δ²) for the likeliest shares with p₊ − p₋ = δ ≥ 0. The share that disagrees is
    /// the positive root of 2n q² + B q − bottom δ (1 − δ) = 0 with
    /// B = (2n − top + bottom) δ − top − bottom.
    fn score_variance(self, delta: f64) -> f64 {
        let middle = (2.0 * self.total - self.top + self.bottom) * delta - self.top - self.bottom;
        let last = self.bottom * delta * (1.0 - delta);
        let root = (middle * middle + 8.0 * self.total * last).sqrt();
        // The form that adds, whichever sign B has.
        let q = if middle > 0.0 {
            2.0 * last / (root + middle)
        } else {
            (root - middle) / (4.0 * self.total)
        };
        self.total * (2.0 * q + delta * (1.0 - delta))
    }

    /// Whether a score test would keep a net of δ.
    fn keeps(self, delta: f64, z: f64) -> bool {
        let away = self.top - self.bottom - self.total * delta;
        let variance = if delta >= 0.0 {
            self.score_variance(delta)
        } else {
            self.mirrored().score_variance(-delta)
        };
        away * away <= z * z * variance
    }
}

/// Tango's score interval, the default: every net that a score test would not reject. It never
/// leaves −1 to 1.
///
/// Source: T. Tango (1998), Statistics in Medicine 17, 891–908.
pub fn tango(net: Net, confidence: Confidence) -> Interval {
    let (estimate, z) = (net.net(), confidence.z());
    let low = if estimate <= -1.0 {
        -1.0
    } else {
        turning_point(-1.0, estimate, |delta| !net.keeps(delta, z))
    };
    let high = if estimate >= 1.0 {
        1.0
    } else {
        turning_point(estimate, 1.0, |delta| net.keeps(delta, z))
    };
    Interval { low, high }
}

/// The Bonett–Price interval: Wald's after one more who agrees and one more who disagrees. Not cut,
/// so that one beyond −1 or 1 shows that it does not suit; [`Interval::within`] cuts it.
///
/// Source: D. G. Bonett and R. M. Price (2012), Journal of Educational and Behavioral Statistics
/// 37, 479–488.
pub fn bonett_price(net: Net, confidence: Confidence) -> Interval {
    wald(net.with_more(1.0), confidence)
}

/// The Agresti–Min interval: Wald's after adding ½ to each of the four cells, cut to −1 and 1.
///
/// Source: A. Agresti and Y. Min (2005), Statistics in Medicine 24, 729–740.
pub fn agresti_min(net: Net, confidence: Confidence) -> Interval {
    wald(net.with_more(0.5), confidence).within(-1.0, 1.0)
}

/// The middle of the Agresti–Min interval.
pub fn agresti_min_estimate(net: Net) -> f64 {
    net.with_more(0.5).net()
}

/// net ± z standard errors. Only to show beside a better one: it may leave −1 to 1, and is not cut.
pub fn wald(net: Net, confidence: Confidence) -> Interval {
    Interval::around(net.net(), confidence.z() * net.standard_error())
}

/// The net of `after` less that of `before`, two groups of different people.
pub fn change(before: Net, after: Net) -> f64 {
    after.net() - before.net()
}

/// The interval of a change by the method of variance estimates recovery, the default: how far each
/// net lies from its limits by Tango, put together as by Pythagoras. From −2 to 2.
///
/// ```text
/// low  = d − √((after − lowₐ)² + (high_b − before)²)
/// high = d + √((highₐ − after)² + (before − low_b)²)
/// ```
///
/// Source: G. Y. Zou and A. Donner (2008), Statistics in Medicine 27, 1693–1702.
pub fn change_mover(before: Net, after: Net, confidence: Confidence) -> Interval {
    let (first, second) = (tango(before, confidence), tango(after, confidence));
    let (from, to) = (before.net(), after.net());
    Interval {
        low: (to - from) - (to - second.low).hypot(first.high - from),
        high: (to - from) + (second.high - to).hypot(from - first.low),
    }
}

/// d ± z √(sum of the squared standard errors). Only to show beside a better one.
pub fn change_wald(before: Net, after: Net, confidence: Confidence) -> Interval {
    let radius = confidence.z() * before.standard_error().hypot(after.standard_error());
    Interval::around(change(before, after), radius)
}
