//! The page of a wave's codes: made, opened for printing, forgotten, and shown to nobody else.

use countmein::domain::role::Role;

use crate::support::{STAFF_EMAIL, TestApp, browsing::Browser, on_both};

const CODES: &str = "/staff/w/citizen-priorities-knapsack/now/codes";

async fn staff(app: &TestApp) -> Browser {
    app.load("citizen-priorities-knapsack").await;
    app.open("citizen-priorities-knapsack/now").await;
    app.add_user(STAFF_EMAIL, Role::Coordinator).await;
    Browser::of_staff(app, STAFF_EMAIL).await
}

on_both!(
    codes_are_made_downloaded_and_forgotten,
    async |app: TestApp| {
        let staff = staff(&app).await;
        let page = staff
            .post_and_follow(CODES, &[("kind", "list"), ("count", "7")])
            .await;
        assert!(page.body.contains("Download the list"), "{}", page.body);
        let list = staff.post(&format!("{CODES}/1/print"), &[]).await;
        let codes: Vec<&str> = list.body.lines().skip(1).collect();
        assert_eq!(codes.len(), 7, "{}", list.body);
        let start = "/w/citizen-priorities-knapsack/now/start";
        let visitor = Browser::new(&app);
        let begun = visitor.post(start, &[("code", codes[6])]).await;
        assert_eq!(begun.status, 303, "{}", begun.body);
        let page = staff
            .post_and_follow(&format!("{CODES}/1/forget"), &[])
            .await;
        assert!(page.body.contains("forgotten"), "{}", page.body);
        let gone = staff.post(&format!("{CODES}/1/print"), &[]).await;
        assert_eq!(gone.status, 409);
        assert!(!gone.body.contains(codes[0]), "{}", gone.body);
    }
);

on_both!(
    what_cannot_be_made_is_said_beside_its_field,
    async |app: TestApp| {
        let staff = staff(&app).await;
        for typed in ["", "none", "-3", "0", "100001"] {
            let page = staff
                .post(CODES, &[("kind", "cards"), ("count", typed)])
                .await;
            assert_eq!(page.status, 422, "{typed}");
            assert!(page.body.contains("Ask for 1 to 100000"), "{}", page.body);
            assert!(page.body.contains(&format!("value=\"{typed}\"")), "{typed}");
        }
        let page = staff.post(CODES, &[("kind", "letters")]).await;
        assert_eq!(page.status, 409);
        assert!(page.body.contains("nobody on the roll"), "{}", page.body);
        assert_eq!(staff.post(CODES, &[("kind", "mugs")]).await.status, 400);
        let unknown = staff.post(&format!("{CODES}/77/print"), &[]).await;
        assert_eq!(unknown.status, 404);
    }
);

on_both!(
    letters_are_printed_for_the_roll_and_nobody_gets_two,
    async |app: TestApp| {
        let staff = staff(&app).await;
        for serial in 1..=3 {
            app.sql(&format!(
                "INSERT INTO roll_person (wave_id, serial, name, address, fingerprint)
                 SELECT id, {serial}, 'Ada Person{serial}', '{serial} High Street\nTown', 'f{serial}'
                 FROM wave WHERE state = 'open'"
            ))
            .await
            .unwrap();
        }
        let page = staff.get(CODES).await;
        assert!(page.body.contains("Make 3 letters"), "{}", page.body);
        let page = staff.post_and_follow(CODES, &[("kind", "letters")]).await;
        assert!(!page.body.contains("Make 3 letters"), "{}", page.body);
        let path = format!("{CODES}/1/print");
        let letters = staff.post(&path, &[]).await;
        let large = staff.post(&path, &[("print", "large")]).await;
        assert_ne!(letters.body, large.body);
        for serial in 1..=3 {
            let name = format!("Ada Person{serial}");
            assert!(letters.body.contains(&name), "{}", letters.body);
            assert!(large.body.contains(&name));
        }
        // The page prints under the policy of every page: no style but a file's.
        assert!(!letters.body.contains("<style"));
        let again = staff.post(CODES, &[("kind", "letters")]).await;
        assert_eq!(again.status, 409);
    }
);
