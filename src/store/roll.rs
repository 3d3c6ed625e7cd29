//! The roll of a wave: whom its letters and invitations go to. It knows no code, no answer and no
//! other table of the ledger, and nothing of the ledger knows it.

use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{StoreError, entity::roll_person};
use crate::domain::{id::WaveId, roll::Person};

/// Rows of one statement: SQLite takes 32,766 values, and a row has eight.
const ROWS_PER_INSERT: usize = 2_000;

/// The fingerprints of everybody on the roll.
pub async fn fingerprints(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<HashSet<String>, StoreError> {
    let all: Vec<String> = roll_person::Entity::find()
        .select_only()
        .column(roll_person::Column::Fingerprint)
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(db)
        .await?;
    Ok(all.into_iter().collect())
}

/// The highest serial number that a wave has given out; 0 when there is none.
pub async fn last_serial(db: &impl ConnectionTrait, wave: WaveId) -> Result<i64, StoreError> {
    let last: Option<i64> = roll_person::Entity::find()
        .select_only()
        .column(roll_person::Column::Serial)
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .order_by_desc(roll_person::Column::Serial)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.unwrap_or(0))
}

/// Adds people after serial number `after`, in this order.
pub async fn add(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    after: i64,
    people: &[Person],
) -> Result<(), StoreError> {
    let mut serial = after;
    for chunk in people.chunks(ROWS_PER_INSERT) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|person| {
                serial += 1;
                row(wave, serial, person)
            })
            .collect();
        roll_person::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row(wave: WaveId, serial: i64, person: &Person) -> roll_person::ActiveModel {
    roll_person::ActiveModel {
        wave_id: Set(wave.0),
        serial: Set(serial),
        name: Set(person.name.as_str().to_owned()),
        address: Set(person.address.to_text()),
        email: Set(person.email.clone()),
        group_name: Set(person.group.as_ref().map(|group| group.as_str().to_owned())),
        fingerprint: Set(person.fingerprint()),
        run_id: Set(None),
        ..Default::default()
    }
}

/// How many people of a group there are, and how many of them got a code.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct GroupCount {
    pub group_name: Option<String>,
    pub people: i64,
    pub with_code: i64,
}

pub async fn by_group(
    db: &impl ConnectionTrait,
    wave: WaveId,
) -> Result<Vec<GroupCount>, StoreError> {
    Ok(roll_person::Entity::find()
        .select_only()
        .column(roll_person::Column::GroupName)
        .column_as(Expr::col(roll_person::Column::Id).count(), "people")
        .column_as(Expr::col(roll_person::Column::RunId).count(), "with_code")
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .group_by(roll_person::Column::GroupName)
        .order_by_asc(roll_person::Column::GroupName)
        .into_model()
        .all(db)
        .await?)
}

pub async fn count(db: &impl ConnectionTrait, wave: WaveId) -> Result<u64, StoreError> {
    let all = roll_person::Entity::find().filter(roll_person::Column::WaveId.eq(wave.0));
    Ok(all.count(db).await?)
}

/// A name and its serial number: all that is needed to find somebody.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Listed {
    pub serial: i64,
    pub name: String,
}

/// Everybody on the roll, in the order of the serial numbers.
pub async fn names(db: &impl ConnectionTrait, wave: WaveId) -> Result<Vec<Listed>, StoreError> {
    Ok(listed(wave).into_model().all(db).await?)
}

pub async fn find(
    db: &impl ConnectionTrait,
    wave: WaveId,
    serial: i64,
) -> Result<Option<Listed>, StoreError> {
    let one = listed(wave).filter(roll_person::Column::Serial.eq(serial));
    Ok(one.into_model().one(db).await?)
}

fn listed(wave: WaveId) -> sea_orm::Select<roll_person::Entity> {
    roll_person::Entity::find()
        .select_only()
        .columns([roll_person::Column::Serial, roll_person::Column::Name])
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .order_by_asc(roll_person::Column::Serial)
}

/// Takes one person off the roll; false when nobody has this number.
pub async fn remove(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    serial: i64,
) -> Result<bool, StoreError> {
    let removed = roll_person::Entity::delete_many()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .filter(roll_person::Column::Serial.eq(serial))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected > 0)
}

/// Takes everybody off the roll.
pub async fn clear(tx: &impl ConnectionTrait, wave: WaveId) -> Result<u64, StoreError> {
    let removed = roll_person::Entity::delete_many()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected)
}
