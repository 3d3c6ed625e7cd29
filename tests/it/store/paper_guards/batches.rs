//! A batch is of accepted envelopes, goes by its arrows, and never changes what it is made of.

use countmein::domain::keying::{ARROWS, StateName};

use super::{CHECK, Shell, WAVE, new_batch, to_state};
use crate::support::on_both;

on_both!(
    a_batch_has_no_more_envelopes_than_were_accepted,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 3).await;
        let refused = "INSERT INTO envelope (wave_id, scan_id, bag_id, outcome)
                       SELECT wave_id, 'late one', bag_id, 'late' FROM envelope
                       WHERE scan_id = 'scan 1'";
        shell.lawful(refused).await;
        let too_many = "more envelopes than were accepted";
        shell.refused(&new_batch(1, 4), too_many).await;
        shell.lawful(&new_batch(1, 2)).await;
        shell.refused(&new_batch(2, 2), too_many).await;
        shell.refused(&new_batch(1, 1), "a batch is kept").await;
        shell.lawful(&new_batch(2, 1)).await;
    }
);

on_both!(
    a_batch_begins_with_its_count_and_keeps_what_it_is_made_of,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 9).await;
        let begins = "begins with the count";
        let state = new_batch(1, 1).replace("first-keying", "second-keying");
        shell.refused(&state, begins).await;
        let round = new_batch(1, 1).replace("'first-keying', 1", "'first-keying', 2");
        shell.refused(&round, begins).await;
        shell.lawful(&new_batch(1, 1)).await;
        shell.lawful(&new_batch(2, 1)).await;
        for change in [
            "id = id + 100",
            "wave_id = wave_id + 1",
            "number = 7",
            "envelopes = 2",
            "seed = 'mine'",
            "round = round - 1",
            "round = round + 2",
        ] {
            let update = format!("UPDATE batch SET {change} WHERE number = 1");
            shell.refused(&update, "never changes").await;
        }
        shell
            .lawful("UPDATE batch SET round = round + 1 WHERE number = 1")
            .await;
        shell.refused("DELETE FROM batch", "a batch is kept").await;
        for replace in [
            "INSERT OR REPLACE INTO batch (id, wave_id, number, envelopes, state, round)
             SELECT id, wave_id, number, envelopes, 'first-keying', 1 FROM batch WHERE number = 1",
            "INSERT OR REPLACE INTO batch (wave_id, number, envelopes, state, round)
             SELECT wave_id, number, envelopes, 'first-keying', 1 FROM batch WHERE number = 1",
            "UPDATE OR REPLACE batch SET number = 1 WHERE number = 2",
        ] {
            assert!(shell.app.sql(replace).await.is_err(), "{replace}");
        }
    }
);

on_both!(
    a_batch_goes_by_the_arrows_of_the_state_machine_and_no_other,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 36).await;
        let mut number = 0;
        for from in StateName::ALL {
            for to in StateName::ALL {
                number += 1;
                stand_in(&shell, number, from).await;
                let is_arrow = |(a, _, b): &(StateName, _, StateName)| (*a, *b) == (from, to);
                // Whatever does not move a batch is no step; but what is counted stays as it is.
                let stays = from == to && from != StateName::Counted;
                let sql = to_state(number, to.as_str());
                if stays || ARROWS.iter().any(is_arrow) {
                    shell.lawful(&sql).await;
                } else {
                    shell.refused(&sql, "goes only by its arrows").await;
                }
            }
        }
    }
);

/// A batch in this state, which has its count already, so that nothing but the arrow is in the way.
async fn stand_in(shell: &Shell, number: u32, state: StateName) {
    shell.batch_of(number, 1, 1).await;
    shell
        .goes_through(number, &["second-keying", "reconciled"])
        .await;
    shell.lawful(&shell.batch_count(number, [1, 0, 0, 0])).await;
    let way: &[&str] = match state {
        StateName::Counting => &["first-keying", "counting"],
        StateName::FirstKeying => &["first-keying"],
        StateName::SecondKeying => &["first-keying", "second-keying"],
        StateName::Resolving => &["first-keying", "second-keying", "resolving"],
        StateName::Reconciled => &[],
        StateName::Counted => &["counted"],
    };
    shell.goes_through(number, way).await;
}

/// Columns, values that do not fit together, and values that do.
fn wrong_and_right(cat: i64) -> [(&'static str, String, String); 10] {
    let first = "'first-keying'";
    [
        (
            "state, expected",
            format!("{first}, 3"),
            "'counting', 3".to_owned(),
        ),
        (
            "state, expected",
            "'counting', NULL".to_owned(),
            format!("{first}, NULL"),
        ),
        (
            "state, expected, found_in, found_by",
            format!("{first}, NULL, 'first', {cat}"),
            format!("'counting', 3, 'first', {cat}"),
        ),
        (
            "state, expected, found_in, found_by",
            "'counting', 3, 'second', NULL".to_owned(),
            format!("'counting', 3, 'second', {cat}"),
        ),
        (
            "state, expected, found_in, found_by",
            format!("'counting', 3, 'decision', {cat}"),
            "'counting', 3, NULL, NULL".to_owned(),
        ),
        (
            "state, seed, verdict, verdict_errors",
            format!("{first}, 's', 'accepted', NULL"),
            format!("{first}, 's', 'accepted', 0"),
        ),
        (
            "state, seed, verdict, verdict_errors",
            format!("{first}, NULL, 'rejected', 3"),
            format!("{first}, 's', 'rejected', 3"),
        ),
        (
            "state, seed, verdict, verdict_errors",
            format!("{first}, 's', 'doubtful', 3"),
            format!("{first}, 's', NULL, NULL"),
        ),
        (
            "state, claimed_by, claimed_until",
            format!("{first}, {cat}, NULL"),
            format!("{first}, {cat}, 1"),
        ),
        (
            "state, expected, claimed_by, claimed_until",
            format!("'counting', 3, {cat}, 1"),
            "'counting', 3, NULL, NULL".to_owned(),
        ),
    ]
}

on_both!(
    the_columns_of_a_batch_fit_its_state,
    async |app: TestApp| {
        let shell = Shell::with_envelopes(app, 220).await;
        let (cat, of) = (shell.cat, |columns: &str, values: &str| {
            format!(
                "INSERT INTO batch (wave_id, number, envelopes, round, {columns})
                 VALUES ({WAVE}, NUMBER, 1, 1, {values})"
            )
        });
        let pairs = wrong_and_right(cat);
        for (number, (columns, wrong, right)) in (1..).zip(pairs) {
            let numbered =
                |values: &str| of(columns, values).replace("NUMBER", &number.to_string());
            shell.refused(&numbered(&wrong), CHECK).await;
            shell.lawful(&numbered(&right)).await;
        }
        for (number, envelopes) in [(0, 1), (50, 0), (50, 201)] {
            shell.refused(&new_batch(number, envelopes), CHECK).await;
        }
        shell.lawful(&new_batch(50, 200)).await;
        let reconciled = "UPDATE batch SET state = 'second-keying' WHERE number = 50";
        shell.lawful(reconciled).await;
        let claimed = format!(
            "UPDATE batch SET state = 'reconciled', claimed_by = {cat}, claimed_until = 1
             WHERE number = 50"
        );
        shell.refused(&claimed, CHECK).await;
        shell.lawful(&to_state(50, "reconciled")).await;
    }
);
