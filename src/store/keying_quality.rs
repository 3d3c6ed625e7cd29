//! Every keying of a wave's paper beside what holds in the end: one look at the whole wave.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    StoreError,
    entity::{batch, pile_count, sheet_entry},
    keying,
    keying_work::of_wave,
};
use crate::domain::{
    id::{UserId, WaveId},
    keying::{Entries, KeyingPlan, Papers, Pass, Quality, SheetForm},
};

/// Over all batches of a wave, each in its present round. It reads the batches, the counts of their
/// piles and the keyed sheets in one query each, whatever their number.
pub async fn quality(
    db: &impl ConnectionTrait,
    wave: WaveId,
    form: &SheetForm,
) -> Result<Quality, StoreError> {
    let batches = batch::Entity::find()
        .filter(batch::Column::WaveId.eq(wave.0))
        .all(db)
        .await?;
    let plan = keying::plan(db, wave).await?;
    let mut piles = piles(db, wave).await?;
    let rounds = batches.iter().map(|row| (row.id, row.round)).collect();
    let mut keyed = keyed(db, wave, form, &rounds).await?;
    let mut quality = Quality::default();
    for row in &batches {
        let (entries, seconds) = keyed.remove(&row.id).unwrap_or_default();
        let papers = papers(row, plan, piles.remove(&row.id), entries, form)?;
        quality.add(keying::state_name(&row.state)?, &papers, &seconds);
    }
    Ok(quality)
}

fn papers(
    row: &batch::Model,
    plan: KeyingPlan,
    pile: Option<Vec<pile_count::Model>>,
    entries: Entries,
    form: &SheetForm,
) -> Result<Papers, StoreError> {
    Ok(Papers {
        form: form.clone(),
        envelopes: keying::small("envelopes", row.envelopes)?,
        pile: keying::pile_of(pile.unwrap_or_default())?,
        sample: keying::sample_of(row, plan)?,
        round: keying::small("round", row.round)?,
        entries,
    })
}

async fn piles(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<BTreeMap<i64, Vec<pile_count::Model>>, StoreError> {
    let rows = pile_count::Entity::find()
        .filter(pile_count::Column::BatchId.in_subquery(of_wave(wave)))
        .order_by_asc(pile_count::Column::Number)
        .all(db)
        .await?;
    let mut piles: BTreeMap<i64, Vec<pile_count::Model>> = BTreeMap::new();
    for row in rows {
        piles.entry(row.batch_id).or_default().push(row);
    }
    Ok(piles)
}

type Seconds = BTreeMap<(UserId, Pass), u64>;

/// By batch: the latest version of each sheet, and the seconds that all versions took.
async fn keyed(
    db: &impl ConnectionTrait,
    wave: WaveId,
    form: &SheetForm,
    rounds: &BTreeMap<i64, i64>,
) -> Result<BTreeMap<i64, (Entries, Seconds)>, StoreError> {
    let rows = sheet_entry::Entity::find()
        .filter(sheet_entry::Column::BatchId.in_subquery(of_wave(wave)))
        .order_by_asc(sheet_entry::Column::Revision)
        .all(db)
        .await?;
    let mut keyed: BTreeMap<i64, (Entries, Seconds)> = BTreeMap::new();
    for row in rows {
        if rounds.get(&row.batch_id) != Some(&row.round) {
            continue;
        }
        let (entries, seconds) = keyed.entry(row.batch_id).or_default();
        let ((pass, sheet), entry) = keying::entry_of(&row, form)?;
        *seconds.entry((entry.by, pass)).or_default() += u64::from(entry.seconds);
        entries.put(pass, sheet, entry);
    }
    Ok(keyed)
}
