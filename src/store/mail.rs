//! Subscribers, and the report that their mails are about.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use super::{
    StoreError,
    audit::Head,
    entity::{outbox, report_snapshot, subscriber},
    inconsistent,
};
use crate::domain::{
    id::{SnapshotId, WaveId},
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

/// Removes a subscriber of this wave, or stops one whom mails name; false when there is none.
pub async fn remove(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    id: i64,
    now: Moment,
) -> Result<bool, StoreError> {
    let known = subscriber::Entity::find_by_id(id)
        .filter(subscriber::Column::WaveId.eq(wave.0))
        .one(tx)
        .await?;
    if known.is_none() {
        return Ok(false);
    }
    let named = outbox::Entity::find()
        .filter(outbox::Column::SubscriberId.eq(id))
        .one(tx)
        .await?;
    if named.is_some() {
        stop(tx, id, now).await?;
    } else {
        subscriber::Entity::delete_by_id(id).exec(tx).await?;
    }
    Ok(true)
}

/// Whether this report replaces one of an earlier closing of the same wave.
pub async fn is_correction(db: &impl ConnectionTrait, id: SnapshotId) -> Result<bool, StoreError> {
    let Some(row) = report_snapshot::Entity::find_by_id(id.0).one(db).await? else {
        return Ok(false);
    };
    let earlier = report_snapshot::Entity::find()
        .filter(report_snapshot::Column::WaveId.eq(row.wave_id))
        .filter(report_snapshot::Column::Id.lt(id.0))
        .one(db)
        .await?;
    Ok(earlier.is_some())
}

pub async fn keep_snapshot(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    report_json: String,
    audit_head: &Head,
    now: Moment,
) -> Result<SnapshotId, StoreError> {
    let inserted = report_snapshot::Entity::insert(report_snapshot::ActiveModel {
        wave_id: Set(wave.0),
        content: Set(report_json),
        created_at: Set(now.millis()),
        audit_head: Set(Some(audit_head.to_string())),
        ..Default::default()
    })
    .exec(tx)
    .await?;
    Ok(SnapshotId(inserted.last_insert_id))
}

/// A report as it stood when its wave closed, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub content: String,
    /// Where the audit log ended then, as `123:abcd…`.
    pub audit_head: Option<String>,
}

pub async fn snapshot(db: &impl ConnectionTrait, id: SnapshotId) -> Result<Snapshot, StoreError> {
    let row = report_snapshot::Entity::find_by_id(id.0).one(db).await?;
    let row = row.ok_or_else(|| inconsistent("outbox", "snapshot_id", id))?;
    Ok(Snapshot {
        content: row.content,
        audit_head: row.audit_head,
    })
}
