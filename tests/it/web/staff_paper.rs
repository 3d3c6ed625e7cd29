//! The paper of a wave, printed from a browser.

use countmein::domain::role::Role;

use crate::support::{STAFF_EMAIL, browsing::Browser, on_both};

on_both!(
    the_paper_is_printed_in_every_language_and_size,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.add_user(STAFF_EMAIL, Role::Keyer).await;
        let keyer = Browser::of_staff(&app, STAFF_EMAIL).await;
        let wave = "/staff/w/co-production-attitudes/now";
        let page = keyer.get(wave).await;
        for (query, lang, is_large) in [
            ("language=en", "en", false),
            ("language=en&size=large", "en", true),
            ("language=pl", "pl", false),
        ] {
            let link = format!("{wave}/paper?{}", query.replace('&', "&#38;"));
            assert!(page.body.contains(&link), "{link}: {}", page.body);
            let paper = keyer.get(&format!("{wave}/paper?{query}")).await;
            assert_eq!(paper.status, 200, "{}", paper.body);
            assert!(
                paper.body.contains(&format!("<html lang=\"{lang}\"")),
                "{}",
                paper.body
            );
            assert_eq!(
                paper.body.contains("class=\"large\""),
                is_large,
                "{}",
                paper.body
            );
            assert!(!paper.body.contains("<style"), "{}", paper.body);
        }
        let other = keyer.get(&format!("{wave}/paper?size=none")).await;
        let plain = keyer.get(&format!("{wave}/paper")).await;
        assert_eq!(other.body, plain.body);
        let elsewhere = keyer.get(&format!("{wave}/paper?language=xx")).await;
        assert_eq!(elsewhere.status, 404);
        let unknown = keyer.get("/staff/w/no/such/paper").await;
        assert_eq!(unknown.status, 404);
    }
);
