//! A code that is scanned from a letter: it stands behind the # of the address.

use countmein::domain::{access_code::AccessCode, key::WaveKey};

use super::assert_counted;
use crate::{
    service::samples::open_by_code,
    support::{
        Backend, TestApp,
        chromium::{Chromium, NARROW, Scripts},
    },
};

async fn arrange(scripts: Scripts) -> (TestApp, WaveKey, AccessCode, Chromium) {
    let app = TestApp::start(Backend::Sqlite).await;
    let (key, mut codes) = open_by_code(&app, 1).await;
    let window = Chromium::start(&app, NARROW, scripts).await;
    (app, key, codes.remove(0), window)
}

async fn typed(window: &Chromium) -> String {
    let field = window.find("#code").await;
    field.prop("value").await.unwrap().unwrap()
}

async fn vote(window: &Chromium) {
    window.press("Start").await;
    window.choose("Twelve new benches").await;
    window.press("Check your answers").await;
    window.sees("Send my answers").await;
    window.press("Send my answers").await;
    window.sees("Thank you").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn fills_its_field_and_leaves_the_address() {
    let (app, key, code, window) = arrange(Scripts::On).await;
    for path in ["/w/citizen-priorities-knapsack/now", "/v"] {
        window.goto(&format!("{path}#{code}")).await;
        window.find("#code").await;
        assert_eq!(
            window.path().await,
            path,
            "the code is still in the address"
        );
        assert_eq!(typed(&window).await, code.to_string());
        // What is no code stays where it is.
        window.goto(&format!("{path}?n=1#main")).await;
        assert_eq!(window.path().await, format!("{path}?n=1#main"));
        assert_eq!(typed(&window).await, "");
    }
    // A second letter, scanned while the page is open.
    window.goto("/v").await;
    window.goto(&format!("/v#{code}")).await;
    assert_eq!(typed(&window).await, code.to_string());
    vote(&window).await;
    assert_counted(&app, &key, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn is_typed_at_the_short_address_without_scripts() {
    let (app, key, code, window) = arrange(Scripts::Off).await;
    window.goto("/").await;
    window.follow("Enter the code from your letter").await;
    window.type_into("#code", "0000-0000-0000-0000").await;
    window.press("Start").await;
    window.sees("We do not know this code").await;
    assert_eq!(window.path().await, "/v");
    window.type_into("#code", &code.to_string()).await;
    vote(&window).await;
    assert_counted(&app, &key, 1).await;
}
