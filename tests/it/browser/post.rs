//! A scanner at the page of a mail bag: it types a code and presses Enter, and waits for nothing.

use std::time::Duration;

use countmein::{
    domain::{envelope::EnvelopeOutcome, key::WaveKey, role::Role},
    service::post_overview,
};

use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, Scripts, WIDE},
    paper::{codes, open_attitudes},
};

const ENVELOPES: usize = 60;

async fn at_a_bag(scripts: Scripts) -> (TestApp, WaveKey, Vec<String>, Chromium) {
    let app = TestApp::start(Backend::Sqlite).await;
    let key = open_attitudes(&app).await;
    let codes = codes(&app, &key, ENVELOPES).await;
    let codes = codes.iter().map(ToString::to_string).collect();
    app.add_user("ann@x.org", Role::Keyer).await;
    let window = Chromium::start(&app, WIDE, scripts).await;
    window.enter(&app, "ann@x.org").await;
    window.goto(&format!("/staff/w/{key}/post")).await;
    window.press("Open a mail bag and scan it").await;
    window.sees("Ready for the first envelope").await;
    (app, key, codes, window)
}

/// Types wherever the focus is, as a scanner does, which knows of no field.
async fn scan(window: &Chromium, code: &str) {
    let focused = window.client.active_element().await.unwrap();
    focused.send_keys(&format!("{code}\n")).await.unwrap();
}

async fn assert_noted(app: &TestApp, key: &WaveKey, accepted: usize) {
    let rows = post_overview::post(&app.services, key).await.unwrap().rows;
    let count = |outcome| rows.envelopes.get(&outcome).copied().unwrap_or(0);
    let accepted = u64::try_from(accepted).unwrap();
    assert_eq!(count(EnvelopeOutcome::Accepted), accepted);
    assert_eq!(rows.envelopes.values().sum::<u64>(), accepted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_scanner_is_as_fast_as_it_likes() {
    for scripts in [Scripts::Off, Scripts::On] {
        let (app, key, codes, window) = at_a_bag(scripts).await;
        let start = std::time::Instant::now();
        for (number, code) in (1..).zip(&codes) {
            scan(&window, code).await;
            if scripts == Scripts::Off {
                // Without scripts the next page has to be there before the next envelope.
                let words = format!("{number} accepted in this bag");
                window.sees(&words).await;
            }
        }
        window
            .sees(&format!("{ENVELOPES} accepted in this bag"))
            .await;
        let each = start.elapsed() / u32::try_from(ENVELOPES).unwrap();
        assert!(each < Duration::from_secs(1), "{each:?} an envelope");
        println!("{scripts:?}: {each:?} an envelope");
        assert_noted(&app, &key, ENVELOPES).await;
        assert_eq!(
            window.run("return document.activeElement.id").await,
            "code",
            "the field has the focus for the next one"
        );
    }
}

/// With scripts a scanner need not wait for the network: every answer is late, and one is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn no_scan_is_lost_or_doubled_on_a_slow_network() {
    let (app, key, codes, window) = at_a_bag(Scripts::On).await;
    // 300 ms each way, and every seventh answer never comes.
    window
        .run(
            "const send = window.fetch; let sent = 0;
             window.fetch = (...all) => new Promise((done, fail) => setTimeout(() => send(...all).then(
                 answer => ++sent % 7 ? done(answer) : fail(new Error('lost'))), 300));",
        )
        .await;
    let few = &codes[..15];
    for code in few {
        scan(&window, code).await;
    }
    window.sees("15 accepted in this bag").await;
    assert_noted(&app, &key, 15).await;
    assert_eq!(window.blocked().await, Vec::<serde_json::Value>::new());
}

/// The same envelope twice is no second one, until somebody says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_code_that_comes_twice_is_asked_about() {
    for scripts in [Scripts::Off, Scripts::On] {
        let (app, key, codes, window) = at_a_bag(scripts).await;
        scan(&window, &codes[0]).await;
        window.sees("1 accepted in this bag").await;
        scan(&window, &codes[0]).await;
        window.sees("This code has come by post before").await;
        assert_noted(&app, &key, 1).await;
        let button = window.find("form.second button").await;
        button.click().await.unwrap();
        window
            .sees("REFUSED: second envelope with the same code")
            .await;
        scan(&window, &codes[1]).await;
        window.sees("2 accepted in this bag").await;
    }
}
