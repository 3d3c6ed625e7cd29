//! What happens around every request: limits, headers, a log line without personal data.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{CsrfLayer, ProtectionError},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use super::{error, form::MAX_FORM_BYTES, language};
use crate::view::ErrorKind;

/// No scripts, styles or pictures but our own, no frames, and forms that go nowhere else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; object-src 'none'";

/// A request takes milliseconds; one that takes this long will not end well.
const TIMEOUT: Duration = Duration::from_secs(30);

pub fn around(router: Router, is_https: bool) -> Router {
    let always = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let mut router = router
        .layer(middleware::from_fn(language::take_choice))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn(pages_for_refusals))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(
            ServiceBuilder::new()
                .layer(always("content-security-policy", CONTENT_SECURITY_POLICY))
                .layer(always("x-content-type-options", "nosniff"))
                .layer(always("referrer-policy", "no-referrer"))
                .layer(always("x-frame-options", "DENY"))
                .layer(always("cross-origin-opener-policy", "same-origin"))
                .layer(always(
                    "permissions-policy",
                    "camera=(), geolocation=(), microphone=()",
                ))
                .layer(always("cache-control", "no-store")),
        )
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIMEOUT,
        ))
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span));
    if is_https {
        let two_years = "max-age=63072000; includeSubDomains";
        router = router.layer(always("strict-transport-security", two_years));
    }
    router
}

/// The path as it is declared, not as it was asked for: a receipt or a token must not reach the log.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), path)
}

/// A request from another site's page, refused by the layer inside, gets a page that says so.
async fn pages_for_refusals(request: Request, next: Next) -> Response {
    let (headers, method, uri) = (
        request.headers().clone(),
        request.method().clone(),
        request.uri().clone(),
    );
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        return error::refused(&headers, &method, &uri, ErrorKind::Forbidden);
    }
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_none_or(|t| !t.as_bytes().starts_with(b"text/html"))
    {
        return error::refused(&headers, &method, &uri, ErrorKind::TooLarge);
    }
    response
}
