//! Runs of codes, and which people of the roll each was made for. What a code is, and whether it has
//! been used, nothing here knows.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, sea_query::Expr,
};

use super::{
    StoreError,
    entity::{code_run, roll_person},
    inconsistent,
};
use crate::domain::{
    code_run::RunKind,
    id::{CodeRunId, WaveId},
    moment::Moment,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRun {
    pub id: CodeRunId,
    pub kind: RunKind,
    pub codes: u64,
    pub made_at: Moment,
    /// The codes, until they are printed.
    pub sealed: Option<String>,
}

pub struct NewRun {
    pub wave: WaveId,
    pub kind: RunKind,
    pub codes: usize,
    /// None for codes that were handed over at once.
    pub sealed: Option<String>,
}

pub async fn add(
    tx: &impl ConnectionTrait,
    run: NewRun,
    now: Moment,
) -> Result<CodeRunId, StoreError> {
    let codes = i64::try_from(run.codes);
    let wiped_at = run.sealed.is_none().then(|| now.millis());
    let inserted = code_run::Entity::insert(code_run::ActiveModel {
        wave_id: Set(run.wave.0),
        kind: Set(run.kind.to_string()),
        codes: Set(codes.map_err(|error| inconsistent("code_run", "codes", error))?),
        sealed: Set(run.sealed),
        made_at: Set(now.millis()),
        wiped_at: Set(wiped_at),
        ..Default::default()
    })
    .exec(tx)
    .await?;
    Ok(CodeRunId(inserted.last_insert_id))
}

/// The newest first.
pub async fn of_wave(db: &impl ConnectionTrait, wave: WaveId) -> Result<Vec<CodeRun>, StoreError> {
    let rows = code_run::Entity::find()
        .filter(code_run::Column::WaveId.eq(wave.0))
        .order_by_desc(code_run::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// A run of this wave, and of no other.
pub async fn find(
    db: &impl ConnectionTrait,
    wave: WaveId,
    id: CodeRunId,
) -> Result<Option<CodeRun>, StoreError> {
    let row = code_run::Entity::find_by_id(id.0)
        .filter(code_run::Column::WaveId.eq(wave.0))
        .one(db)
        .await?;
    row.map(from_row).transpose()
}

/// Forgets the codes of a run; false when they were forgotten before.
pub async fn wipe(
    tx: &impl ConnectionTrait,
    id: CodeRunId,
    now: Moment,
) -> Result<bool, StoreError> {
    let done = code_run::Entity::update_many()
        .col_expr(
            code_run::Column::Sealed,
            Expr::value(Option::<String>::None),
        )
        .col_expr(code_run::Column::WipedAt, Expr::value(now.millis()))
        .filter(code_run::Column::Id.eq(id.0))
        .filter(code_run::Column::Sealed.is_not_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets the codes of every run of a wave that is over: nobody can use them any more.
pub async fn wipe_all(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    now: Moment,
) -> Result<(), StoreError> {
    code_run::Entity::update_many()
        .col_expr(
            code_run::Column::Sealed,
            Expr::value(Option::<String>::None),
        )
        .col_expr(code_run::Column::WipedAt, Expr::value(now.millis()))
        .filter(code_run::Column::WaveId.eq(wave.0))
        .filter(code_run::Column::Sealed.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

fn from_row(row: code_run::Model) -> Result<CodeRun, StoreError> {
    let bad = |column, error: &dyn std::fmt::Display| inconsistent("code_run", column, error);
    Ok(CodeRun {
        id: CodeRunId(row.id),
        kind: row.kind.parse().map_err(|error| bad("kind", &error))?,
        codes: u64::try_from(row.codes).map_err(|error| bad("codes", &error))?,
        made_at: Moment::from_millis(row.made_at),
        sealed: row.sealed,
    })
}

/// A person of the roll as a letter or a mail addresses them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    pub id: i64,
    pub serial: i64,
    pub name: String,
    /// Line by line.
    pub address: Vec<String>,
    pub email: Option<String>,
}

/// How many people have no code yet: those with a postal address, and those with an e-mail address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    pub by_post: u64,
    pub by_mail: u64,
}

pub async fn waiting(db: &impl ConnectionTrait, wave: WaveId) -> Result<Waiting, StoreError> {
    let without = || {
        roll_person::Entity::find()
            .filter(roll_person::Column::WaveId.eq(wave.0))
            .filter(roll_person::Column::RunId.is_null())
    };
    Ok(Waiting {
        by_post: without()
            .filter(roll_person::Column::Address.ne(""))
            .count(db)
            .await?,
        by_mail: without()
            .filter(roll_person::Column::Email.is_not_null())
            .count(db)
            .await?,
    })
}

/// The people whom a run of this kind is for, in the order of their serial numbers. The wave has to
/// be locked, so that two runs never take the same person.
pub async fn take_waiting(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    kind: RunKind,
) -> Result<Vec<Addressee>, StoreError> {
    let reachable = if kind == RunKind::Mails {
        roll_person::Column::Email.is_not_null()
    } else {
        roll_person::Column::Address.ne("")
    };
    let rows = roll_person::Entity::find()
        .filter(roll_person::Column::WaveId.eq(wave.0))
        .filter(roll_person::Column::RunId.is_null())
        .filter(reachable)
        .order_by_asc(roll_person::Column::Serial)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(Addressee::from).collect())
}

/// Notes for whom a run was made, all of those whom [`take_waiting`] named.
pub async fn give(
    tx: &impl ConnectionTrait,
    run: CodeRunId,
    people: &[Addressee],
) -> Result<(), StoreError> {
    for chunk in people.chunks(5_000) {
        let given = roll_person::Entity::update_many()
            .col_expr(roll_person::Column::RunId, Expr::value(run.0))
            .filter(roll_person::Column::Id.is_in(chunk.iter().map(|person| person.id)))
            .filter(roll_person::Column::RunId.is_null())
            .exec(tx)
            .await?;
        if usize::try_from(given.rows_affected) != Ok(chunk.len()) {
            return Err(inconsistent(
                "roll_person",
                "run_id",
                "somebody got a code under the wave's lock",
            ));
        }
    }
    Ok(())
}

/// The people of a run who are still on the roll.
pub async fn people(
    db: &impl ConnectionTrait,
    run: CodeRunId,
) -> Result<Vec<Addressee>, StoreError> {
    let rows = roll_person::Entity::find()
        .filter(roll_person::Column::RunId.eq(run.0))
        .filter(roll_person::Column::Name.ne(""))
        .order_by_asc(roll_person::Column::Serial)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Addressee::from).collect())
}

impl From<roll_person::Model> for Addressee {
    fn from(row: roll_person::Model) -> Self {
        Self {
            id: row.id,
            serial: row.serial,
            name: row.name,
            address: row.address.lines().map(str::to_owned).collect(),
            email: row.email,
        }
    }
}
