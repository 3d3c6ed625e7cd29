//! The first page: what can be answered and what can be read.

use axum::{extract::State, response::Response};

use super::{
    Web,
    error::{PageError, render},
    language::Reading,
};
use crate::{
    domain::{channel::Channel, wave::AccessRule},
    service::{
        lookup,
        report::{Reader, may_read},
    },
    store::{self, StoreError},
    view::{HomePage, OpenWave, Page, ReadableResult},
};

pub async fn show(State(web): State<Web>, reading: Reading) -> Result<Response, PageError> {
    let page = reading.page();
    let shown = home_page(&web, &page)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    Ok(render(&shown))
}

async fn home_page(web: &Web, page: &Page) -> Result<HomePage, StoreError> {
    let services = &web.services;
    let now = services.now();
    let (mut open, mut results) = (Vec::new(), Vec::new());
    for wave in store::wave::all(&services.db).await? {
        let survey = lookup::survey(services, wave.version)
            .await?
            .survey
            .title
            .clone();
        let has_begun = now >= wave.spec.opens;
        if has_begun && may_read(&wave, Reader::Public) {
            results.push(ReadableResult {
                key: wave.key.clone(),
                survey: survey.clone(),
                wave: wave.spec.title.clone(),
            });
        }
        if wave.accepts(Channel::Online, now).is_ok() {
            let (closes, offset) = (wave.spec.closes, wave.spec.offset());
            open.push(OpenWave {
                by_code: wave.spec.access == AccessRule::Code,
                key: wave.key,
                survey,
                wave: wave.spec.title,
                closes,
                offset,
            });
        }
    }
    Ok(HomePage::new(page, &open, &results))
}
