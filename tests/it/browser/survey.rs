//! The co-production survey on a narrow phone, by clicking on labels, with and without scripts.

use fantoccini::{
    Locator,
    actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
};
use serde_json::json;

use super::{assert_counted, receipt, stored};
use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, NARROW, Scripts},
};

const WAVE: &str = "/w/co-production-attitudes/now";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn is_answered_and_counted_once_without_scripts() {
    journey(Backend::Sqlite, Scripts::Off).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn is_answered_and_counted_once_with_scripts() {
    journey(Backend::Sqlite, Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium and PostgreSQL: run tests/run"]
async fn is_answered_and_counted_once_on_postgres() {
    journey(Backend::Postgres, Scripts::On).await;
}

async fn journey(backend: Backend, scripts: Scripts) {
    let app = TestApp::start(backend).await;
    app.load("co-production-attitudes").await;
    let key = app.open("co-production-attitudes/now").await;
    let window = Chromium::start(&app, NARROW, scripts).await;
    window.goto("/").await;
    window
        .follow("Citizens and public services: your view")
        .await;
    window.press("Start").await;
    for number in 1..=7 {
        window.sees(&format!("Question {number} of 7")).await;
        // The third is left out: nobody has to answer everything.
        if number != 3 {
            window.choose("Agree").await;
        }
        window.press("Continue").await;
    }
    window.sees("Check your answers").await;
    let shown = window.text().await;
    assert_eq!(shown.matches("\nAgree\n").count(), 6, "{shown}");
    assert_eq!(shown.matches("\nNo answer\n").count(), 1, "{shown}");
    change_the_sixth(&window).await;
    assert_counted(&app, &key, 0).await;
    let draft = window
        .find("input[name=draft]")
        .await
        .attr("value")
        .await
        .unwrap();
    press_twice(&window, "//button[normalize-space()=\"Send my answers\"]").await;
    window.sees("Thank you. Your answers are counted.").await;
    let kept = receipt(&window).await;
    assert_counted(&app, &key, 1).await;
    come_back(&window, &kept, &draft.unwrap()).await;
    assert_counted(&app, &key, 1).await;
    assert_eq!(stored(&app).await, ["22-2242"]);
    window.follow("Check your receipt").await;
    window.sees("This receipt is counted").await;
}

async fn change_the_sixth(window: &Chromium) {
    window
        .find("dl.summary > div:nth-child(6) .change a")
        .await
        .click()
        .await
        .unwrap();
    window.sees("Question 6 of 7").await;
    assert_eq!(window.checked().await, 1, "the answer so far is marked");
    window.choose("Disagree").await;
    window.press("Save and return to check").await;
    window.sees("Check your answers").await;
    let shown = window.text().await;
    assert_eq!(shown.matches("\nDisagree\n").count(), 1, "{shown}");
    assert_eq!(shown.matches("\nAgree\n").count(), 5, "{shown}");
}

/// Two clicks as fast as a hand makes them: the second comes before the next page does.
async fn press_twice(window: &Chromium, path: &str) {
    let button = window.client.find(Locator::XPath(path)).await.unwrap();
    let press = || PointerAction::Down {
        button: MOUSE_BUTTON_LEFT,
    };
    let release = || PointerAction::Up {
        button: MOUSE_BUTTON_LEFT,
    };
    let hand = MouseActions::new("hand".to_owned())
        .then(PointerAction::MoveToElement {
            element: button,
            duration: None,
            x: 0.0,
            y: 0.0,
        })
        .then(press())
        .then(release())
        .then(press())
        .then(release());
    window.client.perform_actions(hand).await.unwrap();
}

/// Back in the browser, through the start page, and with the form of the page as it was: always the
/// same receipt.
async fn come_back(window: &Chromium, kept: &str, draft: &str) {
    window.client.back().await.unwrap();
    window.sees("You have already been counted").await;
    assert_eq!(receipt(window).await, kept);
    window.goto(&format!("{WAVE}/question/2")).await;
    window.sees("You have already been counted").await;
    let send_again = "const form = document.createElement('form');
        form.method = 'post'; form.action = arguments[0];
        const field = document.createElement('input');
        field.name = 'draft'; field.value = arguments[1];
        form.append(field); document.body.append(form); form.submit();";
    let arguments = vec![json!(format!("{WAVE}/submit")), json!(draft)];
    window.client.execute(send_again, arguments).await.unwrap();
    window.sees("Thank you. Your answers are counted.").await;
    assert_eq!(receipt(window).await, kept);
}
