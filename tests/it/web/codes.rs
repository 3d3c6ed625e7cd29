//! Answering with an access code, all questions on one page.

use countmein::service::{issue_codes, receipt, submit, wave_overview};
use time::macros::datetime;

use crate::{
    service::samples::{open_by_code, submission, token},
    support::{browsing::Browser, on_both, operator, repository_file},
};

const WAVE: &str = "/w/citizen-priorities-knapsack/now";

/// The first of twelve projects, as the ledger has it.
const BENCHES: &str = "100000000000";

on_both!(
    a_code_that_is_no_good_says_why_and_stays_in_its_field,
    async |app: TestApp| {
        let (_, codes) = open_by_code(&app, 1).await;
        let browser = Browser::new(&app);
        let start = format!("{WAVE}/start");
        let code = codes[0].to_string();
        // A typing error names itself and is no attempt at guessing.
        let mut mistyped = code.clone().into_bytes();
        mistyped[0] = if mistyped[0] == b'7' { b'8' } else { b'7' };
        let mistyped = String::from_utf8(mistyped).unwrap();
        for (typed, expected) in [
            ("", "Enter your code"),
            (mistyped.as_str(), "typing error"),
            ("0000-0000-0000-0000", "do not know this code"),
            ("ABCD", "16 letters and digits"),
        ] {
            let page = browser.post(&start, &[("code", typed)]).await;
            assert_eq!(page.status, 422, "{}", page.body);
            assert!(page.body.contains(expected), "{typed}: {}", page.body);
            assert!(
                page.body.contains(&format!("value=\"{typed}\"")),
                "{}",
                page.body
            );
        }
    }
);

on_both!(
    the_short_address_leads_a_code_to_its_wave,
    async |app: TestApp| {
        let (_, codes) = open_by_code(&app, 2).await;
        // A second wave with codes: each has its own.
        let second = repository_file("surveys/citizen-priorities-knapsack.toml")
            .replace("citizen-priorities-knapsack", "second-vote");
        app.load_text(&second).await;
        let other = app.open("second-vote/now").await;
        let others = issue_codes::issue(&app.services, &operator(), &other, 1)
            .await
            .unwrap();
        let browser = Browser::new(&app);
        let home = browser.get("/").await;
        assert!(home.body.contains("href=\"/v\""), "{}", home.body);
        assert!(browser.get("/v").await.body.contains("name=\"code\""));
        for (code, wave) in [
            (&codes[0], WAVE),
            (&others[0], "/w/second-vote/now"),
            (&codes[1], WAVE),
        ] {
            let code = code.to_string().to_lowercase().replace('-', " ");
            let led = browser.post("/v", &[("code", &code)]).await;
            let start = format!("{wave}/start");
            assert_eq!(
                (led.status.as_u16(), led.location),
                (307, Some(start.clone()))
            );
            // A browser sends the same form there.
            let questions = browser.post_and_follow(&start, &[("code", &code)]).await;
            assert!(
                questions.body.contains("How would you spend"),
                "{}",
                questions.body
            );
        }
    }
);

on_both!(
    a_code_that_is_no_good_says_why_at_the_short_address_too,
    async |app: TestApp| {
        let (key, codes) = open_by_code(&app, 1).await;
        let browser = Browser::new(&app);
        let code = codes[0].to_string();
        let mut mistyped = code.clone().into_bytes();
        mistyped[5] = if mistyped[5] == b'7' { b'9' } else { b'7' };
        let mistyped = String::from_utf8(mistyped).unwrap();
        for (typed, expected) in [
            ("", "Enter your code"),
            (mistyped.as_str(), "probably in block "),
            ("0000-0000-0000-0000", "We do not know this code"),
            ("ABCD", "You typed 4"),
            ("ABCD-UUUU-ABCD-ABCD", "block 2"),
        ] {
            let page = browser.post("/v", &[("code", typed)]).await;
            assert_eq!(page.status, 422, "{}", page.body);
            assert!(page.body.contains(expected), "{typed}: {}", page.body);
            assert!(page.body.contains("href=\"/v?lang=pl\""), "{}", page.body);
            assert!(!page.body.contains(&code), "the right code is told");
        }
        // What is wrong with a known code its own wave says: it is spent, or the wave is closed.
        let sent = submission(
            &app.services,
            &key,
            token(),
            Some(codes[0].clone()),
            BENCHES,
        );
        submit::submit(&app.services, sent).await.unwrap();
        let start = format!("{WAVE}/start");
        let led = browser.post("/v", &[("code", &code)]).await;
        assert_eq!(led.location.as_deref(), Some(start.as_str()));
        let page = browser.post(&start, &[("code", &code)]).await;
        assert!(page.body.contains("already been counted"), "{}", page.body);
        app.set_clock(datetime!(2099-01-01 12:00 UTC).into());
        let led = browser.post("/v", &[("code", &code)]).await;
        assert_eq!(led.location, Some(start.clone()));
        let page = browser.post(&start, &[("code", &code)]).await;
        assert_eq!(page.status, 403, "{}", page.body);
    }
);

on_both!(a_code_lets_one_response_in, async |app: TestApp| {
    let (key, codes) = open_by_code(&app, 2).await;
    let code = codes[0].to_string();
    let browser = Browser::new(&app);
    let start = format!("{WAVE}/start");
    let page = browser.get(WAVE).await;
    assert!(page.body.contains("name=\"code\""), "{}", page.body);
    let questions = browser
        .post_and_follow(&start, &[("code", &code.to_lowercase())])
        .await;
    assert!(
        !questions.body.contains(&code),
        "the code stands on the page"
    );
    let path = format!("{WAVE}/questions");
    let form = browser.get(&path).await;
    assert_eq!(form.status, 200);
    let check = browser
        .post_and_follow(&path, &[("a.projects", "benches")])
        .await;
    let draft = check.field("draft");
    let done = browser
        .post_and_follow(&format!("{WAVE}/submit"), &[("draft", &draft)])
        .await;
    let receipt = done.receipt();
    // The same code from another browser, and a draft begun with it before it was counted.
    let page = Browser::new(&app).post(&start, &[("code", &code)]).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("already been counted"), "{}", page.body);
    // A second person may use the same browser with a code of their own.
    let second = browser
        .post(&start, &[("code", &codes[1].to_string())])
        .await;
    assert_eq!(second.status, 303);
    let overview = wave_overview::overview(&app.services, &key).await.unwrap();
    assert_eq!(overview.people, 1);
    assert!(
        overview.conservation.balances(),
        "{}",
        overview.conservation
    );
    assert!(
        receipt::look_up(&app.services, &receipt.parse().unwrap())
            .await
            .unwrap()
            .is_some()
    );
});

on_both!(
    two_browsers_with_one_code_end_with_one_response,
    async |app: TestApp| {
        let (key, codes) = open_by_code(&app, 1).await;
        let code = codes[0].to_string();
        let mut drafts = Vec::new();
        for _ in 0..2 {
            let browser = Browser::new(&app);
            browser
                .post(&format!("{WAVE}/start"), &[("code", &code)])
                .await;
            let check = browser
                .post_and_follow(&format!("{WAVE}/questions"), &[("a.projects", "benches")])
                .await;
            drafts.push((check.field("draft"), browser));
        }
        let (draft, browser) = &drafts[0];
        let first = browser
            .post_and_follow(&format!("{WAVE}/submit"), &[("draft", draft)])
            .await;
        first.receipt();
        let (draft, browser) = &drafts[1];
        let second = browser
            .post(&format!("{WAVE}/submit"), &[("draft", draft)])
            .await;
        assert_eq!(second.status, 409, "{}", second.body);
        assert!(second.body.contains("E-CODE-COUNTED"), "{}", second.body);
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!((overview.people, overview.refused[0].attempts), (1, 1));
    }
);

on_both!(
    two_people_in_two_tabs_of_one_browser_are_counted_with_their_own_answers,
    async |app: TestApp| {
        let (key, codes) = open_by_code(&app, 2).await;
        let browser = Browser::new(&app);
        let path = format!("{WAVE}/questions");
        let mut tabs = Vec::new();
        for code in &codes {
            let start = format!("{WAVE}/start");
            let page = browser
                .post_and_follow(&start, &[("code", &code.to_string())])
                .await;
            tabs.push(page.field("draft"));
        }
        // The browser's cookie is the second person's; the first goes on in the first tab.
        let mut receipts = Vec::new();
        for (draft, choice) in tabs.iter().zip(["benches", "trees"]) {
            let fields = [("a.projects", choice), ("draft", draft)];
            let check = browser.post_and_follow(&path, &fields).await;
            let draft = check.field("draft");
            let done = browser
                .post_and_follow(&format!("{WAVE}/submit"), &[("draft", &draft)])
                .await;
            receipts.push(done.receipt());
        }
        assert_ne!(receipts[0], receipts[1]);
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 2);
    }
);
