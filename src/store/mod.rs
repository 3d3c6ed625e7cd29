//! The only layer that knows SQL: free functions over a connection or a transaction, one file an
//! aggregate. The same code serves SQLite and PostgreSQL.

pub mod audit;
pub mod code_run;
pub mod entitlement;
pub mod entity;
pub mod installation;
pub mod keying;
pub mod keying_quality;
pub mod keying_work;
pub mod ledger;
pub mod ledger_read;
pub mod mail;
pub mod outbox;
pub mod person;
pub mod post;
pub mod retention;
pub mod roll;
pub mod second_factor;
pub mod session;
pub mod staff;
pub mod staff_link;
pub mod survey;
pub mod traces;
pub mod two_person;
pub mod wave;

use std::{future::Future, pin::Pin, time::Duration};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, RuntimeErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
    sqlx::{
        error::DatabaseError,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

/// A row that our own code could not have written.
#[derive(Debug, thiserror::Error)]
#[error("the database holds something unexpected in {table}.{column}: {detail}")]
pub struct Inconsistency {
    pub table: &'static str,
    pub column: &'static str,
    pub detail: String,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Inconsistent(#[from] Inconsistency),
}

pub(crate) fn inconsistent(
    table: &'static str,
    column: &'static str,
    detail: impl std::fmt::Display,
) -> StoreError {
    StoreError::Inconsistent(Inconsistency {
        table,
        column,
        detail: detail.to_string(),
    })
}

/// Connects, and brings the tables up to date.
///
/// Every commit is on the disk before it is acknowledged: WAL with `synchronous=FULL` on SQLite,
/// `synchronous_commit=on` on PostgreSQL.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(20))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(20))
                // What is deleted is overwritten: a name that was erased is not in the file.
                .pragma("secure_delete", "ON")
        })
        .map_sqlx_postgres_opts(|postgres| {
            // Whatever the server or the role has been set to.
            postgres.options([("synchronous_commit", "on")])
        });
    let db = open(&options).await?;
    migrate(&db).await?;
    Ok(db)
}

/// How long a start waits for another process that is making a new SQLite file: SQLite's own waiting does
/// not cover the moment in which the file gets its write-ahead log.
const MOST_TRIES: u32 = 200;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

async fn open(options: &ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    for _ in 1..MOST_TRIES {
        match Database::connect(options.clone()).await {
            Err(error) if is_busy(&error) => tokio::time::sleep(BETWEEN_TRIES).await,
            result => return result,
        }
    }
    Database::connect(options.clone()).await
}

/// Whether an SQLite file is in use just now: the low byte of SQLite's code is then 5.
fn is_busy(error: &DbErr) -> bool {
    let DbErr::Conn(RuntimeErr::SqlxError(error)) = error else {
        return false;
    };
    let code = error
        .as_database_error()
        .and_then(DatabaseError::code)
        .and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

/// Brings the tables up to date: all of it or nothing, so that a process that dies half-way leaves
/// nothing half-made, and one process at a time, so that several may start together.
async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    // A start with nothing to do must not wait for a long write of another process.
    if is_up_to_date(db).await {
        return Ok(());
    }
    let transaction = db.begin_with_options(immediate()).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = "SELECT pg_advisory_xact_lock(7162650421)";
        transaction.execute_unprepared(lock).await?;
    }
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

/// False, too, where there are no tables yet.
async fn is_up_to_date(db: &DatabaseConnection) -> bool {
    let pending = Migrator::get_pending_migrations_read_only(db).await;
    pending.is_ok_and(|pending| pending.is_empty())
}

fn immediate() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

pub type Work<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// Runs `work` in one transaction that takes the write lock at its start, in a task of its own.
///
/// The task goes on when the caller's future is dropped, as a handler's is when a browser hangs up:
/// a transaction is either committed or rolled back, and never left open on a pooled connection.
pub async fn write<T, E, F>(db: &DatabaseConnection, work: F) -> Result<T, E>
where
    F: for<'c> FnOnce(&'c DatabaseTransaction) -> Work<'c, T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    run(db, immediate(), work).await
}

/// Runs `work` over the database as it stands at one moment: figures read one after the other agree,
/// whatever is written meanwhile.
pub async fn read<T, E, F>(db: &DatabaseConnection, work: F) -> Result<T, E>
where
    F: for<'c> FnOnce(&'c DatabaseTransaction) -> Work<'c, T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let options = if db.get_database_backend() == DbBackend::Postgres {
        TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        }
    } else {
        TransactionOptions::default()
    };
    run(db, options, work).await
}

async fn run<T, E, F>(db: &DatabaseConnection, options: TransactionOptions, work: F) -> Result<T, E>
where
    F: for<'c> FnOnce(&'c DatabaseTransaction) -> Work<'c, T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let db = db.clone();
    let task = tokio::spawn(async move {
        let transaction = db
            .begin_with_options(options)
            .await
            .map_err(StoreError::from)?;
        match work(&transaction).await {
            Ok(value) => {
                transaction.commit().await.map_err(StoreError::from)?;
                Ok(value)
            }
            Err(error) => {
                transaction.rollback().await.map_err(StoreError::from)?;
                Err(error)
            }
        }
    });
    match task.await {
        Ok(result) => result,
        Err(join) => {
            let ended = DbErr::Custom(format!("a database task ended early: {join}"));
            Err(StoreError::from(ended).into())
        }
    }
}

/// Whether the database answers and takes writes of this process in principle.
pub async fn ping(db: &DatabaseConnection) -> Result<(), DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), "SELECT 1");
    db.query_one_raw(statement).await.map(|_| ())
}

/// Writes what was deleted or changed through to the SQLite file, and empties the file beside it:
/// earlier states of pages wait there. While somebody reads it cannot be done; false says so.
/// PostgreSQL does the like by itself, when it vacuums.
pub async fn flush(db: &DatabaseConnection) -> Result<bool, DbErr> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(true);
    }
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let statement = Statement::from_string(DbBackend::Sqlite, checkpoint);
    let row = db.query_one_raw(statement).await?;
    let busy: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(busy == Some(0))
}

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("this backs up an SQLite file; for PostgreSQL use pg_dump")]
    NotSqlite,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// A consistent copy of an SQLite database, while it is in use.
pub async fn backup(db: &DatabaseConnection, file: &str) -> Result<(), BackupError> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Err(BackupError::NotSqlite);
    }
    let statement =
        Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [file.into()]);
    db.execute_raw(statement).await?;
    Ok(())
}
