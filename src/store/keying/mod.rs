//! Batches of paper: the state of each, every count of its pile, and every keying and decision. `read`
//! puts the rows together into the state machine of `domain::keying`; what is here adds rows and moves
//! the state.

mod read;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, SqlErr,
    sea_query::{Expr, OnConflict},
};

use super::{
    StoreError,
    entity::{batch, batch_count, keying_plan, pile_count, sheet_entry},
    inconsistent,
    ledger::day_text,
};
use crate::domain::{
    id::{BatchId, UserId, WaveId},
    keying::{
        Batch, BatchState, ClientId, KeyingPlan, Pass, PileCount, SampledPlan, SheetsCounted,
        StateName, Verdict,
    },
    moment::Moment,
};

pub(super) use self::read::{entry_of, pass, pile_of, sample_of, small, state_name};
pub use self::read::{find, lock};

pub async fn plan(db: &impl ConnectionTrait, wave: WaveId) -> Result<KeyingPlan, StoreError> {
    let Some(row) = keying_plan::Entity::find_by_id(wave.0).one(db).await? else {
        return Ok(KeyingPlan::Double);
    };
    let bad = |error: &dyn std::fmt::Display| inconsistent("keying_plan", "percent", error);
    let percent = u8::try_from(row.percent).map_err(|error| bad(&error))?;
    let accepted = u32::try_from(row.accepted).map_err(|error| bad(&error))?;
    SampledPlan::new(percent, accepted)
        .map(KeyingPlan::Sampled)
        .map_err(|error| bad(&error))
}

/// The database refuses it once the wave has a batch.
pub async fn set_plan(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    plan: KeyingPlan,
) -> Result<(), StoreError> {
    keying_plan::Entity::delete_by_id(wave.0).exec(tx).await?;
    if let KeyingPlan::Sampled(plan) = plan {
        keying_plan::Entity::insert(keying_plan::ActiveModel {
            wave_id: Set(wave.0),
            percent: Set(i64::from(plan.percent())),
            accepted: Set(i64::from(plan.accepted())),
        })
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    }
    Ok(())
}

/// Envelopes that are in a batch, and the number of the last batch. Under the wave's lock.
pub async fn batched(tx: &impl ConnectionTrait, wave: WaveId) -> Result<(u64, u32), StoreError> {
    let rows: Vec<(i64, i64)> = batch::Entity::find()
        .select_only()
        .column(batch::Column::Envelopes)
        .column(batch::Column::Number)
        .filter(batch::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(tx)
        .await?;
    let envelopes: i64 = rows.iter().map(|(envelopes, _)| envelopes).sum();
    let last = rows.iter().map(|(_, number)| *number).max().unwrap_or(0);
    Ok((
        u64::try_from(envelopes).map_err(|e| inconsistent("batch", "envelopes", e))?,
        u32::try_from(last).map_err(|e| inconsistent("batch", "number", e))?,
    ))
}

pub async fn add(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    number: u32,
    state: &BatchState,
    now: Moment,
) -> Result<BatchId, StoreError> {
    let papers = state.papers();
    let row = batch::ActiveModel {
        wave_id: Set(wave.0),
        number: Set(i64::from(number)),
        envelopes: Set(i64::from(papers.envelopes)),
        seed: Set(papers.sample.as_ref().map(|sample| sample.seed.clone())),
        ..columns(state)
    };
    let inserted = batch::Entity::insert(row).exec(tx).await?;
    let id = BatchId(inserted.last_insert_id);
    add_count(tx, id, state, now).await?;
    Ok(id)
}

/// Writes the last count of the pile down.
pub async fn add_count(
    tx: &impl ConnectionTrait,
    id: BatchId,
    state: &BatchState,
    now: Moment,
) -> Result<(), StoreError> {
    let counts: Vec<&PileCount> = state.papers().pile.counts().collect();
    let Some(last) = counts.last() else {
        return Ok(());
    };
    pile_count::Entity::insert(pile_count::ActiveModel {
        batch_id: Set(id.0),
        number: Set(i64::try_from(counts.len()).unwrap_or(i64::MAX)),
        sheets: Set(i64::from(last.sheets)),
        counted_by: Set(last.by.0),
        reason: Set(last.reason.as_ref().map(|r| r.as_str().to_owned())),
        day: Set(day_text(now)),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Writes the state down: everything that is not a row of its own.
pub async fn set_state(
    tx: &impl ConnectionTrait,
    id: BatchId,
    state: &BatchState,
) -> Result<(), StoreError> {
    let row = columns(state);
    batch::Entity::update_many()
        .set(row)
        .filter(batch::Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}

fn columns(state: &BatchState) -> batch::ActiveModel {
    let papers = state.papers();
    let counting = match state {
        BatchState::Counting(counting) => Some(counting),
        _ => None,
    };
    let found = counting.and_then(|counting| counting.found);
    let verdict = papers.sample.as_ref().map(|sample| sample.verdict);
    let (verdict, errors) = match verdict {
        Some(Verdict::Accepted { errors }) => (Some("accepted"), Some(errors)),
        Some(Verdict::Rejected { errors }) => (Some("rejected"), Some(errors)),
        Some(Verdict::Pending) | None => (None, None),
    };
    let claim = state.claimed();
    batch::ActiveModel {
        state: Set(StateName::of(state).as_str().to_owned()),
        round: Set(i64::from(papers.round)),
        expected: Set(counting.map(|counting| i64::from(counting.expected))),
        found_in: Set(found.map(|found| found.pass.as_str().to_owned())),
        found_by: Set(found.map(|found| found.by.0)),
        verdict: Set(verdict.map(ToOwned::to_owned)),
        verdict_errors: Set(errors.map(i64::from)),
        claimed_by: Set(claim.map(|claim| claim.by.0)),
        claimed_until: Set(claim.map(|claim| claim.until.millis())),
        ..Default::default()
    }
}

/// The save with this number, if it came before: whose, where, and which version it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub batch: BatchId,
    pub pass: Pass,
    pub sheet: u32,
    pub revision: u32,
    pub by: UserId,
    pub content: String,
}

pub async fn saved(
    tx: &impl ConnectionTrait,
    client: &ClientId,
) -> Result<Option<Saved>, StoreError> {
    let row = sheet_entry::Entity::find()
        .filter(sheet_entry::Column::ClientId.eq(client.as_str()))
        .one(tx)
        .await?;
    row.map(|row| {
        Ok(Saved {
            batch: BatchId(row.batch_id),
            pass: pass(&row.pass)?,
            sheet: small("sheet", row.sheet)?,
            revision: small("revision", row.revision)?,
            by: UserId(row.keyed_by),
            content: row.content,
        })
    })
    .transpose()
}

/// Writes one version of one sheet down; false when somebody else was quicker.
pub async fn add_entry(
    tx: &impl ConnectionTrait,
    batch: &Batch,
    (pass, sheet): (Pass, u32),
    client: &ClientId,
    now: Moment,
) -> Result<bool, StoreError> {
    let papers = batch.state.papers();
    let Some(entry) = papers.entry(pass, sheet) else {
        return Ok(false);
    };
    let row = sheet_entry::ActiveModel {
        batch_id: Set(batch.id.0),
        round: Set(i64::from(papers.round)),
        pass: Set(pass.as_str().to_owned()),
        sheet: Set(i64::from(sheet)),
        revision: Set(i64::from(entry.revision)),
        client_id: Set(client.as_str().to_owned()),
        keyed_by: Set(entry.by.0),
        content: Set(entry.content.to_string()),
        seconds: Set(i64::from(entry.seconds)),
        day: Set(day_text(now)),
    };
    let inserted = sheet_entry::Entity::insert(row)
        .exec_without_returning(tx)
        .await;
    match inserted {
        Ok(_) => Ok(true),
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Ok(false),
            _ => Err(error.into()),
        },
    }
}

pub async fn add_batch_count(
    tx: &impl ConnectionTrait,
    id: BatchId,
    counted: &SheetsCounted,
    by: UserId,
    now: Moment,
) -> Result<(), StoreError> {
    batch_count::Entity::insert(batch_count::ActiveModel {
        batch_id: Set(id.0),
        responses: Set(i64::from(counted.responses)),
        blank: Set(i64::from(counted.blank)),
        spoilt: Set(i64::from(counted.spoilt)),
        unreadable: Set(i64::from(counted.unreadable)),
        no_valid_mark: Set(i64::from(counted.no_valid_mark)),
        overvoted: Set(i64::from(counted.overvoted)),
        uncertain: Set(i64::from(counted.uncertain)),
        counted_by: Set(by.0),
        day: Set(day_text(now)),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Lets go of what this user has claimed, wherever: for one who is disabled or changes role.
pub async fn release_all(tx: &impl ConnectionTrait, user: UserId) -> Result<(), StoreError> {
    batch::Entity::update_many()
        .col_expr(batch::Column::ClaimedBy, Expr::value(Option::<i64>::None))
        .col_expr(
            batch::Column::ClaimedUntil,
            Expr::value(Option::<i64>::None),
        )
        .filter(batch::Column::ClaimedBy.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}
