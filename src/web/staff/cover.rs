//! The cover sheet of a batch, to be printed and laid on its pile.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};

use super::{batch::BatchPath, post::instead};
use crate::{
    service::post_overview,
    view::print::{Cover, cover_html},
    web::{Web, error::PageError, extract::InPath, language::Reading},
};

pub async fn show(
    State(web): State<Web>,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let page = reading.page();
    let (key, number) = path.read(&reading)?;
    let overview = post_overview::batch(&web.services, &key, number)
        .await
        .map_err(|error| instead(&page, error))?;
    let papers = overview.batch.state.papers();
    let cover = Cover {
        number,
        envelopes: papers.envelopes,
        sheets: papers.sheets(),
        address: format!(
            "{}/staff/w/{key}/batches/{number}",
            web.public_url.trim_end_matches('/')
        ),
    };
    let asked = &overview.asked;
    cover_html(&asked.survey.survey, &asked.wave.spec, &cover)
        .map(|html| Html(html).into_response())
        .map_err(|error| PageError::server(&page, &error))
}
