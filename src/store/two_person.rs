//! Requests for acts that need two people.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, SqlErr, sea_query::Expr,
};

use super::{
    StoreError,
    entity::{sensitive_act, staff_user},
    inconsistent,
};
use crate::domain::{
    id::{RequestId, UserId, WaveId},
    moment::Moment,
    two_person::{Asked, Decided, Lifecycle, Member, Reason, SensitiveAct},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub wave: WaveId,
    pub act: SensitiveAct,
    pub state: Lifecycle,
}

/// The request, or nothing when the same has been asked for and not been decided yet.
pub async fn ask(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    act: &SensitiveAct,
    asked: Asked,
) -> Result<Option<RequestId>, StoreError> {
    let content = serde_json::to_string(act)
        .map_err(|error| inconsistent("sensitive_act", "content", error))?;
    let row = sensitive_act::ActiveModel {
        wave_id: Set(wave.0),
        kind: Set(act.kind().to_string()),
        content: Set(content),
        closes_at: Set(act.closes().map(Moment::millis)),
        entry_seq: Set(act.entry().map(|entry| entry.0)),
        reason: Set(act.reason().map(|reason| reason.as_str().to_owned())),
        requested_by: Set(asked.by.0),
        requested_at: Set(asked.at.millis()),
        state: Set("asked".to_owned()),
        ..Default::default()
    };
    if is_asked(tx, wave, act).await? {
        return Ok(None);
    }
    match sensitive_act::Entity::insert(row).exec(tx).await {
        Ok(inserted) => Ok(Some(RequestId(inserted.last_insert_id))),
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Ok(None),
            _ => Err(error.into()),
        },
    }
}

async fn is_asked(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    act: &SensitiveAct,
) -> Result<bool, StoreError> {
    let same = sensitive_act::Entity::find()
        .filter(sensitive_act::Column::WaveId.eq(wave.0))
        .filter(sensitive_act::Column::State.eq("asked"));
    let same = match act.entry() {
        Some(entry) => same.filter(sensitive_act::Column::EntrySeq.eq(entry.0)),
        None => same.filter(sensitive_act::Column::Kind.eq(act.kind().as_str())),
    };
    Ok(same.one(tx).await?.is_some())
}

pub async fn find(db: &impl ConnectionTrait, id: RequestId) -> Result<Option<Request>, StoreError> {
    let row = sensitive_act::Entity::find_by_id(id.0).one(db).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The same, and nobody else decides on it until the transaction ends.
pub async fn lock(tx: &impl ConnectionTrait, id: RequestId) -> Result<Request, StoreError> {
    let row = sensitive_act::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or_else(|| inconsistent("sensitive_act", "id", id))?;
    from_row(&row)
}

/// Writes down what was decided: confirmed, declined or withdrawn. What a confirmation allows marks
/// it as applied by itself, in the database.
pub async fn decide(
    tx: &impl ConnectionTrait,
    id: RequestId,
    state: Lifecycle,
) -> Result<(), StoreError> {
    let (Lifecycle::Confirmed(decided)
    | Lifecycle::Applied(decided)
    | Lifecycle::Declined(decided)
    | Lifecycle::Withdrawn(decided)) = state
    else {
        return Ok(());
    };
    sensitive_act::Entity::update_many()
        .col_expr(sensitive_act::Column::State, Expr::value(state.name()))
        .col_expr(sensitive_act::Column::DecidedBy, Expr::value(decided.by.0))
        .col_expr(
            sensitive_act::Column::DecidedAt,
            Expr::value(decided.at.millis()),
        )
        .filter(sensitive_act::Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Requests that wait for a second person, the oldest first.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<Vec<Request>, StoreError> {
    let rows = sensitive_act::Entity::find()
        .filter(sensitive_act::Column::State.eq("asked"))
        .order_by_asc(sensitive_act::Column::Id)
        .all(db)
        .await?;
    rows.iter().map(from_row).collect()
}

/// The last requests that were decided, the newest first.
pub async fn decided(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Request>, StoreError> {
    let rows = sensitive_act::Entity::find()
        .filter(sensitive_act::Column::State.ne("asked"))
        .order_by_desc(sensitive_act::Column::DecidedAt)
        .order_by_desc(sensitive_act::Column::Id)
        .limit(most)
        .all(db)
        .await?;
    rows.iter().map(from_row).collect()
}

/// Whether the closing time of this wave has been moved back by two people.
pub async fn has_later_closing(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<bool, StoreError> {
    let row = sensitive_act::Entity::find()
        .filter(sensitive_act::Column::WaveId.eq(wave.0))
        .filter(sensitive_act::Column::State.eq("applied"))
        .filter(sensitive_act::Column::ClosesAt.is_not_null())
        .one(db)
        .await?;
    Ok(row.is_some())
}

pub async fn member(db: &impl ConnectionTrait, id: UserId) -> Result<Option<Member>, StoreError> {
    let row = staff_user::Entity::find_by_id(id.0).one(db).await?;
    row.as_ref().map(as_member).transpose()
}

/// Those who asked for or decided on these requests.
pub async fn people_of(
    db: &impl ConnectionTrait,
    requests: &[Request],
) -> Result<HashMap<UserId, Member>, StoreError> {
    let ids: BTreeSet<i64> = requests
        .iter()
        .flat_map(|request| {
            let decided = request.state.decided().map(|decided| decided.by.0);
            decided.into_iter().chain([request.state.asked().by.0])
        })
        .collect();
    let rows = staff_user::Entity::find()
        .filter(staff_user::Column::Id.is_in(ids))
        .all(db)
        .await?;
    rows.iter()
        .map(|row| as_member(row).map(|member| (member.id, member)))
        .collect()
}

fn as_member(row: &staff_user::Model) -> Result<Member, StoreError> {
    Ok(Member {
        id: UserId(row.id),
        email: row.email.clone(),
        role: row
            .role
            .parse()
            .map_err(|error| inconsistent("staff_user", "role", error))?,
        disabled: row.disabled_at.is_some(),
    })
}

/// The columns that the guards look at have to say what the content says.
fn from_row(row: &sensitive_act::Model) -> Result<Request, StoreError> {
    let bad = |column, detail: &dyn std::fmt::Display| {
        inconsistent("sensitive_act", column, detail.to_string())
    };
    let act: SensitiveAct =
        serde_json::from_str(&row.content).map_err(|error| bad("content", &error))?;
    let agrees = act.kind().as_str() == row.kind
        && act.closes().map(Moment::millis) == row.closes_at
        && act.entry().map(|entry| entry.0) == row.entry_seq
        && act.reason().map(Reason::as_str) == row.reason.as_deref();
    if !agrees {
        return Err(bad("content", &"it differs from the columns beside it"));
    }
    let asked = Asked {
        by: UserId(row.requested_by),
        at: Moment::from_millis(row.requested_at),
    };
    let decided = || match (row.decided_by, row.decided_at) {
        (Some(by), Some(at)) => Ok(Decided {
            asked,
            by: UserId(by),
            at: Moment::from_millis(at),
        }),
        _ => Err(bad("decided_by", &"nobody")),
    };
    Ok(Request {
        id: RequestId(row.id),
        wave: WaveId(row.wave_id),
        state: match row.state.as_str() {
            "asked" => Lifecycle::Asked(asked),
            "confirmed" => Lifecycle::Confirmed(decided()?),
            "applied" => Lifecycle::Applied(decided()?),
            "declined" => Lifecycle::Declined(decided()?),
            "withdrawn" => Lifecycle::Withdrawn(decided()?),
            other => return Err(bad("state", &other)),
        },
        act,
    })
}
