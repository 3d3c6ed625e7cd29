//! Staff: login, the way of a wave, and the end of a session.

use std::time::Duration;

use countmein::domain::{role::Role, wave::DRAIN};

use crate::support::{STAFF_EMAIL, browsing::Browser, on_both};

const WAVE: &str = "/staff/w/co-production-attitudes/now";

on_both!(
    staff_take_a_wave_from_draft_to_published,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.add_staff().await;
        let staff = Browser::new(&app);
        staff.log_in().await;
        let list = staff.get("/staff").await;
        assert!(list.body.contains(WAVE), "{}", list.body);
        let page = staff.post_and_follow(&format!("{WAVE}/open"), &[]).await;
        assert!(page.body.contains("Close this wave"), "{}", page.body);
        let wrong = staff
            .post(&format!("{WAVE}/subscribe"), &[("email", "nobody")])
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.body.contains("value=\"nobody\""), "{}", wrong.body);
        let page = staff
            .post_and_follow(
                &format!("{WAVE}/subscribe"),
                &[("email", "new@example.org")],
            )
            .await;
        assert!(page.body.contains("new@example.org"), "{}", page.body);
        let early = staff.post(&format!("{WAVE}/ask/publish"), &[]).await;
        assert_eq!(early.status, 422);
        assert!(
            early.body.contains("only a closed one can"),
            "{}",
            early.body
        );
        let sure = staff.get(&format!("{WAVE}/close")).await;
        assert!(sure.body.contains("Close this wave now"), "{}", sure.body);
        let page = staff.post_and_follow(&format!("{WAVE}/close"), &[]).await;
        assert!(page.body.contains("Closing"), "{}", page.body);
        app.advance(DRAIN + Duration::from_millis(1));
        countmein::service::close_wave::close_due(&app.services)
            .await
            .unwrap();
        let page = staff.get(WAVE).await;
        assert!(page.body.contains("Ask for publication"), "{}", page.body);
        assert!(page.body.contains("n…@example.org"), "{}", page.body);
        let page = staff
            .post_and_follow(&format!("{WAVE}/ask/publish"), &[])
            .await;
        assert!(page.body.contains("Withdraw"), "{}", page.body);
        assert!(!page.body.contains("Confirm and do it"), "{}", page.body);
        app.add_user("second@example.org", Role::Coordinator).await;
        let second = Browser::of_staff(&app, "second@example.org").await;
        let page = second
            .post_and_follow("/staff/requests/1/confirm", &[])
            .await;
        assert!(page.body.contains("Confirmed and done by"), "{}", page.body);
        let page = staff.get(WAVE).await;
        assert!(page.body.contains("Published"), "{}", page.body);
        assert_eq!(
            Browser::new(&app)
                .get("/r/co-production-attitudes/now")
                .await
                .status,
            200
        );
    }
);

on_both!(
    a_wrong_password_and_an_unknown_address_look_the_same,
    async |app: TestApp| {
        app.add_staff().await;
        let browser = Browser::new(&app);
        let mut answers = Vec::new();
        for email in [STAFF_EMAIL, "nobody@example.org"] {
            let fields = [("email", email), ("password", "not the password")];
            let page = browser.post("/staff/login", &fields).await;
            assert_eq!(page.status, 422);
            answers.push(page.body.replace(email, ""));
        }
        assert_eq!(answers[0], answers[1]);
    }
);

on_both!(
    guessing_is_stopped_and_others_can_still_log_in,
    async |app: TestApp| {
        app.add_staff().await;
        let guesser = Browser::new(&app);
        let guess = [
            ("email", "Victim@example.org"),
            ("password", "not the password"),
        ];
        for _ in 0..10 {
            assert_eq!(guesser.post("/staff/login", &guess).await.status, 422);
        }
        assert_eq!(guesser.post("/staff/login", &guess).await.status, 429);
        Browser::new(&app).log_in().await;
        app.advance(Duration::from_mins(5));
        assert_eq!(guesser.post("/staff/login", &guess).await.status, 422);
    }
);

on_both!(
    a_session_ends_by_logout_by_rest_and_by_age,
    async |app: TestApp| {
        app.add_staff().await;
        let logged_in = async |browser: &Browser| browser.get("/staff").await.status == 200;
        let browser = Browser::new(&app);
        browser.log_in().await;
        assert!(logged_in(&browser).await);
        browser.post("/staff/logout", &[]).await;
        assert!(!logged_in(&browser).await);
        browser.log_in().await;
        app.advance(Duration::from_mins(31));
        assert!(!logged_in(&browser).await, "half an hour of rest");
        browser.log_in().await;
        for _ in 0..(12 * 60 / 20 - 1) {
            app.advance(Duration::from_mins(20));
            assert!(logged_in(&browser).await, "used all the time");
        }
        app.advance(Duration::from_mins(20));
        assert!(!logged_in(&browser).await, "twelve hours in all");
    }
);

on_both!(
    guesses_sent_at_the_same_moment_are_counted_too,
    async |app: TestApp| {
        app.add_staff().await;
        let browser = std::sync::Arc::new(Browser::new(&app));
        let guesses: Vec<_> = (0..40)
            .map(|number| {
                let browser = std::sync::Arc::clone(&browser);
                tokio::spawn(async move {
                    let password = format!("wrong {number}");
                    let fields = [("email", STAFF_EMAIL), ("password", &password)];
                    browser.post("/staff/login", &fields).await.status
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
