//! Whoever cannot use a mouse or a finger: the keyboard alone, from the front page to the receipt.

use fantoccini::key::Key;

use super::{assert_counted, receipt, stored};
use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, NARROW, Scripts},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_survey_is_answered_with_the_keyboard_alone() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.load("co-production-attitudes").await;
    let key = app.open("co-production-attitudes/now").await;
    let window = Chromium::start(&app, NARROW, Scripts::On).await;
    window.goto("/").await;
    tab_to(&window, ".cards a").await;
    window.key(Key::Enter).await;
    tab_to(&window, "button[type=submit]").await;
    window.key(Key::Enter).await;
    for number in 1..=7 {
        window.sees(&format!("Question {number} of 7")).await;
        tab_to(&window, "input[type=radio]").await;
        if number % 2 == 0 {
            // The arrows move the choice along the scale.
            window.key(Key::Down).await;
            window.key(Key::Down).await;
        } else {
            window.key(Key::Space).await;
        }
        assert_eq!(window.checked().await, 1);
        tab_to(&window, "button[type=submit]").await;
        window.key(Key::Enter).await;
    }
    window.sees("Check your answers").await;
    tab_to(&window, "dl.summary > div:nth-child(7) .change a").await;
    window.key(Key::Enter).await;
    window.sees("Question 7 of 7").await;
    // The focus goes to the answer that is chosen, not to the first.
    tab_to(&window, "input:checked").await;
    window.key(Key::Down).await;
    tab_to(&window, "button[type=submit]").await;
    window.key(Key::Space).await;
    window.sees("Check your answers").await;
    tab_to(&window, "main button[type=submit]").await;
    window.key(Key::Enter).await;
    window.sees("Thank you. Your answers are counted.").await;
    assert_eq!(
        receipt(&window).await.len(),
        "7K3M-0Q2R-9XTB-44HW-C1ZP".len()
    );
    assert_counted(&app, &key, 1).await;
    assert_eq!(stored(&app).await, ["1313132"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn the_first_press_of_tab_offers_the_way_past_the_header() {
    let app = TestApp::start(Backend::Sqlite).await;
    let window = Chromium::start(&app, NARROW, Scripts::On).await;
    window.goto("/").await;
    window.key(Key::Tab).await;
    let skip = window.find("a.skip").await;
    assert!(skip.is_displayed().await.unwrap());
    window.key(Key::Enter).await;
    let focused = window.run("return document.activeElement.id").await;
    assert_eq!(focused, "main");
}

/// The line that counts along stays in sight at the bottom of the window, and must never cover the
/// project that the focus is on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn the_counter_of_a_ballot_hides_nothing_that_has_the_focus() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.load("citizen-priorities").await;
    app.open("citizen-priorities/now").await;
    let window = Chromium::start(&app, NARROW, Scripts::On).await;
    window.goto("/w/citizen-priorities/now").await;
    window.press("Start").await;
    window.press("Continue").await;
    window.sees("You have chosen 0 of 4.").await;
    tab_to(&window, "input[type=checkbox]").await;
    for project in 1..=12 {
        let overlap = window
            .run(
                "const label = document.activeElement.nextElementSibling.getBoundingClientRect();
                const counter = document.querySelector('[data-count]').getBoundingClientRect();
                return Math.round(label.bottom - counter.top)",
            )
            .await;
        assert!(
            overlap.as_i64().unwrap() <= 0,
            "project {project}: {overlap} px are hidden"
        );
        window.key(Key::Tab).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn the_record_of_acts_is_filtered_and_checked_with_the_keyboard_alone() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.add_staff().await;
    app.load("co-production-attitudes").await;
    let window = Chromium::start(&app, NARROW, Scripts::Off).await;
    window.enter(&app, crate::support::STAFF_EMAIL).await;
    window.goto("/staff").await;
    window.sees("All waves").await;
    tab_to(&window, "a[href=\"/staff/audit\"]").await;
    window.key(Key::Enter).await;
    window.sees("loaded the survey").await;
    tab_to(&window, "#who").await;
    for letter in "schedule".chars() {
        let focused = window.client.active_element().await.unwrap();
        focused.send_keys(&letter.to_string()).await.unwrap();
    }
    window.key(Key::Enter).await;
    window.sees("There is no such event.").await;
    tab_to(&window, "a[href=\"/staff/audit/verify\"]").await;
    window.key(Key::Enter).await;
    window.sees("Check now").await;
    tab_to(&window, "main button[type=submit]").await;
    window.key(Key::Enter).await;
    window.sees("Nothing was altered, removed or moved").await;
}

/// Presses Tab until the focus is there, and checks that it can be seen at every stop.
pub async fn tab_to(window: &Chromium, selector: &str) {
    // A page that is not there yet would swallow the first press.
    window.find(selector).await;
    for _ in 0..40 {
        window.key(Key::Tab).await;
        let visible = "const focused = document.activeElement;
            const shown = focused.matches('.option input') ? focused.nextElementSibling : focused;
            return getComputedStyle(shown).outlineStyle !== 'none'";
        assert_eq!(window.run(visible).await, true, "the focus cannot be seen");
        let script = format!("return document.activeElement.matches('{selector}')");
        if window.run(&script).await == true {
            return;
        }
    }
    panic!("{selector} cannot be reached with Tab");
}
