//! How many keys a pile takes, and that each of them counts at whatever speed.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use countmein::domain::keying::{Pass, StateName};
use serde_json::Value;

use super::{ANN, ENTER, FAST, Office, SPRINT, once, paper};

/// Milliseconds that the page takes over each key, and until its next picture shows what came of it.
const TIME_KEYS: &str = "window.times = { busy: [], picture: [] };
    let start = 0;
    addEventListener('keydown', () => {
        const now = start = performance.now();
        requestAnimationFrame(() => setTimeout(() => times.picture.push(performance.now() - now)));
    }, true);
    addEventListener('keydown', () => times.busy.push(performance.now() - start))";

/// Ninety-nine of a hundred of these took no longer.
fn p99(times: &[Value], what: &str) -> f64 {
    let mut all: Vec<f64> = times
        .iter()
        .flat_map(|some| some[what].as_array().unwrap())
        .map(|ms| ms.as_f64().unwrap())
        .collect();
    all.sort_by(f64::total_cmp);
    all[all.len() * 99 / 100]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn two_hundred_sheets_take_one_key_an_item_and_one_a_sheet() {
    let office = Office::open(8, 25).await;
    office.window.enter(&office.app, ANN).await;
    let (mut keys, mut times) = (0, Vec::new());
    for number in 1..=8 {
        office.sit_down(&office.ann, number).await;
        office.window.run(TIME_KEYS).await;
        let mut hand = String::new();
        for sheet in 1..=25 {
            let _ = write!(hand, "{}{ENTER}", paper(number * 100 + sheet));
        }
        hand.push(ENTER);
        keys += hand.chars().count();
        let all_but_the_end = &hand[..hand.len() - ENTER.len_utf8()];
        office.window.keys(all_but_the_end, FAST).await;
        times.push(office.window.run("return times").await);
        office.window.keys(&ENTER.to_string(), FAST).await;
        office.gone().await;
        let expected = once((1..=25).map(|sheet| number * 100 + sheet));
        assert_eq!(office.keyed(number, Pass::First).await, expected);
        let state = StateName::of(&office.batch(number).await.state);
        assert_eq!(state, StateName::SecondKeying);
    }
    let each = f64::from(u32::try_from(keys).unwrap()) / 200.0;
    // 9,000 keys an hour, and four seconds to lay one sheet aside and look at the next.
    let seconds = each * 0.4 + 4.0;
    println!(
        "{keys} keys for 200 sheets of seven items: {each:.2} a sheet; {seconds:.1} s a sheet at 9,000 \
         keys an hour and 4 s of paper, {:.0} sheets an hour; of 100 keys 99 took the page at most {:.1} \
         ms, and were seen after {:.0} ms",
        3600.0 / seconds,
        p99(&times, "busy"),
        p99(&times, "picture"),
    );
    assert!(keys <= 200 * (7 + 2), "{keys} keys");
    assert!(3600.0 / seconds >= 360.0, "{seconds} s a sheet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn no_key_is_lost_at_fifteen_a_second_on_a_slow_network() {
    let office = Office::open(1, 20).await;
    office.window.enter(&office.app, ANN).await;
    office.sit_down(&office.ann, 1).await;
    office
        .window
        .network(false, Duration::from_millis(300))
        .await;
    let mut hand = String::new();
    for sheet in 1..=20 {
        let _ = write!(hand, "{}{ENTER}", paper(sheet));
    }
    let count = u32::try_from(hand.chars().count()).unwrap();
    let start = Instant::now();
    office.window.keys(&hand, SPRINT).await;
    let took = start.elapsed();
    office.window.sees("End of the pile?").await;
    office.saved().await;
    println!(
        "{count} keys in {took:.2?}, {:.1} a second",
        f64::from(count) / took.as_secs_f64()
    );
    assert_eq!(office.keyed(1, Pass::First).await, once(1..=20));
}
