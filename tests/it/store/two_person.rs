//! What takes two people takes two people, even for somebody with a database shell.

use sea_orm::{ConnectionTrait, Statement};

use super::guards::staff;
use crate::{
    service::samples::{open_attitudes, submit},
    support::{TestApp, on_both},
};

const WAVE: &str = "(SELECT id FROM wave WHERE name = 'now')";
const CLOSE: &str = "UPDATE wave SET state = 'closed', closed_at = 2 WHERE name = 'now'";

/// A request of this kind that was asked for by the first, in SQL; `more` are further columns.
fn asked(kind: &str, more: &[(&str, &str)], first: i64) -> String {
    let (columns, values): (Vec<&str>, Vec<&str>) = more.iter().copied().unzip();
    let list = |parts: Vec<&str>| [vec![""], parts].concat().join(", ");
    let (columns, values) = (list(columns), list(values));
    format!(
        "INSERT INTO sensitive_act
             (wave_id, kind, content, requested_by, requested_at, state{columns})
         VALUES ({WAVE}, '{kind}', '{{}}', {first}, 1, 'asked'{values})"
    )
}

fn confirmed(second: i64) -> String {
    format!(
        "UPDATE sensitive_act SET state = 'confirmed', decided_by = {second}, decided_at = 2
         WHERE state = 'asked'"
    )
}

async fn refused(app: &TestApp, statement: &str, why: &str) {
    let error = app.sql(statement).await.expect_err(statement).to_string();
    assert!(error.to_lowercase().contains(why), "{statement}: {error}");
}

async fn done(app: &TestApp, statement: &str) {
    let rows = app.sql(statement).await;
    assert_eq!(rows.unwrap_or_else(|e| panic!("{statement}: {e}")), 1);
}

async fn states(app: &TestApp) -> Vec<String> {
    let db = &app.services.db;
    let sql = "SELECT state FROM sensitive_act ORDER BY id";
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "state").unwrap())
        .collect()
}

on_both!(
    a_publication_needs_a_confirmed_request_and_uses_it_up,
    async |app: TestApp| {
        open_attitudes(&app).await;
        let (first, second) = staff(&app).await;
        let publish = "UPDATE wave SET state = 'published', published_at = 3 WHERE name = 'now'";
        done(&app, CLOSE).await;
        refused(&app, publish, "two people").await;
        done(&app, &asked("publish", &[], first)).await;
        refused(&app, publish, "two people").await;
        refused(&app, &confirmed(first), "check").await;
        refused(&app, publish, "two people").await;
        done(&app, &confirmed(second)).await;
        done(&app, publish).await;
        assert_eq!(states(&app).await, ["applied"]);
    }
);

on_both!(
    a_later_closing_time_needs_a_confirmed_request_for_just_that_time,
    async |app: TestApp| {
        open_attitudes(&app).await;
        let (first, second) = staff(&app).await;
        let until =
            |closes: &str| format!("UPDATE wave SET closes_at = {closes} WHERE name = 'now'");
        let fixed = "rules of a wave are fixed";
        done(&app, &until("5000")).await;
        refused(&app, &until("6000"), fixed).await;
        let reason = ("reason", "'more time'");
        done(
            &app,
            &asked("extend", &[("closes_at", "6000"), reason], first),
        )
        .await;
        refused(&app, &until("6000"), fixed).await;
        done(&app, &confirmed(second)).await;
        refused(&app, &until("6001"), fixed).await;
        let and_more = "UPDATE wave SET closes_at = 6000, results = 'published' WHERE name = 'now'";
        refused(&app, and_more, fixed).await;
        done(&app, &until("6000")).await;
        assert_eq!(states(&app).await, ["applied"]);
        // Used up: the same time cannot be set by it again.
        done(&app, &until("5000")).await;
        refused(&app, &until("6000"), fixed).await;
    }
);

on_both!(
    a_closed_wave_is_reopened_once_by_each_confirmed_request,
    async |app: TestApp| {
        open_attitudes(&app).await;
        let (first, second) = staff(&app).await;
        done(&app, "UPDATE wave SET closes_at = 5000 WHERE name = 'now'").await;
        done(&app, CLOSE).await;
        let reopen = "UPDATE wave SET state = 'open', closed_at = NULL, closes_at = 6000
                      WHERE name = 'now'";
        // Two triggers refuse it, and either may speak first.
        refused(&app, reopen, "a wave").await;
        let columns = [
            ("closes_at", "6000"),
            ("reason", "'a box of paper was found'"),
        ];
        done(&app, &asked("extend", &columns, first)).await;
        done(&app, &confirmed(second)).await;
        refused(&app, reopen, "a wave").await;
        done(&app, &asked("reopen", &columns, first)).await;
        refused(&app, &asked("reopen", &columns, second), "unique").await;
        done(&app, &confirmed(second)).await;
        let draft = "UPDATE wave SET state = 'draft', closed_at = NULL, opened_at = NULL,
                     closes_at = 6000 WHERE name = 'now'";
        refused(&app, draft, "a wave").await;
        done(&app, reopen).await;
        assert_eq!(states(&app).await, ["confirmed", "applied"]);
        done(&app, CLOSE).await;
        refused(&app, reopen, "a wave").await;
    }
);

on_both!(
    a_request_keeps_what_it_asked_for_and_goes_only_forward,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit(&app, &key, "2222222").await;
        let (first, _) = staff(&app).await;
        let columns = [("entry_seq", "1"), ("reason", "'counted twice'")];
        let begun = asked("void", &columns, first);
        let skipped = begun.replace("'asked'", "'confirmed'");
        assert!(app.sql(&skipped).await.is_err(), "it begins by being asked");
        refused(
            &app,
            &asked("void", &[("entry_seq", "1"), ("reason", "''")], first),
            "check",
        )
        .await;
        refused(
            &app,
            &asked("void", &[("reason", "'no entry'")], first),
            "check",
        )
        .await;
        done(&app, &begun).await;
        for change in [
            "reason = 'another'",
            "entry_seq = 2",
            "content = '[]'",
            "requested_by = requested_by + 1",
            "state = 'applied', decided_by = requested_by + 1, decided_at = 1",
            "state = 'confirmed', decided_by = requested_by, decided_at = 1",
            "state = 'declined', decided_by = requested_by, decided_at = 1",
        ] {
            let update = format!("UPDATE sensitive_act SET {change}");
            assert!(app.sql(&update).await.is_err(), "{change}");
        }
        for gone in [
            "DELETE FROM sensitive_act",
            "TRUNCATE sensitive_act CASCADE",
            "INSERT OR REPLACE INTO sensitive_act SELECT * FROM sensitive_act",
        ] {
            assert!(app.sql(gone).await.is_err(), "{gone}");
        }
    }
);

on_both!(
    a_void_needs_its_own_request_by_its_own_two_people,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit(&app, &key, "2222222").await;
        let (first, second) = staff(&app).await;
        let columns = [("entry_seq", "1"), ("reason", "'counted twice'")];
        let begun = asked("void", &columns, first);
        done(&app, &begun).await;
        let withdrawn = format!(
            "UPDATE sensitive_act SET state = 'withdrawn', decided_by = {first}, decided_at = 2"
        );
        done(&app, &withdrawn).await;
        let back = format!(
            "UPDATE sensitive_act SET state = 'confirmed', decided_by = {second}, decided_at = 2"
        );
        refused(&app, &back, "never goes back").await;
        let void = format!(
            "INSERT INTO void_entry
             (wave_id, seq, voided_seq, day, reason, requested_by, confirmed_by)
             VALUES ({WAVE}, 2, 1, '2026-03-02', 'counted twice', {first}, {second})"
        );
        refused(&app, &void, "two people").await;
        done(&app, &begun).await;
        let other = format!(
            "UPDATE sensitive_act SET state = 'confirmed', decided_by = {second}, decided_at = 2
             WHERE state = 'asked'"
        );
        done(&app, &other).await;
        let swapped = void.replace(&format!("{first}, {second}"), &format!("{second}, {first}"));
        refused(&app, &swapped, "two people").await;
        done(&app, &void).await;
        assert_eq!(states(&app).await, ["withdrawn", "applied"]);
    }
);

on_both!(a_wave_begins_as_a_draft, async |app: TestApp| {
    app.load("co-production-attitudes").await;
    let columns = "survey_key, version_id, title, opens_at, closes_at, offset_minutes, access,
                   channels, frame_kind, frame_size, results";
    let open = format!(
        "INSERT INTO wave (name, state, opened_at, {columns})
         SELECT 'other', 'open', 1, {columns} FROM wave WHERE name = 'now'"
    );
    refused(&app, &open, "begins as a draft").await;
});
