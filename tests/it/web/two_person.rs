//! Acts that need two people, by two people at two browsers; and what staff may change alone.

use std::time::Duration;

use countmein::{
    domain::{key::WaveKey, role::Role, wave::DRAIN},
    service::{close_wave, import_counts, lookup, submit, wave_overview},
};

use crate::{
    service::samples::{submission, token},
    support::{
        TestApp,
        browsing::{Browser, Page},
        on_both, operator, repository_file,
    },
};

const APRIL: &str = "/staff/w/co-production-attitudes/april";
const NOW: &str = "/staff/w/co-production-attitudes/now";

async fn two_browsers(app: &TestApp) -> (Browser, Browser) {
    app.two_people().await;
    (
        Browser::of_staff(app, "first@example.org").await,
        Browser::of_staff(app, "second@example.org").await,
    )
}

/// The number of the newest request that the first can withdraw.
fn request_in(page: &Page) -> String {
    let marker = "/staff/requests/";
    let rest = page.body.rsplit(marker).next().unwrap();
    rest.split('/').next().unwrap().to_owned()
}

/// The first asks, is refused when they confirm, and the second confirms.
async fn by_two(first: &Browser, second: &Browser, form: &str, fields: &[(&str, &str)]) {
    let asked = first.post_and_follow(form, fields).await;
    assert!(
        asked.body.contains("somebody else has to confirm"),
        "{}",
        asked.body
    );
    let confirm = format!("/staff/requests/{}/confirm", request_in(&asked));
    let alone = first.post(&confirm, &[]).await;
    assert_eq!(alone.status, 409);
    assert!(
        alone.body.contains("this needs two people"),
        "{}",
        alone.body
    );
    let done = second.post_and_follow(&confirm, &[]).await;
    assert!(
        done.body
            .contains("Confirmed and done by second@example.org"),
        "{}",
        done.body
    );
    assert_eq!(
        second.post(&confirm, &[]).await.status,
        409,
        "it is used up"
    );
}

async fn wave(app: &TestApp, key: &WaveKey) -> countmein::domain::wave::Wave {
    lookup::find_now(&app.services, key).await.unwrap().wave
}

async fn people(app: &TestApp, key: &WaveKey) -> u64 {
    let overview = wave_overview::overview(&app.services, key).await.unwrap();
    assert!(
        overview.conservation.balances(),
        "{}",
        overview.conservation
    );
    overview.people
}

/// The workshop of April with its sheet of 85 people.
async fn open_april(app: &TestApp) -> WaveKey {
    app.load("co-production-attitudes").await;
    let key = app.open("co-production-attitudes/april").await;
    let file = repository_file("surveys/samples/co-production-attitudes-april.csv");
    import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false)
        .await
        .unwrap();
    key
}

on_both!(
    every_act_of_two_people_goes_through_pages,
    async |app: TestApp| {
        let key = open_april(&app).await;
        let (first, second) = two_browsers(&app).await;
        let reason = ("reason", "The letters went out late");
        let extend = format!("{APRIL}/ask/extend");
        by_two(
            &first,
            &second,
            &extend,
            &[("closes", "2026-04-30T23:59"), reason],
        )
        .await;
        let closes = wave(&app, &key).await.spec.closes;
        assert_eq!(
            closes.to_string(),
            "2026-04-30T22:59:00.000Z",
            "on the wave’s own clock"
        );

        let visit = token();
        let sent = submission(&app.services, &key, visit.clone(), None, "2222222");
        assert!(
            submit::submit(&app.services, sent).await.is_err(),
            "April has no online channel"
        );

        let choice = first.get(&format!("{APRIL}/ask/sheet")).await;
        assert!(choice.body.contains("85 people"), "{}", choice.body);
        let sheet = first.get(&format!("{APRIL}/ask/sheet?place=1")).await;
        assert!(sheet.body.contains("people,,85"), "{}", sheet.body);
        let rows = "item,option,count\npeople,,86\ns1,strongly-agree,40";
        let fields = [("place", "1"), ("rows", rows), reason];
        by_two(&first, &second, &format!("{APRIL}/ask/sheet"), &fields).await;
        assert_eq!(people(&app, &key).await, 86);

        let fields = [("entry", "3"), ("reason", "It is of another meeting")];
        by_two(&first, &second, &format!("{APRIL}/ask/void"), &fields).await;
        assert_eq!(people(&app, &key).await, 0);

        first.post(&format!("{APRIL}/close"), &[]).await;
        app.advance(DRAIN * 2);
        close_wave::close_due(&app.services).await.unwrap();
        let reopen = format!("{APRIL}/ask/reopen");
        by_two(
            &first,
            &second,
            &reopen,
            &[("closes", "2026-05-31T12:00"), reason],
        )
        .await;
        assert_eq!(wave(&app, &key).await.state.name(), "open");
        first.post(&format!("{APRIL}/close"), &[]).await;
        app.advance(DRAIN * 2);
        close_wave::close_due(&app.services).await.unwrap();
        by_two(&first, &second, &format!("{APRIL}/ask/publish"), &[]).await;
        assert_eq!(wave(&app, &key).await.state.name(), "published");
    }
);

on_both!(
    a_participant_who_shows_a_receipt_is_taken_out,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let key = app.open("co-production-attitudes/now").await;
        let (first, second) = two_browsers(&app).await;
        let visit = token();
        let sent = submission(&app.services, &key, visit.clone(), None, "2222222");
        submit::submit(&app.services, sent).await.unwrap();
        let receipt = visit.receipt().to_string();
        let fields = [("entry", receipt.as_str()), ("reason", "Sent by mistake")];
        let form = format!("{NOW}/ask/void");
        by_two(&first, &second, &form, &fields).await;
        assert_eq!(people(&app, &key).await, 0);
        let list = second.get("/staff/requests").await;
        assert!(
            !list.body.contains(&receipt),
            "a receipt is nobody’s business afterwards"
        );
        let again = first.post(&form, &fields).await;
        assert_eq!(again.status, 422);
        assert!(again.body.contains("voided already"), "{}", again.body);
        // What was typed is there again, with the fault beside its field.
        assert!(again.body.contains("entry-error") && again.body.contains(&receipt));
    }
);

const WHY_NOT: (&str, &str) = ("reason", "Why not");

/// An act, what is typed, the field that is to blame, and what is said of it.
type Wrong = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
);

const WRONG: &[Wrong] = &[
    (
        "extend",
        &[("closes", "soon"), WHY_NOT],
        "closes",
        "not a date",
    ),
    (
        "extend",
        &[("closes", "2012-04-01T00:00"), WHY_NOT],
        "closes",
        "later than",
    ),
    (
        "extend",
        &[("closes", "2026-01-01T00:00"), WHY_NOT],
        "closes",
        "passed already",
    ),
    (
        "extend",
        &[("closes", "2027-01-01T00:00")],
        "reason",
        "Say why",
    ),
    (
        "void",
        &[("entry", "77"), WHY_NOT],
        "entry",
        "no entry at place 77",
    ),
    (
        "void",
        &[("entry", "somewhere"), WHY_NOT],
        "entry",
        "whole receipt",
    ),
    (
        "void",
        &[("entry", "7K3M-0Q2R-9XTB-44HW-C1ZP"), WHY_NOT],
        "entry",
        "has this receipt",
    ),
    (
        "sheet",
        &[
            ("place", "1"),
            ("rows", "item,option,count\npeople,,2\ns1,agree,3"),
            WHY_NOT,
        ],
        "rows",
        "more than the 2 people",
    ),
    (
        "sheet",
        &[
            ("place", "1"),
            ("rows", "item,option,count\npeople,,x\nq,agree,3"),
            WHY_NOT,
        ],
        "rows",
        "line 3",
    ),
    (
        "sheet",
        &[("place", "1"), ("rows", ""), WHY_NOT],
        "rows",
        "empty",
    ),
    (
        "reopen",
        &[("closes", "2027-01-01T00:00"), WHY_NOT],
        "main",
        "only one that is closed",
    ),
    ("publish", &[], "main", "only a closed one"),
];

on_both!(
    a_form_that_cannot_be_done_says_why_beside_its_field,
    async |app: TestApp| {
        open_april(&app).await;
        let (first, _) = two_browsers(&app).await;
        for (act, fields, field, words) in WRONG {
            let page = first.post(&format!("{APRIL}/ask/{act}"), fields).await;
            assert_eq!(page.status, 422, "{act} {fields:?}");
            assert!(page.body.contains(words), "{act} {fields:?}: {}", page.body);
            assert!(
                page.body.contains(&format!("href=\"#{field}\"")),
                "{act}: {}",
                page.body
            );
        }
        assert_eq!(first.get(&format!("{APRIL}/ask/nothing")).await.status, 404);
        let list = first.get("/staff/requests").await;
        assert!(list.body.contains("Nothing waits"), "{}", list.body);
        assert_eq!(
            first.post("/staff/requests/7/confirm", &[]).await.status,
            409
        );
        assert_eq!(
            first.post("/staff/requests/x/confirm", &[]).await.status,
            404
        );
    }
);

on_both!(
    only_who_runs_waves_sees_buttons_and_addresses,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let (first, _) = two_browsers(&app).await;
        let address = ("email", "reader@example.org");
        first.post(&format!("{NOW}/subscribe"), &[address]).await;
        let full = first.get(NOW).await.body;
        assert!(full.contains("reader@example.org") && full.contains("Close this wave"));
        for role in [Role::Keyer, Role::Facilitator, Role::Commissioner] {
            let email = format!("{role}@example.org");
            app.add_user(&email, role).await;
            let page = Browser::of_staff(&app, &email).await.get(NOW).await.body;
            assert!(page.contains("Does everything add up?"), "{role}");
            assert!(
                page.contains("get the summary") || page.contains("gets the summary"),
                "{role}"
            );
            for hidden in ["reader@", "r…@example.org", "<form", "/close", "/ask/"] {
                let main = page.split("<main").nth(1).unwrap();
                assert!(!main.contains(hidden), "{role} sees {hidden}");
            }
        }
        let id = first.get(NOW).await.field("subscriber");
        let page = first
            .post_and_follow(&format!("{NOW}/remove"), &[("subscriber", &id)])
            .await;
        assert!(
            !page.body.contains(&format!("value=\"{id}\"")),
            "{}",
            page.body
        );
    }
);

/// The form of a draft, filled in.
fn settings<'a>(closes: &'a str, size: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("opens", "2026-03-02T08:00"),
        ("closes", closes),
        ("channels", "online"),
        ("channels", "postal"),
        ("access", "open"),
        ("frame", "census"),
        ("size", size),
        ("results", "published"),
    ]
}

on_both!(
    a_draft_is_changed_and_an_open_wave_is_not,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let (first, _) = two_browsers(&app).await;
        let edit = format!("{NOW}/edit");
        let form = first.get(&edit).await;
        assert!(
            form.body.contains("type=\"datetime-local\""),
            "{}",
            form.body
        );
        let wrong = first
            .post(&edit, &settings("2026-03-02T07:59", "many"))
            .await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.body.contains("before it has been open"),
            "{}",
            wrong.body
        );
        assert!(wrong.body.contains("size-error") && wrong.body.contains("value=\"many\""));
        let nothing = first.post(&edit, &[]).await;
        assert_eq!(nothing.status, 422);
        assert!(
            nothing.body.contains("at least one channel"),
            "{}",
            nothing.body
        );
        let short = first
            .post(&edit, &settings("2026-03-09T18:00", "2,400"))
            .await;
        assert!(short.body.contains("less than 14 days"), "{}", short.body);
        let key: WaveKey = "co-production-attitudes/now".parse().unwrap();
        let spec = wave(&app, &key).await.spec;
        assert_eq!(spec.frame.size(), Some(2_400));
        assert_eq!(spec.channels.len(), 2);
        assert_eq!(spec.closes.to_string(), "2026-03-09T18:00:00.000Z");
        let long = first
            .post(&edit, &settings("2026-04-09T18:00", "2400"))
            .await;
        assert_eq!(long.location.as_deref(), Some(NOW));
        app.open("co-production-attitudes/now").await;
        let late = first
            .post(&edit, &settings("2026-05-09T18:00", "2400"))
            .await;
        assert_eq!(late.status, 409);
        assert!(
            late.body.contains("fixed once it has opened"),
            "{}",
            late.body
        );
        assert_eq!(first.get(&edit).await.location.as_deref(), Some(NOW));
    }
);

on_both!(
    a_screen_shows_what_the_public_may_know,
    async |app: TestApp| {
        open_april(&app).await;
        app.add_user("hall@example.org", Role::Projector).await;
        let hall = Browser::of_staff(&app, "hall@example.org").await;
        let screen = "/staff/screen/co-production-attitudes/april";
        let list = hall.get("/staff/screen").await;
        assert!(list.body.contains(screen), "{}", list.body);
        assert!(
            !list.body.contains("co-production-attitudes/now"),
            "a draft is on no screen"
        );
        assert_eq!(
            hall.get("/staff/screen/co-production-attitudes/now")
                .await
                .status,
            404
        );
        let page = hall.get(screen).await;
        assert!(
            page.body.contains("Closed since 30 April 2012"),
            "{}",
            page.body
        );
        assert!(
            page.body.contains("Results follow when they are published"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("85") && !page.body.contains("<button"),
            "{}",
            page.body
        );
    }
);

on_both!(
    a_screen_goes_from_slide_to_slide_once_results_are_published,
    async |app: TestApp| {
        let key = open_april(&app).await;
        app.add_user("hall@example.org", Role::Projector).await;
        let hall = Browser::of_staff(&app, "hall@example.org").await;
        let screen = "/staff/screen/co-production-attitudes/april";
        // Before that it does not show them to those who may read them elsewhere, either.
        let (first, _) = two_browsers(&app).await;
        let same = first.get(&format!("{screen}?slide=1")).await;
        assert!(same.body.contains("Results follow"), "{}", same.body);
        first.post(&format!("{APRIL}/close"), &[]).await;
        app.advance(DRAIN + Duration::from_secs(1));
        close_wave::close_due(&app.services).await.unwrap();
        app.publish(&key).await;
        let response = hall
            .request(reqwest::Method::GET, &format!("{screen}?slide=1"))
            .send()
            .await
            .unwrap();
        let refresh = response.headers()["refresh"].to_str().unwrap().to_owned();
        assert_eq!(refresh, format!("15; url={screen}?slide=2"));
        let body = response.text().await.unwrap();
        assert!(body.contains("2 / ") && body.contains('%'), "{body}");
        app.open("co-production-attitudes/now").await;
        let open = hall.get("/staff/screen/co-production-attitudes/now").await;
        let address = "countmein.test/w/co-production-attitudes/now";
        assert!(open.body.contains(address), "{}", open.body);
        let final_slide = hall
            .request(reqwest::Method::GET, &format!("{screen}?slide=7"))
            .send()
            .await
            .unwrap();
        let refresh = final_slide.headers()["refresh"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(refresh, format!("15; url={screen}?slide=0"));
        assert!(hall.get(screen).await.body.contains("85"));
    }
);
