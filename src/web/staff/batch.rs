//! One batch: where it stands, and what is done to it beside keying.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    batches::holder,
    post::{instead, knows_names, said},
    sentence,
};
use crate::{
    domain::{
        id::UserId,
        key::WaveKey,
        keying::{BatchState, Pass, StateName},
        role::Permission,
        two_person::Reason,
    },
    service::{
        change_batch::PaperError,
        count_batch,
        post_overview::{self, BatchOverview},
        work_on_batch,
    },
    view::{Page, PileRow, StaffBatch, StaffBatchPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InPath,
        form::Fields,
        guard::CurrentUser,
        language::Reading,
        participant::WavePath,
    },
};

/// A batch of a wave, in an address.
#[derive(Debug, Deserialize)]
pub struct BatchPath {
    survey: String,
    wave: String,
    batch: u32,
}

impl BatchPath {
    pub fn read(&self, reading: &Reading) -> Result<(WaveKey, u32), PageError> {
        let key = WavePath::new(&self.survey, &self.wave).key(reading)?;
        Ok((key, self.batch))
    }
}

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let (key, number) = path.read(&reading)?;
    Ok(render(&batch_page(&web, &user, &key, number).await?))
}

pub async fn count_pile(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
    fields: Fields,
) -> Result<Response, PageError> {
    let (key, number) = path.read(&reading)?;
    let typed = |name| fields.get(name).unwrap_or_default().trim();
    let again = [typed("sheets"), typed("reason")];
    let Ok(sheets) = typed("sheets").parse() else {
        let fault = ("sheets", "write the number of sheets in digits");
        return typed_wrong(&web, &user, (&key, number), fault, again).await;
    };
    let reason = match Reason::new(typed("reason")) {
        Ok(reason) => reason,
        Err(error) => {
            let fault = ("reason", &*error.to_string());
            return typed_wrong(&web, &user, (&key, number), fault, again).await;
        }
    };
    let (services, actor) = (&web.services, user.actor());
    let done = work_on_batch::count_pile(services, &actor, &key, number, sheets, reason).await;
    over(&web, &user, (&key, number), done.map(|_| ())).await
}

pub async fn restart(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
    fields: Fields,
) -> Result<Response, PageError> {
    let (key, number) = path.read(&reading)?;
    let typed = fields.get("reason").unwrap_or_default();
    let reason = match Reason::new(typed) {
        Ok(reason) => reason,
        Err(error) => {
            let fault = ("why", &*error.to_string());
            return typed_wrong(&web, &user, (&key, number), fault, ["", typed]).await;
        }
    };
    let actor = user.actor();
    let done = work_on_batch::restart(&web.services, &actor, &key, number, reason).await;
    over(&web, &user, (&key, number), done.map(|_| ())).await
}

pub async fn count(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let (key, number) = path.read(&reading)?;
    let done = count_batch::count(&web.services, &user.actor(), &key, number).await;
    over(&web, &user, (&key, number), done.map(|_| ())).await
}

/// The batch again, with what is wrong with a field, and the number and the reason that were typed.
async fn typed_wrong(
    web: &Web,
    user: &CurrentUser,
    (key, number): (&WaveKey, u32),
    (field, fault): (&str, &str),
    [sheets, reason]: [&str; 2],
) -> Result<Response, PageError> {
    let text = format!("{}.", sentence(fault));
    let page = batch_page(web, user, key, number).await?;
    let page = page.with_fault(field, &text, sheets, reason);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

/// Back to the batch, or there at once with the reason why nothing was done.
async fn over(
    web: &Web,
    user: &CurrentUser,
    (key, number): (&WaveKey, u32),
    done: Result<(), PaperError>,
) -> Result<Response, PageError> {
    let Err(error) = done else {
        return Ok(see_other(&format!("/staff/w/{key}/batches/{number}")));
    };
    let why = said(&Page::for_staff("/staff"), error)?;
    let page = batch_page(web, user, key, number).await?.with_notice(why);
    Ok((StatusCode::CONFLICT, render(&page)).into_response())
}

async fn batch_page(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
    number: u32,
) -> Result<StaffBatchPage, PageError> {
    let path = format!("/staff/w/{key}/batches/{number}");
    let page = Page::for_role(&path, user.0.role);
    match post_overview::batch(&web.services, key, number).await {
        Ok(overview) => Ok(StaffBatchPage::new(&page, &shown(&overview, user))),
        Err(error) => Err(instead(&page, error)),
    }
}

fn shown(overview: &BatchOverview, user: &CurrentUser) -> StaffBatch {
    let (asked, batch) = (&overview.asked, &overview.batch);
    let (wave, papers) = (&asked.wave, batch.state.papers());
    let claim = batch.state.claimed().map(|claim| (claim.by, claim.until));
    let name = |by: UserId| overview.names.get(&by).cloned();
    let counts = papers.pile.counts().map(|count| PileRow {
        sheets: count.sheets,
        by: who(user, count.by, name(count.by)),
        reason: count.reason.as_ref().map(|r| r.as_str().to_owned()),
    });
    StaffBatch {
        key: wave.key.clone(),
        survey: asked.survey.survey.title.clone(),
        wave: wave.spec.title.clone(),
        offset: wave.spec.offset(),
        is_open: post_overview::is_open(asked),
        number: batch.number,
        envelopes: batch.envelopes,
        round: papers.round,
        state: StateName::of(&batch.state),
        books: papers.conservation(),
        pile: counts.collect(),
        doubt: match &batch.state {
            BatchState::Counting(counting) => {
                let pass = counting.found.map(|found| found.pass);
                Some((counting.expected, pass))
            }
            _ => None,
        },
        verdict: papers.sample.as_ref().map(|sample| sample.verdict),
        seed: papers
            .sample
            .as_ref()
            .filter(|_| papers.keyed_in(Pass::Second) > 0)
            .map(|sample| sample.seed_of(papers.round)),
        holder: holder(user, claim, overview.now, name),
        counted: overview.counted,
        may_settle: user.0.role.may(Permission::SettlePaper),
    }
}

fn who(user: &CurrentUser, by: UserId, name: Option<String>) -> String {
    if by == user.0.id {
        return "you".to_owned();
    }
    name.filter(|_| knows_names(user.0.role))
        .unwrap_or_else(|| "somebody else".to_owned())
}
