//! Checking the record of acts: `cargo bench --bench audit`.
//!
//! A million events, read from the database, hashed, and followed from the first to the head. The goal
//! is less than five seconds. With `COUNTMEIN_TEST_POSTGRES` naming a server it is measured on
//! PostgreSQL too.

mod common;

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use common::{Backend, COLUMNS, Place, Times, operator};
use countmein::{
    app::App,
    domain::{
        audit::{Act, Link},
        moment::Moment,
    },
    service::{Services, audited::note_done, verify_audit},
};
use sea_orm::{ConnectionTrait, TransactionTrait};

const EVENTS: i64 = 1_000_000;
const CHECKS: usize = 5;
const ROWS_PER_INSERT: i64 = 5_000;

#[tokio::main(worker_threads = 2)]
async fn main() {
    println!("Checking the record of acts\n{:<44} {COLUMNS}", "");
    for backend in Backend::available() {
        let place = Place::new(backend).await;
        let app = App::start(place.config.clone()).await.expect("an app");
        fill(&app.services).await;
        // One that the service itself writes: the others are tied as it ties them.
        note_done(&app.services, &operator(), Act::LoggedIn)
            .await
            .expect("an event");
        let mut times = Vec::new();
        for _ in 0..CHECKS {
            times.push(check(&app.services).await);
        }
        let name = format!("{EVENTS} events, {}", backend.name());
        println!("{name:<44} {}", Times::of(times).columns());
        app.finish().await;
        place.remove().await;
    }
}

async fn check(services: &Services) -> Duration {
    let start = Instant::now();
    let checked = verify_audit::verify(services, None).await.expect("a check");
    let took = start.elapsed();
    let head = checked.outcome.expect("a sound log");
    assert_eq!((checked.events, head.seq), (1_000_001, EVENTS + 1));
    took
}

/// Rows as the service would have written them, one after the other; many in one statement.
async fn fill(services: &Services) {
    let mut previous = String::new();
    let mut seq = 0;
    let tx = services.db.begin().await.expect("a transaction");
    while seq < EVENTS {
        let mut sql = String::from("INSERT INTO audit_event VALUES ");
        for _ in 0..ROWS_PER_INSERT {
            seq += 1;
            let link = event(seq, previous);
            let hash = services.keys.audit.hash(&link);
            let _ = write!(
                sql,
                "({seq},{},7,'{}','{}','{}','{}','{}','{}','{}','{}','{hash}'),",
                link.at.millis(),
                link.who,
                link.role,
                link.origin,
                link.act,
                link.object,
                link.detail,
                link.result,
                link.previous
            );
            previous = hash;
        }
        sql.pop();
        tx.execute_unprepared(&sql).await.expect("rows");
    }
    tx.commit().await.expect("a commit");
    // The trigger lets the head go one step at a time; a bench has no time for that.
    let disarm = match services.db.get_database_backend() {
        sea_orm::DbBackend::Sqlite => "DROP TRIGGER audit_head_step",
        _ => "DROP TRIGGER audit_head_guard ON audit_head",
    };
    services.db.execute_unprepared(disarm).await.expect(disarm);
    let head = format!("UPDATE audit_head SET seq = {EVENTS}, hash = '{previous}'");
    services.db.execute_unprepared(&head).await.expect("a head");
}

fn event(seq: i64, previous: String) -> Link {
    Link {
        seq,
        at: Moment::from_millis(1_780_000_000_000 + seq * 977),
        user_id: Some(7),
        who: format!("person{}@example.org", seq % 40),
        role: "coordinator".to_owned(),
        origin: "web 192.0.2.77".to_owned(),
        act: "codes-made".to_owned(),
        object: "citizen-priorities-knapsack/now".to_owned(),
        detail: format!(
            "{{\"act\":\"codes-made\",\"wave\":\"citizen-priorities-knapsack/now\",\"codes\":{seq}}}"
        ),
        result: "done".to_owned(),
        previous,
    }
}
