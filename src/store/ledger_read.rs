//! Reading the ledger: in blocks for the fold, and one entry for its receipt.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};

use super::{
    StoreError,
    entity::{count_sheet, ledger_head, refused_attempt, response, void_entry},
    inconsistent,
};
use crate::{
    domain::{
        channel::Channel,
        count_sheet::CountSheet,
        id::{Seq, WaveId},
        receipt::Receipt,
    },
    tally::{
        disclosure::Weight,
        report::{RefusalReason, Refused},
    },
};

/// The last place of the wave's ledger. Every place up to it is filled.
pub async fn head(db: &impl ConnectionTrait, wave: WaveId) -> Result<Seq, StoreError> {
    let row = ledger_head::Entity::find_by_id(wave.0).one(db).await?;
    row.map(|row| Seq(row.last_seq))
        .ok_or_else(|| inconsistent("ledger_head", "wave_id", wave))
}

/// Responses of one query: a string of a few megabytes, whatever the size of the ledger.
const PLACES_PER_BLOCK: i64 = 100_000;

/// The answers of all responses in the places after `after` up to `through`, end to end, by channel.
///
/// Every answer column of a wave has the same width, so the database can hand a hundred thousand of
/// them over as one string: many times faster than as many rows.
pub async fn answer_blocks(
    db: &impl ConnectionTrait,
    wave: WaveId,
    after: Seq,
    through: Seq,
) -> Result<Vec<(Channel, String)>, StoreError> {
    let backend = db.get_database_backend();
    let join = if backend == DbBackend::Sqlite {
        "group_concat"
    } else {
        "string_agg"
    };
    let columns: Vec<String> = Channel::ALL
        .iter()
        .map(|channel| {
            format!("{join}(answers, '') FILTER (WHERE channel = '{channel}') AS {channel}")
        })
        .collect();
    let sql = format!(
        "SELECT {} FROM response WHERE wave_id = $1 AND seq > $2 AND seq <= $3",
        columns.join(", ")
    );
    let mut blocks = Vec::new();
    let mut start = after.0;
    while start < through.0 {
        let end = through.0.min(start + PLACES_PER_BLOCK);
        let values = [wave.0.into(), start.into(), end.into()];
        let statement = Statement::from_sql_and_values(backend, &sql, values);
        if let Some(row) = db.query_one_raw(statement).await? {
            for channel in Channel::ALL {
                if let Some(answers) = row.try_get::<Option<String>>("", channel.as_str())? {
                    blocks.push((channel, answers));
                }
            }
        }
        start = end;
    }
    Ok(blocks)
}

pub async fn sheets(
    db: &impl ConnectionTrait,
    wave: WaveId,
    after: Seq,
    through: Seq,
) -> Result<Vec<CountSheet>, StoreError> {
    let rows = count_sheet::Entity::find()
        .filter(count_sheet::Column::WaveId.eq(wave.0))
        .filter(count_sheet::Column::Seq.gt(after.0))
        .filter(count_sheet::Column::Seq.lte(through.0))
        .order_by_asc(count_sheet::Column::Seq)
        .all(db)
        .await?;
    rows.iter().map(parse_sheet).collect()
}

/// The entries of a wave that are not one person each, in the order of their places.
pub async fn weights(db: &impl ConnectionTrait, wave: WaveId) -> Result<Vec<Weight>, StoreError> {
    let sheets: Vec<(i64, i64)> = count_sheet::Entity::find()
        .select_only()
        .columns([count_sheet::Column::Seq, count_sheet::Column::People])
        .filter(count_sheet::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(db)
        .await?;
    let voids: Vec<i64> = void_entry::Entity::find()
        .select_only()
        .column(void_entry::Column::Seq)
        .filter(void_entry::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(db)
        .await?;
    let mut weights: Vec<Weight> = sheets
        .into_iter()
        .map(|(place, people)| Weight {
            place,
            people: u64::try_from(people).unwrap_or(0),
        })
        .chain(voids.into_iter().map(|place| Weight { place, people: 0 }))
        .collect();
    weights.sort_unstable_by_key(|weight| weight.place);
    Ok(weights)
}

/// What stands at a place of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The totals of a count sheet; nothing for a response, whose answers nobody looks at.
    pub sheet: Option<CountSheet>,
    pub voided: bool,
}

/// The response or count sheet at a place, if there is one.
pub async fn entry_at(
    db: &impl ConnectionTrait,
    wave: WaveId,
    seq: Seq,
) -> Result<Option<Entry>, StoreError> {
    let void = void_entry::Entity::find()
        .filter(void_entry::Column::WaveId.eq(wave.0))
        .filter(void_entry::Column::VoidedSeq.eq(seq.0))
        .one(db)
        .await?;
    let key = (wave.0, seq.0);
    let sheet = count_sheet::Entity::find_by_id(key).one(db).await?;
    let sheet = sheet.as_ref().map(parse_sheet).transpose()?;
    let is_response = sheet.is_none() && is_response(db, wave, seq).await?;
    Ok((sheet.is_some() || is_response).then_some(Entry {
        sheet,
        voided: void.is_some(),
    }))
}

async fn is_response(
    db: &impl ConnectionTrait,
    wave: WaveId,
    seq: Seq,
) -> Result<bool, StoreError> {
    let place: Option<i64> = response::Entity::find_by_id((wave.0, seq.0))
        .select_only()
        .column(response::Column::Seq)
        .into_tuple()
        .one(db)
        .await?;
    Ok(place.is_some())
}

/// The place of the response with this receipt, in this wave.
pub async fn place_of(
    db: &impl ConnectionTrait,
    wave: WaveId,
    receipt: &Receipt,
) -> Result<Option<Seq>, StoreError> {
    let place: Option<i64> = response::Entity::find()
        .select_only()
        .column(response::Column::Seq)
        .filter(response::Column::WaveId.eq(wave.0))
        .filter(response::Column::PublicId.eq(receipt.as_str()))
        .into_tuple()
        .one(db)
        .await?;
    Ok(place.map(Seq))
}

/// The count sheets of a wave that are not voided, with their places.
pub async fn counted_sheets(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<Vec<(Seq, CountSheet)>, StoreError> {
    let voided: Vec<i64> = void_entry::Entity::find()
        .select_only()
        .column(void_entry::Column::VoidedSeq)
        .filter(void_entry::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(db)
        .await?;
    let rows = count_sheet::Entity::find()
        .filter(count_sheet::Column::WaveId.eq(wave.0))
        .order_by_asc(count_sheet::Column::Seq)
        .all(db)
        .await?;
    rows.iter()
        .filter(|row| !voided.contains(&row.seq))
        .map(|row| Ok((Seq(row.seq), parse_sheet(row)?)))
        .collect()
}

fn parse_sheet(row: &count_sheet::Model) -> Result<CountSheet, StoreError> {
    serde_json::from_str(&row.content)
        .map_err(|error| inconsistent("count_sheet", "content", error))
}

/// What a void takes back.
#[derive(Debug, Clone)]
pub enum Voided {
    Response { channel: Channel, answers: String },
    Sheet(CountSheet),
}

pub async fn voids(
    db: &impl ConnectionTrait,
    wave: WaveId,
    after: Seq,
    through: Seq,
) -> Result<Vec<Voided>, StoreError> {
    let rows = void_entry::Entity::find()
        .filter(void_entry::Column::WaveId.eq(wave.0))
        .filter(void_entry::Column::Seq.gt(after.0))
        .filter(void_entry::Column::Seq.lte(through.0))
        .order_by_asc(void_entry::Column::Seq)
        .all(db)
        .await?;
    let mut voided = Vec::with_capacity(rows.len());
    for row in rows {
        voided.push(entry(db, wave, row.voided_seq).await?);
    }
    Ok(voided)
}

async fn entry(db: &impl ConnectionTrait, wave: WaveId, seq: i64) -> Result<Voided, StoreError> {
    if let Some(row) = response::Entity::find_by_id((wave.0, seq)).one(db).await? {
        return Ok(Voided::Response {
            channel: channel(&row.channel, "response")?,
            answers: row.answers,
        });
    }
    let sheet = count_sheet::Entity::find_by_id((wave.0, seq))
        .one(db)
        .await?;
    let sheet = sheet.ok_or_else(|| inconsistent("void_entry", "voided_seq", seq))?;
    Ok(Voided::Sheet(parse_sheet(&sheet)?))
}

fn channel(text: &str, table: &'static str) -> Result<Channel, StoreError> {
    text.parse()
        .map_err(|error| inconsistent(table, "channel", error))
}

/// What a receipt shows: that the response is in the ledger, and nothing of what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipted {
    pub wave: WaveId,
    pub channel: Channel,
    /// `YYYY-MM-DD`.
    pub day: String,
    pub voided: bool,
}

pub async fn by_receipt(
    db: &impl ConnectionTrait,
    receipt: &Receipt,
) -> Result<Option<Receipted>, StoreError> {
    let row = response::Entity::find()
        .filter(response::Column::PublicId.eq(receipt.as_str()))
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let void = void_entry::Entity::find()
        .filter(void_entry::Column::WaveId.eq(row.wave_id))
        .filter(void_entry::Column::VoidedSeq.eq(row.seq))
        .one(db)
        .await?;
    Ok(Some(Receipted {
        wave: WaveId(row.wave_id),
        channel: channel(&row.channel, "response")?,
        day: row.day,
        voided: void.is_some(),
    }))
}

/// Whether the response of this receipt says this. Only whoever has the receipt's visit can ask.
pub async fn holds(
    db: &impl ConnectionTrait,
    receipt: &Receipt,
    answers: &str,
) -> Result<bool, StoreError> {
    let row = response::Entity::find()
        .filter(response::Column::PublicId.eq(receipt.as_str()))
        .filter(response::Column::Answers.eq(answers))
        .one(db)
        .await?;
    Ok(row.is_some())
}

pub async fn refused(db: &impl ConnectionTrait, wave: WaveId) -> Result<Vec<Refused>, StoreError> {
    let rows = refused_attempt::Entity::find()
        .filter(refused_attempt::Column::WaveId.eq(wave.0))
        .order_by_asc(refused_attempt::Column::Reason)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let reason = RefusalReason::ALL
                .into_iter()
                .find(|reason| reason.as_str() == row.reason)
                .ok_or_else(|| inconsistent("refused_attempt", "reason", &row.reason))?;
            let attempts = u64::try_from(row.attempts)
                .map_err(|error| inconsistent("refused_attempt", "attempts", error))?;
            Ok(Refused { reason, attempts })
        })
        .collect()
}
