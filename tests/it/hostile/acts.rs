//! Reasons and e-mail addresses that stand in the record of acts: the pages of requests and users, the
//! record, its table, and the mails to those who were invited; and what is typed for a second factor.

use std::{collections::BTreeSet, time::Duration};

use countmein::{domain::two_person::Reason, service::open_batch, store::session::Stage};
use sea_orm::{EntityTrait, QueryOrder};

use super::{
    checks::{assert_no_formula, mail_shape},
    corpus, dom,
    paper::next_mail,
};
use crate::{
    service::samples::open_by_code,
    support::{
        Backend, STAFF_EMAIL, TWO_PEOPLE, TestApp,
        browsing::Browser,
        mime::Mail,
        on_both_backends,
        paper::{accept, keyer},
    },
};

const WAVE: &str = "/staff/w/co-production-attitudes/now";

/// Numbers and hashes differ from request to request, and from event to event.
fn same(value: &str) -> String {
    let value: String = value
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let mut value = value;
    while value.contains("00") {
        value = value.replace("00", "0");
    }
    value
}

/// Each distinct line of a page, so that longer tables are no difference.
async fn lines(staff: &Browser, path: &str) -> BTreeSet<String> {
    let page = staff.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    dom::read(&page.body, same).shape.into_iter().collect()
}

async fn ask(staff: &Browser, reason: &str) -> u16 {
    let fields = [("closes", "2038-12-31T23:59"), ("reason", reason)];
    let asked = staff.post(&format!("{WAVE}/ask/extend"), &fields).await;
    asked.status.as_u16()
}

/// Withdraws what waits, so that the next can be asked for.
async fn withdraw(app: &TestApp, staff: &Browser) {
    use countmein::store::entity::sensitive_act::{Column, Entity};
    let latest = Entity::find()
        .order_by_desc(Column::Id)
        .one(&app.services.db)
        .await
        .unwrap()
        .unwrap();
    let address = format!("/staff/requests/{}/withdraw", latest.id);
    assert_eq!(staff.post(&address, &[]).await.status, 303);
}

/// The elements of the page of requests: while one waits, and when all are decided.
async fn requests(app: &TestApp, texts: &[String]) {
    let staff = Browser::of_staff(app, TWO_PEOPLE[0]).await;
    let mut known = BTreeSet::new();
    for _ in 0..2 {
        assert_eq!(ask(&staff, "harmless words").await, 303);
        known.extend(lines(&staff, "/staff/requests").await);
        withdraw(app, &staff).await;
    }
    let mut taken = 0;
    for text in texts {
        match (ask(&staff, text).await, Reason::new(text)) {
            (303, Ok(_)) => taken += 1,
            (422, Err(_)) | (400, _) => continue,
            (status, read) => panic!("{text:?}: {status}, {read:?}"),
        }
        let found = lines(&staff, "/staff/requests").await;
        let strange = found.difference(&known).next();
        assert_eq!(strange, None, "{text:?} on the page of requests");
        withdraw(app, &staff).await;
    }
    println!("{taken} of {} reasons taken", texts.len());
    assert!(taken * 10 > texts.len() * 8, "{taken}");
}

async fn assert_known(staff: &Browser, pages: &[String], known: &BTreeSet<String>) {
    for page in pages {
        let found = lines(staff, page).await;
        assert_eq!(found.difference(known).next(), None, "on {page}");
    }
}

/// Counts a pile that stays in doubt, and starts another batch anew, with each text as the reason; the
/// pages of both show no other elements. The reasons that were taken.
async fn reasons_of_paper(app: &TestApp, texts: &[String]) -> BTreeSet<String> {
    let (key, codes) = open_by_code(app, 2).await;
    let ann = keyer(app, "ann@x.org").await;
    accept(app, &ann, &key, &codes).await;
    for (number, sheets) in [(1, 2), (2, 1)] {
        let opened = open_batch::open(&app.services, &ann, &key, 1, sheets).await;
        assert_eq!(opened.unwrap(), number);
    }
    let pages = [1, 2].map(|number| format!("/staff/w/{key}/batches/{number}"));
    let counters = [
        Browser::of_staff(app, TWO_PEOPLE[0]).await,
        Browser::of_staff(app, TWO_PEOPLE[1]).await,
    ];
    let staff = Browser::of_staff(app, STAFF_EMAIL).await;
    let (mut known, mut taken) = (BTreeSet::new(), BTreeSet::new());
    let harmless = ["harmless words".to_owned(), "more of them".to_owned()];
    for (number, text) in harmless.iter().chain(texts).enumerate() {
        let turn = taken.len() % 2;
        // Never the number of before, and never that of the envelopes.
        let fields = [("sheets", ["3", "4"][turn]), ("reason", text)];
        let counted = counters[turn]
            .post(&format!("{}/count-pile", pages[0]), &fields)
            .await;
        let anew = staff
            .post(&format!("{}/restart", pages[1]), &[("reason", text)])
            .await;
        assert_eq!(counted.status, anew.status, "{text:?}: {}", counted.body);
        match (counted.status.as_u16(), Reason::new(text)) {
            // Two texts can be one reason, and still each is one more count.
            (303, Ok(reason)) => taken.insert(format!("{number} {}", reason.as_str())),
            (422, Err(_)) | (400, _) => continue,
            (status, read) => panic!("{text:?}: {status}, {read:?}"),
        };
        if number < harmless.len() {
            for page in &pages {
                known.extend(lines(&staff, page).await);
            }
        } else if taken.len() % 20 == 0 {
            assert_known(&staff, &pages, &known).await;
        }
    }
    assert_known(&staff, &pages, &known).await;
    println!("{} of {} reasons of paper taken", taken.len(), texts.len());
    assert!(taken.len() * 10 > texts.len() * 8, "{}", taken.len());
    taken
        .into_iter()
        .filter_map(|reason| Some(reason.split_once(' ')?.1.to_owned()))
        .collect()
}

/// Those whom the strings, as names of mailboxes, are addresses of.
async fn invited(staff: &Browser, texts: &[String]) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let mut taken = BTreeSet::new();
    let addresses = texts.iter().map(|text| format!("{text}@example.org"));
    for address in ["harmless@example.org".to_owned()]
        .into_iter()
        .chain(addresses)
    {
        let fields = [("email", address.as_str()), ("role", "facilitator")];
        let answer = staff.post("/staff/users", &fields).await;
        let Some(page) = answer.location else {
            let status = answer.status.as_u16();
            assert!([400, 422].contains(&status), "{address:?}: {status}");
            continue;
        };
        let found = lines(staff, &page).await;
        if known.is_empty() {
            known.clone_from(&found);
        }
        let strange = found.difference(&known).next();
        assert_eq!(strange, None, "{address:?} on the page of a user");
        taken.insert(address.trim().to_lowercase());
    }
    taken
}

/// One mail for each, to nobody else.
async fn assert_mails(app: &TestApp, invited: &BTreeSet<String>) {
    let mut told = BTreeSet::new();
    let mut harmless = None;
    while told.len() < invited.len() {
        let mail = next_mail(app).await;
        let to = Mail::read(&mail).header("To").replace('"', "");
        if to == STAFF_EMAIL || TWO_PEOPLE.contains(&to.as_str()) {
            continue;
        }
        let shape = mail_shape(&mail);
        assert_eq!(*harmless.get_or_insert_with(|| shape.clone()), shape);
        assert!(invited.contains(&to), "{to:?} got a mail");
        assert!(told.insert(to), "two mails to one person");
    }
    assert_eq!(told, *invited);
}

/// All pages of the record with one act have the same elements. How often they say something.
async fn assert_pages(staff: &Browser, act: &str, says: &str) -> usize {
    let mut pages = BTreeSet::new();
    let mut page = Some(format!("/staff/audit?act={act}"));
    let mut first = None;
    let mut shown = 0;
    while let Some(path) = page {
        let found = staff.get(&path).await;
        assert_eq!(found.status, 200, "{}", found.body);
        assert!(pages.insert(path), "the same page twice");
        shown += found.body.matches(says).count();
        let lines: BTreeSet<String> = dom::read(&found.body, same).shape.into_iter().collect();
        let known: &BTreeSet<String> = first.get_or_insert_with(|| lines.clone());
        // Only the first page has no way to newer events.
        let strange = lines.difference(known).find(|line| !line.contains("page="));
        assert_eq!(strange, None, "in the record of acts");
        page = older(&found.body);
    }
    shown
}

/// The record and its table, which name whom an act was about and why it was done.
async fn assert_record(staff: &Browser, invited: &BTreeSet<String>, reasons: &BTreeSet<String>) {
    let shown = assert_pages(staff, "user-invited", "example.org").await;
    assert!(shown >= invited.len(), "{shown} of {}", invited.len());
    let shown = assert_pages(staff, "batch-restarted", "citizen-priorities-knapsack/now").await;
    assert!(shown >= reasons.len(), "{shown} of {}", reasons.len());
    let request = staff.form("/staff/audit.csv", &[]);
    let csv = request.send().await.unwrap().text().await.unwrap();
    let widths: BTreeSet<usize> = assert_no_formula("audit.csv", &csv).into_iter().collect();
    assert_eq!(widths.len(), 1, "rows of {widths:?} cells");
    for text in invited.iter().chain(reasons) {
        let cell = text.replace('"', "\"\"");
        assert!(csv.contains(&cell), "{text} is not in the table");
    }
}

/// Where a page of the record leads to older events.
fn older(html: &str) -> Option<String> {
    let (before, _) = html.split_once(">Older")?;
    let (_, address) = before.rsplit_once("href=\"")?;
    let (address, _) = address.split_once('"')?;
    Some(address.replace("&#38;", "&").replace("&#61;", "="))
}

/// In place of a second factor: the answer is the same page, to the letter. After each, so much time
/// passes that wrong ones are answered again.
async fn second_factors(app: &TestApp, texts: &[String]) {
    let wrong = async |text: &str| {
        app.advance(Duration::from_hours(1));
        let token = app.session_at(STAFF_EMAIL, Stage::Password).await;
        let half = Browser::with_token(app, &token);
        half.post("/staff/login/code", &[("code", text)]).await
    };
    let usual = wrong("wrong").await;
    assert_eq!(usual.status, 422, "{}", usual.body);
    for text in texts {
        let page = wrong(text).await;
        if text.contains(['\0', char::REPLACEMENT_CHARACTER]) {
            assert_eq!(page.status, 400, "{text:?}");
        } else {
            assert_eq!(page.status, 422, "{text:?}");
            assert_eq!(page.body, usual.body, "{text:?}");
        }
    }
}

async fn on_record(backend: Backend, texts: Vec<String>) {
    let app = TestApp::start(backend).await;
    app.load("co-production-attitudes").await;
    app.open("co-production-attitudes/now").await;
    app.two_people().await;
    app.add_staff().await;
    let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
    requests(&app, &texts).await;
    let reasons = reasons_of_paper(&app, &texts).await;
    let invited = invited(&staff, &texts).await;
    println!("{} addresses invited", invited.len());
    assert!(invited.len() > texts.len() / 50, "{invited:?}");
    assert_mails(&app, &invited).await;
    assert_record(&staff, &invited, &reasons).await;
    second_factors(&app, &texts).await;
    let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
    let listed = lines(&staff, "/staff/users").await;
    let strange = listed.iter().find(|line| line.contains("hostile"));
    assert_eq!(strange, None, "on the page of users");
}

on_both_backends!(
    a_sample_stands_on_record_as_text,
    async |backend: Backend| {
        let sample = corpus::all().into_iter().step_by(20).collect();
        on_record(backend, sample).await;
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute: run tests/run"]
async fn everything_stands_on_record_as_text() {
    on_record(Backend::Sqlite, corpus::all()).await;
}
