//! A weighted share, with the unweighted one beside it.

use super::{
    effective::{Effective, WeightError, kish},
    estimate::{EstimateError, WeightedValue, mean},
    share_interval::{ShareIntervalError, ShareMethod, share_interval},
};
use crate::stats::{
    confidence::Confidence,
    float::of_count,
    interval::{Interval, IntervalError, wilson},
};

/// People of one weight: how many gave the answer in question, and how many gave another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareGroup {
    pub weight: f64,
    pub chosen: u64,
    pub others: u64,
}

/// The plain count, which a weighted figure never replaces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnweightedShare {
    pub chosen: u64,
    pub answers: u64,
    pub share: f64,
    /// Wilson's.
    pub interval: Interval,
}

/// A weighted share. There is none without the unweighted figure and the cost of weighting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedShare {
    pub unweighted: UnweightedShare,
    pub share: f64,
    pub standard_error: f64,
    pub degrees_of_freedom: f64,
    pub interval: Interval,
    /// How `interval` was found: the method asked for, or Wilson's on the effective n where all
    /// answers are the same and the other methods have none.
    pub method: ShareMethod,
    pub effective: Effective,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum WeightedShareError {
    #[error("there are more answers than can be counted")]
    TooMany,
    #[error(transparent)]
    Unweighted(#[from] IntervalError),
    #[error(transparent)]
    Weight(#[from] WeightError),
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    #[error(transparent)]
    Interval(#[from] ShareIntervalError),
}

/// The share of the weight that chose the answer, with weights taken as fixed. `population` as for
/// [`super::estimate::mean`].
pub fn weighted_share(
    groups: &[ShareGroup],
    population: Option<u64>,
    method: ShareMethod,
    confidence: Confidence,
) -> Result<WeightedShare, WeightedShareError> {
    let unweighted = unweighted_share(groups, confidence)?;
    let answers: Vec<WeightedValue> = groups
        .iter()
        .flat_map(|group| {
            [
                (1.0, group.chosen, group.weight),
                (0.0, group.others, group.weight),
            ]
        })
        .map(|(value, count, weight)| WeightedValue {
            value,
            weight,
            count,
        })
        .collect();
    let weights: Vec<(f64, u64)> = answers.iter().map(|a| (a.weight, a.count)).collect();
    let effective = kish(&weights)?;
    let estimate = mean(&answers, population)?;
    if population == Some(unweighted.answers) {
        return Err(ShareIntervalError::Census.into());
    }
    let asked = share_interval(&estimate, effective.people, method, confidence);
    let (interval, method) = match asked {
        Ok(interval) => (interval, method),
        Err(ShareIntervalError::AllTheSame) => {
            let method = ShareMethod::WilsonEffective;
            let interval = share_interval(&estimate, effective.people, method, confidence)?;
            (interval, method)
        }
        Err(error) => return Err(error.into()),
    };
    Ok(WeightedShare {
        unweighted,
        share: estimate.mean.clamp(0.0, 1.0),
        standard_error: estimate.standard_error,
        degrees_of_freedom: estimate.degrees_of_freedom,
        interval,
        method,
        effective,
    })
}

fn unweighted_share(
    groups: &[ShareGroup],
    confidence: Confidence,
) -> Result<UnweightedShare, WeightedShareError> {
    let (mut chosen, mut others) = (0_u64, 0_u64);
    for group in groups {
        chosen = chosen
            .checked_add(group.chosen)
            .ok_or(WeightedShareError::TooMany)?;
        others = others
            .checked_add(group.others)
            .ok_or(WeightedShareError::TooMany)?;
    }
    let answers = chosen
        .checked_add(others)
        .ok_or(WeightedShareError::TooMany)?;
    let interval = wilson(chosen, answers, confidence)?;
    Ok(UnweightedShare {
        chosen,
        answers,
        share: of_count(chosen) / of_count(answers),
        interval,
    })
}
