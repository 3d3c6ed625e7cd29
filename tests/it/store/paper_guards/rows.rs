//! What is written of paper stands, and a wave waits for its paper.

use super::{CHECK, FOREIGN, Shell, WAVE, batch, new_batch};
use crate::support::on_both;

on_both!(what_was_written_of_paper_stands, async |app: TestApp| {
    let shell = Shell::with_envelopes(app, 1).await;
    shell.batch_of(1, 1, 1).await;
    shell
        .lawful(&format!(
            "INSERT INTO sheet_entry (batch_id, round, pass, sheet, revision, client_id,
                     keyed_by, content, seconds, day)
                 VALUES ({}, 1, 'first', 1, 1, 'save', {}, '1111111', 5, '2026-03-02')",
            batch(1),
            shell.ann
        ))
        .await;
    shell
        .goes_through(1, &["second-keying", "reconciled"])
        .await;
    shell.lawful(&shell.batch_count(1, [1, 0, 0, 0])).await;
    // The batch is one that may be keyed again, so that only the row itself is in the way.
    shell.goes_through(1, &["first-keying"]).await;
    for (table, change) in [
        ("envelope", "outcome = 'late'"),
        ("pile_count", "sheets = 2"),
        ("sheet_entry", "content = '2222222'"),
        ("batch_count", "responses = 0, blank = 1"),
    ] {
        let append_only = format!("{table} is append-only");
        let update = format!("UPDATE {table} SET {change}");
        shell.refused(&update, &append_only).await;
        let delete = format!("DELETE FROM {table}");
        shell.refused(&delete, &append_only).await;
        for other in [
            format!("TRUNCATE {table} CASCADE"),
            format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
        ] {
            assert!(shell.app.sql(&other).await.is_err(), "{other}");
        }
    }
    let same_save = "INSERT OR REPLACE INTO sheet_entry
                         SELECT batch_id, round, pass, 2, revision, client_id, keyed_by, '2222222',
                                seconds, day FROM sheet_entry";
    assert!(shell.app.sql(same_save).await.is_err());
});

fn envelope(wave: &str, scan: &str, outcome: &str) -> String {
    format!(
        "INSERT INTO envelope (wave_id, scan_id, bag_id, outcome)
         VALUES ({wave}, '{scan}', (SELECT id FROM mail_bag), '{outcome}')"
    )
}

on_both!(
    an_envelope_is_noted_once_in_an_open_wave,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 0).await;
        let draft = "(SELECT id FROM wave WHERE name = 'april')";
        let not_open = envelope(draft, "a", "accepted");
        shell.refused(&not_open, "the wave is not open").await;
        let lost = envelope(WAVE, "a", "lost");
        shell.refused(&lost, CHECK).await;
        let no_bag = envelope(WAVE, "a", "accepted").replace("(SELECT id FROM mail_bag)", "99");
        shell.refused(&no_bag, FOREIGN).await;
        shell.lawful(&envelope(WAVE, "a", "accepted")).await;
        let again = shell.app.sql(&envelope(WAVE, "a", "accepted")).await;
        assert!(
            again
                .unwrap_err()
                .to_string()
                .to_lowercase()
                .contains(super::UNIQUE)
        );
        let bag = |day: &str, arrival: &str| {
            format!(
                "INSERT INTO mail_bag (wave_id, day, arrival, opened_by)
                 VALUES ({WAVE}, '{day}', '{arrival}', {})",
                shell.cat
            )
        };
        shell.refused(&bag("2026-03-02T08:15", "late"), CHECK).await;
        shell.refused(&bag("2026-03-02", "early"), CHECK).await;
        shell.lawful(&bag("2026-03-02", "late")).await;
    }
);

on_both!(
    how_paper_is_checked_is_settled_before_the_first_batch,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 1).await;
        let plan = |percent: i32, accepted: i32| {
            format!(
                "INSERT INTO keying_plan (wave_id, percent, accepted)
                 VALUES ({WAVE}, {percent}, {accepted})"
            )
        };
        for (percent, accepted) in [(0, 1), (101, 1), (10, -1)] {
            shell.refused(&plan(percent, accepted), CHECK).await;
        }
        let update = "UPDATE keying_plan SET accepted = 2";
        shell.lawful(&plan(10, 1)).await;
        shell.lawful(update).await;
        shell.lawful("DELETE FROM keying_plan").await;
        shell.lawful(&plan(10, 1)).await;
        shell.lawful(&new_batch(1, 1)).await;
        let settled = "settled before the first batch";
        shell.refused(update, settled).await;
        shell.refused("DELETE FROM keying_plan", settled).await;
        let replace = plan(20, 9).replacen("INSERT", "INSERT OR REPLACE", 1);
        assert!(shell.app.sql(&replace).await.is_err());
    }
);

on_both!(
    a_plan_does_not_come_after_the_first_batch,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 1).await;
        shell.lawful(&new_batch(1, 1)).await;
        let plan = format!("INSERT INTO keying_plan VALUES ({WAVE}, 10, 1)");
        shell.refused(&plan, "settled before the first batch").await;
    }
);

on_both!(
    a_wave_is_not_closed_over_paper_that_waits,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 2).await;
        let close = "UPDATE wave SET state = 'closed', closed_at = 2 WHERE name = 'now'";
        let waits = "paper of this wave is not counted yet";
        shell.refused(close, waits).await;
        shell.batch_of(1, 1, 1).await;
        shell.refused(close, waits).await;
        let count = [1, 0, 0, 0];
        shell
            .goes_through(1, &["second-keying", "reconciled"])
            .await;
        shell.lawful(&shell.batch_count(1, count)).await;
        shell.goes_through(1, &["counted"]).await;
        // The second envelope is in no batch.
        shell.refused(close, waits).await;
        shell.batch_of(2, 1, 1).await;
        shell
            .goes_through(2, &["second-keying", "reconciled"])
            .await;
        shell.refused(close, waits).await;
        shell.lawful(&shell.batch_count(2, count)).await;
        shell.goes_through(2, &["counted"]).await;
        shell.lawful(close).await;
        shell
            .refused(&new_batch(3, 1), "the wave is not open")
            .await;
    }
);
