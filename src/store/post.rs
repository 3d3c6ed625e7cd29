//! Mail bags and the envelopes in them. An envelope is an outcome and a random number: it has no code,
//! and knows of no batch.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{
    StoreError,
    entity::{envelope, mail_bag},
    inconsistent,
    ledger::day_text,
};
use crate::domain::{
    envelope::{Arrival, EnvelopeOutcome},
    id::{MailBagId, UserId, WaveId},
    keying::ClientId,
    moment::Moment,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailBag {
    pub id: MailBagId,
    pub wave: WaveId,
    /// As `2026-11-26`.
    pub day: String,
    pub arrival: Arrival,
    pub opened_by: UserId,
}

pub type Tally = BTreeMap<EnvelopeOutcome, u64>;

pub async fn open_bag(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    arrival: Arrival,
    by: UserId,
    now: Moment,
) -> Result<MailBagId, StoreError> {
    let row = mail_bag::ActiveModel {
        wave_id: Set(wave.0),
        day: Set(day_text(now)),
        arrival: Set(arrival.as_str().to_owned()),
        opened_by: Set(by.0),
        ..Default::default()
    };
    let inserted = mail_bag::Entity::insert(row).exec(tx).await?;
    Ok(MailBagId(inserted.last_insert_id))
}

/// A bag of this wave, and of no other.
pub async fn bag(
    db: &impl ConnectionTrait,
    wave: WaveId,
    id: MailBagId,
) -> Result<Option<MailBag>, StoreError> {
    let row = mail_bag::Entity::find_by_id(id.0)
        .filter(mail_bag::Column::WaveId.eq(wave.0))
        .one(db)
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// The latest bags of a wave, the newest first, with what became of the envelopes in each.
pub async fn bags(
    db: &impl ConnectionTrait,
    wave: WaveId,
    most: u64,
) -> Result<Vec<(MailBag, Tally)>, StoreError> {
    let rows = mail_bag::Entity::find()
        .filter(mail_bag::Column::WaveId.eq(wave.0))
        .order_by_desc(mail_bag::Column::Id)
        .limit(most)
        .all(db)
        .await?;
    let mut bags = Vec::with_capacity(rows.len());
    for row in &rows {
        let bag = from_row(row)?;
        let tally = counted(db, envelope::Column::BagId.eq(row.id)).await?;
        bags.push((bag, tally));
    }
    Ok(bags)
}

fn from_row(row: &mail_bag::Model) -> Result<MailBag, StoreError> {
    Ok(MailBag {
        id: MailBagId(row.id),
        wave: WaveId(row.wave_id),
        day: row.day.clone(),
        arrival: row
            .arrival
            .parse()
            .map_err(|error| inconsistent("mail_bag", "arrival", error))?,
        opened_by: UserId(row.opened_by),
    })
}

/// What became of the scan with this number, if it came before.
pub async fn scanned(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    scan: &ClientId,
) -> Result<Option<EnvelopeOutcome>, StoreError> {
    let row = envelope::Entity::find_by_id((wave.0, scan.as_str().to_owned()))
        .one(tx)
        .await?;
    row.map(|row| outcome(&row.outcome)).transpose()
}

pub async fn note_envelope(
    tx: &impl ConnectionTrait,
    bag: &MailBag,
    scan: &ClientId,
    outcome: EnvelopeOutcome,
) -> Result<(), StoreError> {
    envelope::Entity::insert(envelope::ActiveModel {
        wave_id: Set(bag.wave.0),
        scan_id: Set(scan.as_str().to_owned()),
        bag_id: Set(bag.id.0),
        outcome: Set(outcome.as_str().to_owned()),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// The envelopes of one bag.
pub async fn in_bag(db: &impl ConnectionTrait, bag: MailBagId) -> Result<Tally, StoreError> {
    counted(db, envelope::Column::BagId.eq(bag.0)).await
}

/// The envelopes in the bags that were opened on the day of this moment.
pub async fn on_day(
    db: &impl ConnectionTrait,
    wave: WaveId,
    moment: Moment,
) -> Result<Tally, StoreError> {
    let bags = sea_orm::sea_query::Query::select()
        .column(mail_bag::Column::Id)
        .from(mail_bag::Entity)
        .and_where(mail_bag::Column::WaveId.eq(wave.0))
        .and_where(mail_bag::Column::Day.eq(day_text(moment)))
        .to_owned();
    counted(db, envelope::Column::BagId.in_subquery(bags)).await
}

/// All envelopes of a wave, by outcome.
pub async fn envelopes(db: &impl ConnectionTrait, wave: WaveId) -> Result<Tally, StoreError> {
    counted(db, envelope::Column::WaveId.eq(wave.0)).await
}

async fn counted(
    db: &impl ConnectionTrait,
    which: impl sea_orm::sea_query::IntoCondition,
) -> Result<Tally, StoreError> {
    let rows: Vec<(String, i64)> = envelope::Entity::find()
        .select_only()
        .column(envelope::Column::Outcome)
        .column_as(envelope::Column::ScanId.count(), "envelopes")
        .filter(which)
        .group_by(envelope::Column::Outcome)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(name, count)| {
            let count =
                u64::try_from(count).map_err(|error| inconsistent("envelope", "outcome", error))?;
            Ok((outcome(&name)?, count))
        })
        .collect()
}

fn outcome(name: &str) -> Result<EnvelopeOutcome, StoreError> {
    name.parse()
        .map_err(|error| inconsistent("envelope", "outcome", error))
}
