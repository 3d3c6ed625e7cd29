//! What an SQLite file still shows of how the rows of a closed wave came to be in it.
//!
//! The rows of a table stand in the order of their keys, but within a page of the file their bytes lie
//! in the order in which they came, and the write-ahead log has every page as each of the last commits
//! left it. Whoever has the file could match a code to the response that came with it. So the file is
//! written anew once a wave has closed, and the log emptied.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait, Statement,
};

use super::{StoreError, entity::report_snapshot, inconsistent};

/// Writes the file anew if waves have closed since it last was. It costs two small queries otherwise,
/// and nothing on PostgreSQL, where [`super::entitlement::cut_links`] does all.
///
/// False when there was nothing to do, or when a reader kept the log in use: then it is to be tried
/// again.
pub async fn wipe(db: &DatabaseConnection) -> Result<bool, StoreError> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(false);
    }
    // One for each closing: a wave may be opened again, and close again.
    let closed = report_snapshot::Entity::find().count(db).await?;
    let closed = i64::try_from(closed).unwrap_or(i64::MAX);
    // The file itself remembers how many closings it had seen when it was written.
    if pragma(db, "user_version").await? >= closed {
        return Ok(false);
    }
    db.execute_unprepared("VACUUM").await?;
    // The first column says whether somebody was in the way.
    if pragma(db, "wal_checkpoint(TRUNCATE)").await? != 0 {
        return Ok(false);
    }
    db.execute_unprepared(&format!("PRAGMA user_version = {closed}"))
        .await?;
    Ok(true)
}

/// The first number that a PRAGMA answers with.
async fn pragma(db: &DatabaseConnection, name: &str) -> Result<i64, StoreError> {
    let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"));
    let row = db.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| inconsistent("PRAGMA", "", name))?;
    Ok(i64::from(row.try_get_by_index::<i32>(0)?))
}
