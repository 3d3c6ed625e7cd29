//! Figures about paper over all batches of a wave: how far the work is, and what was counted.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    StoreError,
    entity::{batch, batch_count, pile_count, sheet_entry},
    keying::{pass, small, state_name},
    post::{self, Tally},
};
use crate::domain::{
    envelope::EnvelopeOutcome,
    id::{BatchId, UserId, WaveId},
    keying::{Pass, SheetsCounted, StateName},
    moment::Moment,
};

/// One batch in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLine {
    pub id: i64,
    pub number: u32,
    pub envelopes: u32,
    /// By the last count of the pile.
    pub sheets: u32,
    pub state: StateName,
    pub claim: Option<(UserId, Moment)>,
    /// Sheets that have been keyed in this round, by pass.
    pub keyed: BTreeMap<Pass, u32>,
    /// Only a sample of its sheets is keyed again, as far as is known now.
    pub is_sampled: bool,
    /// 1, and one more for each time that the keying was started anew.
    pub round: u32,
}

/// All batches of a wave, in the order of their numbers.
pub async fn batches(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<Vec<BatchLine>, StoreError> {
    let rows = batch::Entity::find()
        .filter(batch::Column::WaveId.eq(wave.0))
        .order_by_asc(batch::Column::Number)
        .all(db)
        .await?;
    let sheets = last_counts(db, wave).await?;
    let mut keyed = keyed(db, wave).await?;
    rows.into_iter()
        .map(|row| {
            let claim = row.claimed_by.zip(row.claimed_until);
            Ok(BatchLine {
                id: row.id,
                number: small("number", row.number)?,
                envelopes: small("envelopes", row.envelopes)?,
                sheets: sheets.get(&row.id).copied().unwrap_or(0),
                state: state_name(&row.state)?,
                claim: claim.map(|(by, until)| (UserId(by), Moment::from_millis(until))),
                keyed: keyed.remove(&(row.id, row.round)).unwrap_or_default(),
                is_sampled: row.seed.is_some() && row.verdict.as_deref() != Some("rejected"),
                round: small("round", row.round)?,
            })
        })
        .collect()
}

async fn last_counts(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<BTreeMap<i64, u32>, StoreError> {
    let rows = pile_count::Entity::find()
        .filter(pile_count::Column::BatchId.in_subquery(of_wave(wave)))
        .order_by_asc(pile_count::Column::Number)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.batch_id, small("sheets", row.sheets)?)))
        .collect()
}

pub(super) fn of_wave(wave: WaveId) -> sea_orm::sea_query::SelectStatement {
    sea_orm::sea_query::Query::select()
        .column(batch::Column::Id)
        .from(batch::Entity)
        .and_where(batch::Column::WaveId.eq(wave.0))
        .to_owned()
}

type KeyedByPass = BTreeMap<(i64, i64), BTreeMap<Pass, u32>>;

async fn keyed(db: &impl ConnectionTrait, wave: WaveId) -> Result<KeyedByPass, StoreError> {
    let rows: Vec<(i64, i64, String, i64)> = sheet_entry::Entity::find()
        .select_only()
        .column(sheet_entry::Column::BatchId)
        .column(sheet_entry::Column::Round)
        .column(sheet_entry::Column::Pass)
        .column_as(sheet_entry::Column::Sheet.count(), "sheets")
        .filter(sheet_entry::Column::BatchId.in_subquery(of_wave(wave)))
        .filter(sheet_entry::Column::Revision.eq(1))
        .group_by(sheet_entry::Column::BatchId)
        .group_by(sheet_entry::Column::Round)
        .group_by(sheet_entry::Column::Pass)
        .into_tuple()
        .all(db)
        .await?;
    let mut keyed = KeyedByPass::new();
    for (batch, round, name, sheets) in rows {
        keyed
            .entry((batch, round))
            .or_default()
            .insert(pass(&name)?, small("sheet", sheets)?);
    }
    Ok(keyed)
}

/// The batches, each with its round, of which this person has keyed sheets in the first or the second
/// keying.
pub async fn keyed_by(
    db: &impl ConnectionTrait,
    wave: WaveId,
    who: UserId,
) -> Result<BTreeSet<(i64, u32, Pass)>, StoreError> {
    let rows: Vec<(i64, i64, String)> = sheet_entry::Entity::find()
        .select_only()
        .column(sheet_entry::Column::BatchId)
        .column(sheet_entry::Column::Round)
        .column(sheet_entry::Column::Pass)
        .distinct()
        .filter(sheet_entry::Column::BatchId.in_subquery(of_wave(wave)))
        .filter(sheet_entry::Column::KeyedBy.eq(who.0))
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(batch, round, name)| Ok((batch, small("round", round)?, pass(&name)?)))
        .collect()
}

/// What a batch counted for, once it is counted.
pub async fn counted_of(
    db: &impl ConnectionTrait,
    batch: BatchId,
) -> Result<Option<SheetsCounted>, StoreError> {
    let row = batch_count::Entity::find_by_id(batch.0).one(db).await?;
    row.as_ref().map(sheets_counted).transpose()
}

fn sheets_counted(row: &batch_count::Model) -> Result<SheetsCounted, StoreError> {
    Ok(SheetsCounted {
        responses: small("responses", row.responses)?,
        blank: small("blank", row.blank)?,
        spoilt: small("spoilt", row.spoilt)?,
        unreadable: small("unreadable", row.unreadable)?,
        no_valid_mark: small("no_valid_mark", row.no_valid_mark)?,
        overvoted: small("overvoted", row.overvoted)?,
        uncertain: small("uncertain", row.uncertain)?,
    })
}

/// What the batches of a wave have counted for, and their envelopes and sheets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaveCounted {
    pub envelopes: u64,
    pub responses: u64,
    pub blank: u64,
    pub spoilt: u64,
    pub unreadable: u64,
    pub no_valid_mark: u64,
    pub overvoted: u64,
    pub uncertain: u64,
}

impl WaveCounted {
    pub fn sheets(&self) -> u64 {
        self.responses + self.blank + self.spoilt + self.unreadable + self.no_valid_mark
    }

    fn add(&mut self, envelopes: u32, one: &SheetsCounted) {
        self.envelopes += u64::from(envelopes);
        self.responses += u64::from(one.responses);
        self.blank += u64::from(one.blank);
        self.spoilt += u64::from(one.spoilt);
        self.unreadable += u64::from(one.unreadable);
        self.no_valid_mark += u64::from(one.no_valid_mark);
        self.overvoted += u64::from(one.overvoted);
        self.uncertain += u64::from(one.uncertain);
    }
}

pub async fn counted(db: &impl ConnectionTrait, wave: WaveId) -> Result<WaveCounted, StoreError> {
    let rows = batch_count::Entity::find()
        .filter(batch_count::Column::BatchId.in_subquery(of_wave(wave)))
        .all(db)
        .await?;
    let envelopes: Vec<(i64, i64)> = batch::Entity::find()
        .select_only()
        .column(batch::Column::Id)
        .column(batch::Column::Envelopes)
        .filter(batch::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(db)
        .await?;
    let envelopes: BTreeMap<i64, i64> = envelopes.into_iter().collect();
    let mut all = WaveCounted::default();
    for row in rows {
        let one = sheets_counted(&row)?;
        let envelopes = envelopes.get(&row.batch_id).copied().unwrap_or(0);
        all.add(small("envelopes", envelopes)?, &one);
    }
    Ok(all)
}

/// The paper of a wave, counted from each table for itself: what its books are checked with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaperRows {
    pub envelopes: Tally,
    pub counted: WaveCounted,
    /// Envelopes in batches that are not counted yet.
    pub envelopes_at_work: u64,
    /// Sheets in counted batches, by the count of their piles.
    pub sheets_counted: u64,
}

impl PaperRows {
    pub fn accepted(&self) -> u64 {
        let accepted = self.envelopes.get(&EnvelopeOutcome::Accepted);
        accepted.copied().unwrap_or(0)
    }

    /// Whether a wave has to stay open for its paper.
    pub fn waits(&self) -> bool {
        self.unopened() + self.envelopes_at_work > 0
    }

    pub fn unopened(&self) -> u64 {
        let opened = self.counted.envelopes + self.envelopes_at_work;
        self.accepted().saturating_sub(opened)
    }
}

pub async fn rows(db: &impl ConnectionTrait, wave: WaveId) -> Result<PaperRows, StoreError> {
    let batches: Vec<(i64, i64, String)> = batch::Entity::find()
        .select_only()
        .column(batch::Column::Id)
        .column(batch::Column::Envelopes)
        .column(batch::Column::State)
        .filter(batch::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(db)
        .await?;
    let sheets = last_counts(db, wave).await?;
    let mut rows = PaperRows {
        envelopes: post::envelopes(db, wave).await?,
        counted: counted(db, wave).await?,
        ..PaperRows::default()
    };
    for (id, envelopes, state) in batches {
        if state_name(&state)? == StateName::Counted {
            rows.sheets_counted += u64::from(sheets.get(&id).copied().unwrap_or(0));
        } else {
            rows.envelopes_at_work += u64::from(small("envelopes", envelopes)?);
        }
    }
    Ok(rows)
}
