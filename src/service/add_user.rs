//! Adding a member of staff.

use futures_util::FutureExt;

use super::{
    Services,
    password::{self, HashError, NewPassword, PasswordError},
    subscribe::clean_address,
};
use crate::{
    domain::{id::UserId, role::Role},
    store::{self, StoreError, staff::Added},
};

#[derive(Debug, thiserror::Error)]
pub enum AddUserError {
    #[error("this is not an e-mail address: write one such as name@example.org")]
    NotAnAddress,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("there is a user with this e-mail address already")]
    EmailTaken,
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn add_user(
    services: &Services,
    email: &str,
    typed_password: String,
    role: Role,
) -> Result<UserId, AddUserError> {
    let email = clean_address(email).ok_or(AddUserError::NotAnAddress)?;
    let hash = password::hash(NewPassword::new(typed_password)?).await?;
    let now = services.now();
    let added = store::write(&services.db, move |tx| {
        async move { store::staff::add(tx, &email, &hash, role, now).await }.boxed()
    })
    .await?;
    match added {
        Added::Added(id) => Ok(id),
        Added::EmailTaken => Err(AddUserError::EmailTaken),
    }
}
