//! Counting and removing what has been kept long enough. Each removal has its count, which sees the
//! same rows: that is what a dry run shows.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::Expr,
};

use super::{
    StoreError,
    entity::{code_run, outbox, subscriber},
};
use crate::domain::{id::WaveId, moment::Moment};

/// Mails that are done with: sent before this moment, or parked and written before it.
fn done_with(before: Moment) -> Condition {
    let sent = Condition::all()
        .add(outbox::Column::State.eq("sent"))
        .add(outbox::Column::SentAt.lt(before.millis()));
    let parked = Condition::all()
        .add(outbox::Column::State.eq("parked"))
        .add(outbox::Column::CreatedAt.lt(before.millis()));
    Condition::any().add(sent).add(parked)
}

pub async fn count_mails(db: &impl ConnectionTrait, before: Moment) -> Result<u64, StoreError> {
    let found = outbox::Entity::find().filter(done_with(before));
    Ok(found.count(db).await?)
}

pub async fn remove_mails(tx: &impl ConnectionTrait, before: Moment) -> Result<u64, StoreError> {
    let removed = outbox::Entity::delete_many()
        .filter(done_with(before))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected)
}

pub async fn count_subscribers(db: &impl ConnectionTrait, wave: WaveId) -> Result<u64, StoreError> {
    let found = subscriber::Entity::find().filter(subscriber::Column::WaveId.eq(wave.0));
    Ok(found.count(db).await?)
}

/// With whatever of their mails is still in the outbox.
pub async fn remove_subscribers(
    tx: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<u64, StoreError> {
    let theirs = subscriber::Entity::find()
        .select_only()
        .column(subscriber::Column::Id)
        .filter(subscriber::Column::WaveId.eq(wave.0))
        .into_query();
    outbox::Entity::delete_many()
        .filter(outbox::Column::SubscriberId.in_subquery(theirs))
        .exec(tx)
        .await?;
    let removed = subscriber::Entity::delete_many()
        .filter(subscriber::Column::WaveId.eq(wave.0))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected)
}

fn old_runs(before: Moment) -> Condition {
    Condition::all()
        .add(code_run::Column::Sealed.is_not_null())
        .add(code_run::Column::MadeAt.lt(before.millis()))
}

pub async fn count_code_runs(db: &impl ConnectionTrait, before: Moment) -> Result<u64, StoreError> {
    let found = code_run::Entity::find().filter(old_runs(before));
    Ok(found.count(db).await?)
}

/// The codes go; that there was a run, and how many codes it had, stays.
pub async fn wipe_code_runs(
    tx: &impl ConnectionTrait,
    before: Moment,
    now: Moment,
) -> Result<u64, StoreError> {
    let wiped = code_run::Entity::update_many()
        .col_expr(
            code_run::Column::Sealed,
            Expr::value(Option::<String>::None),
        )
        .col_expr(code_run::Column::WipedAt, Expr::value(now.millis()))
        .filter(old_runs(before))
        .exec(tx)
        .await?;
    Ok(wiped.rows_affected)
}
