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
};
use crate::{
    domain::{audit::Actor, role::Permission},
    service::login,
    store::{StoreError, staff::User},
    view::ErrorKind,
};

/// The user whom [`require`] let through.
#[derive(Debug, Clone)]
pub struct CurrentUser(pub User);

pub async fn require(
    State((web, permission)): State<(Web, Permission)>,
    reading: Reading,
    mut request: Request,
    next: Next,
) -> Response {
    match user_of(&web, request.headers()).await {
        Ok(Some(user)) if user.role.may(permission) => {
            request.extensions_mut().insert(CurrentUser(user));
            next.run(request).await
        }
        Ok(None) if request.method() == Method::GET => see_other("/staff/login"),
        Ok(_) => PageError::new(&reading.page(), ErrorKind::Forbidden).into_response(),
        Err(error) => PageError::store(&reading.page(), &error).into_response(),
    }
}

/// The member of staff whose browser this is, on a page that anyone may see.
pub async fn user_of(web: &Web, headers: &HeaderMap) -> Result<Option<User>, StoreError> {
    match cookies::read(headers, web.cookies.staff_name()) {
        Some(token) => login::recognise(&web.services, &token).await,
        None => Ok(None),
    }
}

impl CurrentUser {
    /// The same person as the audit log names them.
    pub fn actor(&self) -> Actor {
        Actor::staff(self.0.id, &self.0.email, self.0.role, "")
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            let reading = Reading::of(&parts.headers, &parts.method, &parts.uri);
            PageError::new(&reading.page(), ErrorKind::Forbidden)
        })
    }
}
