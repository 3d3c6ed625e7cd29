//! Intervals for all shares of a row at once: with the given confidence every one of them holds.
//! For text that compares the bars of a row with each other.
//!
//! `counts` has one entry a bar; so has the answer. All fail on a row without answers and on one of
//! more than [`MOST_BARS`] bars.

use super::{
    confidence::Confidence,
    float::{of_count, of_size},
    interval::{Interval, IntervalError, score},
    quantile::{self, poisson_between, poisson_pmf},
    solve::first_whole,
};

/// Goodman's simultaneous intervals, the default: Wilson's with z² the 1 − α/k quantile of the
/// chi-squared distribution with one degree of freedom, for k bars.
///
/// Source: L. A. Goodman (1965), Technometrics 7, 247–254.
pub fn goodman(counts: &[u64], confidence: Confidence) -> Result<Vec<Interval>, IntervalError> {
    let bars = of_size(counts.len());
    let tail = confidence.tail() / bars;
    // An empty row has no quantile and is refused below, whatever stands here.
    let z = quantile::normal(tail).map_or(0.0, f64::abs);
    scores(counts, z)
}

/// The intervals of Quesenberry and Hurst, wider than Goodman's: Wilson's with z² the 1 − α quantile
/// of the chi-squared distribution with k − 1 degrees of freedom. A single bar is all of the row.
///
/// Source: C. P. Quesenberry and D. C. Hurst (1964), Technometrics 6, 191–195.
pub fn quesenberry_hurst(
    counts: &[u64],
    confidence: Confidence,
) -> Result<Vec<Interval>, IntervalError> {
    let freedom = of_size(counts.len()) - 1.0;
    let z2 = quantile::chi_squared(confidence.level(), freedom).unwrap_or(0.0);
    scores(counts, z2.sqrt())
}

fn scores(counts: &[u64], z: f64) -> Result<Vec<Interval>, IntervalError> {
    let total = total(counts)?;
    let interval = |count: &u64| score(of_count(*count), of_count(total - count), z);
    Ok(counts.iter().map(interval).collect())
}

/// The intervals of Sison and Glaz: from c / n below each share to (c + 2γ) / n above it, with c
/// the largest whole number at which all counts together stay within c of what they are with a
/// probability not above the level, and γ how far the level lies from there to c + 1.
///
/// The probability is Levin's: counts as Poisson variables, each cut to its range, and the
/// probability that their sum is n, by Edgeworth's expansion. The moments of a cut Poisson variable
/// follow from one another, around its mean, so that no digits are lost at large n.
///
/// Source: C. P. Sison and J. Glaz (1995), JASA 90, 366–369; γ after W. L. May and W. D. Johnson
/// (2000), Journal of Statistical Software 5(6). For fewer than ten answers programs disagree.
pub fn sison_glaz(counts: &[u64], confidence: Confidence) -> Result<Vec<Interval>, IntervalError> {
    let n = total(counts)?;
    let level = confidence.level();
    let reaches = |within| all_within(counts, n, within) > level;
    // Doubling finds the first crossing even where the approximation later falls back.
    let mut high = 1;
    while high < n && !reaches(high) {
        high = high.saturating_mul(2).min(n);
    }
    let beyond = first_whole(high / 2 + 1, high, reaches);
    let within = beyond - 1;
    // Not even the counts themselves are then likelier than the level.
    let at_within = if within == 0 {
        0.0
    } else {
        all_within(counts, n, within)
    };
    let gap = all_within(counts, n, beyond) - at_within;
    let part = if gap > 0.0 {
        ((level - at_within) / gap).clamp(0.0, 1.0)
    } else {
        1.0
    };
    let total = of_count(n);
    let below = of_count(within) / total;
    let above = (of_count(within) + 2.0 * part) / total;
    let interval = |count: &u64| {
        let share = of_count(*count) / total;
        Interval {
            low: share - below,
            high: share + above,
        }
        .within(0.0, 1.0)
    };
    Ok(counts.iter().map(interval).collect())
}

/// Probability that all counts stay within `within` of what they are: certain once that is n, where
/// the approximation may stay below 1.
fn all_within(counts: &[u64], n: u64, within: u64) -> f64 {
    if within >= n {
        return 1.0;
    }
    let mut ln_all = 0.0;
    let mut sum = Moments::default();
    for count in counts {
        let first = count.saturating_sub(within);
        let last = count.saturating_add(within).min(n);
        let mean = of_count(*count);
        let (inside, moments) = if last - first <= SUMMED_TO {
            Moments::summed(first, last, mean)
        } else {
            let inside = poisson_between(first, last, mean);
            (inside, Moments::of_cut_poisson(first, last, mean, inside))
        };
        ln_all += inside.ln();
        sum.add(moments);
    }
    if sum.variance <= 0.0 {
        return 1.0;
    }
    let skew = sum.third / sum.variance.powf(1.5);
    let excess = sum.fourth_cumulant / sum.variance.powi(2);
    let x = -sum.mean_shift / sum.variance.sqrt();
    let hermite3 = x.powi(3) - 3.0 * x;
    let hermite4 = x.powi(4) - 6.0 * x * x + 3.0;
    let hermite6 = x.powi(6) - 15.0 * x.powi(4) + 45.0 * x * x - 15.0;
    let bend =
        1.0 + skew * hermite3 / 6.0 + excess * hermite4 / 24.0 + skew * skew * hermite6 / 72.0;
    let normal = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let density = normal * bend.max(0.0) / sum.variance.sqrt();
    ln_all.exp() * density / poisson_pmf(n, of_count(n))
}

/// Ranges up to this width are summed term by term: next to a large mean, what the recurrence of the
/// moments subtracts would leave nothing of a narrow range.
const SUMMED_TO: u64 = 200;

/// How far a mean lies from that of the uncut variable, and the central moments; sums of
/// independent variables have the sum of each.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    mean_shift: f64,
    variance: f64,
    third: f64,
    fourth_cumulant: f64,
}

impl Moments {
    /// Probability that a Poisson variable with `mean` lies from `first` to `last`, and its moments
    /// given that it does.
    fn summed(first: u64, last: u64, mean: f64) -> (f64, Self) {
        let terms: Vec<(f64, f64)> = (first..=last)
            .map(|k| (of_count(k) - mean, poisson_pmf(k, mean)))
            .collect();
        let inside: f64 = terms.iter().map(|(_, weight)| weight).sum();
        let shift = terms
            .iter()
            .map(|(away, weight)| away * weight)
            .sum::<f64>()
            / inside;
        let central = |power| {
            let term = |(away, weight): &(f64, f64)| (away - shift).powi(power) * weight;
            terms.iter().map(term).sum::<f64>() / inside
        };
        let variance = central(2);
        let moments = Self {
            mean_shift: shift,
            variance,
            third: central(3),
            fourth_cumulant: central(4) - 3.0 * variance * variance,
        };
        (inside, moments)
    }

    /// Of a Poisson variable with `mean` given that it lies from `first` to `last`, which it does
    /// with probability `inside`. From E[(X − m) g(X)] = m E[g(X + 1) − g(X)] and what the two ends
    /// add to it, with g the powers of X − m.
    fn of_cut_poisson(first: u64, last: u64, mean: f64, inside: f64) -> Self {
        let low_end = first
            .checked_sub(1)
            .map_or(0.0, |before| mean * poisson_pmf(before, mean) / inside);
        let high_end = mean * poisson_pmf(last, mean) / inside;
        let (low, high) = (of_count(first) - mean, of_count(last) + 1.0 - mean);
        let ends = |power| low_end * low.powi(power) - high_end * high.powi(power);
        let m1 = ends(0);
        let m2 = mean + ends(1);
        let m3 = mean * (1.0 + 2.0 * m1) + ends(2);
        let m4 = mean * (1.0 + 3.0 * m1 + 3.0 * m2) + ends(3);
        let variance = m2 - m1 * m1;
        let fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1.powi(4);
        Self {
            mean_shift: m1,
            variance,
            third: m3 - 3.0 * m1 * m2 + 2.0 * m1.powi(3),
            fourth_cumulant: fourth - 3.0 * variance * variance,
        }
    }

    fn add(&mut self, other: Self) {
        self.mean_shift += other.mean_shift;
        self.variance += other.variance;
        self.third += other.third;
        self.fourth_cumulant += other.fourth_cumulant;
    }
}

/// The longest row, so that the search for Sison and Glaz's limits ends within a fraction of a second.
pub const MOST_BARS: usize = 1_000;

fn total(counts: &[u64]) -> Result<u64, IntervalError> {
    if counts.len() > MOST_BARS {
        return Err(IntervalError::TooManyBars { bars: counts.len() });
    }
    let sum = counts
        .iter()
        .try_fold(0_u64, |sum, count| sum.checked_add(*count))
        .ok_or(IntervalError::TooMany)?;
    if sum == 0 {
        return Err(IntervalError::NoAnswers);
    }
    Ok(sum)
}
