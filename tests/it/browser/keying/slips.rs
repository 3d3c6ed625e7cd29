//! What goes wrong at a desk, and the keys that mend it.

use countmein::{
    domain::keying::{Pass, SampledPlan, StateName},
    service::open_batch,
};

use super::{ANN, ARROW_DOWN, BACKSPACE, BEN, ENTER, FAST, Office, PAGE_UP, once, paper};
use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, Scripts, WIDE},
    paper::{key_one, key_pile, typed},
};

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
    window.sees("2 saves what you keyed").await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn half_a_number_on_a_ballot_is_not_left_behind() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.load("citizen-priorities-knapsack").await;
    let key = app.open("citizen-priorities-knapsack/now").await;
    let window = Chromium::start(&app, WIDE, Scripts::On).await;
    let office = Office::of(app, key, window).await;
    office.batches(1, 2).await;
    let window = &office.window;
    window.enter(&office.app, ANN).await;
    office.sit_down(&office.ann, 1).await;
    // Twelve projects: a 3 waits for another digit, or for Enter.
    window.keys(&format!("123{ARROW_DOWN}{ENTER}"), FAST).await;
    window.sees("A number is not typed to its end here").await;
    window.keys(&ENTER.to_string(), FAST).await;
    office.saved().await;
    window.keys(&format!("043{PAGE_UP}"), FAST).await;
    window.sees("A number is not typed to its end here").await;
    window.keys(&format!("{BACKSPACE}{ENTER}"), FAST).await;
    office.saved().await;
    let expected = [
        (1, "001000000001".to_owned()),
        (1, "000100000000".to_owned()),
    ];
    assert_eq!(office.keyed(1, Pass::First).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_pile_may_end_before_its_count() {
    let office = Office::open(2, 3).await;
    let window = &office.window;
    window.enter(&office.app, ANN).await;
    office.sit_down(&office.ann, 1).await;
    window.keys(&format!("{}{ENTER}f", paper(1)), FAST).await;
    window.sees("The pile ends after 1 of 3 sheets").await;
    window.keys(&ENTER.to_string(), FAST).await;
    office.gone().await;
    let batch = office.batch(1).await;
    assert_eq!(StateName::of(&batch.state), StateName::Counting);
    assert_eq!(office.keyed(1, Pass::First).await, once(1..=1));
    // In the second keying whoever keys says how many sheets there are.
    let sheets: Vec<String> = (1..=3).map(paper).collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    key_pile(
        &office.app,
        &office.ann,
        &office.key,
        2,
        Pass::First,
        &sheets,
    )
    .await;
    window.enter(&office.app, BEN).await;
    office.sit_down(&office.ben, 2).await;
    window
        .keys(&format!("{}{ENTER}f2{ENTER}", paper(1)), FAST)
        .await;
    office.gone().await;
    let batch = office.batch(2).await;
    assert_eq!(StateName::of(&batch.state), StateName::Counting);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_sample_names_each_sheet_to_take() {
    let office = Office::open(0, 0).await;
    let window = &office.window;
    let plan = SampledPlan::new(30, 0).unwrap();
    open_batch::choose_plan(&office.app.services, &office.cat, &office.key, Some(plan))
        .await
        .unwrap();
    office.batches(1, 10).await;
    let sheets: Vec<String> = (1..=10).map(paper).collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    key_pile(
        &office.app,
        &office.ann,
        &office.key,
        1,
        Pass::First,
        &sheets,
    )
    .await;
    let wanted = office.batch(1).await.state.papers().wanted();
    assert_eq!(wanted.len(), 3);
    window.enter(&office.app, BEN).await;
    office.sit_down(&office.ben, 1).await;
    for sheet in wanted {
        window
            .sees(&format!("Take sheet {sheet} from the pile."))
            .await;
        window.keys(&format!("{}{ENTER}", paper(sheet)), FAST).await;
    }
    window
        .sees("The 3 sheets of the sample are keyed, out of 10.")
        .await;
    window.keys(&ENTER.to_string(), FAST).await;
    office.gone().await;
    let batch = office.batch(1).await;
    assert_eq!(StateName::of(&batch.state), StateName::Reconciled);
}
