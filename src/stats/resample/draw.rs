//! Drawing the samples.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use chacha20::ChaCha8Rng;
use rand::SeedableRng;
use rand_distr::{Binomial, Distribution};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{BootstrapError, OnProgress, Plan, Progress, Strata};
use crate::stats::float::of_count;

/// Samples that share a stream of the generator. The streams, and not the threads, decide which
/// numbers a sample gets.
const BLOCK: u32 = 50;

/// Types times samples; about ten minutes on two processors.
const MOST_WORK: u64 = 20_000_000_000;

/// `statistic` of each sample, in a fixed order. It is given the counts of the types in the sample,
/// the strata one after the other.
///
/// The samples are drawn in parallel with `ChaCha8`, a generator that is a function of the seed, the
/// number of the stream and the place in it.
///
/// Source: B. Efron and R. J. Tibshirani (1993), "An Introduction to the Bootstrap".
///
/// # Errors
/// The work is beyond all bounds, or `on_progress` asked to stop.
pub fn bootstrap<T: Send>(
    strata: &Strata,
    plan: Plan,
    on_progress: OnProgress<'_>,
    statistic: impl Fn(&[u64]) -> T + Sync,
) -> Result<Vec<T>, BootstrapError> {
    draw(strata, plan, Draws::AsMany, on_progress, statistic)
}

/// How many people a sample has, in each stratum.
#[derive(Clone, Copy)]
pub(super) enum Draws {
    AsMany,
    OneFewer,
}

pub(super) fn draw<T: Send>(
    strata: &Strata,
    plan: Plan,
    draws: Draws,
    on_progress: OnProgress<'_>,
    statistic: impl Fn(&[u64]) -> T + Sync,
) -> Result<Vec<T>, BootstrapError> {
    let all = plan.replications.number();
    let work = u64::from(all).saturating_mul(strata.types as u64);
    if work > MOST_WORK {
        return Err(BootstrapError::TooMuchWork);
    }
    let urns: Vec<Urn> = strata
        .strata
        .iter()
        .map(|types| Urn::new(types, draws))
        .collect();
    let watch = Watch::new(all, on_progress);
    let blocks: Result<Vec<Vec<T>>, BootstrapError> = (0..all.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let size = BLOCK.min(all - block * BLOCK);
            let mut generator = ChaCha8Rng::seed_from_u64(plan.seed);
            generator.set_stream(u64::from(block));
            let mut sample = vec![0; strata.types];
            let mut found = Vec::new();
            for _ in 0..size {
                if watch.is_stopped() {
                    return Err(BootstrapError::Stopped);
                }
                let mut rest = sample.as_mut_slice();
                for urn in &urns {
                    let (here, after) = rest.split_at_mut(urn.shares.len());
                    urn.fill(here, &mut generator);
                    rest = after;
                }
                found.push(statistic(&sample));
            }
            watch.note(size);
            Ok(found)
        })
        .collect();
    let found = blocks?.into_iter().flatten().collect();
    if watch.is_stopped() {
        return Err(BootstrapError::Stopped);
    }
    Ok(found)
}

/// One stratum.
struct Urn {
    draws: u64,
    /// For each type its share of the people of this and all later types.
    shares: Vec<f64>,
}

impl Urn {
    fn new(types: &[u64], draws: Draws) -> Self {
        let people: u64 = types.iter().sum();
        let mut left = people;
        let shares = types
            .iter()
            .map(|count| {
                let share = if left == 0 {
                    0.0
                } else {
                    of_count(*count) / of_count(left)
                };
                left -= count;
                share
            })
            .collect();
        let draws = match draws {
            Draws::AsMany => people,
            Draws::OneFewer => people.saturating_sub(1),
        };
        Self { draws, shares }
    }

    /// Draws a multinomial as a row of binomials, each from what the types before have left.
    fn fill(&self, sample: &mut [u64], generator: &mut ChaCha8Rng) {
        let mut left = self.draws;
        for (drawn, share) in sample.iter_mut().zip(&self.shares) {
            // A share is a number from 0 to 1, which is all that can be wrong with it.
            *drawn = match Binomial::new(left, *share) {
                Ok(binomial) if left > 0 => binomial.sample(generator).min(left),
                _ => 0,
            };
            left -= *drawn;
        }
    }
}

/// Counts the samples drawn, tells of them and hears whether to stop.
struct Watch<'a> {
    done: AtomicU32,
    is_stopped: AtomicBool,
    of: u32,
    on_progress: OnProgress<'a>,
}

impl<'a> Watch<'a> {
    /// Nobody needs to know more often than this.
    const STEPS: u32 = 100;

    fn new(of: u32, on_progress: OnProgress<'a>) -> Self {
        Self {
            done: AtomicU32::new(0),
            is_stopped: AtomicBool::new(false),
            of,
            on_progress,
        }
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    fn note(&self, drawn: u32) {
        let before = self.done.fetch_add(drawn, Ordering::Relaxed);
        let done = before + drawn;
        let step = (self.of / Self::STEPS).max(1);
        if before / step < done / step || done == self.of {
            let progress = Progress { done, of: self.of };
            if (self.on_progress)(progress).is_break() && done < self.of {
                self.is_stopped.store(true, Ordering::Relaxed);
            }
        }
    }
}
