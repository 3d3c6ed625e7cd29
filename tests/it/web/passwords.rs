//! A password is taken, kept and compared exactly as it was typed, for as long as its owner likes.

use std::time::Duration;

use countmein::{
    domain::role::Role,
    service::{add_user, add_user::AddUserError},
    store,
};

use crate::support::{TestApp, browsing::Browser, on_both, operator};

async fn add(app: &TestApp, email: &str, password: &str) -> Result<(), AddUserError> {
    let password = password.to_owned();
    add_user::add_user(&app.services, &operator(), email, password, Role::Keyer)
        .await
        .map(|_| ())
}

async fn fits(app: &TestApp, email: &str, password: &str) -> bool {
    // So that no address runs out of guesses.
    app.advance(Duration::from_mins(6));
    let page = Browser::new(app).give_password(email, password).await;
    assert!([303, 422].contains(&page.status.as_u16()), "{}", page.body);
    page.status == 303
}

fn long(length: usize) -> String {
    "heron lamp gravel ".chars().cycle().take(length).collect()
}

on_both!(only_what_was_typed_logs_in, async |app: TestApp| {
    let spaced = "  two spaces before and after  ";
    for (number, (password, near)) in [
        (
            spaced.to_owned(),
            vec![spaced.trim().to_owned(), spaced.to_uppercase()],
        ),
        (
            "Zażółć gęślą jaźń".to_owned(),
            vec![
                "Zazolc gesla jazn".to_owned(),
                "zażółć gęślą jaźń".to_owned(),
            ],
        ),
        (
            "🦉🧭🪁🧺🛶🪵🧵🪡🧶🥾🪨🌾".to_owned(),
            vec!["🦉🧭🪁🧺🛶🪵🧵🪡🧶🥾🪨".to_owned()],
        ),
        (long(64), vec![long(63), long(65)]),
        // Nothing is cut off: a longer one does not fit because it begins like the right one.
        (
            long(128),
            vec![long(127), long(129), format!("{}x", long(128))],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("keyer{number}@example.org");
        add(&app, &email, &password).await.unwrap();
        assert!(fits(&app, &email, &password).await, "{password}");
        for near in near {
            assert!(!fits(&app, &email, &near).await, "{near} for {password}");
        }
    }
    for refused in ["eleven char", &long(129), "countmein-2026"] {
        assert!(add(&app, "nobody@example.org", refused).await.is_err());
    }
    add(&app, "twelve@example.org", "wq8#Lm2!pZ0x")
        .await
        .unwrap();
});

on_both!(a_password_does_not_grow_old, async |app: TestApp| {
    add(&app, "keyer@example.org", "a few quiet words")
        .await
        .unwrap();
    app.advance(Duration::from_hours(24 * 3_653));
    let browser = Browser::new(&app);
    let page = browser
        .give_password("keyer@example.org", "a few quiet words")
        .await;
    assert_eq!(page.location.as_deref(), Some("/staff"));
    assert_eq!(browser.get("/staff").await.status, 200);
});

on_both!(
    a_password_is_kept_as_a_slow_hash_with_a_salt_of_its_own,
    async |app: TestApp| {
        let mut hashes = Vec::new();
        for email in ["one@example.org", "two@example.org"] {
            add(&app, email, "a few quiet words").await.unwrap();
            let account = store::staff::by_email(&app.services.db, email).await;
            hashes.push(account.unwrap().unwrap().password_hash.unwrap());
        }
        assert_ne!(hashes[0], hashes[1]);
        for hash in hashes {
            assert!(
                hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
                "{hash}"
            );
        }
    }
);
