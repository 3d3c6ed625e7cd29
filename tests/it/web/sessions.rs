//! Tokens of sessions: made anew at each login, known to the server alone, dead when they end.

use std::collections::BTreeSet;

use countmein::{
    clock::Randomness,
    domain::role::Role,
    service::session::NewToken,
    store,
    web::{
        Web,
        routes::{self, Access},
    },
};
use reqwest::Method;

use super::access::address;
use crate::support::{STAFF_EMAIL, STAFF_PASSWORD, TestApp, browsing::Browser, on_both};

const KEYER: &str = "keyer@example.org";

/// Gives the password, and takes the token out of the answer.
async fn token_of(browser: &Browser, email: &str) -> String {
    let fields = [("email", email), ("password", STAFF_PASSWORD)];
    let response = browser.form("/staff/login", &fields).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    let (_, rest) = cookie.split_once('=').unwrap();
    rest.split(';').next().unwrap().to_owned()
}

async fn opens(app: &TestApp, token: &str) -> bool {
    let page = Browser::with_token(app, token).get("/staff").await;
    page.status == 200
}

on_both!(
    a_thousand_tokens_are_a_thousand_different_ones,
    async |app: TestApp| {
        let made: BTreeSet<String> = (0..1_000)
            .map(|_| NewToken::random(&app.services).token)
            .collect();
        assert_eq!(made.len(), 1_000);
        // 64 hexadecimal digits are 256 bits, and each digit is used about as often as any other.
        assert!(made.iter().all(|token| token.len() == 64));
        for digit in "0123456789abcdef".chars() {
            let count: usize = made.iter().map(|t| t.matches(digit).count()).sum();
            assert!((3_500..4_500).contains(&count), "{digit}: {count}");
        }
    }
);

#[test]
fn another_installation_draws_other_tokens() {
    let draw =
        |randomness: &Randomness| countmein::domain::hex::random_token(&mut randomness.generator());
    let (one, other) = (Randomness::from_system(), Randomness::from_system());
    assert_ne!(draw(&one), draw(&other));
    assert_ne!(draw(&one), draw(&one));
}

on_both!(
    a_login_makes_a_new_token_and_ends_the_session_before,
    async |app: TestApp| {
        app.add_user(KEYER, Role::Keyer).await;
        let browser = Browser::new(&app);
        let first = token_of(&browser, KEYER).await;
        assert!(opens(&app, &first).await);
        // A second login in another browser leaves it alone …
        let elsewhere = token_of(&Browser::new(&app), KEYER).await;
        assert!(opens(&app, &first).await);
        // … and one in the same browser takes its place.
        let second = token_of(&browser, KEYER).await;
        assert!(!opens(&app, &first).await, "the old token still opens");
        assert!(opens(&app, &second).await && opens(&app, &elsewhere).await);
        assert_eq!(BTreeSet::from([&first, &second, &elsewhere]).len(), 3);
        // A token that somebody planted is not taken over.
        let planted = "0".repeat(64);
        let browser = Browser::with_token(&app, &planted);
        assert_ne!(token_of(&browser, KEYER).await, planted);
        assert!(!opens(&app, &planted).await);
    }
);

on_both!(
    after_logging_out_a_kept_token_opens_nothing,
    async |app: TestApp| {
        app.add_user(KEYER, Role::Keyer).await;
        let browser = Browser::new(&app);
        let token = token_of(&browser, KEYER).await;
        assert!(opens(&app, &token).await);
        browser.post("/staff/logout", &[]).await;
        assert!(!opens(&app, &token).await);
    }
);

on_both!(
    a_made_up_token_is_a_stranger_on_every_page,
    async |app: TestApp| {
        app.add_staff().await;
        let real = app.session(STAFF_EMAIL).await;
        let last = if real.ends_with('0') { "1" } else { "0" };
        let hash = {
            let account = store::staff::by_email(&app.services.db, STAFF_EMAIL).await;
            let user = account.unwrap().unwrap().user.id;
            let sessions = store::session::of_user(&app.services.db, user).await;
            sessions.unwrap()[0].token_hash.clone()
        };
        let web = Web::new(app.services.clone(), &app.config, &[7; 32]);
        let table = routes::table(&web);
        let mut closed = 0;
        for token in [
            String::new(),
            "1".to_owned(),
            format!("{}{last}", &real[..63]),
            real[..63].to_owned(),
            real.to_uppercase(),
            // What the database knows of it is not enough.
            hash,
        ] {
            let browser = Browser::with_token(&app, &token);
            for route in table.declared() {
                if matches!(route.access, Access::Staff(_)) && route.method == Method::GET {
                    let page = browser.get(&address(route.path)).await;
                    let target = page.location.as_deref();
                    assert_eq!(target, Some("/staff/login"), "{} {token}", route.path);
                    closed += 1;
                }
            }
        }
        assert!(closed >= 60, "{closed}");
        assert!(opens(&app, &real).await);
    }
);

on_both!(
    fields_that_a_form_does_not_have_change_nothing,
    async |app: TestApp| {
        let victim = app.add_user("other@example.org", Role::Keyer).await;
        app.add_user(KEYER, Role::Keyer).await;
        let browser = Browser::of_staff(&app, KEYER).await;
        let user = victim.to_string();
        let fields = [
            ("password", STAFF_PASSWORD),
            ("new-password", "some other quiet words"),
            ("user", &user),
            ("id", &user),
            ("email", "other@example.org"),
            ("role", "administrator"),
            ("disabled_at", "1"),
            ("totp_secret", "x"),
        ];
        let page = browser.post("/staff/account/password", &fields).await;
        assert_eq!(page.status, 303, "{}", page.body);
        for email in [KEYER, "other@example.org"] {
            let account = store::staff::by_email(&app.services.db, email).await;
            let account = account.unwrap().unwrap();
            assert_eq!(account.user.role, Role::Keyer);
            assert!(!account.is_disabled && account.sealed_secret.is_none());
        }
        let other = Browser::new(&app);
        let page = other
            .give_password("other@example.org", STAFF_PASSWORD)
            .await;
        assert_eq!(page.status, 303, "their password is as it was");
    }
);
