//! Time and chance come in from outside, so that a test can hold both still.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use rand::{SeedableRng, rngs::StdRng};
use time::OffsetDateTime;

use crate::domain::moment::Moment;

pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's clock"
    )]
    fn now(&self) -> Moment {
        OffsetDateTime::now_utc().into()
    }
}

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct FrozenClock(AtomicI64);

impl FrozenClock {
    pub fn at(moment: Moment) -> Self {
        Self(AtomicI64::new(moment.millis()))
    }

    pub fn set(&self, moment: Moment) {
        self.0.store(moment.millis(), Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Where generators of random numbers come from: each is cryptographically strong, and seeded by one
/// that the operating system seeded.
#[derive(Debug)]
pub struct Randomness(Mutex<StdRng>);

impl Randomness {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system for chance"
    )]
    pub fn from_system() -> Self {
        Self(Mutex::new(StdRng::from_rng(&mut rand::rng())))
    }

    pub fn generator(&self) -> StdRng {
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        StdRng::from_rng(&mut *source)
    }
}
