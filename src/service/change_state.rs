//! One step of a wave's life, under its lock: what opening and publishing share.

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
        moment::Moment,
        wave::{TransitionError, WaveState},
    },
    store::{self, StoreError},
};

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn change_state(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    act: Act,
    step: fn(WaveState, Moment) -> Result<WaveState, TransitionError>,
) -> Result<(), ChangeError> {
    let id = lookup::find_now(services, key).await?.wave.id;
    let recorder = Recorder::new(services, actor);
    let state = store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, id).await?;
            let next = step(wave.state, recorder.now())?;
            store::wave::set_state(tx, id, next).await?;
            recorder.note(tx, act).await?;
            Ok::<_, ChangeError>(next)
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    tracing::info!(wave = %key, state = state.name(), "wave changed");
    Ok(())
}
