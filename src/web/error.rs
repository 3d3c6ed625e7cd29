//! What went wrong, as a page with the right status.

use std::time::Duration;

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};

use super::language::Reading;
use crate::{
    service::{lookup::LookupError, report::ReportError},
    store::StoreError,
    view::{ErrorKind, ErrorPage, Page},
};

/// A page instead of the one that was asked for. Boxed: it is rare, and every handler returns it.
#[derive(Debug)]
pub struct PageError(Box<ErrorPage>);

impl PageError {
    pub fn new(page: &Page, kind: ErrorKind) -> Self {
        Self(Box::new(ErrorPage::new(page, kind)))
    }

    pub fn from_page(page: ErrorPage) -> Self {
        Self(Box::new(page))
    }

    /// For a fault of ours: the log has the cause, the page does not.
    pub fn server(page: &Page, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(page, ErrorKind::ServerError)
    }

    /// Too many wrong codes came from the network of this browser.
    pub fn too_many_codes(page: &Page, wait: Duration) -> Self {
        Self::from_page(ErrorPage::new(page, ErrorKind::TooManyCodes).after(wait))
    }

    pub fn lookup(page: &Page, error: &LookupError) -> Self {
        match error {
            LookupError::UnknownWave(_) => Self::new(page, ErrorKind::NotFound),
            LookupError::Store(error) => Self::server(page, error),
        }
    }

    pub fn report(page: &Page, error: &ReportError) -> Self {
        match error {
            ReportError::Lookup(error) => Self::lookup(page, error),
            ReportError::NotPublished(_) => Self::new(page, ErrorKind::NotPublished),
            ReportError::Store(error) => Self::server(page, error),
        }
    }

    pub fn store(page: &Page, error: &StoreError) -> Self {
        Self::server(page, error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status());
        let mut response = render(&*self.0);
        if response.status().is_success() {
            *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        }
        if let Some(wait) = self.0.retry_after() {
            // In whole seconds, and never too early.
            let seconds = HeaderValue::from(wait.as_secs() + 1);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// The HTML of a page. A template that cannot be rendered is a fault of ours that a test finds.
pub fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// On to another page, by GET.
pub fn see_other(target: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response()
}

pub async fn not_found(reading: Reading) -> PageError {
    PageError::new(&reading.page(), ErrorKind::NotFound)
}

pub async fn method_not_allowed(reading: Reading) -> PageError {
    PageError::new(&reading.page(), ErrorKind::MethodNotAllowed)
}

/// For a layer that refuses a request before any handler sees it.
pub fn refused(headers: &HeaderMap, method: &Method, uri: &Uri, kind: ErrorKind) -> Response {
    PageError::new(&Reading::of(headers, method, uri).page(), kind).into_response()
}
