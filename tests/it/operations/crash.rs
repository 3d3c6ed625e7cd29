//! A response that was acknowledged survives a power cut, and is counted once when it is sent again.

use std::{path::Path, time::Duration};

use countmein::store::entity::{admission, response};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::process::{Server, run};
use crate::support::{Backend, browsing::Browser, database_url, repository_path};

const WAVE: &str = "/w/co-production-attitudes/now";
const KILLS: u64 = 6;
const PEOPLE: usize = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    nothing_acknowledged_is_lost_and_nothing_counted_twice(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: run tests/run"]
async fn postgres() {
    nothing_acknowledged_is_lost_and_nothing_counted_twice(Backend::Postgres).await;
}

async fn nothing_acknowledged_is_lost_and_nothing_counted_twice(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = database_url(backend).await;
    run(
        folder.path(),
        &database,
        &[
            "load",
            &repository_path("surveys/co-production-attitudes.toml"),
        ],
    );
    run(
        folder.path(),
        &database,
        &["open", "co-production-attitudes/now"],
    );
    for round in 0..KILLS {
        one_power_cut(folder.path(), &database, round).await;
    }
    let all = KILLS * PEOPLE as u64;
    let url = if database.is_empty() {
        format!(
            "sqlite://{}",
            folder.path().join("data/countmein.sqlite").display()
        )
    } else {
        database
    };
    let db = countmein::store::connect(&url).await.unwrap();
    assert_eq!(response::Entity::find().count(&db).await.unwrap(), all);
    assert_eq!(admission::Entity::find().count(&db).await.unwrap(), all);
}

/// People send their answers, the power goes at some moment of it, and afterwards all send again.
async fn one_power_cut(folder: &Path, database: &str, round: u64) {
    let server = Server::start(folder, database, "error");
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        let browser = Browser::at(&server.url);
        browser.post(&format!("{WAVE}/start"), &[]).await;
        let draft = browser.get(&format!("{WAVE}/check")).await.field("draft");
        people.push((browser, draft));
    }
    let sends: Vec<_> = people
        .into_iter()
        .map(|(browser, draft)| {
            tokio::spawn(async move {
                let sent = browser
                    .try_post(&format!("{WAVE}/submit"), &[("draft", &draft)])
                    .await;
                (draft, sent.is_some_and(|page| page.status == 303))
            })
        })
        .collect();
    // From before the first commit to after the last.
    tokio::time::sleep(Duration::from_millis(round * 4)).await;
    server.kill();
    let server = Server::start(folder, database, "error");
    for send in sends {
        let (draft, acknowledged) = send.await.unwrap();
        // Without cookies, the answer to a second press is the receipt itself.
        let again = Browser::at(&server.url);
        let page = again
            .post(&format!("{WAVE}/submit"), &[("draft", &draft)])
            .await;
        let receipt = page.receipt();
        let looked_up = again.get(&format!("/receipt?code={receipt}")).await;
        assert!(
            looked_up.body.contains("counted on"),
            "acknowledged: {acknowledged}"
        );
    }
    server.terminate();
}
