//! Keying a pile and deciding on its differences, with forms alone: nobody sees another's keying before
//! the time, and nothing is lost or written over unseen.

use countmein::{
    domain::{
        audit::Actor,
        key::WaveKey,
        keying::{Pass, StateName},
    },
    service::{batch_at_work, open_batch},
};

use crate::support::{
    TestApp,
    browsing::{Browser, Page},
    on_both,
    paper::{accept, codes, coordinator, key_pile, keyer, open_attitudes, random_id},
};

const ANN: &str = "ann@x.org";
const BEN: &str = "ben@x.org";
const CAT: &str = "cat@x.org";

struct Office {
    key: WaveKey,
    ann: Actor,
    ben: Actor,
    base: String,
    number: u32,
}

/// A batch of so many sheets of a wave, and three people.
async fn office(app: &TestApp, key: WaveKey, sheets: u32) -> Office {
    let ann = keyer(app, ANN).await;
    let ben = keyer(app, BEN).await;
    let cat = coordinator(app, CAT).await;
    let codes = codes(app, &key, usize::try_from(sheets).unwrap()).await;
    accept(app, &ann, &key, &codes).await;
    let number = open_batch::open(&app.services, &cat, &key, sheets, sheets)
        .await
        .unwrap();
    let base = format!("/staff/w/{key}/batches/{number}");
    Office {
        key,
        ann,
        ben,
        base,
        number,
    }
}

impl Office {
    async fn first(&self, app: &TestApp, sheets: &[&str]) {
        key_pile(app, &self.ann, &self.key, self.number, Pass::First, sheets).await;
    }

    async fn second(&self, app: &TestApp, sheets: &[&str]) {
        key_pile(app, &self.ben, &self.key, self.number, Pass::Second, sheets).await;
    }

    async fn state(&self, app: &TestApp) -> StateName {
        let found = batch_at_work::find(&app.services, &self.key, self.number).await;
        StateName::of(&found.unwrap().1.state)
    }

    async fn content(&self, app: &TestApp, pass: Pass, sheet: u32) -> String {
        let found = batch_at_work::find(&app.services, &self.key, self.number).await;
        let batch = found.unwrap().1;
        let entry = batch.state.papers().entry(pass, sheet).unwrap();
        entry.content.to_string()
    }
}

/// The hidden fields of the first form that saves a sheet, with more.
fn form<'a>(page: &Page, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
    let hidden = ["pass", "round", "who", "sheet", "seen", "client", "shown"];
    let mut fields: Vec<(&str, String)> = hidden
        .into_iter()
        .map(|name| (name, page.field(name)))
        .collect();
    fields.extend(
        more.iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    fields
}

async fn send(browser: &Browser, path: &str, fields: &[(&str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    browser.post(path, &fields).await
}

fn seven(keys: &str) -> Vec<(&'static str, &str)> {
    let names = ["p0", "p1", "p2", "p3", "p4", "p5", "p6"];
    let key = |n: usize| keys.get(n..=n).unwrap();
    names
        .into_iter()
        .enumerate()
        .map(|(n, name)| (name, key(n)))
        .collect()
}

/// A save as the script sends it.
async fn script(
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
) -> (u16, serde_json::Value) {
    let response = browser
        .form(path, fields)
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

on_both!(
    a_pile_is_keyed_sheet_by_sheet_without_scripts,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let office = office(&app, key, 3).await;
        let ann = Browser::of_staff(&app, ANN).await;
        let desk = format!("{}/key", office.base);
        let before = ann.get(&desk).await;
        assert_eq!(before.status, 409, "the pile is not taken");
        assert!(before.body.contains("Take this pile"), "{}", before.body);
        let claimed = ann.post(&format!("{}/claim", office.base), &[]).await;
        assert_eq!(claimed.location.as_deref(), Some(desk.as_str()));

        let page = ann.get(&desk).await;
        assert!(
            page.body.contains("Sheet <strong data-sheet>1</strong>"),
            "{}",
            page.body
        );
        assert!(page.body.contains("Strongly agree"), "{}", page.body);
        let mut wrong = seven("1234512");
        wrong[2].1 = "7";
        wrong[4].1 = "";
        let refused = send(&ann, &desk, &form(&page, &wrong)).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        for part in [
            "href=\"#p2\">Question 3: type one of 1 to 5",
            "href=\"#p4\">Question 5: type one of 1 to 5",
            "name=\"p0\" type=\"text\" autocomplete=\"off\" autocapitalize=\"none\" maxlength=\"1\" value=\"1\"",
        ] {
            assert!(refused.body.contains(part), "no {part} in {}", refused.body);
        }
        app.advance(std::time::Duration::from_secs(21));
        let saved = send(&ann, &desk, &form(&refused, &seven("12-?*.0"))).await;
        assert_eq!(
            saved.location.as_deref(),
            Some(desk.as_str()),
            "{}",
            saved.body
        );
        assert_eq!(office.content(&app, Pass::First, 1).await, "12-?*?-");

        let page = ann.get(&desk).await;
        assert_eq!(page.field("sheet"), "2");
        send(&ann, &desk, &form(&page, &[("whole", "spoilt")])).await;
        assert_eq!(office.content(&app, Pass::First, 2).await, "=spoilt");
        let page = ann.get(&desk).await;
        send(&ann, &desk, &form(&page, &seven("1111111"))).await;

        let end = ann.get(&desk).await;
        assert!(end.body.contains("End of the pile?"), "{}", end.body);
        // One is corrected.
        let again = ann.get(&format!("{desk}?sheet=1")).await;
        assert_eq!(again.field("seen"), "1");
        send(&ann, &desk, &form(&again, &seven("5555555"))).await;
        assert_eq!(office.content(&app, Pass::First, 1).await, "5555555");
        let finish = format!("{}/finish", office.base);
        let done = ann
            .post(&finish, &[("pass", "first"), ("found", "3")])
            .await;
        assert_eq!(done.status, 303, "{}", done.body);
        assert_eq!(office.state(&app).await, StateName::SecondKeying);
        let own = ann.post(&format!("{}/claim", office.base), &[]).await;
        assert_eq!(own.status, 409);
        assert!(own.body.contains("somebody else has to"), "{}", own.body);
    }
);

on_both!(
    whoever_keys_second_sees_nothing_of_the_first_keying,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let office = office(&app, key, 2).await;
        let first = ["5432154", "4444444"];
        office.first(&app, &first).await;
        let ben = Browser::of_staff(&app, BEN).await;
        let (desk, finish) = (
            format!("{}/key", office.base),
            format!("{}/finish", office.base),
        );
        let mut seen = Vec::new();
        seen.push(ben.get(&desk).await.body);
        ben.post(&format!("{}/claim", office.base), &[]).await;
        for path in [
            desk.clone(),
            format!("{desk}?sheet=1"),
            format!("{desk}?sheet=2"),
        ] {
            let page = ben.get(&path).await;
            assert_eq!(page.status, 200, "{}", page.body);
            assert!(!page.body.contains("value=\"5\""), "{}", page.body);
            seen.push(page.body);
        }
        let client = random_id();
        let save = |pass, seen| {
            vec![
                ("pass", pass),
                ("sheet", "1"),
                ("seen", seen),
                ("content", "1111111"),
                ("client", client.as_str()),
                ("seconds", "5"),
            ]
        };
        for (pass, revision) in [("first", "0"), ("first", "1"), ("second", "1")] {
            let (status, json) = script(&ben, &desk, &save(pass, revision)).await;
            assert_eq!(status, 409, "{json}");
            seen.push(json.to_string());
        }
        let (status, json) = script(&ben, &desk, &save("second", "0")).await;
        assert_eq!((status, &json["revision"]), (200, &1.into()), "{json}");
        seen.push(
            ben.post(&finish, &[("pass", "second"), ("found", "2")])
                .await
                .body,
        );
        seen.push(ben.get(&format!("{}/differences", office.base)).await.body);
        for text in seen {
            for content in first {
                assert!(!text.contains(content), "{content} is told: {text}");
            }
        }
    }
);

on_both!(
    a_pile_is_with_one_person_and_only_theirs,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let office = office(&app, key, 2).await;
        let (ann, ben) = (
            Browser::of_staff(&app, ANN).await,
            Browser::of_staff(&app, BEN).await,
        );
        let (desk, claim) = (
            format!("{}/key", office.base),
            format!("{}/claim", office.base),
        );
        ann.post(&claim, &[]).await;
        let page = ann.get(&desk).await;
        for path in [&claim, &desk] {
            let refused = if path == &claim {
                ben.post(path, &[]).await
            } else {
                ben.get(path).await
            };
            assert_eq!(refused.status, 409, "{}", refused.body);
            assert!(
                refused.body.contains("Somebody else has this pile"),
                "{}",
                refused.body
            );
            assert!(!refused.body.contains("Take this pile"), "{}", refused.body);
        }
        // Ann's form, sent by whoever has logged in after her.
        let fields = form(&page, &seven("1111111"));
        let refused = send(&ben, &desk, &fields).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert!(
            refused.body.contains("Somebody else has logged in here"),
            "{}",
            refused.body
        );
        let released = ann.post(&format!("{}/release", office.base), &[]).await;
        assert_eq!(released.status, 303);
        let refused = send(&ann, &desk, &fields).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert!(refused.body.contains("Take this pile"), "{}", refused.body);
        // A keyer decides nothing, whatever the form says.
        for path in [
            format!("{}/differences", office.base),
            format!("{}/finish", office.base),
        ] {
            let fields = [("pass", "decision"), ("found", "2"), ("sheet", "1")];
            assert_eq!(ann.post(&path, &fields).await.status, 403);
        }
        assert_eq!(
            ann.get("/staff/w/co-production-attitudes/now/batches/9/key")
                .await
                .status,
            404
        );
        assert_eq!(ann.post(&desk, &[("pass", "decision")]).await.status, 400);
    }
);

on_both!(
    a_sheet_that_was_saved_meanwhile_is_shown_in_both_versions,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let office = office(&app, key, 2).await;
        let ann = Browser::of_staff(&app, ANN).await;
        let desk = format!("{}/key", office.base);
        ann.post(&format!("{}/claim", office.base), &[]).await;
        let page = ann.get(&desk).await;
        let other = ann.get(&desk).await;
        send(&ann, &desk, &form(&page, &seven("1111111"))).await;
        // The same form once more is the same save.
        let twice = send(&ann, &desk, &form(&page, &seven("1111111"))).await;
        assert_eq!(twice.status, 303);
        let stale = send(&ann, &desk, &form(&other, &seven("1111125"))).await;
        assert_eq!(stale.status, 409, "{}", stale.body);
        for part in [
            "2 – Agree",
            "5 – Strongly disagree",
            "1 – Strongly agree",
            "has two versions",
        ] {
            assert!(stale.body.contains(part), "no {part} in {}", stale.body);
        }
        assert_eq!(office.content(&app, Pass::First, 1).await, "1111111");
        let fields: Vec<(&str, String)> =
            ["pass", "round", "who", "sheet", "seen", "client", "content"]
                .into_iter()
                .map(|name| (name, stale.field(name)))
                .collect();
        let mine = send(&ann, &desk, &fields).await;
        assert_eq!(mine.status, 303, "{}", mine.body);
        assert_eq!(office.content(&app, Pass::First, 1).await, "1111125");
        let client = random_id();
        let fields = [
            ("pass", "first"),
            ("sheet", "1"),
            ("seen", "1"),
            ("content", "=blank"),
            ("client", client.as_str()),
            ("seconds", "5"),
        ];
        let (status, json) = script(&ann, &desk, &fields).await;
        assert_eq!(status, 409);
        assert_eq!(
            json,
            serde_json::json!({ "stale": true, "revision": 2, "content": "1111125" })
        );
        let old = [("round", "2"), ("pass", "first")];
        let (status, json) = script(&ann, &desk, &old).await;
        assert_eq!(status, 409);
        assert!(
            json["error"].as_str().unwrap().contains("started anew"),
            "{json}"
        );
    }
);

on_both!(
    differences_are_decided_without_scripts,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let office = office(&app, key, 3).await;
        let first = ["1234512", "=spoilt", "3333333"];
        office.first(&app, &first).await;
        let second = ["1234524", "1111111", "3333333"];
        office.second(&app, &second).await;
        let cat = Browser::of_staff(&app, CAT).await;
        let claimed = cat.post(&format!("{}/claim", office.base), &[]).await;
        let desk = format!("{}/differences", office.base);
        assert_eq!(claimed.location.as_deref(), Some(desk.as_str()));
        let page = cat.get(&desk).await;
        for part in [
            "1 – Strongly agree",
            "2 – Agree",
            "4 – Disagree",
            "spoilt",
            "has marks",
        ] {
            assert!(page.body.contains(part), "no {part} in {}", page.body);
        }
        // What agrees has no field: neither the first five places of sheet 1, nor sheet 3.
        assert!(!page.body.contains("id=\"s1-p4\""), "{}", page.body);
        assert!(!page.body.contains("sheet-3"), "{}", page.body);
        let wrong = send(&cat, &desk, &form(&page, &[("p5", "2"), ("p6", "8")])).await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong
                .body
                .contains("href=\"#s1-p6\">Sheet 1: Place 7: type one of"),
            "{}",
            wrong.body
        );
        let saved = send(&cat, &desk, &form(&page, &[("p5", "2"), ("p6", "4")])).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        assert_eq!(office.content(&app, Pass::Decision, 1).await, "1234524");
        let finish = format!("{}/finish", office.base);
        let fields = [("pass", "decision"), ("found", "3")];
        let early = cat.post(&finish, &fields).await;
        assert_eq!(early.status, 409, "{}", early.body);
        let mut whole = seven("1111112");
        whole.push(("whole", "marks"));
        let mut second = form(&page, &whole);
        "2".clone_into(&mut second[3].1);
        random_id().as_str().clone_into(&mut second[5].1);
        assert_eq!(send(&cat, &desk, &second).await.status, 303);
        assert_eq!(office.content(&app, Pass::Decision, 2).await, "1111112");
        assert_eq!(cat.post(&finish, &fields).await.status, 303);
        assert_eq!(office.state(&app).await, StateName::Reconciled);
    }
);

on_both!(a_ballot_is_keyed_by_its_numbers, async |app: TestApp| {
    app.load("citizen-priorities-knapsack").await;
    let key = app.open("citizen-priorities-knapsack/now").await;
    let office = office(&app, key, 2).await;
    let ann = Browser::of_staff(&app, ANN).await;
    let desk = format!("{}/key", office.base);
    ann.post(&format!("{}/claim", office.base), &[]).await;
    let page = ann.get(&desk).await;
    for wrong in ["", "13", "1 x", "0", "1,,?"] {
        let refused = send(&ann, &desk, &form(&page, &[("p0", wrong)])).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(
            refused
                .body
                .contains("numbers of the marked projects, 1 to 12"),
            "{}",
            refused.body
        );
    }
    let saved = send(&ann, &desk, &form(&page, &[("p0", "1, 12 3?")])).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(office.content(&app, Pass::First, 1).await, "10?000000001");
    let again = ann.get(&format!("{desk}?sheet=1")).await;
    assert!(again.body.contains("value=\"1 3? 12\""), "{}", again.body);
    let page = ann.get(&desk).await;
    send(&ann, &desk, &form(&page, &[("p0", "-")])).await;
    assert_eq!(office.content(&app, Pass::First, 2).await, "=blank");
});
