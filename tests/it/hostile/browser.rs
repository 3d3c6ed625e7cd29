//! A sample of the strings in a real browser: nothing runs, nothing is asked, and the policy has
//! nothing to block, because nothing that it would block is there.

use serde_json::Value;

use super::{corpus, journey};
use crate::support::{
    Backend, STAFF_EMAIL, TestApp,
    browsing::Browser,
    chromium::{Chromium, Scripts, WIDE},
};

/// Shapes of everything that runs: what stands on each of these pages is also looked at by the other
/// tests of this module, string by string.
const EVERY: usize = 25;

/// What a page says of itself once it has loaded.
const LOOK: &str = "return { ran: typeof window.hostile, \
    scripts: [...document.scripts].filter(s => !s.src.startsWith(location.origin + '/assets/')).length, \
    handlers: [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length, \
    foreign: performance.getEntriesByType('resource').filter(r => !r.name.startsWith(location.origin + '/')).length }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn nothing_runs_in_a_browser() {
    let app = TestApp::start_with(Backend::Sqlite, |config| config.disclosure.minimum = 1).await;
    app.add_staff().await;
    let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
    let window = Chromium::start(&app, WIDE, Scripts::On).await;
    window.enter(&app, STAFF_EMAIL).await;
    window.goto("/staff").await;
    window.sees("All waves").await;
    let mut looked = 0;
    for (number, text) in corpus::all().iter().step_by(EVERY).enumerate() {
        let key = format!("hostile-{number}");
        if journey::walk(&app, &staff, &key, text).await.is_none() {
            continue;
        }
        for path in [
            format!("/w/{key}/now"),
            format!("/r/{key}/before"),
            format!("/r/{key}/before/more"),
            format!("/staff/w/{key}/now"),
            format!("/receipt?code={}", corpus::in_address(text)),
        ] {
            window.goto(&path).await;
            assert_harmless(&window, &format!("{path} with {text:?}")).await;
            looked += 1;
        }
    }
    for path in ["/", "/staff"] {
        window.goto(path).await;
        assert_harmless(&window, path).await;
    }
    println!("{looked} pages in Chromium");
    assert!(looked >= 80, "{looked}");
}

/// The look above would see them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn what_a_page_runs_or_is_kept_from_would_be_seen() {
    let app = TestApp::start(Backend::Sqlite).await;
    let window = Chromium::start(&app, WIDE, Scripts::On).await;
    window.goto("/").await;
    assert_harmless(&window, "/").await;
    let insert = "window.hostile = 1; const image = document.createElement('img'); \
         image.src = 'https://evil.example/x'; document.body.append(image)";
    window.client.execute(insert, Vec::new()).await.unwrap();
    let seen = window.client.execute(LOOK, Vec::new()).await.unwrap();
    assert_eq!(seen["ran"], Value::from("number"));
    assert!(!window.blocked().await.is_empty());
}

async fn assert_harmless(window: &Chromium, what: &str) {
    // A dialog would make this fail as well.
    let seen = window.client.execute(LOOK, Vec::new()).await.unwrap();
    assert_eq!(seen["ran"], Value::from("undefined"), "{what}");
    for count in ["scripts", "handlers", "foreign"] {
        assert_eq!(seen[count], Value::from(0), "{count}: {what}");
    }
    let blocked = window.blocked().await;
    assert!(blocked.is_empty(), "{what}: {blocked:?}");
}
