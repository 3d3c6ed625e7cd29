//! A server in a hall, reached by a name and without encryption: a browser then says less about
//! where a form comes from, and its forms are taken all the same.

use super::assert_counted;
use crate::support::{
    Backend, STAFF_EMAIL, STAFF_PASSWORD, TestApp,
    chromium::{Chromium, NARROW, Scripts},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn people_answer_and_staff_log_in() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.add_staff().await;
    app.load("co-production-attitudes").await;
    let key = app.open("co-production-attitudes/now").await;
    let window = Chromium::start(&app, NARROW, Scripts::On).await.in_a_hall();
    window.goto("/w/co-production-attitudes/now").await;
    window.press("Start").await;
    for number in 1..=7 {
        window.sees(&format!("Question {number} of 7")).await;
        window.choose("Agree").await;
        window.press("Continue").await;
    }
    window.press("Send my answers").await;
    window.sees("Thank you. Your answers are counted.").await;
    assert_counted(&app, &key, 1).await;
    window.goto("/staff/login").await;
    window.type_into("#email", STAFF_EMAIL).await;
    window.type_into("#password", STAFF_PASSWORD).await;
    window.press("Log in").await;
    window.sees("Set up your authenticator app").await;
}
