//! All questions on one page.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{Arrival, Visit, WavePath, raw, unprocessable};
use crate::{
    domain::answer::{AnswerFault, Answers, Blanks, RawAnswers},
    view::AllQuestionsPage,
    web::{
        Web,
        error::{PageError, render},
        extract::InPath,
        form::Fields,
        language::Reading,
    },
};

pub async fn show(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let visit = match Visit::resume(&web, &path, &reading, &headers, None).await? {
        Arrival::Visit(visit) => visit,
        Arrival::Instead(response) => return Ok(response),
    };
    Ok(page(
        &web,
        &visit,
        &raw(visit.survey(), &visit.answers),
        &[],
    ))
}

pub async fn answer(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let mut visit = match Visit::resume(&web, &path, &reading, &headers, Some(&fields)).await? {
        Arrival::Visit(visit) => visit,
        Arrival::Instead(response) => return Ok(response),
    };
    let posted = fields.answers();
    match Answers::check(visit.survey(), &posted, Blanks::AsSurveySays) {
        Ok(answers) => {
            visit.answers = answers;
            visit.keep();
            Ok(visit.go(&web, "check"))
        }
        Err(faults) => Ok(unprocessable(page(&web, &visit, &posted, &faults))),
    }
}

fn page(web: &Web, visit: &Visit, chosen: &RawAnswers, faults: &[AnswerFault]) -> Response {
    let sealed = visit.sealed(web);
    render(&AllQuestionsPage::new(
        &visit.page,
        visit.survey(),
        visit.key(),
        chosen,
        faults,
        &sealed,
    ))
}
