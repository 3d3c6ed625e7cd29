//! Check your answers before you send them.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{Arrival, Visit, WavePath, raw};
use crate::{
    domain::answer::AnswerFault,
    view::CheckPage,
    web::{
        Web,
        error::{PageError, render},
        extract::InPath,
        language::Reading,
    },
};

pub async fn show(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    match Visit::resume(&web, &path, &reading, &headers, None).await? {
        Arrival::Visit(visit) => Ok(page(&web, &visit, &visit.answers.missing(visit.survey()))),
        Arrival::Instead(response) => Ok(response),
    }
}

pub fn page(web: &Web, visit: &Visit, faults: &[AnswerFault]) -> Response {
    let chosen = raw(visit.survey(), &visit.answers);
    let sealed = visit.sealed(web);
    render(&CheckPage::new(
        &visit.page,
        visit.survey(),
        visit.key(),
        &chosen,
        faults,
        &sealed,
    ))
}
