//! Logins that run, by the hash of their token.

use std::time::Duration;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Query},
};

use super::{
    StoreError,
    entity::{staff_session, staff_user},
    inconsistent,
    staff::{self, Account},
};
use crate::domain::{id::UserId, moment::Moment, role::Role};

/// How far a login has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; a second factor is still asked for.
    Password,
    Full,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Full => "full",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        match text {
            "password" => Ok(Self::Password),
            "full" => Ok(Self::Full),
            other => Err(inconsistent("staff_session", "stage", other)),
        }
    }
}

/// A session as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub token_hash: String,
    pub stage: Stage,
    pub created: Moment,
    pub seen: Moment,
}

pub async fn start(
    tx: &impl ConnectionTrait,
    token_hash: &str,
    user: UserId,
    stage: Stage,
    now: Moment,
) -> Result<(), StoreError> {
    staff_session::Entity::insert(staff_session::ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        user_id: Set(user.0),
        stage: Set(stage.as_str().to_owned()),
        created_at: Set(now.millis()),
        seen_at: Set(now.millis()),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// The session with this token, and whose it is. Whether it has run out is for the caller to see.
pub async fn find(
    db: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<(Session, Account)>, StoreError> {
    let found = staff_session::Entity::find_by_id(token_hash.to_owned())
        .one(db)
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let user = staff_user::Entity::find_by_id(row.user_id)
        .one(db)
        .await?
        .ok_or_else(|| inconsistent("staff_session", "user_id", row.user_id))?;
    Ok(Some((session(row)?, staff::account(&user)?)))
}

/// The sessions of a user that have come all the way, the latest first.
pub async fn of_user(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<Session>, StoreError> {
    let rows = staff_session::Entity::find()
        .filter(staff_session::Column::UserId.eq(user.0))
        .filter(staff_session::Column::Stage.eq(Stage::Full.as_str()))
        .order_by_desc(staff_session::Column::CreatedAt)
        .order_by_asc(staff_session::Column::TokenHash)
        .all(db)
        .await?;
    rows.into_iter().map(session).collect()
}

pub async fn touch(
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

/// Whether there was one to end.
pub async fn end(
    tx: &impl ConnectionTrait,
    user: UserId,
    token_hash: &str,
) -> Result<bool, StoreError> {
    let ended = staff_session::Entity::delete_many()
        .filter(staff_session::Column::UserId.eq(user.0))
        .filter(staff_session::Column::TokenHash.eq(token_hash))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Ends all sessions of a user but one, which is that of whoever asks for it.
pub async fn end_all(
    tx: &impl ConnectionTrait,
    user: UserId,
    but: Option<&str>,
) -> Result<u64, StoreError> {
    let ended = staff_session::Entity::delete_many()
        .filter(staff_session::Column::UserId.eq(user.0))
        .filter(staff_session::Column::TokenHash.ne(but.unwrap_or_default()))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}

/// How long sessions run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub half: Duration,
    pub idle: Duration,
    pub absolute: Duration,
}

/// Removes the sessions that have run out. Those of roles that stay logged in never do, once they
/// have come all the way.
pub async fn end_stale(
    tx: &impl ConnectionTrait,
    limits: Limits,
    now: Moment,
) -> Result<(), StoreError> {
    let before = |limit: Duration| {
        let limit = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
        now.millis().saturating_sub(limit)
    };
    let staying: Vec<&str> = Role::ALL
        .into_iter()
        .filter(|role| role.stays_logged_in())
        .map(Role::as_str)
        .collect();
    let stays = Query::select()
        .column(staff_user::Column::Id)
        .from(staff_user::Entity)
        .and_where(staff_user::Column::Role.is_in(staying))
        .take();
    let half_is_over = Condition::all()
        .add(staff_session::Column::Stage.eq(Stage::Password.as_str()))
        .add(staff_session::Column::CreatedAt.lte(before(limits.half)));
    let is_over = Condition::any()
        .add(staff_session::Column::CreatedAt.lte(before(limits.absolute)))
        .add(staff_session::Column::SeenAt.lte(before(limits.idle)));
    let full_is_over = Condition::all()
        .add(staff_session::Column::UserId.not_in_subquery(stays))
        .add(is_over);
    staff_session::Entity::delete_many()
        .filter(Condition::any().add(half_is_over).add(full_is_over))
        .exec(tx)
        .await?;
    Ok(())
}

fn session(row: staff_session::Model) -> Result<Session, StoreError> {
    Ok(Session {
        stage: Stage::read(&row.stage)?,
        created: Moment::from_millis(row.created_at),
        seen: Moment::from_millis(row.seen_at),
        token_hash: row.token_hash,
    })
}
