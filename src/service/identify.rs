//! A member of staff shows who they are at the command line: for acts that are theirs, and not those
//! of whoever sits at the machine.

use super::{
    Services,
    login::{self, LoginAttempt, LoginError},
    second_factor::{self, SecondFactorError},
};
use crate::{
    domain::audit::Actor,
    store::staff::{Account, User},
};

#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    #[error(transparent)]
    Password(#[from] LoginError),
    #[error(transparent)]
    SecondFactor(#[from] SecondFactorError),
    #[error("this account has no second factor yet: log in at /staff/login once to set it up")]
    NoSecondFactor,
}

/// A person whose password was right.
pub struct HalfKnown {
    account: Account,
    asking: Actor,
}

impl HalfKnown {
    /// Whether a code is asked for as well.
    pub fn needs_code(&self) -> bool {
        self.account.sealed_secret.is_some()
    }
}

/// `asking` is whoever sits at the machine.
pub async fn password(
    services: &Services,
    asking: &Actor,
    email: &str,
    password: String,
) -> Result<HalfKnown, IdentifyError> {
    let attempt = LoginAttempt {
        email: email.to_owned(),
        password,
        network: None,
        address: String::new(),
    };
    let account = login::check_password(services, asking, attempt).await?;
    if account.sealed_secret.is_none() && account.user.role.needs_second_factor() {
        return Err(IdentifyError::NoSecondFactor);
    }
    Ok(HalfKnown {
        account,
        asking: asking.clone(),
    })
}

/// The code of their app or a recovery code; it is not looked at where none is needed.
pub async fn code(
    services: &Services,
    person: HalfKnown,
    typed: &str,
) -> Result<User, IdentifyError> {
    if person.needs_code() {
        second_factor::prove(services, &person.asking, &person.account, typed).await?;
    }
    Ok(person.account.user)
}
