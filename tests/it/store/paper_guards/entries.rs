//! A sheet is keyed in the pass that the batch is in, by different people, version by version.

use super::{CHECK, FOREIGN, Shell, batch};
use crate::support::on_both;

/// (pass, sheet, revision) of batch 1 by somebody, in round 1.
fn entry(place: (&str, i32, i32), by: i64) -> String {
    let (pass, sheet, revision) = place;
    format!(
        "INSERT INTO sheet_entry
             (batch_id, round, pass, sheet, revision, client_id, keyed_by, content, seconds, day)
         VALUES ({}, 1, '{pass}', {sheet}, {revision}, 'save {pass} {sheet} {revision} {by}', {by},
                 '1111111', 5, '2026-03-02')",
        batch(1)
    )
}

const OTHER_PASS: &str = "the batch is not in this pass";
const SAME_PERSON: &str = "one person keyed this sheet in another pass";
const CHANGED: &str = "the sheet has been changed meanwhile";

on_both!(
    a_sheet_is_keyed_by_different_people_in_the_pass_of_its_batch,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 2).await;
        shell.batch_of(1, 2, 2).await;
        let (ann, ben, cat, dan) = (shell.ann, shell.ben, shell.cat, shell.dan);

        let first = entry(("first", 1, 1), ann);
        shell
            .refused(&entry(("second", 1, 1), ann), OTHER_PASS)
            .await;
        shell
            .refused(&entry(("decision", 1, 1), ann), OTHER_PASS)
            .await;
        let other_round = first.replacen(", 1, 'first'", ", 2, 'first'", 1);
        shell.refused(&other_round, OTHER_PASS).await;
        shell.refused(&entry(("first", 1, 2), ann), CHANGED).await;
        shell.lawful(&first).await;
        shell.refused(&entry(("first", 1, 1), ben), CHANGED).await;
        shell.refused(&entry(("first", 1, 3), ben), CHANGED).await;
        shell.lawful(&entry(("first", 1, 2), ben)).await;
        shell.lawful(&entry(("first", 2, 1), ann)).await;

        shell.goes_through(1, &["second-keying"]).await;
        shell
            .refused(&entry(("first", 2, 2), ann), OTHER_PASS)
            .await;
        // Ann's version was corrected by Ben, and both have had a hand in it.
        for keyer in [ann, ben] {
            shell
                .refused(&entry(("second", 1, 1), keyer), SAME_PERSON)
                .await;
        }
        shell.lawful(&entry(("second", 1, 1), cat)).await;

        shell.goes_through(1, &["resolving"]).await;
        for keyer in [ann, ben, cat] {
            shell
                .refused(&entry(("decision", 1, 1), keyer), SAME_PERSON)
                .await;
        }
        shell
            .refused(&entry(("second", 2, 1), cat), OTHER_PASS)
            .await;
        shell.lawful(&entry(("decision", 1, 1), dan)).await;

        shell.goes_through(1, &["reconciled"]).await;
        shell
            .refused(&entry(("decision", 1, 2), dan), OTHER_PASS)
            .await;
        // In a new round everybody may do anything again.
        shell
            .lawful("UPDATE batch SET state = 'first-keying', round = 2 WHERE number = 1")
            .await;
        shell
            .refused(&entry(("first", 1, 3), dan), OTHER_PASS)
            .await;
        let anew = entry(("first", 1, 1), dan).replacen(", 1, 'first'", ", 2, 'first'", 1);
        shell.lawful(&anew).await;
    }
);

on_both!(
    a_save_has_one_number_and_sound_columns,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 2).await;
        shell.batch_of(1, 2, 2).await;
        let first = entry(("first", 1, 1), shell.ann);
        for (right, wrong) in [
            ("'1111111'", "''"),
            ("5, '2026", "-1, '2026"),
            ("'2026-03-02'", "'2026-03-02T10:00'"),
            (", 1, 1, 'save", ", 0, 1, 'save"),
        ] {
            let broken = first.replacen(right, wrong, 1);
            assert_ne!(broken, first);
            shell.refused(&broken, CHECK).await;
        }
        let nobody = entry(("first", 1, 1), 999_999);
        shell.refused(&nobody, FOREIGN).await;
        shell.lawful(&first).await;
        let twice =
            entry(("first", 2, 1), shell.ann).replacen("save first 2 1", "save first 1 1", 1);
        let again = shell.app.sql(&twice).await;
        assert!(
            again
                .unwrap_err()
                .to_string()
                .to_lowercase()
                .contains(super::UNIQUE)
        );
        shell.lawful(&entry(("first", 2, 1), shell.ann)).await;
        // The pass of a decision is the only other one in this state.
        shell.goes_through(1, &["second-keying", "resolving"]).await;
        shell
            .refused(&entry(("third", 1, 1), shell.dan), CHECK)
            .await;
        shell.lawful(&entry(("decision", 1, 1), shell.dan)).await;
    }
);
