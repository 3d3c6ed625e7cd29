//! Appending to the ledger: responses, count sheets and voids take consecutive places in their wave,
//! under the wave's lock.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rand::{Rng, seq::SliceRandom};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{
    StoreError,
    entity::{
        admission, count_sheet, entitlement, import_file, ledger_head, refused_attempt, response,
        spent_entitlement, void_entry,
    },
    inconsistent, wave,
};
use crate::{
    domain::{
        access_code::CodeHash,
        channel::Channel,
        count_sheet::CountSheet,
        id::{Seq, UserId, WaveId},
        moment::Moment,
        receipt::{AdmissionKey, Receipt},
        wave::NotAccepting,
    },
    tally::report::RefusalReason,
};

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
            Err(reason) if known.admitted.contains(response.admission.as_str()) => {
                let _ = reason;
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

/// What the database, and the batch so far, know of the batch's keys.
struct Known {
    admitted: HashSet<String>,
    /// `true` when the entitlement is spent; absent when it was never issued.
    entitlements: HashMap<String, bool>,
}

impl Known {
    async fn load<'a>(
        tx: &impl ConnectionTrait,
        id: WaveId,
        responses: impl Iterator<Item = &'a NewResponse> + Clone,
    ) -> Result<Self, StoreError> {
        let keys: Vec<&str> = responses.clone().map(|r| r.admission.as_str()).collect();
        let admitted = admission::Entity::find()
            .filter(admission::Column::WaveId.eq(id.0))
            .filter(admission::Column::AdmissionKey.is_in(keys))
            .all(tx)
            .await?;
        let hashes: Vec<&str> = responses
            .filter_map(|r| r.entitlement.as_ref())
            .map(CodeHash::as_str)
            .collect();
        let mut entitlements = HashMap::new();
        if !hashes.is_empty() {
            let issued = entitlement::Entity::find()
                .filter(entitlement::Column::WaveId.eq(id.0))
                .filter(entitlement::Column::CodeHash.is_in(hashes.clone()))
                .all(tx)
                .await?;
            entitlements.extend(issued.into_iter().map(|row| (row.code_hash, false)));
            let spent = spent_entitlement::Entity::find()
                .filter(spent_entitlement::Column::WaveId.eq(id.0))
                .filter(spent_entitlement::Column::CodeHash.is_in(hashes))
                .all(tx)
                .await?;
            entitlements.extend(spent.into_iter().map(|row| (row.code_hash, true)));
        }
        Ok(Self {
            admitted: admitted.into_iter().map(|row| row.admission_key).collect(),
            entitlements,
        })
    }

    fn admit(&mut self, response: &NewResponse) -> Appended {
        if self.admitted.contains(response.admission.as_str()) {
            return Appended::AlreadyAdmitted;
        }
        if let Some(hash) = &response.entitlement {
            match self.entitlements.get_mut(hash.as_str()) {
                None => return Appended::CodeUnknown,
                Some(true) => return Appended::CodeAlreadyCounted,
                Some(spent) => *spent = true,
            }
        }
        self.admitted.insert(response.admission.as_str().to_owned());
        Appended::Counted
    }
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

/// Notes that a file has been imported; false when it had been before.
pub async fn note_import(
    tx: &impl ConnectionTrait,
    id: WaveId,
    sha256: &str,
    entries: i64,
    now: Moment,
) -> Result<bool, StoreError> {
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

/// The day, in UTC: no entry carries a finer time.
fn day_text(now: Moment) -> String {
    now.to_string()[..10].to_owned()
}
