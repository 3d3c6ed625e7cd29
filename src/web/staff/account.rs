//! What members of staff see and change of their own account.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    service::{
        account::{self, ChangePasswordError},
        enrolment::{self, EnrolError},
        login::LoginError,
        session::{self, Session},
    },
    store::{self, StoreError},
    view::{
        AccountPage, AccountView, ChangePasswordPage, ConfirmFault, Page, RecoveryCodesPage,
        RenewCodesPage, RunningSession,
    },
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InQuery,
        form::Fields,
        guard::CurrentSession,
    },
};

#[derive(Debug, serde::Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

pub async fn show(
    State(web): State<Web>,
    CurrentSession(session): CurrentSession,
    InQuery(query): InQuery<Done>,
) -> Result<Response, PageError> {
    let page = page_of(&session, "/staff/account");
    let view = view(&web, &session)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    let notice = (query.done == "password")
        .then_some("Your password is changed. Your other sessions have ended.");
    Ok(render(&AccountPage::new(&page, view, notice)))
}

async fn view(web: &Web, session: &Session) -> Result<AccountView, StoreError> {
    let (db, user) = (&web.services.db, &session.account.user);
    let sessions = store::session::of_user(db, user.id).await?;
    Ok(AccountView {
        email: user.email.clone(),
        role: user.role,
        has_second_factor: session.account.sealed_secret.is_some(),
        recovery_codes: store::second_factor::recovery_codes_left(db, user.id).await?,
        sessions: sessions
            .into_iter()
            .map(|row| RunningSession {
                is_this: row.token_hash == session.token_hash,
                id: row.token_hash,
                began: row.created,
                seen: row.seen,
            })
            .collect(),
    })
}

pub async fn end_session(
    State(web): State<Web>,
    CurrentSession(session): CurrentSession,
    fields: Fields,
) -> Result<Response, PageError> {
    let ended = fields.get("session").unwrap_or_default().to_owned();
    session::end_other(&web.services, &session, ended)
        .await
        .map_err(|error| PageError::store(&page_of(&session, "/staff/account"), &error))?;
    Ok(see_other("/staff/account"))
}

const PASSWORD: &str = "/staff/account/password";

pub async fn password(CurrentSession(session): CurrentSession) -> Response {
    let email = &session.account.user.email;
    render(&ChangePasswordPage::new(
        &page_of(&session, PASSWORD),
        email,
        None,
    ))
}

pub async fn change_password(
    State(web): State<Web>,
    CurrentSession(session): CurrentSession,
    fields: Fields,
) -> Result<Response, PageError> {
    let page = page_of(&session, PASSWORD);
    let field = |name| fields.get(name).unwrap_or_default().to_owned();
    let (current, new) = (field("password"), field("new-password"));
    let fault = match account::change_password(&web.services, &session, current, new).await {
        Ok(()) => return Ok(see_other("/staff/account?done=password")),
        Err(ChangePasswordError::New(fault)) => ConfirmFault::New(fault.to_string()),
        Err(ChangePasswordError::Current(LoginError::Refused)) => ConfirmFault::Password,
        Err(ChangePasswordError::Current(LoginError::TooMany(_))) => ConfirmFault::TooMany,
        Err(error) => return Err(PageError::server(&page, &error)),
    };
    let email = &session.account.user.email;
    let page = ChangePasswordPage::new(&page, email, Some(&fault));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

const CODES: &str = "/staff/account/recovery-codes";

pub async fn recovery_codes(CurrentSession(session): CurrentSession) -> Response {
    if session.account.sealed_secret.is_none() {
        return see_other("/staff/account/second-factor");
    }
    let email = &session.account.user.email;
    render(&RenewCodesPage::new(&page_of(&session, CODES), email, None))
}

pub async fn renew_codes(
    State(web): State<Web>,
    CurrentSession(session): CurrentSession,
    fields: Fields,
) -> Result<Response, PageError> {
    let page = page_of(&session, CODES);
    let password = fields.get("password").unwrap_or_default().to_owned();
    let fault = match enrolment::renew_codes(&web.services, &session, password).await {
        Ok(codes) => {
            let shown = RecoveryCodesPage::new(&page, &codes, "/staff/account");
            return Ok(render(&shown));
        }
        Err(EnrolError::Stale) => return Ok(see_other("/staff/account")),
        Err(EnrolError::Password(LoginError::Refused)) => ConfirmFault::Password,
        Err(EnrolError::Password(LoginError::TooMany(_))) => ConfirmFault::TooMany,
        Err(error) => return Err(PageError::server(&page, &error)),
    };
    let email = &session.account.user.email;
    let page = RenewCodesPage::new(&page, email, Some(&fault));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

fn page_of(session: &Session, path: &str) -> Page {
    Page::for_role(path, session.account.user.role)
}
