//! The check of the record of acts names the first event that somebody with a database shell altered,
//! removed, moved or put in; and with the triggers in place nobody gets that far.

use std::{collections::HashSet, sync::Arc};

use countmein::{
    app::App,
    clock::Randomness,
    domain::{
        audit::{Act, Actor, Link},
        role::Role,
    },
    service::{
        audited::{note_done, note_refused},
        verify_audit::{self, Break, Checked},
    },
    store::audit::{self, Head, Recorded},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sea_orm::DbBackend;
use sha2::{Digest, Sha256};

use crate::support::{Backend, TestApp, on_both, operator};

/// A log of `events` acts of different kinds, done and refused.
async fn write_log(app: &TestApp, events: usize) {
    let email = |number: usize| format!("person{}@example.org", number % 3);
    for number in 0..events {
        let user = countmein::domain::id::UserId(i64::try_from(number % 3).unwrap());
        let actor = Actor::staff(user, &email(number), Role::Coordinator, "192.0.2.7");
        match number % 4 {
            0 => note_done(&app.services, &actor, Act::LoggedIn).await,
            1 => note_done(&app.services, &operator(), Act::AuditExported { events: 7 }).await,
            2 => {
                let act = Act::LoginRefused { user: Some(user) };
                note_refused(&app.services, &actor, act).await
            }
            _ => {
                let wave = "co-production-attitudes/now".parse().unwrap();
                note_done(&app.services, &actor, Act::WaveOpened { wave }).await
            }
        }
        .unwrap();
        app.advance(std::time::Duration::from_millis(1_234));
    }
}

async fn disarm(app: &TestApp) {
    let sql = if is_sqlite(app) {
        "DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete;
         DROP TRIGGER audit_event_no_replace; DROP TRIGGER audit_head_step;
         DROP TRIGGER audit_head_kept; DROP TRIGGER audit_head_no_replace;"
    } else {
        "DROP TRIGGER audit_event_append_only ON audit_event;
         DROP TRIGGER audit_event_no_truncate ON audit_event;
         DROP TRIGGER audit_head_guard ON audit_head;
         DROP TRIGGER audit_head_no_truncate ON audit_head;"
    };
    app.sql(sql).await.unwrap();
}

fn is_sqlite(app: &TestApp) -> bool {
    app.services.db.get_database_backend() == DbBackend::Sqlite
}

async fn check(app: &TestApp, noted: Option<Head>) -> Checked {
    verify_audit::verify(&app.services, noted).await.unwrap()
}

async fn fault(app: &TestApp) -> Break {
    check(app, None).await.outcome.expect_err("a broken log")
}

/// The log as it was, to put it back after each mutation.
async fn keep(app: &TestApp) {
    app.sql("CREATE TABLE kept_event AS SELECT * FROM audit_event")
        .await
        .unwrap();
    app.sql("CREATE TABLE kept_head AS SELECT * FROM audit_head")
        .await
        .unwrap();
}

async fn restore(app: &TestApp) {
    for sql in [
        "DELETE FROM audit_event",
        "INSERT INTO audit_event SELECT * FROM kept_event",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head SELECT * FROM kept_head",
    ] {
        app.sql(sql).await.unwrap();
    }
}

async fn all(app: &TestApp) -> Vec<Recorded> {
    audit::events_after(&app.services.db, 0, 100_000)
        .await
        .unwrap()
}

/// What whoever has no key would write: a hash of the same fields.
fn unkeyed(link: &Link) -> String {
    let digest = Sha256::digest(format!("{link:?}"));
    countmein::domain::hex::hex(&digest)
}

const COLUMNS: [(&str, &str); 11] = [
    ("at", "at + 1"),
    ("user_id", "COALESCE(user_id, 0) + 1"),
    ("who", "'somebody@example.org'"),
    ("role", "role || 'x'"),
    ("origin", "'web 203.0.113.9'"),
    ("act", "act || 'x'"),
    ("object", "object || 'x'"),
    ("detail", "'{}'"),
    ("result", "result || 'x'"),
    ("previous", "substr(hash, 1, 63) || 'x'"),
    ("hash", "substr(hash, 2, 63) || 'x'"),
];

/// A further mutation, and what the check has to say of it.
async fn mutate(app: &TestApp, kind: usize, seq: i64, last: i64) -> Break {
    match kind {
        0..11 => {
            let (column, value) = COLUMNS[kind];
            let set = format!("{column} = {value}");
            run(
                app,
                &format!("UPDATE audit_event SET {set} WHERE seq = {seq}"),
            )
            .await;
            Break::Altered { seq }
        }
        11..16 => move_rows(app, kind, seq, last).await,
        16..19 => forge_rows(app, kind, seq, last).await,
        _ => move_head(app, kind, seq, last).await,
    }
}

async fn run(app: &TestApp, sql: &str) {
    app.sql(sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Rows taken out, or put in the place of others.
async fn move_rows(app: &TestApp, kind: usize, seq: i64, last: i64) -> Break {
    let other = if seq == last { seq - 1 } else { last };
    let (first, second) = (seq.min(other), seq.max(other));
    let cut = Break::CutOff {
        last: last - 1,
        head: last,
    };
    match kind {
        11 => {
            run(app, &format!("DELETE FROM audit_event WHERE seq = {seq}")).await;
            if seq == last {
                cut
            } else {
                Break::Missing { seq }
            }
        }
        12 => {
            for (from, to) in [(first, 1_000_000), (second, first), (1_000_000, second)] {
                renumber(app, from, to).await;
            }
            Break::OutOfOrder {
                seq: first,
                written: second,
            }
        }
        13 => {
            swap_contents(app, first, second).await;
            Break::Altered { seq: first }
        }
        14 => {
            run(app, &format!("DELETE FROM audit_event WHERE seq = {seq}")).await;
            for later in seq + 1..=last {
                renumber(app, later, later - 1).await;
            }
            let written = seq + 1;
            if seq == last {
                cut
            } else {
                Break::OutOfOrder { seq, written }
            }
        }
        _ => {
            run(app, &format!("DELETE FROM audit_event WHERE seq >= {seq}")).await;
            Break::CutOff {
                last: seq - 1,
                head: last,
            }
        }
    }
}

/// Rows that the service never wrote.
async fn forge_rows(app: &TestApp, kind: usize, seq: i64, last: i64) -> Break {
    match kind {
        16 => {
            for later in (seq..=last).rev() {
                renumber(app, later, later + 1).await;
            }
            forge(app, seq).await;
            Break::Altered { seq }
        }
        17 => {
            // Behind the end, with the head moved along.
            forge(app, last + 1).await;
            run(app, &format!("UPDATE audit_head SET seq = {last} + 1")).await;
            Break::Altered { seq: last + 1 }
        }
        _ => {
            // Altered, with a hash of one's own, and the next event tied to that.
            let event = &all(app).await[usize::try_from(seq - 1).unwrap()];
            let mut link = event.link.clone();
            "nobody".clone_into(&mut link.who);
            let hash = unkeyed(&link);
            let set = format!("who = 'nobody', hash = '{hash}'");
            run(
                app,
                &format!("UPDATE audit_event SET {set} WHERE seq = {seq}"),
            )
            .await;
            let tie = format!("previous = '{hash}'");
            run(
                app,
                &format!("UPDATE audit_event SET {tie} WHERE seq = {seq} + 1"),
            )
            .await;
            Break::Altered { seq }
        }
    }
}

async fn move_head(app: &TestApp, kind: usize, seq: i64, last: i64) -> Break {
    match kind {
        19 => {
            run(
                app,
                "UPDATE audit_head SET hash = 'x' || substr(hash, 2, 63)",
            )
            .await;
            Break::HeadAltered { seq: last }
        }
        20 => {
            run(app, &format!("UPDATE audit_head SET seq = {seq} - 1")).await;
            Break::HeadBehind {
                last,
                head: seq - 1,
            }
        }
        _ => {
            run(app, "DELETE FROM audit_head").await;
            Break::NoHead
        }
    }
}

async fn renumber(app: &TestApp, from: i64, to: i64) {
    run(
        app,
        &format!("UPDATE audit_event SET seq = {to} WHERE seq = {from}"),
    )
    .await;
}

const KINDS: usize = 22;

/// Who did what, without the hashes.
async fn swap_contents(app: &TestApp, first: i64, second: i64) {
    for (to, from) in [(first, second), (second, first)] {
        let columns = [
            "at", "user_id", "who", "role", "origin", "act", "object", "detail", "result",
        ];
        let set: Vec<String> = columns
            .iter()
            .map(|c| format!("{c} = (SELECT {c} FROM kept_event WHERE seq = {from})"))
            .collect();
        app.sql(&format!(
            "UPDATE audit_event SET {} WHERE seq = {to}",
            set.join(", ")
        ))
        .await
        .unwrap();
    }
}

async fn forge(app: &TestApp, seq: i64) {
    app.sql(&format!(
        "INSERT INTO audit_event (seq, at, user_id, who, role, origin, act, object, detail, result, previous, hash)
         VALUES ({seq}, 1, 1, 'boss@example.org', 'administrator', 'web', 'wave-opened', 'a/b', '{{}}', 'done', '{}', '{}')",
        "a".repeat(64),
        "b".repeat(64)
    ))
    .await
    .unwrap();
}

async fn mutations(app: &TestApp, rounds: usize) {
    write_log(app, 40).await;
    let last = 40;
    let sound = check(app, None).await;
    assert_eq!(sound.events, 40);
    assert_eq!(sound.outcome.unwrap().seq, last);
    disarm(app).await;
    keep(app).await;
    let mut rng = StdRng::seed_from_u64(7);
    let mut seen = HashSet::new();
    for round in 0..rounds {
        let kind = round % KINDS;
        let seq = match round / KINDS {
            0 => 1,
            1 => last,
            _ => rng.random_range(1..=last),
        };
        let expected = mutate(app, kind, seq, last).await;
        let found = fault(app).await;
        assert_eq!(found, expected, "kind {kind} at {seq}");
        seen.insert(kind);
        restore(app).await;
    }
    assert_eq!(seen.len(), KINDS);
    assert!(check(app, None).await.outcome.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mutation_is_named_at_its_place_on_sqlite() {
    let app = TestApp::start_idle(Backend::Sqlite, |_| {}).await;
    mutations(&app, 12 * KINDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: run tests/run"]
async fn every_mutation_is_named_at_its_place_on_postgres() {
    let app = TestApp::start_idle(Backend::Postgres, |_| {}).await;
    mutations(&app, 3 * KINDS).await;
}

on_both!(
    a_tail_cut_off_with_its_head_put_back_shows_against_a_noted_head,
    async |app: TestApp| {
        write_log(&app, 20).await;
        let noted = check(&app, None).await.outcome.unwrap();
        assert_eq!(noted.to_string().parse::<Head>().unwrap(), noted);
        disarm(&app).await;
        let at = &all(&app).await[16];
        assert_eq!(at.link.seq, 17);
        app.sql("DELETE FROM audit_event WHERE seq > 17")
            .await
            .unwrap();
        app.sql(&format!(
            "UPDATE audit_head SET seq = 17, hash = '{}'",
            at.hash
        ))
        .await
        .unwrap();
        // By itself the log is whole; that is what a noted head is for.
        assert!(check(&app, None).await.outcome.is_ok());
        let cut = check(&app, Some(noted.clone())).await.outcome.unwrap_err();
        assert_eq!(
            cut,
            Break::CutBeforeNoted {
                last: 17,
                noted: 20
            }
        );
        assert_eq!(
            cut.to_string(),
            "events after 17 were taken off the end: the head that was noted is 20"
        );
        // Other acts grow over the gap.
        write_log(&app, 6).await;
        assert!(check(&app, None).await.outcome.is_ok());
        let replaced = check(&app, Some(noted)).await.outcome.unwrap_err();
        assert_eq!(replaced, Break::Replaced { noted: 20 });
        let earlier = Head {
            seq: 17,
            hash: at.hash.clone(),
        };
        assert!(check(&app, Some(earlier)).await.outcome.is_ok());
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_named_too() {
    let app = TestApp::start_idle(Backend::Sqlite, |_| {}).await;
    write_log(&app, 12).await;
    disarm(&app).await;
    // SQLite holds any text in a column for numbers.
    app.sql("UPDATE audit_event SET at = 'noon' WHERE seq = 9")
        .await
        .unwrap();
    assert_eq!(fault(&app).await, Break::Unreadable { seq: 9 });
    app.sql("UPDATE audit_event SET who = 'x' WHERE seq = 4")
        .await
        .unwrap();
    assert_eq!(fault(&app).await, Break::Altered { seq: 4 });
}

on_both!(
    with_the_triggers_in_place_nothing_can_be_changed,
    async |app: TestApp| {
        write_log(&app, 5).await;
        for statement in [
            "UPDATE audit_event SET who = 'x'",
            "UPDATE audit_event SET seq = seq + 10",
            "DELETE FROM audit_event WHERE seq = 5",
            "TRUNCATE audit_event",
            "TRUNCATE audit_head",
            "DELETE FROM audit_head",
            "UPDATE audit_head SET seq = 3",
            "UPDATE audit_head SET hash = 'x'",
            "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')",
            "INSERT OR REPLACE INTO audit_head (id, seq, hash) VALUES (1, 0, '')",
            "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 2",
            "UPDATE OR REPLACE audit_event SET seq = 1 WHERE seq = 2",
        ] {
            assert!(app.sql(statement).await.is_err(), "{statement}");
        }
        let checked = check(&app, None).await;
        assert_eq!((checked.events, checked.outcome.unwrap().seq), (5, 5));
    }
);

on_both!(
    two_processes_that_write_at_once_leave_one_chain,
    async |app: TestApp| {
        const EACH: usize = 40;
        let mut config = app.config.clone();
        config.database_url = app.config.database_url();
        let randomness = Arc::new(Randomness::from_system());
        let second = App::start_with(config, app.clock.clone(), randomness)
            .await
            .unwrap();
        let mut writers = Vec::new();
        for writer in 0..4 {
            let services = if writer % 2 == 0 {
                &app.services
            } else {
                &second.services
            };
            let services = Arc::clone(services);
            writers.push(tokio::spawn(async move {
                for _ in 0..EACH {
                    note_done(&services, &operator(), Act::LoggedIn)
                        .await
                        .unwrap();
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let checked = check(&app, None).await;
        assert_eq!((checked.events, checked.outcome.unwrap().seq), (160, 160));
        second.finish().await;
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_is_read_in_pieces() {
    let app = TestApp::start_idle(Backend::Sqlite, |_| {}).await;
    write_log(&app, 1_999).await;
    // What a reader of the log might write otherwise than it stands there.
    let act = Act::SurveyLoaded {
        survey: "ż \"quoted\" \\ \n \u{1} \u{1f600} =1+1".to_owned(),
        wording: String::new(),
    };
    note_done(&app.services, &operator(), act).await.unwrap();
    let checked = check(&app, None).await;
    assert_eq!(
        (checked.events, checked.outcome.unwrap().seq),
        (2_000, 2_000)
    );
    disarm(&app).await;
    app.sql("UPDATE audit_event SET detail = '{}' WHERE seq = 1990")
        .await
        .unwrap();
    assert_eq!(fault(&app).await, Break::Altered { seq: 1_990 });
}
