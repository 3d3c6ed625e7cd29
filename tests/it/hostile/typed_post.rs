//! What is typed at the mail bag, at a batch and at the desk where its sheets are keyed, by staff
//! whose browser runs no scripts.

use std::hash::{DefaultHasher, Hash, Hasher};

use countmein::{
    domain::{envelope::Arrival, keying::Pass},
    service::open_batch,
};

use super::typed::{Typing, get};
use crate::{
    service::samples::open_by_code,
    support::{
        TestApp,
        browsing::Browser,
        paper::{accept, bag, key_pile, keyer},
    },
};

const WAVE: &str = "/staff/w/citizen-priorities-knapsack/now";
const BAGS: &str = "/staff/w/citizen-priorities-knapsack/now/post/bags";
const BAG: &str = "/staff/w/citizen-priorities-knapsack/now/post/bags/1";
const PLAIN_BAG: &str = "/staff/w/co-production-attitudes/now/post/bags/2";
const BATCHES: &str = "/staff/w/citizen-priorities-knapsack/now/batches";

/// In its first keying, on the desk of whoever types.
const KEYED: &str = "/staff/w/citizen-priorities-knapsack/now/batches/1";
/// Its pile has another number of sheets than there were envelopes.
const DOUBTED: &str = "/staff/w/citizen-priorities-knapsack/now/batches/2";
/// On no desk.
const FRESH: &str = "/staff/w/citizen-priorities-knapsack/now/batches/3";
/// Keyed in two ways, and on the desk of whoever types.
const DIFFERENT: &str = "/staff/w/citizen-priorities-knapsack/now/batches/4";

/// **A new field is one more line here.**
pub const FIELDS: &[(&str, Typing)] = &[
    ("code of an envelope", |b, text| {
        let fields = [("kind", "code"), ("scan", &*once(text)), ("code", text)];
        b.form(BAG, &fields)
    }),
    ("code of a second envelope", |b, text| {
        let scan = once(text);
        let fields = [("kind", "code"), ("scan", &*scan), ("code", text)];
        b.form(BAG, &[&fields[..], &[("second", "1")]].concat())
    }),
    ("scan", |b, text| {
        b.form(BAG, &[("kind", "code"), ("scan", text), ("code", text)])
    }),
    ("kind of envelope", |b, text| {
        b.form(BAG, &[("kind", text), ("scan", &*once(text))])
    }),
    ("envelopes without codes", |b, text| {
        let fields = [("kind", "plain"), ("scan", &*once(text)), ("count", text)];
        b.form(PLAIN_BAG, &fields)
    }),
    ("arrival", |b, text| b.form(BAGS, &[("arrival", text)])),
    ("bag", |b, text| get(b, &[BAGS, "", "/", text])),
    ("batch", |b, text| get(b, &[BATCHES, "", "/", text])),
    ("list of batches", |b, text| {
        get(b, &[BATCHES, "", "?state=", text, "&page=", text])
    }),
    ("envelopes of a batch", |b, text| {
        b.form(BATCHES, &[("envelopes", text), ("sheets", "none")])
    }),
    ("sheets of a batch", |b, text| {
        b.form(BATCHES, &[("envelopes", "200"), ("sheets", text)])
    }),
    ("sample of a batch", |b, text| {
        let fields = [("plan", "sampled"), ("percent", text), ("accepted", text)];
        b.form(&format!("{BATCHES}/plan"), &fields)
    }),
    ("sheets of a pile", |b, text| {
        let path = format!("{DOUBTED}/count-pile");
        b.form(&path, &[("sheets", text), ("reason", text)])
    }),
    ("reason of another count", |b, text| {
        let path = format!("{DOUBTED}/count-pile");
        b.form(&path, &[("sheets", "3"), ("reason", text)])
    }),
    ("reason of a new start", |b, text| {
        b.form(&format!("{FRESH}/restart"), &[("reason", text)])
    }),
    ("place of a sheet that is keyed", |b, text| {
        key(b, text, ("p0", text))
    }),
    ("sheet as a whole", |b, text| key(b, text, ("whole", text))),
    ("content of a sheet", |b, text| {
        key(b, text, ("content", text))
    }),
    ("pass", |b, text| key(b, text, ("pass", text))),
    ("round", |b, text| key(b, text, ("round", text))),
    ("keyer", |b, text| key(b, text, ("who", text))),
    ("sheet", |b, text| key(b, text, ("sheet", text))),
    ("version of a sheet", |b, text| key(b, text, ("seen", text))),
    ("save", |b, text| key(b, text, ("client", text))),
    ("time of a sheet", |b, text| key(b, text, ("seconds", text))),
    ("sheet that is asked for", |b, text| {
        get(b, &[KEYED, "", "/key?sheet=", text])
    }),
    ("sheets that were found", |b, text| {
        let path = format!("{KEYED}/finish");
        b.form(&path, &[("pass", "second"), ("found", text)])
    }),
    ("decided place", |b, text| decide(b, text, ("p0", text))),
    ("decided sheet", |b, text| decide(b, text, ("whole", text))),
    ("content of a decision", |b, text| {
        decide(b, text, ("content", text))
    }),
];

/// The fields of a save of the first sheet, one of them as it was typed.
fn save(
    b: &Browser,
    path: &str,
    pass: &str,
    text: &str,
    typed: (&str, &str),
) -> reqwest::RequestBuilder {
    let client = once(text);
    let usual = [
        ("pass", pass),
        ("sheet", "1"),
        ("seen", "0"),
        ("client", &*client),
        ("p0", "none"),
    ];
    let others = usual.into_iter().filter(|(name, _)| *name != typed.0);
    let fields: Vec<(&str, &str)> = others.chain([typed]).collect();
    b.form(path, &fields)
}

fn key(b: &Browser, text: &str, typed: (&str, &str)) -> reqwest::RequestBuilder {
    save(b, &format!("{KEYED}/key"), "first", text, typed)
}

fn decide(b: &Browser, text: &str, typed: (&str, &str)) -> reqwest::RequestBuilder {
    let path = format!("{DIFFERENT}/differences");
    save(b, &path, "decision", text, typed)
}

/// Another number for each text, as a browser draws one for each scan and each save.
fn once(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:032x}", hasher.finish())
}

/// A bag of each kind, and a batch in each state in which something is typed.
pub async fn prepare(app: &TestApp, staff: &Browser) {
    let (key, codes) = open_by_code(app, 5).await;
    let (ann, ben) = (keyer(app, "ann@x.org").await, keyer(app, "ben@x.org").await);
    accept(app, &ann, &key, &codes).await;
    let plain = "co-production-attitudes/now".parse().unwrap();
    bag(app, &ann, &plain, Arrival::InTime).await;
    for (number, sheets) in [(1, 1), (2, 2), (3, 1), (4, 1)] {
        let opened = open_batch::open(&app.services, &ann, &key, 1, sheets).await;
        assert_eq!(opened.unwrap(), number);
    }
    let (first, second) = ("1".repeat(12), format!("{:0<12}", "1"));
    key_pile(app, &ann, &key, 4, Pass::First, &[&first]).await;
    key_pile(app, &ben, &key, 4, Pass::Second, &[&second]).await;
    for batch in [KEYED, DIFFERENT] {
        let taken = staff.post(&format!("{batch}/claim"), &[]).await;
        assert_eq!(taken.status, 303, "{}", taken.body);
    }
    let post = staff.get(&format!("{WAVE}/post")).await;
    assert_eq!(post.status, 200, "{}", post.body);
}
