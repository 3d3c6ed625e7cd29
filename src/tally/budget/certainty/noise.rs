//! The noise curve: ballots filled in differently.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use crate::stats::sampling::Thinning;

use super::{
    super::{
        case::{Case, CaseError, Progress},
        counter::Counter,
    },
    sample::{Sampler, Watch, check_repeats, sorted},
};

/// What happens at one level of noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoiseLevel {
    /// Probability, in thousandths, with which each ballot is replaced.
    pub thousandths: u32,
    pub repeats: u32,
    /// Repeats in which any winner changes.
    pub changed: u32,
    /// Winners of the ballots themselves that are lost, summed over the repeats.
    pub lost: u64,
}

/// For each level, replaces every ballot with that probability by a random ballot cast on the same
/// channel, independently of all others, and sees whether the winners are still the same; `repeats`
/// times. All channels take part, whatever the weights of the case.
///
/// The level from which on winners change in half of the repeats says how much keying at random an
/// outcome stands. Replacement ballots are like those cast, so that no project gains or loses on
/// average.
///
/// Source of the idea: N. Boehmer, P. Faliszewski, Ł. Janeczko and A. Kaczmarczyk (2023), "Robustness
/// of Participatory Budgeting Outcomes: Complexity and Experiments", where marks are flipped instead.
///
/// # Errors
/// A level is above 1000, there are no repeats or too many, a count fails, or `progress` says stop.
pub fn noise_curve(
    case: &Case,
    levels: &[u32],
    repeats: u32,
    seed: u64,
    progress: Progress,
) -> Result<Vec<NoiseLevel>, CaseError> {
    check_repeats(repeats)?;
    if let Some(level) = levels.iter().find(|level| **level > 1_000) {
        return Err(CaseError::Share(*level));
    }
    let profile = case.election.profile();
    let sampler = Sampler::new(profile)?;
    let counter = Counter::new(case.election);
    let official = sorted(counter.winners(&profile.everyone(), case.rule, case.ties)?);
    let all = u64::from(repeats).saturating_mul(levels.len() as u64);
    let watch = Watch::new(all, progress);
    let mut curve = Vec::new();
    for (place, thousandths) in (0_u64..).zip(levels) {
        let thinning = Thinning::new(*thousandths);
        let first = place * u64::from(MOST_STREAMS);
        let (changed, lost) = (0..repeats)
            .into_par_iter()
            .map(|repeat| {
                let weights = sampler.shaken(thinning, seed, first + u64::from(repeat))?;
                let winners = sorted(counter.winners(&weights, case.rule, case.ties)?);
                let lost = official
                    .iter()
                    .filter(|p| winners.binary_search(p).is_err());
                watch.one_more()?;
                Ok::<_, CaseError>((u32::from(winners != official), lost.count() as u64))
            })
            .try_reduce(|| (0, 0), |a, b| Ok((a.0 + b.0, a.1 + b.1)))?;
        curve.push(NoiseLevel {
            thousandths: *thousandths,
            repeats,
            changed,
            lost,
        });
    }
    Ok(curve)
}

/// Streams of the generator that each level has for itself: more than repeats.
const MOST_STREAMS: u32 = 1 << 20;
