//! The first page of a wave, and the button that begins.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use super::{Visit, WavePath, find, first_page, unprocessable};
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
        extract::InPath,
        form::Fields,
        language::Reading,
        network::Network,
    },
};

pub async fn show(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (asked, page) = find(&web, &path, &reading).await?;
    let state = state_of(&web, &asked, &headers, web.services.now());
    let state = state.ok_or_else(|| PageError::new(&page, ErrorKind::NotOnline))?;
    Ok(render(&start_page(&page, &asked, &state)))
}

/// None for a wave that has no online channel: it has no page.
fn state_of(web: &Web, asked: &Asked, headers: &HeaderMap, now: Moment) -> Option<StartState> {
    let wave = &asked.wave;
    // With a code, the code says who is counted, and a family may share a browser.
    let counted = draft::counted_visit(web, &wave.key, headers)
        .filter(|_| wave.spec.access == AccessRule::Open);
    if let Some(token) = counted {
        return Some(StartState::AlreadyCounted {
            receipt: token.receipt(),
        });
    }
    match wave.accepts(Channel::Online, now) {
        Ok(()) => Some(StartState::Open),
        Err(reason) => not_accepting(asked, reason),
    }
}

fn not_accepting(asked: &Asked, reason: NotAccepting) -> Option<StartState> {
    match reason {
        NotAccepting::NotYetOpen { opens } => Some(StartState::NotYetOpen { opens }),
        NotAccepting::Closed { closed } => Some(StartState::Closed {
            closed,
            results: may_read(&asked.wave, Reader::Public),
        }),
        NotAccepting::Channel => None,
    }
}

pub fn start_page(page: &Page, asked: &Asked, state: &StartState) -> StartPage {
    StartPage::new(
        page,
        &asked.survey.survey,
        &asked.wave.key,
        &asked.wave.spec,
        state,
    )
}

pub async fn begin(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    Network(network): Network,
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
    match start_response::start(&web.services, key, typed, &network, received).await {
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
            Ok(Visit {
                answers: blank,
                page,
                draft,
                asked,
            }
            .go(&web, target))
        }
        Err(error) => cannot_start(&page, &asked, &reading, (typed, received), error),
    }
}

fn cannot_start(
    page: &Page,
    asked: &Asked,
    reading: &Reading,
    (typed, now): (Option<&str>, Moment),
    error: StartError,
) -> Result<Response, PageError> {
    if let StartError::NotAccepting(reason) = error {
        let state = not_accepting(asked, reason)
            .ok_or_else(|| PageError::new(page, ErrorKind::NotOnline))?;
        let shown = render(&start_page(page, asked, &state));
        return Ok((StatusCode::FORBIDDEN, shown).into_response());
    }
    let fault = code_fault(page, reading, now, error)?;
    let shown = start_page(page, asked, &StartState::Open)
        .with_code_fault(typed.unwrap_or_default(), fault);
    Ok(unprocessable(render(&shown)))
}

/// What is wrong with a typed code, where that is why nobody could start.
pub fn code_fault(
    page: &Page,
    reading: &Reading,
    now: Moment,
    error: StartError,
) -> Result<CodeFault, PageError> {
    match error {
        StartError::CodeMissing => Ok(CodeFault::Missing),
        StartError::CodeMistyped(error) => Ok(CodeFault::Malformed(error)),
        StartError::CodeUnknown => Ok(CodeFault::Unknown),
        StartError::CodeAlreadyCounted => Ok(CodeFault::AlreadyCounted),
        // Words of ours only, which are there in more languages than the survey's.
        StartError::TooManyWrongCodes(stopped) => {
            let wait = stopped.until.saturating_since(now);
            Err(PageError::too_many_codes(&reading.page(), wait))
        }
        StartError::NotAccepting(_) => Err(PageError::new(page, ErrorKind::NotOnline)),
        StartError::Lookup(error) => Err(PageError::lookup(page, &error)),
        StartError::Store(error) => Err(PageError::store(page, &error)),
    }
}
