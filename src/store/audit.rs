//! The record of every act of staff. An event is written in the transaction of its act, and last in
//! it: the head of the chain is locked from then on until the commit.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::{
    StoreError,
    entity::{audit_event, audit_head},
    inconsistent,
};
use crate::domain::{
    audit::{AuditKey, Event, Link},
    moment::Moment,
};

const ONLY: i64 = 1;

/// An event with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub link: Link,
    pub hash: String,
}

/// Where the chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

pub async fn append(
    tx: &impl ConnectionTrait,
    key: &AuditKey,
    event: &Event,
    now: Moment,
) -> Result<(), StoreError> {
    let head = audit_head::Entity::find_by_id(ONLY)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or_else(|| inconsistent("audit_head", "id", "the row is gone"))?;
    let link = Link {
        seq: head.seq + 1,
        at: now,
        user_id: event.actor.user.map(|user| user.0),
        who: event.actor.who.clone(),
        role: event.actor.role_text(),
        origin: event.actor.origin.to_text(),
        act: event.act.name(),
        object: event.act.object(),
        detail: event.act.detail(),
        result: event.outcome.as_str().to_owned(),
        previous: head.hash,
    };
    let hash = key.hash(&link);
    let seq = link.seq;
    audit_event::Entity::insert(row(link, hash.clone()))
        .exec_without_returning(tx)
        .await?;
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Seq, Expr::value(seq))
        .col_expr(audit_head::Column::Hash, Expr::value(hash))
        .filter(audit_head::Column::Id.eq(ONLY))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn head(db: &impl ConnectionTrait) -> Result<Head, StoreError> {
    let row = audit_head::Entity::find_by_id(ONLY).one(db).await?;
    let row = row.ok_or_else(|| inconsistent("audit_head", "id", "the row is gone"))?;
    Ok(Head {
        seq: row.seq,
        hash: row.hash,
    })
}

/// Up to `most` events after place `after`, in the order of the chain.
pub async fn events_after(
    db: &impl ConnectionTrait,
    after: i64,
    most: u64,
) -> Result<Vec<Recorded>, StoreError> {
    let rows = audit_event::Entity::find()
        .filter(audit_event::Column::Seq.gt(after))
        .order_by_asc(audit_event::Column::Seq)
        .limit(most)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Recorded::from).collect())
}

fn row(link: Link, hash: String) -> audit_event::ActiveModel {
    audit_event::ActiveModel {
        seq: Set(link.seq),
        at: Set(link.at.millis()),
        user_id: Set(link.user_id),
        who: Set(link.who),
        role: Set(link.role),
        origin: Set(link.origin),
        act: Set(link.act),
        object: Set(link.object),
        detail: Set(link.detail),
        result: Set(link.result),
        previous: Set(link.previous),
        hash: Set(hash),
    }
}

impl From<audit_event::Model> for Recorded {
    fn from(row: audit_event::Model) -> Self {
        Self {
            link: Link {
                seq: row.seq,
                at: Moment::from_millis(row.at),
                user_id: row.user_id,
                who: row.who,
                role: row.role,
                origin: row.origin,
                act: row.act,
                object: row.object,
                detail: row.detail,
                result: row.result,
                previous: row.previous,
            },
            hash: row.hash,
        }
    }
}
