//! Stopping the mails of a subscription: a page that asks, and the press that does it. Mail programs
//! press it by themselves when their reader asks them to (RFC 8058), without a cookie.

use axum::{extract::State, response::Response};

use super::{
    Web,
    error::{PageError, render},
    extract::InPath,
    language::Reading,
};
use crate::{
    domain::text::Text,
    service::{lookup, subscribe},
    store::{self, StoreError, mail::Subscriber},
    view::{ErrorKind, Page, UnsubscribePage, UnsubscribeState},
};

pub async fn ask(
    State(web): State<Web>,
    InPath(token): InPath<String>,
    reading: Reading,
) -> Result<Response, PageError> {
    let page = reading.page();
    let (_, title) = find(&web, &token, &page).await?;
    Ok(render(&UnsubscribePage::new(
        &page,
        &token,
        &title,
        UnsubscribeState::Ask,
    )))
}

pub async fn stop(
    State(web): State<Web>,
    InPath(token): InPath<String>,
    reading: Reading,
) -> Result<Response, PageError> {
    let page = reading.page();
    let (subscriber, title) = find(&web, &token, &page).await?;
    subscribe::stop(&web.services, &subscriber)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    Ok(render(&UnsubscribePage::new(
        &page,
        &token,
        &title,
        UnsubscribeState::Done,
    )))
}

async fn find(web: &Web, token: &str, page: &Page) -> Result<(Subscriber, Text), PageError> {
    let subscriber = subscribe::by_stop_token(&web.services, token)
        .await
        .map_err(|error| PageError::store(page, &error))?
        .ok_or_else(|| PageError::new(page, ErrorKind::NotFound))?;
    let title = title(web, &subscriber)
        .await
        .map_err(|error| PageError::store(page, &error))?;
    Ok((subscriber, title))
}

async fn title(web: &Web, subscriber: &Subscriber) -> Result<Text, StoreError> {
    let wave = store::wave::get(&web.services.db, subscriber.wave).await?;
    Ok(lookup::survey(&web.services, wave.version)
        .await?
        .survey
        .title
        .clone())
}
