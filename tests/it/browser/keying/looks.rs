//! The desk in each of its states: axe finds nothing, and nothing scrolls sideways.

use std::time::Duration;

use countmein::{
    domain::keying::Pass,
    service::{batch_at_work, open_batch, work_on_batch},
};

use super::{ANN, BEN, CAT, ENTER, ESCAPE, FAST};
use crate::{
    browser::{
        audit::Tour,
        pages::{narrow_and_wide, tour},
    },
    support::{
        chromium::{NARROW, WIDE},
        paper::{accept, codes, coordinator, key_pile, keyer, open_attitudes},
    },
};

narrow_and_wide!(the_desk, async |mut tour: Tour| {
    let key = open_attitudes(&tour.app).await;
    let (ann, ben) = (keyer(&tour.app, ANN).await, keyer(&tour.app, BEN).await);
    let cat = coordinator(&tour.app, CAT).await;
    let codes = codes(&tour.app, &key, 3).await;
    accept(&tour.app, &ann, &key, &codes).await;
    let services = std::sync::Arc::clone(&tour.app.services);
    open_batch::open(&services, &cat, &key, 3, 3).await.unwrap();
    let base = format!("/staff/w/{key}/batches/1");
    tour.log_in(ANN).await;
    tour.visit("desk-not-taken", &format!("{base}/key")).await;
    tour.window.press("Take this pile").await;
    tour.window.find(".scripted").await;
    tour.look("desk-begin").await;
    tour.window.keys("f", FAST).await;
    tour.look("desk-early-end").await;
    tour.window.keys(&ESCAPE.to_string(), FAST).await;
    tour.window.keys("12-?", FAST).await;
    tour.look("desk-keying").await;
    tour.window
        .keys(&format!("345{ENTER}1111111{ENTER}s"), FAST)
        .await;
    tour.look("desk-spoilt").await;
    tour.window.keys(&format!("{ENTER}"), FAST).await;
    tour.window.sees("End of the pile?").await;
    tour.look("desk-end").await;
    tour.window.keys(&ENTER.to_string(), FAST).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    key_pile(
        &tour.app,
        &ben,
        &key,
        1,
        Pass::Second,
        &["1245345", "1111111", "1111111"],
    )
    .await;
    work_on_batch::claim(&services, &cat, &key, 1)
        .await
        .unwrap();
    tour.log_in(CAT).await;
    tour.visit("desk-differences", &format!("{base}/differences"))
        .await;
    tour.window.keys(&format!("3?{ENTER}"), FAST).await;
    tour.look("desk-differences-whole").await;
    tour.window.keys("a11", FAST).await;
    tour.look("desk-differences-marks").await;
    tour.end();
});

narrow_and_wide!(the_desk_with_a_ballot, async |mut tour: Tour| {
    tour.app.load("citizen-priorities-knapsack").await;
    let key = tour.app.open("citizen-priorities-knapsack/now").await;
    let ann = keyer(&tour.app, ANN).await;
    let codes = codes(&tour.app, &key, 2).await;
    accept(&tour.app, &ann, &key, &codes).await;
    let services = std::sync::Arc::clone(&tour.app.services);
    open_batch::open(&services, &ann, &key, 2, 2).await.unwrap();
    work_on_batch::claim(&services, &ann, &key, 1)
        .await
        .unwrap();
    tour.log_in(ANN).await;
    tour.visit("desk-ballot", &format!("/staff/w/{key}/batches/1/key"))
        .await;
    tour.window.keys("0102?070505", FAST).await;
    tour.look("desk-ballot-marked").await;
    tour.window.keys("03040506", FAST).await;
    tour.look("desk-ballot-over").await;
    tour.window.keys(&format!("{ENTER}-{ENTER}"), FAST).await;
    tour.window.sees("All 2 sheets are keyed").await;
    tour.window.find("[data-waiting=\"0\"]").await;
    let batch = batch_at_work::find(&services, &key, 1).await.unwrap().1;
    let contents: Vec<String> = batch
        .state
        .papers()
        .of(Pass::First)
        .into_iter()
        .flat_map(|entries| entries.values())
        .map(|entry| entry.content.to_string())
        .collect();
    assert_eq!(contents, ["111111?00000", "=blank"]);
    tour.end();
});
