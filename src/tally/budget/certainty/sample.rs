//! The bootstrap: people like these vote again and again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chacha20::ChaCha8Rng;
use rand::SeedableRng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use crate::stats::sampling::{Multinomial, Thinning};

use super::super::{
    case::{Case, CaseError, Progress},
    counter::Counter,
    profile::{Profile, Weights},
};

/// Most repeats of one bootstrap.
pub const MOST_REPEATS: u32 = 100_000;

/// What came out of the repeats of a bootstrap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bootstrap {
    pub repeats: u32,
    /// With it the repeats can be drawn again. Not for publication beside counts that are held back.
    pub seed: u64,
    /// By project, in how many of the repeats it was funded. For 0 say "in none of the repeats"
    /// rather than 0 %.
    pub funded: Vec<u32>,
    /// Repeats with the same winners as the ballots themselves.
    pub same_winners: u32,
}

/// Draws ballots `repeats` times from those cast, with replacement and in each channel as many as
/// were cast there, and counts them by the rule and ties of `case`. All channels take part, whatever
/// the weights of the case.
///
/// The answer is to "would a similar turnout decide the same?", and to nothing about people who did
/// not vote. Every repeat has its own stream of a `ChaCha8` generator, so that the result depends on
/// the seed alone and not on the number of processors.
///
/// Source: B. Efron and R. J. Tibshirani (1993), "An Introduction to the Bootstrap".
///
/// # Errors
/// There are no repeats or more than [`MOST_REPEATS`], a count fails, or `progress` says stop.
pub fn bootstrap(
    case: &Case,
    repeats: u32,
    seed: u64,
    progress: Progress,
) -> Result<Bootstrap, CaseError> {
    check_repeats(repeats)?;
    let profile = case.election.profile();
    let sampler = Sampler::new(profile)?;
    let counter = Counter::new(case.election);
    let official = sorted(counter.winners(&profile.everyone(), case.rule, case.ties)?);
    let watch = Watch::new(repeats.into(), progress);
    let none = || (vec![0_u32; profile.projects()], 0_u32);
    let (funded, same_winners) = (0..repeats)
        .into_par_iter()
        .try_fold(none, |(mut funded, same), repeat| {
            let weights = sampler.repeat(seed, u64::from(repeat))?;
            let winners = sorted(counter.winners(&weights, case.rule, case.ties)?);
            for winner in &winners {
                funded[*winner] += 1;
            }
            watch.one_more()?;
            Ok::<_, CaseError>((funded, same + u32::from(winners == official)))
        })
        .try_reduce(none, |(mut sum, same), (other, other_same)| {
            for (total, count) in sum.iter_mut().zip(other) {
                *total += count;
            }
            Ok((sum, same + other_same))
        })?;
    Ok(Bootstrap {
        repeats,
        seed,
        funded,
        same_winners,
    })
}

pub(super) fn check_repeats(given: u32) -> Result<(), CaseError> {
    if (1..=MOST_REPEATS).contains(&given) {
        Ok(())
    } else {
        Err(CaseError::Repeats {
            given,
            most: MOST_REPEATS,
        })
    }
}

pub(super) fn sorted(mut winners: Vec<usize>) -> Vec<usize> {
    winners.sort_unstable();
    winners
}

/// Ballots to draw from, channel by channel.
pub(super) struct Sampler<'a> {
    profile: &'a Profile,
    channels: Vec<Urn<'a>>,
}

/// The distinct ballots of a channel, and after them the empty one.
struct Urn<'a> {
    weights: &'a Weights,
    ballots: Multinomial,
}

impl<'a> Sampler<'a> {
    pub fn new(profile: &'a Profile) -> Result<Self, CaseError> {
        let mut channels = Vec::new();
        for channel in 0..profile.channels() {
            let weights = profile.channel(channel).filter(|w| w.voters() > 0);
            if let Some(weights) = weights {
                let mut counts = weights.counts().to_vec();
                counts.push(weights.empty());
                channels.push(Urn {
                    weights,
                    ballots: Multinomial::new(&counts)?,
                });
            }
        }
        Ok(Self { profile, channels })
    }

    /// As many ballots of each channel as were cast there.
    pub fn repeat(&self, seed: u64, stream: u64) -> Result<Weights, CaseError> {
        let mut generator = generator(seed, stream);
        let mut counts = vec![0; self.profile.distinct() + 1];
        for urn in &self.channels {
            let people = urn.weights.voters();
            urn.ballots.draw(people, &mut generator, &mut counts);
        }
        weights(counts)
    }

    /// The ballots that were cast, of which each is replaced by one of its channel with a given
    /// probability.
    pub fn shaken(&self, thinning: Thinning, seed: u64, stream: u64) -> Result<Weights, CaseError> {
        let mut generator = generator(seed, stream);
        let mut counts = vec![0; self.profile.distinct() + 1];
        for urn in &self.channels {
            let cast = urn.weights.counts().iter().copied();
            let cast = cast.chain(std::iter::once(urn.weights.empty()));
            let mut replaced = 0;
            for (count, people) in counts.iter_mut().zip(cast) {
                let away = thinning.draw(people, &mut generator);
                *count += people - away;
                replaced += away;
            }
            urn.ballots.draw(replaced, &mut generator, &mut counts);
        }
        weights(counts)
    }
}

fn weights(mut counts: Vec<u64>) -> Result<Weights, CaseError> {
    let empty = counts.pop().unwrap_or(0);
    Ok(Weights::new(counts, empty)?)
}

fn generator(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(stream);
    generator
}

/// Counts what is done, tells of each hundredth, and hears whether to stop.
pub(super) struct Watch<'a> {
    all: u64,
    done: AtomicU64,
    stopped: AtomicBool,
    progress: Progress<'a>,
}

impl<'a> Watch<'a> {
    pub fn new(all: u64, progress: Progress<'a>) -> Self {
        Self {
            all,
            done: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            progress,
        }
    }

    pub fn one_more(&self) -> Result<(), CaseError> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let hundredth = (self.all / 100).max(1);
        let is_time = done.is_multiple_of(hundredth) || done == self.all;
        if is_time && !(self.progress)(done, self.all) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        if self.stopped.load(Ordering::Relaxed) && done < self.all {
            Err(CaseError::Stopped)
        } else {
            Ok(())
        }
    }
}
