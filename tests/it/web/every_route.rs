//! What holds of the answer of every route, whoever asks: its type, where it leads, its cookies, and
//! that no other site may read it.

use std::{collections::BTreeSet, sync::Arc};

use countmein::web::{
    Web,
    routes::{self, Access, Declared},
};
use reqwest::{Method, Response};

use super::{access::address, raw::raw};
use crate::{
    service::samples::{open_attitudes, submit},
    support::{
        STAFF_EMAIL, TestApp, browsing::Browser, on_both, on_both_backends, repository_file,
    },
};

fn declared(app: &TestApp) -> Vec<Declared> {
    let web = Web::new(Arc::clone(&app.services), &app.config, &[7; 32]);
    routes::table(&web).declared().to_vec()
}

/// Every route, asked for by a stranger, by a participant, and by an administrator whose session is
/// new each time, because one of the routes is the way out.
async fn every_answer(app: &TestApp, headers: &[(&str, &str)]) -> Vec<(String, Response)> {
    let participant = Browser::new(app);
    participant
        .post("/w/co-production-attitudes/now/start", &[])
        .await;
    let mut answers = Vec::new();
    for route in declared(app) {
        let path = address(route.path);
        let staff = Browser::of_staff(app, STAFF_EMAIL).await;
        for browser in [&Browser::new(app), &participant, &staff] {
            let mut request = browser.request(route.method.clone(), &path);
            if route.method == Method::POST {
                request = request
                    .header("sec-fetch-site", "same-origin")
                    .form(&[("a", "b")]);
            }
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = request.send().await.unwrap();
            let what = format!("{} {path}: {}", route.method, response.status());
            answers.push((what, response));
        }
    }
    answers
}

async fn prepare(app: &TestApp) {
    let key = open_attitudes(app).await;
    submit(app, &key, "5432112").await;
    app.add_staff().await;
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|v| v.to_str().unwrap())
}

const KINDS: [&str; 4] = [
    "text/html; charset=utf-8",
    "text/css; charset=utf-8",
    "text/csv; charset=utf-8",
    "application/json",
];

on_both!(
    every_body_has_its_type_and_every_redirect_stays_here,
    async |app: TestApp| {
        prepare(&app).await;
        let (mut bodies, mut redirects) = (0, 0);
        for (what, response) in every_answer(&app, &[]).await {
            for cookie in response.headers().get_all("set-cookie") {
                let cookie = cookie.to_str().unwrap();
                assert!(cookie.contains("; HttpOnly"), "{what}: {cookie}");
                assert!(cookie.contains("; SameSite="), "{what}: {cookie}");
            }
            let keeps = header(&response, "cache-control");
            assert_eq!(keeps, Some("no-store"), "{what}");
            if let Some(target) = header(&response, "location") {
                redirects += 1;
                let is_own = target.starts_with('/') && !target.starts_with("//");
                assert!(is_own && !target.contains('\\'), "{what}: {target}");
            }
            let kind = header(&response, "content-type").map(ToOwned::to_owned);
            let body = response.text().await.unwrap();
            if body.is_empty() {
                continue;
            }
            bodies += 1;
            let kind = kind.unwrap_or_else(|| panic!("{what}: {body}"));
            assert!(KINDS.contains(&&*kind), "{what} is {kind}");
            assert_eq!(
                body.starts_with("<!doctype html>") || body.starts_with("<!DOCTYPE html>"),
                kind.starts_with("text/html"),
                "{what} is {kind}"
            );
        }
        assert!(bodies >= 100 && redirects >= 50, "{bodies}, {redirects}");
        for asset in countmein::view::assets::all() {
            let response = Browser::new(&app)
                .request(Method::GET, &asset.path)
                .send()
                .await
                .unwrap();
            let kind = header(&response, "content-type").unwrap();
            assert!(kind.ends_with("; charset=utf-8"), "{}: {kind}", asset.path);
        }
    }
);

on_both!(no_other_site_may_read_an_answer, async |app: TestApp| {
    prepare(&app).await;
    let may_read = |response: &Response| {
        response
            .headers()
            .keys()
            .any(|name| name.as_str().starts_with("access-control-"))
    };
    for (what, response) in every_answer(&app, &[("origin", "https://evil.example")]).await {
        assert!(!may_read(&response), "{what}");
    }
    for route in declared(&app) {
        let path = address(route.path);
        let asked_before = Browser::new(&app)
            .request(Method::OPTIONS, &path)
            .header("origin", "https://evil.example")
            .header("access-control-request-method", route.method.as_str());
        let response = asked_before.send().await.unwrap();
        assert!(response.status().as_u16() >= 400, "{path}");
        assert!(!may_read(&response), "{path}");
    }
});

on_both!(what_is_not_declared_is_not_there, async |app: TestApp| {
    prepare(&app).await;
    let server = app.url.strip_prefix("http://").unwrap();
    for path in [
        "/.git/HEAD",
        "/.env",
        "/secret.key",
        "/data/secret.key",
        "/assets",
        "/assets/",
        "/assets/.",
        "/assets/../secret.key",
        "/assets/%2e%2e%2fsecret.key",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/w",
        "/w/",
        "/r/",
        "/metrics",
        "/debug",
        "/openapi.json",
        "/.well-known/security.txt",
    ] {
        let answer = raw(server, &format!("GET {path} HTTP/1.1\r\nhost: here\r\n")).await;
        assert_eq!(&answer[9..12], "404", "{path}: {answer}");
    }
    for route in declared(&app) {
        for method in ["TRACE", "PUT", "DELETE", "PATCH", "CONNECTED"] {
            let head = format!(
                "{method} {} HTTP/1.1\r\nhost: here\r\nsec-fetch-site: same-origin\r\n\
                     content-length: 0\r\nx-secret: echoed\r\n",
                address(route.path)
            );
            let answer = raw(server, &head).await;
            assert_eq!(&answer[9..12], "405", "{method} {}", route.path);
            assert!(!answer.contains("echoed"), "{answer}");
        }
    }
});

on_both!(
    /// `docs/security.md` lists them with their strength.
    the_ways_in_are_those_of_the_document,
    async |app: TestApp| {
        let public: BTreeSet<&str> = declared(&app)
            .iter()
            .filter(|route| route.access == Access::Public && route.path.starts_with("/staff"))
            .map(|route| route.path)
            .collect();
        assert_eq!(
            public,
            BTreeSet::from(["/staff/login", "/staff/link/{token}"])
        );
        let document = repository_file("docs/security.md");
        for path in public {
            assert!(document.contains(&format!("| `{path}`")), "{path}");
        }
    }
);

on_both!(a_download_has_a_name_of_ours, async |app: TestApp| {
    let key = open_attitudes(&app).await;
    app.add_staff().await;
    let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
    let evil = "filename=..%2f..%2fevil.exe&name=%22%0d%0aset-cookie%3ax";
    for (method, path, name) in [
        (
            Method::GET,
            format!("/r/{key}/table.csv"),
            "co-production-attitudes-now.csv",
        ),
        (
            Method::GET,
            format!("/r/{key}/changes.csv"),
            "co-production-attitudes-now-changes.csv",
        ),
        (Method::POST, "/staff/audit.csv".to_owned(), ""),
    ] {
        let response = staff
            .request(method, &format!("{path}?{evil}"))
            .header("sec-fetch-site", "same-origin")
            .form(&[("filename", "evil.exe")])
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let given = header(&response, "content-disposition").unwrap();
        let given = given.strip_prefix("attachment; filename=\"").unwrap();
        let given = given.strip_suffix('"').unwrap();
        assert!(name.is_empty() || given == name, "{given}");
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        assert!(
            given.chars().all(plain) && given.strip_suffix(".csv").is_some(),
            "{given}"
        );
        assert!(response.headers().get("set-cookie").is_none());
    }
});

on_both_backends!(
    with_encryption_every_answer_asks_for_it,
    async |backend: Backend| {
        let app = TestApp::start_with(backend, |config| {
            config.public_url = "https://countmein.test".to_owned();
        })
        .await;
        prepare(&app).await;
        let mut answers = every_answer(&app, &[]).await;
        let browser = Browser::new(&app);
        let too_large = browser
            .form("/v", &[("code", "a")])
            .body(vec![b'a'; 70_000]);
        let style = countmein::view::assets::style_path();
        for (what, request) in [
            ("413", too_large),
            ("404", browser.request(Method::GET, "/nowhere")),
            ("200", browser.request(Method::GET, style)),
            ("405", browser.request(Method::PUT, "/staff")),
        ] {
            answers.push((what.to_owned(), request.send().await.unwrap()));
        }
        for (what, response) in answers {
            let asks = header(&response, "strict-transport-security");
            let wanted = Some("max-age=63072000; includeSubDomains");
            assert_eq!(asks, wanted, "{what}");
        }
    }
);

on_both!(
    what_is_encoded_twice_is_decoded_once,
    async |app: TestApp| {
        prepare(&app).await;
        let browser = Browser::new(&app);
        for (path, status) in [
            ("/w/co%2Dproduction-attitudes/now", 200),
            ("/w/co%252Dproduction-attitudes/now", 404),
        ] {
            assert_eq!(browser.get(path).await.status.as_u16(), status, "{path}");
        }
        let fields = [("email", "a%40example.org"), ("password", "wrong")];
        let page = browser.post("/staff/login", &fields).await;
        assert!(
            page.body.contains("value=\"a%40example.org\""),
            "{}",
            page.body
        );
    }
);

on_both!(one_request_is_never_read_as_two, async |app: TestApp| {
    let server = app.url.strip_prefix("http://").unwrap();
    let hidden = "0\r\n\r\nGET /health HTTP/1.1\r\nhost: here\r\n\r\n";
    let post = "POST /v HTTP/1.1\r\nhost: here\r\nsec-fetch-site: same-origin\r\n\
                    content-type: application/x-www-form-urlencoded\r\n";
    for lengths in [
        format!(
            "content-length: {}\r\ntransfer-encoding: chunked\r\n",
            hidden.len()
        ),
        format!(
            "transfer-encoding: chunked\r\ncontent-length: {}\r\n",
            hidden.len()
        ),
        format!("content-length: 5\r\ncontent-length: {}\r\n", hidden.len()),
        format!("content-length: 5, {}\r\n", hidden.len()),
        "transfer-encoding: xchunked\r\n".to_owned(),
        "transfer-encoding: identity, chunked, identity\r\n".to_owned(),
        "content-length: +5\r\n".to_owned(),
    ] {
        let answer = send(server, &format!("{post}{lengths}\r\n{hidden}")).await;
        let answers = answer.matches("HTTP/1.1 ").count();
        assert!(answers <= 1, "{lengths}: {answer}");
        assert!(
            !answer.contains("{\"status\":\"ok\"}"),
            "{lengths}: {answer}"
        );
    }
});

/// Bytes as they are, and all that comes back.
async fn send(server: &str, bytes: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(server).await.unwrap();
    let _ = stream.write_all(bytes.as_bytes()).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(std::time::Duration::from_secs(5), read).await;
    String::from_utf8_lossy(&answer).into_owned()
}
