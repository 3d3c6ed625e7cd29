//! What pages cost the server, and how large they are: `cargo bench --bench pages`.
//!
//! The pages are those of `countmein demo`, made by the whole router in this process: the lookup of
//! the wave, the tally, the report, disclosure control, the page and its compression; no network. A
//! results page should take less than 10 ms, with the tally in memory and after new responses.
//! (Live results of an open wave move in steps of ten responses.) A page should have no more than
//! 50 KB; what a browser receives is the compressed size.
//!
//! With `COUNTMEIN_TEST_POSTGRES` naming a server (`postgres://user@host:port`) the times are
//! measured on PostgreSQL too.

mod browser;
#[path = "../common/mod.rs"]
mod common;
mod demo;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode};
use browser::{Browser, Encoding};
use common::{Backend, COLUMNS, Place, Times};
use countmein::{
    app::App,
    service::Services,
    view::assets,
    web::{self, Web},
};
use demo::{ATTITUDES, OpenWave, PRIORITIES, STAFF};

const LOOKS: usize = 300;
const A_STEP: usize = 10;
const LIMIT: usize = 50 * 1_024;

/// April's page has January beside it, and the open wave too: what is answered there moves it.
const RESULTS: [(&str, &OpenWave); 2] = [
    ("/r/co-production-attitudes/april", &ATTITUDES),
    ("/r/citizen-priorities/now", &PRIORITIES),
];

#[tokio::main(worker_threads = 2)]
async fn main() {
    for backend in Backend::available() {
        let place = Place::new(backend).await;
        let app = demo::start(place.config.clone()).await;
        if backend == Backend::Sqlite {
            sizes(&app).await;
        }
        println!("\nResults pages, time in the server, {}", backend.name());
        println!("{:<58} {COLUMNS}", "");
        for (path, wave) in RESULTS {
            times(&app, path, wave).await;
        }
        app.finish().await;
        place.remove().await;
    }
}

fn router(app: &App) -> Router {
    let web = Web::new(Arc::clone(&app.services), &app.config, &[7; 32]);
    web::router(web, &web::serving::Limits::default())
}

async fn times(app: &App, path: &str, wave: &OpenWave) {
    let browser = &mut Browser::new(router(app));
    let services = &app.services;
    for (label, encoding, new) in [
        ("unchanged, not compressed", Encoding::Plain, 0),
        ("unchanged", Encoding::Gzip, 0),
        ("after one new response", Encoding::Gzip, 1),
        ("after ten new responses", Encoding::Gzip, A_STEP),
    ] {
        let times = looks(browser, services, path, wave, encoding, new).await;
        let name = format!("{path} {label}");
        println!("{name:<58} {}", Times::of(times).columns());
    }
}

async fn looks(
    browser: &mut Browser,
    services: &Services,
    path: &str,
    wave: &OpenWave,
    encoding: Encoding,
    new: usize,
) -> Vec<Duration> {
    let mut times = Vec::with_capacity(LOOKS);
    browser.get(path, encoding).await;
    for _ in 0..LOOKS {
        for _ in 0..new {
            demo::one_more(services, wave).await;
        }
        let begun = Instant::now();
        let answer = browser.get(path, encoding).await;
        times.push(begun.elapsed());
        assert_eq!(answer.status, StatusCode::OK);
    }
    times
}

async fn sizes(app: &App) {
    println!("\nSizes of pages, bytes (limit {LIMIT})");
    println!("{:<50} {:>9} {:>9}", "", "plain", "gzip");
    let visitor = &mut Browser::new(router(app));
    for path in [
        "/",
        "/w/co-production-attitudes/now",
        "/w/citizen-priorities/now",
        "/w/citizen-priorities-knapsack/now",
        "/r/co-production-attitudes/january",
        "/r/co-production-attitudes/april",
        "/r/co-production-attitudes/now",
        "/r/citizen-priorities/now",
        "/receipt",
        "/staff/login",
        "/nowhere",
    ] {
        size(visitor, path).await;
    }
    answering(visitor, "co-production-attitudes", 7).await;
    answering(visitor, "citizen-priorities", 2).await;
    let staff = &mut Browser::new(router(app));
    let fields = format!("email={}&password={}", STAFF.0, STAFF.1.replace(' ', "+"));
    staff.post("/staff/login", &fields).await;
    for path in ["/staff", "/staff/w/co-production-attitudes/now"] {
        size(staff, path).await;
    }
    let mut loaded = 0;
    for asset in assets::all() {
        loaded += size(visitor, &asset.path).await;
    }
    println!("style, script and icon, which a browser loads once: {loaded} compressed");
}

/// The pages of a participant, from the first question to the receipt.
async fn answering(browser: &mut Browser, survey: &str, questions: usize) {
    let wave = format!("/w/{survey}/now");
    browser.post(&format!("{wave}/start"), "").await;
    for number in 1..=questions {
        size(browser, &format!("{wave}/question/{number}")).await;
    }
    for page in ["questions", "check"] {
        size(browser, &format!("{wave}/{page}")).await;
    }
    let draft = browser
        .cookie("countmein-draft")
        .replace('+', "%2B")
        .replace('=', "%3D");
    browser
        .post(&format!("{wave}/submit"), &format!("draft={draft}"))
        .await;
    size(browser, &format!("{wave}/done")).await;
}

/// Prints the sizes of a page and returns the compressed one.
async fn size(browser: &mut Browser, path: &str) -> usize {
    let plain = browser.get(path, Encoding::Plain).await;
    let gzip = browser.get(path, Encoding::Gzip).await;
    let known = plain.status == StatusCode::OK || path == "/nowhere";
    assert!(known, "{path}: {}", plain.status);
    let bytes = plain.body.len();
    let verdict = if bytes > LIMIT {
        "  over the limit uncompressed"
    } else {
        ""
    };
    println!("{path:<50} {bytes:>9} {:>9}{verdict}", gzip.body.len());
    gzip.body.len()
}
