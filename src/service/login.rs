//! Staff log in, are recognised, and log out. The database holds a hash of each session's token.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::FutureExt;
use sha2::{Digest, Sha256};

use super::{
    Services,
    password::{self, HashError},
};
use crate::{
    domain::{
        hex::{hex, random_token},
        moment::Moment,
    },
    store::{self, StoreError, staff::User},
};

/// A session ends after this long without a request …
pub const IDLE: Duration = Duration::from_mins(30);
/// … and after this long in any case.
pub const ABSOLUTE: Duration = Duration::from_hours(12);

#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error("the e-mail address or the password is not right")]
    Refused,
    #[error("too many wrong passwords for this address: wait {} minutes", WINDOW.as_secs() / 60)]
    TooMany,
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

const WINDOW: Duration = Duration::from_mins(5);
const GUESSES: usize = 10;
const ADDRESSES_REMEMBERED: usize = 10_000;

/// Wrong passwords by address, within the last five minutes.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, Vec<Moment>>>);

impl Throttle {
    /// Takes one of the guesses of this address; false when there is none left. It is taken before
    /// the password is looked at, so that guesses sent at the same moment are counted as well.
    fn take_guess(&self, email: &str, now: Moment) -> bool {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Moment| now.saturating_since(*at) < WINDOW;
        if guesses.len() > ADDRESSES_REMEMBERED {
            guesses.retain(|_, times| times.iter().any(recent));
        }
        let times = guesses.entry(email.to_owned()).or_default();
        times.retain(recent);
        if times.len() >= GUESSES {
            return false;
        }
        times.push(now);
        true
    }

    /// The guess was right: it was none.
    fn give_back(&self, email: &str, taken: Moment) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = guesses.get_mut(email)
            && let Some(place) = times.iter().position(|at| *at == taken)
        {
            times.swap_remove(place);
        }
    }
}

/// The token of a new session, for the cookie.
pub async fn login(
    services: &Services,
    email: &str,
    typed_password: String,
) -> Result<String, LoginError> {
    let email: String = email.trim().to_lowercase().chars().take(254).collect();
    let now = services.now();
    if !services.logins.take_guess(&email, now) {
        return Err(LoginError::TooMany);
    }
    let known = store::staff::by_email(&services.db, &email).await?;
    let (user, stored) = known.map_or((None, None), |(user, hash)| (Some(user), Some(hash)));
    let fits = password::verify(typed_password, stored).await?;
    let Some(user) = user.filter(|_| fits) else {
        tracing::warn!("a login was refused");
        return Err(LoginError::Refused);
    };
    services.logins.give_back(&email, now);
    let mut rng = services.randomness.generator();
    let token = format!("{}{}", random_token(&mut rng), random_token(&mut rng));
    let hash = hash_of(&token);
    let (created_before, seen_before) = limits(now);
    store::write(&services.db, move |tx| {
        async move {
            store::staff::end_stale_sessions(tx, created_before, seen_before).await?;
            store::staff::start_session(tx, &hash, user.id, now).await
        }
        .boxed()
    })
    .await?;
    Ok(token)
}

/// Whose session this is, if it still runs.
pub async fn recognise(services: &Services, token: &str) -> Result<Option<User>, StoreError> {
    let now = services.now();
    let hash = hash_of(token);
    let (created_after, seen_after) = limits(now);
    let session =
        store::staff::session_user(&services.db, &hash, created_after, seen_after).await?;
    let Some((user, seen)) = session else {
        return Ok(None);
    };
    // Not at every request: a page with its assets would write many times over.
    if now.saturating_since(seen) > Duration::from_mins(1) {
        store::write(&services.db, move |tx| {
            async move { store::staff::touch_session(tx, &hash, now).await }.boxed()
        })
        .await?;
    }
    Ok(Some(user))
}

/// Removes the sessions that have run out.
pub async fn end_stale(services: &Services) -> Result<(), StoreError> {
    let (created_before, seen_before) = limits(services.now());
    store::write(&services.db, move |tx| {
        async move { store::staff::end_stale_sessions(tx, created_before, seen_before).await }
            .boxed()
    })
    .await
}

pub async fn logout(services: &Services, token: &str) -> Result<(), StoreError> {
    let hash = hash_of(token);
    store::write(&services.db, move |tx| {
        async move { store::staff::end_session(tx, &hash).await }.boxed()
    })
    .await
}

fn limits(now: Moment) -> (Moment, Moment) {
    let before = |duration: Duration| {
        Moment::from_millis(now.millis() - i64::try_from(duration.as_millis()).unwrap_or(0))
    };
    (before(ABSOLUTE), before(IDLE))
}

fn hash_of(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
