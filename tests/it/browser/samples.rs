//! Surveys and waves in every state that has a page of its own.

use std::time::Duration;

use countmein::{
    domain::{key::WaveKey, wave::TransitionError},
    service::{
        close_wave::{self, CloseError},
        import_counts,
        import_responses::{self, Options},
    },
};

use crate::support::{TestApp, operator, repository_file};

/// Every kind of question, each of which has to be answered.
pub const KINDS: &str = r#"
key = "every-kind"
languages = ["en"]
title = "Every kind of question"
intro = "For the tests."
pages = "one-question"

[scales.agreement]
points = [
    { key = "strongly-agree", text = "Strongly agree" },
    { key = "agree", text = "Agree" },
    { key = "not-sure", text = "Not sure" },
    { key = "disagree", text = "Disagree" },
    { key = "strongly-disagree", text = "Strongly disagree" },
]

[[item]]
key = "heard"
kind = "likert"
scale = "agreement"
required = true
text = "The council listens to people like me"

[[item]]
key = "age"
kind = "choice"
required = true
text = "How old are you?"
help = "We ask so that we can see whose voices are missing."
options = [
    { key = "under-30", text = "Under 30" },
    { key = "30-and-over", text = "30 and over" },
]

[[item]]
key = "projects"
kind = "ballot"
required = true
text = "Which project should come first?"
budget = 150000
currency = "GBP"
method = "approval"
limit = 1
rule = "greedy"

[[item.project]]
key = "benches"
text = "Twelve new benches"
description = "Along the High Street and in the park."
cost = 9000

[[item.project]]
key = "trees"
text = "Sixty street trees"
description = "Planted where residents ask for them."
cost = 18000

[[wave]]
name = "now"
title = "Now"
opens = 2026-01-01T00:00:00+00:00
closes = 2036-12-31T23:59:59.999+00:00
access = "open"
channels = ["online"]
frame = "open"
results = "live"
"#;

/// Both workshops of 2012, with their totals, published.
pub async fn publish_workshops(app: &TestApp) {
    app.load("co-production-attitudes").await;
    for month in ["january", "april"] {
        let key = app.open(&format!("co-production-attitudes/{month}")).await;
        let file = format!("surveys/samples/co-production-attitudes-{month}.csv");
        let file = repository_file(&file);
        import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false)
            .await
            .unwrap();
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        match close_wave::close(&app.services, &operator(), &key).await {
            // The second: the server's own schedule was quicker.
            Ok(_) | Err(CloseError::Transition(TransitionError::Close(_))) => {}
            Err(error) => panic!("{error}"),
        }
        app.publish(&key).await;
    }
}

/// The wave that is open now, with the sample answers, which anyone may watch.
pub async fn open_survey(app: &TestApp) {
    let key = app.open("co-production-attitudes/now").await;
    let file = repository_file("surveys/samples/co-production-attitudes-now.csv");
    import_responses::import(
        &app.services,
        &operator(),
        &key,
        file.as_bytes(),
        Options::default(),
    )
    .await
    .unwrap();
}

/// An open ballot with the sample votes, which anyone may watch.
pub async fn open_ballot(app: &TestApp) -> WaveKey {
    app.load("citizen-priorities").await;
    let key = app.open("citizen-priorities/now").await;
    let file = repository_file("surveys/samples/citizen-priorities.csv");
    import_responses::import(
        &app.services,
        &operator(),
        &key,
        file.as_bytes(),
        Options::default(),
    )
    .await
    .unwrap();
    key
}

/// Ends the taking of answers, as of a moment ago.
pub async fn stop(app: &TestApp, key: &WaveKey) {
    let closes = close_wave::stop_collecting(&app.services, &operator(), key)
        .await
        .unwrap();
    app.set_clock(closes + Duration::from_secs(1));
}
