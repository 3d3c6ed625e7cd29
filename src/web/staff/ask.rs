//! Asking for an act that needs two people: a form for each kind.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        id::Seq,
        key::WaveKey,
        local_time,
        two_person::{NotPossible, Reason, SensitiveAct},
    },
    service::{
        ask_two_person,
        import_counts::{self, ImportCountsError},
        lookup::{self, Asked},
        two_person::TwoPersonError,
    },
    store::ledger_read,
    view::{AskFault, AskField, AskForm, AskKind, Page, SheetChoice, StaffAskPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::{InPath, InQuery, InWave},
        form::Fields,
        guard::CurrentUser,
    },
};

#[derive(Debug, Deserialize)]
pub struct ActPath {
    act: AskKind,
}

#[derive(Debug, Deserialize)]
pub struct Chosen {
    place: Option<i64>,
}

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    InPath(ActPath { act }): InPath<ActPath>,
    InQuery(Chosen { place }): InQuery<Chosen>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&web, &user, key, act).await?;
    let form = desk.empty_form(&web, place.map(Seq)).await?;
    Ok(render(&desk.page(&form, None)))
}

pub async fn ask(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    InPath(ActPath { act }): InPath<ActPath>,
    fields: Fields,
) -> Result<Response, PageError> {
    let desk = Desk::open(&web, &user, key, act).await?;
    let form = AskForm::from_fields(|name| fields.get(name).unwrap_or_default().to_owned());
    let outcome = match desk.read(&web, &form).await {
        Ok(act) => ask_two_person::ask(&web.services, &user.actor(), desk.key(), act)
            .await
            .map_err(|error| desk.fault(&error)),
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(_) => Ok(see_other("/staff/requests")),
        Err(Refusal::Form(fault)) => {
            let form = desk.with_sheets(&web, form).await?;
            let page = desk.page(&form, Some(&fault));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
        Err(Refusal::Page(error)) => Err(error),
    }
}

/// The wave and the kind of act that a form is about.
struct Desk {
    asked: Asked,
    kind: AskKind,
    frame: Page,
}

/// Why nothing was asked for.
enum Refusal {
    Form(AskFault),
    Page(PageError),
}

impl From<AskFault> for Refusal {
    fn from(fault: AskFault) -> Self {
        Self::Form(fault)
    }
}

impl Desk {
    async fn open(
        web: &Web,
        user: &CurrentUser,
        key: WaveKey,
        kind: AskKind,
    ) -> Result<Self, PageError> {
        let frame = Page::for_role(&format!("/staff/w/{key}"), user.0.role);
        let asked = lookup::find_now(&web.services, &key)
            .await
            .map_err(|error| PageError::lookup(&frame, &error))?;
        Ok(Self { asked, kind, frame })
    }

    fn key(&self) -> &WaveKey {
        &self.asked.wave.key
    }

    fn page(&self, form: &AskForm, fault: Option<&AskFault>) -> StaffAskPage {
        let survey = &self.asked.survey.survey;
        StaffAskPage::new(
            &self.frame,
            self.kind,
            &self.asked.wave,
            survey,
            form,
            fault,
        )
    }

    async fn empty_form(&self, web: &Web, place: Option<Seq>) -> Result<AskForm, PageError> {
        let form = AskForm {
            place: place.map(|place| place.to_string()).unwrap_or_default(),
            ..AskForm::default()
        };
        let mut form = self.with_sheets(web, form).await?;
        let survey = &self.asked.survey.survey;
        if let Some(sheet) = form.chosen() {
            form.rows = import_counts::write_sheet(&sheet.sheet, survey);
        }
        Ok(form)
    }

    /// The sheets to choose from, where the form is about one.
    async fn with_sheets(&self, web: &Web, form: AskForm) -> Result<AskForm, PageError> {
        if self.kind != AskKind::Sheet {
            return Ok(form);
        }
        let sheets = ledger_read::counted_sheets(&web.services.db, self.asked.wave.id)
            .await
            .map_err(|error| PageError::store(&self.frame, &error))?;
        let sheets = sheets
            .into_iter()
            .map(|(place, sheet)| SheetChoice { place, sheet })
            .collect();
        Ok(AskForm { sheets, ..form })
    }

    async fn read(&self, web: &Web, form: &AskForm) -> Result<SensitiveAct, Refusal> {
        let fault = |field, message: &dyn ToString| AskFault {
            field,
            message: message.to_string(),
        };
        let reason = || Reason::new(&form.reason).map_err(|e| fault(AskField::Reason, &e));
        let offset = self.asked.wave.spec.offset();
        let closes =
            || local_time::read(&form.closes, offset).map_err(|e| fault(AskField::Closes, &e));
        Ok(match self.kind {
            AskKind::Publish => SensitiveAct::Publish,
            AskKind::Extend => SensitiveAct::Extend {
                closes: closes()?,
                reason: reason()?,
            },
            AskKind::Reopen => SensitiveAct::Reopen {
                closes: closes()?,
                reason: reason()?,
            },
            AskKind::Void => SensitiveAct::Void {
                entry: self.entry(web, &form.entry).await?,
                reason: reason()?,
            },
            AskKind::Sheet => self.new_sheet(web, form, reason()?).await?,
        })
    }

    /// A place in the ledger, or the receipt that a participant shows.
    async fn entry(&self, web: &Web, typed: &str) -> Result<Seq, Refusal> {
        let typed = typed.trim();
        if let Ok(place) = typed.parse::<i64>() {
            return Ok(Seq(place));
        }
        let receipt = typed.parse().map_err(|_| AskFault {
            field: AskField::Entry,
            message: "write a place in the ledger, such as 42, or a whole receipt, such as 7K3M-0Q2R-9XTB-44HW-C1ZP".to_owned(),
        })?;
        ask_two_person::place_of_receipt(&web.services, self.key(), &receipt)
            .await
            .map_err(|error| self.fault(&error))
    }

    async fn new_sheet(
        &self,
        web: &Web,
        form: &AskForm,
        reason: Reason,
    ) -> Result<SensitiveAct, Refusal> {
        let survey = &self.asked.survey.survey;
        let wave = self.asked.wave.id;
        let entry = Seq(form.place.trim().parse().unwrap_or_default());
        let old = ledger_read::entry_at(&web.services.db, wave, entry)
            .await
            .map_err(|error| Refusal::Page(PageError::store(&self.frame, &error)))?
            .and_then(|entry| entry.sheet)
            .ok_or_else(|| self.fault(&TwoPersonError::NoSuchEntry(entry)))?;
        let sheet = import_counts::read_sheet(&form.rows, survey, old.channel);
        let sheet = sheet.map_err(|error| AskFault {
            field: AskField::Rows,
            message: rows_fault(&error),
        })?;
        Ok(SensitiveAct::ReplaceSheet {
            entry,
            sheet,
            reason,
        })
    }

    /// Beside the field that it is about.
    fn fault(&self, error: &TwoPersonError) -> Refusal {
        let field = match error {
            TwoPersonError::Store(error) => {
                return Refusal::Page(PageError::store(&self.frame, error));
            }
            TwoPersonError::Lookup(error) => {
                return Refusal::Page(PageError::lookup(&self.frame, error));
            }
            TwoPersonError::NotPossible(NotPossible::NotLater(_) | NotPossible::InThePast) => {
                AskField::Closes
            }
            TwoPersonError::NoSuchEntry(_)
            | TwoPersonError::NoSuchReceipt
            | TwoPersonError::VoidedAlready(_)
                if self.kind == AskKind::Void =>
            {
                AskField::Entry
            }
            TwoPersonError::SameSheet | TwoPersonError::Sheet(_) => AskField::Rows,
            _ => AskField::Whole,
        };
        Refusal::Form(AskFault {
            field,
            message: error.to_string(),
        })
    }
}

/// Every row that cannot be read.
fn rows_fault(error: &ImportCountsError) -> String {
    match error {
        ImportCountsError::BadRows(rows) => {
            let rows: Vec<String> = rows.iter().take(20).map(ToString::to_string).collect();
            rows.join("; ")
        }
        other => other.to_string(),
    }
}
