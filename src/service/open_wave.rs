//! Opening a wave: from now on its wording is fixed, and answers count from its opening time.

use futures_util::FutureExt;

use super::{
    Services,
    lookup::{self, LookupError},
};
use crate::{
    domain::{
        key::WaveKey,
        wave::{Open, TransitionError, WaveState},
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

pub async fn open(services: &Services, key: &WaveKey) -> Result<Open, OpenError> {
    let wave = lookup::find_now(services, key).await?.wave;
    let now = services.now();
    let opened = store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, wave.id).await?;
            let open = wave.state.open(now)?;
            store::wave::set_state(tx, wave.id, WaveState::Open(open)).await?;
            Ok::<_, OpenError>(open)
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    tracing::info!(wave = %key, "wave opened");
    Ok(opened)
}
