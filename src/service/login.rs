//! The first half of a login: the address and the password. Whatever is wrong with them, the answer,
//! the work and the record are the same.

use std::time::Duration;

use futures_util::FutureExt;

use super::{
    Services,
    audited::{self, Recorder},
    password::{self, HashError},
    session::{self, NewToken, Session},
    throttle::{Limit, NetworkKey, Stopped, Throttle},
};
use crate::{
    domain::audit::{Act, Actor},
    store::{self, StoreError, session::Stage, staff::Account},
};

pub const WINDOW: Duration = Duration::from_mins(5);
pub const PER_ACCOUNT: Limit = Limit {
    tries: 10,
    within: WINDOW,
};
/// More than an account has: an office shares an address, and people mistype. It ends the trying of
/// one password on many accounts.
pub const PER_NETWORK: Limit = Limit {
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

/// Longest e-mail address that there is.
const LONGEST_ADDRESS: usize = 254;

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

/// Somebody who says who they are.
pub struct LoginAttempt {
    pub email: String,
    pub password: String,
    /// None at the command line.
    pub network: Option<NetworkKey>,
    /// Where the browser is, for the record of acts.
    pub address: String,
}

/// A session that has begun.
pub struct LoggedIn {
    /// For the cookie.
    pub token: String,
    pub account: Account,
    pub stage: Stage,
}

pub async fn login(services: &Services, attempt: LoginAttempt) -> Result<LoggedIn, LoginError> {
    let address = attempt.address.clone();
    let account = check_password(services, &Actor::unknown(&address), attempt).await?;
    Ok(begin(services, account, &address).await?)
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
    let from_network = match &attempt.network {
        Some(network) => Some(services.logins.by_network.take(network, now).await?),
        None => None,
    };
    let at_account = services.logins.by_account.take(&email, now).await?;
    let account = store::staff::by_email(&services.db, &email).await?;
    let stored = account
        .as_ref()
        .and_then(|account| account.password_hash.clone());
    let fits = password::verify(attempt.password, stored).await?;
    let known = account.as_ref().map(|account| account.user.id);
    if let Some(account) = account.filter(|account| fits && !account.is_disabled) {
        // Both tries were right, and are given back as they go.
        return Ok(account);
    }
    if let Some(from_network) = from_network {
        from_network.was_wrong();
    }
    at_account.was_wrong();
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
    let attempt = LoginAttempt {
        email,
        password,
        network: None,
        address: String::new(),
    };
    check_password(services, &session.actor(), attempt).await
}

/// Begins the session of a person whose password was right: the whole of it where no second factor
/// is asked for, else one that opens nothing but the page that asks for it.
pub(super) async fn begin(
    services: &Services,
    account: Account,
    address: &str,
) -> Result<LoggedIn, StoreError> {
    let stage = first_stage(&account);
    let NewToken { token, hash } = NewToken::random(services);
    let user = &account.user;
    let (id, actor) = (
        user.id,
        Actor::staff(user.id, &user.email, user.role, address),
    );
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
