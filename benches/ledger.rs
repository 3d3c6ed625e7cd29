//! Reading the ledger: `cargo bench --bench ledger`.
//!
//! - From cold: a million responses of twenty items, from a new connection and an empty tally up to
//!   the head. (The file is in the system's cache: the bench has just written it.)
//! - Kept up: what one more response costs a process that has the tally in memory, with ten thousand
//!   responses before it and with a million. The two should be the same.
//!
//! With `COUNTMEIN_TEST_POSTGRES` naming a server (`postgres://user@host:port`) both are measured on
//! PostgreSQL too. The pure fold, without a database, is in `benches/fold.rs`.

mod common;

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use common::{Backend, COLUMNS, Place, Times};
use countmein::{
    app::App,
    domain::{channel::Channel, receipt::VisitToken, survey_file},
    service::{
        Services, load_survey,
        lookup::{self, Asked},
        open_wave, tallies,
    },
    store::{
        ledger::{Appended, Arrival, NewResponse},
        ledger_read,
    },
    tally::{disclosure::Policy, fold::Tally},
};
use sea_orm::{ConnectionTrait, DatabaseConnection};

const MANY: u64 = 1_000_000;
const FEW: u64 = 10_000;
const ITEMS: usize = 20;
const WAVE: &str = "bench/now";
const COLD_FOLDS: usize = 7;
const FURTHER: u64 = 300;

/// Live results move with every response, so that every look has one to catch up with.
const EVERY_RESPONSE: Policy = Policy { minimum: 1 };

#[tokio::main(worker_threads = 2)]
async fn main() {
    for backend in Backend::available() {
        println!("\nFolding responses of {ITEMS} items, {}", backend.name());
        println!("{:<44} {COLUMNS}", "");
        for responses in [FEW, MANY] {
            measure(backend, responses).await;
        }
    }
}

async fn measure(backend: Backend, responses: u64) {
    let place = Place::new(backend).await;
    let app = App::start(place.config.clone()).await.expect("an app");
    fill(&app.services, responses).await;
    app.finish().await;

    let mut times = Vec::new();
    for _ in 0..COLD_FOLDS {
        let app = App::start(place.config.clone()).await.expect("an app");
        times.push(cold(&app.services, responses).await);
        app.finish().await;
    }
    row(&format!("{responses} responses from cold"), times);

    let app = App::start(place.config.clone()).await.expect("an app");
    let times = kept_up(&app.services, responses).await;
    app.finish().await;
    row(&format!("one more response after {responses}"), times);
    place.remove().await;
}

fn row(name: &str, times: Vec<Duration>) {
    println!("{name:<44} {}", Times::of(times).columns());
}

async fn cold(services: &Services, responses: u64) -> Duration {
    let asked = asked(services).await;
    let begun = Instant::now();
    let head = ledger_read::head(&services.db, asked.wave.id).await;
    let mut tally = Tally::new(&asked.survey.survey);
    let folded = tallies::fold(
        &mut tally,
        &services.db,
        asked.wave.id,
        head.expect("a head"),
    );
    folded.await.expect("a fold");
    let elapsed = begun.elapsed();
    assert_eq!(tally.people(), responses);
    elapsed
}

async fn kept_up(services: &Services, responses: u64) -> Vec<Duration> {
    let asked = asked(services).await;
    let shown = || {
        services
            .tallies
            .shown(&services.db, &asked.wave, &asked.survey, EVERY_RESPONSE)
    };
    let mut people = shown().await.expect("a tally").people();
    assert!(people + 1 >= responses);
    let mut rng = services.randomness.generator();
    let mut times = Vec::new();
    for _ in 0..FURTHER {
        let token = VisitToken::random(&mut rng);
        let response = NewResponse {
            wave: asked.wave.id,
            channel: Channel::Online,
            admission: token.admission_key(),
            entitlement: None,
            receipt: token.receipt(),
            answers: "1234512345-123451234".to_owned(),
            arrival: Arrival::EnteredByStaff,
        };
        let appended = services.appender.append(response).await.expect("a place");
        assert_eq!(appended, Appended::Counted);
        let begun = Instant::now();
        let tally = shown().await.expect("a tally");
        times.push(begun.elapsed());
        assert_eq!(tally.people(), people + 1);
        people += 1;
    }
    times
}

async fn asked(services: &Services) -> Asked {
    let key = WAVE.parse().expect("a key");
    lookup::find_now(services, &key).await.expect("a wave")
}

/// An open wave whose ledger has so many responses on three channels, written by the database itself.
async fn fill(services: &Services, responses: u64) {
    let checked = survey_file::read(&survey()).expect("a survey");
    load_survey::load(services, &common::operator(), checked.plan)
        .await
        .expect("a survey");
    let key = WAVE.parse().expect("a key");
    open_wave::open(services, &common::operator(), &key)
        .await
        .expect("a wave");
    let id = asked(services).await.wave.id;
    let db: &DatabaseConnection = &services.db;
    let sqlite = db.get_database_backend() == sea_orm::DbBackend::Sqlite;
    let (numbers, chance, public_id) = if sqlite {
        let numbers = format!(
            "WITH RECURSIVE place(n) AS
             (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < {responses})"
        );
        (numbers, "abs(random() % 6)", "printf('%020d', n)")
    } else {
        let numbers = format!("WITH place(n) AS (SELECT generate_series(1, {responses}))");
        let chance = "floor(random() * 6)::int";
        (numbers, chance, "lpad(n::text, 20, '0')")
    };
    let answers = vec![format!("substr('12345-', 1 + {chance}, 1)"); ITEMS].join(" || ");
    let statement = format!(
        "INSERT INTO response (wave_id, seq, public_id, channel, day, answers)
         {numbers} SELECT {id}, n, {public_id},
         CASE n % 10 WHEN 0 THEN 'meeting' WHEN 1 THEN 'postal' ELSE 'online' END,
         '2026-03-02', {answers} FROM place"
    );
    for statement in [
        statement,
        format!("UPDATE ledger_head SET last_seq = {responses} WHERE wave_id = {id}"),
    ] {
        db.execute_unprepared(&statement).await.expect("a fixture");
    }
}

fn survey() -> String {
    let mut toml = r#"
key = "bench"
languages = ["en"]
title = "Twenty statements"
intro = "For the bench."
pages = "all-questions"

[scales.five]
points = [
    { key = "p1", text = "One" },
    { key = "p2", text = "Two" },
    { key = "p3", text = "Three" },
    { key = "p4", text = "Four" },
    { key = "p5", text = "Five" },
]

[[wave]]
name = "now"
title = "Now"
opens = 2026-01-01T00:00:00+00:00
closes = 2036-12-31T23:59:59.999+00:00
access = "open"
channels = ["online", "postal", "meeting"]
frame = "open"
results = "live"
"#
    .to_owned();
    for item in 1..=ITEMS {
        let _ = write!(
            toml,
            "\n[[item]]\nkey = \"s{item}\"\nkind = \"likert\"\nscale = \"five\"\n\
             text = \"Statement number {item}\"\n"
        );
    }
    toml
}
