//! Checking the record of acts: every event against its own hash, against the one before it, and the
//! last against the head. The first place that is wrong is named.

use std::sync::Arc;

use futures_util::FutureExt;
use rayon::prelude::*;
use sea_orm::ConnectionTrait;

use super::Services;
use crate::{
    domain::audit::AuditKey,
    store::{
        self, StoreError,
        audit::{Head, Recorded},
    },
};

/// Events that are read at once.
const CHUNK: u64 = 10_000;

/// What is wrong with a log, at the first place where something is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    #[error("event {seq} was altered: its hash does not fit what it says now")]
    Altered { seq: i64 },
    #[error("event {seq} cannot be read: something was put into it that no event holds")]
    Unreadable { seq: i64 },
    #[error("event {seq} is missing")]
    Missing { seq: i64 },
    #[error("event {seq} stands out of order: what stands there was written as event {written}")]
    OutOfOrder { seq: i64, written: i64 },
    #[error(
        "event {seq} does not follow on the one before it: one of the two comes from another copy of this log"
    )]
    Unconnected { seq: i64 },
    #[error(
        "the log ends at {last}, and its head says {head}: events after {last} were taken off the end"
    )]
    CutOff { last: i64, head: i64 },
    #[error(
        "the log goes on to {last}, and its head says {head}: its head was put back, or events were added behind it"
    )]
    HeadBehind { last: i64, head: i64 },
    #[error("the head of the log was altered: it has another hash than event {seq}")]
    HeadAltered { seq: i64 },
    #[error("the head of the log is gone")]
    NoHead,
    #[error("events after {last} were taken off the end: the head that was noted is {noted}")]
    CutBeforeNoted { last: i64, noted: i64 },
    #[error(
        "events up to {noted} were replaced: event {noted} has another hash than the head that was noted"
    )]
    Replaced { noted: i64 },
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Events that were read.
    pub events: u64,
    pub outcome: Result<Head, Break>,
}

/// Reads the whole log as it stands at this moment. `noted` is a head from outside the database:
/// without one, a log that was cut and whose head was put back looks whole.
pub async fn verify(services: &Services, noted: Option<Head>) -> Result<Checked, StoreError> {
    let key = services.keys.audit.clone();
    store::read(&services.db, move |tx| {
        async move { check(tx, &key, noted.as_ref()).await }.boxed()
    })
    .await
}

async fn check(
    db: &impl ConnectionTrait,
    key: &AuditKey,
    noted: Option<&Head>,
) -> Result<Checked, StoreError> {
    let mut walk = Walk::new(key, noted);
    let mut chunk = next_chunk(db, i64::MIN).await;
    loop {
        let events = match chunk {
            Ok(events) => events,
            Err(error) => return walk.unreadable(db, error).await,
        };
        let Some(last) = events.last().map(|event| event.link.seq) else {
            break;
        };
        // The hashes are made while the database finds the next events.
        let hashing = hashes(key, Arc::new(events));
        let (next, (events, fits)) = tokio::join!(next_chunk(db, last), hashing);
        if let Err(found) = walk.take(&events, &fits) {
            return walk.broken(db, found).await;
        }
        chunk = next;
    }
    let head = store::audit::head_if_there(db).await?;
    Ok(walk.end(head))
}

async fn next_chunk(db: &impl ConnectionTrait, after: i64) -> Result<Vec<Recorded>, StoreError> {
    store::audit::many_events_after(db, after, CHUNK).await
}

/// Whether each event has the hash that belongs to it.
async fn hashes(key: &AuditKey, events: Arc<Vec<Recorded>>) -> (Arc<Vec<Recorded>>, Vec<bool>) {
    let (key, worker) = (key.clone(), Arc::clone(&events));
    let hashing = tokio::task::spawn_blocking(move || {
        let fits = |event: &Recorded| key.hash(&event.link) == event.hash;
        worker.par_iter().map(fits).collect::<Vec<bool>>()
    });
    // A task that ended early has shown nothing to be right.
    let fits = hashing.await.unwrap_or_default();
    (events, fits)
}

/// How far the log has been found in order.
struct Walk<'a> {
    key: &'a AuditKey,
    noted: Option<&'a Head>,
    last: i64,
    hash: String,
    events: u64,
}

/// What stopped the walk.
enum Found {
    Broken(Break),
    /// An event whose hash does not fit its place: altered, or written as another one.
    DoesNotFit(Box<Recorded>),
}

impl<'a> Walk<'a> {
    fn new(key: &'a AuditKey, noted: Option<&'a Head>) -> Self {
        Self {
            key,
            noted,
            last: 0,
            hash: String::new(),
            events: 0,
        }
    }

    fn take(&mut self, events: &[Recorded], fits: &[bool]) -> Result<(), Found> {
        for (place, event) in events.iter().enumerate() {
            self.events += 1;
            let expected = self.last + 1;
            let fits = fits.get(place).copied().unwrap_or(false);
            if event.link.seq < expected {
                return Err(Found::DoesNotFit(Box::new(event.clone())));
            }
            if event.link.seq > expected {
                return Err(Found::Broken(Break::Missing { seq: expected }));
            }
            if !fits {
                return Err(Found::DoesNotFit(Box::new(event.clone())));
            }
            if event.link.previous != self.hash {
                return Err(Found::Broken(Break::Unconnected { seq: expected }));
            }
            if let Some(noted) = self.noted
                && noted.seq == expected
                && noted.hash != event.hash
            {
                return Err(Found::Broken(Break::Replaced { noted: expected }));
            }
            self.last = expected;
            self.hash.clone_from(&event.hash);
        }
        Ok(())
    }

    /// Names what the walk stopped at. An event that was written for another place is told from one
    /// that was altered by trying the places that there are.
    async fn broken(&self, db: &impl ConnectionTrait, found: Found) -> Result<Checked, StoreError> {
        let outcome = match found {
            Found::Broken(broken) => broken,
            Found::DoesNotFit(event) => {
                let head = store::audit::head_if_there(db).await?;
                let most = head.map_or(0, |head| head.seq).max(self.last + 1);
                self.place_of(*event, most).await
            }
        };
        Ok(self.checked(Err(outcome)))
    }

    async fn place_of(&self, event: Recorded, most: i64) -> Break {
        let (key, seq) = (self.key.clone(), event.link.seq);
        let written = tokio::task::spawn_blocking(move || {
            (1..=most).into_par_iter().find_any(|place| {
                let mut link = event.link.clone();
                link.seq = *place;
                key.hash(&link) == event.hash
            })
        });
        match written.await {
            Ok(Some(written)) => Break::OutOfOrder { seq, written },
            _ => Break::Altered { seq },
        }
    }

    /// Something stands in a row that cannot be read as an event: which row is it?
    async fn unreadable(
        mut self,
        db: &impl ConnectionTrait,
        error: StoreError,
    ) -> Result<Checked, StoreError> {
        let places = store::audit::places_after(db, self.last, CHUNK).await?;
        let mut after = self.last;
        for seq in places {
            match store::audit::events_after(db, after, 1).await {
                Ok(events) => {
                    let fits: Vec<bool> = events
                        .iter()
                        .map(|event| self.key.hash(&event.link) == event.hash)
                        .collect();
                    if let Err(found) = self.take(&events, &fits) {
                        return self.broken(db, found).await;
                    }
                }
                Err(_) => return Ok(self.checked(Err(Break::Unreadable { seq }))),
            }
            after = seq;
        }
        Err(error)
    }

    fn end(&self, head: Option<Head>) -> Checked {
        let last = self.last;
        let outcome = match head {
            None => Err(Break::NoHead),
            Some(head) if head.seq > last => Err(Break::CutOff {
                last,
                head: head.seq,
            }),
            Some(head) if head.seq < last => Err(Break::HeadBehind {
                last,
                head: head.seq,
            }),
            Some(head) if head.hash != self.hash => Err(Break::HeadAltered { seq: last }),
            Some(head) => match self.noted {
                Some(noted) if noted.seq > last => Err(Break::CutBeforeNoted {
                    last,
                    noted: noted.seq,
                }),
                _ => Ok(head),
            },
        };
        self.checked(outcome)
    }

    fn checked(&self, outcome: Result<Head, Break>) -> Checked {
        Checked {
            events: self.events,
            outcome,
        }
    }
}
