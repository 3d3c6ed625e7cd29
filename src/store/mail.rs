//! Subscribers, the report that their mails are about, and the outbox.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict},
};

use super::{
    StoreError,
    entity::{outbox, report_snapshot, subscriber},
    inconsistent,
};
use crate::domain::{
    id::{MailId, SnapshotId, WaveId},
    moment::Moment,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    pub id: i64,
    pub wave: WaveId,
    pub email: String,
    pub stop_token: String,
    pub stopped: bool,
}

impl From<subscriber::Model> for Subscriber {
    fn from(row: subscriber::Model) -> Self {
        Self {
            id: row.id,
            wave: WaveId(row.wave_id),
            email: row.email,
            stop_token: row.stop_token,
            stopped: row.stopped_at.is_some(),
        }
    }
}

/// Adds a subscriber, once; one who had stopped and is added again gets mail again.
pub async fn subscribe(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    email: &str,
    stop_token: &str,
) -> Result<(), StoreError> {
    subscriber::Entity::insert(subscriber::ActiveModel {
        wave_id: Set(wave.0),
        email: Set(email.to_owned()),
        stop_token: Set(stop_token.to_owned()),
        stopped_at: Set(None),
        ..Default::default()
    })
    .on_conflict(
        OnConflict::columns([subscriber::Column::WaveId, subscriber::Column::Email])
            .value(
                subscriber::Column::StoppedAt,
                Expr::value(Option::<i64>::None),
            )
            .to_owned(),
    )
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Takes every subscriber off a wave that is still a draft: none of them has had a mail.
pub async fn forget_subscribers(tx: &impl ConnectionTrait, wave: WaveId) -> Result<(), StoreError> {
    subscriber::Entity::delete_many()
        .filter(subscriber::Column::WaveId.eq(wave.0))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn subscribers(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<Vec<Subscriber>, StoreError> {
    let rows = subscriber::Entity::find()
        .filter(subscriber::Column::WaveId.eq(wave.0))
        .order_by_asc(subscriber::Column::Email)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Subscriber::from).collect())
}

pub async fn by_stop_token(
    db: &impl ConnectionTrait,
    token: &str,
) -> Result<Option<Subscriber>, StoreError> {
    let row = subscriber::Entity::find()
        .filter(subscriber::Column::StopToken.eq(token))
        .one(db)
        .await?;
    Ok(row.map(Subscriber::from))
}

pub async fn stop(tx: &impl ConnectionTrait, id: i64, now: Moment) -> Result<(), StoreError> {
    subscriber::Entity::update_many()
        .col_expr(subscriber::Column::StoppedAt, Expr::value(now.millis()))
        .filter(subscriber::Column::Id.eq(id))
        .filter(subscriber::Column::StoppedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn keep_snapshot(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    report_json: String,
    now: Moment,
) -> Result<SnapshotId, StoreError> {
    let inserted = report_snapshot::Entity::insert(report_snapshot::ActiveModel {
        wave_id: Set(wave.0),
        content: Set(report_json),
        created_at: Set(now.millis()),
        ..Default::default()
    })
    .exec(tx)
    .await?;
    Ok(SnapshotId(inserted.last_insert_id))
}

pub async fn snapshot(db: &impl ConnectionTrait, id: SnapshotId) -> Result<String, StoreError> {
    let row = report_snapshot::Entity::find_by_id(id.0).one(db).await?;
    row.map(|row| row.content)
        .ok_or_else(|| inconsistent("outbox", "snapshot_id", id))
}

pub async fn enqueue(
    tx: &impl ConnectionTrait,
    subscriber: &Subscriber,
    snapshot: SnapshotId,
    message_id: String,
    now: Moment,
) -> Result<(), StoreError> {
    outbox::Entity::insert(outbox::ActiveModel {
        message_id: Set(message_id),
        subscriber_id: Set(subscriber.id),
        snapshot_id: Set(snapshot.0),
        state: Set("queued".to_owned()),
        attempts: Set(0),
        due_at: Set(now.millis()),
        claimed_until: Set(0),
        last_error: Set(None),
        created_at: Set(now.millis()),
        sent_at: Set(None),
        ..Default::default()
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
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

/// A mail that a worker has claimed: nobody else sends it until the claim runs out.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: MailId,
    pub message_id: String,
    pub subscriber: Subscriber,
    pub snapshot: SnapshotId,
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
        let subscriber = subscriber::Entity::find_by_id(row.subscriber_id)
            .one(tx)
            .await?
            .ok_or_else(|| inconsistent("outbox", "subscriber_id", row.subscriber_id))?;
        claimed.push(Claimed {
            id: MailId(row.id),
            message_id: row.message_id,
            subscriber: subscriber.into(),
            snapshot: SnapshotId(row.snapshot_id),
            attempts: u32::try_from(row.attempts).unwrap_or(0),
        });
    }
    Ok(claimed)
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

/// A mail as the staff page lists it.
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
    let people = subscribers(db, wave).await?;
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
                .find(|person| person.id == row.subscriber_id)?
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
