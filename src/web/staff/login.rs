//! Logging in and out.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    service::login::{self, LoginError},
    view::{LoginFault, LoginPage, Page},
    web::{
        Web, cookies,
        error::{PageError, render, see_other},
        form::Fields,
        guard,
        network::Network,
    },
};

pub async fn show(State(web): State<Web>, headers: HeaderMap) -> Result<Response, PageError> {
    let page = page();
    let user = guard::user_of(&web, &headers)
        .await
        .map_err(|e| PageError::store(&page, &e))?;
    if user.is_some() {
        return Ok(see_other("/staff"));
    }
    Ok(render(&LoginPage::new(&page, "", None)))
}

pub async fn login(
    State(web): State<Web>,
    Network(network): Network,
    fields: Fields,
) -> Result<Response, PageError> {
    let page = page();
    let email = fields.get("email").unwrap_or_default();
    let password = fields.get("password").unwrap_or_default().to_owned();
    let (status, fault) = match login::login(&web.services, &network, email, password).await {
        Ok(token) => {
            let cookie = web.cookies.set(web.cookies.staff_name(), token, "/", None);
            let mut response = see_other("/staff");
            response.headers_mut().append(header::SET_COOKIE, cookie);
            return Ok(response);
        }
        Err(LoginError::Refused) => (StatusCode::UNPROCESSABLE_ENTITY, LoginFault::Wrong),
        Err(LoginError::TooMany(_)) => (StatusCode::TOO_MANY_REQUESTS, LoginFault::TooManyAttempts),
        Err(error @ (LoginError::Hash(_) | LoginError::Store(_))) => {
            return Err(PageError::server(&page, &error));
        }
    };
    Ok((status, render(&LoginPage::new(&page, email, Some(fault)))).into_response())
}

pub async fn logout(State(web): State<Web>, headers: HeaderMap) -> Result<Response, PageError> {
    let name = web.cookies.staff_name();
    if let Some(token) = cookies::read(&headers, name) {
        login::logout(&web.services, &token)
            .await
            .map_err(|error| PageError::store(&page(), &error))?;
    }
    let mut response = see_other("/staff/login");
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, web.cookies.clear(name, "/"));
    // Of a shared computer nothing is left but that its browser has been counted.
    let left = HeaderValue::from_static("\"cache\", \"storage\"");
    headers.insert("clear-site-data", left);
    Ok(response)
}

fn page() -> Page {
    Page::for_staff("/staff/login")
}
