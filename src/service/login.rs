//! The first half of a login: the address and the password. Whatever is wrong with them, the answer,
//! the work and the record are the same.

use futures_util::FutureExt;

use super::{
    Services,
    audited::{self, Recorder},
    password::{self, HashError},
    session::{self, NewToken, Session},
    throttle::WINDOW,
};
use crate::{
    domain::audit::{Act, Actor},
    store::{self, StoreError, session::Stage, staff::Account},
};

/// Wrong passwords for one address, within five minutes.
pub const GUESSES: usize = 10;

/// Longest e-mail address that there is.
const LONGEST_ADDRESS: usize = 254;

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

/// Somebody who says who they are.
pub struct LoginAttempt {
    pub email: String,
    pub password: String,
}

/// A session that has begun.
pub struct LoggedIn {
    /// For the cookie.
    pub token: String,
    pub account: Account,
    pub stage: Stage,
}

pub async fn login(services: &Services, attempt: LoginAttempt) -> Result<LoggedIn, LoginError> {
    let account = check_password(services, &Actor::unknown(""), attempt).await?;
    Ok(begin(services, account).await?)
}

/// The account with this address, when the password is right and its owner may log in.
pub(super) async fn check_password(
    services: &Services,
    asking: &Actor,
    attempt: LoginAttempt,
) -> Result<Account, LoginError> {
    let typed = attempt.email.trim().to_lowercase();
    let email: String = typed.chars().take(LONGEST_ADDRESS).collect();
    let now = services.now();
    if !services.logins.take(&email, now) {
        return Err(LoginError::TooMany);
    }
    let account = store::staff::by_email(&services.db, &email).await?;
    let stored = account
        .as_ref()
        .and_then(|account| account.password_hash.clone());
    let fits = password::verify(attempt.password, stored).await?;
    let known = account.as_ref().map(|account| account.user.id);
    if let Some(account) = account.filter(|account| fits && !account.is_disabled) {
        services.logins.give_back(&email, now);
        return Ok(account);
    }
    tracing::warn!("a login was refused");
    audited::note_refused(services, asking, Act::LoginRefused { user: known }).await?;
    Err(LoginError::Refused)
}

/// Shows again, with the password, that the person at a session is the one who logged in.
pub(super) async fn confirm(
    services: &Services,
    session: &Session,
    password: String,
) -> Result<Account, LoginError> {
    let email = session.account.user.email.clone();
    let attempt = LoginAttempt { email, password };
    check_password(services, &session.actor(), attempt).await
}

/// Begins the session of a person whose password was right: the whole of it where no second factor
/// is asked for, else one that opens nothing but the page that asks for it.
pub(super) async fn begin(services: &Services, account: Account) -> Result<LoggedIn, StoreError> {
    let stage = first_stage(&account);
    let NewToken { token, hash } = NewToken::random(services);
    let user = &account.user;
    let (id, actor) = (user.id, Actor::staff(user.id, &user.email, user.role, ""));
    let recorder = Recorder::new(services, &actor);
    store::write(&services.db, move |tx| {
        async move {
            session::start(tx, &hash, id, stage, recorder.now()).await?;
            if stage == Stage::Full {
                recorder.note(tx, Act::LoggedIn).await?;
            }
            Ok::<_, StoreError>(())
        }
        .boxed()
    })
    .await?;
    Ok(LoggedIn {
        token,
        account,
        stage,
    })
}

/// How far a password alone leads.
pub(super) fn first_stage(account: &Account) -> Stage {
    if account.sealed_secret.is_some() || account.user.role.needs_second_factor() {
        Stage::Password
    } else {
        Stage::Full
    }
}
