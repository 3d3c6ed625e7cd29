//! The first half of a login, and the life of a session.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use countmein::{
    domain::{role::Role, second_factor::TotpSecret},
    service::{
        login::{self, LoginAttempt, LoginError},
        manage_users, password,
    },
    store,
};

use crate::support::{
    Backend, STAFF_EMAIL, STAFF_PASSWORD, TestApp, browsing::Browser, on_both, operator,
};

/// An administrator with a second factor, and its secret.
async fn administrator(app: &TestApp) -> TotpSecret {
    let user = app.add_user(STAFF_EMAIL, Role::Administrator).await;
    app.give_second_factor(user).await.secret
}

/// Users who cannot log in, each for another reason, with the password that somebody types.
async fn refused_logins(app: &TestApp) -> [(&'static str, &'static str); 4] {
    app.add_staff().await;
    let disabled = app.add_user("gone@example.org", Role::Keyer).await;
    manage_users::disable(&app.services, &operator(), disabled)
        .await
        .unwrap();
    let invited = "invited@example.org";
    manage_users::invite(&app.services, &operator(), invited, Role::Keyer)
        .await
        .unwrap();
    [
        ("nobody@example.org", STAFF_PASSWORD),
        (STAFF_EMAIL, "not the password"),
        ("gone@example.org", STAFF_PASSWORD),
        (invited, ""),
    ]
}

async fn events(app: &TestApp, act: &str) -> Vec<store::audit::Recorded> {
    let all = store::audit::events_after(&app.services.db, 0, 10_000)
        .await
        .unwrap();
    all.into_iter().filter(|e| e.link.act == act).collect()
}

on_both!(
    whatever_is_wrong_with_a_login_the_answer_and_the_record_are_the_same,
    async |app: TestApp| {
        let mut answers = Vec::new();
        for (email, password) in refused_logins(&app).await {
            let browser = Browser::new(&app);
            let page = browser.give_password(email, password).await;
            assert_eq!(page.status, 422, "{email}");
            answers.push(page.body.replace(email, ""));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        let recorded = events(&app, "login-refused").await;
        assert_eq!(recorded.len(), 4);
        let known: Vec<bool> = recorded
            .iter()
            .map(|event| event.link.object.starts_with("user "))
            .collect();
        assert_eq!(known, [false, true, true, true]);
        assert!(recorded.iter().all(|event| event.link.result == "refused"));
        assert!(recorded.iter().all(|event| event.link.user_id.is_none()));
    }
);

/// Each kind of refusal hashes a password: one that did not would be quicker by all that a hash takes.
/// What else the machine does makes some of either side slower, and nothing quicker: so the quickest
/// of each is compared, over as many looks as that takes. No number of looks makes up for a hash that
/// is left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_address_takes_as_long_as_a_known_one() {
    let app = TestApp::start_idle(Backend::Sqlite, |_| {}).await;
    let kinds = refused_logins(&app).await;
    let mut hash = Duration::MAX;
    let mut refusals = [Duration::MAX; 4];
    for look in 0..300 {
        // So that no address runs out of guesses.
        app.advance(Duration::from_mins(1));
        let start = Instant::now();
        let fits = password::verify("anything at all".to_owned(), None).await;
        hash = hash.min(start.elapsed());
        assert!(!fits.unwrap());
        for (quickest, (email, password)) in refusals.iter_mut().zip(&kinds) {
            let attempt = LoginAttempt {
                email: (*email).to_owned(),
                password: (*password).to_owned(),
                network: None,
                address: String::new(),
            };
            let start = Instant::now();
            let refused = login::login(&app.services, attempt).await;
            *quickest = start.elapsed().min(*quickest);
            assert!(matches!(refused, Err(LoginError::Refused)), "{email}");
        }
        let (least, most) = (
            *refusals.iter().min().unwrap(),
            *refusals.iter().max().unwrap(),
        );
        if look >= 5 && least > hash * 4 / 5 && most.saturating_sub(least) < hash / 5 {
            return;
        }
    }
    panic!("kinds of refusal can be told by their time: {refusals:?}; a hash takes {hash:?}");
}

on_both!(
    guessing_is_stopped_and_others_can_still_log_in,
    async |app: TestApp| {
        let secret = administrator(&app).await;
        let guesser = Browser::new(&app);
        let guess = async || {
            let page = guesser.give_password("Victim@example.org", "not the password");
            page.await.status.as_u16()
        };
        for _ in 0..10 {
            assert_eq!(guess().await, 422);
        }
        assert_eq!(guess().await, 429);
        assert_eq!(events(&app, "login-refused").await.len(), 10);
        Browser::new(&app).log_in(&app, STAFF_EMAIL, &secret).await;
        app.advance(Duration::from_mins(5));
        assert_eq!(guess().await, 422);
    }
);

on_both!(
    guesses_sent_at_the_same_moment_are_counted_too,
    async |app: TestApp| {
        app.add_staff().await;
        let browser = Arc::new(Browser::new(&app));
        let guesses: Vec<_> = (0..40)
            .map(|number| {
                let browser = Arc::clone(&browser);
                tokio::spawn(async move {
                    let password = format!("wrong {number}");
                    browser.give_password(STAFF_EMAIL, &password).await.status
                })
            })
            .collect();
        let mut looked_at = 0;
        for guess in guesses {
            looked_at += usize::from(guess.await.unwrap() == 422);
        }
        assert_eq!(looked_at, 10);
    }
);

on_both!(
    a_session_ends_by_logout_by_rest_and_by_age,
    async |app: TestApp| {
        let secret = administrator(&app).await;
        let logged_in = async |browser: &Browser| browser.get("/staff").await.status == 200;
        let browser = Browser::new(&app);
        let log_in = async || {
            app.advance(Duration::from_secs(30));
            browser.log_in(&app, STAFF_EMAIL, &secret).await;
        };
        log_in().await;
        assert!(logged_in(&browser).await);
        let out = browser.post("/staff/logout", &[]).await;
        assert_eq!(out.location.as_deref(), Some("/staff/login"));
        assert!(!logged_in(&browser).await);
        log_in().await;
        app.advance(Duration::from_mins(31));
        assert!(!logged_in(&browser).await, "half an hour of rest");
        log_in().await;
        for _ in 0..(12 * 60 / 20 - 1) {
            app.advance(Duration::from_mins(20));
            assert!(logged_in(&browser).await, "used all the time");
        }
        app.advance(Duration::from_mins(20));
        assert!(!logged_in(&browser).await, "twelve hours in all");
        // The next login clears away what has run out.
        log_in().await;
        let rows = app.sql("DELETE FROM staff_session").await.unwrap();
        assert_eq!(rows, 1);
        assert_eq!(events(&app, "logged-in").await.len(), 4);
        assert_eq!(events(&app, "logged-out").await.len(), 1);
    }
);

on_both!(a_screen_in_a_hall_stays_logged_in, async |app: TestApp| {
    let hall = app.add_user("hall@example.org", Role::Projector).await;
    let screen = Browser::new(&app);
    let page = screen
        .give_password("hall@example.org", STAFF_PASSWORD)
        .await;
    assert_eq!(page.location.as_deref(), Some("/staff/screen"));
    app.advance(Duration::from_hours(24 * 90));
    // Somebody else's login clears away sessions, and not this one.
    app.add_user("keyer@example.org", Role::Keyer).await;
    let keyer = Browser::new(&app);
    keyer
        .give_password("keyer@example.org", STAFF_PASSWORD)
        .await;
    assert_eq!(screen.get("/staff/account").await.status, 200);
    manage_users::disable(&app.services, &operator(), hall)
        .await
        .unwrap();
    assert_eq!(screen.get("/staff/account").await.status, 303);
});

on_both!(each_role_is_led_to_where_it_may_go, async |app: TestApp| {
    for (role, first) in [
        (Role::Administrator, "/staff/login/set-up"),
        (Role::Coordinator, "/staff/login/set-up"),
        (Role::Keyer, "/staff"),
        (Role::Facilitator, "/staff"),
        (Role::Commissioner, "/staff"),
        (Role::Projector, "/staff/screen"),
    ] {
        let email = format!("{role}@example.org");
        app.add_user(&email, role).await;
        let browser = Browser::new(&app);
        let page = browser.give_password(&email, STAFF_PASSWORD).await;
        assert_eq!(page.location.as_deref(), Some(first), "{role}");
        assert_eq!(browser.get(first).await.status, 200, "{role}");
        // Whoever comes to the login page again goes on where they were.
        let again = browser.get("/staff/login").await;
        assert_eq!(again.location.as_deref(), Some(first), "{role}");
    }
});

on_both!(
    a_disabled_user_is_not_recognised_even_where_a_session_is_left,
    async |app: TestApp| {
        app.add_user("keyer@example.org", Role::Keyer).await;
        let keyer = Browser::of_staff(&app, "keyer@example.org").await;
        assert_eq!(keyer.get("/staff").await.status, 200);
        app.sql("UPDATE staff_user SET disabled_at = 1")
            .await
            .unwrap();
        assert_eq!(keyer.get("/staff").await.status, 303);
    }
);

on_both!(
    a_full_session_without_the_second_factor_that_its_role_needs_opens_nothing,
    async |app: TestApp| {
        app.add_staff().await;
        let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
        assert_eq!(staff.get("/staff").await.status, 200);
        app.sql("UPDATE staff_user SET totp_secret = NULL")
            .await
            .unwrap();
        assert_eq!(staff.get("/staff").await.status, 303);
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cookie_of_staff_is_bound_to_its_site() {
    for (url, name, secure) in [
        ("http://countmein.test", "countmein-staff=", false),
        ("https://countmein.test", "__Host-countmein-staff=", true),
    ] {
        let app = TestApp::start_with(Backend::Sqlite, |config| {
            config.public_url = url.to_owned();
        })
        .await;
        app.add_user("keyer@example.org", Role::Keyer).await;
        let response = Browser::new(&app)
            .form(
                "/staff/login",
                &[("email", "keyer@example.org"), ("password", STAFF_PASSWORD)],
            )
            .send()
            .await
            .unwrap();
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with(name), "{cookie}");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(
            !cookie.contains("Max-Age"),
            "it ends with the browser: {cookie}"
        );
        let token = cookie[name.len()..].split(';').next().unwrap();
        let rows = format!("DELETE FROM staff_session WHERE token_hash LIKE '%{token}%'");
        assert_eq!(
            app.sql(&rows).await.unwrap(),
            0,
            "the database holds the token"
        );
    }
}

on_both!(an_event_of_a_login_says_who_it_was, async |app: TestApp| {
    let secret = administrator(&app).await;
    Browser::new(&app).log_in(&app, STAFF_EMAIL, &secret).await;
    let recorded = events(&app, "logged-in").await;
    assert_eq!(recorded.len(), 1);
    assert_eq!(recorded[0].link.who, STAFF_EMAIL);
    assert_eq!(recorded[0].link.role, "administrator");
    assert!(recorded[0].link.origin.starts_with("web"));
});

on_both!(
    a_new_login_ends_the_session_that_the_browser_had,
    async |app: TestApp| {
        for email in ["one@example.org", "two@example.org"] {
            app.add_user(email, Role::Keyer).await;
        }
        let token = app.session("one@example.org").await;
        let browser = Browser::with_token(&app, &token);
        assert_eq!(browser.get("/staff").await.status, 200);
        browser
            .give_password("two@example.org", STAFF_PASSWORD)
            .await;
        let former = Browser::with_token(&app, &token);
        assert_eq!(former.get("/staff").await.status, 303);
    }
);
