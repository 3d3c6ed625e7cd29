//! Wrong tries, counted by who makes them, within the last minutes.
//!
//! A place is taken before a try is looked at, so that tries sent at the same moment are counted as
//! well. While as many are being looked at as there are tries left, the next waits: so five hundred
//! right codes at once are all looked up, and a guesser gets not one guess more than one after the
//! other would.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::domain::moment::Moment;

/// The network that a request came from: a hash, under a key that lives as long as the process. The
/// address itself goes no further than the edge.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetworkKey(pub [u8; 16]);

impl std::fmt::Debug for NetworkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NetworkKey(…)")
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Wrong tries that are answered; the next is not.
    pub tries: usize,
    pub within: Duration,
}

/// There were too many wrong tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// From then on there is a try again.
    pub until: Moment,
}

#[derive(Debug)]
pub struct Throttle<K> {
    limit: Limit,
    room: usize,
    counts: Mutex<Counts<K>>,
}

#[derive(Debug)]
struct Counts<K> {
    by_key: HashMap<K, Count>,
    /// When there is no room left, newcomers share these. Nothing is forgotten before its time: else
    /// whoever has many addresses could have the count of one of them forgotten.
    shared: HashMap<u64, Count>,
    hasher: RandomState,
    swept: Option<Moment>,
}

const SHARED: u64 = 1_024;

#[derive(Debug, Default)]
struct Count {
    /// Wrong tries, the oldest first; never more than the limit.
    wrong: Vec<Moment>,
    being_looked_at: usize,
    changed: Arc<Notify>,
}

#[derive(Debug, Clone, Copy)]
enum Slot<K> {
    Own(K),
    Shared(u64),
}

/// A place taken for one try. Dropped, it is given back: the try was right, or none.
#[derive(Debug)]
pub struct Try<'a, K: Clone + Eq + Hash> {
    throttle: &'a Throttle<K>,
    slot: Slot<K>,
    at: Moment,
    was_wrong: bool,
}

impl<K: Clone + Eq + Hash> Throttle<K> {
    /// Remembers `room` keys one by one.
    pub fn new(limit: Limit, room: usize) -> Self {
        let counts = Counts {
            by_key: HashMap::new(),
            shared: HashMap::new(),
            hasher: RandomState::new(),
            swept: None,
        };
        Self {
            limit,
            room,
            counts: Mutex::new(counts),
        }
    }

    /// Takes a place for a try, once there is one.
    pub async fn take(&self, key: &K, now: Moment) -> Result<Try<'_, K>, Stopped> {
        loop {
            let changed = match self.try_take(key, now)? {
                Ok(taken) => return Ok(taken),
                Err(changed) => changed,
            };
            changed.notified().await;
        }
    }

    /// The place; or what tells when to ask again.
    fn try_take(&self, key: &K, now: Moment) -> Result<Result<Try<'_, K>, Arc<Notify>>, Stopped> {
        let mut counts = self.lock();
        let slot = counts.slot(key, now, self.limit.within, self.room);
        let count = counts.at(&slot);
        count.forget(now, self.limit.within);
        if count.wrong.len() >= self.limit.tries {
            // Whoever else waits has to hear of it: each that wakes up wakes the next.
            count.changed.notify_one();
            let oldest = count.wrong.first().copied().unwrap_or(now);
            return Err(Stopped {
                until: oldest + self.limit.within,
            });
        }
        if count.wrong.len() + count.being_looked_at >= self.limit.tries {
            return Ok(Err(Arc::clone(&count.changed)));
        }
        count.being_looked_at += 1;
        if count.wrong.len() + count.being_looked_at < self.limit.tries {
            count.changed.notify_one();
        }
        Ok(Ok(Try {
            throttle: self,
            slot,
            at: now,
            was_wrong: false,
        }))
    }

    /// How many counts there are now: no more than the room and a fixed number beside it.
    pub fn remembered(&self) -> usize {
        let counts = self.lock();
        counts.by_key.len() + counts.shared.len()
    }

    fn lock(&self) -> MutexGuard<'_, Counts<K>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash> Counts<K> {
    fn slot(&mut self, key: &K, now: Moment, within: Duration, room: usize) -> Slot<K> {
        if !self.by_key.contains_key(key) && self.by_key.len() >= room {
            self.sweep(now, within);
            if self.by_key.len() >= room {
                return Slot::Shared(self.hasher.hash_one(key) % SHARED);
            }
        }
        Slot::Own(key.clone())
    }

    fn at(&mut self, slot: &Slot<K>) -> &mut Count {
        match slot {
            Slot::Own(key) => self.by_key.entry(key.clone()).or_default(),
            Slot::Shared(number) => self.shared.entry(*number).or_default(),
        }
    }

    /// Drops what is over. It goes through everything, and so not for every newcomer.
    fn sweep(&mut self, now: Moment, within: Duration) {
        let pause = within / 60;
        if self
            .swept
            .is_some_and(|swept| now.saturating_since(swept) < pause)
        {
            return;
        }
        self.swept = Some(now);
        let keeps = |count: &mut Count| {
            count.forget(now, within);
            !count.is_over()
        };
        self.by_key.retain(|_, count| keeps(count));
        self.shared.retain(|_, count| keeps(count));
    }
}

impl Count {
    /// Nothing is remembered, and nobody waits.
    fn is_over(&self) -> bool {
        self.being_looked_at == 0 && self.wrong.is_empty() && Arc::strong_count(&self.changed) == 1
    }

    fn forget(&mut self, now: Moment, within: Duration) {
        self.wrong.retain(|at| now.saturating_since(*at) < within);
    }
}

impl<K: Clone + Eq + Hash> Try<'_, K> {
    /// The try was wrong, and counts.
    pub fn was_wrong(mut self) {
        self.was_wrong = true;
    }
}

impl<K: Clone + Eq + Hash> Drop for Try<'_, K> {
    fn drop(&mut self) {
        let mut counts = self.throttle.lock();
        let count = counts.at(&self.slot);
        count.being_looked_at = count.being_looked_at.saturating_sub(1);
        if self.was_wrong {
            count.wrong.push(self.at);
            count.wrong.sort_unstable();
        }
        let is_over = count.is_over();
        count.changed.notify_one();
        if is_over {
            match &self.slot {
                Slot::Own(key) => drop(counts.by_key.remove(key)),
                Slot::Shared(number) => drop(counts.shared.remove(number)),
            }
        }
    }
}
