//! Sheets that wait: without a network, over a reload, and for the person who keyed them.

use std::time::Duration;

use countmein::domain::keying::Pass;

use super::{ANN, BEN, ENTER, FAST, Office, once, paper};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_lost_network_and_a_reload_lose_and_double_nothing() {
    let office = Office::open(1, 15).await;
    let window = &office.window;
    window.enter(&office.app, ANN).await;
    office.sit_down(&office.ann, 1).await;
    let hand = |sheet| format!("{}{ENTER}", paper(sheet));
    window.keys(&hand(1), FAST).await;
    office.saved().await;
    window.network(true, Duration::ZERO).await;
    for sheet in 2..=11 {
        window.keys(&hand(sheet), FAST).await;
    }
    window
        .sees("10 sheets wait: no connection. Go on keying.")
        .await;
    window.picture("desk-no-connection").await;
    window.keys(&paper(12)[..3], FAST).await;
    // The network is back, and slow; the page is loaded again while the first sheet is on its way.
    window.network(false, Duration::from_millis(900)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    window.network(false, Duration::ZERO).await;
    window.goto(&office.page(1, "key")).await;
    window.find(".scripted").await;
    let place = "return [document.querySelector('[data-sheet]').textContent, \
                 document.activeElement.dataset.place]";
    assert_eq!(window.run(place).await, serde_json::json!(["12", "3"]));
    window
        .keys(&format!("{}{ENTER}", &paper(12)[3..]), FAST)
        .await;
    for sheet in 13..=15 {
        window.keys(&hand(sheet), FAST).await;
    }
    window.sees("End of the pile?").await;
    office.saved().await;
    window.sees("All saved").await;
    assert_eq!(office.keyed(1, Pass::First).await, once(1..=15));
    // The end waits for the network as well.
    window.network(true, Duration::ZERO).await;
    window.keys(&ENTER.to_string(), FAST).await;
    window.sees("No connection: this is tried again.").await;
    window.network(false, Duration::ZERO).await;
    office.gone().await;
    let kept = window.run("return Object.keys(localStorage)").await;
    assert_eq!(kept, serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn sheets_wait_for_their_own_keyer() {
    let office = Office::open(2, 3).await;
    let window = &office.window;
    window.enter(&office.app, ANN).await;
    office.sit_down(&office.ann, 1).await;
    window.client.delete_all_cookies().await.unwrap();
    window.keys(&format!("{}{ENTER}12", paper(1)), FAST).await;
    window
        .sees("Log in again in another tab; your sheets are kept here.")
        .await;
    // Somebody else logs in at the same machine: Ann's page sends nothing in their name.
    let token = office.app.session(BEN).await;
    window
        .run(&format!(
            "document.cookie = 'countmein-staff={token}; path=/'"
        ))
        .await;
    window.sees("Somebody else has logged in here").await;
    assert_eq!(office.keyed(1, Pass::First).await, []);
    office.sit_down(&office.ben, 2).await;
    window.keys(&format!("{}{ENTER}", paper(21)), FAST).await;
    office.saved().await;
    assert_eq!(office.keyed(2, Pass::First).await, once(21..=21));
    window.enter(&office.app, ANN).await;
    window.goto(&office.page(1, "key")).await;
    office.saved().await;
    assert_eq!(office.keyed(1, Pass::First).await, once(1..=1));
    let typed = "return document.querySelector('[data-place=\"1\"]').value";
    assert_eq!(
        window.run(typed).await,
        "2",
        "the sheet under way is kept, too"
    );
}
