//! The standard error of a raked figure that takes the raking into account.

use super::{
    effective::largest_weight,
    estimate::{Estimate, EstimateError, WeightedValue, linearised},
    sample::Sample,
};
use crate::stats::float::of_count;

/// An answer of people in one cell of the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellValue {
    pub cell: usize,
    pub value: f64,
    pub count: u64,
}

/// The weighted mean with the standard error of a calibrated estimate: what the margins explain of
/// the answers adds nothing to the error, since raking pins it down.
///
/// Each score z of [`super::estimate::mean`] loses, margin after margin until nothing changes, its
/// category's mean of z / w times w; then SE² = (1 − n / N) · n / (n − 1) · Σ (z − mean of z)².
/// `weights` are those of the cells after raking. The result is usually smaller than with fixed
/// weights and rests on the margins being right, so it has to be labelled where it is shown.
///
/// Everyone in the sample has to have an answer: raking holds for the whole sample only, and
/// people without an answer are no part of this figure.
///
/// Source: J.-C. Deville, C.-E. Särndal and O. Sautory (1993), "Generalized raking procedures in
/// survey sampling", JASA 88, 1013–1020. Agrees with R's `survey::svymean` after `rake`.
pub fn mean(
    sample: &Sample,
    weights: &[f64],
    answers: &[CellValue],
    population: Option<u64>,
) -> Result<Estimate, EstimateError> {
    let cells = sample.cells().len().min(weights.len());
    check_answers(sample, cells, answers)?;
    let weighted: Vec<WeightedValue> = answers
        .iter()
        .map(|answer| WeightedValue {
            value: answer.value,
            weight: weights[answer.cell],
            count: answer.count,
        })
        .collect();
    let pairs: Vec<(f64, u64)> = weighted.iter().map(|a| (a.weight, a.count)).collect();
    let unit = largest_weight(&pairs)?;
    let linear = linearised(&weighted, unit)?;
    let relative: Vec<f64> = weighted.iter().map(|a| a.weight / unit).collect();
    let mut scores = linear.scores.clone();
    take_margins_out(sample, answers, &relative, &mut scores);
    let centre = sum_over_people(answers, &scores, |score| score) / linear.people;
    let squares = sum_over_people(answers, &scores, |score| (score - centre).powi(2));
    linear.estimate(squares, population)
}

fn check_answers(
    sample: &Sample,
    cells: usize,
    answers: &[CellValue],
) -> Result<(), EstimateError> {
    let mut counts = vec![0_u128; cells];
    for answer in answers {
        let Some(count) = counts.get_mut(answer.cell) else {
            return Err(EstimateError::NoSuchCell {
                cell: answer.cell,
                cells,
            });
        };
        *count += u128::from(answer.count);
    }
    for (position, (cell, answers)) in sample.cells().iter().zip(counts).enumerate() {
        if answers != u128::from(cell.count) {
            return Err(EstimateError::NotEveryone {
                cell: position,
                answers,
                people: cell.count,
            });
        }
    }
    Ok(())
}

/// Sweeps over the margins until the scores stand still.
fn take_margins_out(sample: &Sample, answers: &[CellValue], weights: &[f64], scores: &mut [f64]) {
    const MOST_SWEEPS: u32 = 200;
    const STILL: f64 = 1e-13;
    let largest = |scores: &[f64]| scores.iter().fold(0.0, |most: f64, s| most.max(s.abs()));
    let size = largest(scores);
    for _ in 0..MOST_SWEEPS {
        let mut change: f64 = 0.0;
        for (margin, shape) in sample.margins().iter().enumerate() {
            let mut sums = vec![0.0; shape.categories.len()];
            let mut people = vec![0.0; shape.categories.len()];
            for ((answer, weight), score) in answers.iter().zip(weights).zip(&*scores) {
                // People whose weight vanished have no score either.
                if *weight > 0.0 {
                    let category = sample.cells()[answer.cell].categories[margin];
                    sums[category] += of_count(answer.count) * (score / weight);
                    people[category] += of_count(answer.count);
                }
            }
            for ((answer, weight), score) in answers.iter().zip(weights).zip(&mut *scores) {
                let category = sample.cells()[answer.cell].categories[margin];
                if people[category] > 0.0 {
                    let explained = weight * sums[category] / people[category];
                    *score -= explained;
                    change = change.max(explained.abs());
                }
            }
        }
        if change <= STILL * size {
            break;
        }
    }
}

fn sum_over_people(answers: &[CellValue], scores: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    answers
        .iter()
        .zip(scores)
        .map(|(answer, score)| of_count(answer.count) * of(*score))
        .sum()
}
