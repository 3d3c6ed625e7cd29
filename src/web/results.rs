//! The results of a wave: as a page, as JSON and as a table.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{
    Web,
    error::{PageError, render},
    extract::InPath,
    guard,
    language::Reading,
    participant::WavePath,
};
use crate::{
    service::report::{self, Reader},
    tally::disclosure::PublishedReport,
    view::{LiveNote, MorePage, Page, ResultsPage, change_csv, table_csv},
};

pub async fn show(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (published, reader) = read(&web, &path, &reading, &headers).await?;
    let report = published.report();
    let page = reading.page_of(&report.survey.languages);
    let live = (report.wave.state == "open").then_some(LiveNote {
        minimum: web.services.disclosure.minimum,
    });
    let preview = reader == Reader::Staff && report.wave.state != "published";
    Ok(render(&ResultsPage::new(&page, report, live, preview)))
}

pub async fn more(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (published, _) = read(&web, &path, &reading, &headers).await?;
    let report = published.report();
    let page = reading.page_of(&report.survey.languages);
    Ok(render(&MorePage::new(&page, report)))
}

pub async fn json(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (published, _) = read(&web, &path, &reading, &headers).await?;
    Ok(axum::Json(published).into_response())
}

pub async fn csv(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (published, _) = read(&web, &path, &reading, &headers).await?;
    let report = published.report();
    let page: Page = reading.page_of(&report.survey.languages);
    let name = format!("{}-{}.csv", report.survey.key, report.wave.name);
    Ok(attached(&name, table_csv(report, page.lang())))
}

pub async fn changes(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (published, _) = read(&web, &path, &reading, &headers).await?;
    let report = published.report();
    let page = reading.page_of(&report.survey.languages);
    let name = format!("{}-{}-changes.csv", report.survey.key, report.wave.name);
    Ok(attached(&name, change_csv(report, page.lang())))
}

fn attached(name: &str, csv: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, csv).into_response()
}

async fn read(
    web: &Web,
    path: &WavePath,
    reading: &Reading,
    headers: &HeaderMap,
) -> Result<(PublishedReport, Reader), PageError> {
    let page = reading.page();
    let key = path.key(reading)?;
    let user = guard::user_of(web, headers)
        .await
        .map_err(|e| PageError::store(&page, &e))?;
    let reader = if user.is_some() {
        Reader::Staff
    } else {
        Reader::Public
    };
    let published = report::of_wave(&web.services, &key, reader)
        .await
        .map_err(|error| PageError::report(&page, &error))?;
    Ok((published, reader))
}
