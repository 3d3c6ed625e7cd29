//! Statistics of keying: everybody for the coordinator, their own for a keyer, nothing for others.

use countmein::{
    domain::{keying::Pass, role::Role},
    service::open_batch,
};

use crate::support::{
    TestApp,
    browsing::{Browser, Page},
    on_both,
    paper::{accept, codes, coordinator, key_pile, keyer, open_attitudes},
};

const PAGE: &str = "/staff/w/co-production-attitudes/now/keying";

async fn seen_by(app: &TestApp, email: &str) -> Page {
    Browser::of_staff(app, email).await.get(PAGE).await
}

on_both!(
    a_keyer_sees_their_own_keying_and_nobody_elses,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@example.org").await;
        let ben = keyer(&app, "ben@example.org").await;
        keyer(&app, "new@example.org").await;
        let cat = coordinator(&app, "cat@example.org").await;
        let empty = seen_by(&app, "cat@example.org").await;
        assert!(
            empty.body.contains("Nobody has keyed anything"),
            "{}",
            empty.body
        );
        let codes = codes(&app, &key, 3).await;
        accept(&app, &ann, &key, &codes).await;
        let number = open_batch::open(&app.services, &cat, &key, 3, 3)
            .await
            .unwrap();
        let sheets = ["1234512", "5555555", "1111111"];
        key_pile(&app, &ann, &key, number, Pass::First, &sheets).await;
        key_pile(&app, &ben, &key, number, Pass::Second, &sheets).await;

        let all = seen_by(&app, "cat@example.org").await;
        assert_eq!(all.status, 200);
        for part in [
            "ann@example.org",
            "ben@example.org",
            "keyed by two people",
            ">400<",
            ">21<",
        ] {
            assert!(all.body.contains(part), "no {part} in {}", all.body);
        }
        let own = seen_by(&app, "ann@example.org").await;
        assert_eq!(own.status, 200);
        assert!(own.body.contains("First keying") && own.body.contains(">400<"));
        for part in [
            "ben@example.org",
            "Second keying",
            "Fields that differed",
            "keyings differed",
        ] {
            assert!(!own.body.contains(part), "{part} in {}", own.body);
        }
        let new = seen_by(&app, "new@example.org").await;
        assert!(
            new.body.contains("You have not keyed anything"),
            "{}",
            new.body
        );
        app.add_user("reader@example.org", Role::Commissioner).await;
        assert_eq!(seen_by(&app, "reader@example.org").await.status, 403);
        let unknown = Browser::of_staff(&app, "ann@example.org").await;
        assert_eq!(unknown.get("/staff/w/none/now/keying").await.status, 404);
    }
);
