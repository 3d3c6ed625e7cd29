//! The roll of a wave for whoever looks after it: how many people it has, finding one, and taking one
//! off.

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    lookup::{self, LookupError},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        key::WaveKey,
        wave::Wave,
    },
    store::{
        self, StoreError,
        roll::{GroupCount, Listed},
    },
};

/// People on one page of a search.
pub const PAGE: usize = 50;

#[derive(Debug, thiserror::Error)]
pub enum RollError {
    #[error("nobody on this roll has the number {0}")]
    Nobody(i64),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub struct Overview {
    pub wave: Wave,
    pub groups: Vec<GroupCount>,
    /// People who were taken off after a code was made for them.
    pub removed: u64,
}

pub async fn overview(services: &Services, key: &WaveKey) -> Result<Overview, RollError> {
    let wave = lookup::find_now(services, key).await?.wave;
    let groups = store::roll::by_group(&services.db, wave.id).await?;
    let removed = store::roll::taken_off(&services.db, wave.id).await?;
    Ok(Overview {
        wave,
        groups,
        removed,
    })
}

/// One page of the people whose name has `part` in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    pub all: usize,
    pub people: Vec<Listed>,
}

pub async fn search(
    services: &Services,
    key: &WaveKey,
    part: &str,
    page: usize,
) -> Result<Matches, RollError> {
    let wave = lookup::find_now(services, key).await?.wave;
    let part = part.trim().to_lowercase();
    // Here and not in the database: SQLite knows the capitals of English only.
    let mut found = store::roll::names(&services.db, wave.id).await?;
    found.retain(|person| person.name.to_lowercase().contains(&part));
    let all = found.len();
    let people = found
        .into_iter()
        .skip(page.saturating_mul(PAGE))
        .take(PAGE)
        .collect();
    Ok(Matches { all, people })
}

pub async fn find(services: &Services, key: &WaveKey, serial: i64) -> Result<Listed, RollError> {
    let wave = lookup::find_now(services, key).await?.wave;
    store::roll::find(&services.db, wave.id, serial)
        .await?
        .ok_or(RollError::Nobody(serial))
}

/// For somebody who has moved away, or asked for it. A code that was sent stays good: which one it
/// was, nobody can tell. For the same reason an empty row keeps a second one from being made.
pub async fn remove(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    serial: i64,
) -> Result<(), RollError> {
    let wave = lookup::find_now(services, key).await?.wave;
    let recorder = Recorder::new(services, actor);
    let roll_key = services.keys.roll.clone();
    let act = Act::RollPersonRemoved {
        wave: key.clone(),
        serial,
    };
    store::write(&services.db, move |tx| {
        async move {
            store::wave::lock(tx, wave.id).await?;
            if !store::roll::remove(tx, wave.id, serial, &roll_key).await? {
                return Err(RollError::Nobody(serial));
            }
            recorder.note(tx, act).await?;
            Ok(())
        }
        .boxed()
    })
    .await?;
    super::retention::write_through(services).await;
    Ok(())
}
