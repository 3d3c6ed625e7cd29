//! A response under way. It lives in the browser, sealed; the server keeps nothing of it until it is
//! sent. The page “check your answers” carries it too, so that what was shown is what is counted.

use axum::http::{HeaderMap, HeaderValue};

use super::{Web, cookies};
use crate::domain::{
    access_code::AccessCode, id::SurveyVersionId, key::WaveKey, receipt::VisitToken,
};

const DRAFT: &str = "countmein-draft";
const DONE: &str = "countmein-done";

/// How long a browser remembers that it has been counted.
const DONE_DAYS: i64 = 400;

#[derive(Debug, Clone)]
pub struct Draft {
    pub token: VisitToken,
    /// The wording that the answers were given to.
    pub version: SurveyVersionId,
    pub code: Option<AccessCode>,
    /// In the survey's layout.
    pub answers: String,
}

impl Draft {
    fn to_text(&self, wave: &WaveKey) -> String {
        let code = self
            .code
            .as_ref()
            .map(AccessCode::symbols)
            .unwrap_or_default();
        format!(
            "{wave} {} {} {} {code}",
            self.version,
            self.token.to_hex(),
            self.answers
        )
    }

    fn from_text(text: &str, wave: &WaveKey) -> Option<Self> {
        let mut parts = text.split(' ');
        if parts.next()? != wave.to_string() {
            return None;
        }
        Some(Self {
            version: SurveyVersionId(parts.next()?.parse().ok()?),
            token: VisitToken::from_hex(parts.next()?)?,
            answers: parts.next()?.to_owned(),
            code: parts.next().and_then(|code| code.parse().ok()),
        })
    }

    pub fn seal(&self, web: &Web, wave: &WaveKey) -> String {
        web.cookies.seal(DRAFT, &self.to_text(wave))
    }

    pub fn unseal(web: &Web, wave: &WaveKey, sealed: &str) -> Option<Self> {
        Self::from_text(&web.cookies.unseal(DRAFT, sealed)?, wave)
    }

    pub fn of_browser(web: &Web, wave: &WaveKey, headers: &HeaderMap) -> Option<Self> {
        Self::unseal(
            web,
            wave,
            &cookies::read(headers, &web.cookies.name(DRAFT))?,
        )
    }

    pub fn to_cookie(&self, web: &Web, wave: &WaveKey) -> HeaderValue {
        web.cookies.set(
            &web.cookies.name(DRAFT),
            self.seal(web, wave),
            &path(wave),
            None,
        )
    }

    pub fn clear(web: &Web, wave: &WaveKey) -> HeaderValue {
        web.cookies.clear(&web.cookies.name(DRAFT), &path(wave))
    }
}

/// The visit in which this browser was counted.
pub fn counted_visit(web: &Web, wave: &WaveKey, headers: &HeaderMap) -> Option<VisitToken> {
    let sealed = cookies::read(headers, &web.cookies.name(DONE))?;
    let text = web.cookies.unseal(DONE, &sealed)?;
    let (key, token) = text.split_once(' ')?;
    if key == wave.to_string() {
        VisitToken::from_hex(token)
    } else {
        None
    }
}

pub fn counted_cookie(web: &Web, wave: &WaveKey, token: &VisitToken) -> HeaderValue {
    let sealed = web
        .cookies
        .seal(DONE, &format!("{wave} {}", token.to_hex()));
    let name = web.cookies.name(DONE);
    web.cookies.set(&name, sealed, &path(wave), Some(DONE_DAYS))
}

fn path(wave: &WaveKey) -> String {
    format!("/w/{wave}")
}
