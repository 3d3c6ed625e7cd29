//! Changing the settings of a wave that is still a draft. Its wording and its title stay those of the
//! survey file, and loading the file again puts the file's settings back.

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
        wave::{AccessRule, WaveState},
        wave_settings::WaveSettings,
    },
    store::{self, StoreError},
};

#[derive(Debug, thiserror::Error)]
pub enum ChangeDraftError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("the wave is {0}, and its settings are fixed once it has opened")]
    NotADraft(&'static str),
    #[error("access codes have been made for this wave, so it has to be answered with them")]
    HasCodes,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn change(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    settings: WaveSettings,
) -> Result<(), ChangeDraftError> {
    let id = lookup::find_now(services, key).await?.wave.id;
    let recorder = Recorder::new(services, actor);
    let act = Act::DraftChanged { wave: key.clone() };
    store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, id).await?;
            if !matches!(wave.state, WaveState::Draft(_)) {
                return Err(ChangeDraftError::NotADraft(wave.state.name()));
            }
            let codes = store::entitlement::row_counts(tx, id).await?.issued;
            if settings.access == AccessRule::Open && codes > 0 {
                return Err(ChangeDraftError::HasCodes);
            }
            let spec = settings.applied_to(&wave.spec);
            store::wave::replace_draft(tx, id, wave.version, &spec).await?;
            recorder.note(tx, act).await?;
            Ok(())
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    Ok(())
}
