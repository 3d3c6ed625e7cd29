//! A pile of sheets before somebody: taking it, putting it back, coming to its end; and what keying it
//! and deciding on it share.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{batch::BatchPath, sentence, wants_json};
use crate::{
    domain::{
        id::UserId,
        key::WaveKey,
        keying::{Batch, BatchState, ClientId, LONGEST_SECONDS, Pass, StateName, TypedFault},
        moment::Moment,
        role::Permission,
    },
    service::{
        batch_at_work,
        change_batch::PaperError,
        key_sheet::{self, Kept, Typed},
        lookup::Asked,
        work_on_batch,
    },
    view::{ErrorKind, Page, Pile, PilePage, SaveForm, Typing, batches},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InPath,
        form::Fields,
        guard::CurrentUser,
        language::Reading,
    },
};

/// A batch as one person has it before them.
pub(super) struct AtWork {
    pub key: WaveKey,
    pub asked: Asked,
    pub batch: Batch,
    pub page: Page,
    pub who: UserId,
    now: Moment,
    may_settle: bool,
}

pub async fn claim(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let at_work = AtWork::find(&web, &user, &path, &reading).await?;
    if at_work.is_for_others() {
        return Ok(at_work.instead(StatusCode::CONFLICT, FOR_A_COORDINATOR));
    }
    let number = at_work.batch.number;
    match work_on_batch::claim(&web.services, &user.actor(), &at_work.key, number).await {
        Ok(batch) => Ok(see_other(&at_work.desk_of(&batch))),
        Err(error) => at_work.refuse(&error),
    }
}

pub async fn release(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let at_work = AtWork::find(&web, &user, &path, &reading).await?;
    let number = at_work.batch.number;
    match work_on_batch::release(&web.services, &user.actor(), &at_work.key, number).await {
        Ok(_) => Ok(see_other(&batches(&at_work.asked.wave))),
        Err(error) => at_work.refuse(&error),
    }
}

pub async fn finish(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let at_work = AtWork::find(&web, &user, &path, &reading).await?;
    let Some(pass) = fields.get("pass").and_then(|pass| pass.parse().ok()) else {
        return Err(PageError::new(&at_work.page, ErrorKind::Malformed));
    };
    if pass == Pass::Decision && !at_work.may_settle {
        return Err(PageError::new(&at_work.page, ErrorKind::Forbidden));
    }
    if let Some(what) = at_work.is_foreign(&fields) {
        return Ok(at_work.answer(&headers, StatusCode::CONFLICT, what));
    }
    let found = fields.get("found").unwrap_or_default().trim().parse();
    let Ok(found) = found else {
        let what = "type how many sheets the pile has, as a number";
        return Ok(at_work.answer(&headers, StatusCode::UNPROCESSABLE_ENTITY, what));
    };
    let (key, number) = (&at_work.key, at_work.batch.number);
    match work_on_batch::finish_pass(&web.services, &user.actor(), key, number, pass, found).await {
        Ok(batch) if wants_json(&headers) => {
            let state = StateName::of(&batch.state).to_string();
            Ok(axum::Json(json!({ "finished": true, "state": state })).into_response())
        }
        Ok(_) => Ok(see_other(&batches(&at_work.asked.wave))),
        Err(error) if wants_json(&headers) => at_work.refuse_json(&error),
        Err(error) => at_work.refuse(&error),
    }
}

pub(super) const TAKE_IT_FIRST: &str = "this pile is not on your desk: take it first";
const FOR_A_COORDINATOR: &str = "the two keyings differ, and a coordinator decides from the paper";

impl AtWork {
    pub async fn find(
        web: &Web,
        user: &CurrentUser,
        path: &BatchPath,
        reading: &Reading,
    ) -> Result<Self, PageError> {
        let (key, number) = path.read(reading)?;
        let address = format!("/staff/w/{key}/batches/{number}");
        let page = Page::for_role(&address, user.0.role);
        match batch_at_work::find(&web.services, &key, number).await {
            Ok((asked, batch)) => Ok(Self {
                key,
                asked,
                batch,
                page,
                who: user.0.id,
                now: web.services.now(),
                may_settle: user.0.role.may(Permission::SettlePaper),
            }),
            Err(error) => Err(no_batch(&page, &error)),
        }
    }

    pub fn pile(&self) -> Pile<'_> {
        Pile {
            survey: &self.asked.survey.survey,
            wave: &self.asked.wave,
            batch: &self.batch,
            pass: self.pass(),
            who: self.who,
        }
    }

    fn pass(&self) -> Pass {
        match self.batch.state {
            BatchState::Counting(_) | BatchState::FirstKeying(_) => Pass::First,
            BatchState::SecondKeying(_) => Pass::Second,
            BatchState::Resolving(_) | BatchState::Reconciled(_) | BatchState::Counted(_) => {
                Pass::Decision
            }
        }
    }

    /// Whether this person has the pile on their desk.
    pub fn is_mine(&self) -> bool {
        let claim = self.batch.state.claimed();
        claim.is_some_and(|claim| claim.by == self.who) && !self.is_for_others()
    }

    /// Whether the differences of this batch are before this person.
    pub fn has_differences(&self) -> bool {
        self.is_mine() && self.pass() == Pass::Decision
    }

    fn is_for_others(&self) -> bool {
        matches!(self.batch.state, BatchState::Resolving(_)) && !self.may_settle
    }

    /// Where the work on a batch is done.
    pub fn desk_of(&self, batch: &Batch) -> String {
        let page = match batch.state {
            BatchState::Resolving(_) => "differences",
            _ => "key",
        };
        format!("{}/{page}", self.pile().base())
    }

    /// A page in the place of the desk.
    pub fn instead(&self, status: StatusCode, what: &str) -> Response {
        let state = &self.batch.state;
        let may_take = !self.is_for_others() && state.clone().claim(self.who, self.now).is_ok();
        let page = PilePage::new(&self.page, &self.pile(), what, may_take);
        (status, render(&page)).into_response()
    }

    /// What stands in the way of this person's work, or the way to take the pile.
    pub fn not_mine(&self) -> Response {
        if self.is_for_others() {
            return self.instead(StatusCode::CONFLICT, FOR_A_COORDINATOR);
        }
        match self.batch.state.clone().claim(self.who, self.now) {
            Ok(_) => self.instead(StatusCode::CONFLICT, TAKE_IT_FIRST),
            Err(error) => self.instead(StatusCode::CONFLICT, &error.to_string()),
        }
    }

    pub fn answer(&self, headers: &HeaderMap, status: StatusCode, what: &str) -> Response {
        if wants_json(headers) {
            return refusal(status, what);
        }
        self.instead(status, what)
    }

    pub fn refuse(&self, error: &PaperError) -> Result<Response, PageError> {
        match error {
            PaperError::Store(error) => Err(PageError::store(&self.page, error)),
            error => Ok(self.instead(StatusCode::CONFLICT, &error.to_string())),
        }
    }

    pub fn refuse_json(&self, error: &PaperError) -> Result<Response, PageError> {
        match error {
            PaperError::Store(error) => Err(PageError::store(&self.page, error)),
            error => Ok(refusal(StatusCode::CONFLICT, &error.to_string())),
        }
    }

    /// The form of a sheet as a browser without scripts sends it back.
    pub fn save_form(&self, web: &Web, sheet: u32) -> SaveForm {
        SaveForm {
            sheet,
            seen: self.pile().revision(sheet),
            client: batch_at_work::new_client_id(&web.services),
            shown: web.services.now().millis(),
        }
    }

    /// Whether a form is of another round, or was filled in by whoever was logged in before.
    pub fn is_foreign(&self, fields: &Fields) -> Option<&'static str> {
        let who = fields
            .get("who")
            .is_some_and(|who| who != self.who.to_string());
        let round = self.batch.state.papers().round.to_string();
        if who {
            return Some(
                "somebody else has logged in here: the sheets of each person are kept apart",
            );
        }
        let is_old = fields.get("round").is_some_and(|sent| sent != round);
        is_old.then_some("the keying of this batch was started anew: open it again")
    }

    pub async fn save(
        &self,
        web: &Web,
        user: &CurrentUser,
        typed: Typed,
    ) -> Result<Kept, PaperError> {
        key_sheet::key(
            &web.services,
            &user.actor(),
            &self.key,
            self.batch.number,
            typed,
        )
        .await
    }
}

/// The parts of a save that every form has; none where one is missing.
pub(super) fn typed(web: &Web, fields: &Fields, pass: Pass, content: String) -> Option<Typed> {
    let number = |name: &str| fields.get(name).and_then(|text| text.parse::<u32>().ok());
    Some(Typed {
        pass,
        sheet: number("sheet")?,
        seen: number("seen")?,
        content,
        seconds: number("seconds").unwrap_or_else(|| seconds(web, fields)),
        client: ClientId::new(fields.get("client")?)?,
    })
}

/// Since the form was shown.
fn seconds(web: &Web, fields: &Fields) -> u32 {
    let shown: Option<i64> = fields.get("shown").and_then(|shown| shown.parse().ok());
    let passed = shown.map_or(0, |shown| (web.services.now().millis() - shown) / 1000);
    u32::try_from(passed).unwrap_or(0).min(LONGEST_SECONDS)
}

/// What was typed into the fields of a form, by the place that each begins at.
pub(super) fn typing(fields: &Fields, places: usize, faults: Vec<TypedFault>) -> Typing {
    let text = |place: usize| {
        let typed = fields.get(&format!("p{place}"))?;
        Some((place, typed.chars().take(800).collect()))
    };
    Typing {
        fields: (0..places).filter_map(text).collect::<BTreeMap<_, _>>(),
        whole: fields.get("whole").unwrap_or("marks").to_owned(),
        faults,
    }
}

/// What the sheet is as a whole, where its form says that it has no marks that count.
pub(super) fn whole_sheet(fields: &Fields) -> Option<String> {
    match fields.get("whole") {
        Some(whole @ ("blank" | "spoilt" | "unreadable")) => Some(format!("={whole}")),
        _ => None,
    }
}

pub(super) fn refusal(status: StatusCode, what: &str) -> Response {
    let error = format!("{}.", sentence(what));
    (status, axum::Json(json!({ "error": error }))).into_response()
}

pub(super) fn kept_as_json(sheet: u32, kept: &Kept) -> Response {
    match kept {
        Kept::As { revision } => {
            axum::Json(json!({ "saved": true, "sheet": sheet, "revision": revision }))
                .into_response()
        }
        Kept::Stale { revision, content } => {
            let stale = json!({
                "stale": true, "revision": revision, "content": content.to_string(),
            });
            (StatusCode::CONFLICT, axum::Json(stale)).into_response()
        }
        Kept::Overtaken { revision } => {
            let stale = json!({ "stale": true, "revision": revision, "content": null });
            (StatusCode::CONFLICT, axum::Json(stale)).into_response()
        }
    }
}

fn no_batch(page: &Page, error: &PaperError) -> PageError {
    match error {
        PaperError::Lookup(error) => PageError::lookup(page, error),
        PaperError::Store(error) => PageError::store(page, error),
        PaperError::UnknownBatch(_) | PaperError::NotByPost(_) => {
            PageError::new(page, ErrorKind::NotFound)
        }
        _ => PageError::new(page, ErrorKind::Closed),
    }
}
