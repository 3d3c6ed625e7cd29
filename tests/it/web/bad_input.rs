//! Each thing that can go wrong has its status, a page that says what happened and what to do, and
//! keeps what the person had chosen. Nothing of it is counted.

use std::time::Duration;

use countmein::service::wave_overview;
use reqwest::{Method, header::CONTENT_TYPE};

use crate::support::{
    TestApp,
    browsing::{Browser, Page},
    on_both,
};

const WAVE: &str = "/w/co-production-attitudes/now";
const FORM: &str = "application/x-www-form-urlencoded";
const BALLOT: &str = "/w/citizen-priorities/now";

async fn begin(app: &TestApp) -> Browser {
    app.load("co-production-attitudes").await;
    app.open("co-production-attitudes/now").await;
    let browser = Browser::new(app);
    browser.post(&format!("{WAVE}/start"), &[]).await;
    browser
}

async fn counted(app: &TestApp, wave: &str) -> u64 {
    let overview = wave_overview::overview(&app.services, &wave.parse().unwrap())
        .await
        .unwrap();
    assert!(
        overview.conservation.balances(),
        "{}",
        overview.conservation
    );
    overview.people
}

/// An error page: the status, the code, and both of its parts.
fn assert_error(page: &Page, status: u16, code: &str) {
    assert_eq!(page.status.as_u16(), status, "{}", page.body);
    for part in [code, "What happened", "What you can do"] {
        assert!(page.body.contains(part), "no {part} in {}", page.body);
    }
}

on_both!(what_is_not_there_is_not_found, async |app: TestApp| {
    let browser = begin(&app).await;
    for path in [
        "/w/no-such-survey/now",
        "/w/co-production-attitudes/never",
        "/w/CO-PRODUCTION/now",
        "/w/co-production-attitudes/now/question/8",
        "/w/co-production-attitudes/now/question/0",
        "/w/co-production-attitudes/now/question/first",
        "/r/no-such-survey/now",
        "/r/co-production-attitudes/january",
        "/mail/stop/0123",
        "/elsewhere",
        "/w/%00/now",
        "/mail/stop/%00",
        "/w/%ff/now",
    ] {
        let page = browser.get(path).await;
        assert_error(&page, 404, "E-NOT-FOUND");
    }
    let page = browser.post("/w/co-production-attitudes/now", &[]).await;
    assert_error(&page, 405, "E-METHOD");
});

on_both!(
    an_answer_outside_the_scale_is_refused_on_its_page,
    async |app: TestApp| {
        let browser = begin(&app).await;
        let path = format!("{WAVE}/question/1");
        for wrong in [
            &[("a.s1", "maybe")][..],
            &[("a.s1", "agree"), ("a.s1", "disagree")],
        ] {
            let page = browser.post(&path, wrong).await;
            assert_eq!(page.status, 422, "{}", page.body);
            assert!(page.body.contains("There is a problem"), "{}", page.body);
            assert!(page.body.contains("<title>Error:"), "{}", page.body);
        }
        let page = browser
            .post(&path, &[("a.s1", "agree"), ("a.s9", "agree")])
            .await;
        assert_eq!(page.status, 422);
        // Nothing of it went into the draft.
        let check = browser.get(&format!("{WAVE}/check")).await;
        assert_eq!(check.body.matches("No answer").count(), 7, "{}", check.body);
    }
);

on_both!(
    a_ballot_over_the_limit_keeps_its_marks,
    async |app: TestApp| {
        app.load("citizen-priorities").await;
        app.open("citizen-priorities/now").await;
        let browser = Browser::new(&app);
        browser.post(&format!("{BALLOT}/start"), &[]).await;
        browser
            .post(&format!("{BALLOT}/question/1"), &[("go", "next")])
            .await;
        let question = browser.get(&format!("{BALLOT}/question/2")).await;
        let keys: Vec<String> = question
            .body
            .split("value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|value| value.len() > 3 && value.len() < 40 && !value.contains('='))
            .map(ToOwned::to_owned)
            .filter(|value| value.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
            .take(5)
            .collect();
        assert_eq!(keys.len(), 5, "{keys:?}");
        let marks: Vec<(&str, &str)> = keys.iter().map(|k| ("a.projects", k.as_str())).collect();
        let page = browser.post(&format!("{BALLOT}/question/2"), &marks).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("You chose 5 projects"), "{}", page.body);
        assert_eq!(page.body.matches(" checked").count(), 5, "{}", page.body);
        let page = browser
            .post_and_follow(&format!("{BALLOT}/question/2"), &marks[..4])
            .await;
        assert!(page.body.contains("Check your answers"), "{}", page.body);
    }
);

on_both!(
    what_is_no_form_is_refused_with_its_own_status,
    async |app: TestApp| {
        let browser = begin(&app).await;
        let submit = format!("{WAVE}/submit");
        let send = async |content_type: &str, body: Vec<u8>| {
            let request = browser
                .request(Method::POST, &submit)
                .header(CONTENT_TYPE, content_type);
            let response = request.body(body).send().await.unwrap();
            Page {
                status: response.status(),
                location: None,
                body: response.text().await.unwrap(),
            }
        };
        assert_error(
            &send("application/json", b"{}".to_vec()).await,
            415,
            "E-CONTENT-TYPE",
        );
        assert_error(
            &send(FORM, b"draft=%ff%fe".to_vec()).await,
            400,
            "E-MALFORMED",
        );
        assert_error(&send(FORM, vec![b'a'; 70_000]).await, 413, "E-TOO-LARGE");
        assert_error(
            &send(FORM, b"draft=forged".to_vec()).await,
            410,
            "E-EXPIRED",
        );
        assert_error(&send(FORM, Vec::new()).await, 410, "E-EXPIRED");
        assert_eq!(counted(&app, "co-production-attitudes/now").await, 0);
    }
);

on_both!(
    a_draft_of_another_wave_counts_nowhere,
    async |app: TestApp| {
        let browser = begin(&app).await;
        app.load("citizen-priorities").await;
        app.open("citizen-priorities/now").await;
        let draft = browser.get(&format!("{WAVE}/check")).await.field("draft");
        let page = browser
            .post(&format!("{BALLOT}/submit"), &[("draft", &draft)])
            .await;
        assert_error(&page, 410, "E-EXPIRED");
        assert_eq!(counted(&app, "citizen-priorities/now").await, 0);
    }
);

on_both!(
    an_expired_page_says_so_and_leads_back,
    async |app: TestApp| {
        begin(&app).await;
        let stranger = Browser::new(&app);
        for path in ["question/3", "check", "done"] {
            let page = stranger.get(&format!("{WAVE}/{path}")).await;
            assert_error(&page, 410, "E-EXPIRED");
            assert!(
                page.body.contains(&format!("href=\"{WAVE}\"")),
                "{}",
                page.body
            );
        }
    }
);

on_both!(
    an_answer_sent_after_closing_is_not_counted_and_not_lost,
    async |app: TestApp| {
        let browser = begin(&app).await;
        browser
            .post(&format!("{WAVE}/question/1"), &[("a.s1", "strongly-agree")])
            .await;
        let draft = browser.get(&format!("{WAVE}/check")).await.field("draft");
        app.advance(Duration::from_hours(105_120));
        let page = browser
            .post(&format!("{WAVE}/submit"), &[("draft", &draft)])
            .await;
        assert_error(&page, 403, "E-CLOSED");
        assert!(
            page.body.contains("Strongly agree"),
            "what was chosen is gone: {}",
            page.body
        );
        assert!(page.body.contains("31 December 2036"), "{}", page.body);
        assert_eq!(counted(&app, "co-production-attitudes/now").await, 0);
        let start = browser.post(&format!("{WAVE}/start"), &[]).await;
        assert_eq!(start.status, 403, "{}", start.body);
        assert_eq!(browser.get(WAVE).await.status, 200);
    }
);

on_both!(
    a_browser_without_cookies_can_still_answer,
    async |app: TestApp| {
        app.load("citizen-priorities").await;
        begin(&app).await;
        // Each request comes from a browser of its own: nothing but the page is carried over.
        let with_cookies = Browser::new(&app);
        with_cookies.post(&format!("{WAVE}/start"), &[]).await;
        let question = with_cookies.get(&format!("{WAVE}/question/1")).await;
        let draft = question.field("draft");
        let answered = Browser::new(&app)
            .post(
                &format!("{WAVE}/question/1"),
                &[("a.s1", "agree"), ("draft", &draft)],
            )
            .await;
        assert_eq!(answered.status, 303, "{}", answered.body);
        let sent = Browser::new(&app)
            .post(&format!("{WAVE}/submit"), &[("draft", &draft)])
            .await;
        assert_eq!(sent.status, 200);
        sent.receipt();
        assert_eq!(counted(&app, "co-production-attitudes/now").await, 1);
    }
);

on_both!(a_nul_is_no_fault_of_ours, async |app: TestApp| {
    let browser = Browser::new(&app);
    let fields = [("email", "a\0b@example.org"), ("password", "\0")];
    let page = browser.post("/staff/login", &fields).await;
    assert_eq!(page.status, 400, "{}", page.body);
});

on_both!(
    the_switch_of_language_stays_on_this_host,
    async |app: TestApp| {
        for path in ["//example.com/x", "/\\example.com/x", "//\\/example.com/x"] {
            let address = app.url.strip_prefix("http://").unwrap();
            let page = raw(address, &format!("{path}?lang=pl")).await;
            assert!(page.contains("location: /example.com/x\r\n"), "{page}");
            let page = raw(address, path).await;
            assert!(page.contains("href=\"/example.com/x?lang=pl\""), "{page}");
        }
    }
);

/// A request as no browser library would write it.
async fn raw(address: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
