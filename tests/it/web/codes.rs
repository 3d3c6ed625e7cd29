//! Answering with an access code, all questions on one page.

use countmein::service::{receipt, wave_overview};

use crate::{
    service::samples::open_by_code,
    support::{browsing::Browser, on_both},
};

const WAVE: &str = "/w/citizen-priorities-knapsack/now";

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
