//! What happens around every request: limits, headers, a log line without personal data, and a page
//! for every refusal.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::Response,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{CsrfLayer, ProtectionError},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};

use super::{error, form::MAX_FORM_BYTES, language, serving::Limits};
use crate::view::ErrorKind;

/// No scripts, styles or pictures but our own, no frames, forms that go nowhere else, and no text
/// that a script of ours could turn into markup.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; \
     trusted-types 'none'";

/// What a browser is told with every answer, errors and files among them.
///
/// The referrer goes to pages of our own only. To leave it out altogether would make browsers without
/// `Sec-Fetch-Site` (older ones, and all of them without encryption) send `Origin: null` with every
/// form, which cannot be told from a form of another site.
const HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    ),
    ("cache-control", "no-store"),
];

const TWO_YEARS: (&str, &str) = (
    "strict-transport-security",
    "max-age=63072000; includeSubDomains",
);

pub fn around(router: Router, limits: &Limits, is_https: bool) -> Router {
    let inner = ServiceBuilder::new()
        .layer(middleware::from_fn(pages_for_refusals))
        .layer(middleware::from_fn_with_state(limits.request, time_limit))
        .layer(CatchPanicLayer::new())
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(middleware::from_fn(staff_say_where_from))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(
            is_https,
            language::take_choice,
        ));
    let mut router = router.layer(inner);
    let secure = is_https.then_some(TWO_YEARS);
    for (name, value) in HEADERS.into_iter().chain(secure) {
        router = router.layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        ));
    }
    router
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span))
}

/// The path as it is declared, not as it was asked for: a receipt or a token must not reach the log.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), path)
}

/// A browser says with every form where it comes from, by one header or the other. Of staff, whose
/// forms change what everyone sees, a form that says nothing is not taken. Participants may have a
/// browser that says nothing, and a mail program that stops mails says nothing either: what they send
/// carries a seal or a token of its own.
async fn staff_say_where_from(request: Request, next: Next) -> Response {
    let is_safe = request.method().is_safe();
    let says = |headers: &HeaderMap, name: &str| headers.get(name).is_some_and(|v| !v.is_empty());
    let headers = request.headers();
    let says_where = says(headers, "sec-fetch-site") || says(headers, "origin");
    if is_safe || says_where || !request.uri().path().starts_with("/staff") {
        return next.run(request).await;
    }
    error::refused(
        headers,
        request.method(),
        request.uri(),
        ErrorKind::Forbidden,
    )
}

/// A request takes milliseconds; one that takes this long will not end well.
async fn time_limit(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => asked.refused(ErrorKind::TimedOut),
    }
}

/// What a layer refused without a page, and what broke, gets a page that says so.
async fn pages_for_refusals(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        return asked.refused(ErrorKind::Forbidden);
    }
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_ours = content_type.is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    match kind_of(response.status()) {
        Some(kind) if !is_ours => asked.refused(kind),
        _ => response,
    }
}

fn kind_of(status: StatusCode) -> Option<ErrorKind> {
    Some(match status {
        StatusCode::BAD_REQUEST => ErrorKind::Malformed,
        StatusCode::FORBIDDEN => ErrorKind::Forbidden,
        StatusCode::NOT_FOUND => ErrorKind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorKind::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorKind::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorKind::WrongContentType,
        StatusCode::INTERNAL_SERVER_ERROR => ErrorKind::ServerError,
        StatusCode::SERVICE_UNAVAILABLE => ErrorKind::TimedOut,
        _ => return None,
    })
}

/// What a page about a request needs of it, once the request itself is gone.
struct Asked(HeaderMap, Method, Uri);

impl Asked {
    fn of(request: &Request) -> Self {
        Self(
            request.headers().clone(),
            request.method().clone(),
            request.uri().clone(),
        )
    }

    fn refused(&self, kind: ErrorKind) -> Response {
        error::refused(&self.0, &self.1, &self.2, kind)
    }
}
