//! What is kept under one e-mail address, wherever it is kept, and taking it away.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{
    StoreError,
    entity::{outbox, roll_person, subscriber},
    roll,
};
use crate::domain::{id::WaveId, moment::Moment, roll::RollKey};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollEntry {
    pub wave: WaveId,
    pub serial: i64,
    pub name: String,
    pub address: String,
    pub email: String,
    pub group: Option<String>,
    pub has_code: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub wave: WaveId,
    pub stopped: Option<Moment>,
}

/// A mail that can still be traced to the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedMail {
    pub kind: String,
    pub state: String,
    pub written: Moment,
    pub sent: Option<Moment>,
}

/// Written in capitals or not. The database lowers letters of English only; an address that was
/// kept as it was typed is found by that.
fn is_address<C: ColumnTrait>(column: C, address: &str) -> Condition {
    let lowered = address.to_lowercase();
    Condition::any()
        .add(column.eq(address))
        .add(Expr::expr(Func::lower(Expr::col(column))).eq(lowered))
}

pub async fn on_rolls(
    db: &impl ConnectionTrait,
    address: &str,
) -> Result<Vec<RollEntry>, StoreError> {
    let rows = roll_person::Entity::find()
        .filter(is_address(roll_person::Column::Email, address))
        .order_by_asc(roll_person::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| RollEntry {
            wave: WaveId(row.wave_id),
            serial: row.serial,
            name: row.name,
            address: row.address,
            email: row.email.unwrap_or_default(),
            group: row.group_name,
            has_code: row.run_id.is_some(),
        })
        .collect())
}

pub async fn subscriptions(
    db: &impl ConnectionTrait,
    address: &str,
) -> Result<Vec<Subscription>, StoreError> {
    let rows = subscribers(db, address).await?;
    Ok(rows
        .into_iter()
        .map(|row| Subscription {
            wave: WaveId(row.wave_id),
            stopped: row.stopped_at.map(Moment::from_millis),
        })
        .collect())
}

async fn subscribers(
    db: &impl ConnectionTrait,
    address: &str,
) -> Result<Vec<subscriber::Model>, StoreError> {
    Ok(subscriber::Entity::find()
        .filter(is_address(subscriber::Column::Email, address))
        .order_by_asc(subscriber::Column::Id)
        .all(db)
        .await?)
}

/// Mails to the address itself, and summaries to its subscriptions.
async fn of_address(db: &impl ConnectionTrait, address: &str) -> Result<Condition, StoreError> {
    let ids: Vec<i64> = subscribers(db, address)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    Ok(is_address(outbox::Column::Recipient, address).add(outbox::Column::SubscriberId.is_in(ids)))
}

pub async fn mails(
    db: &impl ConnectionTrait,
    address: &str,
) -> Result<Vec<TracedMail>, StoreError> {
    let rows = outbox::Entity::find()
        .filter(of_address(db, address).await?)
        .order_by_asc(outbox::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| TracedMail {
            kind: row.kind,
            state: row.state,
            written: Moment::from_millis(row.created_at),
            sent: row.sent_at.map(Moment::from_millis),
        })
        .collect())
}

/// How many rows went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    pub on_rolls: u64,
    pub subscriptions: u64,
    pub mails: u64,
}

/// Under the lock of every wave whose roll has the address. Whoever has a code leaves an empty row:
/// see [`roll::take_off`].
pub async fn erase(
    tx: &impl ConnectionTrait,
    address: &str,
    key: &RollKey,
) -> Result<Erased, StoreError> {
    let mails = outbox::Entity::delete_many()
        .filter(of_address(tx, address).await?)
        .exec(tx)
        .await?;
    let subscriptions = subscriber::Entity::delete_many()
        .filter(is_address(subscriber::Column::Email, address))
        .exec(tx)
        .await?;
    let rows = roll_person::Entity::find()
        .filter(is_address(roll_person::Column::Email, address))
        .all(tx)
        .await?;
    let mut on_rolls = 0;
    for row in rows {
        roll::take_off(tx, row, key).await?;
        on_rolls += 1;
    }
    Ok(Erased {
        on_rolls,
        subscriptions: subscriptions.rows_affected,
        mails: mails.rows_affected,
    })
}
