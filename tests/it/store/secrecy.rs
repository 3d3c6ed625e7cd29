//! Codes and responses cannot be put together again from the database of a wave that has closed.

use std::time::Duration;

use countmein::{
    domain::wave::DRAIN,
    service::{
        close_wave,
        submit::{self, Submitted},
        wave_overview,
    },
    store,
};
use sea_orm::{ConnectionTrait, Database, DbBackend, EntityTrait, Statement};

use crate::{
    service::samples::{open_by_code, submission, token},
    support::{TestApp, on_both, operator},
};

const PEOPLE: usize = 15;

/// One after the other, so that each response has a transaction of its own.
async fn vote_and_close(app: &TestApp) {
    let (key, codes) = open_by_code(app, PEOPLE).await;
    for code in codes {
        let sent = submission(&app.services, &key, token(), Some(code), "100000000000");
        let outcome = submit::submit(&app.services, sent).await.unwrap();
        assert!(matches!(outcome, Submitted::Counted(_)));
    }
    close_wave::stop_collecting(&app.services, &operator(), &key)
        .await
        .unwrap();
    app.advance(DRAIN + Duration::from_millis(1));
    close_wave::close(&app.services, &operator(), &key)
        .await
        .unwrap();
    let overview = wave_overview::overview(&app.services, &key).await.unwrap();
    assert_eq!(overview.people, PEOPLE as u64);
    assert!(
        overview.conservation.balances(),
        "{}",
        overview.conservation
    );
}

async fn column(app: &TestApp, sql: &str) -> Vec<String> {
    let db = &app.services.db;
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

on_both!(
    no_trace_of_order_or_transaction_is_left,
    async |app: TestApp| {
        vote_and_close(&app).await;
        for (table, key) in [
            ("spent_entitlement", "code_hash"),
            ("admission", "admission_key"),
        ] {
            let stored = column(&app, &format!("SELECT {key} FROM {table}")).await;
            assert_eq!(stored.len(), PEOPLE);
            assert!(stored.is_sorted(), "{table} stands in the order of arrival");
            if app.services.db.get_database_backend() == DbBackend::Postgres {
                let writers =
                    column(&app, &format!("SELECT DISTINCT xmin::text FROM {table}")).await;
                assert_eq!(writers.len(), 1, "{table} tells its transactions apart");
                let linked = format!(
                    "SELECT t.{key} FROM {table} t JOIN response r ON r.xmin::text = t.xmin::text"
                );
                assert!(
                    column(&app, &linked).await.is_empty(),
                    "{table} is linked to response"
                );
            }
        }
    }
);

on_both!(
    a_key_of_another_installation_is_refused,
    async |app: TestApp| {
        let mut config = app.config.clone();
        config.database_url = app.config.database_url();
        let elsewhere = tempfile::tempdir().unwrap();
        config.data_dir = elsewhere.path().join("data");
        let refused = countmein::app::App::start(config.clone())
            .await
            .err()
            .unwrap();
        assert!(
            refused.to_string().contains("another secret key"),
            "{refused}"
        );
        let key = std::fs::read(app.config.data_dir.join("secret.key")).unwrap();
        std::fs::write(config.data_dir.join("secret.key"), key).unwrap();
        countmein::app::App::start(config.clone())
            .await
            .unwrap()
            .finish()
            .await;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(config.data_dir.clone()), 0o700);
            assert_eq!(mode(app.config.data_dir.join("secret.key")), 0o600);
        }
    }
);

on_both!(acknowledged_means_on_the_disk, async |app: TestApp| {
    let db = Database::connect(app.config.database_url()).await.unwrap();
    let user = store::entity::staff_user::Entity::find()
        .one(&db)
        .await
        .unwrap();
    assert!(user.is_none());
    let setting = match app.services.db.get_database_backend() {
        DbBackend::Postgres => column(&app, "SHOW synchronous_commit").await,
        _ => {
            column(
                &app,
                "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous",
            )
            .await
        }
    };
    assert!(["on", "2"].contains(&setting[0].as_str()), "{setting:?}");
});

/// Tables about people, and tables about what was counted.
const ROLL_SIDE: [&str; 2] = ["roll_person", "code_run"];
const LEDGER_SIDE: [&str; 6] = [
    "entitlement",
    "spent_entitlement",
    "admission",
    "response",
    "void_entry",
    "count_sheet",
];

on_both!(
    the_roll_and_the_ledger_share_nothing_but_the_wave,
    async |app: TestApp| {
        let (key, _) = open_by_code(&app, 3).await;
        let csv =
            "name,address,email\nAnna,1 High Street,anna@example.org\nBartek,2 High Street,\n";
        countmein::service::import_roll::import(
            &app.services,
            &operator(),
            &key,
            csv.as_bytes(),
            false,
        )
        .await
        .unwrap();
        for code in issue_codes(&app, &key).await {
            let sent = submission(&app.services, &key, token(), Some(code), "100000000000");
            submit::submit(&app.services, sent).await.unwrap();
        }
        for table in ROLL_SIDE.iter().chain(&LEDGER_SIDE) {
            let sides = if ROLL_SIDE.contains(table) {
                &LEDGER_SIDE[..]
            } else {
                &ROLL_SIDE[..]
            };
            for target in references(&app, table).await {
                assert!(
                    !sides.contains(&target.as_str()),
                    "{table} refers to {target}"
                );
            }
        }
        let mut compared = 0;
        for person in texts(&app, &ROLL_SIDE).await {
            for counted in texts(&app, &LEDGER_SIDE).await {
                assert_ne!(person.1, counted.1, "{} and {}", person.0, counted.0);
                compared += 1;
            }
        }
        assert!(
            compared > 50,
            "there is hardly anything to compare: {compared}"
        );
    }
);

async fn issue_codes(
    app: &TestApp,
    key: &countmein::domain::key::WaveKey,
) -> Vec<countmein::domain::access_code::AccessCode> {
    countmein::service::issue_codes::issue(&app.services, &operator(), key, 3)
        .await
        .unwrap()
}

/// The tables that a table refers to.
async fn references(app: &TestApp, table: &str) -> Vec<String> {
    let sql = match app.services.db.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT confrelid::regclass::text FROM pg_constraint
             WHERE contype = 'f' AND conrelid = '{table}'::regclass"
        ),
        _ => format!("SELECT \"table\" FROM pragma_foreign_key_list('{table}')"),
    };
    column(app, &sql).await
}

/// Every value of the text columns of these tables, with its table. Numbers that count from 1 in
/// each table say nothing when they are equal; a text that stands in two would be a link.
async fn texts(app: &TestApp, tables: &[&str]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for table in tables {
        let columns = match app.services.db.get_database_backend() {
            DbBackend::Postgres => format!(
                "SELECT column_name::text FROM information_schema.columns
                 WHERE table_name = '{table}' AND data_type = 'text'"
            ),
            _ => {
                format!("SELECT name FROM pragma_table_info('{table}') WHERE lower(type) = 'text'")
            }
        };
        for name in column(app, &columns).await {
            let values =
                format!("SELECT COALESCE({name}, '') FROM {table} WHERE {name} IS NOT NULL");
            for value in column(app, &values).await {
                all.push((format!("{table}.{name}"), value));
            }
        }
    }
    all
}
