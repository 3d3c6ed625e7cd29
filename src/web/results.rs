//! The results of a wave: as a page, as JSON and as tables.

use axum::{
    extract::{FromRequestParts, State},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};

use super::{
    Web,
    error::{PageError, render},
    extract::InWave,
    guard,
    language::Reading,
};
use crate::{
    domain::role::Permission,
    service::report::{self, Reader},
    tally::{disclosure::PublishedReport, report::Report},
    view::{LiveNote, MorePage, Page, ResultsPage, change_csv, table_csv},
};

/// The report that the address names, as far as whoever asks may read it, and a page in their
/// language.
pub struct Shown {
    published: PublishedReport,
    reader: Reader,
    page: Page,
}

impl FromRequestParts<Web> for Shown {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let InWave(key) = InWave::from_request_parts(parts, web).await?;
        let reading = Reading::of(&parts.headers, &parts.method, &parts.uri);
        let page = reading.page();
        let user = guard::user_of(web, &parts.headers)
            .await
            .map_err(|e| PageError::store(&page, &e))?;
        let reader = if user.is_some_and(|user| user.role.may(Permission::ReadResults)) {
            Reader::Staff
        } else {
            Reader::Public
        };
        let published = report::of_wave(&web.services, &key, reader)
            .await
            .map_err(|error| PageError::report(&page, &error))?;
        let page = reading.page_of(&published.report().survey.languages);
        Ok(Self {
            published,
            reader,
            page,
        })
    }
}

impl Shown {
    fn report(&self) -> &Report {
        self.published.report()
    }
}

pub async fn show(State(web): State<Web>, shown: Shown) -> Response {
    let report = shown.report();
    let live = (report.wave.state == "open").then_some(LiveNote {
        minimum: web.services.disclosure.minimum,
    });
    let preview = shown.reader == Reader::Staff && report.wave.state != "published";
    render(&ResultsPage::new(&shown.page, report, live, preview))
}

pub async fn more(shown: Shown) -> Response {
    render(&MorePage::new(&shown.page, shown.report()))
}

pub async fn json(shown: Shown) -> Response {
    axum::Json(shown.published).into_response()
}

pub async fn csv(shown: Shown) -> Response {
    let csv = table_csv(shown.report(), shown.page.lang());
    attached(shown.report(), "", csv)
}

pub async fn changes(shown: Shown) -> Response {
    let csv = change_csv(shown.report(), shown.page.lang());
    attached(shown.report(), "-changes", csv)
}

fn attached(report: &Report, what: &str, csv: String) -> Response {
    let (survey, wave) = (&report.survey.key, &report.wave.name);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{survey}-{wave}{what}.csv\""),
        ),
    ];
    (headers, csv).into_response()
}
