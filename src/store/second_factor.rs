//! Second factors and recovery codes. Each use is one conditional statement, so that of two at the
//! same moment one alone passes.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};

use super::{
    StoreError,
    entity::{recovery_code, staff_user},
};
use crate::domain::{
    id::UserId,
    second_factor::{RecoveryCode, TotpStep},
};

/// Uses up the code of a step, and of all steps before it; false when that has happened before.
pub async fn use_step(
    tx: &impl ConnectionTrait,
    user: UserId,
    step: TotpStep,
) -> Result<bool, StoreError> {
    let done = staff_user::Entity::update_many()
        .col_expr(staff_user::Column::TotpStep, Expr::value(step.0))
        .filter(staff_user::Column::Id.eq(user.0))
        .filter(staff_user::Column::TotpSecret.is_not_null())
        .filter(staff_user::Column::TotpStep.lt(step.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Uses up a recovery code; false when this user has no such code any more.
pub async fn use_recovery_code(
    tx: &impl ConnectionTrait,
    user: UserId,
    code: &RecoveryCode,
) -> Result<bool, StoreError> {
    let done = recovery_code::Entity::delete_by_id((user.0, code.hash()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Gives a user a second factor, with the step whose code confirmed it. `instead` is the one that it
/// takes the place of; false when the user has another by now.
pub async fn set(
    tx: &impl ConnectionTrait,
    user: UserId,
    sealed_secret: &str,
    step: TotpStep,
    instead: Option<&str>,
) -> Result<bool, StoreError> {
    let secret = staff_user::Column::TotpSecret;
    let before = instead.map_or_else(|| secret.is_null(), |before| secret.eq(before));
    let set = staff_user::Entity::update_many()
        .col_expr(secret, Expr::value(sealed_secret))
        .col_expr(staff_user::Column::TotpStep, Expr::value(step.0))
        .filter(staff_user::Column::Id.eq(user.0))
        .filter(before)
        .exec(tx)
        .await?;
    Ok(set.rows_affected > 0)
}

/// Takes away the second factor and its recovery codes. The step stays, so that no code of before
/// comes to life again.
pub async fn clear(tx: &impl ConnectionTrait, user: UserId) -> Result<(), StoreError> {
    staff_user::Entity::update_many()
        .col_expr(staff_user::Column::TotpSecret, Expr::value(None::<String>))
        .filter(staff_user::Column::Id.eq(user.0))
        .exec(tx)
        .await?;
    replace_recovery_codes(tx, user, &[]).await
}

/// The codes of before work no longer.
pub async fn replace_recovery_codes(
    tx: &impl ConnectionTrait,
    user: UserId,
    codes: &[RecoveryCode],
) -> Result<(), StoreError> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    if codes.is_empty() {
        return Ok(());
    }
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        user_id: Set(user.0),
        code_hash: Set(code.hash()),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

pub async fn recovery_codes_left(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Result<u64, StoreError> {
    Ok(recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(user.0))
        .count(db)
        .await?)
}
