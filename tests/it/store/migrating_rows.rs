//! A database of the version before people and access comes through every later migration with all
//! of its rows.

use std::collections::BTreeMap;

use countmein::store;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};

use super::migrating::url;
use crate::support::Backend;

/// The last migration of that version is the fifth.
const BEFORE: u32 = 5;

/// Rows in every table that a later migration touches, or that points at one.
const ROWS: [&str; 13] = [
    "INSERT INTO survey_version (id, survey_key, wording_hash, content, loaded_at)
     VALUES (1, 'old', 'hash', '{}', 1)",
    "INSERT INTO wave (id, survey_key, name, version_id, title, opens_at, closes_at,
         offset_minutes, access, channels, frame_kind, results, state)
     VALUES (1, 'old', 'now', 1, '{\"en\":\"Now\"}', 1, 2, 0, 'open', 'online', 'open', 'published',
         'draft'),
        (2, 'old', 'done', 1, '{\"en\":\"Done\"}', 1, 2, 0, 'open', 'online', 'open', 'published',
         'draft')",
    "INSERT INTO ledger_head (wave_id, last_seq) VALUES (1, 0), (2, 0)",
    "UPDATE wave SET state = 'open', opened_at = 1",
    "INSERT INTO response (wave_id, seq, public_id, channel, day, answers)
     VALUES (1, 1, '00000000000000000001', 'online', '2026-03-02', '1'),
            (1, 2, '00000000000000000002', 'online', '2026-03-02', '2')",
    "INSERT INTO staff_user (id, email, password_hash, role, created_at)
     VALUES (7, 'a@example.org', 'hash-a', 'administrator', 1),
            (9, 'b@example.org', 'hash-b', 'administrator', 2)",
    "INSERT INTO staff_session (token_hash, user_id, created_at, seen_at) VALUES ('token', 7, 1, 1)",
    "INSERT INTO void_entry (wave_id, seq, voided_seq, day, reason, requested_by, confirmed_by)
     VALUES (1, 3, 1, '2026-03-02', 'keyed twice', 7, 9)",
    "UPDATE ledger_head SET last_seq = 3 WHERE wave_id = 1",
    "INSERT INTO subscriber (id, wave_id, email, stop_token)
     VALUES (4, 2, 'c@example.org', 'stop-c'), (5, 2, 'd@example.org', 'stop-d')",
    "INSERT INTO report_snapshot (id, wave_id, content, created_at)
     VALUES (11, 2, '{\"figures\":\"of the second\"}', 5)",
    "INSERT INTO outbox (id, message_id, subscriber_id, snapshot_id, state, attempts, due_at,
         claimed_until, created_at)
     VALUES (21, 'mail-c', 4, 11, 'queued', 0, 5, 0, 5), (22, 'mail-d', 5, 11, 'parked', 6, 0, 0, 5)",
    "UPDATE wave SET state = 'closed', closed_at = 3 WHERE id = 2",
];

/// One line for each row, and a key to sort by.
const READS: [(&str, &str); 7] = [
    (
        "staff_user",
        "id || email || password_hash || role || created_at",
    ),
    (
        "void_entry",
        "seq || reason || requested_by || '-' || confirmed_by",
    ),
    (
        "report_snapshot",
        "id || '-' || wave_id || content || created_at",
    ),
    (
        "outbox",
        "id || message_id || subscriber_id || '-' || snapshot_id || state || attempts",
    ),
    ("subscriber", "id || email || stop_token"),
    ("response", "seq || public_id || answers"),
    ("wave", "id || name || state"),
];

async fn rows(db: &DatabaseConnection) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for (table, line) in READS {
        let sql = format!("SELECT {line} AS line FROM {table} ORDER BY 1");
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let rows = db.query_all_raw(statement).await.unwrap();
        let lines: Vec<String> = rows
            .iter()
            .map(|row| row.try_get("", "line").unwrap())
            .collect();
        assert!(
            !lines.is_empty(),
            "{table} is empty, so nothing was tried on it"
        );
        all.insert(table, lines);
    }
    all
}

async fn every_row_comes_through(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let url = url(backend, &folder).await;
    let old = sea_orm::Database::connect(&url).await.unwrap();
    let transaction = old.begin().await.unwrap();
    Migrator::up(&transaction, Some(BEFORE)).await.unwrap();
    transaction.commit().await.unwrap();
    for statement in ROWS {
        old.execute_unprepared(statement)
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let before = rows(&old).await;
    old.close().await.unwrap();
    let new = store::connect(&url).await.unwrap();
    assert_eq!(rows(&new).await, before);
    still_guarded(&new).await;
    new.close().await.unwrap();
}

/// What was made anew keeps its guards, its keys and its numbering.
async fn still_guarded(db: &DatabaseConnection) {
    for refused in [
        "UPDATE report_snapshot SET content = '{}'",
        "DELETE FROM report_snapshot",
        "DELETE FROM staff_user WHERE id = 7",
        "INSERT INTO outbox (message_id, kind, subscriber_id, snapshot_id, state, attempts, due_at,
             claimed_until, created_at) VALUES ('x', 'summary', 4, 99, 'queued', 0, 0, 0, 0)",
        "INSERT INTO void_entry (wave_id, seq, voided_seq, day, reason, requested_by, confirmed_by)
         VALUES (1, 4, 2, '2026-03-02', 'alone', 7, 9)",
        "UPDATE wave SET state = 'published', published_at = 4 WHERE id = 2",
    ] {
        assert!(db.execute_unprepared(refused).await.is_err(), "{refused}");
    }
    db.execute_unprepared(
        "INSERT INTO report_snapshot (id, wave_id, content, created_at) VALUES (12, 2, '{}', 6)",
    )
    .await
    .unwrap();
    if db.get_database_backend() == DbBackend::Sqlite {
        let broken = Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check");
        assert!(db.query_all_raw(broken).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    every_row_comes_through(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: run tests/run"]
async fn postgres() {
    every_row_comes_through(Backend::Postgres).await;
}
