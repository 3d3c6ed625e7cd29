//! E-mailed links by which a member of staff chooses a password, by the hash of their token. There is
//! at most one for each user, and its row goes with its use.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    StoreError,
    entity::{staff_link, staff_user},
    inconsistent,
    staff::{self, Account},
};
use crate::domain::{id::UserId, moment::Moment};

/// The link of before works no longer.
pub async fn put(
    tx: &impl ConnectionTrait,
    user: UserId,
    token_hash: &str,
    expires: Moment,
) -> Result<(), StoreError> {
    clear(tx, user).await?;
    let row = staff_link::ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        user_id: Set(user.0),
        expires_at: Set(expires.millis()),
    };
    staff_link::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

pub async fn clear(tx: &impl ConnectionTrait, user: UserId) -> Result<(), StoreError> {
    staff_link::Entity::delete_many()
        .filter(staff_link::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Whose link this is, while it works.
pub async fn owner(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: Moment,
) -> Result<Option<Account>, StoreError> {
    let link = staff_link::Entity::find_by_id(token_hash.to_owned())
        .filter(staff_link::Column::ExpiresAt.gt(now.millis()))
        .one(db)
        .await?;
    let Some(link) = link else {
        return Ok(None);
    };
    let user = staff_user::Entity::find_by_id(link.user_id)
        .one(db)
        .await?
        .ok_or_else(|| inconsistent("staff_link", "user_id", link.user_id))?;
    let owner = staff::account(&user)?;
    Ok(Some(owner).filter(|owner| !owner.is_disabled))
}

/// Uses the link up; false when that has happened before.
pub async fn take(tx: &impl ConnectionTrait, token_hash: &str) -> Result<bool, StoreError> {
    let taken = staff_link::Entity::delete_by_id(token_hash.to_owned())
        .exec(tx)
        .await?;
    Ok(taken.rows_affected > 0)
}

/// Removes the links that have run out.
pub async fn clear_stale(tx: &impl ConnectionTrait, now: Moment) -> Result<(), StoreError> {
    staff_link::Entity::delete_many()
        .filter(staff_link::Column::ExpiresAt.lte(now.millis()))
        .exec(tx)
        .await?;
    Ok(())
}
