//! Entries that are no single person's response, and what is noted beside the ledger.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{day_text, set_head};
use crate::{
    domain::{
        count_sheet::CountSheet,
        id::{Seq, UserId, WaveId},
        moment::Moment,
    },
    store::{
        StoreError,
        entity::{count_sheet, import_file, refused_attempt, void_entry},
        inconsistent, wave,
    },
    tally::report::RefusalReason,
};

/// Counts attempts that were refused; the row says how many, and never whose.
pub async fn note_refused(
    tx: &impl ConnectionTrait,
    id: WaveId,
    reason: RefusalReason,
    attempts: i64,
) -> Result<(), StoreError> {
    let total = Expr::col((refused_attempt::Entity, refused_attempt::Column::Attempts));
    refused_attempt::Entity::insert(refused_attempt::ActiveModel {
        wave_id: Set(id.0),
        reason: Set(reason.as_str().to_owned()),
        attempts: Set(attempts),
    })
    .on_conflict(
        OnConflict::columns([
            refused_attempt::Column::WaveId,
            refused_attempt::Column::Reason,
        ])
        .value(refused_attempt::Column::Attempts, total.add(attempts))
        .to_owned(),
    )
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

pub async fn append_sheet(
    tx: &impl ConnectionTrait,
    id: WaveId,
    sheet: &CountSheet,
    now: Moment,
) -> Result<Seq, StoreError> {
    let (_, last) = wave::lock(tx, id).await?;
    let content = serde_json::to_string(sheet)
        .map_err(|error| inconsistent("count_sheet", "content", error))?;
    let people = i64::try_from(sheet.people())
        .map_err(|error| inconsistent("count_sheet", "people", error))?;
    count_sheet::Entity::insert(count_sheet::ActiveModel {
        wave_id: Set(id.0),
        seq: Set(last + 1),
        channel: Set(sheet.channel.to_string()),
        day: Set(day_text(now)),
        people: Set(people),
        content: Set(content),
    })
    .exec_without_returning(tx)
    .await?;
    set_head(tx, id, last, last + 1).await?;
    Ok(Seq(last + 1))
}

/// An entry that should not have been counted, who asked for it to be voided and who agreed.
#[derive(Debug, Clone)]
pub struct NewVoid {
    pub voided: Seq,
    pub reason: String,
    pub requested_by: UserId,
    pub confirmed_by: UserId,
}

pub async fn append_void(
    tx: &impl ConnectionTrait,
    id: WaveId,
    void: &NewVoid,
    now: Moment,
) -> Result<Seq, StoreError> {
    let (_, last) = wave::lock(tx, id).await?;
    void_entry::Entity::insert(void_entry::ActiveModel {
        wave_id: Set(id.0),
        seq: Set(last + 1),
        voided_seq: Set(void.voided.0),
        day: Set(day_text(now)),
        reason: Set(void.reason.clone()),
        requested_by: Set(void.requested_by.0),
        confirmed_by: Set(void.confirmed_by.0),
    })
    .exec_without_returning(tx)
    .await?;
    set_head(tx, id, last, last + 1).await?;
    Ok(Seq(last + 1))
}

/// Notes that a file has been imported; false when it had been before. Takes the wave's lock first:
/// whoever imports the same file at the same moment waits for this, and is told so.
pub async fn note_import(
    tx: &impl ConnectionTrait,
    id: WaveId,
    sha256: &str,
    entries: i64,
    now: Moment,
) -> Result<bool, StoreError> {
    wave::lock(tx, id).await?;
    let known = import_file::Entity::find()
        .filter(
            Condition::all()
                .add(import_file::Column::WaveId.eq(id.0))
                .add(import_file::Column::Sha256.eq(sha256)),
        )
        .one(tx)
        .await?;
    if known.is_some() {
        return Ok(false);
    }
    import_file::Entity::insert(import_file::ActiveModel {
        wave_id: Set(id.0),
        sha256: Set(sha256.to_owned()),
        day: Set(day_text(now)),
        entries: Set(entries),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(true)
}
