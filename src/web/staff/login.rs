//! Logging in and out.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{next_page, on_with};
use crate::{
    service::{
        login::{self, LoginAttempt, LoginError},
        session,
    },
    store::StoreError,
    view::{LoginFault, LoginPage, Page},
    web::{
        Web,
        error::{PageError, render, see_other},
        form::Fields,
        guard::{self, CurrentSession},
        network::{Network, StaffAddress},
    },
};

pub async fn show(
    State(web): State<Web>,
    address: StaffAddress,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let session = guard::session_of(&web, &headers, &address)
        .await
        .map_err(|e| PageError::store(&page(), &e))?;
    Ok(match session {
        Some(session) => see_other(next_page(&session.account, session.stage)),
        None => render(&LoginPage::new(&page(), "", None)),
    })
}

pub async fn login(
    State(web): State<Web>,
    Network(network): Network,
    address: StaffAddress,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let email = fields.get("email").unwrap_or_default();
    let attempt = LoginAttempt {
        email: email.to_owned(),
        password: fields.get("password").unwrap_or_default().to_owned(),
        network: Some(network),
        address: address.0.clone(),
    };
    let fault = match login::login(&web.services, attempt).await {
        Ok(begun) => {
            end_the_one_before(&web, &headers, &address)
                .await
                .map_err(|error| PageError::store(&page(), &error))?;
            return Ok(on_with(&web, &begun.account, begun.stage, begun.token));
        }
        Err(LoginError::Refused) => LoginFault::Wrong,
        Err(LoginError::TooMany(_)) => LoginFault::TooManyAttempts,
        Err(error @ (LoginError::Hash(_) | LoginError::Store(_))) => {
            return Err(PageError::server(&page(), &error));
        }
    };
    Ok(refused(email, fault))
}

/// The session that this browser had until now: its cookie is about to be written over, and nobody
/// could end it by hand any more.
async fn end_the_one_before(
    web: &Web,
    headers: &HeaderMap,
    address: &StaffAddress,
) -> Result<(), StoreError> {
    match guard::session_of(web, headers, address).await? {
        Some(before) => session::log_out(&web.services, &before).await,
        None => Ok(()),
    }
}

/// The login page again, with what was wrong.
pub(super) fn refused(email: &str, fault: LoginFault) -> Response {
    let status = match fault {
        LoginFault::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
        LoginFault::TooManyAttempts | LoginFault::TooManyCodes => StatusCode::TOO_MANY_REQUESTS,
    };
    let page = LoginPage::new(&page(), email, Some(fault));
    (status, render(&page)).into_response()
}

pub async fn logout(
    State(web): State<Web>,
    CurrentSession(session): CurrentSession,
) -> Result<Response, PageError> {
    session::log_out(&web.services, &session)
        .await
        .map_err(|error| PageError::store(&page(), &error))?;
    let mut response = without_cookie(&web, see_other("/staff/login"));
    // On a shared computer nothing is left but that its browser has been counted, and sheets of paper
    // that somebody keyed and no server has yet: logging out must not lose them.
    let left = HeaderValue::from_static("\"cache\"");
    response.headers_mut().insert("clear-site-data", left);
    Ok(response)
}

pub(super) fn without_cookie(web: &Web, mut response: Response) -> Response {
    let cookie = web.cookies.clear_staff();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

fn page() -> Page {
    Page::for_staff("/staff/login")
}
