//! Sending the answers. The page that was checked carries them, sealed: what was shown is what is
//! counted, whatever another tab has changed since.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{
    Arrival, Visit, WavePath, add_cookie, check, expired, not_accepting, start, unprocessable,
};
use crate::{
    domain::receipt::{Receipt, VisitToken},
    service::submit::{self, Submission, SubmitError, Submitted},
    view::{DonePage, ErrorKind, ErrorPage, StartState},
    web::{
        Web,
        draft::{self, Draft},
        error::{PageError, render, see_other},
        extract::InPath,
        form::Fields,
        language::Reading,
    },
};

pub async fn submit(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    // The whole request is here: this is the moment that the closing time is held against.
    let received = web.services.now();
    let visit = match Visit::as_checked(&web, &path, &reading, &headers, &fields).await? {
        Arrival::Visit(visit) => visit,
        Arrival::Instead(response) => return Ok(response),
    };
    let submission = Submission {
        wave: visit.key().clone(),
        token: visit.draft.token.clone(),
        code: visit.draft.code.clone(),
        answers: visit.draft.answers.clone(),
        received,
    };
    match submit::submit(&web.services, submission).await {
        Ok(
            Submitted::Counted(receipt)
            | Submitted::CountedBefore {
                receipt,
                as_sent: true,
            },
        ) => Ok(counted(&web, &visit, &receipt, &headers)),
        Ok(Submitted::CountedBefore { receipt, .. }) => Ok(counted_before(&web, &visit, receipt)),
        Err(error) => refused(&web, &visit, error),
    }
}

fn counted(web: &Web, visit: &Visit, receipt: &Receipt, headers: &HeaderMap) -> Response {
    let token: &VisitToken = &visit.draft.token;
    let key = visit.key();
    // A browser that keeps no cookies could not show the receipt on a page of its own.
    let keeps_cookies = Draft::of_browser(web, key, headers).is_some();
    let mut response = if keeps_cookies {
        see_other(&format!("/w/{key}/done"))
    } else {
        let live = super::done::results_now(&visit.asked.wave);
        render(&DonePage::new(
            &visit.page,
            visit.survey(),
            key,
            receipt,
            live,
        ))
    };
    add_cookie(&mut response, draft::counted_cookie(web, key, token));
    add_cookie(&mut response, Draft::clear(web, key));
    response
}

/// No thanks: what this page carried is not what was counted then.
fn counted_before(web: &Web, visit: &Visit, receipt: Receipt) -> Response {
    let state = StartState::AlreadyCounted { receipt };
    let mut response = render(&start::start_page(&visit.page, &visit.asked, &state));
    let cookie = draft::counted_cookie(web, visit.key(), &visit.draft.token);
    add_cookie(&mut response, cookie);
    response
}

fn refused(web: &Web, visit: &Visit, error: SubmitError) -> Result<Response, PageError> {
    let page = &visit.page;
    let kept = |kind| {
        Err(PageError::from_page(
            ErrorPage::new(page, kind).keeping(visit.kept()),
        ))
    };
    match error {
        SubmitError::Faults(faults) => Ok(unprocessable(check::page(web, visit, &faults))),
        SubmitError::NotAccepting(reason) => {
            Err(not_accepting(page, &visit.asked, reason, visit.kept()))
        }
        SubmitError::CodeMissing | SubmitError::CodeUnknown => kept(ErrorKind::CodeUnknown),
        SubmitError::CodeAlreadyCounted => kept(ErrorKind::CodeAlreadyCounted),
        SubmitError::Layout(_) => Err(expired(page, &visit.asked)),
        SubmitError::Lookup(error) => Err(PageError::lookup(page, &error)),
        SubmitError::Store(error) => Err(PageError::store(page, &error)),
        SubmitError::Append(error) => {
            tracing::error!(%error, "a response was not accepted");
            kept(ErrorKind::ServerError)
        }
    }
}
