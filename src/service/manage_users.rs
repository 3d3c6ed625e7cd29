//! What administrators change in the accounts of others. However many of them act at the same moment,
//! one administrator who can log in is left.

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;

use super::{
    Services, audited::Recorder, notify, second_factor::account_changed, staff_link::NewLink,
    subscribe::clean_address,
};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::UserId,
        notice::{AccountChange, LinkPurpose},
        role::Role,
    },
    store::{
        self, StoreError,
        staff::{Account, Added},
    },
};

#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    #[error("this is not an e-mail address: write one such as name@example.org")]
    NotAnAddress,
    #[error("there is a user with this e-mail address already")]
    EmailTaken,
    #[error("there is no such user")]
    UnknownUser,
    #[error(
        "this is the last administrator who can log in: give another user that role first, or enable one"
    )]
    LastAdministrator,
    #[error(
        "this is your own account: change it on the page “Account”, or ask another administrator"
    )]
    Yourself,
    #[error("this user is disabled: enable them first")]
    Disabled,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a user without a password and mails them a link to choose one.
pub async fn invite(
    services: &Services,
    actor: &Actor,
    email: &str,
    role: Role,
) -> Result<UserId, ManageError> {
    let email = clean_address(email).ok_or(ManageError::NotAnAddress)?;
    let link = NewLink::new(services, &email, role, LinkPurpose::Invitation)?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            match store::staff::add(tx, &email, None, role, recorder.now()).await? {
                Added::EmailTaken => Err(ManageError::EmailTaken),
                Added::Added(user) => {
                    link.send(tx, &recorder, user).await?;
                    recorder.note(tx, Act::UserInvited { user, role }).await?;
                    Ok(user)
                }
            }
        }
        .boxed()
    })
    .await
}

/// Mails a link to choose a new password. The present one works until the link is used.
pub async fn send_link(
    services: &Services,
    actor: &Actor,
    user: UserId,
) -> Result<(), ManageError> {
    refuse_oneself(actor, user)?;
    let account = find(services, user).await?;
    if account.is_disabled {
        return Err(ManageError::Disabled);
    }
    let purpose = match account.password_hash {
        None => LinkPurpose::Invitation,
        Some(_) => LinkPurpose::NewPassword,
    };
    let owner = &account.user;
    let link = NewLink::new(services, &owner.email, owner.role, purpose)?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            link.send(tx, &recorder, user).await?;
            recorder.note(tx, Act::StaffLinkSent { user }).await
        }
        .boxed()
    })
    .await?;
    Ok(())
}

/// Sessions of the role before end with it.
pub async fn change_role(
    services: &Services,
    actor: &Actor,
    user: UserId,
    role: Role,
) -> Result<(), ManageError> {
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            // Piles before people, in the order in which whoever saves a sheet takes them.
            store::keying::release_all(tx, user).await?;
            let administrators = store::staff::lock_administrators(tx).await?;
            let before = store::staff::by_id(tx, user).await?;
            let before = before.ok_or(ManageError::UnknownUser)?.user.role;
            if before == role {
                return Ok(());
            }
            if role != Role::Administrator {
                keep_one(&administrators, user)?;
            }
            store::staff::set_role(tx, user, role).await?;
            store::session::end_all(tx, user, None).await?;
            let (from, to) = (before, role);
            recorder
                .note(tx, Act::RoleChanged { user, from, to })
                .await?;
            Ok(())
        }
        .boxed()
    })
    .await
}

/// The user cannot log in any more, and is logged out everywhere.
pub async fn disable(services: &Services, actor: &Actor, user: UserId) -> Result<(), ManageError> {
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            // Piles before people, in the order in which whoever saves a sheet takes them.
            store::keying::release_all(tx, user).await?;
            let administrators = store::staff::lock_administrators(tx).await?;
            if existing(tx, user).await?.is_disabled {
                return Ok(());
            }
            keep_one(&administrators, user)?;
            store::staff::set_disabled(tx, user, Some(recorder.now())).await?;
            store::session::end_all(tx, user, None).await?;
            store::staff_link::clear(tx, user).await?;
            recorder.note(tx, Act::UserDisabled { user }).await?;
            Ok(())
        }
        .boxed()
    })
    .await
}

pub async fn enable(services: &Services, actor: &Actor, user: UserId) -> Result<(), ManageError> {
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            if existing(tx, user).await?.is_disabled {
                store::staff::set_disabled(tx, user, None).await?;
                recorder.note(tx, Act::UserEnabled { user }).await?;
            }
            Ok(())
        }
        .boxed()
    })
    .await
}

/// For somebody who has lost their app and their recovery codes: they enrol anew at the next login.
/// Never for oneself, or one open session would do away with the second factor.
pub async fn reset_second_factor(
    services: &Services,
    actor: &Actor,
    user: UserId,
) -> Result<(), ManageError> {
    refuse_oneself(actor, user)?;
    let owner = find(services, user).await?.user;
    let notice = account_changed(services, &owner, AccountChange::SecondFactorReset)?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            store::second_factor::clear(tx, user).await?;
            store::session::end_all(tx, user, None).await?;
            notify::enqueue(tx, &recorder, notice).await?;
            recorder.note(tx, Act::SecondFactorReset { user }).await
        }
        .boxed()
    })
    .await?;
    Ok(())
}

pub async fn end_sessions(
    services: &Services,
    actor: &Actor,
    user: UserId,
) -> Result<(), ManageError> {
    find(services, user).await?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            let sessions = store::session::end_all(tx, user, None).await?;
            recorder
                .note(tx, Act::SessionsEnded { user, sessions })
                .await
        }
        .boxed()
    })
    .await?;
    Ok(())
}

pub async fn find(services: &Services, user: UserId) -> Result<Account, ManageError> {
    let found = store::staff::by_id(&services.db, user).await?;
    found.ok_or(ManageError::UnknownUser)
}

async fn existing(tx: &DatabaseTransaction, user: UserId) -> Result<Account, ManageError> {
    let found = store::staff::by_id(tx, user).await?;
    found.ok_or(ManageError::UnknownUser)
}

/// Whoever has the machine in hand is nobody's self.
fn refuse_oneself(actor: &Actor, user: UserId) -> Result<(), ManageError> {
    if actor.user == Some(user) {
        Err(ManageError::Yourself)
    } else {
        Ok(())
    }
}

fn keep_one(administrators: &[UserId], leaving: UserId) -> Result<(), ManageError> {
    if administrators == [leaving] {
        Err(ManageError::LastAdministrator)
    } else {
        Ok(())
    }
}
