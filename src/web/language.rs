//! Which language a page is in: the one that the reader chose, else what their browser prefers.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use cookie::{Cookie, SameSite, time::Duration};

use super::cookies;
use crate::{
    domain::text::Lang,
    view::{Page, Words},
};

const CHOICE: &str = "countmein-lang";

/// The reader's languages, the most wanted first, and the address of the page.
#[derive(Debug, Clone)]
pub struct Reading {
    wanted: Vec<Lang>,
    path: String,
}

impl Reading {
    /// A page in one of the languages of a survey.
    pub fn page_of(&self, languages: &[Lang]) -> Page {
        let lang = self.wanted.iter().find(|lang| languages.contains(lang));
        let lang = lang.cloned().unwrap_or_else(|| Lang::first_of(languages));
        Page::new(&lang, &self.path).offering(languages)
    }

    /// A page of our own words only.
    pub fn page(&self) -> Page {
        let known: Vec<Lang> = Words::all()
            .iter()
            .filter_map(|words| Lang::new(words.tag()).ok())
            .collect();
        let lang = self.wanted.iter().find(|lang| known.contains(lang));
        Page::new(&lang.cloned().unwrap_or_else(Lang::english), &self.path)
    }
}

impl<S: Sync> FromRequestParts<S> for Reading {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.method, &parts.uri))
    }
}

impl Reading {
    pub fn of(headers: &HeaderMap, method: &Method, uri: &Uri) -> Self {
        let chosen = [true, false]
            .iter()
            .find_map(|is_https| cookies::read(headers, &cookies::prefixed(CHOICE, *is_https)))
            .and_then(|tag| Lang::new(tag).ok());
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(accepted)
            .unwrap_or_default();
        // The answer to a POST has no address of its own to come back to.
        let path = if *method == Method::GET {
            uri.path_and_query().map_or("/", |path| path.as_str())
        } else {
            uri.path()
                .rsplit_once('/')
                .map_or("/", |(parent, _)| parent)
        };
        Self {
            wanted: chosen.into_iter().chain(accepted).collect(),
            path: own_address(path),
        }
    }
}

/// A path of two slashes, or of a slash and a backslash, would lead to another host.
fn own_address(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

/// `pl-PL,pl;q=0.9,en;q=0.8`: browsers write the most wanted first; each tag also stands for its
/// language alone.
fn accepted(value: &str) -> Vec<Lang> {
    value
        .split(',')
        .take(10)
        .filter_map(|part| part.split(';').next())
        .map(|tag| tag.trim().to_ascii_lowercase())
        .flat_map(|tag| {
            let language = tag.split('-').next().map(str::to_owned);
            [
                Lang::new(tag).ok(),
                language.and_then(|language| Lang::new(language).ok()),
            ]
        })
        .flatten()
        .collect()
}

/// Takes a choice of language out of the address into a cookie, and shows the page again.
pub async fn take_choice(State(is_https): State<bool>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let (choice, rest): (Vec<&str>, Vec<&str>) = query
        .split('&')
        .filter(|p| !p.is_empty())
        .partition(|p| p.starts_with("lang="));
    let lang = choice
        .last()
        .and_then(|pair| Lang::new(&pair["lang=".len()..]).ok());
    let (Some(lang), &Method::GET) = (lang, request.method()) else {
        return next.run(request).await;
    };
    let path = request.uri().path();
    let target = if rest.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", rest.join("&"))
    };
    let cookie = Cookie::build((cookies::prefixed(CHOICE, is_https), lang.to_string()))
        .path("/")
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(is_https)
        .max_age(Duration::days(400));
    let headers = [
        (header::LOCATION, own_address(&target)),
        (header::SET_COOKIE, cookie.to_string()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
