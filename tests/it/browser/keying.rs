//! A person at the desk, with the keyboard alone: every key counts once, at whatever speed and on
//! whatever network, and the pages can be used by everyone.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use countmein::{
    domain::{
        audit::Actor,
        key::WaveKey,
        keying::{Batch, Pass, StateName},
    },
    service::{batch_at_work, open_batch, work_on_batch},
};

use super::{
    audit::Tour,
    pages::{narrow_and_wide, tour},
};
use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, NARROW, Scripts, WIDE},
    paper::{accept, codes, coordinator, key_one, key_pile, keyer, open_attitudes, typed},
};

const ENTER: char = '\u{E007}';
const BACKSPACE: char = '\u{E003}';
const PAGE_UP: char = '\u{E00E}';
const FAST: Duration = Duration::from_millis(12);
/// Fifteen keys a second.
const SPRINT: Duration = Duration::from_millis(66);
const ANN: &str = "ann@x.org";
const BEN: &str = "ben@x.org";
const CAT: &str = "cat@x.org";

struct Office {
    app: TestApp,
    key: WaveKey,
    ann: Actor,
    ben: Actor,
    cat: Actor,
    window: Chromium,
}

impl Office {
    /// So many batches of so many sheets.
    async fn open(batches: u32, sheets: u32) -> Self {
        let app = TestApp::start(Backend::Sqlite).await;
        let key = open_attitudes(&app).await;
        let window = Chromium::start(&app, WIDE, Scripts::On).await;
        let office = Self::of(app, key, window).await;
        office.batches(batches, sheets).await;
        office
    }

    async fn of(app: TestApp, key: WaveKey, window: Chromium) -> Self {
        Self {
            ann: keyer(&app, ANN).await,
            ben: keyer(&app, BEN).await,
            cat: coordinator(&app, CAT).await,
            app,
            key,
            window,
        }
    }

    async fn batches(&self, batches: u32, sheets: u32) {
        let count = usize::try_from(batches * sheets).unwrap();
        let codes = codes(&self.app, &self.key, count).await;
        accept(&self.app, &self.ann, &self.key, &codes).await;
        for _ in 0..batches {
            open_batch::open(&self.app.services, &self.cat, &self.key, sheets, sheets)
                .await
                .unwrap();
        }
    }

    fn page(&self, number: u32, page: &str) -> String {
        format!("/staff/w/{}/batches/{number}/{page}", self.key)
    }

    async fn claim(&self, who: &Actor, number: u32) {
        work_on_batch::claim(&self.app.services, who, &self.key, number)
            .await
            .unwrap();
    }

    /// Takes a pile and sits down at it.
    async fn sit_down(&self, who: &Actor, number: u32) {
        self.claim(who, number).await;
        self.window.goto(&self.page(number, "key")).await;
        self.window.find(".scripted").await;
    }

    async fn batch(&self, number: u32) -> Batch {
        let found = batch_at_work::find(&self.app.services, &self.key, number).await;
        found.unwrap().1
    }

    /// Every sheet of a pass, with its number of versions.
    async fn keyed(&self, number: u32, pass: Pass) -> Vec<(u32, String)> {
        let batch = self.batch(number).await;
        let entries = batch.state.papers().of(pass).cloned().unwrap_or_default();
        entries
            .into_values()
            .map(|entry| (entry.revision, entry.content.to_string()))
            .collect()
    }

    /// Waits until the server has all that was keyed.
    async fn saved(&self) {
        let start = Instant::now();
        let waiting = "return document.querySelector('[data-status]').dataset.waiting";
        while self.window.run(waiting).await != "0" {
            assert!(
                start.elapsed() < Duration::from_secs(40),
                "sheets still wait"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the page has gone on to the list of batches.
    async fn gone(&self) {
        let start = Instant::now();
        let list = format!("/staff/w/{}/batches", self.key);
        while self.window.path().await != list {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{}",
                self.window.path().await
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// What stands on a sheet of paper: always the same for the same number.
fn paper(sheet: u32) -> String {
    (0..7)
        .map(|item| match (sheet * 7 + item * 3) % 23 {
            0 => '-',
            1 => '?',
            2 => '*',
            other => char::from_digit(other % 5 + 1, 10).unwrap(),
        })
        .collect()
}

fn once(sheets: impl Iterator<Item = u32>) -> Vec<(u32, String)> {
    sheets.map(|sheet| (1, paper(sheet))).collect()
}

/// Milliseconds from each key to the next picture of the page.
const TIME_KEYS: &str = "window.paints = [];
    addEventListener('keydown', event => {
        const start = event.timeStamp;
        requestAnimationFrame(() => setTimeout(() => paints.push(performance.now() - start)));
    }, true)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn two_hundred_sheets_take_one_key_an_item_and_one_a_sheet() {
    let office = Office::open(8, 25).await;
    office.window.enter(&office.app, ANN).await;
    let (mut keys, mut busy, mut paints) = (0, Duration::ZERO, Vec::new());
    for number in 1..=8 {
        office.sit_down(&office.ann, number).await;
        office.window.run(TIME_KEYS).await;
        let mut hand = String::new();
        for sheet in 1..=25 {
            let _ = write!(hand, "{}{ENTER}", paper(number * 100 + sheet));
        }
        hand.push(ENTER);
        keys += hand.chars().count();
        let start = Instant::now();
        office
            .window
            .keys(&hand[..hand.len() - ENTER.len_utf8()], FAST)
            .await;
        busy += start.elapsed();
        let all = office.window.run("return paints").await;
        paints.extend(
            all.as_array()
                .unwrap()
                .iter()
                .map(|ms| ms.as_f64().unwrap()),
        );
        office.window.keys(&ENTER.to_string(), FAST).await;
        office.gone().await;
        let expected = once((1..=25).map(|sheet| number * 100 + sheet));
        assert_eq!(office.keyed(number, Pass::First).await, expected);
        let state = StateName::of(&office.batch(number).await.state);
        assert_eq!(state, StateName::SecondKeying);
    }
    paints.sort_by(f64::total_cmp);
    let p99 = paints[paints.len() * 99 / 100];
    let each = f64::from(u32::try_from(keys).unwrap()) / 200.0;
    // 9,000 keys an hour, and four seconds to lay one sheet aside and look at the next.
    let seconds = each * 0.4 + 4.0;
    println!(
        "{keys} keys for 200 sheets of seven items: {each:.2} a sheet; {seconds:.1} s a sheet at 9,000 \
         keys an hour and 4 s of paper, {:.0} sheets an hour; the page itself took {:.0} ms a sheet, and \
         from a key to its picture {p99:.0} ms (99 of 100)",
        3600.0 / seconds,
        busy.as_secs_f64() * 1000.0 / 200.0,
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
    tokio::time::sleep(Duration::from_millis(1000)).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn slips_are_mended_with_keys_of_their_own() {
    let office = Office::open(1, 4).await;
    let window = &office.window;
    window.enter(&office.app, ANN).await;
    office.sit_down(&office.ann, 1).await;
    // Too early, then a wrong key and back.
    window.keys(&format!("123{ENTER}"), FAST).await;
    window.sees("Not keyed yet: question 4.").await;
    window.keys(&format!("4{BACKSPACE}5.0*{ENTER}"), FAST).await;
    // A key too many is no answer to anything.
    window.keys("11111112", FAST).await;
    window.sees("Is it one line too many?").await;
    window.keys(&ENTER.to_string(), FAST).await;
    // A sheet as a whole, taken back and said again.
    window.keys("s", FAST).await;
    window.sees("Sheet 3 is spoilt.").await;
    window.keys(&format!("{BACKSPACE}u{ENTER}"), FAST).await;
    window.keys("b", FAST).await;
    window.keys(&ENTER.to_string(), FAST).await;
    window.sees("All 4 sheets are keyed").await;
    // Back over two sheets to the second, of which the last answer was wrong.
    window
        .keys(&format!("{PAGE_UP}{PAGE_UP}{PAGE_UP}5{ENTER}"), FAST)
        .await;
    window.sees("All 4 sheets are keyed").await;
    office.saved().await;
    let content = |revision, text: &str| (revision, text.to_owned());
    let expected = [
        content(1, "1235?-*"),
        content(2, "5111111"),
        content(1, "=unreadable"),
        content(1, "=blank"),
    ];
    assert_eq!(office.keyed(1, Pass::First).await, expected);
    // Whoever types on over the end of the pile does not end it with the next Enter.
    window.keys(&format!("1234512{ENTER}"), FAST).await;
    window.sees("You typed on after the last sheet").await;
    let state = StateName::of(&office.batch(1).await.state);
    assert_eq!(state, StateName::FirstKeying);
    window.keys(&format!("m1234512{ENTER}"), FAST).await;
    window.sees("5 sheets are keyed, and 4 were counted").await;
    window.keys(&ENTER.to_string(), FAST).await;
    office.gone().await;
    let batch = office.batch(1).await;
    assert_eq!(StateName::of(&batch.state), StateName::Counting);
    assert_eq!(batch.state.papers().keyed_in(Pass::First), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_sheet_with_two_versions_waits_for_a_choice() {
    let office = Office::open(1, 3).await;
    let window = &office.window;
    window.enter(&office.app, ANN).await;
    office.sit_down(&office.ann, 1).await;
    // The same person on another machine.
    let elsewhere = typed(Pass::First, 1, "1111111");
    key_one(&office.app, &office.ann, &office.key, 1, elsewhere)
        .await
        .unwrap();
    window
        .keys(&format!("2222222{ENTER}{}{ENTER}", paper(2)), FAST)
        .await;
    window
        .sees("Sheet 1 has two versions. Press V to choose.")
        .await;
    office.saved().await;
    // Keying goes on, and no key of it is taken for the choice.
    window.keys(&format!("1212121{ENTER}"), FAST).await;
    office.saved().await;
    assert_eq!(
        office.keyed(1, Pass::First).await[0],
        (1, "1111111".to_owned())
    );
    window.keys("v", FAST).await;
    window.sees("2 saves what you keyed: 2222222").await;
    window.picture("desk-two-versions").await;
    window.keys("2", FAST).await;
    office.saved().await;
    let expected = [
        (2, "2222222".to_owned()),
        (1, paper(2)),
        (1, "1212121".to_owned()),
    ];
    assert_eq!(office.keyed(1, Pass::First).await, expected);
    window.sees("End of the pile?").await;
}

/// A sheet with a difference at one place, and at two.
fn keyed_wrong(sheet: u32) -> String {
    let mut wrong = paper(sheet).into_bytes();
    for place in [1, 4]
        .into_iter()
        .take(usize::try_from(sheet % 2 + 1).unwrap())
    {
        wrong[place] = if wrong[place] == b'1' { b'2' } else { b'1' };
    }
    String::from_utf8(wrong).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_difference_takes_two_keys_at_most() {
    let office = Office::open(1, 12).await;
    let truth: Vec<String> = (1..=12).map(paper).collect();
    let mut first = truth.clone();
    for sheet in [2, 5, 7, 8, 11] {
        first[usize::try_from(sheet).unwrap() - 1] = keyed_wrong(sheet);
    }
    "=spoilt".clone_into(&mut first[9]);
    let as_text = |sheets: &[String]| sheets.iter().map(String::clone).collect::<Vec<_>>();
    let (first, second) = (as_text(&first), as_text(&truth));
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let second: Vec<&str> = second.iter().map(String::as_str).collect();
    key_pile(
        &office.app,
        &office.ann,
        &office.key,
        1,
        Pass::First,
        &first,
    )
    .await;
    key_pile(
        &office.app,
        &office.ben,
        &office.key,
        1,
        Pass::Second,
        &second,
    )
    .await;
    let window = &office.window;
    window.enter(&office.app, CAT).await;
    office.claim(&office.cat, 1).await;
    window.goto(&office.page(1, "differences")).await;
    window.find(".scripted").await;
    window.sees("Take sheet 2 from the pile").await;
    let (mut keys, mut differences) = (0, 0);
    for sheet in [2, 5, 7, 8, 11] {
        if sheet == 11 {
            // Sheet 10 differs as a whole, and is keyed from the paper.
            window.sees("Take sheet 10 from the pile").await;
            window.keys(&format!("a{}{ENTER}", paper(10)), FAST).await;
        }
        let text = paper(sheet);
        let mut hand = text[1..2].to_owned();
        if sheet % 2 == 1 {
            hand.push_str(&text[4..5]);
        }
        differences += hand.len();
        hand.push(ENTER);
        keys += hand.chars().count();
        window.keys(&hand, SPRINT).await;
    }
    window.sees("6 sheets are decided on.").await;
    println!("{keys} keys for {differences} differences on 5 sheets");
    assert!(keys <= differences * 2);
    window.keys(&ENTER.to_string(), FAST).await;
    office.gone().await;
    let batch = office.batch(1).await;
    assert_eq!(StateName::of(&batch.state), StateName::Reconciled);
    let decided: Vec<String> = office
        .keyed(1, Pass::Decision)
        .await
        .into_iter()
        .map(|e| e.1)
        .collect();
    assert_eq!(decided, [2, 5, 7, 8, 10, 11].map(paper));
}

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
    tour.window.keys("12-?", FAST).await;
    tour.look("desk-keying").await;
    tour.window
        .keys(&format!("345{ENTER}1111111{ENTER}s"), FAST)
        .await;
    tour.look("desk-spoilt").await;
    tour.window.keys(&format!("{ENTER}"), FAST).await;
    tour.window.sees("End of the pile?").await;
    tour.look("desk-end").await;
    tour.window.keys("f", FAST).await;
    tour.look("desk-early-end").await;
    tour.window.keys("\u{E00C}", FAST).await;
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
