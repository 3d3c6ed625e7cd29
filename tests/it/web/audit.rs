//! The record of acts as staff see it.

use countmein::{
    domain::{
        audit::{Act, Actor},
        role::Role,
    },
    service::audited::{note_done, note_refused},
};

use crate::support::{STAFF_EMAIL, TestApp, browsing::Browser, on_both, operator};

async fn staff(app: &TestApp) -> Browser {
    app.add_staff().await;
    Browser::of_staff(app, STAFF_EMAIL).await
}

on_both!(
    acts_are_read_in_plain_words_and_filtered,
    async |app: TestApp| {
        app.add_staff().await;
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let anna = app.add_user("anna@example.org", Role::Coordinator).await;
        let unknown = Actor::unknown("192.0.2.9");
        note_refused(
            &app.services,
            &unknown,
            Act::LoginRefused { user: Some(anna) },
        )
        .await
        .unwrap();
        app.advance(std::time::Duration::from_hours(24));
        let wave = "co-production-attitudes/april".parse().unwrap();
        note_done(&app.services, &Actor::schedule(), Act::WaveClosed { wave })
            .await
            .unwrap();
        let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
        let page = browser.get("/staff/audit").await.body;
        for words in [
            "<strong>The operator</strong> opened the wave co-production-attitudes/now",
            "<strong>The operator</strong> added anna@example.org as coordinator",
            "<strong>The schedule</strong> closed the wave co-production-attitudes/april",
            "<strong>Somebody unknown</strong> tried to log in as anna@example.org and was not let in",
            "Refused:",
            "from web 192.0.2.9",
            "from command line tests",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let newest = page.find("The schedule").unwrap();
        assert!(
            newest < page.find("opened the wave").unwrap(),
            "the newest comes first"
        );
        for (query, shown, hidden) in [
            ("who=schedule", "closed the wave", "opened the wave"),
            ("act=wave-opened", "opened the wave", "closed the wave"),
            (
                "object=co-production-attitudes%2Fapril",
                "closed the wave",
                "opened the wave",
            ),
            ("result=refused", "tried to log in", "opened the wave"),
            ("from=2026-03-03", "closed the wave", "opened the wave"),
            ("to=2026-03-02", "opened the wave", "closed the wave"),
            (
                "from=2026-03-02&to=2026-03-02&who=operator",
                "opened the wave",
                "tried to log in",
            ),
        ] {
            let page = browser.get(&format!("/staff/audit?{query}")).await.body;
            assert!(
                page.contains(shown) && !page.contains(hidden),
                "{query}: {page}"
            );
        }
    }
);

on_both!(
    a_filter_that_makes_no_sense_gets_a_page_that_says_so,
    async |app: TestApp| {
        let browser = staff(&app).await;
        for (query, status) in [
            ("from=yesterday", 422),
            ("from=2026-03-03&to=2026-03-02", 422),
            ("who=%00", 400),
            ("page=99999999999999999999", 200),
            ("page=4000000000", 200),
            ("who=%27%20OR%201%3D1%20--", 200),
        ] {
            let page = browser.get(&format!("/staff/audit?{query}")).await;
            assert_eq!(page.status, status, "{query}");
        }
    }
);

on_both!(
    a_long_record_has_pages_and_an_export_has_all_of_it,
    async |app: TestApp| {
        let browser = staff(&app).await;
        for _ in 0..1_120 {
            note_done(&app.services, &operator(), Act::LoggedIn)
                .await
                .unwrap();
        }
        let act = Act::SurveyLoaded {
            survey: "=HYPERLINK(\"http://evil.example\")".to_owned(),
            wording: String::new(),
        };
        note_done(&app.services, &operator(), act).await.unwrap();
        let first = browser.get("/staff/audit?act=logged-in").await.body;
        assert!(
            first.contains("1,120 events</span>") || first.contains("1,120 events. Page 1 of 23"),
            "{first}"
        );
        assert_eq!(first.matches("<li value=").count(), 50);
        let last = browser.get("/staff/audit?act=logged-in&page=23").await.body;
        assert_eq!(last.matches("<li value=").count(), 20);
        assert!(
            last.contains("page=22") && !last.contains(">Older<"),
            "{last}"
        );
        let csv = browser
            .post("/staff/audit.csv?act=logged-in", &[])
            .await
            .body;
        assert_eq!(csv.lines().count(), 1_121);
        assert!(
            csv.starts_with("seq,time,who,role,origin,act,object,words"),
            "{csv}"
        );
        let csv = browser.post("/staff/audit.csv", &[]).await.body;
        assert!(csv.contains(",\"'=HYPERLINK("), "a formula is text: {csv}");
        assert!(!csv.contains(",\"=HYPERLINK("));
        let page = browser.get("/staff/audit?act=audit-exported").await.body;
        assert!(
            page.contains("exported 1120 events of the record"),
            "{page}"
        );
        assert!(
            page.contains("exported 1124 events of the record"),
            "{page}"
        );
    }
);

on_both!(
    the_page_that_checks_says_what_is_wrong,
    async |app: TestApp| {
        let browser = staff(&app).await;
        app.load("co-production-attitudes").await;
        let check = "/staff/audit/verify";
        assert!(browser.get(check).await.body.contains("Check now"));
        let page = browser.post(check, &[("head", "")]).await.body;
        assert!(
            page.contains("Nothing was altered, removed or moved"),
            "{page}"
        );
        let start = page.find("<code>").unwrap() + "<code>".len();
        let head = page[start..].split('<').next().unwrap().to_owned();
        let page = browser.post(check, &[("head", &head)]).await;
        assert!(page.body.contains("Nothing was altered"), "{}", page.body);
        let wrong = browser.post(check, &[("head", "17")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.body.contains("is no head"), "{}", wrong.body);
        let trigger = match app.services.db.get_database_backend() {
            sea_orm::DbBackend::Sqlite => "DROP TRIGGER audit_event_no_update",
            _ => "DROP TRIGGER audit_event_append_only ON audit_event",
        };
        app.sql(trigger).await.unwrap();
        app.sql("UPDATE audit_event SET who = 'nobody' WHERE seq = 2")
            .await
            .unwrap();
        let page = browser.post(check, &[("head", "")]).await.body;
        assert!(page.contains("Event 2 was altered"), "{page}");
    }
);
