//! Who is logged in. A route that declares staff lets nobody else through to its handler.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    Web, cookies,
    error::{PageError, see_other},
    language::Reading,
    network::StaffAddress,
};
use crate::{
    domain::{audit::Actor, role::Permission},
    service::session::{self, Session},
    store::{StoreError, staff::User},
    view::ErrorKind,
};

/// The user whom [`require`] let through.
#[derive(Debug, Clone)]
pub struct CurrentUser(pub User, StaffAddress);

/// The session that [`require`] or [`require_half`] let through.
#[derive(Clone)]
pub struct CurrentSession(pub Session);

pub async fn require(
    State((web, permission)): State<(Web, Permission)>,
    reading: Reading,
    mut request: Request,
    next: Next,
) -> Response {
    let address = StaffAddress::of(&web, request.extensions(), request.headers());
    let session = match session_of(&web, request.headers(), &address).await {
        Ok(session) => session,
        Err(error) => return PageError::store(&reading.page(), &error).into_response(),
    };
    let user = session.as_ref().and_then(Session::full_user).cloned();
    match (user, session) {
        (Some(user), Some(session)) if user.role.may(permission) => {
            request.extensions_mut().insert(CurrentUser(user, address));
            request.extensions_mut().insert(CurrentSession(session));
            next.run(request).await
        }
        (None, _) if request.method() == Method::GET => see_other("/staff/login"),
        (Some(user), _) => {
            // The span has the route.
            tracing::warn!(user = %user.id, role = %user.role, "a role lacks the permission");
            PageError::new(&reading.page(), ErrorKind::Forbidden).into_response()
        }
        _ => PageError::new(&reading.page(), ErrorKind::Forbidden).into_response(),
    }
}

/// Lets through whoever has given the right password, whether or not the rest of the login followed.
pub async fn require_half(
    State(web): State<Web>,
    reading: Reading,
    mut request: Request,
    next: Next,
) -> Response {
    let address = StaffAddress::of(&web, request.extensions(), request.headers());
    match session_of(&web, request.headers(), &address).await {
        Ok(Some(session)) => {
            request.extensions_mut().insert(CurrentSession(session));
            next.run(request).await
        }
        Ok(None) if request.method() == Method::GET => see_other("/staff/login"),
        Ok(None) => PageError::new(&reading.page(), ErrorKind::Forbidden).into_response(),
        Err(error) => PageError::store(&reading.page(), &error).into_response(),
    }
}

/// The member of staff whose browser this is, on a page that anyone may see.
pub async fn user_of(web: &Web, headers: &HeaderMap) -> Result<Option<User>, StoreError> {
    // A look at a page is no act, and none is recorded.
    let nowhere = StaffAddress(String::new());
    let session = session_of(web, headers, &nowhere).await?;
    Ok(session.as_ref().and_then(Session::full_user).cloned())
}

/// The session of this browser, however far its login has come.
pub async fn session_of(
    web: &Web,
    headers: &HeaderMap,
    address: &StaffAddress,
) -> Result<Option<Session>, StoreError> {
    match cookies::read(headers, web.cookies.staff_name()) {
        Some(token) => session::recognise(&web.services, &token, &address.0).await,
        None => Ok(None),
    }
}

impl CurrentUser {
    /// The same person as the audit log names them.
    pub fn actor(&self) -> Actor {
        Actor::staff(self.0.id, &self.0.email, self.0.role, &self.1.0)
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentSession {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        recognised(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        recognised(parts)
    }
}

/// What the guard of the route has found out about whoever asks.
fn recognised<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, PageError> {
    let known = parts.extensions.get::<T>().cloned();
    known.ok_or_else(|| forbidden(parts))
}

fn forbidden(parts: &Parts) -> PageError {
    let reading = Reading::of(&parts.headers, &parts.method, &parts.uri);
    PageError::new(&reading.page(), ErrorKind::Forbidden)
}
