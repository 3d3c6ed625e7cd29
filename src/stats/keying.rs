//! How good the keying of paper forms is: error rates from a check, and plans for checking a batch.

use num_traits::ToPrimitive;

use super::{
    confidence::Confidence,
    finite_population::FinitePopulationError,
    float::of_count,
    interval::{Interval, IntervalError, rest_of},
    proportion::{clopper_pearson, exact_high},
    quantile::{QuantileError, binomial_lower, hypergeometric_lower},
    solve::first_whole,
};

/// The share of checked fields that were wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorRate {
    pub rate: f64,
    /// With the given confidence the true rate is not above this: the one-sided Clopper–Pearson
    /// bound. None wrong in 300 still allows 1.0 %.
    pub at_most: f64,
    /// The two-sided Clopper–Pearson interval.
    pub interval: Interval,
}

/// The error rate after `errors` wrong ones among `fields` checked.
///
/// # Errors
/// No field was checked, or there are more errors than fields.
pub fn error_rate(
    errors: u64,
    fields: u64,
    confidence: Confidence,
) -> Result<ErrorRate, IntervalError> {
    let right = rest_of(errors, fields)?;
    let rate = of_count(errors) / of_count(fields);
    Ok(ErrorRate {
        rate,
        // At level 0.5 and 10¹⁶ fields the two round to the same number.
        at_most: exact_high(errors, right, 1.0 - confidence.level()).max(rate),
        interval: clopper_pearson(errors, fields, confidence)?,
    })
}

/// The most wrong units that can be left among those that were not checked: of `all` units, `checked`
/// were drawn by chance, and the `found` wrong ones among them were put right.
///
/// ```text
/// D − found, for the largest D with P(X ≤ found) > 1 − level,
/// X hypergeometric: the wrong ones among `checked` drawn from `all`, D of which are wrong
/// ```
///
/// The unit is what was drawn: a sheet of paper, not a field, since the errors of one sheet come
/// together (a line that was skipped moves all that follow).
///
/// Source: W. G. Cochran (1977), "Sampling Techniques", 3rd edition, section 3.6, one-sided.
///
/// # Errors
/// Nothing was checked, or more than there are, or more wrong ones were found than checked.
pub fn wrong_left(
    found: u64,
    checked: u64,
    all: u64,
    confidence: Confidence,
) -> Result<u64, FinitePopulationError> {
    if checked > all {
        return Err(FinitePopulationError::LargerThanPopulation {
            n: checked,
            size: all,
        });
    }
    let right = rest_of(found, checked)?;
    let tail = 1.0 - confidence.level();
    // A probability that cannot be worked out speaks for nothing; the checks above exclude it.
    let is_unlikely = |wrong: u64| {
        hypergeometric_lower(found, all, wrong, checked)
            .is_ok_and(|probability| probability <= tail)
    };
    let greatest = all - right;
    let most = if is_unlikely(greatest) {
        first_whole(found, greatest, is_unlikely).saturating_sub(1)
    } else {
        greatest
    };
    Ok(most.saturating_sub(found))
}

/// The most units, as a share, that two people who worked independently can both have wrong: the
/// product of the upper limits of their two shares. Each limit leaves half of what the level leaves,
/// so that both hold together with the level at least.
///
/// An error that both made alike is seen by nobody, so no count of it is possible, and independence is
/// a premise: what is hard to read is hard for both.
///
/// Source: the limits are those of C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404–413.
///
/// # Errors
/// As [`error_rate`], for either.
pub fn wrong_in_both(
    first: (u64, u64),
    second: (u64, u64),
    confidence: Confidence,
) -> Result<f64, IntervalError> {
    let limit = |(wrong, units)| clopper_pearson(wrong, units, confidence);
    Ok(limit(first)?.high * limit(second)?.high)
}

/// The share of fields that two people who key independently get wrong in the same way, when they
/// are wrong in shares `first` and `second` of them and each of `wrong_marks` wrong marks is as likely
/// as any other: `first · second / wrong_marks`.
pub fn wrong_alike(first: f64, second: f64, wrong_marks: u64) -> f64 {
    first * second / of_count(wrong_marks.max(1))
}

/// A plan: check `sample` of a batch, and accept the batch with at most `accepted` wrong ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptancePlan {
    pub sample: u64,
    pub accepted: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Quantile(#[from] QuantileError),
    #[error("a risk lies between 0 and 1, and this one is {0}")]
    NotARisk(f64),
    #[error("no plan tells a batch with {bad} wrong ones from one with {good}")]
    NotToBeTold { good: u64, bad: u64 },
}

/// How many of a batch of `size` are wrong at a rate of `rate`, to the nearest whole number, and to
/// the even one of two.
///
/// # Errors
/// `rate` is not a number from 0 to 1.
pub fn wrong_ones(size: u64, rate: f64) -> Result<u64, QuantileError> {
    if !(0.0..=1.0).contains(&rate) {
        return Err(QuantileError::NotAProbability(rate));
    }
    let nearest = (of_count(size) * rate).round_ties_even();
    Ok(nearest.to_u64().unwrap_or(size).min(size))
}

impl AcceptancePlan {
    /// Probability that a batch of `size` with `wrong` wrong ones is accepted.
    ///
    /// # Errors
    /// The sample, or the number of wrong ones, is larger than the batch.
    pub fn accepts(self, size: u64, wrong: u64) -> Result<f64, QuantileError> {
        hypergeometric_lower(self.accepted, size, wrong, self.sample)
    }

    /// Probability that a batch so large that the sample does not matter is accepted when the
    /// share `rate` of it is wrong.
    ///
    /// # Errors
    /// `rate` is not a number from 0 to 1.
    pub fn accepts_of_many(self, rate: f64) -> Result<f64, QuantileError> {
        binomial_lower(self.accepted, self.sample, rate)
    }
}

/// The plan with the smallest sample that accepts at most `accepted` wrong ones and lets a batch of
/// `size` with `wrong` wrong ones pass with a probability of at most `risk`, the consumer's risk.
///
/// None when even a check of the whole batch would accept it, because `wrong` ≤ `accepted`.
///
/// # Errors
/// `wrong` is above `size`, or `risk` is not between 0 and 1.
pub fn smallest_plan(
    size: u64,
    wrong: u64,
    accepted: u64,
    risk: f64,
) -> Result<Option<AcceptancePlan>, PlanError> {
    if !(risk > 0.0 && risk < 1.0) {
        return Err(PlanError::NotARisk(risk));
    }
    if wrong > size {
        return Err(QuantileError::MoreThanAll {
            part: wrong,
            whole: size,
        }
        .into());
    }
    if wrong <= accepted {
        return Ok(None);
    }
    let plan = |sample| AcceptancePlan { sample, accepted };
    let sample = first_whole(0, size, |sample| {
        plan(sample)
            .accepts(size, wrong)
            .is_ok_and(|probability| probability <= risk)
    });
    Ok(Some(plan(sample)))
}

/// The plan with the smallest sample that lets a batch with `bad` wrong ones pass with a probability
/// of at most `consumer_risk`, and turns down one with `good` wrong ones with a probability of at
/// most `producer_risk`. Tries no more than the first thousand numbers of accepted ones.
///
/// # Errors
/// `bad` is above `size`, a risk is not between 0 and 1, or there is no such plan.
pub fn smallest_plan_for_both(
    size: u64,
    good: u64,
    producer_risk: f64,
    bad: u64,
    consumer_risk: f64,
) -> Result<AcceptancePlan, PlanError> {
    const MOST_ACCEPTED: u64 = 1000;
    if !(producer_risk > 0.0 && producer_risk < 1.0) {
        return Err(PlanError::NotARisk(producer_risk));
    }
    let not_to_be_told = PlanError::NotToBeTold { good, bad };
    if good >= bad {
        return Err(not_to_be_told);
    }
    for accepted in 0..=MOST_ACCEPTED {
        let Some(plan) = smallest_plan(size, bad, accepted, consumer_risk)? else {
            break;
        };
        if plan.accepts(size, good)? >= 1.0 - producer_risk {
            return Ok(plan);
        }
    }
    Err(not_to_be_told)
}
