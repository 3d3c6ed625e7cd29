//! Members of staff.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr, sea_query::Expr,
};

use super::{StoreError, entity::staff_user, inconsistent};
use crate::domain::{id::UserId, moment::Moment, role::Role};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub role: Role,
}

/// A user with what a login is checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    /// None until an invited person has chosen a password.
    pub password_hash: Option<String>,
    /// The secret of their second factor, under seal; none when they have no second factor.
    pub sealed_secret: Option<String>,
    pub is_disabled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Added(UserId),
    EmailTaken,
}

/// `password_hash` is none for an invited person.
pub async fn add(
    tx: &impl ConnectionTrait,
    email: &str,
    password_hash: Option<&str>,
    role: Role,
    now: Moment,
) -> Result<Added, StoreError> {
    let row = staff_user::ActiveModel {
        email: Set(email.to_owned()),
        password_hash: Set(password_hash.unwrap_or_default().to_owned()),
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

pub async fn by_email(
    db: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<Account>, StoreError> {
    let row = staff_user::Entity::find()
        .filter(staff_user::Column::Email.eq(email))
        .one(db)
        .await?;
    row.as_ref().map(account).transpose()
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

pub async fn by_id(db: &impl ConnectionTrait, id: UserId) -> Result<Option<Account>, StoreError> {
    let row = staff_user::Entity::find_by_id(id.0).one(db).await?;
    row.as_ref().map(account).transpose()
}

/// Everyone, by their address.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Account>, StoreError> {
    let rows = staff_user::Entity::find()
        .order_by_asc(staff_user::Column::Email)
        .all(db)
        .await?;
    rows.iter().map(account).collect()
}

/// The administrators who can log in. Their rows are locked until the transaction ends, so that two
/// of them cannot each be taken away as “not the last”.
pub async fn lock_administrators(tx: &impl ConnectionTrait) -> Result<Vec<UserId>, StoreError> {
    let rows = staff_user::Entity::find()
        .filter(staff_user::Column::Role.eq(Role::Administrator.as_str()))
        .filter(staff_user::Column::DisabledAt.is_null())
        .filter(staff_user::Column::PasswordHash.ne(""))
        .order_by_asc(staff_user::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| UserId(row.id)).collect())
}

pub async fn set_password(
    tx: &impl ConnectionTrait,
    user: UserId,
    hash: &str,
    now: Moment,
) -> Result<(), StoreError> {
    staff_user::Entity::update_many()
        .col_expr(staff_user::Column::PasswordHash, Expr::value(hash))
        .col_expr(
            staff_user::Column::PasswordChangedAt,
            Expr::value(now.millis()),
        )
        .filter(staff_user::Column::Id.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn set_role(
    tx: &impl ConnectionTrait,
    user: UserId,
    role: Role,
) -> Result<(), StoreError> {
    staff_user::Entity::update_many()
        .col_expr(staff_user::Column::Role, Expr::value(role.as_str()))
        .filter(staff_user::Column::Id.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// `since` is none for a user who may log in again.
pub async fn set_disabled(
    tx: &impl ConnectionTrait,
    user: UserId,
    since: Option<Moment>,
) -> Result<(), StoreError> {
    let since = since.map(Moment::millis);
    staff_user::Entity::update_many()
        .col_expr(staff_user::Column::DisabledAt, Expr::value(since))
        .filter(staff_user::Column::Id.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) fn account(row: &staff_user::Model) -> Result<Account, StoreError> {
    let role = row.role.parse();
    Ok(Account {
        user: User {
            id: UserId(row.id),
            email: row.email.clone(),
            role: role.map_err(|error| inconsistent("staff_user", "role", error))?,
        },
        password_hash: Some(row.password_hash.clone()).filter(|hash| !hash.is_empty()),
        sealed_secret: row.totp_secret.clone(),
        is_disabled: row.disabled_at.is_some(),
    })
}
