//! Access codes that nobody was given: who types them, and how many there are in all.
//!
//! A typing error does not come here: its check symbols tell it. A code that was given to somebody
//! is no guess, spent or not, so that a hall of five hundred people behind one address is let in.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Semaphore;

use super::throttle::{Limit, NetworkKey, Stopped, Throttle};
use crate::domain::moment::Moment;

/// A person whose letter is for another survey tries a few times. With 70 random bits in a code, ten
/// guesses in five minutes find nothing.
pub const PER_NETWORK: Limit = Limit {
    tries: 10,
    within: Duration::from_mins(5),
};
const NETWORKS_REMEMBERED: usize = 100_000;

/// More wrong codes than this in a minute, from wherever, are an attack from many addresses.
pub const IN_ALL: usize = 300;
const MINUTE: Duration = Duration::from_mins(1);

/// How long the answer to a wrong code is held back during an attack, and how many at most.
pub const HELD_BACK: Duration = Duration::from_secs(1);
const HELD_AT_ONCE: usize = 1_000;

#[derive(Debug)]
pub struct WrongCodes {
    by_network: Throttle<NetworkKey>,
    lately: Mutex<Lately>,
    held: Semaphore,
}

/// The wrong codes of the last minute.
#[derive(Debug, Default)]
struct Lately {
    /// Never more than make it an attack.
    at: VecDeque<Moment>,
    alerted: Option<Moment>,
}

impl Default for WrongCodes {
    fn default() -> Self {
        Self {
            by_network: Throttle::new(PER_NETWORK, NETWORKS_REMEMBERED),
            lately: Mutex::default(),
            held: Semaphore::new(HELD_AT_ONCE),
        }
    }
}

/// What became of looking a code up.
#[derive(Debug)]
pub enum LookedUp<T> {
    /// It was given to somebody.
    Known(T),
    Unknown,
    /// It was not looked up.
    Stopped(Stopped),
}

impl WrongCodes {
    /// Looks a well-formed code up for somebody in this network, unless ten wrong ones came from
    /// there just now. `look_up` finds nothing where the code was never issued.
    pub async fn look_up<T, E>(
        &self,
        network: &NetworkKey,
        now: Moment,
        look_up: impl Future<Output = Result<Option<T>, E>>,
    ) -> Result<LookedUp<T>, E> {
        let taken = match self.by_network.take(network, now).await {
            Ok(taken) => taken,
            Err(stopped) => return Ok(LookedUp::Stopped(stopped)),
        };
        if let Some(known) = look_up.await? {
            return Ok(LookedUp::Known(known));
        }
        taken.was_wrong();
        if self.is_attack(now) {
            self.hold_back().await;
        }
        Ok(LookedUp::Unknown)
    }

    /// Counts a wrong code, and calls for help once a minute while there are too many.
    fn is_attack(&self, now: Moment) -> bool {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Moment| now.saturating_since(*at) < MINUTE;
        while lately.at.front().is_some_and(|at| !is_recent(at)) {
            lately.at.pop_front();
        }
        lately.at.push_back(now);
        if lately.at.len() <= IN_ALL {
            return false;
        }
        lately.at.pop_front();
        if !lately.alerted.as_ref().is_some_and(is_recent) {
            lately.alerted = Some(now);
            tracing::error!(
                "ALERT: more than {IN_ALL} access codes that were never issued were typed within a \
                 minute: somebody may be guessing from many addresses; answers to wrong codes are \
                 slowed down"
            );
        }
        true
    }

    /// Without end there could be more of them than memory.
    async fn hold_back(&self) {
        if let Ok(_place) = self.held.try_acquire() {
            tokio::time::sleep(HELD_BACK).await;
        }
    }
}
