//! The users of the installation: who they are, and what an administrator may change of them.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    domain::{id::UserId, role::Role},
    service::manage_users::{self, ManageError},
    store::{self, staff::Account},
    view::{ErrorKind, InviteFault, Page, UserPage, UserRow, UsersPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InPath,
        form::Fields,
        guard::CurrentUser,
    },
};

const LIST: &str = "/staff/users";

pub async fn list(State(web): State<Web>, user: CurrentUser) -> Result<Response, PageError> {
    Ok(render(&users_page(&web, &user).await?))
}

pub async fn invite(
    State(web): State<Web>,
    user: CurrentUser,
    fields: Fields,
) -> Result<Response, PageError> {
    let email = fields.get("email").unwrap_or_default();
    let role: Option<Role> = fields.get("role").and_then(|role| role.parse().ok());
    let fault = match role {
        None => InviteFault::Role,
        Some(role) => match manage_users::invite(&web.services, &user.actor(), email, role).await {
            Ok(invited) => return Ok(see_other(&format!("{LIST}/{invited}"))),
            Err(ManageError::Store(error)) => {
                return Err(PageError::store(&page_of(&user, LIST), &error));
            }
            Err(error) => InviteFault::Address(error.to_string()),
        },
    };
    let page = users_page(&web, &user).await?;
    let page = page.with_fault(email, role, &fault);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(id): InPath<i64>,
) -> Result<Response, PageError> {
    let page = user_page(&web, &user, UserId(id)).await?;
    Ok(render(&page))
}

pub async fn change_role(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(id): InPath<i64>,
    fields: Fields,
) -> Result<Response, PageError> {
    let Some(role) = fields.get("role").and_then(|role| role.parse().ok()) else {
        return Err(PageError::new(&page_of(&user, LIST), ErrorKind::Malformed));
    };
    let id = UserId(id);
    let outcome = manage_users::change_role(&web.services, &user.actor(), id, role).await;
    done(&web, &user, id, outcome).await
}

pub async fn disable(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(id): InPath<i64>,
) -> Result<Response, PageError> {
    let id = UserId(id);
    let outcome = manage_users::disable(&web.services, &user.actor(), id).await;
    done(&web, &user, id, outcome).await
}

pub async fn enable(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(id): InPath<i64>,
) -> Result<Response, PageError> {
    let id = UserId(id);
    let outcome = manage_users::enable(&web.services, &user.actor(), id).await;
    done(&web, &user, id, outcome).await
}

pub async fn reset_second_factor(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(id): InPath<i64>,
) -> Result<Response, PageError> {
    let id = UserId(id);
    let outcome = manage_users::reset_second_factor(&web.services, &user.actor(), id).await;
    done(&web, &user, id, outcome).await
}

pub async fn send_link(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(id): InPath<i64>,
) -> Result<Response, PageError> {
    let id = UserId(id);
    let outcome = manage_users::send_link(&web.services, &user.actor(), id).await;
    done(&web, &user, id, outcome).await
}

pub async fn end_sessions(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(id): InPath<i64>,
) -> Result<Response, PageError> {
    let id = UserId(id);
    let outcome = manage_users::end_sessions(&web.services, &user.actor(), id).await;
    done(&web, &user, id, outcome).await
}

/// Back to the page of the user, or there at once with the reason why nothing was done.
async fn done(
    web: &Web,
    user: &CurrentUser,
    id: UserId,
    outcome: Result<(), ManageError>,
) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => Ok(see_other(&format!("{LIST}/{id}"))),
        Err(ManageError::Store(error)) => Err(PageError::store(&page_of(user, LIST), &error)),
        Err(error) => {
            let page = user_page(web, user, id).await?;
            let page = page.with_problem(&format!("Nothing was done: {error}."));
            Ok((StatusCode::CONFLICT, render(&page)).into_response())
        }
    }
}

async fn users_page(web: &Web, user: &CurrentUser) -> Result<UsersPage, PageError> {
    let page = page_of(user, LIST);
    let everyone = store::staff::all(&web.services.db)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    Ok(UsersPage::new(&page, everyone.iter().map(row).collect()))
}

async fn user_page(web: &Web, user: &CurrentUser, id: UserId) -> Result<UserPage, PageError> {
    let page = page_of(user, "/staff/users/user");
    match manage_users::find(&web.services, id).await {
        Ok(account) => {
            let is_oneself = user.0.id == id;
            Ok(UserPage::new(&page, row(&account), is_oneself))
        }
        Err(ManageError::Store(error)) => Err(PageError::store(&page, &error)),
        Err(_) => Err(PageError::new(&page, ErrorKind::NotFound)),
    }
}

fn row(account: &Account) -> UserRow {
    UserRow {
        id: account.user.id,
        email: account.user.email.clone(),
        role: account.user.role,
        has_password: account.password_hash.is_some(),
        has_second_factor: account.sealed_secret.is_some(),
        is_disabled: account.is_disabled,
    }
}

fn page_of(user: &CurrentUser, path: &str) -> Page {
    Page::for_role(path, user.0.role)
}
