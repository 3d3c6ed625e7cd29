//! A pile is counted again by somebody else, and a batch once, with all of its sheets.

use super::{CHECK, FOREIGN, Shell, batch, to_state};
use crate::support::on_both;

fn pile_count(number: i32, by: i64, reason: &str) -> String {
    format!(
        "INSERT INTO pile_count (batch_id, number, sheets, counted_by, reason, day)
         VALUES ({}, {number}, 2, {by}, {reason}, '2026-03-02')",
        batch(1)
    )
}

const WHY: &str = "'two stuck together'";
const SOMEBODY_ELSE: &str = "counted again by somebody else";
const NOT_NOW: &str = "the pile is not being counted";

on_both!(
    a_pile_is_counted_again_by_somebody_else_with_a_reason,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 3).await;
        let (ann, ben, cat) = (shell.ann, shell.ben, shell.cat);
        let begin = super::new_batch(1, 3);
        shell.lawful(&begin).await;
        shell.refused(&pile_count(1, cat, WHY), CHECK).await;
        shell
            .refused(&pile_count(2, cat, WHY), "one after the other")
            .await;
        let fewer = pile_count(1, cat, "NULL").replacen(", 2, ", ", -1, ", 1);
        shell.refused(&fewer, CHECK).await;
        shell
            .refused(&pile_count(1, 999_999, "NULL"), FOREIGN)
            .await;
        shell.lawful(&pile_count(1, cat, "NULL")).await;

        shell.refused(&pile_count(2, ann, WHY), NOT_NOW).await;
        shell.goes_through(1, &["counting"]).await;
        shell.refused(&pile_count(2, cat, WHY), SOMEBODY_ELSE).await;
        shell.refused(&pile_count(2, ann, "NULL"), CHECK).await;
        shell.refused(&pile_count(2, ann, "''"), CHECK).await;
        shell
            .refused(&pile_count(3, ann, WHY), "one after the other")
            .await;
        shell.lawful(&pile_count(2, ann, WHY)).await;
        shell.refused(&pile_count(3, ann, WHY), SOMEBODY_ELSE).await;

        // Ben found another number while keying, and does not settle it.
        shell.goes_through(1, &["first-keying"]).await;
        let found = format!(
            "UPDATE batch SET state = 'counting', expected = 2, found_in = 'first', found_by = {ben}
             WHERE number = 1"
        );
        shell.lawful(&found).await;
        shell.refused(&pile_count(3, ben, WHY), SOMEBODY_ELSE).await;
        shell.lawful(&pile_count(3, cat, WHY)).await;
    }
);

const ADD_UP: &str = "the sheets of the batch do not add up";
const TOO_MANY: &str = "more sheets would count than envelopes came";

on_both!(
    a_batch_is_counted_once_with_all_its_sheets_and_no_more_than_envelopes,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 2).await;
        // Two papers were in one of the two envelopes.
        shell.batch_of(1, 2, 3).await;
        let right = shell.batch_count(1, [2, 0, 1, 0]);
        shell.refused(&right, "not ready to be counted").await;
        shell.goes_through(1, &["second-keying", "resolving"]).await;
        shell.refused(&right, "not ready to be counted").await;
        shell.goes_through(1, &["reconciled"]).await;
        let without = to_state(1, "counted");
        shell
            .refused(&without, "counted with the count of its sheets")
            .await;

        shell
            .refused(&shell.batch_count(1, [3, 0, 0, 0]), TOO_MANY)
            .await;
        shell
            .refused(&shell.batch_count(1, [2, 0, 0, 1]), TOO_MANY)
            .await;
        shell
            .refused(&shell.batch_count(1, [2, 0, 0, 0]), ADD_UP)
            .await;
        shell
            .refused(&shell.batch_count(1, [2, 1, 1, 0]), ADD_UP)
            .await;
        shell
            .refused(&shell.batch_count(1, [2, 2, -1, 0]), CHECK)
            .await;
        let day = right.replace("'2026-03-02'", "'now'");
        shell.refused(&day, CHECK).await;
        shell.lawful(&right).await;
        assert!(shell.app.sql(&right).await.is_err(), "counted twice");
        shell.lawful(&without).await;
        assert!(shell.app.sql(&right).await.is_err(), "counted twice");
    }
);
