//! A page that is only looked at leaves every row as it was: what fetches links ahead, as mail
//! programs and search engines do, changes nothing.

use std::{collections::BTreeMap, sync::Arc};

use countmein::{
    service::subscribe,
    web::{Web, routes},
};
use reqwest::Method;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::access::address;
use crate::{
    service::samples::{open_attitudes, submit},
    support::{STAFF_EMAIL, TestApp, browsing::Browser, on_both},
};

/// When a session was last used is written down, and is no change that anyone asked for.
const TOUCHED: &str = "staff_session";

async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    let db = &app.services.db;
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            row.try_get_by_index::<Option<String>>(0)
                .unwrap()
                .unwrap_or_default()
        })
        .collect()
}

/// Every row of every table, as text.
async fn everything(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let is_sqlite = app.services.db.get_database_backend() == DbBackend::Sqlite;
    let tables = if is_sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    };
    let mut all = BTreeMap::new();
    for table in texts(app, tables).await {
        if table == TOUCHED {
            continue;
        }
        let rows = if is_sqlite {
            let columns = texts(
                app,
                &format!("SELECT name FROM pragma_table_info('{table}')"),
            )
            .await;
            let quoted: Vec<String> = columns
                .iter()
                .map(|name| format!("quote(\"{name}\")"))
                .collect();
            texts(
                app,
                &format!(
                    "SELECT {} AS row FROM {table} ORDER BY 1",
                    quoted.join(" || '|' || ")
                ),
            )
            .await
        } else {
            texts(app, &format!("SELECT t::text FROM {table} t ORDER BY 1")).await
        };
        all.insert(table, rows);
    }
    all
}

on_both!(no_page_changes_a_row, async |app: TestApp| {
    let key = open_attitudes(&app).await;
    app.add_staff().await;
    let token = submit(&app, &key, "5432112").await;
    subscribe::subscribe(
        &app.services,
        &crate::support::operator(),
        &key,
        "reader@example.org",
    )
    .await
    .unwrap();
    let stop = texts(&app, "SELECT stop_token FROM subscriber").await;
    let (stranger, participant) = (Browser::new(&app), Browser::new(&app));
    let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
    participant.post(&format!("/w/{key}/start"), &[]).await;
    let web = Web::new(Arc::clone(&app.services), &app.config, &[7; 32]);
    // Mails about the new accounts are on their way, and the worker notes that they went.
    while !texts(&app, "SELECT state FROM outbox WHERE state = 'queued'")
        .await
        .is_empty()
    {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let before = everything(&app).await;
    assert!(
        before.len() >= 15 && before["response"].len() == 1,
        "{before:?}"
    );
    let table = routes::table(&web);
    for route in table
        .declared()
        .iter()
        .filter(|route| route.method == Method::GET)
    {
        let mut path = address(&route.path.replace("{token}", &stop[0]));
        if route.path == "/receipt" {
            path = format!("/receipt?code={}", token.receipt());
        }
        for browser in [&stranger, &participant, &staff] {
            for method in [Method::GET, Method::HEAD] {
                let response = browser.request(method, &path).send().await.unwrap();
                assert!(response.status().as_u16() < 500, "{path}");
            }
        }
    }
    let after = everything(&app).await;
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "a GET has changed {table}");
    }
});
