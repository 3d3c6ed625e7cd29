//! Staff and their logins.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, SqlErr, sea_query::Expr,
};

use super::{
    StoreError,
    entity::{staff_session, staff_user},
    inconsistent,
};
use crate::domain::{id::UserId, moment::Moment, role::Role};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Added(UserId),
    EmailTaken,
}

pub async fn add(
    tx: &impl ConnectionTrait,
    email: &str,
    password_hash: &str,
    role: Role,
    now: Moment,
) -> Result<Added, StoreError> {
    let row = staff_user::ActiveModel {
        email: Set(email.to_owned()),
        password_hash: Set(password_hash.to_owned()),
        role: Set(role.to_string()),
        created_at: Set(now.millis()),
        password_changed_at: Set(now.millis()),
        totp_step: Set(0),
        ..Default::default()
    };
    match staff_user::Entity::insert(row).exec(tx).await {
        Ok(inserted) => Ok(Added::Added(UserId(inserted.last_insert_id))),
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Ok(Added::EmailTaken),
            _ => Err(error.into()),
        },
    }
}

pub async fn count(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(staff_user::Entity::find().count(db).await?)
}

/// The user and the hash of their password.
pub async fn by_email(
    db: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<(User, String)>, StoreError> {
    let row = staff_user::Entity::find()
        .filter(staff_user::Column::Email.eq(email))
        .one(db)
        .await?;
    row.map(|row| Ok((user(&row)?, row.password_hash)))
        .transpose()
}

/// The e-mail address of every member of staff.
pub async fn names(db: &impl ConnectionTrait) -> Result<HashMap<UserId, String>, StoreError> {
    let all: Vec<(i64, String)> = staff_user::Entity::find()
        .select_only()
        .columns([staff_user::Column::Id, staff_user::Column::Email])
        .into_tuple()
        .all(db)
        .await?;
    Ok(all
        .into_iter()
        .map(|(id, email)| (UserId(id), email))
        .collect())
}

fn user(row: &staff_user::Model) -> Result<User, StoreError> {
    Ok(User {
        id: UserId(row.id),
        email: row.email.clone(),
        role: row
            .role
            .parse()
            .map_err(|error| inconsistent("staff_user", "role", error))?,
    })
}

pub async fn start_session(
    tx: &impl ConnectionTrait,
    token_hash: &str,
    user: UserId,
    now: Moment,
) -> Result<(), StoreError> {
    staff_session::Entity::insert(staff_session::ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        user_id: Set(user.0),
        stage: Set("full".to_owned()),
        created_at: Set(now.millis()),
        seen_at: Set(now.millis()),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// The user of a session that was created and last seen after the given moments, with the moment at
/// which it was last seen.
pub async fn session_user(
    db: &impl ConnectionTrait,
    token_hash: &str,
    created_after: Moment,
    seen_after: Moment,
) -> Result<Option<(User, Moment)>, StoreError> {
    let session = staff_session::Entity::find_by_id(token_hash.to_owned())
        .filter(staff_session::Column::CreatedAt.gt(created_after.millis()))
        .filter(staff_session::Column::SeenAt.gt(seen_after.millis()))
        .one(db)
        .await?;
    let Some(session) = session else {
        return Ok(None);
    };
    let row = staff_user::Entity::find_by_id(session.user_id)
        .one(db)
        .await?
        .ok_or_else(|| inconsistent("staff_session", "user_id", session.user_id))?;
    Ok(Some((user(&row)?, Moment::from_millis(session.seen_at))))
}

pub async fn touch_session(
    tx: &impl ConnectionTrait,
    token_hash: &str,
    now: Moment,
) -> Result<(), StoreError> {
    staff_session::Entity::update_many()
        .col_expr(staff_session::Column::SeenAt, Expr::value(now.millis()))
        .filter(staff_session::Column::TokenHash.eq(token_hash))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn end_session(tx: &impl ConnectionTrait, token_hash: &str) -> Result<(), StoreError> {
    staff_session::Entity::delete_by_id(token_hash.to_owned())
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes the sessions that have run out.
pub async fn end_stale_sessions(
    tx: &impl ConnectionTrait,
    created_before: Moment,
    seen_before: Moment,
) -> Result<(), StoreError> {
    staff_session::Entity::delete_many()
        .filter(
            Condition::any()
                .add(staff_session::Column::CreatedAt.lte(created_before.millis()))
                .add(staff_session::Column::SeenAt.lte(seen_before.millis())),
        )
        .exec(tx)
        .await?;
    Ok(())
}
