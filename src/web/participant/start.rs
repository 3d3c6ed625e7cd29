//! The first page of a wave, and the button that begins.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::{Visit, WavePath, add_cookie, find, first_page};
use crate::{
    domain::{
        answer::Answers,
        channel::Channel,
        moment::Moment,
        wave::{AccessRule, NotAccepting},
    },
    service::{
        lookup::Asked,
        report::{Reader, may_read},
        start_response::{self, StartError},
    },
    view::{CodeFault, ErrorKind, Page, StartPage, StartState},
    web::{
        Web,
        draft::{self, Draft},
        error::{PageError, render, see_other},
        form::Fields,
        language::Reading,
    },
};

pub async fn show(
    State(web): State<Web>,
    Path(path): Path<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (asked, page) = find(&web, &path, &reading).await?;
    let state = state_of(&web, &asked, &headers, web.services.now());
    let state = state.ok_or_else(|| PageError::new(&page, ErrorKind::NotFound))?;
    Ok(render(&start_page(&page, &asked, &state)))
}

/// None for a wave that has no online channel: it has no page.
fn state_of(web: &Web, asked: &Asked, headers: &HeaderMap, now: Moment) -> Option<StartState> {
    let wave = &asked.wave;
    // With a code, the code says who is counted, and a family may share a browser.
    let counted = draft::counted_visit(web, &wave.key, headers)
        .filter(|_| wave.spec.access == AccessRule::Open);
    if let Some(token) = counted {
        return Some(StartState::AlreadyCounted { receipt: token.receipt() });
    }
    match wave.accepts(Channel::Online, now) {
        Ok(()) => Some(StartState::Open),
        Err(NotAccepting::NotYetOpen { opens }) => Some(StartState::NotYetOpen { opens }),
        Err(NotAccepting::Closed { closed }) => {
            Some(StartState::Closed { closed, results: may_read(wave, Reader::Public) })
        }
        Err(NotAccepting::Channel) => None,
    }
}

fn start_page(page: &Page, asked: &Asked, state: &StartState) -> StartPage {
    StartPage::new(page, &asked.survey.survey, &asked.wave.key, &asked.wave.spec, state)
}

pub async fn begin(
    State(web): State<Web>,
    Path(path): Path<WavePath>,
    reading: Reading,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let received = web.services.now();
    let (asked, page) = find(&web, &path, &reading).await?;
    let key = &asked.wave.key;
    // Begun before, or counted before: the same visit goes on, so that a second press of the button
    // never makes a second response.
    if let Some(StartState::AlreadyCounted { .. }) = state_of(&web, &asked, &headers, received) {
        return Ok(see_other(&format!("/w/{key}")));
    }
    let typed = fields.get("code");
    match start_response::start(&web.services, key, typed, received).await {
        Ok(started) => {
            let resumed = Draft::of_browser(&web, key, &headers)
                .filter(|draft| draft.version == asked.wave.version && draft.code == started.code);
            let blank = Answers::blank(&asked.survey.survey);
            let draft = resumed.unwrap_or_else(|| Draft {
                token: started.token,
                version: asked.wave.version,
                code: started.code,
                answers: asked.survey.layout.encode(&blank),
            });
            let target = first_page(&asked.survey.survey);
            Ok(Visit { answers: blank, page, draft, asked }.go(&web, target))
        }
        Err(error) => cannot_start(&page, &asked, &path, &reading, typed, error, &web).await,
    }
}

async fn cannot_start(
    page: &Page,
    asked: &Asked,
    path: &WavePath,
    reading: &Reading,
    typed: Option<&str>,
    error: StartError,
    web: &Web,
) -> Result<Response, PageError> {
    let fault = match error {
        StartError::CodeMissing => CodeFault::Missing,
        StartError::CodeMistyped(error) => CodeFault::Malformed(error),
        StartError::CodeUnknown => CodeFault::Unknown,
        StartError::CodeAlreadyCounted => CodeFault::AlreadyCounted,
        StartError::Lookup(error) => return Err(PageError::lookup(page, &error)),
        StartError::Store(error) => return Err(PageError::store(page, &error)),
        StartError::NotAccepting(_) => {
            let shown = show(
                State(web.clone()),
                Path(WavePath { survey: path.survey.clone(), wave: path.wave.clone() }),
                reading.clone(),
                HeaderMap::new(),
            )
            .await?;
            return Ok(with_status(shown, axum::http::StatusCode::FORBIDDEN));
        }
    };
    let shown = start_page(page, asked, &StartState::Open)
        .with_code_fault(typed.unwrap_or_default(), fault);
    Ok(super::unprocessable(render(&shown)))
}

fn with_status(mut response: Response, status: axum::http::StatusCode) -> Response {
    *response.status_mut() = status;
    // The page stays what it is; only its status says that nothing was begun.
    let _ = add_cookie;
    response
}
