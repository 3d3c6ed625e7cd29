//! Passwords of staff: what is accepted, and Argon2id off the async threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::domain::common_password;

pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 128;

/// Long enough, and not among the first that anyone would try. There are no rules about kinds of
/// characters, and none has to be changed after some time: both make passwords worse.
#[derive(Clone)]
pub struct NewPassword(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error(
        "the password is too short: use {SHORTEST} characters or more; a few words make a good one"
    )]
    TooShort,
    #[error("the password is too long: use at most {LONGEST} characters")]
    TooLong,
    #[error("this password is among the first that anyone would try: choose another")]
    TooCommon,
}

#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

impl NewPassword {
    /// `email` is the address of the person who chooses it.
    pub fn new(typed: String, email: &str) -> Result<Self, PasswordError> {
        let length = typed.chars().count();
        if length < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if length > LONGEST {
            return Err(PasswordError::TooLong);
        }
        if common_password::is_common(&typed, email) {
            return Err(PasswordError::TooCommon);
        }
        Ok(Self(typed))
    }
}

pub async fn hash(password: NewPassword) -> Result<String, HashError> {
    run(move || {
        let hashed = Argon2::default().hash_password(password.0.as_bytes());
        hashed
            .map(|hash| hash.to_string())
            .map_err(|error| HashError(error.to_string()))
    })
    .await?
}

/// Verifies a password, in the same time when there is no user to verify it for.
pub async fn verify(typed: String, stored: Option<String>) -> Result<bool, HashError> {
    run(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODYS_HASH.to_owned());
        let parsed = PasswordHash::new(&stored).map_err(|error| HashError(error.to_string()))?;
        // Cut off for the work alone: one that is longer fits nothing.
        let taken: String = typed.chars().take(LONGEST).collect();
        let fits = Argon2::default()
            .verify_password(taken.as_bytes(), &parsed)
            .is_ok();
        Ok(fits && known && taken == typed)
    })
    .await?
}

/// Each takes 19 MiB and a core: more at once would only make a flood of logins a flood of memory.
static TURNS: Semaphore = Semaphore::const_new(4);

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
    let broken = |error: &dyn std::fmt::Display| HashError(error.to_string());
    let turn = TURNS.acquire().await.map_err(|error| broken(&error))?;
    tokio::task::spawn_blocking(move || {
        // Kept until the work is done, also when the browser has long gone.
        let _turn = turn;
        work()
    })
    .await
    .map_err(|error| broken(&error))
}

/// Costs as much to verify against as a real one. Nobody knows a password for it.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$Y291bnQtbWUtaW4tbm9ib2R5$\
MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA";
