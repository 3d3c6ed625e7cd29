//! The batches of a wave: what waits for whom, opening the next, and how the keying is checked.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    post::{knows_names, said},
    sentence,
};
use crate::{
    domain::{
        id::UserId,
        key::WaveKey,
        keying::{KeyingPlan, Pass, SampledPlan, SheetForm, StateName, USUAL_BATCH},
        moment::Moment,
        role::Permission,
    },
    service::{
        change_batch::PaperError,
        open_batch,
        post_overview::{self, BatchesOverview},
    },
    store::keying_work::BatchLine,
    view::{BatchRow, Holder, Page, StaffBatches, StaffBatchesPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::{InQuery, InWave},
        form::Fields,
        guard::CurrentUser,
    },
};

/// One list, and a page of it.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    state: Option<String>,
    page: Option<String>,
}

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    InQuery(wanted): InQuery<Wanted>,
) -> Result<Response, PageError> {
    Ok(render(&batches_page(&web, &user, &key, &wanted).await?))
}

pub async fn open(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    fields: Fields,
) -> Result<Response, PageError> {
    let typed = |name| fields.get(name).unwrap_or_default().trim();
    let (envelopes, sheets) = (typed("envelopes"), typed("sheets"));
    let opened = match (envelopes.parse(), sheets.parse()) {
        (Ok(envelopes), Ok(sheets)) => {
            open_batch::open(&web.services, &user.actor(), &key, envelopes, sheets).await
        }
        (numbers, _) => {
            let field = if numbers.is_err() {
                "envelopes"
            } else {
                "sheets"
            };
            let page = batches_page(&web, &user, &key, &Wanted::default()).await?;
            let text = format!("Write the number of {field} in digits.");
            let page = page.with_typed(envelopes, sheets).with_fault(field, &text);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response());
        }
    };
    match opened {
        Ok(number) => Ok(see_other(&format!("/staff/w/{key}/batches/{number}"))),
        Err(error) => {
            let why = said(&Page::for_staff("/staff"), error)?;
            let page = batches_page(&web, &user, &key, &Wanted::default()).await?;
            let page = page.with_typed(envelopes, sheets).with_notice(why);
            Ok((StatusCode::CONFLICT, render(&page)).into_response())
        }
    }
}

pub async fn choose_plan(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    fields: Fields,
) -> Result<Response, PageError> {
    let chosen = match plan(&fields) {
        Ok(plan) => open_batch::choose_plan(&web.services, &user.actor(), &key, plan).await,
        Err(error) => Err(error),
    };
    let Err(error) = chosen else {
        return Ok(see_other(&format!("/staff/w/{key}/batches")));
    };
    let page = batches_page(&web, &user, &key, &Wanted::default()).await?;
    if let PaperError::Plan(error) = error {
        let text = format!("{}.", sentence(&error.to_string()));
        let page = page.with_fault("percent", &text);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response());
    }
    let page = page.with_notice(said(&Page::for_staff("/staff"), error)?);
    Ok((StatusCode::CONFLICT, render(&page)).into_response())
}

/// What is no number is out of every range.
fn plan(fields: &Fields) -> Result<Option<SampledPlan>, PaperError> {
    if fields.get("plan") != Some("sampled") {
        return Ok(None);
    }
    let typed = |name| fields.get(name).unwrap_or_default().trim();
    let percent = typed("percent").parse().unwrap_or(0);
    let accepted = typed("accepted").parse().unwrap_or(u32::MAX);
    Ok(Some(SampledPlan::new(percent, accepted)?))
}

async fn batches_page(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
    wanted: &Wanted,
) -> Result<StaffBatchesPage, PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}/batches"), user.0.role);
    let overview = post_overview::batches(&web.services, key, user.0.id)
        .await
        .map_err(|error| PageError::lookup(&page, &error))?;
    Ok(StaffBatchesPage::new(
        &page,
        &shown(&overview, user, wanted),
    ))
}

fn shown(overview: &BatchesOverview, user: &CurrentUser, wanted: &Wanted) -> StaffBatches {
    let lines = overview
        .lines
        .iter()
        .map(|line| row(overview, user, line))
        .collect();
    let asked = &overview.asked;
    let fields = SheetForm::of(&asked.survey.survey).fields().len();
    let list = wanted.state.as_deref();
    let wave = &asked.wave;
    StaffBatches {
        survey: asked.survey.survey.title.clone(),
        offset: wave.spec.offset(),
        is_open: post_overview::is_open(asked),
        lines,
        waiting: overview.waiting,
        usual: USUAL_BATCH,
        plan: overview.plan,
        fields: u32::try_from(fields).unwrap_or(u32::MAX),
        may_settle: user.0.role.may(Permission::SettlePaper),
        list: list.and_then(|name| name.parse().ok()),
        page: wanted
            .page
            .as_deref()
            .and_then(|page| page.parse().ok())
            .unwrap_or(1),
        key: wave.key.clone(),
        wave: wave.spec.title.clone(),
    }
}

fn row(overview: &BatchesOverview, user: &CurrentUser, line: &BatchLine) -> BatchRow {
    let state = line.state;
    let keyed = |pass: Pass| line.keyed.get(&pass).copied().unwrap_or(0);
    let again = match overview.plan {
        KeyingPlan::Sampled(plan) if line.is_sampled => plan.sample_of(line.sheets),
        _ => line.sheets,
    };
    let (done, of) = match state {
        StateName::FirstKeying => (keyed(Pass::First), Some(line.sheets)),
        StateName::SecondKeying => (keyed(Pass::Second), Some(again)),
        StateName::Resolving => (keyed(Pass::Decision), None),
        _ => (0, None),
    };
    let has_keyed = |pass| overview.own.contains(&(line.id, line.round, pass));
    let name = |by| overview.names.get(&by).cloned();
    BatchRow {
        number: line.number,
        envelopes: line.envelopes,
        sheets: line.sheets,
        state,
        done,
        of,
        holder: holder(user, line.claim, overview.now, name),
        is_barred: match state {
            StateName::SecondKeying => has_keyed(Pass::First),
            StateName::Resolving => has_keyed(Pass::First) || has_keyed(Pass::Second),
            _ => false,
        },
    }
}

/// A pile whose time is over is free to others; whoever had it may still go on.
pub(super) fn holder(
    user: &CurrentUser,
    claim: Option<(UserId, Moment)>,
    now: Moment,
    name: impl Fn(UserId) -> Option<String>,
) -> Holder {
    match claim {
        Some((by, until)) if by == user.0.id => Holder::You(until),
        Some((by, until)) if until > now => {
            Holder::Other(name(by).filter(|_| knows_names(user.0.role)), until)
        }
        _ => Holder::Nobody,
    }
}
