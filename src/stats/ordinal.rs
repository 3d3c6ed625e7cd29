//! Where the answers on an ordered scale lie, and how much they agree.
//!
//! `counts` has one entry a scale point, in the order of the scale; its direction does not matter.

use super::float::{at_twelve_places, of_count, of_size};

/// The longest scale of which agreement and dispersion are worked out: the work grows with the square
/// of its length.
pub const MOST_POINTS: usize = 1_000;

/// van der Eijk's agreement A, without a unit: 1 when all answers are on one point, 0 when they
/// spread evenly over the scale, −1 when they split in half between its two ends. (With two points
/// there is no room between the ends, and A runs from 0 to 1.)
///
/// The counts are cut into layers, each with the same height on the points that it covers. With k
/// points, of which a layer covers s:
///
/// ```text
/// A(layer) = U · (1 − (s − 1) / (k − 1))
/// U        = ((k − 2) TU − (k − 1) TDU) / ((k − 2) (TU + TDU)),   or 1 when TU + TDU = 0
/// A        = Σ A(layer) · height · s / n
/// ```
///
/// TU is the number of triples of points, not necessarily neighbours, that read 1 1 0 or 0 1 1 in
/// the layer, and TDU the number that read 1 0 1. Each empty point with l covered points on its left
/// and r on its right stands in C(l, 2) + C(r, 2) of the first and l · r of the second, which gives
/// both in one pass.
///
/// Source: C. van der Eijk (2001), "Measuring agreement in ordered rating scales", Quality and
/// Quantity 35, 325–341. Agrees with R's `agrmt::agreement`.
///
/// None when there are no answers, fewer than two points or more than [`MOST_POINTS`]. Rounded to
/// twelve decimal places.
pub fn agreement_a(counts: &[u64]) -> Option<f64> {
    let total: f64 = counts.iter().map(|count| of_count(*count)).sum();
    if !(2..=MOST_POINTS).contains(&counts.len()) || total == 0.0 {
        return None;
    }
    let mut tops: Vec<u64> = counts.iter().copied().filter(|count| *count > 0).collect();
    tops.sort_unstable();
    tops.dedup();
    let mut floor = 0;
    let mut sum = 0.0;
    for top in tops {
        let covered: Vec<bool> = counts.iter().map(|count| *count >= top).collect();
        let points = covered.iter().filter(|is_covered| **is_covered).count();
        let answers = of_count(top - floor) * of_size(points);
        sum += layer_agreement(&covered, points) * (answers / total);
        floor = top;
    }
    // Adding zero turns a negative zero, which a reader would take for a sign, into a plain one.
    Some(at_twelve_places(sum) + 0.0)
}

/// [`agreement_a`] without rounding and without memory of its own, for a scale whose A is wanted
/// thousands of times: the A of every layer there can be is worked out once.
#[derive(Debug, Clone)]
pub struct AgreementTable {
    points: usize,
    /// A(layer) · s at the number whose binary digits tell which points the layer covers.
    layers: Vec<f64>,
}

impl AgreementTable {
    /// The longest scale for which a table (of 2¹¹ numbers) is kept. Longer ones work, more slowly.
    pub const LONGEST: usize = 11;

    pub fn new(points: usize) -> Self {
        let layers = if (2..=Self::LONGEST).contains(&points) {
            (0_u32..1 << points)
                .map(|layer| {
                    let covered: Vec<bool> = (0..points).map(|at| layer >> at & 1 == 1).collect();
                    let size = covered.iter().filter(|is_covered| **is_covered).count();
                    layer_agreement(&covered, size) * of_size(size)
                })
                .collect()
        } else {
            Vec::new()
        };
        Self { points, layers }
    }

    /// None under the conditions of [`agreement_a`].
    pub fn agreement(&self, counts: &[u64]) -> Option<f64> {
        if self.layers.is_empty() || counts.len() != self.points {
            return agreement_a(counts);
        }
        let total: f64 = counts.iter().map(|count| of_count(*count)).sum();
        if total == 0.0 {
            return None;
        }
        let (mut floor, mut sum) = (0, 0.0);
        loop {
            let (mut layer, mut top) = (0_usize, u64::MAX);
            for (at, count) in counts.iter().enumerate() {
                if *count > floor {
                    layer |= 1 << at;
                    top = top.min(*count);
                }
            }
            if layer == 0 {
                return Some(sum / total);
            }
            sum += self.layers[layer] * of_count(top - floor);
            floor = top;
        }
    }
}

/// A of one layer, in which `points` of the points are covered.
fn layer_agreement(covered: &[bool], points: usize) -> f64 {
    let (mut unimodal, mut bimodal) = (0, 0);
    let mut left = 0;
    for is_covered in covered {
        if *is_covered {
            left += 1;
        } else {
            let right = points - left;
            unimodal += pairs(left) + pairs(right);
            bimodal += left * right;
        }
    }
    let (k, unimodal, bimodal) = (of_size(covered.len()), of_size(unimodal), of_size(bimodal));
    let triples = unimodal + bimodal;
    let shape = if triples == 0.0 {
        1.0
    } else {
        ((k - 2.0) * unimodal - (k - 1.0) * bimodal) / ((k - 2.0) * triples)
    };
    shape * (k - of_size(points)) / (k - 1.0)
}

/// Positions of the points between which the middle answer lies: the points of the answers number
/// ⌈n/2⌉ and ⌊n/2⌋ + 1 in the order of the scale. They are equal unless the answers divide exactly
/// in half between them.
///
/// None when there are no answers.
pub fn median(counts: &[u64]) -> Option<(usize, usize)> {
    let total: u128 = counts.iter().map(|count| u128::from(*count)).sum();
    if total == 0 {
        return None;
    }
    let low = point_of_answer(counts, total.div_ceil(2))?;
    let high = point_of_answer(counts, total / 2 + 1)?;
    Some((low, high))
}

/// The interpolated median, as a position on the scale from 0: the answers of a point are spread
/// evenly from half a point below it to half a point above it, and the median is where they divide
/// in half. m + (n/2 − below) / at − ½, with `at` answers on the median point m and `below` on those
/// before it; the middle of the gap when the answers divide between two points.
///
/// Turning the scale around turns the position around, so that a score follows from it in either
/// direction. The same as R's `psych::interp.median` with w = 1.
///
/// None when there are no answers.
pub fn interpolated_median(counts: &[u64]) -> Option<f64> {
    let (low, high) = median(counts)?;
    if low < high {
        return Some(f64::midpoint(of_size(low), of_size(high)));
    }
    let sum = |part: &[u64]| -> u128 { part.iter().map(|count| u128::from(*count)).sum() };
    let (before, from) = counts.split_at(low);
    let (at, after) = from.split_first()?;
    let (before, after) = (sum(before), sum(after));
    // Taken before the counts become floats. As the median is on this point, it is at most `at`.
    let apart = of_count(u64::try_from(before.abs_diff(after)).ok()?) / (2.0 * of_count(*at));
    Some(of_size(low) + if after < before { -apart } else { apart })
}

/// [`interpolated_median`] as a score: the points numbered from 1 for the last, least agreeing one.
pub fn interpolated_score(counts: &[u64]) -> Option<f64> {
    let backwards: Vec<u64> = counts.iter().rev().copied().collect();
    Some(interpolated_median(&backwards)? + 1.0)
}

/// Position of the point that holds answer number `rank`, from 1.
fn point_of_answer(counts: &[u64], rank: u128) -> Option<usize> {
    let mut so_far = 0;
    counts.iter().position(|count| {
        so_far += u128::from(*count);
        so_far >= rank
    })
}

fn pairs(of: usize) -> usize {
    of * of.saturating_sub(1) / 2
}
