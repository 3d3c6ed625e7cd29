//! Making access codes for a wave: shown once to whoever prints the letters, kept only as hashes.

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    lookup::{self, LookupError},
};
use crate::{
    domain::{
        access_code::AccessCode,
        audit::{Act, Actor},
        key::WaveKey,
        wave::{AccessRule, WaveState},
    },
    store::{self, StoreError},
};

pub const MOST_AT_ONCE: usize = 100_000;

#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error("ask for 1 to {MOST_AT_ONCE} codes at a time")]
    Count,
    #[error(
        "wave “{0}” is open to everyone and needs no codes: its survey file says access = \"open\""
    )]
    NotByCode(WaveKey),
    #[error("wave “{0}” is closed: codes made now could not be used")]
    Over(WaveKey),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn issue(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    count: usize,
) -> Result<Vec<AccessCode>, IssueError> {
    if !(1..=MOST_AT_ONCE).contains(&count) {
        return Err(IssueError::Count);
    }
    let wave = lookup::find_now(services, key).await?.wave;
    if wave.spec.access != AccessRule::Code {
        return Err(IssueError::NotByCode(key.clone()));
    }
    if matches!(wave.state, WaveState::Closed(_) | WaveState::Published(_)) {
        return Err(IssueError::Over(key.clone()));
    }
    let mut rng = services.randomness.generator();
    let codes: Vec<AccessCode> = (0..count).map(|_| AccessCode::random(&mut rng)).collect();
    let hashes: Vec<_> = codes
        .iter()
        .map(|code| code.hash(&services.keys.code))
        .collect();
    let id = wave.id;
    let recorder = Recorder::new(services, actor);
    let act = Act::CodesMade {
        wave: key.clone(),
        codes: u64::try_from(count).unwrap_or(u64::MAX),
    };
    store::write(&services.db, move |tx| {
        async move {
            store::entitlement::issue(tx, id, &hashes).await?;
            recorder.note(tx, act).await
        }
        .boxed()
    })
    .await?;
    Ok(codes)
}
