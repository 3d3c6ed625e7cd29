//! A participant's way: start, questions, check your answers, send, receipt.

pub mod by_code;
pub mod check;
pub mod done;
pub mod question;
pub mod questions;
pub mod receipt;
pub mod start;
pub mod submit;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    Web,
    draft::{self, Draft},
    error::{PageError, see_other},
    form::Fields,
    language::Reading,
};
use crate::{
    domain::{
        answer::{Answers, RawAnswers},
        channel::Channel,
        key::{SurveyKey, WaveKey, WaveName},
        survey::{Pages, Survey},
        wave::NotAccepting,
    },
    service::lookup::{self, Asked},
    view::{ErrorKind, ErrorPage, Page, kept_answers},
};

/// The wave that an address names.
#[derive(Debug, serde::Deserialize)]
pub struct WavePath {
    survey: String,
    wave: String,
}

impl WavePath {
    /// For an address that names something of a wave.
    pub fn new(survey: &str, wave: &str) -> Self {
        Self {
            survey: survey.to_owned(),
            wave: wave.to_owned(),
        }
    }

    pub fn key(&self, reading: &Reading) -> Result<WaveKey, PageError> {
        let key = SurveyKey::new(self.survey.as_str()).and_then(|survey| {
            Ok(WaveKey {
                survey,
                wave: WaveName::new(self.wave.as_str())?,
            })
        });
        key.map_err(|_| PageError::new(&reading.page(), ErrorKind::NotFound))
    }
}

/// Finds the wave of an address, with a page in one of its languages.
pub async fn find(
    web: &Web,
    path: &WavePath,
    reading: &Reading,
) -> Result<(Asked, Page), PageError> {
    let key = path.key(reading)?;
    let asked = lookup::find(&web.services, &key)
        .await
        .map_err(|error| PageError::lookup(&reading.page(), &error))?;
    let page = reading.page_of(&asked.survey.survey.languages);
    Ok((asked, page))
}

/// A browser in the middle of answering.
pub struct Visit {
    pub asked: Asked,
    pub page: Page,
    pub draft: Draft,
    pub answers: Answers,
}

/// Either a visit, or the page that the browser gets instead of going on.
pub enum Arrival {
    Visit(Box<Visit>),
    Instead(Response),
}

impl Visit {
    /// Takes the visit up from the browser's cookie, or from the page where there is none.
    pub async fn resume(
        web: &Web,
        path: &WavePath,
        reading: &Reading,
        headers: &HeaderMap,
        fields: Option<&Fields>,
    ) -> Result<Arrival, PageError> {
        let (asked, page) = find(web, path, reading).await?;
        let key = &asked.wave.key;
        let on_page = fields
            .and_then(|fields| fields.get("draft"))
            .and_then(|sealed| Draft::unseal(web, key, sealed));
        // The cookie has the latest answers of its visit. A page of another visit, as two people who
        // share a browser have in two tabs, goes on with its own.
        let draft = match (Draft::of_browser(web, key, headers), on_page) {
            (Some(cookie), Some(page)) if cookie.token != page.token => Some(page),
            (cookie, page) => cookie.or(page),
        };
        let draft = draft.filter(|draft| draft.version == asked.wave.version);
        let counted = draft::counted_visit(web, key, headers);
        let Some(draft) = draft else {
            if counted.is_some() {
                return Ok(Arrival::Instead(see_other(&format!("/w/{key}"))));
            }
            return Err(gone(web, &page, &asked));
        };
        if counted.is_some_and(|token| token == draft.token) {
            // An old page of a visit that has been counted: nothing of it would change anything.
            return Ok(Arrival::Instead(see_other(&format!("/w/{key}/done"))));
        }
        let visit = Self::with(asked, page, draft)?;
        visit.still_open(web, fields)?;
        Ok(Arrival::Visit(Box::new(visit)))
    }

    /// Takes up exactly what “check your answers” showed, and nothing that the cookie says.
    pub async fn as_checked(
        web: &Web,
        path: &WavePath,
        reading: &Reading,
        headers: &HeaderMap,
        fields: &Fields,
    ) -> Result<Arrival, PageError> {
        let (asked, page) = find(web, path, reading).await?;
        let key = &asked.wave.key;
        let sealed = fields.get("draft").unwrap_or_default();
        let draft = Draft::unseal(web, key, sealed).filter(|d| d.version == asked.wave.version);
        let Some(draft) = draft else {
            return if draft::counted_visit(web, key, headers).is_some() {
                Ok(Arrival::Instead(see_other(&format!("/w/{key}/done"))))
            } else {
                Err(gone(web, &page, &asked))
            };
        };
        Ok(Arrival::Visit(Box::new(Self::with(asked, page, draft)?)))
    }

    fn with(asked: Asked, page: Page, draft: Draft) -> Result<Self, PageError> {
        let survey = &asked.survey.survey;
        match asked.survey.layout.decode(survey, &draft.answers) {
            Ok(answers) => Ok(Self {
                asked,
                page,
                draft,
                answers,
            }),
            Err(_) => Err(expired(&page, &asked)),
        }
    }

    /// The page for a wave that has closed keeps what has just been sent, too.
    fn still_open(&self, web: &Web, fields: Option<&Fields>) -> Result<(), PageError> {
        let accepts = self.asked.wave.accepts(Channel::Online, web.services.now());
        accepts.map_err(|reason| {
            let mut chosen = raw(self.survey(), &self.answers);
            chosen.extend(fields.map(Fields::answers).unwrap_or_default());
            let kept = kept_answers(&self.page, self.survey(), &chosen);
            not_accepting(&self.page, &self.asked, reason, kept)
        })
    }

    pub fn key(&self) -> &WaveKey {
        &self.asked.wave.key
    }

    pub fn survey(&self) -> &Survey {
        &self.asked.survey.survey
    }

    /// Takes the answers over into the draft.
    pub fn keep(&mut self) {
        self.draft.answers = self.asked.survey.layout.encode(&self.answers);
    }

    pub fn sealed(&self, web: &Web) -> String {
        self.draft.seal(web, self.key())
    }

    /// On to `target` within the wave, with the draft in the browser's cookie.
    pub fn go(&self, web: &Web, target: &str) -> Response {
        let mut response = see_other(&format!("/w/{}/{target}", self.key()));
        add_cookie(&mut response, self.draft.to_cookie(web, self.key()));
        response
    }

    /// Questions with the answers so far, for a page that has to say why it cannot count them.
    pub fn kept(&self) -> Vec<(String, String)> {
        kept_answers(
            &self.page,
            self.survey(),
            &raw(self.survey(), &self.answers),
        )
    }
}

/// What was chosen, by item.
pub fn raw(survey: &Survey, answers: &Answers) -> RawAnswers {
    survey
        .items
        .iter()
        .zip(answers.as_slice())
        .map(|(item, answer)| (item.key.to_string(), answer.chosen(item)))
        .collect()
}

/// Where the questions begin.
pub fn first_page(survey: &Survey) -> &'static str {
    match survey.pages {
        Pages::OneQuestion => "question/1",
        Pages::AllQuestions => "questions",
    }
}

pub fn add_cookie(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

pub fn expired(page: &Page, asked: &Asked) -> PageError {
    let title = asked.survey.survey.title.get(page.lang());
    PageError::from_page(
        ErrorPage::new(page, ErrorKind::Expired)
            .leading_to(format!("/w/{}", asked.wave.key), title),
    )
}

/// There is no draft: because the wave has closed, or because it was left for too long.
fn gone(web: &Web, page: &Page, asked: &Asked) -> PageError {
    match asked.wave.accepts(Channel::Online, web.services.now()) {
        Ok(()) => expired(page, asked),
        Err(reason) => not_accepting(page, asked, reason, Vec::new()),
    }
}

pub fn not_accepting(
    page: &Page,
    asked: &Asked,
    reason: NotAccepting,
    kept: Vec<(String, String)>,
) -> PageError {
    let (kind, when) = match reason {
        NotAccepting::NotYetOpen { opens } => (ErrorKind::NotYetOpen, opens),
        NotAccepting::Closed { closed } => (ErrorKind::Closed, closed),
        NotAccepting::Channel => return PageError::new(page, ErrorKind::NotOnline),
    };
    let offset = asked.wave.spec.offset();
    PageError::from_page(ErrorPage::new(page, kind).at(when, offset).keeping(kept))
}

/// A page that shows faults is no success.
pub fn unprocessable(response: Response) -> Response {
    (axum::http::StatusCode::UNPROCESSABLE_ENTITY, response).into_response()
}
