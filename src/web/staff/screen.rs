//! The screen in a hall: nothing to press, and nothing that the public may not know.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue},
    response::Response,
};
use serde::Deserialize;

use crate::{
    domain::{
        channel::Channel,
        wave::{NotAccepting, Wave, WaveState},
    },
    service::{
        lookup,
        report::{self, Reader, ReportError},
    },
    store::{self, StoreError},
    tally::disclosure::PublishedReport,
    view::{ErrorKind, Page, ScreenPage, ScreensPage, Taking},
    web::{
        Web,
        error::{PageError, render},
        extract::{InPath, InQuery},
        guard::CurrentUser,
        language::Reading,
        participant::{self, WavePath},
    },
};

/// A slide stands this long: time to read it from the last row.
const SECONDS: u32 = 15;

pub async fn list(State(web): State<Web>, user: CurrentUser) -> Result<Response, PageError> {
    let page = Page::for_role("/staff/screen", user.0.role);
    let shown = screens(&web, &page)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    Ok(render(&shown))
}

async fn screens(web: &Web, page: &Page) -> Result<ScreensPage, StoreError> {
    let mut waves = Vec::new();
    for wave in store::wave::all(&web.services.db).await? {
        if !matches!(wave.state, WaveState::Draft(_)) {
            let survey = lookup::survey(&web.services, wave.version).await?;
            waves.push((wave, survey.survey.title.clone()));
        }
    }
    Ok(ScreensPage::new(page, &waves))
}

#[derive(Debug, Deserialize)]
pub struct Slide {
    #[serde(default)]
    slide: usize,
}

pub async fn show(
    State(web): State<Web>,
    InPath(path): InPath<WavePath>,
    InQuery(Slide { slide }): InQuery<Slide>,
    reading: Reading,
) -> Result<Response, PageError> {
    let (asked, page) = participant::find(&web, &path, &reading).await?;
    let key = &asked.wave.key;
    if matches!(asked.wave.state, WaveState::Draft(_)) {
        return Err(PageError::new(&page, ErrorKind::NotFound));
    }
    let published = match report::of_wave(&web.services, key, Reader::Public).await {
        Ok(published) => Some(published),
        Err(ReportError::NotPublished(_)) => None,
        Err(error) => return Err(PageError::report(&page, &error)),
    };
    let report = published.as_ref().map(PublishedReport::report);
    let title = &asked.survey.survey.title;
    let taking = taking(&web, &asked.wave);
    let screen = ScreenPage::new(&page, title, &asked.wave, &taking, report, slide);
    let next = screen.next();
    let mut response = render(&screen);
    let refresh = format!("{SECONDS}; url=/staff/screen/{key}?slide={next}");
    if let Ok(value) = HeaderValue::from_str(&refresh) {
        let name = HeaderName::from_static("refresh");
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

fn taking(web: &Web, wave: &Wave) -> Taking {
    let now = web.services.now();
    let answers = Channel::ALL.map(|channel| wave.accepts(channel, now));
    let [online, ..] = &answers;
    if online.is_ok() {
        let url = web.public_url();
        let address = url.split_once("://").map_or(url, |(_, rest)| rest);
        Taking::Online {
            address: format!("{address}/w/{}", wave.key),
        }
    } else if answers.iter().any(Result::is_ok) {
        Taking::OnPaper
    } else if matches!(online, Err(NotAccepting::NotYetOpen { .. })) {
        Taking::NotYet
    } else {
        Taking::Ended
    }
}
