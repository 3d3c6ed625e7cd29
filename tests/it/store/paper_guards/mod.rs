//! What the database refuses around paper, whoever asks for it in SQL. Beside each refusal stands a
//! lawful statement that differs from it in that one thing.

use crate::support::{
    TestApp,
    paper::{coordinator, keyer, open_attitudes},
};

mod batches;
mod counts;
mod entries;
mod rows;

/// Somebody with a database shell, in an open wave with a mail bag and accepted envelopes.
struct Shell {
    app: TestApp,
    ann: i64,
    ben: i64,
    cat: i64,
    dan: i64,
}

const WAVE: &str = "(SELECT id FROM wave WHERE name = 'now')";

/// The text of a constraint that was broken, in either database, is of one of these.
const CHECK: &str = "check constraint";
const FOREIGN: &str = "foreign key constraint";
const UNIQUE: &str = "unique";

fn batch(number: u32) -> String {
    format!("(SELECT id FROM batch WHERE number = {number})")
}

fn new_batch(number: u32, envelopes: u32) -> String {
    format!(
        "INSERT INTO batch (wave_id, number, envelopes, state, round)
         VALUES ({WAVE}, {number}, {envelopes}, 'first-keying', 1)"
    )
}

/// The state, with what belongs to it.
fn to_state(number: u32, state: &str) -> String {
    let expected = if state == "counting" { "9" } else { "NULL" };
    format!("UPDATE batch SET state = '{state}', expected = {expected} WHERE number = {number}")
}

impl Shell {
    async fn with_envelopes(app: TestApp, accepted: u32) -> Self {
        open_attitudes(&app).await;
        let mut people = Vec::new();
        for name in ["ann@x.org", "ben@x.org", "dan@x.org"] {
            people.push(keyer(&app, name).await.user.unwrap().0);
        }
        let cat = coordinator(&app, "cat@x.org").await.user.unwrap().0;
        let shell = Self {
            app,
            ann: people[0],
            ben: people[1],
            cat,
            dan: people[2],
        };
        shell
            .lawful(&format!(
                "INSERT INTO mail_bag (wave_id, day, arrival, opened_by)
                 VALUES ({WAVE}, '2026-03-02', 'in-time', {cat})"
            ))
            .await;
        if accepted > 0 {
            shell
                .lawful(&format!(
                    "WITH RECURSIVE n(i) AS
                         (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {accepted})
                     INSERT INTO envelope (wave_id, scan_id, bag_id, outcome)
                     SELECT {WAVE}, 'scan ' || i, (SELECT id FROM mail_bag), 'accepted' FROM n"
                ))
                .await;
        }
        shell
    }

    async fn lawful(&self, sql: &str) {
        let done = self.app.sql(sql).await;
        assert!(done.as_ref().is_ok_and(|rows| *rows > 0), "{sql}: {done:?}");
    }

    /// Refused in these words, upper or lower case.
    async fn refused(&self, sql: &str, words: &str) {
        match self.app.sql(sql).await {
            Ok(rows) => panic!("{rows} rows: {sql}"),
            Err(error) => {
                let error = error.to_string().to_lowercase();
                assert!(error.contains(words), "{sql}: {error}");
            }
        }
    }

    /// A batch whose pile has so many sheets by Cat's count.
    async fn batch_of(&self, number: u32, envelopes: u32, sheets: u32) {
        self.lawful(&new_batch(number, envelopes)).await;
        self.lawful(&format!(
            "INSERT INTO pile_count (batch_id, number, sheets, counted_by, day)
             VALUES ({}, 1, {sheets}, {}, '2026-03-02')",
            batch(number),
            self.cat
        ))
        .await;
    }

    async fn goes_through(&self, number: u32, states: &[&str]) {
        for state in states {
            self.lawful(&to_state(number, state)).await;
        }
    }

    /// `sheets` are responses, blank ones, spoilt ones and ones without a valid mark.
    fn batch_count(&self, number: u32, sheets: [i32; 4]) -> String {
        let [responses, blank, spoilt, invalid] = sheets;
        format!(
            "INSERT INTO batch_count (batch_id, responses, blank, spoilt, unreadable, no_valid_mark,
                 overvoted, uncertain, counted_by, day)
             VALUES ({}, {responses}, {blank}, {spoilt}, 0, {invalid}, 0, 0, {}, '2026-03-02')",
            batch(number),
            self.cat
        )
    }
}
