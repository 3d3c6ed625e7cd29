//! Bringing the tables up to date: all or nothing, and by one process at a time.

use countmein::store;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;

use crate::support::{Backend, database_url};

pub(super) async fn url(backend: Backend, folder: &TempDir) -> String {
    let url = database_url(backend).await;
    if url.is_empty() {
        format!("sqlite://{}/test.sqlite?mode=rwc", folder.path().display())
    } else {
        url
    }
}

async fn several_processes_start_together(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let url = url(backend, &folder).await;
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { store::connect(&url).await })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap().close().await.unwrap();
    }
}

/// The last table stands in the way: a stand-in for a process that is killed before it makes it.
async fn a_start_that_fails_leaves_nothing_half_made(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let url = url(backend, &folder).await;
    let before: DatabaseConnection = sea_orm::Database::connect(&url).await.unwrap();
    before
        .execute_unprepared("CREATE TABLE outbox (id INTEGER)")
        .await
        .unwrap();
    assert!(store::connect(&url).await.is_err());
    before
        .execute_unprepared("DROP TABLE outbox")
        .await
        .unwrap();
    before.close().await.unwrap();
    store::connect(&url).await.unwrap().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    several_processes_start_together(Backend::Sqlite).await;
    a_start_that_fails_leaves_nothing_half_made(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: run tests/run"]
async fn postgres() {
    several_processes_start_together(Backend::Postgres).await;
    a_start_that_fails_leaves_nothing_half_made(Backend::Postgres).await;
}
