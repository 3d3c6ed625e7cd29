//! What people change in their own account.

use countmein::{domain::role::Role, store};

use super::second_factor::shown_codes;
use crate::support::{STAFF_EMAIL, STAFF_PASSWORD, browsing::Browser, on_both};

const PASSWORD: &str = "/staff/account/password";
const CODES: &str = "/staff/account/recovery-codes";

on_both!(
    a_new_password_needs_the_present_one_and_ends_other_sessions,
    async |app: TestApp| {
        app.add_user(STAFF_EMAIL, Role::Keyer).await;
        let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
        let elsewhere = Browser::of_staff(&app, STAFF_EMAIL).await;
        let new = "some other quiet words";
        for (present, new, fault) in [
            ("wrong", new, "The password is not right."),
            (STAFF_PASSWORD, "too short", "too short"),
            (STAFF_PASSWORD, "staff-example-2026", "among the first"),
        ] {
            let fields = [("password", present), ("new-password", new)];
            let page = browser.post(PASSWORD, &fields).await;
            assert_eq!(page.status, 422);
            assert!(page.body.contains(fault), "{}", page.body);
        }
        assert_eq!(elsewhere.get("/staff").await.status, 200);
        let fields = [("password", STAFF_PASSWORD), ("new-password", new)];
        let page = browser.post_and_follow(PASSWORD, &fields).await;
        assert!(
            page.body.contains("Your password is changed"),
            "{}",
            page.body
        );
        assert_eq!(elsewhere.get("/staff").await.status, 303);
        let old = Browser::new(&app)
            .give_password(STAFF_EMAIL, STAFF_PASSWORD)
            .await;
        assert_eq!(old.status, 422);
        let right = Browser::new(&app).give_password(STAFF_EMAIL, new).await;
        assert_eq!(right.status, 303);
        let notices = app.notices().await;
        assert_eq!(notices.len(), 1);
        assert_eq!(notices[0].header("To"), STAFF_EMAIL);
        assert!(notices[0].text.contains("your password was changed"));
        assert!(app.acts().await.contains(&"password-changed".to_owned()));
    }
);

on_both!(
    the_present_password_cannot_be_guessed_from_an_open_session,
    async |app: TestApp| {
        app.add_user(STAFF_EMAIL, Role::Keyer).await;
        let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
        let guess = [
            ("password", "wrong"),
            ("new-password", "some other quiet words"),
        ];
        for _ in 0..10 {
            assert_eq!(browser.post(PASSWORD, &guess).await.status, 422);
        }
        let right = [("password", STAFF_PASSWORD), guess[1]];
        let page = browser.post(PASSWORD, &right).await;
        assert!(
            page.body.contains("too many wrong passwords"),
            "{}",
            page.body
        );
    }
);

on_both!(
    new_recovery_codes_take_the_place_of_the_old,
    async |app: TestApp| {
        let user = app.add_user(STAFF_EMAIL, Role::Coordinator).await;
        let before = app.give_second_factor(user).await.codes;
        let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
        assert_eq!(
            browser.post(CODES, &[("password", "wrong")]).await.status,
            422
        );
        let page = browser.post(CODES, &[("password", STAFF_PASSWORD)]).await;
        let codes = shown_codes(&page);
        assert_eq!(codes.len(), 10);
        let half = Browser::new(&app);
        half.give_password(STAFF_EMAIL, STAFF_PASSWORD).await;
        let old = before[0].to_string();
        let answer = async |code: &str| {
            let page = half.post("/staff/login/code", &[("code", code)]).await;
            page.status.as_u16()
        };
        assert_eq!(answer(&old).await, 422);
        assert_eq!(answer(&codes[0]).await, 303);
        let page = half.get("/staff/account").await;
        assert!(page.body.contains("9 left"), "{}", page.body);
        // Only their hashes are kept.
        let bare = codes[1].replace('-', "");
        for code in [&codes[1], &bare] {
            let known = format!("DELETE FROM recovery_code WHERE code_hash LIKE '%{code}%'");
            assert_eq!(app.sql(&known).await.unwrap(), 0);
        }
    }
);

on_both!(
    people_end_their_own_sessions_and_nobody_elses,
    async |app: TestApp| {
        app.add_user(STAFF_EMAIL, Role::Keyer).await;
        let other = app.add_user("other@example.org", Role::Keyer).await;
        let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
        let elsewhere = Browser::of_staff(&app, STAFF_EMAIL).await;
        let stranger = Browser::of_staff(&app, "other@example.org").await;
        let page = browser.get("/staff/account").await;
        assert!(page.body.contains("this browser"), "{}", page.body);
        let theirs = store::session::of_user(&app.services.db, other)
            .await
            .unwrap();
        let theirs = theirs[0].token_hash.clone();
        browser
            .post("/staff/account/end", &[("session", &theirs)])
            .await;
        assert_eq!(stranger.get("/staff").await.status, 200);
        let own = page.field("session");
        browser
            .post("/staff/account/end", &[("session", &own)])
            .await;
        assert_eq!(elsewhere.get("/staff").await.status, 303);
        assert_eq!(browser.get("/staff").await.status, 200);
        let acts = app.acts().await;
        assert_eq!(acts.iter().filter(|act| *act == "session-ended").count(), 1);
    }
);

on_both!(every_page_of_staff_has_the_way_out, async |app: TestApp| {
    let key = crate::support::paper::open_attitudes(&app).await;
    app.add_user(STAFF_EMAIL, Role::Administrator).await;
    let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
    for path in [
        "/staff".to_owned(),
        "/staff/account".to_owned(),
        "/staff/users".to_owned(),
        "/staff/audit".to_owned(),
        "/staff/requests".to_owned(),
        "/staff/privacy".to_owned(),
        "/staff/screen".to_owned(),
        format!("/staff/w/{key}"),
        format!("/staff/w/{key}/post"),
        format!("/staff/w/{key}/batches"),
        format!("/staff/w/{key}/codes"),
        format!("/staff/w/{key}/ask/publish"),
    ] {
        let page = browser.get(&path).await;
        let ways = page.body.matches("action=\"/staff/logout\"").count();
        assert_eq!((page.status.as_u16(), ways), (200, 1), "{path}");
    }
});

on_both!(
    everyone_sees_the_pages_that_their_role_may_open,
    async |app: TestApp| {
        for (role, links) in [
            (
                Role::Administrator,
                vec![
                    "/staff",
                    "/staff/requests",
                    "/staff/users",
                    "/staff/audit",
                    "/staff/privacy",
                    "/staff/screen",
                    "/staff/account",
                ],
            ),
            (
                Role::Coordinator,
                vec![
                    "/staff",
                    "/staff/requests",
                    "/staff/audit",
                    "/staff/screen",
                    "/staff/account",
                ],
            ),
            (
                Role::Keyer,
                vec!["/staff", "/staff/screen", "/staff/account"],
            ),
            (Role::Projector, vec!["/staff/screen", "/staff/account"]),
        ] {
            let email = format!("{role}@example.org");
            app.add_user(&email, role).await;
            let page = Browser::of_staff(&app, &email)
                .await
                .get("/staff/account")
                .await;
            let nav = page.body.split("class=\"staff-pages\"").nth(1).unwrap();
            let nav = nav.split("</nav>").next().unwrap();
            let found: Vec<&str> = nav
                .split("href=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .collect();
            assert_eq!(found, links, "{role}");
        }
    }
);
