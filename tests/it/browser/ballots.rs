//! Both kinds of ballot on a narrow phone, with too much on them and then right.

use countmein::service::issue_codes;

use super::{assert_counted, stored};
use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, NARROW, Scripts},
};

const FIVE: [&str; 5] = [
    "Twelve new benches",
    "Library open on Saturdays",
    "Sixty street trees",
    "Repair café",
    "First-aid training",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn an_approval_ballot_with_scripts() {
    approval(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn an_approval_ballot_without_scripts() {
    approval(Scripts::Off).await;
}

async fn approval(scripts: Scripts) {
    let app = TestApp::start(Backend::Sqlite).await;
    app.load("citizen-priorities").await;
    let key = app.open("citizen-priorities/now").await;
    let window = Chromium::start(&app, NARROW, scripts).await;
    window.goto("/w/citizen-priorities/now").await;
    window.press("Start").await;
    window.sees("How old are you?").await;
    window.press("Continue").await;
    window.sees("Which projects should come first?").await;
    for (place, project) in FIVE.iter().enumerate() {
        window.choose(project).await;
        assert_counter(
            &window,
            scripts,
            &match place {
                4 => "You have chosen 5. Choose 4 or fewer.".to_owned(),
                _ => format!("You have chosen {} of 4.", place + 1),
            },
        )
        .await;
    }
    window.press("Continue").await;
    let wrong = "You chose 5 projects. Choose 4 or fewer.";
    assert_refused(&window, wrong, FIVE.len()).await;
    assert_counter(&window, scripts, "You have chosen 5. Choose 4 or fewer.").await;
    window.picture("ballot-over-the-limit").await;
    // The sentence in the summary leads to the marks.
    window.follow(wrong).await;
    window.choose("Repair café").await;
    assert_counter(&window, scripts, "You have chosen 4 of 4.").await;
    window.press("Continue").await;
    window.sees("Check your answers").await;
    let shown = window.text().await;
    for project in FIVE {
        assert_eq!(shown.contains(project), project != "Repair café", "{shown}");
    }
    window.press("Send my answers").await;
    window.sees("Thank you. Your answers are counted.").await;
    assert_counted(&app, &key, 1).await;
    assert_eq!(stored(&app).await, ["-101010000001"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_knapsack_ballot_with_an_access_code_and_scripts() {
    knapsack(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_knapsack_ballot_with_an_access_code_without_scripts() {
    knapsack(Scripts::Off).await;
}

async fn knapsack(scripts: Scripts) {
    const WAVE: &str = "/w/citizen-priorities-knapsack/now";
    let app = TestApp::start(Backend::Sqlite).await;
    app.load("citizen-priorities-knapsack").await;
    let key = app.open("citizen-priorities-knapsack/now").await;
    let codes = issue_codes::issue(&app.services, &crate::support::operator(), &key, 2)
        .await
        .unwrap();
    let window = Chromium::start(&app, NARROW, scripts).await;
    window.goto(WAVE).await;
    window.press("Start").await;
    assert_refused(&window, "Enter your code.", 0).await;
    // As people type it: small letters, no hyphens.
    let typed = codes[0].to_string().replace('-', "").to_lowercase();
    window.type_into("#code", &typed).await;
    window.press("Start").await;
    window.sees("How would you spend the £150,000?").await;
    assert_counter(&window, scripts, "You have £150,000 left of £150,000.").await;
    for project in ["Cycle path to the station", "New playground equipment"] {
        window.choose(project).await;
    }
    assert_counter(&window, scripts, "You have £45,000 left of £150,000.").await;
    window.choose("Public toilets in the park").await;
    let over = "You are £7,000 over the budget of £150,000. Take something away.";
    assert_counter(&window, scripts, over).await;
    window.press("Check your answers").await;
    let wrong = "Your projects cost £157,000 together and the budget is £150,000.";
    assert_refused(&window, wrong, 3).await;
    window.picture("ballot-over-the-budget").await;
    window.choose("New playground equipment").await;
    window.press("Check your answers").await;
    window.sees("Check your answers").await;
    window.press("Send my answers").await;
    window.sees("Thank you. Your answers are counted.").await;
    assert_counted(&app, &key, 1).await;
    // The same letter again is refused; the second letter of the household is not.
    window.goto(WAVE).await;
    window.type_into("#code", &typed).await;
    window.press("Start").await;
    assert_refused(&window, "This code has already been counted.", 0).await;
    window.type_into("#code", &codes[1].to_string()).await;
    window.press("Start").await;
    window.sees("How would you spend the £150,000?").await;
    assert_eq!(
        window.checked().await,
        0,
        "nothing of the first vote is left"
    );
}

/// With scripts the page counts along; without them it shows no counter at all.
async fn assert_counter(window: &Chromium, scripts: Scripts, expected: &str) {
    let counter = window.find("[data-count]").await;
    let shown = counter.text().await.unwrap();
    match scripts {
        Scripts::On => assert_eq!(shown, expected),
        Scripts::Off => assert_eq!(shown, ""),
    }
}

/// A page that says what is wrong, has the focus there, and keeps every mark.
async fn assert_refused(window: &Chromium, why: &str, marks: usize) {
    window.sees("There is a problem").await;
    let status = "return performance.getEntriesByType('navigation')[0].responseStatus";
    assert_eq!(window.run(status).await, 422);
    let summary = window.find(".errors").await.text().await.unwrap();
    assert!(summary.contains(why), "{summary}");
    let focused = "return document.activeElement.matches('.errors')";
    assert_eq!(window.run(focused).await, true);
    assert_eq!(window.checked().await, marks);
}
