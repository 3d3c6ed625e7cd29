//! Accepting responses over HTTP: `cargo bench --bench accept`.
//!
//! A server of its own (durable: `synchronous=FULL` on SQLite) takes the answers of thousands of
//! participants over 64 kept-alive connections. Every request is a real `POST …/submit` with a
//! sealed draft that the same server made, and an answer counts only if it is the redirect with the
//! cookie of a counted visit. Afterwards the ledger has to hold exactly the accepted responses.
//!
//! The same is measured with batches of one response, everything else being equal: one durable
//! transaction for each request. That is the stronger form of it: one writer, whose transactions do
//! not wait for each other's locks. The two take turns, so that a busy machine slows both, and the
//! ratio is between the medians of the rounds.
//!
//! The load generator shares the processors with the server. With `COUNTMEIN_TEST_POSTGRES` naming
//! a server (`postgres://user@host:port`) there is a second table.

mod client;
#[path = "../common/mod.rs"]
mod common;
mod drafts;

use std::{net::SocketAddr, num::NonZeroUsize, sync::Arc, thread, time::Duration};

use client::Driven;
use common::{Backend, COLUMNS, Place, Times};
use countmein::{
    app::App,
    domain::{key::WaveKey, survey_file},
    service::{Services, appender::Appender, load_survey, lookup, open_wave},
    store::{
        entity::{admission, response},
        ledger_read,
    },
};
use sea_orm::{EntityTrait, PaginatorTrait};
use tokio::sync::watch;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 3;
const SURVEY_FILE: &str = include_str!("../../surveys/co-production-attitudes.toml");

#[derive(Debug, Clone, Copy)]
enum Commit {
    InGroups,
    OneByOne,
}

impl Commit {
    fn name(self) -> &'static str {
        match self {
            Self::InGroups => "group commit",
            Self::OneByOne => "a transaction each",
        }
    }

    /// Enough for a second or more of each on a quiet machine, and for minutes on none.
    fn responses(self) -> u32 {
        match self {
            Self::InGroups => 20_000,
            Self::OneByOne => 3_000,
        }
    }
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    for backend in Backend::available() {
        println!(
            "\nResponses accepted over HTTP, {CONNECTIONS} connections, {}",
            backend.name()
        );
        println!("{:<20} {:>9} {:>10} {COLUMNS}", "", "accepted", "a second");
        let (mut in_groups, mut one_by_one) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            in_groups.push(measure(backend, Commit::InGroups).await);
            one_by_one.push(measure(backend, Commit::OneByOne).await);
        }
        println!(
            "group commit accepts {:.1} times as many (medians of {ROUNDS} rounds)",
            median(in_groups) / median(one_by_one)
        );
    }
}

/// Runs one server and prints one row; returns the responses accepted a second.
async fn measure(backend: Backend, commit: Commit) -> f64 {
    let place = Place::new(backend).await;
    let app = start(&place, commit).await;
    let services = Arc::clone(&app.services);
    let listener = app.listen().await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(app.serve(listener, stopped));
    let driven = load(address, commit.responses()).await;
    let accepted = u32::try_from(driven.each.len()).expect("a number of responses");
    verify(&services, accepted).await;
    drop(services);
    stop.send(true).expect("a server");
    server
        .await
        .expect("a server")
        .expect("an orderly shutdown");
    place.remove().await;
    let rate = f64::from(accepted) / driven.elapsed.as_secs_f64();
    let times = Times::of(driven.each);
    println!(
        "{:<20} {accepted:>9} {rate:>10.0} {}",
        commit.name(),
        times.columns()
    );
    rate
}

async fn start(place: &Place, commit: Commit) -> App {
    let mut app = App::start(place.config.clone()).await.expect("a server");
    if let Commit::OneByOne = commit {
        let services = Arc::get_mut(&mut app.services).expect("nobody has the services yet");
        let (appender, _) = Appender::start_with_batches_of(
            NonZeroUsize::MIN,
            services.db.clone(),
            Arc::clone(&services.clock),
            Arc::clone(&services.randomness),
        );
        services.appender = appender;
    }
    let checked = survey_file::read(SURVEY_FILE).expect("a survey");
    load_survey::load(&app.services, &common::operator(), checked.plan)
        .await
        .expect("a survey");
    open_wave::open(&app.services, &common::operator(), &wave())
        .await
        .expect("a wave");
    app
}

fn wave() -> WaveKey {
    format!("{}/now", drafts::SURVEY).parse().expect("a key")
}

/// The participants live on a thread of their own: the server has its own two.
async fn load(server: SocketAddr, responses: u32) -> Driven {
    let (done, driven) = tokio::sync::oneshot::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let driven = runtime.block_on(async {
            let many = usize::try_from(responses).expect("a number of responses");
            let requests = drafts::ready_to_send(server, CONNECTIONS, many).await;
            // The server is done with the drafts, and its disk quiet.
            tokio::time::sleep(Duration::from_millis(200)).await;
            client::drive(server, CONNECTIONS, requests, "set-cookie: countmein-done=").await
        });
        let _ = done.send(driven);
    });
    driven.await.expect("the load generator ended early")
}

/// Everything that was accepted is in the ledger, and nothing else is.
async fn verify(services: &Services, accepted: u32) {
    let db = &services.db;
    let asked = lookup::find_now(services, &wave()).await.expect("a wave");
    let head = ledger_read::head(db, asked.wave.id).await.expect("a head");
    let rows = response::Entity::find().count(db).await.expect("a count");
    let admissions = admission::Entity::find().count(db).await.expect("a count");
    assert_eq!(head.0, i64::from(accepted), "places of the ledger");
    assert_eq!(rows, u64::from(accepted), "responses in the ledger");
    assert_eq!(admissions, u64::from(accepted), "admissions");
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
