//! E-mailed links by which people choose a password.

use std::{sync::Arc, time::Duration};

use countmein::{
    domain::{id::UserId, role::Role},
    service::manage_users,
};

use crate::support::{
    STAFF_PASSWORD, TestApp,
    browsing::{Browser, Page},
    on_both, operator,
};

const NEW: &str = "new@example.org";
const PASSWORD: &str = "some other quiet words";

async fn invite(app: &TestApp, role: Role) -> UserId {
    manage_users::invite(&app.services, &operator(), NEW, role)
        .await
        .unwrap()
}

async fn choose(browser: &Browser, link: &str, password: &str) -> Page {
    browser.post(link, &[("new-password", password)]).await
}

on_both!(
    an_invited_person_chooses_a_password_and_goes_on_to_the_second_factor,
    async |app: TestApp| {
        invite(&app, Role::Coordinator).await;
        let link = app.mailed_link(NEW).await;
        let browser = Browser::new(&app);
        // Mail programs open links by themselves, and more than once.
        for _ in 0..3 {
            let page = browser.get(&link).await;
            assert_eq!(page.status, 200);
            assert!(page.body.contains(NEW) && page.body.contains("autocomplete=\"new-password\""));
        }
        let weak = choose(&browser, &link, "new new new new new").await;
        assert_eq!(weak.status, 422);
        assert!(weak.body.contains("among the first"), "{}", weak.body);
        let done = choose(&browser, &link, PASSWORD).await;
        assert_eq!(done.location.as_deref(), Some("/staff/login/set-up"));
        assert_eq!(browser.get("/staff").await.status, 303, "half a login");
        assert_eq!(browser.get("/staff/login/set-up").await.status, 200);
        let page = Browser::new(&app).give_password(NEW, PASSWORD).await;
        assert_eq!(page.location.as_deref(), Some("/staff/login/set-up"));
        let acts = app.acts().await;
        assert_eq!(acts, ["user-invited", "staff-link-used"]);
    }
);

on_both!(
    a_link_that_does_not_work_is_the_same_page_whatever_the_reason,
    async |app: TestApp| {
        invite(&app, Role::Keyer).await;
        let used = app.mailed_link(NEW).await;
        assert_eq!(
            choose(&Browser::new(&app), &used, PASSWORD).await.status,
            303
        );
        let late = "late@example.org";
        manage_users::invite(&app.services, &operator(), late, Role::Keyer)
            .await
            .unwrap();
        let late = app.mailed_link(late).await;
        let in_time = Browser::new(&app).get(&late).await;
        assert_eq!(in_time.status, 200);
        app.advance(Duration::from_hours(7 * 24));
        let never = format!("/staff/link/{}", "0".repeat(32));
        let mut pages = Vec::new();
        for link in [&used, &late, &never, "/staff/link/none", "/staff/link/%00"] {
            let browser = Browser::new(&app);
            for page in [
                browser.get(link).await,
                choose(&browser, link, PASSWORD).await,
            ] {
                assert_eq!(page.status, 410, "{link}");
                pages.push(page.body);
            }
        }
        assert!(pages.iter().all(|page| *page == pages[0]));
    }
);

on_both!(
    of_many_presses_at_the_same_moment_one_uses_the_link,
    async |app: TestApp| {
        invite(&app, Role::Keyer).await;
        let link = Arc::new(app.mailed_link(NEW).await);
        let url = Arc::new(app.url.clone());
        let presses: Vec<_> = (0..8)
            .map(|number| {
                let (link, url) = (Arc::clone(&link), Arc::clone(&url));
                tokio::spawn(async move {
                    let password = format!("{PASSWORD} {number}");
                    let page = choose(&Browser::at(&url), &link, &password).await;
                    (page.status.as_u16(), password)
                })
            })
            .collect();
        let mut passed = Vec::new();
        for press in presses {
            let (status, password) = press.await.unwrap();
            assert!(status == 303 || status == 410, "{status}");
            if status == 303 {
                passed.push(password);
            }
        }
        assert_eq!(passed.len(), 1);
        let page = Browser::new(&app).give_password(NEW, &passed[0]).await;
        assert_eq!(page.location.as_deref(), Some("/staff"));
    }
);

on_both!(
    a_link_for_a_new_password_ends_sessions_and_asks_for_the_second_factor,
    async |app: TestApp| {
        let user = app.add_user(NEW, Role::Coordinator).await;
        let secret = app.give_second_factor(user).await.secret;
        let before = Browser::of_staff(&app, NEW).await;
        manage_users::send_link(&app.services, &operator(), user)
            .await
            .unwrap();
        let first = app.mailed_link(NEW).await;
        manage_users::send_link(&app.services, &operator(), user)
            .await
            .unwrap();
        // The later link takes the place of the earlier one.
        assert_eq!(Browser::new(&app).get(&first).await.status, 410);
        // Until it is used everything is as it was.
        assert_eq!(before.get("/staff").await.status, 200);
        let browser = Browser::new(&app);
        let link = app.mailed_link(NEW).await;
        let done = choose(&browser, &link, PASSWORD).await;
        assert_eq!(done.location.as_deref(), Some("/staff/login/code"));
        assert_eq!(before.get("/staff").await.status, 303);
        let code = secret.code_at(app.services.now());
        browser.post("/staff/login/code", &[("code", &code)]).await;
        assert_eq!(browser.get("/staff").await.status, 200);
        let old = Browser::new(&app).give_password(NEW, STAFF_PASSWORD).await;
        assert_eq!(old.status, 422);
        let mail = app.notices().await.pop().unwrap();
        assert_eq!(mail.header("To"), NEW);
        assert!(mail.text.contains("your password was changed"));
    }
);

on_both!(a_disabled_user_has_no_link, async |app: TestApp| {
    let user = invite(&app, Role::Keyer).await;
    let link = app.mailed_link(NEW).await;
    manage_users::disable(&app.services, &operator(), user)
        .await
        .unwrap();
    assert_eq!(Browser::new(&app).get(&link).await.status, 410);
    let again = manage_users::send_link(&app.services, &operator(), user).await;
    assert!(again.is_err());
    manage_users::enable(&app.services, &operator(), user)
        .await
        .unwrap();
    assert_eq!(
        Browser::new(&app).get(&link).await.status,
        410,
        "gone for good"
    );
});

on_both!(
    the_mail_of_an_invitation_has_the_link_and_the_database_does_not,
    async |app: TestApp| {
        invite(&app, Role::Keyer).await;
        let link = app.mailed_link(NEW).await;
        let token = link.rsplit('/').next().unwrap();
        let known = format!("DELETE FROM staff_link WHERE token_hash LIKE '%{token}%'");
        assert_eq!(app.sql(&known).await.unwrap(), 0);
        let mail = app.notices().await.pop().unwrap();
        let address = format!("http://countmein.test{link}");
        assert!(mail.text.contains(&format!("{address}\n")), "{}", mail.text);
        assert!(mail.text.contains("as keyer"), "{}", mail.text);
        assert!(mail.text.contains("until 9 March 2026"), "{}", mail.text);
        assert!(mail.html.contains(&address), "{}", mail.html);
    }
);
