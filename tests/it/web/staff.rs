//! Staff: the way of a wave.

use std::time::Duration;

use countmein::domain::{role::Role, wave::DRAIN};

use crate::support::{STAFF_EMAIL, browsing::Browser, on_both};

const WAVE: &str = "/staff/w/co-production-attitudes/now";

on_both!(
    staff_take_a_wave_from_draft_to_published,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.add_staff().await;
        let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
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
    the_page_of_a_wave_offers_only_what_a_role_may_open,
    async |app: TestApp| {
        app.load("citizen-priorities-knapsack").await;
        let wave = "/staff/w/citizen-priorities-knapsack/now";
        for (role, offered) in [(Role::Coordinator, true), (Role::Keyer, false)] {
            let email = format!("{role}@example.org");
            app.add_user(&email, role).await;
            let page = Browser::of_staff(&app, &email).await.get(wave).await;
            for part in ["roll", "codes"] {
                let link = format!("href=\"{wave}/{part}\"");
                assert_eq!(page.body.contains(&link), offered, "{role}: {part}");
            }
        }
    }
);
