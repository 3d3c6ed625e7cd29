//! What waits for a second person.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{id::RequestId, two_person::SensitiveAct},
    service::{
        Services, confirm_two_person, drop_two_person, lookup,
        requests::{self, Listed},
        two_person::TwoPersonError,
    },
    store::{StoreError, ledger_read},
    view::{Page, RequestRow, StaffRequestsPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InPath,
        guard::CurrentUser,
    },
};

#[derive(Debug, Deserialize)]
pub struct RequestPath {
    request: i64,
}

pub async fn list(State(web): State<Web>, user: CurrentUser) -> Result<Response, PageError> {
    Ok(render(&page(&web, &user).await?))
}

pub async fn confirm(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(RequestPath { request }): InPath<RequestPath>,
) -> Result<Response, PageError> {
    let outcome =
        confirm_two_person::confirm(&web.services, &user.actor(), RequestId(request)).await;
    done(&web, &user, outcome.map(|_| ())).await
}

pub async fn decline(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(RequestPath { request }): InPath<RequestPath>,
) -> Result<Response, PageError> {
    let outcome = drop_two_person::decline(&web.services, &user.actor(), RequestId(request)).await;
    done(&web, &user, outcome).await
}

pub async fn withdraw(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(RequestPath { request }): InPath<RequestPath>,
) -> Result<Response, PageError> {
    let outcome = drop_two_person::withdraw(&web.services, &user.actor(), RequestId(request)).await;
    done(&web, &user, outcome).await
}

async fn done(
    web: &Web,
    user: &CurrentUser,
    outcome: Result<(), TwoPersonError>,
) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => Ok(see_other("/staff/requests")),
        Err(TwoPersonError::Store(error)) => Err(PageError::store(&frame(user), &error)),
        Err(error) => {
            let notice = format!("Nothing was done: {error}.");
            let page = page(web, user).await?.with_notice(notice);
            Ok((StatusCode::CONFLICT, render(&page)).into_response())
        }
    }
}

fn frame(user: &CurrentUser) -> Page {
    Page::for_role("/staff/requests", user.0.role)
}

async fn page(web: &Web, user: &CurrentUser) -> Result<StaffRequestsPage, PageError> {
    let rows = rows(&web.services).await;
    let (waiting, decided) = rows.map_err(|error| PageError::store(&frame(user), &error))?;
    Ok(StaffRequestsPage::new(
        &frame(user),
        user.0.id,
        &waiting,
        &decided,
    ))
}

async fn rows(services: &Services) -> Result<(Vec<RequestRow>, Vec<RequestRow>), StoreError> {
    let listed = requests::list(services).await?;
    let mut lists = [Vec::new(), Vec::new()];
    for (rows, listed) in lists.iter_mut().zip([listed.waiting, listed.decided]) {
        for Listed {
            request,
            wave,
            asker,
            decider,
        } in listed
        {
            let survey = lookup::survey(services, wave.version).await?;
            let differences = match &request.act {
                SensitiveAct::ReplaceSheet { entry, sheet, .. } => {
                    ledger_read::entry_at(&services.db, wave.id, *entry)
                        .await?
                        .and_then(|entry| entry.sheet)
                        .map(|old| old.differences(sheet, &survey.survey))
                        .unwrap_or_default()
                }
                _ => Vec::new(),
            };
            rows.push(RequestRow {
                id: request.id,
                survey: survey.survey.title.clone(),
                wave,
                act: request.act,
                state: request.state,
                asker,
                decider,
                differences,
            });
        }
    }
    let [waiting, decided] = lists;
    Ok((waiting, decided))
}
