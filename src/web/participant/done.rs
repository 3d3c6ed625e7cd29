//! Thank you, and the receipt.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{WavePath, expired, find};
use crate::{
    domain::wave::Wave,
    service::report::{Reader, may_read},
    view::DonePage,
    web::{
        Web, draft,
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
    let (asked, page) = find(&web, &path, &reading).await?;
    let key = &asked.wave.key;
    let token = draft::counted_visit(&web, key, &headers).ok_or_else(|| expired(&page, &asked))?;
    let survey = &asked.survey.survey;
    Ok(render(&DonePage::new(
        &page,
        survey,
        key,
        &token.receipt(),
        results_now(&asked.wave),
    )))
}

pub fn results_now(wave: &Wave) -> bool {
    may_read(wave, Reader::Public)
}
