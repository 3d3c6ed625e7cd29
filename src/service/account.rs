//! What members of staff change in their own account.

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    login::{self, LoginError},
    notify,
    password::{self, HashError, NewPassword, PasswordError},
    second_factor::account_changed,
    session::Session,
};
use crate::{
    domain::{audit::Act, notice::AccountChange},
    store::{self, StoreError},
};

#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    #[error(transparent)]
    Current(#[from] LoginError),
    #[error(transparent)]
    New(#[from] PasswordError),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new password in the place of the present one. All other sessions of the person end.
pub async fn change_password(
    services: &Services,
    session: &Session,
    current: String,
    new: String,
) -> Result<(), ChangePasswordError> {
    let user = session.account.user.clone();
    let new = NewPassword::new(new, &user.email)?;
    login::confirm(services, session, current).await?;
    let hash = password::hash(new).await?;
    let notice = account_changed(services, &user, AccountChange::Password)?;
    let recorder = Recorder::new(services, &session.actor());
    let kept = session.token_hash.clone();
    store::write(&services.db, move |tx| {
        async move {
            let user = user.id;
            store::staff::set_password(tx, user, &hash, recorder.now()).await?;
            // A link that waits in a mail must not undo the change.
            store::staff_link::clear(tx, user).await?;
            store::session::end_all(tx, user, Some(&kept)).await?;
            notify::enqueue(tx, &recorder, notice).await?;
            recorder.note(tx, Act::PasswordChanged { user }).await
        }
        .boxed()
    })
    .await?;
    Ok(())
}
