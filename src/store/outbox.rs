//! The outbox: mails that wait to be sent, in the transaction that decided on them.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query},
};

use super::{
    StoreError,
    entity::{outbox, report_snapshot, subscriber},
    inconsistent,
    mail::{self, Subscriber},
};
use crate::domain::{
    id::{MailId, SnapshotId, WaveId},
    moment::Moment,
};

/// Puts a summary of a wave into the outbox.
pub async fn enqueue(
    tx: &impl ConnectionTrait,
    subscriber: &Subscriber,
    snapshot: SnapshotId,
    message_id: String,
    now: Moment,
) -> Result<(), StoreError> {
    let row = outbox::ActiveModel {
        kind: Set("summary".to_owned()),
        subscriber_id: Set(Some(subscriber.id)),
        snapshot_id: Set(Some(snapshot.0)),
        ..queued(message_id, now)
    };
    outbox::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Parks the summaries of a wave that have not been sent: one that is tried again must not arrive
/// after the one that replaces it.
pub async fn park_replaced(tx: &impl ConnectionTrait, wave: WaveId) -> Result<(), StoreError> {
    let snapshots = Query::select()
        .column(report_snapshot::Column::Id)
        .from(report_snapshot::Entity)
        .and_where(report_snapshot::Column::WaveId.eq(wave.0))
        .to_owned();
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("parked"))
        .col_expr(
            outbox::Column::LastError,
            Expr::value("replaced by the corrected summary"),
        )
        .filter(outbox::Column::State.eq("queued"))
        .filter(outbox::Column::SnapshotId.in_subquery(snapshots))
        .exec(tx)
        .await?;
    Ok(())
}

/// Parks what has not been sent of the notices about a wave, and forgets what they carry: an
/// invitation with a code is of no use once the wave takes no more answers.
pub async fn park_notices(tx: &impl ConnectionTrait, wave: WaveId) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("parked"))
        .col_expr(
            outbox::Column::LastError,
            Expr::value("the wave closed before this could be sent"),
        )
        .col_expr(outbox::Column::Sealed, Expr::value(Option::<String>::None))
        .col_expr(
            outbox::Column::Recipient,
            Expr::value(Option::<String>::None),
        )
        .filter(outbox::Column::State.is_in(["queued", "parked"]))
        .filter(outbox::Column::Kind.eq("notice"))
        .filter(outbox::Column::WaveId.eq(wave.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// A mail to one person, with its content under seal.
#[derive(Debug, Clone)]
pub struct NewNotice {
    pub message_id: String,
    pub recipient: String,
    pub sealed: String,
    /// The wave that it is about, if it is about one.
    pub wave: Option<WaveId>,
}

pub async fn enqueue_notices(
    tx: &impl ConnectionTrait,
    notices: Vec<NewNotice>,
    now: Moment,
) -> Result<(), StoreError> {
    let mut rows: Vec<outbox::ActiveModel> = notices
        .into_iter()
        .map(|notice| outbox::ActiveModel {
            kind: Set("notice".to_owned()),
            recipient: Set(Some(notice.recipient)),
            sealed: Set(Some(notice.sealed)),
            wave_id: Set(notice.wave.map(|wave| wave.0)),
            ..queued(notice.message_id, now)
        })
        .collect();
    while !rows.is_empty() {
        let chunk = rows.split_off(rows.len().saturating_sub(ROWS_PER_INSERT));
        outbox::Entity::insert_many(chunk)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Rows of one statement: SQLite takes 32,766 values, and a row has fourteen.
const ROWS_PER_INSERT: usize = 1_000;

fn queued(message_id: String, now: Moment) -> outbox::ActiveModel {
    outbox::ActiveModel {
        message_id: Set(message_id),
        subscriber_id: Set(None),
        snapshot_id: Set(None),
        wave_id: Set(None),
        recipient: Set(None),
        sealed: Set(None),
        state: Set("queued".to_owned()),
        attempts: Set(0),
        due_at: Set(now.millis()),
        claimed_until: Set(0),
        last_error: Set(None),
        created_at: Set(now.millis()),
        sent_at: Set(None),
        ..Default::default()
    }
}

pub async fn is_any_due(db: &impl ConnectionTrait, now: Moment) -> Result<bool, StoreError> {
    let row = outbox::Entity::find().filter(due(now)).one(db).await?;
    Ok(row.is_some())
}

/// Mails that wait for a worker, or for another try.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let queued = outbox::Entity::find().filter(outbox::Column::State.eq("queued"));
    Ok(queued.count(db).await?)
}

/// Queued, at its time, and claimed by nobody.
fn due(now: Moment) -> Condition {
    Condition::all()
        .add(outbox::Column::State.eq("queued"))
        .add(outbox::Column::DueAt.lte(now.millis()))
        .add(outbox::Column::ClaimedUntil.lte(now.millis()))
}

/// What a mail carries.
#[derive(Debug, Clone)]
pub enum Content {
    Summary {
        subscriber: Subscriber,
        snapshot: SnapshotId,
    },
    Notice {
        recipient: String,
        sealed: String,
    },
}

/// A mail that a worker has claimed: nobody else sends it until the claim runs out.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: MailId,
    pub message_id: String,
    pub content: Content,
    /// Tries before this one.
    pub attempts: u32,
}

/// Claims up to `most` mails that are due.
pub async fn claim(
    tx: &impl ConnectionTrait,
    now: Moment,
    until: Moment,
    most: u64,
) -> Result<Vec<Claimed>, StoreError> {
    let due = outbox::Entity::find()
        .filter(due(now))
        .order_by_asc(outbox::Column::DueAt)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    let ids: Vec<i64> = due.iter().map(|row| row.id).collect();
    outbox::Entity::update_many()
        .col_expr(outbox::Column::ClaimedUntil, Expr::value(until.millis()))
        .filter(outbox::Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    let mut claimed = Vec::with_capacity(due.len());
    for row in due {
        claimed.push(Claimed {
            id: MailId(row.id),
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            message_id: row.message_id.clone(),
            content: content(tx, row).await?,
        });
    }
    Ok(claimed)
}

async fn content(tx: &impl ConnectionTrait, row: outbox::Model) -> Result<Content, StoreError> {
    match (
        row.subscriber_id,
        row.snapshot_id,
        row.recipient,
        row.sealed,
    ) {
        (Some(id), Some(snapshot), ..) => {
            let subscriber = subscriber::Entity::find_by_id(id).one(tx).await?;
            Ok(Content::Summary {
                subscriber: subscriber
                    .ok_or_else(|| inconsistent("outbox", "subscriber_id", id))?
                    .into(),
                snapshot: SnapshotId(snapshot),
            })
        }
        (_, _, Some(recipient), Some(sealed)) => Ok(Content::Notice { recipient, sealed }),
        _ => Err(inconsistent("outbox", "kind", row.kind)),
    }
}

pub async fn mark_sent(
    tx: &impl ConnectionTrait,
    id: MailId,
    now: Moment,
) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("sent"))
        .col_expr(
            outbox::Column::Attempts,
            Expr::col(outbox::Column::Attempts).add(1),
        )
        .col_expr(outbox::Column::SentAt, Expr::value(now.millis()))
        .col_expr(
            outbox::Column::LastError,
            Expr::value(Option::<String>::None),
        )
        // What a notice carried, and to whom, is of no more use.
        .col_expr(outbox::Column::Sealed, Expr::value(Option::<String>::None))
        .col_expr(
            outbox::Column::Recipient,
            Expr::value(Option::<String>::None),
        )
        .filter(outbox::Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Puts a mail back for another try at `due`, or parks it when there is none.
pub async fn mark_failed(
    tx: &impl ConnectionTrait,
    id: MailId,
    attempts: u32,
    due: Option<Moment>,
    error: &str,
) -> Result<(), StoreError> {
    let state = if due.is_some() { "queued" } else { "parked" };
    let due = due.map_or(0, Moment::millis);
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(state))
        .col_expr(
            outbox::Column::Attempts,
            Expr::value(i32::try_from(attempts).unwrap_or(i32::MAX)),
        )
        .col_expr(outbox::Column::DueAt, Expr::value(due))
        .col_expr(outbox::Column::ClaimedUntil, Expr::value(0_i64))
        .col_expr(outbox::Column::LastError, Expr::value(error))
        .filter(outbox::Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// A summary as the staff page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailStanding {
    pub email: String,
    pub state: String,
    pub attempts: i32,
    pub last_error: Option<String>,
}

pub async fn of_wave(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<Vec<MailStanding>, StoreError> {
    let people = mail::subscribers(db, wave).await?;
    let rows = outbox::Entity::find()
        .filter(outbox::Column::SubscriberId.is_in(people.iter().map(|person| person.id)))
        .order_by_asc(outbox::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let email = people
                .iter()
                .find(|person| Some(person.id) == row.subscriber_id)?
                .email
                .clone();
            Some(MailStanding {
                email,
                state: row.state,
                attempts: row.attempts,
                last_error: row.last_error,
            })
        })
        .collect())
}
