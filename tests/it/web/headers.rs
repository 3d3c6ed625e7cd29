//! What every answer carries, and what no answer and no row holds.

use reqwest::Method;

use crate::support::{browsing::Browser, on_both};

on_both!(
    every_page_forbids_what_it_does_not_need,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let browser = Browser::new(&app);
        for path in [
            "/",
            "/w/co-production-attitudes/now",
            "/staff/login",
            "/no-such-page",
            "/health",
        ] {
            let response = browser.request(Method::GET, path).send().await.unwrap();
            let header = |name: &str| {
                let value = response
                    .headers()
                    .get(name)
                    .unwrap_or_else(|| panic!("{path}: no {name}"));
                value.to_str().unwrap().to_owned()
            };
            let policy = header("content-security-policy");
            for part in [
                "default-src 'none'",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            ] {
                assert!(policy.contains(part), "{policy}");
            }
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("referrer-policy"), "same-origin");
            assert_eq!(header("cache-control"), "no-store");
        }
    }
);

on_both!(
    cookies_are_out_of_reach_of_scripts_and_tell_nothing,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let browser = Browser::new(&app);
        let start = "/w/co-production-attitudes/now/start";
        let response = browser
            .request(Method::POST, start)
            .form(&[("x", "y")])
            .send()
            .await
            .unwrap();
        let cookie = response
            .headers()
            .get("set-cookie")
            .unwrap()
            .to_str()
            .unwrap();
        for part in [
            "HttpOnly",
            "SameSite=Lax",
            "Path=/w/co-production-attitudes/now",
        ] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(
            !cookie.contains("-------"),
            "the answers can be read in {cookie}"
        );
    }
);

on_both!(
    a_choice_of_language_stays_and_leads_nowhere_else,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let browser = Browser::new(&app);
        let english = browser.get("/w/co-production-attitudes/now").await;
        assert!(
            english.body.contains("<html lang=\"en\""),
            "{}",
            english.body
        );
        let chosen = browser.get("/w/co-production-attitudes/now?lang=pl").await;
        assert_eq!(
            chosen.location.as_deref(),
            Some("/w/co-production-attitudes/now")
        );
        let polish = browser.get("/w/co-production-attitudes/now").await;
        assert!(polish.body.contains("<html lang=\"pl\""), "{}", polish.body);
        let astray = browser.get("//evil.example/?lang=pl").await;
        assert!(!astray.location.unwrap_or_default().starts_with("//"));
        let accepting = Browser::new(&app)
            .request(Method::GET, "/w/co-production-attitudes/now")
            .header("accept-language", "pl-PL,pl;q=0.9,en;q=0.8")
            .send()
            .await
            .unwrap();
        assert!(
            accepting
                .text()
                .await
                .unwrap()
                .contains("<html lang=\"pl\"")
        );
    }
);

on_both!(
    health_says_whether_the_database_answers,
    async |app: TestApp| {
        let page = Browser::new(&app).get("/health").await;
        assert_eq!(
            (page.status.as_u16(), page.body.as_str()),
            (200, "{\"status\":\"ok\"}")
        );
    }
);

on_both!(
    without_its_database_nobody_is_thanked,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let browser = Browser::new(&app);
        let wave = "/w/co-production-attitudes/now";
        browser.post(&format!("{wave}/start"), &[]).await;
        let check = browser.get(&format!("{wave}/check")).await;
        let draft = check.field("draft");
        app.services.db.clone().close().await.unwrap();
        let health = browser.get("/health").await;
        assert_eq!(health.status, 503);
        assert_eq!(health.body, "{\"status\":\"database unavailable\"}");
        let sent = browser
            .post(&format!("{wave}/submit"), &[("draft", &draft)])
            .await;
        assert_eq!(sent.status, 500, "{}", sent.body);
        assert!(!sent.body.contains("Thank you"), "{}", sent.body);
    }
);
