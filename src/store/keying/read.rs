//! Reading a batch: its rows put together into one state of the state machine.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::plan;
use crate::{
    domain::{
        id::{BatchId, UserId, WaveId},
        keying::{
            Batch, BatchState, Claim, Counted, Counting, Entries, Entry, FirstKeying, Found,
            KeyingPlan, Papers, Pass, Pile, PileCount, Reconciled, Resolving, Sample, SecondKeying,
            SheetForm, StateName, Verdict,
        },
        moment::Moment,
        two_person::Reason,
    },
    store::{
        StoreError,
        entity::{batch, batch_count, pile_count, sheet_entry},
        inconsistent,
    },
};

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
pub(in crate::store) fn pile_of(rows: Vec<pile_count::Model>) -> Result<Pile, StoreError> {
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
pub(in crate::store) fn sample_of(
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

pub(in crate::store) fn entry_of(
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

pub(in crate::store) fn pass(name: &str) -> Result<Pass, StoreError> {
    name.parse()
        .map_err(|error| inconsistent("sheet_entry", "pass", error))
}

pub(in crate::store) fn small(column: &'static str, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|error| inconsistent("batch", column, error))
}

pub(in crate::store) fn state_name(name: &str) -> Result<StateName, StoreError> {
    name.parse()
        .map_err(|error| inconsistent("batch", "state", error))
}
