//! Brunner and Munzel's test, the default for two waves on one scale.

use super::TwoGroups;
use crate::stats::{
    confidence::Confidence,
    float::of_count,
    interval::Interval,
    quantile::{QuantileError, normal_upper, student_t, student_t_upper},
};

/// What the test found, with the probability that it is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BrunnerMunzel {
    /// P(one of the first group agrees more than one of the second) + ½ P(both agree the same).
    pub superiority: f64,
    /// Limits of `superiority` from Student's t, cut off at 0 and 1.
    pub interval: Interval,
    /// 2 · superiority − 1, from −1 to 1.
    pub cliffs_delta: f64,
    /// Positive when the second group agrees more.
    pub statistic: f64,
    pub df: f64,
    /// Two-sided, from Student's t: the one to report.
    pub p: f64,
    /// Two-sided, from the normal distribution.
    pub p_normal: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BrunnerMunzelError {
    #[error("Brunner and Munzel's test needs two answers or more in each group")]
    TooFewAnswers,
    /// Nobody of one group stands between people of the other, so the data show no spread of the
    /// probability at all. The exact permutation test still gives an answer.
    #[error("Brunner and Munzel's test is undefined when the groups do not overlap")]
    NoOverlap,
    #[error(transparent)]
    Quantile(#[from] QuantileError),
}

/// Tests whether one group tends to agree more than the other, p = ½. Unlike Mann and Whitney's
/// test it does not take the two groups to spread equally.
///
/// With uⱼ the share of the second group below point j (ties half), the superiority p is the mean of
/// uⱼ over the first group; with vⱼ the same the other way round,
///
/// ```text
/// se² = s²(u) / n₁ + s²(v) / n₂        statistic = (½ − p) / se
/// df  = se⁴ / ((s²(u) / n₁)² / (n₁ − 1) + (s²(v) / n₂)² / (n₂ − 1))
/// interval = p ± t(df) · se
/// ```
///
/// Source: E. Brunner and U. Munzel (2000), "The nonparametric Behrens–Fisher problem: asymptotic
/// theory and a small-sample approximation", Biometrical Journal 42, 17–25. Agrees with
/// `scipy.stats.brunnermunzel` and statsmodels' `rank_compare_2indep` (which does not cut off).
///
/// # Errors
/// A group has one answer, or the groups do not overlap.
pub fn brunner_munzel(
    groups: &TwoGroups,
    confidence: Confidence,
) -> Result<BrunnerMunzel, BrunnerMunzelError> {
    let (first, second) = groups.sizes();
    if first < 2 || second < 2 {
        return Err(BrunnerMunzelError::TooFewAnswers);
    }
    let columns = groups.columns();
    let of_first = columns
        .iter()
        .map(|column| (column.share_of_second_below(second), column.first));
    let of_second = columns
        .iter()
        .map(|column| (column.share_of_first_below(first), column.second));
    let (superiority, first_part) = mean_and_its_variance(of_first, first);
    let (_, second_part) = mean_and_its_variance(of_second, second);
    let variance = first_part + second_part;
    if variance <= 0.0 {
        return Err(BrunnerMunzelError::NoOverlap);
    }
    // Shares of the variance, lest its square underflow.
    let (first_share, second_share) = (first_part / variance, second_part / variance);
    let df = 1.0
        / (first_share * first_share / of_count(first - 1)
            + second_share * second_share / of_count(second - 1));
    let error = variance.sqrt();
    let statistic = (0.5 - superiority) / error;
    let reach = student_t(0.5 + confidence.level() / 2.0, df)? * error;
    Ok(BrunnerMunzel {
        superiority,
        interval: Interval {
            low: (superiority - reach).max(0.0),
            high: (superiority + reach).min(1.0),
        },
        cliffs_delta: 2.0 * superiority - 1.0,
        statistic,
        df,
        p: (2.0 * student_t_upper(statistic.abs(), df)?).min(1.0),
        p_normal: (2.0 * normal_upper(statistic.abs())).min(1.0),
    })
}

/// The mean of the values, each held by so many people, and the variance of that mean.
fn mean_and_its_variance(
    values: impl Iterator<Item = (f64, u64)> + Clone,
    people: u64,
) -> (f64, f64) {
    let people = of_count(people);
    let sum: f64 = values
        .clone()
        .map(|(value, count)| value * of_count(count))
        .sum();
    let mean = sum / people;
    let squares: f64 = values
        .map(|(value, count)| (value - mean).powi(2) * of_count(count))
        .sum();
    (mean, squares / (people - 1.0) / people)
}
