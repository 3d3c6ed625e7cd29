//! Adding a member of staff.

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    password::{self, HashError, NewPassword, PasswordError},
    subscribe::clean_address,
};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::UserId,
        role::Role,
    },
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
    actor: &Actor,
    email: &str,
    typed_password: String,
    role: Role,
) -> Result<UserId, AddUserError> {
    let email = clean_address(email).ok_or(AddUserError::NotAnAddress)?;
    let hash = password::hash(NewPassword::new(typed_password, &email)?).await?;
    let recorder = Recorder::new(services, actor);
    let added = store::write(&services.db, move |tx| {
        async move {
            let added = store::staff::add(tx, &email, Some(&hash), role, recorder.now()).await?;
            if let Added::Added(user) = added {
                recorder.note(tx, Act::UserAdded { user, role }).await?;
            }
            Ok::<_, StoreError>(added)
        }
        .boxed()
    })
    .await?;
    match added {
        Added::Added(id) => Ok(id),
        Added::EmailTaken => Err(AddUserError::EmailTaken),
    }
}
