//! Batches of paper: the state of each, every count of its pile, and every keying and decision. Reading
//! one puts the rows together into the state machine of `domain::keying`; writing adds rows and moves
//! the state.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, SqlErr,
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
        Batch, BatchState, Claim, ClientId, Counted, Counting, Entries, Entry, FirstKeying, Found,
        KeyingPlan, Papers, Pass, Pile, PileCount, Reconciled, Resolving, Sample, SampledPlan,
        SecondKeying, SheetForm, SheetsCounted, StateName, Verdict,
    },
    moment::Moment,
    two_person::Reason,
};

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

/// A batch by its number in its wave; nobody else changes it until the transaction ends.
pub async fn lock(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    number: u32,
    form: &SheetForm,
) -> Result<Option<Batch>, StoreError> {
    let row = by_number(wave, number).lock_exclusive().one(tx).await?;
    match row {
        Some(row) => put_together(tx, row, form).await.map(Some),
        None => Ok(None),
    }
}

/// The same to look at.
pub async fn find(
    db: &impl ConnectionTrait,
    wave: WaveId,
    number: u32,
    form: &SheetForm,
) -> Result<Option<Batch>, StoreError> {
    match by_number(wave, number).one(db).await? {
        Some(row) => put_together(db, row, form).await.map(Some),
        None => Ok(None),
    }
}

fn by_number(wave: WaveId, number: u32) -> sea_orm::Select<batch::Entity> {
    batch::Entity::find()
        .filter(batch::Column::WaveId.eq(wave.0))
        .filter(batch::Column::Number.eq(i64::from(number)))
}

async fn put_together(
    db: &impl ConnectionTrait,
    row: batch::Model,
    form: &SheetForm,
) -> Result<Batch, StoreError> {
    let id = BatchId(row.id);
    let papers = Papers {
        form: form.clone(),
        envelopes: small("envelopes", row.envelopes)?,
        pile: pile(db, id).await?,
        sample: sample(db, &row).await?,
        round: small("round", row.round)?,
        entries: entries(db, id, row.round, form).await?,
    };
    Ok(Batch {
        id,
        wave: WaveId(row.wave_id),
        number: small("number", row.number)?,
        envelopes: papers.envelopes,
        state: state(db, &row, papers).await?,
    })
}

async fn pile(db: &impl ConnectionTrait, id: BatchId) -> Result<Pile, StoreError> {
    let rows = pile_count::Entity::find()
        .filter(pile_count::Column::BatchId.eq(id.0))
        .order_by_asc(pile_count::Column::Number)
        .all(db)
        .await?;
    pile_of(rows)
}

/// `rows` in the order of their numbers.
pub(super) fn pile_of(rows: Vec<pile_count::Model>) -> Result<Pile, StoreError> {
    let counts = rows.into_iter().map(|row| {
        let reason = row.reason.as_deref().map(Reason::new).transpose();
        Ok(PileCount {
            sheets: small("sheets", row.sheets)?,
            by: UserId(row.counted_by),
            reason: reason.map_err(|error| inconsistent("pile_count", "reason", error))?,
        })
    });
    Pile::from_counts(counts.collect::<Result<_, StoreError>>()?)
        .ok_or_else(|| inconsistent("pile_count", "batch_id", "a batch without a count"))
}

async fn sample(
    db: &impl ConnectionTrait,
    row: &batch::Model,
) -> Result<Option<Sample>, StoreError> {
    if row.seed.is_none() {
        return Ok(None);
    }
    sample_of(row, plan(db, WaveId(row.wave_id)).await?)
}

/// None where everything is keyed twice.
pub(super) fn sample_of(
    row: &batch::Model,
    plan: KeyingPlan,
) -> Result<Option<Sample>, StoreError> {
    let Some(seed) = row.seed.clone() else {
        return Ok(None);
    };
    let KeyingPlan::Sampled(plan) = plan else {
        return Err(inconsistent("batch", "seed", "the wave has no samples"));
    };
    let errors = || small("verdict_errors", row.verdict_errors.unwrap_or(-1));
    Ok(Some(Sample {
        plan,
        seed,
        verdict: match row.verdict.as_deref() {
            None => Verdict::Pending,
            Some("accepted") => Verdict::Accepted { errors: errors()? },
            Some("rejected") => Verdict::Rejected { errors: errors()? },
            Some(other) => return Err(inconsistent("batch", "verdict", other)),
        },
    }))
}

/// Every version of every sheet in every pass of this round, the latest last.
async fn entries(
    db: &impl ConnectionTrait,
    id: BatchId,
    round: i64,
    form: &SheetForm,
) -> Result<Entries, StoreError> {
    let rows = sheet_entry::Entity::find()
        .filter(sheet_entry::Column::BatchId.eq(id.0))
        .filter(sheet_entry::Column::Round.eq(round))
        .order_by_asc(sheet_entry::Column::Revision)
        .all(db)
        .await?;
    let mut entries = Entries::default();
    for row in rows {
        let ((pass, sheet), entry) = entry_of(&row, form)?;
        entries.put(pass, sheet, entry);
    }
    Ok(entries)
}

pub(super) fn entry_of(
    row: &sheet_entry::Model,
    form: &SheetForm,
) -> Result<((Pass, u32), Entry), StoreError> {
    let content = form
        .read(&row.content)
        .map_err(|error| inconsistent("sheet_entry", "content", error))?;
    let entry = Entry {
        by: UserId(row.keyed_by),
        revision: small("revision", row.revision)?,
        content,
        seconds: small("seconds", row.seconds)?,
    };
    Ok(((pass(&row.pass)?, small("sheet", row.sheet)?), entry))
}

async fn state(
    db: &impl ConnectionTrait,
    row: &batch::Model,
    papers: Papers,
) -> Result<BatchState, StoreError> {
    let claim = match (row.claimed_by, row.claimed_until) {
        (Some(by), Some(until)) => Some(Claim {
            by: UserId(by),
            until: Moment::from_millis(until),
        }),
        _ => None,
    };
    Ok(match row.state.as_str() {
        "counting" => BatchState::Counting(Counting {
            papers,
            expected: small("expected", row.expected.unwrap_or(-1))?,
            found: found(row)?,
        }),
        "first-keying" => BatchState::FirstKeying(FirstKeying { papers, claim }),
        "second-keying" => BatchState::SecondKeying(SecondKeying { papers, claim }),
        "resolving" => BatchState::Resolving(Resolving { papers, claim }),
        "reconciled" => BatchState::Reconciled(Reconciled { papers }),
        "counted" => {
            let counted = batch_count::Entity::find_by_id(row.id).one(db).await?;
            let counted = counted
                .ok_or_else(|| inconsistent("batch_count", "batch_id", "a count is missing"))?;
            BatchState::Counted(Counted {
                papers,
                by: UserId(counted.counted_by),
            })
        }
        other => return Err(inconsistent("batch", "state", other)),
    })
}

fn found(row: &batch::Model) -> Result<Option<Found>, StoreError> {
    match (row.found_in.as_deref(), row.found_by) {
        (Some(name), Some(by)) => Ok(Some(Found {
            pass: pass(name)?,
            by: UserId(by),
        })),
        _ => Ok(None),
    }
}

fn pass(name: &str) -> Result<Pass, StoreError> {
    name.parse()
        .map_err(|error| inconsistent("sheet_entry", "pass", error))
}

pub(super) fn small(column: &'static str, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|error| inconsistent("batch", column, error))
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
