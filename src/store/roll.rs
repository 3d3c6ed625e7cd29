//! The roll of a wave: whom its letters and invitations go to. It knows no code, no answer and no
//! other table of the ledger, and nothing of the ledger knows it.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{StoreError, entity::roll_person};
use crate::domain::{
    id::WaveId,
    roll::{Fingerprints, Person, RollKey, Standing},
};

/// Rows of one statement: SQLite takes 32,766 values, and a row has nine.
const ROWS_PER_INSERT: usize = 2_000;

/// Everybody on the roll, and whoever was taken off it after a code was made; and how many rows that
/// is.
pub async fn standing<'a>(
    db: &impl ConnectionTrait,
    wave: WaveId,
    key: &'a RollKey,
) -> Result<(Standing<'a>, usize), StoreError> {
    let rows = roll_person::Entity::find()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .order_by_asc(roll_person::Column::Serial)
        .all(db)
        .await?;
    let count = rows.len();
    let mut standing = Standing::new(key, wave);
    for row in rows {
        if row.name.is_empty() {
            standing.taken_off(&Fingerprints {
                by_address: Some(row.fingerprint),
                by_mail: row.mail_fingerprint,
            });
        } else {
            let person = Person::stored(row.name, &row.address, row.email);
            standing.stored(row.id, person);
        }
    }
    Ok((standing, count))
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
    key: &RollKey,
) -> Result<(), StoreError> {
    let mut serial = after;
    for chunk in people.chunks(ROWS_PER_INSERT) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|person| {
                serial += 1;
                row(wave, serial, person, key)
            })
            .collect();
        roll_person::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row(wave: WaveId, serial: i64, person: &Person, key: &RollKey) -> roll_person::ActiveModel {
    let prints = key.fingerprints(wave, person);
    roll_person::ActiveModel {
        wave_id: Set(wave.0),
        serial: Set(serial),
        name: Set(person.name.as_str().to_owned()),
        address: Set(person.address.to_text()),
        email: Set(person.email.clone()),
        group_name: Set(person.group.as_ref().map(|group| group.as_str().to_owned())),
        fingerprint: Set(prints.main().to_owned()),
        mail_fingerprint: Set(prints.by_mail),
        run_id: Set(None),
        ..Default::default()
    }
}

/// Notes the address and the e-mail address of somebody who had only one of them.
pub async fn fill(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    id: i64,
    person: &Person,
    key: &RollKey,
) -> Result<(), StoreError> {
    let prints = key.fingerprints(wave, person);
    let row = roll_person::ActiveModel {
        id: Set(id),
        address: Set(person.address.to_text()),
        email: Set(person.email.clone()),
        fingerprint: Set(prints.main().to_owned()),
        mail_fingerprint: Set(prints.by_mail),
        ..Default::default()
    };
    roll_person::Entity::update(row).exec(tx).await?;
    Ok(())
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
        .filter(roll_person::Column::Name.ne(""))
        .group_by(roll_person::Column::GroupName)
        .order_by_asc(roll_person::Column::GroupName)
        .into_model()
        .all(db)
        .await?)
}

/// How many people were taken off after a code was made for them.
pub async fn taken_off(db: &impl ConnectionTrait, wave: WaveId) -> Result<u64, StoreError> {
    let off = roll_person::Entity::find()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .filter(roll_person::Column::Name.eq(""));
    Ok(off.count(db).await?)
}

/// Every row, whoever was taken off included.
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
        .filter(roll_person::Column::Name.ne(""))
        .order_by_asc(roll_person::Column::Serial)
}

/// Takes one person off the roll, under the lock of the wave; false when nobody has this number.
pub async fn remove(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    serial: i64,
    key: &RollKey,
) -> Result<bool, StoreError> {
    let row = roll_person::Entity::find()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .filter(roll_person::Column::Serial.eq(serial))
        .filter(roll_person::Column::Name.ne(""))
        .one(tx)
        .await?;
    match row {
        None => Ok(false),
        Some(row) => take_off(tx, row, key).await.map(|()| true),
    }
}

/// Whoever has a code leaves an empty row, so that no second code is made for them, and their number
/// is given to nobody else. The wave has to be locked.
pub(super) async fn take_off(
    tx: &impl ConnectionTrait,
    row: roll_person::Model,
    key: &RollKey,
) -> Result<(), StoreError> {
    if row.run_id.is_none() {
        roll_person::Entity::delete_by_id(row.id).exec(tx).await?;
        return Ok(());
    }
    let (id, wave) = (row.id, WaveId(row.wave_id));
    let person = Person::stored(row.name, &row.address, row.email);
    let prints = key.fingerprints(wave, &person);
    let second = key.second_row(wave, row.serial);
    let free = async |column, print: &str| is_free(tx, (wave, id), column, print).await;
    let fingerprint = if free(roll_person::Column::Fingerprint, prints.main()).await? {
        prints.main().to_owned()
    } else {
        second
    };
    let mail_fingerprint = match prints.by_mail {
        Some(print) if free(roll_person::Column::MailFingerprint, &print).await? => Some(print),
        _ => None,
    };
    let empty = roll_person::ActiveModel {
        id: Set(id),
        name: Set(String::new()),
        address: Set(String::new()),
        email: Set(None),
        group_name: Set(None),
        fingerprint: Set(fingerprint),
        mail_fingerprint: Set(mail_fingerprint),
        ..Default::default()
    };
    roll_person::Entity::update(empty).exec(tx).await?;
    Ok(())
}

/// Whether no other row of the wave has this fingerprint: a roll from a version before this one may
/// have one person twice.
async fn is_free(
    tx: &impl ConnectionTrait,
    (wave, id): (WaveId, i64),
    column: roll_person::Column,
    print: &str,
) -> Result<bool, StoreError> {
    let others = roll_person::Entity::find()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .filter(roll_person::Column::Id.ne(id))
        .filter(column.eq(print));
    Ok(others.count(tx).await? == 0)
}

/// Takes everybody off the roll.
pub async fn clear(tx: &impl ConnectionTrait, wave: WaveId) -> Result<u64, StoreError> {
    let removed = roll_person::Entity::delete_many()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected)
}
