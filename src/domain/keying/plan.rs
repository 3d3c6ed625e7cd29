//! How the paper of a wave is checked: every sheet keyed twice, or a sample of them drawn by a recorded
//! seed, with a rule by which the batch is accepted or keyed twice after all.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::domain::hex::{TOKEN_BYTES, hex};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyingPlan {
    /// Everything is keyed twice.
    #[default]
    Double,
    Sampled(SampledPlan),
}

/// The sheets that are keyed again, and how many wrong fields among them a batch may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampledPlan {
    percent: u8,
    accepted: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("write a whole per cent from 1 to 100: the share of sheets that is keyed again")]
    Percent,
    #[error("a batch can be accepted with at most {MOST_ACCEPTED} wrong fields in its sample")]
    Accepted,
}

const MOST_ACCEPTED: u32 = 20;

impl SampledPlan {
    pub fn new(percent: u8, accepted: u32) -> Result<Self, PlanError> {
        if !(1..=100).contains(&percent) {
            Err(PlanError::Percent)
        } else if accepted > MOST_ACCEPTED {
            Err(PlanError::Accepted)
        } else {
            Ok(Self { percent, accepted })
        }
    }

    pub fn percent(self) -> u8 {
        self.percent
    }

    pub fn accepted(self) -> u32 {
        self.accepted
    }

    /// Sheets of the sample, of a batch of so many: rounded up, so that there is one at least.
    pub fn sample_of(self, sheets: u32) -> u32 {
        (sheets * u32::from(self.percent)).div_ceil(100)
    }
}

/// The sample of one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub plan: SampledPlan,
    /// What the seed of each round comes from.
    pub seed: String,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The sample is not keyed yet, or not decided on.
    Pending,
    Accepted {
        errors: u32,
    },
    /// All the other sheets are keyed again, too.
    Rejected {
        errors: u32,
    },
}

impl Sample {
    pub fn new(plan: SampledPlan, seed: String) -> Self {
        Self {
            plan,
            seed,
            verdict: Verdict::Pending,
        }
    }

    /// What the sheets of one round are drawn by. The seed of a round that is over may be known, and
    /// says nothing of the next.
    pub fn seed_of(&self, round: u32) -> String {
        let digest = Sha256::digest(format!("{}/{round}", self.seed));
        hex(&digest[..TOKEN_BYTES])
    }

    /// Another draw for each time that the keying was started anew: keyers may remember the last.
    pub fn chosen(&self, sheets: u32, round: u32) -> BTreeSet<u32> {
        chosen_sheets(&self.seed_of(round), sheets, self.plan.sample_of(sheets))
    }
}

/// The `sample` sheets, out of those from 1 to `sheets`, whose SHA-256 of `seed/sheet` is smallest: a
/// draw without replacement in which every set is as likely as any other, and which anybody can do
/// again with the seed alone.
pub fn chosen_sheets(seed: &str, sheets: u32, sample: u32) -> BTreeSet<u32> {
    let mut drawn: Vec<([u8; 32], u32)> = (1..=sheets)
        .map(|sheet| (Sha256::digest(format!("{seed}/{sheet}")).into(), sheet))
        .collect();
    drawn.sort_unstable();
    let sample = usize::try_from(sample).unwrap_or(usize::MAX);
    drawn
        .into_iter()
        .take(sample)
        .map(|(_, sheet)| sheet)
        .collect()
}
