//! One wave: its totals, its books, its subscribers, and the step that comes next.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    domain::{channel::Channel, key::WaveKey, role::Permission, wave::WaveState},
    service::{
        close_wave, open_wave, requests,
        subscribe::{self, SubscribeError},
        wave_overview::{self, Overview},
    },
    view::{
        Balance, MailRow, MailState, Page, StaffClosePage, StaffWave, StaffWavePage, WaveReader,
    },
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InWave,
        form::Fields,
        guard::CurrentUser,
    },
};

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    Ok(render(&wave_page(&web, &user, &key).await?))
}

pub async fn open(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    let outcome = open_wave::open(&web.services, &user.actor(), &key).await;
    done(&web, &user, &key, outcome).await
}

/// What closing does, and whether it is meant.
pub async fn ask_to_close(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}/close"), user.0.role);
    let overview = wave_overview::overview(&web.services, &key)
        .await
        .map_err(|error| PageError::lookup(&page, &error))?;
    let wave = &overview.asked.wave;
    if !matches!(wave.state, WaveState::Open(open) if open.stopped_at.is_none()) {
        return Ok(see_other(&format!("/staff/w/{key}")));
    }
    let mails = overview.subscribers.iter().filter(|s| !s.stopped).count();
    Ok(render(&StaffClosePage::new(
        &page,
        wave,
        &overview.asked.survey.survey,
        web.services.now() < wave.spec.closes,
        overview.people,
        u64::try_from(mails).unwrap_or(u64::MAX),
    )))
}

/// Ends the taking of answers; the schedule closes the wave once the last of them are in.
pub async fn close(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    let outcome = close_wave::stop_collecting(&web.services, &user.actor(), &key).await;
    done(&web, &user, &key, outcome.map(|_| ())).await
}

pub async fn subscribe(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    fields: Fields,
) -> Result<Response, PageError> {
    let typed = fields.get("email").unwrap_or_default();
    match subscribe::subscribe(&web.services, &user.actor(), &key, typed).await {
        Err(error @ SubscribeError::NotAnAddress) => {
            let page = wave_page(&web, &user, &key)
                .await?
                .with_address_fault(typed, &error.to_string());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
        outcome => done(&web, &user, &key, outcome).await,
    }
}

pub async fn remove(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = fields.get("subscriber").and_then(|id| id.parse().ok());
    let id = id.unwrap_or_default();
    let outcome = subscribe::remove(&web.services, &user.actor(), &key, id).await;
    done(&web, &user, &key, outcome).await
}

/// Back to the page of the wave, or there at once with the reason why nothing was done.
pub(super) async fn done(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
    outcome: Result<(), impl std::fmt::Display>,
) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => Ok(see_other(&format!("/staff/w/{key}"))),
        Err(error) => {
            let page = wave_page(web, user, key)
                .await?
                .with_notice(format!("Nothing was done: {error}."));
            Ok((StatusCode::CONFLICT, render(&page)).into_response())
        }
    }
}

pub(super) async fn wave_page(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
) -> Result<StaffWavePage, PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}"), user.0.role);
    let overview = wave_overview::overview(&web.services, key)
        .await
        .map_err(|error| PageError::lookup(&page, &error))?;
    let listed = requests::list(&web.services)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    let of_wave = listed.waiting.iter().filter(|row| row.wave.key == *key);
    let waiting = u64::try_from(of_wave.count()).unwrap_or(0);
    let role = user.0.role;
    let reader = WaveReader {
        runs_waves: role.may(Permission::RunWaves),
        reads_results: role.may(Permission::ReadResults),
        handles_post: role.may(Permission::HandlePost)
            && overview.asked.wave.spec.channels.contains(&Channel::Postal),
    };
    let shown = StaffWave {
        waiting,
        ..shown(overview, reader)
    };
    Ok(StaffWavePage::new(&page, &shown).for_role(user.0.role))
}

fn shown(overview: Overview, reader: WaveReader) -> StaffWave {
    let survey = &overview.asked.survey.survey;
    let wave = overview.asked.wave;
    StaffWave {
        survey: survey.title.clone(),
        languages: survey.languages.clone(),
        state: wave.state,
        is_ending: matches!(wave.state, WaveState::Open(open) if open.stopped_at.is_some()),
        paper_waits: overview.paper.waits(),
        access: wave.spec.access,
        results: wave.spec.results,
        opens: wave.spec.opens,
        closes: wave.spec.closes,
        offset: wave.spec.offset(),
        channels: overview.channels,
        balances: overview
            .conservation
            .equations
            .into_iter()
            .map(|equation| Balance {
                what: equation.what,
                whole: equation.whole,
                parts: equation.parts,
            })
            .collect(),
        subscribers: overview
            .subscribers
            .into_iter()
            .filter(|subscriber| !subscriber.stopped)
            .map(|subscriber| (subscriber.id, subscriber.email))
            .collect(),
        mails: overview
            .mails
            .into_iter()
            .map(|mail| MailRow {
                to: mail.email,
                state: match mail.state.as_str() {
                    "sent" => MailState::Sent,
                    "parked" => MailState::Parked,
                    _ => MailState::Queued,
                },
                tries: u32::try_from(mail.attempts).unwrap_or(0),
            })
            .collect(),
        waiting: 0,
        reader,
        key: wave.key,
        wave: wave.spec.title,
    }
}
