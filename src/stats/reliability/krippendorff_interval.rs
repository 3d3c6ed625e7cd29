//! An interval for Krippendorff's alpha, by drawing the units again.

use chacha20::{ChaCha8Rng, rand_core::SeedableRng};
use rand_distr::{Binomial, Distribution};

use super::krippendorff::{Coding, KrippendorffError, Level, krippendorff};
use crate::stats::{confidence::Confidence, float::of_count, resample::percentile};

pub const LEAST_REPEATS: u32 = 100;
pub const MOST_REPEATS: u32 = 10_000;
/// Repeats times distinct codings: about a second of work.
const MOST_WORK: usize = 80_000_000;

/// Everything that it takes to draw the same units again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    pub seed: [u8; 32],
    pub repeats: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct KrippendorffInterval {
    pub alpha: f64,
    pub low: f64,
    pub high: f64,
    pub resampling: Resampling,
    /// Repeats in which only one code came up, so that they have no alpha. Many of them mean that
    /// the interval says little.
    pub without_alpha: u32,
}

/// Percentile limits of alpha over samples of as many units, drawn with replacement. Units are
/// drawn and not codes, since the codes of one unit belong together. Quantiles are of type 7.
///
/// The random numbers come from `ChaCha8` with the seed, so the same input gives the same limits.
pub fn krippendorff_interval(
    coding: &Coding,
    level: Level,
    resampling: Resampling,
    confidence: Confidence,
) -> Result<KrippendorffInterval, KrippendorffError> {
    let repeats = usize::try_from(resampling.repeats).unwrap_or(usize::MAX);
    let is_within = (LEAST_REPEATS..=MOST_REPEATS).contains(&resampling.repeats)
        && repeats.saturating_mul(coding.work()) <= MOST_WORK;
    if !is_within {
        return Err(KrippendorffError::Repeats);
    }
    let alpha = krippendorff(coding, level)?;
    let mut random = ChaCha8Rng::from_seed(resampling.seed);
    let mut drawn = Vec::with_capacity(repeats);
    let mut without_alpha = 0;
    for _ in 0..repeats {
        let times = draw(coding, &mut random);
        match coding.alpha(level, &times) {
            Some(alpha) => drawn.push(alpha),
            None => without_alpha += 1,
        }
    }
    drawn.sort_by(f64::total_cmp);
    let tail = (1.0 - confidence.level()) / 2.0;
    match (percentile(&drawn, tail), percentile(&drawn, 1.0 - tail)) {
        (Some(low), Some(high)) => Ok(KrippendorffInterval {
            alpha,
            low,
            high,
            resampling,
            without_alpha,
        }),
        _ => Err(KrippendorffError::OneCode),
    }
}

/// How often each unit comes up in a sample of as many units: one binomial draw a distinct unit,
/// out of what the ones before it left over.
fn draw(coding: &Coding, random: &mut ChaCha8Rng) -> Vec<u64> {
    let all: u64 = coding.units.iter().map(|unit| unit.times).sum();
    let (mut to_draw, mut to_draw_from) = (all, all);
    coding
        .units
        .iter()
        .map(|unit| {
            let chance = (of_count(unit.times) / of_count(to_draw_from)).clamp(0.0, 1.0);
            to_draw_from -= unit.times;
            let times = if to_draw_from == 0 {
                to_draw
            } else {
                // The chance is a probability, for which there always is a distribution.
                Binomial::new(to_draw, chance).map_or(0, |units| units.sample(random))
            };
            to_draw -= times;
            times
        })
        .collect()
}
