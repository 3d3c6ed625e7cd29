//! Who gets the summary of a wave by e-mail, and how they stop it.

use futures_util::FutureExt;
use validator::ValidateEmail;

use super::{
    Services,
    audited::Recorder,
    lookup::{self, LookupError},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        hex::{TOKEN_BYTES, random_token, unhex},
        key::WaveKey,
        wave::WaveState,
    },
    store::{self, StoreError, mail::Subscriber},
};

#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    #[error("this is not an e-mail address: write one such as name@example.org")]
    NotAnAddress,
    #[error("the wave is {0}, and its summary has gone out: nothing more would be sent")]
    TooLate(&'static str),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An address as we keep it, or nothing when it cannot be one: for a browser, or for the mail server.
pub fn clean_address(typed: &str) -> Option<String> {
    let address = typed.trim().to_lowercase();
    let can_be_sent_to = || address.parse::<lettre::Address>().is_ok();
    (address.len() <= 254 && address.validate_email() && can_be_sent_to()).then_some(address)
}

pub async fn subscribe(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    typed: &str,
) -> Result<(), SubscribeError> {
    let email = clean_address(typed).ok_or(SubscribeError::NotAnAddress)?;
    let wave = lookup::find_now(services, key).await?.wave;
    if matches!(wave.state, WaveState::Closed(_) | WaveState::Published(_)) {
        return Err(SubscribeError::TooLate(wave.state.name()));
    }
    let wave = wave.id;
    let recorder = Recorder::new(services, actor);
    let act = Act::SubscriberAdded { wave: key.clone() };
    let token = random_token(&mut services.randomness.generator());
    store::write(&services.db, move |tx| {
        async move {
            store::mail::subscribe(tx, wave, &email, &token).await?;
            recorder.note(tx, act).await
        }
        .boxed()
    })
    .await?;
    Ok(())
}

/// Takes an address off the list. One that has had a mail of this wave is kept as stopped, because
/// the mail names it.
pub async fn remove(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    subscriber: i64,
) -> Result<(), SubscribeError> {
    let wave = lookup::find_now(services, key).await?.wave;
    if matches!(wave.state, WaveState::Closed(_) | WaveState::Published(_)) {
        return Err(SubscribeError::TooLate(wave.state.name()));
    }
    let recorder = Recorder::new(services, actor);
    let act = Act::SubscriberRemoved { wave: key.clone() };
    store::write(&services.db, move |tx| {
        async move {
            if store::mail::remove(tx, wave.id, subscriber, recorder.now()).await? {
                recorder.note(tx, act).await?;
            }
            Ok::<_, StoreError>(())
        }
        .boxed()
    })
    .await?;
    Ok(())
}

pub async fn by_stop_token(
    services: &Services,
    token: &str,
) -> Result<Option<Subscriber>, StoreError> {
    // Anything may stand in an address; PostgreSQL takes no NUL in a text.
    if unhex::<TOKEN_BYTES>(token).is_none() {
        return Ok(None);
    }
    store::mail::by_stop_token(&services.db, token).await
}

/// Stops the mails of one subscription. Doing it twice is no error.
pub async fn stop(services: &Services, subscriber: &Subscriber) -> Result<(), StoreError> {
    let (id, now) = (subscriber.id, services.now());
    store::write(&services.db, move |tx| {
        async move { store::mail::stop(tx, id, now).await }.boxed()
    })
    .await
}
