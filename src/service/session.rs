//! Sessions of staff: how they begin, are recognised, and end. The database holds a hash of each
//! session's token.

use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};

use super::{Services, audited::Recorder};
use crate::{
    domain::{
        audit::{Act, Actor},
        hex::{hex, random_token},
        id::UserId,
        moment::Moment,
    },
    store::{
        self, StoreError,
        session::{Limits, Stage},
        staff::{Account, User},
    },
};

/// A session ends after this long without a request …
pub const IDLE: Duration = Duration::from_mins(30);
/// … and after this long in any case.
pub const ABSOLUTE: Duration = Duration::from_hours(12);
/// This long a person has for the second factor once the password was right.
pub const HALF: Duration = Duration::from_mins(10);

/// A session that runs, and whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    pub account: Account,
    pub stage: Stage,
    pub token_hash: String,
    /// Where the browser is, for the record of acts.
    pub address: String,
}

impl Session {
    /// The member of staff, once everything that a login takes was right.
    pub fn full_user(&self) -> Option<&User> {
        (self.stage == Stage::Full).then_some(&self.account.user)
    }

    pub fn actor(&self) -> Actor {
        let user = &self.account.user;
        Actor::staff(user.id, &user.email, user.role, &self.address)
    }
}

/// A token for the cookie, and what the database gets to know of it.
pub struct NewToken {
    pub token: String,
    pub hash: String,
}

impl NewToken {
    pub fn random(services: &Services) -> Self {
        let mut rng = services.randomness.generator();
        let token = format!("{}{}", random_token(&mut rng), random_token(&mut rng));
        let hash = hash_of(&token);
        Self { token, hash }
    }
}

/// Begins a session, and clears away those that have run out.
pub async fn start(
    tx: &DatabaseTransaction,
    hash: &str,
    user: UserId,
    stage: Stage,
    now: Moment,
) -> Result<(), StoreError> {
    clear_away(tx, now).await?;
    store::session::start(tx, hash, user, stage, now).await
}

/// Removes the sessions and the links that have run out.
pub async fn end_stale(services: &Services) -> Result<(), StoreError> {
    let now = services.now();
    store::write(&services.db, move |tx| {
        async move { clear_away(tx, now).await }.boxed()
    })
    .await
}

async fn clear_away(tx: &DatabaseTransaction, now: Moment) -> Result<(), StoreError> {
    let limits = Limits {
        half: HALF,
        idle: IDLE,
        absolute: ABSOLUTE,
    };
    store::session::end_stale(tx, limits, now).await?;
    store::staff_link::clear_stale(tx, now).await
}

/// The session with this token, if it still runs and its user may still log in.
pub async fn recognise(
    services: &Services,
    token: &str,
    address: &str,
) -> Result<Option<Session>, StoreError> {
    let now = services.now();
    let hash = hash_of(token);
    let Some((session, account)) = store::session::find(&services.db, &hash).await? else {
        return Ok(None);
    };
    if is_barred(&account, session.stage) || has_run_out(&session, &account, now) {
        return Ok(None);
    }
    // Not at every request: a page with its assets would write many times over.
    if now.saturating_since(session.seen) > Duration::from_mins(1) {
        let hash = hash.clone();
        store::write(&services.db, move |tx| {
            async move { store::session::touch(tx, &hash, now).await }.boxed()
        })
        .await?;
    }
    Ok(Some(Session {
        account,
        stage: session.stage,
        token_hash: hash,
        address: address.to_owned(),
    }))
}

/// Sessions end when an account changes. What holds of every request does not rest on that alone.
fn is_barred(account: &Account, stage: Stage) -> bool {
    let lacks_factor = account.user.role.needs_second_factor() && account.sealed_secret.is_none();
    account.is_disabled || (stage == Stage::Full && lacks_factor)
}

fn has_run_out(session: &store::session::Session, account: &Account, now: Moment) -> bool {
    let age = now.saturating_since(session.created);
    match session.stage {
        Stage::Password => age >= HALF,
        Stage::Full if account.user.role.stays_logged_in() => false,
        Stage::Full => age >= ABSOLUTE || now.saturating_since(session.seen) >= IDLE,
    }
}

/// Ends the session itself.
pub async fn log_out(services: &Services, session: &Session) -> Result<(), StoreError> {
    let act = session.full_user().map(|_| Act::LoggedOut);
    end(services, session, session.token_hash.clone(), act).await
}

/// Ends another session of the same person.
pub async fn end_other(
    services: &Services,
    session: &Session,
    token_hash: String,
) -> Result<(), StoreError> {
    end(services, session, token_hash, Some(Act::SessionEnded)).await
}

/// A second press of the button ends nothing, and there is nothing to record; nor is there of a login
/// that never came all the way.
async fn end(
    services: &Services,
    session: &Session,
    token_hash: String,
    act: Option<Act>,
) -> Result<(), StoreError> {
    let recorder = Recorder::new(services, &session.actor());
    let user = session.account.user.id;
    store::write(&services.db, move |tx| {
        async move {
            if store::session::end(tx, user, &token_hash).await?
                && let Some(act) = act
            {
                recorder.note(tx, act).await?;
            }
            Ok(())
        }
        .boxed()
    })
    .await
}

pub(super) fn hash_of(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
