//! Staff log in, are recognised, and log out. The database holds a hash of each session's token.

use std::time::Duration;

use futures_util::FutureExt;
use sha2::{Digest, Sha256};

use super::{
    Services,
    password::{self, HashError},
    throttle::{Limit, NetworkKey, Stopped, Throttle},
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
    #[error("too many wrong passwords: wait {} minutes", WINDOW.as_secs() / 60)]
    TooMany(Stopped),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Stopped> for LoginError {
    fn from(stopped: Stopped) -> Self {
        Self::TooMany(stopped)
    }
}

const WINDOW: Duration = Duration::from_mins(5);
const PER_ACCOUNT: Limit = Limit {
    tries: 10,
    within: WINDOW,
};
/// More than an account has: an office shares an address, and people mistype. It ends the trying of
/// one password on many accounts.
const PER_NETWORK: Limit = Limit {
    tries: 40,
    within: WINDOW,
};
const REMEMBERED: usize = 10_000;

/// Wrong passwords of the last five minutes, by account and by network.
#[derive(Debug)]
pub struct WrongLogins {
    by_account: Throttle<String>,
    by_network: Throttle<NetworkKey>,
}

impl Default for WrongLogins {
    fn default() -> Self {
        Self {
            by_account: Throttle::new(PER_ACCOUNT, REMEMBERED),
            by_network: Throttle::new(PER_NETWORK, REMEMBERED),
        }
    }
}

/// The token of a new session, for the cookie.
pub async fn login(
    services: &Services,
    network: &NetworkKey,
    email: &str,
    typed_password: String,
) -> Result<String, LoginError> {
    let email: String = email.trim().to_lowercase().chars().take(254).collect();
    let now = services.now();
    let from_network = services.logins.by_network.take(network, now).await?;
    let at_account = services.logins.by_account.take(&email, now).await?;
    let known = store::staff::by_email(&services.db, &email).await?;
    let (user, stored) = known.map_or((None, None), |(user, hash)| (Some(user), Some(hash)));
    let fits = password::verify(typed_password, stored).await?;
    let Some(user) = user.filter(|_| fits) else {
        from_network.was_wrong();
        at_account.was_wrong();
        tracing::warn!("a login was refused");
        return Err(LoginError::Refused);
    };
    // Both tries were right, and are given back.
    drop((from_network, at_account));
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
