//! Ranges of agreement, remembered by their counts: they are the dearest figures of a report, and
//! most readers of a page ask for the same ones.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::tally::{
    build::{AgreementRanges, Replications, Resampled},
    report::AgreementRange,
};

/// A report has at most a few dozen; beyond so many, all are forgotten and worked out again.
const MOST: usize = 20_000;

type Key = (Vec<u64>, Replications);

#[derive(Debug, Clone, Default)]
pub struct RememberedRanges(Arc<Mutex<HashMap<Key, Option<AgreementRange>>>>);

impl RememberedRanges {
    /// Works out those of `wanted` that are not known, away from the threads that serve requests.
    pub async fn prepare(&self, wanted: Vec<Key>) {
        let missing: Vec<Key> = {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            wanted
                .into_iter()
                .filter(|key| !known.contains_key(key))
                .collect()
        };
        if missing.is_empty() {
            return;
        }
        let ranges = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            for (counts, replications) in missing {
                ranges.of(&counts, replications);
            }
        });
        // What a panic kept from being remembered is worked out when it is asked for.
        if let Err(error) = work.await {
            tracing::error!(%error, "ranges of agreement could not be prepared");
        }
    }
}

impl AgreementRanges for RememberedRanges {
    fn of(&self, counts: &[u64], replications: Replications) -> Option<AgreementRange> {
        let key = (counts.to_vec(), replications);
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return *known;
        }
        let found = Resampled.of(counts, replications);
        let mut known = lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, found);
        found
    }
}
