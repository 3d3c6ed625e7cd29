//! What a browser is told with every answer, and what no request can do.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing::get};
use countmein::web::{
    Web, layers,
    routes::{self, Declared},
    serving::{self, Limits},
};
use reqwest::{Method, Response};
use tokio::{net::TcpListener, sync::watch};

use super::{access::address, raw::raw};
use crate::support::{
    STAFF_EMAIL, STAFF_PASSWORD, TestApp, browsing::Browser, on_both, on_both_backends,
};

const WAVE: &str = "/w/co-production-attitudes/now";

async fn open(app: &TestApp) {
    app.load("co-production-attitudes").await;
    app.open("co-production-attitudes/now").await;
    app.add_staff().await;
}

fn declared(app: &TestApp) -> Vec<Declared> {
    let web = Web::new(Arc::clone(&app.services), &app.config, &[7; 32]);
    routes::table(&web).declared().to_vec()
}

const EVERYWHERE: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'",
    ),
    (
        "content-security-policy",
        "require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
];

fn assert_headers(what: &str, response: &Response) {
    for (name, value) in EVERYWHERE {
        let header = response.headers().get(name).map(|v| v.to_str().unwrap());
        assert!(
            header.is_some_and(|h| h.contains(value)),
            "{what}: {name} is {header:?}"
        );
    }
}

on_both!(
    every_answer_says_what_a_browser_may_do_with_it,
    async |app: TestApp| {
        open(&app).await;
        let browser = Browser::new(&app);
        let style = browser.get("/").await.body;
        let style = style
            .split("href=\"")
            .find(|rest| rest.starts_with("/assets/") && rest.contains(".css"))
            .unwrap();
        let style = style.split('"').next().unwrap();
        let submit = format!("{WAVE}/submit");
        let form = |path: &str| browser.form(path, &[("a", "b")]);
        let cases = [
            (200, browser.request(Method::GET, WAVE)),
            (200, browser.request(Method::HEAD, WAVE)),
            (200, browser.request(Method::GET, style)),
            (
                200,
                browser.request(Method::GET, "/r/co-production-attitudes/now/report.json"),
            ),
            (303, form(&format!("{WAVE}/start"))),
            (303, browser.request(Method::GET, "/staff")),
            (303, browser.request(Method::GET, "/?lang=pl")),
            (400, form(&submit).body("draft=%ff")),
            (
                403,
                browser
                    .request(Method::POST, &submit)
                    .header("origin", "https://evil.example"),
            ),
            (403, form("/staff/logout")),
            (404, browser.request(Method::GET, "/nowhere")),
            (404, browser.request(Method::GET, "/assets/none.css")),
            (
                405,
                browser
                    .request(Method::DELETE, WAVE)
                    .header("sec-fetch-site", "same-origin"),
            ),
            (410, form(&submit)),
            (413, form(&submit).body(vec![b'a'; 70_000])),
            (
                415,
                browser
                    .request(Method::POST, &submit)
                    .header("content-type", "text/plain")
                    .body("a"),
            ),
        ];
        for (status, request) in cases {
            let response = request.send().await.unwrap();
            let what = format!("{status} {}", response.url());
            assert_eq!(response.status().as_u16(), status, "{what}");
            assert_headers(&what, &response);
            let is_html = response
                .headers()
                .get("content-type")
                .is_some_and(|kind| kind == "text/html; charset=utf-8");
            assert!(status < 400 || is_html, "{what} is no page");
        }
    }
);

/// A server with a request that takes for ever and one that breaks.
async fn broken(limits: Limits) -> (String, watch::Sender<bool>) {
    let router = Router::new()
        .route("/slow", get(std::future::pending::<()>))
        .route(
            "/broken",
            get(async || -> () { panic!("as a fault of ours would") }),
        )
        .route("/quick", get(async || "here"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = watch::channel(false);
    let router = layers::around(router, &limits, true);
    tokio::spawn(serving::serve(listener, router, limits, stopped));
    (url, stop)
}

#[tokio::test]
async fn what_breaks_and_what_takes_too_long_has_a_page_in_the_readers_language() {
    let limits = Limits {
        request: Duration::from_millis(200),
        ..Limits::default()
    };
    let (url, _stop) = broken(limits).await;
    let browser = Browser::at(&url);
    for (path, status, lang, words) in [
        ("/slow", 503, "en", "That took too long"),
        ("/slow", 503, "pl", "To trwało zbyt długo"),
        ("/broken", 500, "en", "Something went wrong here"),
        ("/broken", 500, "pl", "Coś się u nas zepsuło"),
    ] {
        let request = browser
            .request(Method::GET, path)
            .header("accept-language", lang);
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_headers(path, &response);
        assert_eq!(
            response.headers()["strict-transport-security"],
            "max-age=63072000; includeSubDomains"
        );
        let page = response.text().await.unwrap();
        assert!(page.contains(words), "{page}");
    }
}

/// A thousand connections that never say what they want, on a server that holds two hundred.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_holds_connections_stops_nobody() {
    let limits = Limits {
        head: Duration::from_secs(2),
        connections: 200,
        ..Limits::default()
    };
    let (url, _stop) = broken(limits).await;
    let address = url.strip_prefix("http://").unwrap().to_owned();
    let mut held = Vec::new();
    for number in 0..1_000 {
        use tokio::io::AsyncWriteExt;
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        // Half of them say nothing, and half never finish.
        if number % 2 == 0 {
            let _ = stream
                .write_all(b"GET /quick HTTP/1.1\r\nhost: here\r\nx: ")
                .await;
        }
        held.push(stream);
        if number % 100 == 99 {
            let began = std::time::Instant::now();
            let page = Browser::at(&url).get("/quick").await;
            assert_eq!((page.status.as_u16(), page.body.as_str()), (200, "here"));
            assert!(
                began.elapsed() < Duration::from_secs(1),
                "{:?}",
                began.elapsed()
            );
        }
    }
    // Each of them is ended, by the limit on their number or by the one on their time.
    let ended = async {
        for stream in &mut held {
            let _ = tokio::io::copy(stream, &mut tokio::io::sink()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ended)
        .await
        .unwrap();
}

on_both_backends!(
    with_encryption_no_cookie_goes_without_it,
    async |backend: Backend| {
        let app = TestApp::start_with(backend, |config| {
            config.public_url = "https://countmein.test".to_owned();
        })
        .await;
        open(&app).await;
        let browser = Browser::new(&app);
        let fields = [("email", STAFF_EMAIL), ("password", STAFF_PASSWORD)];
        let start = format!("{WAVE}/start");
        for (request, name) in [
            (browser.form(&start, &[]), "__Secure-countmein-draft="),
            (
                browser.form("/staff/login", &fields),
                "__Host-countmein-staff=",
            ),
            (
                browser.request(Method::GET, "/?lang=pl"),
                "__Secure-countmein-lang=",
            ),
        ] {
            let response = request.send().await.unwrap();
            let cookie = response.headers()["set-cookie"].to_str().unwrap();
            assert!(cookie.starts_with(name), "{cookie}");
            let site = if name.starts_with("__Host-") {
                "; SameSite=Strict"
            } else {
                "; SameSite=Lax"
            };
            for part in ["; Secure", "; HttpOnly", site] {
                assert!(cookie.contains(part), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        // The browser sends them back under these names.
        let begun = browser.form(&start, &[]).send().await.unwrap();
        let cookie = begun.headers()["set-cookie"].to_str().unwrap();
        let question = browser
            .request(Method::GET, &format!("{WAVE}/question/1"))
            .header("cookie", cookie.split(';').next().unwrap());
        assert_eq!(question.send().await.unwrap().status(), 200);
        let polish = browser
            .request(Method::GET, "/")
            .header("cookie", "__Secure-countmein-lang=pl");
        assert!(
            polish
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap()
                .contains("<html lang=\"pl\"")
        );
    }
);

on_both!(logging_out_leaves_nothing_behind, async |app: TestApp| {
    open(&app).await;
    let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
    let response = browser.form("/staff/logout", &[]).send().await.unwrap();
    assert_eq!(response.headers()["clear-site-data"], "\"cache\"");
    assert!(
        response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
});

on_both!(
    no_form_of_another_site_reaches_any_route,
    async |app: TestApp| {
        open(&app).await;
        let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
        let mut tried = 0;
        for route in declared(&app)
            .iter()
            .filter(|route| route.method != Method::GET)
        {
            let path = address(route.path);
            let send = async |headers: &[(&str, &str)]| {
                let mut request = staff
                    .request(route.method.clone(), &path)
                    .form(&[("a", "b")]);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                request.send().await.unwrap().status().as_u16()
            };
            for foreign in [
                &[("origin", "https://evil.example")][..],
                &[("origin", "null")],
                &[("origin", "http://localhost")],
                &[("sec-fetch-site", "cross-site")],
                &[("sec-fetch-site", "same-site")],
                &[("sec-fetch-site", "Same-Origin")],
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", app.url.as_str()),
                ],
            ] {
                tried += 1;
                assert_eq!(send(foreign).await, 403, "{path} took {foreign:?}");
            }
            let says_nothing = send(&[]).await;
            if path.starts_with("/staff") {
                assert_eq!(says_nothing, 403, "{path} took a form that says nothing");
                assert_eq!(
                    send(&[("origin", ""), ("sec-fetch-site", "")]).await,
                    403,
                    "{path}"
                );
            } else {
                assert_ne!(says_nothing, 403, "{path} refused an old browser");
            }
            // Last: to log out is one of them.
            if route.path != "/staff/logout" {
                assert_ne!(send(&[("origin", app.url.as_str())]).await, 403, "{path}");
            }
        }
        assert!(tried >= 70, "the table has lost its forms");
    }
);

on_both!(
    no_name_of_the_server_that_a_request_makes_up_is_believed,
    async |app: TestApp| {
        open(&app).await;
        let server = app.url.strip_prefix("http://").unwrap();
        for (method, path) in [
            ("GET", "/"),
            ("GET", WAVE),
            ("GET", "/staff"),
            ("GET", "/?lang=pl"),
            ("GET", "/nowhere"),
            ("GET", "http://evil.example/"),
            ("GET", "http://evil.example/?lang=pl"),
            ("POST", "/w/co-production-attitudes/now/start"),
            (
                "POST",
                "http://evil.example/w/co-production-attitudes/now/start",
            ),
        ] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: evil.example\r\n\
                 x-original-url: /staff\r\nx-rewrite-url: /staff\r\nforwarded: host=evil.example\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: 0\r\n"
            );
            let answer = raw(server, &head).await;
            assert!(
                !answer.contains("evil.example"),
                "{method} {path}: {answer}"
            );
        }
    }
);

/// Addresses that a careless server takes for a page that it guards, or for a file.
const WAYS_ROUND: [&str; 22] = [
    "/staff%2f..",
    "/staff/",
    "/staff//",
    "//staff",
    "/./staff",
    "/w/../staff",
    "/%73taff",
    "/staff%00",
    "/staff;x=y",
    "/STAFF",
    "/staff%2fw%2fco-production-attitudes%2fnow",
    "/staff/..%2fstaff",
    "/staff\\",
    "/staff/.",
    "/staff/w/co-production-attitudes/now/",
    "/staff/w/co-production-attitudes//now",
    "/w/%2e%2e/staff",
    "/staff?",
    "/staff?a=%0d%0aset-cookie:x",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/assets/..%2f..%2fsecret.key",
    "/assets/%2e%2e/secret.key",
];

on_both!(
    there_is_no_way_round_into_the_staff_pages,
    async |app: TestApp| {
        open(&app).await;
        let server = app.url.strip_prefix("http://").unwrap();
        let close = "/staff/w/co-production-attitudes/now/open";
        for path in WAYS_ROUND {
            for method in [
                "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND",
            ] {
                let head = format!(
                    "{method} {path} HTTP/1.1\r\nhost: here\r\nsec-fetch-site: same-origin\r\ncontent-length: 0\r\nx-secret: echoed\r\n"
                );
                let answer = raw(server, &head).await;
                let status = &answer[9..12];
                let to_login = answer.contains("location: /staff/login\r\n");
                assert!(
                    ["400", "403", "404", "405"].contains(&status) || (status == "303" && to_login),
                    "{method} {path}: {answer}"
                );
                assert!(
                    !answer.contains("echoed") && !answer.contains("\r\nset-cookie:"),
                    "{method} {path}: {answer}"
                );
            }
        }
        // A GET or a form that says that it is something else stays what it is.
        for head in [
            format!("GET {close} HTTP/1.1\r\nhost: here\r\nx-http-method-override: POST\r\n"),
            format!(
                "GET {close}?_method=POST HTTP/1.1\r\nhost: here\r\nx-method-override: POST\r\n"
            ),
        ] {
            let answer = raw(server, &head).await;
            assert_eq!(&answer[9..12], "405", "{answer}");
            assert!(answer.contains("allow: POST\r\n"), "{answer}");
        }
        let long = format!("GET /{} HTTP/1.1\r\nhost: here\r\n", "a".repeat(60_000));
        let answer = raw(server, &long).await;
        assert!(["414", "431"].contains(&&answer[9..12]), "{answer}");
        let many = "x-filler: 0123456789\r\n".repeat(3_000);
        let answer = raw(server, &format!("GET / HTTP/1.1\r\nhost: here\r\n{many}")).await;
        assert_eq!(&answer[9..12], "431", "{answer}");
    }
);
