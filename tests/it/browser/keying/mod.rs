//! A person at the desk, with the keyboard alone: every key counts once, at whatever speed and on
//! whatever network, and the pages can be used by everyone.

mod differences;
mod journey;
mod looks;
mod network;
mod slips;
mod speed;

use std::time::{Duration, Instant};

use countmein::{
    domain::{
        audit::Actor,
        key::WaveKey,
        keying::{Batch, Pass},
    },
    service::{batch_at_work, open_batch, work_on_batch},
};

use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, Scripts, WIDE},
    paper::{accept, codes, coordinator, keyer, open_attitudes},
};

const ENTER: char = '\u{E007}';
const BACKSPACE: char = '\u{E003}';
const ESCAPE: char = '\u{E00C}';
const ARROW_DOWN: char = '\u{E015}';
const PAGE_UP: char = '\u{E00E}';
const FAST: Duration = Duration::from_millis(12);
/// With what the driver itself takes, more than fifteen keys a second.
const SPRINT: Duration = Duration::from_millis(40);
const ANN: &str = "ann@x.org";
const BEN: &str = "ben@x.org";
const CAT: &str = "cat@x.org";

struct Office {
    app: TestApp,
    key: WaveKey,
    ann: Actor,
    ben: Actor,
    cat: Actor,
    window: Chromium,
}

impl Office {
    /// So many batches of so many sheets.
    async fn open(batches: u32, sheets: u32) -> Self {
        let app = TestApp::start(Backend::Sqlite).await;
        let key = open_attitudes(&app).await;
        let window = Chromium::start(&app, WIDE, Scripts::On).await;
        let office = Self::of(app, key, window).await;
        office.batches(batches, sheets).await;
        office
    }

    async fn of(app: TestApp, key: WaveKey, window: Chromium) -> Self {
        Self {
            ann: keyer(&app, ANN).await,
            ben: keyer(&app, BEN).await,
            cat: coordinator(&app, CAT).await,
            app,
            key,
            window,
        }
    }

    async fn batches(&self, batches: u32, sheets: u32) {
        let count = usize::try_from(batches * sheets).unwrap();
        if count == 0 {
            return;
        }
        let codes = codes(&self.app, &self.key, count).await;
        accept(&self.app, &self.ann, &self.key, &codes).await;
        for _ in 0..batches {
            open_batch::open(&self.app.services, &self.cat, &self.key, sheets, sheets)
                .await
                .unwrap();
        }
    }

    fn page(&self, number: u32, page: &str) -> String {
        format!("/staff/w/{}/batches/{number}/{page}", self.key)
    }

    async fn claim(&self, who: &Actor, number: u32) {
        work_on_batch::claim(&self.app.services, who, &self.key, number)
            .await
            .unwrap();
    }

    /// Takes a pile and sits down at it.
    async fn sit_down(&self, who: &Actor, number: u32) {
        self.claim(who, number).await;
        self.window.goto(&self.page(number, "key")).await;
        self.window.find(".scripted").await;
    }

    async fn batch(&self, number: u32) -> Batch {
        let found = batch_at_work::find(&self.app.services, &self.key, number).await;
        found.unwrap().1
    }

    /// Every sheet of a pass, with its number of versions.
    async fn keyed(&self, number: u32, pass: Pass) -> Vec<(u32, String)> {
        let batch = self.batch(number).await;
        let entries = batch.state.papers().of(pass).cloned().unwrap_or_default();
        entries
            .into_values()
            .map(|entry| (entry.revision, entry.content.to_string()))
            .collect()
    }

    /// Waits until the server has all that was keyed.
    async fn saved(&self) {
        let start = Instant::now();
        let waiting = "return document.querySelector('[data-status]').dataset.waiting";
        while self.window.run(waiting).await != "0" {
            assert!(
                start.elapsed() < Duration::from_secs(40),
                "sheets still wait"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until something is so.
    async fn until(&self, is_so: impl AsyncFn() -> bool) {
        let start = Instant::now();
        while !is_so().await {
            assert!(start.elapsed() < Duration::from_secs(20), "it never is");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the page has gone on to the list of batches.
    async fn gone(&self) {
        let start = Instant::now();
        let list = format!("/staff/w/{}/batches", self.key);
        while self.window.path().await != list {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{}",
                self.window.path().await
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// What stands on a sheet of paper: always the same for the same number.
fn paper(sheet: u32) -> String {
    (0..7)
        .map(|item| match (sheet * 7 + item * 3) % 23 {
            0 => '-',
            1 => '?',
            2 => '*',
            other => char::from_digit(other % 5 + 1, 10).unwrap(),
        })
        .collect()
}

fn once(sheets: impl Iterator<Item = u32>) -> Vec<(u32, String)> {
    sheets.map(|sheet| (1, paper(sheet))).collect()
}
