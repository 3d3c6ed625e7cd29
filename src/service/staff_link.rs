//! E-mailed links that work once: by one a person chooses a password and begins to log in.

use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;

use super::{
    Services,
    audited::Recorder,
    login::{self, LoggedIn},
    notify,
    password::{self, HashError, NewPassword, PasswordError},
    second_factor::account_changed,
    session::hash_of,
};
use crate::{
    domain::{
        audit::{Act, Actor},
        hex::{TOKEN_BYTES, random_token, unhex},
        moment::Moment,
        notice::{AccountChange, LinkPurpose, Notice},
        role::Role,
    },
    store::{
        self, StoreError,
        outbox::NewNotice,
        staff::{Account, User},
    },
};

/// How long a link works.
pub const LIFE: Duration = Duration::from_hours(7 * 24);

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Used, run out, or never there: the same to whoever asks.
    #[error("this link does not work any more: ask an administrator for a new one")]
    Gone,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A link that is ready to be sent: made before the transaction that decides on it.
pub(super) struct NewLink {
    hash: String,
    expires: Moment,
    notice: NewNotice,
}

impl NewLink {
    pub fn new(
        services: &Services,
        email: &str,
        role: Role,
        purpose: LinkPurpose,
    ) -> Result<Self, StoreError> {
        let token = random_token(&mut services.randomness.generator());
        let (hash, expires) = (hash_of(&token), services.now() + LIFE);
        let notice = Notice::StaffLink {
            token,
            role,
            purpose,
            expires,
        };
        let notice = notify::seal(services, email, &notice, None)?;
        Ok(Self {
            hash,
            expires,
            notice,
        })
    }

    /// Keeps the link and its mail.
    pub async fn send(
        self,
        tx: &DatabaseTransaction,
        recorder: &Recorder,
        user: crate::domain::id::UserId,
    ) -> Result<(), StoreError> {
        store::staff_link::put(tx, user, &self.hash, self.expires).await?;
        notify::enqueue(tx, recorder, self.notice).await
    }
}

/// Whose link this is. Looking changes nothing: mail programs open links by themselves.
pub async fn owner(services: &Services, token: &str) -> Result<Account, LinkError> {
    // Anything may stand in an address; PostgreSQL takes no NUL in a text.
    if unhex::<TOKEN_BYTES>(token).is_none() {
        return Err(LinkError::Gone);
    }
    store::staff_link::owner(&services.db, &hash_of(token), services.now())
        .await?
        .ok_or(LinkError::Gone)
}

/// Sets the password, uses up the link, and begins a session. A second factor that the person has is
/// asked for as in any login: the mail alone opens nothing.
pub async fn choose_password(
    services: &Services,
    token: &str,
    typed: String,
    address: &str,
) -> Result<LoggedIn, LinkError> {
    let account = owner(services, token).await?;
    let user = account.user.clone();
    let hash = password::hash(NewPassword::new(typed, &user.email)?).await?;
    let notice = replaced(services, &account)?;
    let actor = Actor::staff(user.id, &user.email, user.role, address);
    let recorder = Recorder::new(services, &actor);
    let link = hash_of(token);
    store::write(&services.db, move |tx| {
        async move {
            let now = recorder.now();
            // Once more: the other of two browsers, or an administrator, may have been quicker.
            let still = store::staff_link::owner(tx, &link, now).await?;
            if still.is_none() || !store::staff_link::take(tx, &link).await? {
                return Err(LinkError::Gone);
            }
            store::staff::set_password(tx, user.id, &hash, now).await?;
            store::session::end_all(tx, user.id, None).await?;
            if let Some(notice) = notice {
                notify::enqueue(tx, &recorder, notice).await?;
            }
            let user = user.id;
            recorder.note(tx, Act::StaffLinkUsed { user }).await?;
            Ok(())
        }
        .boxed()
    })
    .await?;
    Ok(login::begin(services, account, address).await?)
}

/// Somebody who had a password before gets to know that it is another one now.
fn replaced(services: &Services, account: &Account) -> Result<Option<NewNotice>, StoreError> {
    let user: &User = &account.user;
    let had_one = account.password_hash.is_some();
    had_one
        .then(|| account_changed(services, user, AccountChange::Password))
        .transpose()
}
