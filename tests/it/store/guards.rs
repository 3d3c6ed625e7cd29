//! What must never happen does not, even for somebody with a database shell.

use sea_orm::{ConnectionTrait, Statement};

use crate::{
    service::samples::{open_attitudes, submit},
    support::on_both,
};

/// Every table whose rows, once written, stand.
const APPEND_ONLY: [(&str, &str); 7] = [
    ("response", "channel = 'postal'"),
    ("count_sheet", "people = 1"),
    ("void_entry", "reason = 'other'"),
    ("admission", "admission_key = 'other'"),
    ("spent_entitlement", "channel = 'postal'"),
    ("entitlement", "code_hash = 'other'"),
    ("import_file", "entries = 0"),
];

on_both!(
    a_row_that_counts_can_be_neither_changed_nor_removed,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit(&app, &key, "2222222").await;
        fill_every_table(&app).await;
        for (table, change) in APPEND_ONLY {
            let before = count(&app, table).await;
            assert!(before > 0, "{table} is empty, so nothing was tried on it");
            let update = app.sql(&format!("UPDATE {table} SET {change}")).await;
            assert!(update.is_err(), "UPDATE {table}");
            let delete = app.sql(&format!("DELETE FROM {table}")).await;
            assert!(delete.is_err(), "DELETE {table}");
            assert!(
                app.sql(&format!("TRUNCATE {table} CASCADE")).await.is_err(),
                "TRUNCATE {table}"
            );
            let replace = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
            assert!(app.sql(&replace).await.is_err(), "REPLACE {table}");
            assert_eq!(count(&app, table).await, before, "{table}");
        }
    }
);

on_both!(
    nothing_is_counted_in_a_wave_that_is_not_open,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let insert = "INSERT INTO response (wave_id, seq, public_id, channel, day, answers)
                  VALUES (1, 1, '00000000000000000000', 'online', '2026-03-02', '2222222')";
        let error = app.sql(insert).await.unwrap_err().to_string();
        assert!(error.contains("the wave is not open"), "{error}");
        app.sql("UPDATE wave SET state = 'open', opened_at = 1 WHERE id = 1")
            .await
            .unwrap();
        assert_eq!(app.sql(insert).await.unwrap(), 1);
        app.sql("UPDATE wave SET state = 'closed', closed_at = 2 WHERE id = 1")
            .await
            .unwrap();
        assert!(
            app.sql(&insert.replace("1, 1, '0", "1, 2, '1"))
                .await
                .is_err()
        );
    }
);

on_both!(
    a_wave_never_goes_back_and_keeps_its_wording,
    async |app: TestApp| {
        open_attitudes(&app).await;
        let open = "SELECT id FROM wave WHERE state = 'open'";
        for change in [
            "state = 'draft', opened_at = NULL",
            "version_id = version_id + 1",
            "name = 'other'",
            "state = 'closed'",
            "state = 'lost'",
            "closes_at = closes_at + 1",
            "opens_at = opens_at - 1",
            "access = 'code'",
            "channels = 'online'",
            "frame_kind = 'census', frame_size = 9",
            "results = 'published'",
            "title = '{}'",
            "opened_at = opened_at - 1",
        ] {
            let update = format!("UPDATE wave SET {change} WHERE id IN ({open})");
            assert!(app.sql(&update).await.is_err(), "{change}");
        }
        for replace in [
            "INSERT OR REPLACE INTO wave SELECT * FROM wave WHERE state = 'open'",
            "UPDATE OR REPLACE wave SET name = 'now' WHERE name = 'april'",
            "UPDATE OR REPLACE wave SET id = (SELECT id FROM wave WHERE name = 'now')
             WHERE name = 'april'",
        ] {
            assert!(app.sql(replace).await.is_err(), "{replace}");
        }
        let earlier = format!("UPDATE wave SET closes_at = closes_at - 1 WHERE id IN ({open})");
        assert_eq!(app.sql(&earlier).await.unwrap(), 1);
        assert!(
            app.sql("DELETE FROM wave WHERE state = 'open'")
                .await
                .is_err()
        );
        assert!(
            app.sql("UPDATE survey_version SET content = '{}'")
                .await
                .is_err()
        );
    }
);

on_both!(
    one_key_is_admitted_once_and_one_code_spent_once,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit(&app, &key, "2222222").await;
        fill_every_table(&app).await;
        for table in [
            "admission",
            "spent_entitlement",
            "entitlement",
            "import_file",
        ] {
            let again = format!("INSERT INTO {table} SELECT * FROM {table}");
            let error = app.sql(&again).await.unwrap_err();
            // On SQLite the guard against REPLACE speaks first.
            assert!(
                error.to_string().contains("UNIQUE:")
                    || matches!(
                        error.sql_err(),
                        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
                    ),
                "{table}: {error}"
            );
        }
        let never_issued = "INSERT INTO spent_entitlement (wave_id, code_hash, channel)
                        SELECT wave_id, 'never issued', 'online' FROM entitlement";
        assert!(app.sql(never_issued).await.is_err());
    }
);

on_both!(
    a_void_needs_an_entry_two_people_and_results_that_are_not_published,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit(&app, &key, "2222222").await;
        fill_every_table(&app).await;
        let void = |voided: u32, second: &str| {
            format!(
                "INSERT INTO void_entry
                 (wave_id, seq, voided_seq, day, reason, requested_by, confirmed_by)
                 SELECT wave_id, 900, {voided}, '2026-03-02', 'keyed twice',
                        (SELECT min(id) FROM staff_user), (SELECT {second}(id) FROM staff_user)
                 FROM response"
            )
        };
        assert!(app.sql(&void(1, "min")).await.is_err(), "one person alone");
        assert!(app.sql(&void(77, "max")).await.is_err(), "no such entry");
        let state = "UPDATE wave SET state = 'closed', closed_at = 2 WHERE state = 'open'";
        app.sql(state).await.unwrap();
        app.publish(&key).await;
        let error = app.sql(&void(1, "max")).await.unwrap_err().to_string();
        assert!(error.contains("published"), "{error}");
    }
);

on_both!(the_head_of_a_ledger_hides_nothing, async |app: TestApp| {
    let key = open_attitudes(&app).await;
    submit(&app, &key, "2222222").await;
    for back in [
        "UPDATE ledger_head SET last_seq = 0 WHERE last_seq = 1",
        "DELETE FROM ledger_head WHERE last_seq = 1",
        "INSERT OR REPLACE INTO ledger_head SELECT wave_id, 0 FROM ledger_head",
        "TRUNCATE ledger_head",
    ] {
        assert!(app.sql(back).await.is_err(), "{back}");
    }
});

async fn count(app: &crate::support::TestApp, table: &str) -> i64 {
    let db = &app.services.db;
    let statement = Statement::from_string(
        db.get_database_backend(),
        format!("SELECT count(*) AS n FROM {table}"),
    );
    db.query_one_raw(statement)
        .await
        .unwrap()
        .unwrap()
        .try_get("", "n")
        .unwrap()
}

/// The ids of two members of staff.
pub async fn staff(app: &crate::support::TestApp) -> (i64, i64) {
    let [first, second] = app.two_people().await;
    (first.user.unwrap().0, second.user.unwrap().0)
}

/// A row in each table, written past our own code.
async fn fill_every_table(app: &crate::support::TestApp) {
    let wave = "(SELECT id FROM wave WHERE state = 'open')";
    let (first, second) = staff(app).await;
    for statement in [
        format!(
            "INSERT INTO count_sheet (wave_id, seq, channel, day, people, content)
             VALUES ({wave}, 800, 'meeting', '2026-03-02', 12, '{{}}')"
        ),
        format!("INSERT INTO admission (wave_id, admission_key) VALUES ({wave}, 'key')"),
        format!("INSERT INTO entitlement (wave_id, code_hash) VALUES ({wave}, 'hash')"),
        format!(
            "INSERT INTO spent_entitlement (wave_id, code_hash, channel)
             VALUES ({wave}, 'hash', 'online')"
        ),
        format!(
            "INSERT INTO import_file (wave_id, sha256, day, entries)
             VALUES ({wave}, 'sum', '2026-03-02', 1)"
        ),
        format!(
            "INSERT INTO sensitive_act
             (wave_id, kind, content, entry_seq, reason, requested_by, requested_at, state)
             VALUES ({wave}, 'void', '{{}}', 800, 'keyed twice', {first}, 1, 'asked')"
        ),
        format!(
            "UPDATE sensitive_act SET state = 'confirmed', decided_by = {second}, decided_at = 2
             WHERE entry_seq = 800"
        ),
        format!(
            "INSERT INTO void_entry
             (wave_id, seq, voided_seq, day, reason, requested_by, confirmed_by)
             VALUES ({wave}, 801, 800, '2026-03-02', 'keyed twice', {first}, {second})"
        ),
    ] {
        app.sql(&statement).await.unwrap();
    }
}
