//! The post and the batches in the browser of whoever handles them.

use countmein::{
    domain::{keying::Pass, role::Role},
    service::submit,
};

use crate::service::samples::{submission, token};
use crate::support::{
    TestApp,
    browsing::{Browser, Page},
    on_both,
    paper::{accept, codes, coordinator, key_pile, keyer, open_attitudes, random_id, typed},
};

const WAVE: &str = "/staff/w/co-production-attitudes/now";

async fn people(app: &TestApp) -> (Browser, Browser) {
    app.add_user("ann@x.org", Role::Keyer).await;
    app.add_user("cat@x.org", Role::Coordinator).await;
    (
        Browser::of_staff(app, "ann@x.org").await,
        Browser::of_staff(app, "cat@x.org").await,
    )
}

async fn open_bag(browser: &Browser, arrival: &str) -> String {
    let answer = browser
        .post(&format!("{WAVE}/post/bags"), &[("arrival", arrival)])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location.unwrap()
}

/// Scans as a scanner does: into the page that came back last.
async fn scan(browser: &Browser, bag: &str, page: &Page, code: &str) -> Page {
    let scan = page.field("scan");
    let fields = [("kind", "code"), ("scan", &*scan), ("code", code)];
    let page = browser.post(bag, &fields).await;
    assert!(page.location.is_none(), "{:?}", page.location);
    page
}

fn total(page: &Page, name: &str) -> u64 {
    let marker = format!("data-total=\"{name}\">");
    let (_, rest) = page.body.split_once(&marker).unwrap();
    let (number, _) = rest.split_once('<').unwrap();
    number.replace(',', "").parse().unwrap()
}

fn assert_says(page: &Page, words: &str) {
    assert!(
        page.body.contains(words),
        "“{words}” is not in {}",
        page.body
    );
}

on_both!(
    a_code_is_taken_as_it_is_typed_or_scanned,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, _) = people(&app).await;
        let codes = codes(&app, &key, 3).await;
        let bag = open_bag(&ann, "in-time").await;
        let mut page = ann.get(&bag).await;
        assert_says(&page, "autofocus");
        // As somebody types it, as the QR code of a letter has it, and without its hyphens.
        for (number, scanned) in [
            (1, codes[0].to_string()),
            (2, format!("https://vote.example.org/v#{}", codes[1])),
            (3, codes[2].symbols().to_lowercase()),
        ] {
            page = scan(&ann, &bag, &page, &scanned).await;
            assert_says(&page, &format!("{number} accepted in this bag"));
            assert!(!page.body.contains(&scanned), "{}", page.body);
        }
        let mut wrong = codes[0].to_string();
        let other = if wrong.starts_with('0') { "1" } else { "0" };
        wrong.replace_range(0..1, other);
        page = scan(&ann, &bag, &page, &wrong).await;
        assert_eq!(page.status, 422);
        assert_says(&page, "Nothing was noted");
        assert_says(&page, "block 1");
        page = scan(&ann, &bag, &page, "").await;
        assert_eq!(page.status, 422);
        assert_eq!(total(&page, "received"), 3);
    }
);

on_both!(
    a_refused_envelope_is_told_why_and_counted_by_reason,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, _) = people(&app).await;
        let codes = codes(&app, &key, 3).await;
        let sent = submission(
            &app.services,
            &key,
            token(),
            Some(codes[1].clone()),
            "1111111",
        );
        submit::submit(&app.services, sent).await.unwrap();
        let bag = open_bag(&ann, "in-time").await;
        let mut page = ann.get(&bag).await;
        page = scan(&ann, &bag, &page, &codes[0].to_string()).await;
        page = scan(&ann, &bag, &page, &codes[0].to_string()).await;
        assert_says(&page, "This code has come by post before");
        assert_eq!(total(&page, "received"), 1);
        let (id, code) = (page.field("scan"), page.field("code"));
        assert_eq!(code, codes[0].to_string());
        let fields = [
            ("kind", "code"),
            ("second", "1"),
            ("scan", &id),
            ("code", &code),
        ];
        page = ann.post(&bag, &fields).await;
        assert_says(&page, "REFUSED: second envelope with the same code");
        page = scan(&ann, &bag, &page, &codes[1].to_string()).await;
        assert_says(&page, "REFUSED: already counted online");
        page = scan(&ann, &bag, &page, "0000-0000-0000-0000").await;
        assert_says(&page, "REFUSED: code not known in this wave");
        let id = page.field("scan");
        page = ann.post(&bag, &[("kind", "spoilt"), ("scan", &id)]).await;
        assert_says(&page, "REFUSED: no readable code, or torn open");
        assert_totals(&page);
        let late = open_bag(&ann, "late").await;
        let page = ann.get(&late).await;
        let page = scan(&ann, &late, &page, &codes[2].to_string()).await;
        assert_says(&page, "REFUSED: came after the closing time");
    }
);

fn assert_totals(page: &Page) {
    for (name, count) in [
        ("received", 5),
        ("accepted", 1),
        ("refused", 4),
        ("already-online", 1),
        ("second-envelope", 1),
        ("unknown", 1),
        ("spoilt", 1),
        ("late", 0),
    ] {
        assert_eq!(total(page, name), count, "{name}");
    }
}

on_both!(
    a_scan_that_is_sent_twice_counts_once,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, _) = people(&app).await;
        let codes = codes(&app, &key, 1).await;
        let bag = open_bag(&ann, "in-time").await;
        let empty = ann.get(&bag).await;
        let code = codes[0].to_string();
        for _ in 0..3 {
            let page = scan(&ann, &bag, &empty, &code).await;
            assert_says(&page, "1 accepted in this bag");
            assert_eq!(total(&page, "received"), 1);
        }
        // A script gets the same without the page.
        let json = ann
            .form(
                &bag,
                &[
                    ("kind", "code"),
                    ("scan", random_id().as_str()),
                    ("code", &code),
                ],
            )
            .header("accept", "application/json")
            .send()
            .await
            .unwrap();
        let answer: serde_json::Value = json.json().await.unwrap();
        assert_eq!(answer["tone"], "ask", "{answer}");
        assert_eq!(answer["totals"][0], serde_json::json!(["received", "1"]));
        let nothing = ann.post(&bag, &[("kind", "code"), ("code", &code)]).await;
        assert_eq!(nothing.status, 400);
    }
);

on_both!(
    totals_add_up_and_are_seen_by_those_who_handle_post,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, cat) = people(&app).await;
        let codes = codes(&app, &key, 30).await;
        let page = cat.get(WAVE).await;
        assert_says(&page, "Post and paper");
        let yesterday = open_bag(&ann, "in-time").await;
        let mut page = ann.get(&yesterday).await;
        for code in &codes[..3] {
            page = scan(&ann, &yesterday, &page, &code.to_string()).await;
        }
        app.advance(std::time::Duration::from_hours(24));
        let (ann, cat) = (
            Browser::of_staff(&app, "ann@x.org").await,
            Browser::of_staff(&app, "cat@x.org").await,
        );
        let today = open_bag(&cat, "in-time").await;
        let mut page = cat.get(&today).await;
        for code in &codes[3..30] {
            page = scan(&cat, &today, &page, &code.to_string()).await;
        }
        let page = ann.get(&format!("{WAVE}/post")).await;
        let row = "<strong>Received</strong></th><td class=\"number\">27</td><td class=\"number\">30</td>";
        assert_says(&page, row);
        assert_says(&page, "✓ adds up");
        assert_says(&page, "somebody else");
        assert!(!page.body.contains("cat@x.org"), "{}", page.body);
        let page = cat.get(&format!("{WAVE}/post")).await;
        assert_says(&page, "ann@x.org");

        let batches = format!("{WAVE}/batches");
        let page = ann.get(&batches).await;
        assert_says(&page, "30 accepted envelopes wait");
        assert_says(&page, "maxlength=\"10\" value=\"25\"");
        let none = ann
            .post(&batches, &[("envelopes", "25"), ("sheets", "")])
            .await;
        assert_eq!(none.status, 422);
        assert_says(&none, "Write the number of sheets in digits.");
        let many = ann
            .post(&batches, &[("envelopes", "31"), ("sheets", "31")])
            .await;
        assert_eq!(many.status, 409);
        assert_says(&many, "Nothing was done: 30 accepted envelopes wait");
        let opened = ann
            .post(&batches, &[("envelopes", "25"), ("sheets", "25")])
            .await;
        assert_eq!(opened.location.as_deref(), Some(&*format!("{batches}/1")));
        let page = ann.get(&batches).await;
        assert_says(&page, "maxlength=\"10\" value=\"5\"");
        let cover = ann.get(&format!("{batches}/1/cover")).await;
        assert_says(&cover, "<dd>25</dd>");
        assert!(!cover.body.contains("<style"), "{}", cover.body);
    }
);

on_both!(
    envelopes_without_codes_are_counted_by_hand,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let (ann, _) = people(&app).await;
        let bag = open_bag(&ann, "in-time").await;
        let page = ann.get(&bag).await;
        let id = page.field("scan");
        let fields = |count| [("kind", "plain"), ("scan", &*id), ("count", count)];
        for count in ["", "0", "201", "-1", "x"] {
            let page = ann.post(&bag, &fields(count)).await;
            assert_eq!(page.status, 422, "{count}");
        }
        for _ in 0..2 {
            let page = ann.post(&bag, &fields("40")).await;
            assert_says(&page, "40 accepted in this bag");
        }
    }
);

on_both!(
    a_wave_without_post_or_a_closed_one_takes_none,
    async |app: TestApp| {
        let (ann, _) = people(&app).await;
        app.load_text(&crate::support::paper::attitudes_by_code())
            .await;
        let refused = ann
            .post(&format!("{WAVE}/post/bags"), &[("arrival", "in-time")])
            .await;
        assert_eq!(refused.status, 409);
        assert_says(&refused, "Nothing was done: ");
        let page = ann.get(&format!("{WAVE}/batches")).await;
        assert_says(&page, "Batches are opened while the wave is open.");
        for path in ["post/bags/7", "batches/7", "batches/7/cover", "batches/x"] {
            assert_eq!(
                ann.get(&format!("{WAVE}/{path}")).await.status,
                404,
                "{path}"
            );
        }
    }
);

on_both!(
    a_pile_in_doubt_is_counted_again_by_somebody_else,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@x.org").await;
        keyer(&app, "ben@x.org").await;
        coordinator(&app, "cat@x.org").await;
        let browser = Browser::of_staff(&app, "cat@x.org").await;
        let keyer = Browser::of_staff(&app, "ben@x.org").await;
        let codes = codes(&app, &key, 3).await;
        accept(&app, &ann, &key, &codes).await;
        let batches = format!("{WAVE}/batches");
        let batch = format!("{batches}/1");
        let sheets = [("envelopes", "3"), ("sheets", "4")];
        browser.post(&batches, &sheets).await;
        let page = browser.get(&batch).await;
        assert_says(&page, "3 envelopes were opened, and 4 sheets counted.");
        let own = [("sheets", "3"), ("reason", "One was counted twice")];
        let refused = browser.post(&format!("{batch}/count-pile"), &own).await;
        assert_eq!(refused.status, 409);
        assert_says(&refused, "by somebody else than whoever counted it last");
        let nothing = [("sheets", "3"), ("reason", " ")];
        let nothing = keyer.post(&format!("{batch}/count-pile"), &nothing).await;
        assert_eq!(nothing.status, 422);
        let done = keyer.post(&format!("{batch}/count-pile"), &own).await;
        assert_eq!(done.status, 303, "{}", done.body);

        let page = keyer.get(&batch).await;
        assert_says(&page, "in its first keying");
        assert_says(&page, "One was counted twice");
    }
);

on_both!(
    a_batch_is_followed_to_the_ledger_and_shows_nothing_of_its_keying,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        coordinator(&app, "cat@x.org").await;
        let browser = Browser::of_staff(&app, "cat@x.org").await;
        let keyer = Browser::of_staff(&app, "ben@x.org").await;
        let codes = codes(&app, &key, 3).await;
        accept(&app, &ann, &key, &codes).await;
        let batches = format!("{WAVE}/batches");
        let batch = format!("{batches}/1");
        let three = [("envelopes", "3"), ("sheets", "3")];
        browser.post(&batches, &three).await;
        key_pile(
            &app,
            &ann,
            &key,
            1,
            Pass::First,
            &["5432112", "=blank", "=spoilt"],
        )
        .await;
        let page = keyer.get(&batches).await;
        assert_says(&page, "0 of 3 keyed");
        assert_says(&page, "Take<span");
        let ann_sees = Browser::of_staff(&app, "ann@x.org")
            .await
            .get(&batches)
            .await;
        assert_says(&ann_sees, "you keyed it: somebody else has to");
        key_pile(
            &app,
            &ben,
            &key,
            1,
            Pass::Second,
            &["5432112", "=blank", "=spoilt"],
        )
        .await;
        let page = browser.get(&batch).await;
        assert_says(&page, "ready to be counted");
        assert!(!page.body.contains("5432112"), "{}", page.body);
        assert_eq!(keyer.post(&format!("{batch}/count"), &[]).await.status, 403);
        let page = browser
            .post_and_follow(&format!("{batch}/count"), &[])
            .await;
        assert_says(&page, "1 sheet counts. Not counted: 1 blank, 1 spoilt.");
        assert_eq!(
            browser.post(&format!("{batch}/count"), &[]).await.status,
            409
        );
        let again = browser
            .post(&format!("{batch}/restart"), &[("reason", "mixed up")])
            .await;
        assert_eq!(again.status, 409);
    }
);

on_both!(
    while_a_batch_is_keyed_nobody_sees_whether_the_keyings_agree,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let codes = codes(&app, &key, 2).await;
        accept(&app, &ann, &key, &codes).await;
        let browser = Browser::of_staff(&app, "ben@x.org").await;
        let two = [("envelopes", "2"), ("sheets", "2")];
        browser.post(&format!("{WAVE}/batches"), &two).await;
        key_pile(&app, &ann, &key, 1, Pass::First, &["5432112", "1111111"]).await;
        countmein::service::work_on_batch::claim(&app.services, &ben, &key, 1)
            .await
            .unwrap();
        let batch = format!("{WAVE}/batches/1");
        let before = browser.get(&batch).await;
        for (sheet, content) in [(1, "5432112"), (2, "2222222")] {
            let typed = typed(Pass::Second, sheet, content);
            crate::support::paper::key_one(&app, &ben, &key, 1, typed)
                .await
                .unwrap();
            let after = browser.get(&batch).await;
            assert_eq!(before.body, after.body);
        }
        assert_says(&before, "Outstanding</th><td class=\"number\">2</td>");
    }
);

on_both!(
    how_keying_is_checked_is_chosen_before_the_first_batch,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, cat) = people(&app).await;
        let (plan, batches) = (format!("{WAVE}/batches/plan"), format!("{WAVE}/batches"));
        let page = cat.get(&batches).await;
        assert_says(&page, "Every sheet is keyed twice");
        let sampled = [("plan", "sampled"), ("percent", "40"), ("accepted", "1")];
        assert_eq!(ann.post(&plan, &sampled).await.status, 403);
        let wrong = [("plan", "sampled"), ("percent", "0"), ("accepted", "1")];
        assert_eq!(cat.post(&plan, &wrong).await.status, 422);
        let page = cat.post_and_follow(&plan, &sampled).await;
        assert_says(&page, "40 % of the sheets");
        // 70 of 175 fields, of which 9 are wrong: the chance to see at most one of them.
        assert_says(&page, "still passes in about 7 of 100 cases");
        let who = keyer(&app, "dan@x.org").await;
        let codes = codes(&app, &key, 1).await;
        accept(&app, &who, &key, &codes).await;
        let one = [("envelopes", "1"), ("sheets", "1")];
        assert_eq!(ann.post(&batches, &one).await.status, 303);
        let late = cat.post(&plan, &[("plan", "double")]).await;
        assert_eq!(late.status, 409);
        assert_says(&late, "is settled");
    }
);

on_both!(five_hundred_batches_can_be_read, async |app: TestApp| {
    open_attitudes(&app).await;
    let (ann, cat) = people(&app).await;
    many_batches(&app, 500).await;
    let page = ann.get(&format!("{WAVE}/batches")).await;
    assert_says(
        &page,
        "In all</strong></th><td class=\"number\">500</td><td class=\"number\">12,500</td>",
    );
    assert!(page.body.matches("/claim").count() <= 30, "{}", page.body);
    assert!(page.body.len() < 50_000, "{}", page.body.len());
    let mut seen = std::collections::BTreeSet::new();
    for number in 1..=9 {
        let list = format!("{WAVE}/batches?state=first-keying&page={number}");
        let page = cat.get(&list).await;
        assert!(page.body.matches("<tr><th scope=\"row\">").count() <= 57);
        for (place, _) in page.body.match_indices(">Batch ") {
            let rest = &page.body[place + 7..];
            let (batch, _) = rest.split_once('<').unwrap();
            seen.insert(batch.to_owned());
        }
    }
    assert_eq!(
        seen.len(),
        250,
        "every batch of the list stands on one of its pages"
    );
    let other = cat
        .get(&format!("{WAVE}/batches?state=nonsense&page=x"))
        .await;
    assert_eq!(other.status, 200);
});

/// Batches of 25 sheets, half of them in their first keying, some of them on somebody's desk.
pub async fn many_batches(app: &TestApp, count: u32) {
    let bag = "INSERT INTO mail_bag (wave_id, day, arrival, opened_by)
               SELECT id, '2026-03-02', 'in-time', (SELECT min(id) FROM staff_user)
               FROM wave WHERE state = 'open'";
    let envelopes = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO envelope (wave_id, scan_id, bag_id, outcome)
         SELECT wave_id, 'scan ' || CAST(i AS TEXT), id, 'accepted' FROM mail_bag, n",
        count * 25
    );
    for statement in [bag, &envelopes] {
        app.sql(statement).await.unwrap();
    }
    for number in 1..=count {
        app.sql(&format!(
            "INSERT INTO batch (wave_id, number, envelopes, state, round)
             SELECT id, {number}, 25, 'first-keying', 1 FROM wave WHERE state = 'open'"
        ))
        .await
        .unwrap();
    }
    for statement in [
        "INSERT INTO pile_count (batch_id, number, sheets, counted_by, day)
         SELECT id, 1, 25, (SELECT min(id) FROM staff_user), '2026-03-02' FROM batch",
        "UPDATE batch SET state = 'second-keying' WHERE number % 10 > 4",
        "UPDATE batch SET state = 'resolving' WHERE number % 10 > 6",
        "UPDATE batch SET state = 'reconciled' WHERE number % 10 > 7",
        "UPDATE batch SET claimed_by = (SELECT min(id) FROM staff_user),
                          claimed_until = 99999999999999
         WHERE number % 10 IN (3, 5)",
    ] {
        app.sql(statement).await.unwrap();
    }
}
