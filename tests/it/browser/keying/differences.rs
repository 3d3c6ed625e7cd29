//! Deciding where two keyings differ.

use countmein::domain::keying::{Pass, StateName};

use super::{CAT, ENTER, FAST, Office, SPRINT, paper};
use crate::support::paper::key_pile;

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

/// Twelve sheets; five have a difference or two, and the tenth was taken for spoilt.
async fn keyed_twice() -> Office {
    let office = Office::open(1, 12).await;
    let truth: Vec<String> = (1..=12).map(paper).collect();
    let mut first = truth.clone();
    for sheet in [2, 5, 7, 8, 11] {
        first[usize::try_from(sheet).unwrap() - 1] = keyed_wrong(sheet);
    }
    "=spoilt".clone_into(&mut first[9]);
    for (who, pass, sheets) in [
        (&office.ann, Pass::First, first),
        (&office.ben, Pass::Second, truth),
    ] {
        let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
        key_pile(&office.app, who, &office.key, 1, pass, &sheets).await;
    }
    office
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_difference_takes_two_keys_at_most() {
    let office = keyed_twice().await;
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
