//! Every page in every state that it has, narrow and wide: axe finds nothing, nothing scrolls
//! sideways, and nothing is heavy.

use super::{
    audit::Tour,
    samples::{self, KINDS},
};
use crate::support::{
    Backend, STAFF_EMAIL, TestApp,
    chromium::{Chromium, NARROW, Scripts, WIDE},
};

/// The same walk on a phone and on a laptop.
macro_rules! narrow_and_wide {
    ($name:ident, $walk:expr) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs Chromium and axe: run tests/run"]
            async fn narrow() {
                ($walk)(tour(NARROW).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs Chromium and axe: run tests/run"]
            async fn wide() {
                ($walk)(tour(WIDE).await).await;
            }
        }
    };
}

pub(super) use narrow_and_wide;

pub async fn tour(width: u32) -> Tour {
    let app = TestApp::start(Backend::Sqlite).await;
    let window = Chromium::start(&app, width, Scripts::On).await;
    Tour::new(app, window)
}

narrow_and_wide!(a_survey, async |mut tour: Tour| {
    tour.app.load("co-production-attitudes").await;
    tour.visit("home-empty", "/").await;
    let key = tour.app.open("co-production-attitudes/now").await;
    tour.visit("home", "/").await;
    tour.visit("start-open", "/w/co-production-attitudes/now")
        .await;
    tour.window.press("Start").await;
    for number in 1..=7 {
        tour.window.sees(&format!("Question {number} of 7")).await;
        if number == 1 {
            tour.look("question-likert").await;
        }
        tour.window.choose("Not sure").await;
        tour.window.press("Continue").await;
    }
    tour.window.sees("Check your answers").await;
    tour.look("check").await;
    tour.visit(
        "question-likert-answered",
        "/w/co-production-attitudes/now/question/1?change=1",
    )
    .await;
    tour.visit(
        "check-in-polish",
        "/w/co-production-attitudes/now/check?lang=pl",
    )
    .await;
    tour.window
        .goto("/w/co-production-attitudes/now/check?lang=en")
        .await;
    tour.window.press("Send my answers").await;
    tour.window.sees("Thank you").await;
    tour.look("done").await;
    let receipt = crate::browser::receipt(&tour.window).await;
    tour.visit("start-counted", "/w/co-production-attitudes/now")
        .await;
    tour.visit("receipt-ask", "/receipt").await;
    tour.visit("receipt-found", &format!("/receipt?code={receipt}"))
        .await;
    tour.visit(
        "receipt-not-found",
        "/receipt?code=7K3M-0Q2R-9XTB-44HW-C1ZP",
    )
    .await;
    tour.visit("receipt-malformed", "/receipt?code=7K3M").await;
    samples::stop(&tour.app, &key).await;
    // Of this page's cookies one says that the browser is counted: the next comes without it.
    tour.window.goto("/w/co-production-attitudes/now").await;
    tour.window.client.delete_all_cookies().await.unwrap();
    tour.window.goto("/w/co-production-attitudes/now").await;
    tour.window.sees("This closed on").await;
    tour.look("start-closed").await;
    tour.end();
});

narrow_and_wide!(every_kind_of_question, async |mut tour: Tour| {
    tour.app.load_text(KINDS).await;
    tour.app.open("every-kind/now").await;
    tour.window.goto("/w/every-kind/now").await;
    tour.window.press("Start").await;
    let one = "Choose one answer.";
    for (kind, question, error, answer) in [
        ("likert", "The council listens", one, "Agree"),
        ("choice", "How old are you?", one, "30 and over"),
        (
            "ballot",
            "Which project should",
            "Choose at least one project.",
            "Sixty street trees",
        ),
    ] {
        tour.window.sees(question).await;
        tour.look(&format!("question-{kind}-required")).await;
        tour.window.press("Continue").await;
        tour.window.sees(error).await;
        tour.look(&format!("question-{kind}-error")).await;
        tour.window.choose(answer).await;
        tour.window.press("Continue").await;
    }
    tour.window.sees("Check your answers").await;
    tour.end();
});

narrow_and_wide!(all_questions_on_one_page, async |mut tour: Tour| {
    let text = KINDS
        .replace("one-question", "all-questions")
        .replace("every-kind", "at-once");
    tour.app.load_text(&text).await;
    let key = tour.app.open("at-once/now").await;
    tour.window.goto("/w/at-once/now").await;
    tour.window.press("Start").await;
    tour.window.sees("How old are you?").await;
    tour.look("questions").await;
    tour.window.choose("Twelve new benches").await;
    tour.window.choose("Sixty street trees").await;
    tour.window.press("Check your answers").await;
    tour.window.sees("You chose 2 projects").await;
    tour.look("questions-error").await;
    tour.window.choose("Agree").await;
    tour.window.choose("Under 30").await;
    tour.window.choose("Sixty street trees").await;
    tour.window.press("Check your answers").await;
    tour.window.sees("Check your answers").await;
    // Closed in the moment in which somebody presses the button: what they wrote is shown to them.
    samples::stop(&tour.app, &key).await;
    tour.window.press("Send my answers").await;
    tour.window.sees("Twelve new benches").await;
    tour.look("error-closed").await;
    tour.end();
});

narrow_and_wide!(a_ballot_with_a_code, async |mut tour: Tour| {
    use countmein::service::issue_codes;

    tour.app.load("citizen-priorities-knapsack").await;
    let key = tour.app.open("citizen-priorities-knapsack/now").await;
    let codes = issue_codes::issue(&tour.app.services, &crate::support::operator(), &key, 1)
        .await
        .unwrap();
    tour.visit("start-code", "/w/citizen-priorities-knapsack/now")
        .await;
    tour.window.type_into("#code", "7K3M-0Q2R").await;
    tour.window.press("Start").await;
    tour.window.sees("There is a problem").await;
    tour.look("start-code-error").await;
    tour.window.type_into("#code", &codes[0].to_string()).await;
    tour.window.press("Start").await;
    tour.window.sees("How would you spend").await;
    tour.look("ballot").await;
    tour.end();
});

narrow_and_wide!(results, async |mut tour: Tour| {
    samples::publish_workshops(&tour.app).await;
    samples::open_ballot(&tour.app).await;
    tour.visit("home-with-results", "/").await;
    tour.visit("results-april", "/r/co-production-attitudes/april")
        .await;
    tour.window
        .run("document.querySelector('.result').scrollIntoView()")
        .await;
    tour.window.picture("results-april-first-statement").await;
    // The heaviest page of the demonstration: three waves beside each other.
    samples::open_survey(&tour.app).await;
    tour.visit("results-three-waves", "/r/co-production-attitudes/now")
        .await;
    tour.visit("results-ballot", "/r/citizen-priorities/now")
        .await;
    tour.end();
});

narrow_and_wide!(errors, async |mut tour: Tour| {
    tour.app.load("co-production-attitudes").await;
    tour.app.open("co-production-attitudes/now").await;
    tour.visit("error-not-found", "/nowhere").await;
    tour.visit("error-expired", "/w/co-production-attitudes/now/check")
        .await;
    tour.end();
});

narrow_and_wide!(staff, async |mut tour: Tour| {
    use countmein::service::{subscribe, wave_overview};

    tour.app.add_staff().await;
    samples::publish_workshops(&tour.app).await;
    let key = samples::open_ballot(&tour.app).await;
    tour.log_in(STAFF_EMAIL).await;
    tour.visit("staff-home", "/staff").await;
    tour.visit("staff-wave", "/staff/w/citizen-priorities/now")
        .await;
    tour.visit(
        "staff-wave-published",
        "/staff/w/co-production-attitudes/april",
    )
    .await;
    tour.visit("staff-wave-draft", "/staff/w/co-production-attitudes/now")
        .await;
    subscribe::subscribe(
        &tour.app.services,
        &crate::support::operator(),
        &key,
        "reader@example.org",
    )
    .await
    .unwrap();
    let overview = wave_overview::overview(&tour.app.services, &key)
        .await
        .unwrap();
    let token = &overview.subscribers[0].stop_token;
    tour.visit("unsubscribe", &format!("/mail/stop/{token}"))
        .await;
    tour.window.press("Stop the mails").await;
    tour.window.sees("You can close this page").await;
    tour.look("unsubscribed").await;
    tour.end();
});
