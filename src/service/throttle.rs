//! How many guesses somebody has left.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::domain::moment::Moment;

pub const WINDOW: Duration = Duration::from_mins(5);
const REMEMBERED: usize = 10_000;

/// Wrong guesses within the last five minutes, by what they were guesses at.
#[derive(Debug)]
pub struct Throttle {
    guesses: usize,
    made: Mutex<HashMap<String, Vec<Moment>>>,
}

impl Throttle {
    pub fn new(guesses: usize) -> Self {
        Self {
            guesses,
            made: Mutex::default(),
        }
    }

    /// Takes one of the guesses; false when there is none left. It is taken before the guess is
    /// looked at, so that guesses sent at the same moment are counted as well.
    pub fn take(&self, key: &str, now: Moment) -> bool {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Moment| now.saturating_since(*at) < WINDOW;
        if made.len() > REMEMBERED {
            made.retain(|_, times| times.iter().any(recent));
        }
        let times = made.entry(key.to_owned()).or_default();
        times.retain(recent);
        if times.len() >= self.guesses {
            return false;
        }
        times.push(now);
        true
    }

    /// The guess was right: it was none.
    pub fn give_back(&self, key: &str, taken: Moment) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = made.get_mut(key)
            && let Some(place) = times.iter().position(|at| *at == taken)
        {
            times.swap_remove(place);
        }
    }
}
