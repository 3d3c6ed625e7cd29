//! Opening a wave: from now on its wording is fixed, and answers count from its opening time.

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
        wave::{TransitionError, WaveState},
    },
    store::{self, StoreError},
};

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn open(services: &Services, actor: &Actor, key: &WaveKey) -> Result<(), OpenError> {
    let id = lookup::find_now(services, key).await?.wave.id;
    let recorder = Recorder::new(services, actor);
    let act = Act::WaveOpened { wave: key.clone() };
    store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, id).await?;
            let open = wave.state.open(recorder.now())?;
            store::wave::set_state(tx, id, WaveState::Open(open)).await?;
            recorder.note(tx, act).await?;
            Ok::<_, OpenError>(())
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    tracing::info!(wave = %key, "wave opened");
    Ok(())
}
