//! Appending to the ledger: responses, count sheets and voids take consecutive places in their wave,
//! under the wave's lock. `known` tells what has been counted before; `entries` has all that is no
//! response.

mod entries;
mod known;

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, seq::SliceRandom};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr,
};

use self::known::Known;
use super::{
    StoreError,
    entity::{admission, ledger_head, response, spent_entitlement},
    inconsistent, wave,
};
use crate::{
    domain::{
        access_code::CodeHash,
        channel::Channel,
        id::WaveId,
        moment::Moment,
        receipt::{AdmissionKey, Receipt},
        wave::NotAccepting,
    },
    tally::report::RefusalReason,
};

pub use self::entries::{NewVoid, append_sheet, append_void, note_import, note_refused};

/// A response that has been checked against its survey and waits to be counted.
#[derive(Debug, Clone)]
pub struct NewResponse {
    pub wave: WaveId,
    pub channel: Channel,
    pub admission: AdmissionKey,
    pub entitlement: Option<CodeHash>,
    pub receipt: Receipt,
    /// In the survey's layout.
    pub answers: String,
    pub arrival: Arrival,
}

/// Which closing time holds for a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The server received it from a participant at this moment: the wave's times decide.
    Received(Moment),
    /// Staff enter what reached them in time: the wave's state decides.
    EnteredByStaff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    Counted,
    /// The same browser, or the same paper, was let in before. What it sent then counts.
    AlreadyAdmitted,
    CodeAlreadyCounted,
    CodeUnknown,
    NotAccepting(NotAccepting),
}

impl Appended {
    fn refusal(self) -> Option<RefusalReason> {
        match self {
            Self::CodeAlreadyCounted => Some(RefusalReason::CodeAlreadyCounted),
            Self::CodeUnknown => Some(RefusalReason::CodeUnknown),
            Self::NotAccepting(NotAccepting::Closed { .. }) => Some(RefusalReason::AfterClosing),
            Self::Counted | Self::AlreadyAdmitted | Self::NotAccepting(_) => None,
        }
    }
}

/// Appends what may be counted, in shuffled order, and tells for each what became of it.
pub async fn append(
    tx: &impl ConnectionTrait,
    batch: &[NewResponse],
    now: Moment,
    rng: &mut (impl Rng + Send),
) -> Result<Vec<Appended>, StoreError> {
    let mut outcomes = vec![Appended::Counted; batch.len()];
    let waves: BTreeSet<WaveId> = batch.iter().map(|response| response.wave).collect();
    // In ascending order, so that two processes never wait for each other's waves.
    for id in waves {
        let members: Vec<usize> = (0..batch.len()).filter(|i| batch[*i].wave == id).collect();
        append_to_wave(tx, id, batch, &members, &mut outcomes, now, rng).await?;
    }
    Ok(outcomes)
}

async fn append_to_wave(
    tx: &impl ConnectionTrait,
    id: WaveId,
    batch: &[NewResponse],
    members: &[usize],
    outcomes: &mut [Appended],
    now: Moment,
    rng: &mut (impl Rng + Send),
) -> Result<(), StoreError> {
    let (wave, last) = wave::lock(tx, id).await?;
    let mut known = Known::load(tx, id, members.iter().map(|i| &batch[*i])).await?;
    let mut counted = Vec::with_capacity(members.len());
    for index in members {
        let response = &batch[*index];
        let received = match response.arrival {
            Arrival::Received(moment) => moment,
            Arrival::EnteredByStaff => wave.spec.closes,
        };
        outcomes[*index] = match wave.accepts(response.channel, received) {
            // What it sent before stays counted, and so it is told.
            Err(_) if known.admitted.contains(response.admission.as_str()) => {
                Appended::AlreadyAdmitted
            }
            Err(reason) => Appended::NotAccepting(reason),
            Ok(()) => known.admit(response),
        };
        if outcomes[*index] == Appended::Counted {
            counted.push(response);
        }
    }
    counted.shuffle(rng);
    insert(tx, id, last, &counted, now).await?;
    let mut refused: BTreeMap<RefusalReason, i64> = BTreeMap::new();
    for reason in members
        .iter()
        .filter_map(|index| outcomes[*index].refusal())
    {
        *refused.entry(reason).or_default() += 1;
    }
    for (reason, attempts) in refused {
        note_refused(tx, id, reason, attempts).await?;
    }
    Ok(())
}

/// Rows of one statement: PostgreSQL takes 65,535 values, SQLite 32,766, and a row has six.
const ROWS_PER_INSERT: usize = 1_000;

async fn insert(
    tx: &impl ConnectionTrait,
    id: WaveId,
    last: i64,
    counted: &[&NewResponse],
    now: Moment,
) -> Result<(), StoreError> {
    let day = day_text(now);
    let mut seq = last;
    for chunk in counted.chunks(ROWS_PER_INSERT) {
        // The keys go in sorted, not in the order of the responses: on PostgreSQL the rows of these
        // tables stand in the order of insertion.
        let mut keys: Vec<&str> = chunk.iter().map(|r| r.admission.as_str()).collect();
        keys.sort_unstable();
        admission::Entity::insert_many(keys.into_iter().map(|key| admission::ActiveModel {
            wave_id: Set(id.0),
            admission_key: Set(key.to_owned()),
        }))
        .exec_without_returning(tx)
        .await?;
        let mut spent: Vec<(&str, Channel)> = chunk
            .iter()
            .filter_map(|r| {
                r.entitlement
                    .as_ref()
                    .map(|hash| (hash.as_str(), r.channel))
            })
            .collect();
        spent.sort_unstable();
        if !spent.is_empty() {
            spent_entitlement::Entity::insert_many(spent.into_iter().map(|(hash, channel)| {
                spent_entitlement::ActiveModel {
                    wave_id: Set(id.0),
                    code_hash: Set(hash.to_owned()),
                    channel: Set(channel.to_string()),
                }
            }))
            .exec_without_returning(tx)
            .await?;
        }
        let rows = chunk.iter().map(|new| {
            seq += 1;
            response::ActiveModel {
                wave_id: Set(id.0),
                seq: Set(seq),
                public_id: Set(new.receipt.as_str().to_owned()),
                channel: Set(new.channel.to_string()),
                day: Set(day.clone()),
                answers: Set(new.answers.clone()),
            }
        });
        response::Entity::insert_many(rows.collect::<Vec<_>>())
            .exec_without_returning(tx)
            .await?;
    }
    set_head(tx, id, last, seq).await
}

async fn set_head(
    tx: &impl ConnectionTrait,
    id: WaveId,
    from: i64,
    to: i64,
) -> Result<(), StoreError> {
    if from == to {
        return Ok(());
    }
    let moved = ledger_head::Entity::update_many()
        .col_expr(ledger_head::Column::LastSeq, Expr::value(to))
        .filter(ledger_head::Column::WaveId.eq(id.0))
        .filter(ledger_head::Column::LastSeq.eq(from))
        .exec(tx)
        .await?;
    if moved.rows_affected == 1 {
        Ok(())
    } else {
        Err(inconsistent(
            "ledger_head",
            "last_seq",
            "it moved under the wave's lock",
        ))
    }
}

/// The day, in UTC: no entry carries a finer time.
pub(super) fn day_text(now: Moment) -> String {
    now.to_string()[..10].to_owned()
}
