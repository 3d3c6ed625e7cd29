//! The record of every act of staff. An event is written in the transaction of its act, and last in
//! it: the head of the chain is locked from then on until the commit.

use std::{fmt, str::FromStr};

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::Expr,
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

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

/// A head that was noted outside, as `123:abcd…`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no head: write it as it was printed, such as 123:9f86d081…, with all 64 digits")]
pub struct HeadError(String);

impl FromStr for Head {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Self, HeadError> {
        let text = text.trim();
        let head = text.split_once(':').and_then(|(seq, hash)| {
            let seq: i64 = seq.parse().ok()?;
            let digits = hash.bytes().all(|b| b.is_ascii_hexdigit());
            let whole = digits && hash.len() == if seq == 0 { 0 } else { 64 };
            (seq >= 0 && whole).then(|| Self {
                seq,
                hash: hash.to_ascii_lowercase(),
            })
        });
        head.ok_or_else(|| HeadError(text.chars().take(80).collect()))
    }
}

pub async fn head(db: &impl ConnectionTrait) -> Result<Head, StoreError> {
    head_if_there(db)
        .await?
        .ok_or_else(|| inconsistent("audit_head", "id", "the row is gone"))
}

/// For the check of the log, which says by itself what a missing head means.
pub async fn head_if_there(db: &impl ConnectionTrait) -> Result<Option<Head>, StoreError> {
    let row = audit_head::Entity::find_by_id(ONLY).one(db).await?;
    Ok(row.map(|row| Head {
        seq: row.seq,
        hash: row.hash,
    }))
}

/// Up to `most` events after place `after`, in the order of the chain.
pub async fn events_after(
    db: &impl ConnectionTrait,
    after: i64,
    most: u64,
) -> Result<Vec<Recorded>, StoreError> {
    matching_after(db, &Filter::default(), after, most).await
}

/// The same as [`events_after`], for whoever reads the whole log.
///
/// The driver of SQLite hands over every value of every row by itself, which takes several times as
/// long as reading and checking them: SQLite writes many events into one text instead.
pub async fn many_events_after(
    db: &impl ConnectionTrait,
    after: i64,
    most: u64,
) -> Result<Vec<Recorded>, StoreError> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return events_after(db, after, most).await;
    }
    let values = [after.into(), most.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, AS_ONE_TEXT, values);
    let row = db.query_one_raw(statement).await?;
    let text: String = row.map_or(Ok("[]".to_owned()), |row| row.try_get_by_index(0))?;
    let mut rows: Vec<Written> =
        serde_json::from_str(&text).map_err(|error| inconsistent("audit_event", "*", error))?;
    rows.sort_unstable_by_key(|row| row.0);
    Ok(rows.into_iter().map(recorded).collect())
}

const AS_ONE_TEXT: &str = "SELECT json_group_array(json_array(seq, at, user_id, who, role, origin, \
     act, object, detail, result, previous, hash)) \
     FROM (SELECT * FROM audit_event WHERE seq > ? ORDER BY seq LIMIT ?)";

/// An event in the order of the columns above.
type Written = (
    i64,
    i64,
    Option<i64>,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
);

fn recorded(row: Written) -> Recorded {
    let (seq, at, user_id, who, role, origin, act, object, detail, result, previous, hash) = row;
    Recorded {
        link: Link {
            seq,
            at: Moment::from_millis(at),
            user_id,
            who,
            role,
            origin,
            act,
            object,
            detail,
            result,
            previous,
        },
        hash,
    }
}

/// The places that are taken after place `after`, up to `most` of them.
pub async fn places_after(
    db: &impl ConnectionTrait,
    after: i64,
    most: u64,
) -> Result<Vec<i64>, StoreError> {
    Ok(audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::Seq)
        .filter(audit_event::Column::Seq.gt(after))
        .order_by_asc(audit_event::Column::Seq)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?)
}

/// Which events somebody wants to see. An empty one names all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub who: Option<String>,
    pub act: Option<String>,
    pub object: Option<String>,
    pub result: Option<String>,
    /// From this moment on …
    pub from: Option<Moment>,
    /// … and before this one.
    pub before: Option<Moment>,
}

impl Filter {
    fn condition(&self) -> Condition {
        use audit_event::Column;
        Condition::all()
            .add_option(self.who.as_ref().map(|who| Column::Who.eq(who)))
            .add_option(self.act.as_ref().map(|act| Column::Act.eq(act)))
            .add_option(self.object.as_ref().map(|object| Column::Object.eq(object)))
            .add_option(self.result.as_ref().map(|result| Column::Result.eq(result)))
            .add_option(self.from.map(|from| Column::At.gte(from.millis())))
            .add_option(self.before.map(|before| Column::At.lt(before.millis())))
    }
}

pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, StoreError> {
    let found = audit_event::Entity::find().filter(filter.condition());
    Ok(found.count(db).await?)
}

/// Up to `most` events that the filter names, the newest first, without the first `skipped`.
pub async fn newest(
    db: &impl ConnectionTrait,
    filter: &Filter,
    skipped: u64,
    most: u64,
) -> Result<Vec<Recorded>, StoreError> {
    let rows = audit_event::Entity::find()
        .filter(filter.condition())
        .order_by_desc(audit_event::Column::Seq)
        .offset(skipped)
        .limit(most)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Recorded::from).collect())
}

/// Up to `most` events that the filter names, after place `after`, in the order of the chain.
pub async fn matching_after(
    db: &impl ConnectionTrait,
    filter: &Filter,
    after: i64,
    most: u64,
) -> Result<Vec<Recorded>, StoreError> {
    let rows = audit_event::Entity::find()
        .filter(filter.condition())
        .filter(audit_event::Column::Seq.gt(after))
        .order_by_asc(audit_event::Column::Seq)
        .limit(most)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Recorded::from).collect())
}

/// Every name of an act that the log has, for a list to choose from.
pub async fn acts(db: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    Ok(audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::Act)
        .distinct()
        .order_by_asc(audit_event::Column::Act)
        .into_tuple()
        .all(db)
        .await?)
}

/// How many events name this person as the one who acted.
pub async fn acts_of(db: &impl ConnectionTrait, who: &str) -> Result<u64, StoreError> {
    let filter = Filter {
        who: Some(who.to_owned()),
        ..Filter::default()
    };
    count(db, &filter).await
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
