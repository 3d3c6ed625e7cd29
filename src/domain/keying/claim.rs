//! Who has a pile on their desk.

use std::time::Duration;

use super::error::KeyingError;
use crate::domain::{id::UserId, moment::Moment};

/// After so long without a sheet saved, somebody else may take the pile.
pub const CLAIM_LASTS: Duration = Duration::from_mins(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub by: UserId,
    pub until: Moment,
}

impl Claim {
    fn by(by: UserId, now: Moment) -> Self {
        Self {
            by,
            until: now + CLAIM_LASTS,
        }
    }

    fn is_over(&self, now: Moment) -> bool {
        self.until <= now
    }
}

/// Gives the pile to `who`, unless somebody else has it.
pub(super) fn take(
    claim: Option<Claim>,
    who: UserId,
    now: Moment,
) -> Result<Option<Claim>, KeyingError> {
    match claim {
        Some(other) if other.by != who && !other.is_over(now) => Err(KeyingError::ClaimedByOther {
            by: other.by,
            until: other.until,
        }),
        _ => Ok(Some(Claim::by(who, now))),
    }
}

/// Lets `who` work on, and for as long again: nobody else has taken the pile, even where their time
/// with it is over.
pub(super) fn renew(
    claim: Option<Claim>,
    who: UserId,
    now: Moment,
) -> Result<Option<Claim>, KeyingError> {
    match claim {
        Some(own) if own.by == who => Ok(Some(Claim::by(who, now))),
        Some(other) => Err(KeyingError::ClaimedByOther {
            by: other.by,
            until: other.until,
        }),
        None => Err(KeyingError::NotClaimed),
    }
}

/// Puts the pile back.
pub(super) fn give_back(claim: Option<Claim>, who: UserId) -> Result<Option<Claim>, KeyingError> {
    match claim {
        Some(own) if own.by == who => Ok(None),
        _ => Err(KeyingError::NotClaimed),
    }
}
