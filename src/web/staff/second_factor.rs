//! The second factor: asked for in a login, and set up.

use axum::{
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::{first_page, login, next_page, on_with};
use crate::{
    service::{
        enrolment::{self, EnrolError, Enrolled, Offer},
        login::LoginError,
        second_factor::{self, SecondFactorError},
        session::Session,
    },
    store::session::Stage,
    view::{EnrolFault, EnrolPage, FactorPage, LoginFault, Page, RecoveryCodesPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        form::Fields,
        guard::CurrentSession,
    },
};

pub async fn ask(CurrentSession(session): CurrentSession) -> Response {
    if session.stage == Stage::Full || session.account.sealed_secret.is_none() {
        return see_other(next_page(&session.account, session.stage));
    }
    render(&FactorPage::new(&half_page(), false))
}

pub async fn answer(
    State(web): State<Web>,
    CurrentSession(session): CurrentSession,
    fields: Fields,
) -> Result<Response, PageError> {
    if session.stage == Stage::Full {
        return Ok(see_other(first_page(session.account.user.role)));
    }
    let typed = fields.get("code").unwrap_or_default();
    match second_factor::complete(&web.services, &session, typed).await {
        Ok(token) => Ok(on_with(&web, &session.account, Stage::Full, token)),
        Err(SecondFactorError::Wrong) => {
            let page = FactorPage::new(&half_page(), true);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
        Err(SecondFactorError::TooMany(_)) => {
            let page = login::refused("", LoginFault::TooManyCodes);
            Ok(login::without_cookie(&web, page))
        }
        Err(SecondFactorError::Store(error)) => Err(PageError::store(&half_page(), &error)),
    }
}

/// In the middle of a login, and from the page of the account.
pub async fn offer(
    State(web): State<Web>,
    uri: Uri,
    CurrentSession(session): CurrentSession,
) -> Result<Response, PageError> {
    if let Some(elsewhere) = elsewhere(&session, uri.path()) {
        return Ok(see_other(elsewhere));
    }
    let offer = enrolment::offer(&web.services, &session.account.user)
        .map_err(|error| PageError::server(&half_page(), &error))?;
    Ok(render(&enrol_page(&session, &offer, uri.path(), None)))
}

pub async fn enrol(
    State(web): State<Web>,
    uri: Uri,
    CurrentSession(session): CurrentSession,
    fields: Fields,
) -> Result<Response, PageError> {
    let path = uri.path();
    if let Some(elsewhere) = elsewhere(&session, path) {
        return Ok(see_other(elsewhere));
    }
    let field = |name| fields.get(name).unwrap_or_default();
    let Ok(offer) = enrolment::reopen(&web.services, &session.account.user, field("offer")) else {
        return Ok(see_other(path));
    };
    let password = field("password").to_owned();
    let enrolled = enrolment::enrol(&web.services, &session, &offer, field("code"), password).await;
    let fault = match enrolled {
        Ok(enrolled) => return Ok(enrolled_page(&web, &session, enrolled)),
        Err(EnrolError::Stale) => return Ok(see_other(path)),
        Err(EnrolError::WrongCode) => EnrolFault::Code,
        Err(EnrolError::Password(LoginError::Refused)) => EnrolFault::Password,
        Err(EnrolError::Password(LoginError::TooMany(_))) => EnrolFault::TooManyPasswords,
        Err(error) => return Err(PageError::server(&half_page(), &error)),
    };
    let page = enrol_page(&session, &offer, path, Some(fault));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

/// Where somebody belongs who has no business on the page for setting up.
fn elsewhere(session: &Session, path: &str) -> Option<&'static str> {
    let is_login = path == "/staff/login/set-up";
    if is_login == (session.stage == Stage::Password) && enrolment::may_enrol(session) {
        return None;
    }
    Some(next_page(&session.account, session.stage))
}

fn enrol_page(
    session: &Session,
    offer: &Offer,
    path: &str,
    fault: Option<EnrolFault>,
) -> EnrolPage {
    let page = match session.full_user() {
        Some(user) => Page::for_role(path, user.role),
        None => half_page(),
    };
    let email = &session.account.user.email;
    EnrolPage::new(&page, email, &offer.secret, &offer.sealed, path, fault)
}

/// The recovery codes, once: nothing but this answer has them.
fn enrolled_page(web: &Web, session: &Session, enrolled: Enrolled) -> Response {
    let role = session.account.user.role;
    let page = Page::for_role("/staff/account/second-factor", role);
    let codes = RecoveryCodesPage::new(&page, &enrolled.codes, first_page(role));
    let mut response = render(&codes);
    if let Some(token) = enrolled.token {
        let cookie = web.cookies.staff(token, role.stays_logged_in());
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn half_page() -> Page {
    Page::for_staff("/staff/login")
}
