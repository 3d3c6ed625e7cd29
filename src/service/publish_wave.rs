//! Publishing a wave: anyone may see its results.

use futures_util::FutureExt;

use super::{
    Services,
    lookup::{self, LookupError},
};
use crate::{
    domain::{
        key::WaveKey,
        wave::{Published, TransitionError, WaveState},
    },
    store::{self, StoreError},
};

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn publish(services: &Services, key: &WaveKey) -> Result<Published, PublishError> {
    let wave = lookup::find_now(services, key).await?.wave;
    let now = services.now();
    let published = store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, wave.id).await?;
            let published = wave.state.publish(now)?;
            store::wave::set_state(tx, wave.id, WaveState::Published(published)).await?;
            Ok::<_, PublishError>(published)
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    tracing::info!(wave = %key, "wave published");
    Ok(published)
}
