//! What is typed into forms, addresses, headers and cookies, by people and by programs that pretend
//! to be browsers.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use countmein::service::{import_counts, import_roll, wave_overview};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use sea_orm::EntityTrait;

use super::{corpus, dom, typed_post};
use crate::support::{
    Backend, STAFF_EMAIL, TestApp, browsing::Browser, on_both_backends, operator, repository_file,
};

const WAVE: &str = "/w/co-production-attitudes/now";

/// How something is typed in one place, by a browser that is logged in and has begun to answer.
pub type Typing = fn(&Browser, &str) -> RequestBuilder;

const CODE: &str = "/w/citizen-priorities-knapsack/now/start";
const QUESTION: &str = "/w/co-production-attitudes/now/question/1";
const START: &str = "/w/co-production-attitudes/now/start";
const SUBMIT: &str = "/w/co-production-attitudes/now/submit";
const SUBSCRIBE: &str = "/staff/w/co-production-attitudes/now/subscribe";
const LOGIN: &str = "/staff/login";

/// **A new field is one more line here.**
const FIELDS: &[(&str, Typing)] = &[
    ("code", |b, text| b.form(CODE, &[("code", text)])),
    ("code without a wave", |b, text| {
        b.form("/v", &[("code", text)])
    }),
    ("receipt", |b, text| get(b, &["/receipt?code=", text])),
    ("login e-mail", |b, text| b.form(LOGIN, &[("email", text)])),
    ("login password", |b, text| {
        b.form(LOGIN, &[("email", text), ("password", text)])
    }),
    ("subscriber", |b, text| {
        b.form(SUBSCRIBE, &[("email", text)])
    }),
    ("subscriber of a host", |b, text| {
        b.form(SUBSCRIBE, &[("email", &at_host(text))])
    }),
    ("answer", |b, text| b.form(QUESTION, &[("a.s1", text)])),
    ("item", |b, text| {
        b.form(QUESTION, &[(&format!("a.{text}"), "agree")])
    }),
    ("name of a field", |b, text| {
        b.form(QUESTION, &[(text, text), ("a.s1", "none")])
    }),
    ("draft", |b, text| b.form(SUBMIT, &[("draft", text)])),
    ("go", |b, text| {
        b.form(QUESTION, &[("go", text), ("a.s1", "none")])
    }),
    ("token", |b, text| get(b, &["/mail/stop/", text])),
    ("survey", |b, text| get(b, &["/w/", text, "/now"])),
    ("wave", |b, text| {
        get(b, &["/r/co-production-attitudes/", text])
    }),
    ("question", |b, text| {
        get(b, &["/w/co-production-attitudes/now/question/", text])
    }),
    ("asset", |b, text| get(b, &["/assets/", text])),
    ("staff wave", |b, text| get(b, &["/staff/w/", text, "/now"])),
    ("path", |b, text| get(b, &["/", text])),
    ("query", |b, text| get(b, &["/?", text, "=", text])),
    ("language", |b, text| get(b, &["/?lang=", text])),
    ("change", |b, text| {
        get(
            b,
            &["/w/co-production-attitudes/now/question/1?change=", text],
        )
    }),
    ("accepted language", |b, text| {
        header(b, "/nowhere", "accept-language", "", text)
    }),
    ("language cookie", |b, text| {
        header(b, "/nowhere", "cookie", "countmein-lang=", text)
    }),
    ("draft cookie", |b, text| {
        header(b, QUESTION, "cookie", "countmein-draft=", text)
    }),
    ("staff cookie", |b, text| {
        header(b, LOGIN, "cookie", "countmein-staff=", text)
    }),
    ("referrer", |b, text| header(b, "/", "referer", "", text)),
    ("host passed on", |b, text| {
        header(b, "/", "x-forwarded-host", "", text)
    }),
    ("origin", |b, text| posting(b, "origin", text)),
    ("content type", |b, text| posting(b, "content-type", text)),
    ("forwarded for", |b, text| {
        b.form(CODE, &[("code", "A")])
            .header(FORWARDED, in_header("", text))
    }),
    ("forwarded", |b, text| {
        b.form(CODE, &[("code", "A")])
            .header("forwarded", in_header("for=", text))
    }),
    ("offer of a second factor", |b, text| {
        b.form(
            "/staff/account/second-factor",
            &[("offer", text), ("code", text)],
        )
    }),
    ("account", |b, text| get(b, &["/staff/account?done=", text])),
    ("session", |b, text| {
        b.form("/staff/account/end", &[("session", text)])
    }),
    ("link", |b, text| get(b, &["/staff/link/", text])),
    ("password by link", |b, text| {
        b.form(
            &format!("/staff/link/{}", corpus::in_address(text)),
            &[("new-password", text)],
        )
    }),
    ("invited", |b, text| {
        b.form("/staff/users", &[("email", text), ("role", "")])
    }),
    ("role", |b, text| {
        b.form(
            "/staff/users",
            &[("email", "new@example.org"), ("role", text)],
        )
    }),
    ("changed role", |b, text| {
        b.form("/staff/users/1/role", &[("role", text)])
    }),
    ("user", |b, text| get(b, &["/staff/users/", text])),
    ("exported person", |b, text| {
        b.form(
            "/staff/privacy/person",
            &[("email", text), ("do", "export")],
        )
    }),
    ("erased person", |b, text| {
        b.form("/staff/privacy/person", &[("email", text), ("do", "erase")])
    }),
    ("what to do with a person", |b, text| {
        b.form("/staff/privacy/person", &[("email", text), ("do", text)])
    }),
    ("roll", |b, text| {
        upload(b, "people", "", &format!("name,address\n{text}"))
    }),
    ("columns of a roll", |b, text| {
        upload(b, "people", "", &format!("{text}\nSomebody"))
    }),
    ("file of a roll", |b, text| {
        upload(b, "file", "; filename=\"roll.csv\"", text)
    }),
    ("somebody on the roll", |b, text| {
        b.form(&format!("{ROLL}/find"), &[("name", text)])
    }),
    ("number on the roll", |b, text| {
        b.form(&format!("{ROLL}/remove"), &[("serial", text)])
    }),
    ("codes", |b, text| {
        b.form(CODES, &[("kind", "list"), ("count", text)])
    }),
    ("kind of codes", |b, text| b.form(CODES, &[("kind", text)])),
    ("run of codes", |b, text| {
        b.form(
            &format!("{CODES}/{}/print", corpus::in_address(text)),
            &[("print", text)],
        )
    }),
    ("reason without a time", |b, text| {
        b.form(&format!("{ASK}/extend"), &[("reason", text)])
    }),
    ("later end", |b, text| {
        b.form(
            &format!("{ASK}/extend"),
            &[("closes", text), ("reason", text)],
        )
    }),
    ("end after reopening", |b, text| {
        b.form(
            &format!("{ASK}/reopen"),
            &[("closes", text), ("reason", text)],
        )
    }),
    ("entry", |b, text| {
        b.form(&format!("{ASK}/void"), &[("entry", text), ("reason", text)])
    }),
    ("rows of a sheet", |b, text| {
        b.form(
            &format!("{APRIL_ASK}/sheet"),
            &[("rows", text), ("place", "1"), ("reason", "Miscounted")],
        )
    }),
    ("cells of a sheet", |b, text| {
        let cell = format!("\"{}\"", text.replace('"', "\"\""));
        let rows = format!("item,option,count\npeople,,{cell}\n{cell},{cell},1\ns1,{cell},1\n");
        b.form(
            &format!("{APRIL_ASK}/sheet"),
            &[("rows", &rows), ("place", "1"), ("reason", "Miscounted")],
        )
    }),
    ("place of a sheet", |b, text| {
        b.form(
            &format!("{APRIL_ASK}/sheet"),
            &[("rows", text), ("place", text), ("reason", text)],
        )
    }),
    ("act for two", |b, text| get(b, &[&format!("{ASK}/"), text])),
    ("request", |b, text| {
        let request = corpus::in_address(text);
        b.form(&format!("/staff/requests/{request}/confirm"), &[])
    }),
    ("settings of a draft", |b, text| {
        let fields = [
            "opens", "closes", "access", "channels", "frame", "size", "results",
        ];
        b.form(EDIT, &fields.map(|field| (field, text)))
    }),
    ("days of a draft", |b, text| {
        b.form(EDIT, &[("opens", text), ("closes", text), ("size", text)])
    }),
    ("screen", |b, text| {
        get(b, &["/staff/screen/", text, "/now"])
    }),
    ("who", |b, text| audit(b, "who", text)),
    ("act", |b, text| audit(b, "act", text)),
    ("object", |b, text| audit(b, "object", text)),
    ("result", |b, text| audit(b, "result", text)),
    ("page of the record", |b, text| audit(b, "page", text)),
    ("first day", |b, text| {
        get(b, &["/staff/audit?to=2020-01-01&from=", text])
    }),
    ("table of the record", |b, text| {
        let typed = corpus::in_address(text);
        b.form(
            &format!("/staff/audit.csv?from=2040-01-01&who={typed}&object={typed}"),
            &[],
        )
    }),
    ("noted head", |b, text| {
        b.form("/staff/audit/verify", &[("head", text)])
    }),
];

const CODES: &str = "/staff/w/citizen-priorities-knapsack/now/codes";
const ROLL: &str = "/staff/w/citizen-priorities-knapsack/now/roll";
const ASK: &str = "/staff/w/co-production-attitudes/now/ask";
const APRIL_ASK: &str = "/staff/w/co-production-attitudes/april/ask";
const EDIT: &str = "/staff/w/co-production-attitudes/january/edit";

/// Without any event: the record grows meanwhile.
fn audit(browser: &Browser, field: &str, text: &str) -> RequestBuilder {
    let before = format!("/staff/audit?from=2040-01-01&{field}=");
    get(browser, &[&before, text])
}

/// A form with a file or a field, which is only checked.
fn upload(browser: &Browser, field: &str, file: &str, text: &str) -> RequestBuilder {
    let part = |name: &str, file: &str, content: &str| {
        format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        )
    };
    let body = part("do", "", "check") + &part(field, file, text) + "--edge--\r\n";
    browser
        .request(Method::POST, ROLL)
        .header("content-type", "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(body)
}

const FORWARDED: &str = "x-forwarded-for";

fn at_host(text: &str) -> String {
    format!("{text}@example.org")
}

/// Every second part is typed, and written as addresses write it.
pub fn get(browser: &Browser, parts: &[&str]) -> RequestBuilder {
    let path: String = parts
        .iter()
        .enumerate()
        .map(|(place, part)| {
            if place % 2 == 0 {
                (*part).to_owned()
            } else {
                corpus::in_address(part)
            }
        })
        .collect();
    browser.request(Method::GET, &path)
}

fn header(b: &Browser, path: &str, name: &str, before: &str, text: &str) -> RequestBuilder {
    b.request(Method::GET, path)
        .header(name, in_header(before, text))
}

fn posting(b: &Browser, name: &str, text: &str) -> RequestBuilder {
    let request = b.request(Method::POST, START);
    request.header(name, in_header("", text)).body("a=b")
}

/// A header carries no line end and no NUL: what is left of the text.
fn in_header(before: &str, text: &str) -> Vec<u8> {
    before
        .bytes()
        .chain(text.bytes().filter(|byte| *byte >= 0x20 && *byte != 0x7f))
        .collect()
}

/// Values that differ from request to request: this server's own seals, and the address that the
/// switch of language leads back to; and the filter of the record that leads on to its table.
fn same(value: &str) -> String {
    if value.starts_with("/staff/audit?") || value.starts_with("/staff/audit.csv?") {
        return "FILTER".to_owned();
    }
    match value.rsplit_once("lang=") {
        Some((_, lang)) if value.starts_with('/') && !value.starts_with("//") => {
            format!("SWITCH {lang}")
        }
        _ => value.to_owned(),
    }
}

/// Each address that was taken is one address, and the next page is not to list it.
async fn forget_subscribers(app: &TestApp, what: &str) {
    use countmein::store::entity::subscriber::Entity;
    for subscriber in Entity::find().all(&app.services.db).await.unwrap() {
        let is_plain = subscriber.email.parse::<lettre::Address>().is_ok();
        assert!(
            is_plain,
            "{what}: {} was taken for an address",
            subscriber.email
        );
        let stray = [',', ';', '<', '>', '\r', '\n'];
        assert!(
            !subscriber.email.contains(stray),
            "{what}: {}",
            subscriber.email
        );
    }
    app.sql("DELETE FROM subscriber").await.unwrap();
}

/// No header that somebody typed.
fn assert_own_headers(headers: &HeaderMap, what: &str) {
    for (header, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        assert!(
            header != "location" || (value.starts_with('/') && !value.starts_with("//")),
            "{what}: {value}"
        );
        assert!(
            header != "bcc" && !value.contains("countmein-staff=x"),
            "{what}: {header}: {value}"
        );
    }
}

/// The elements of each answer, and what was typed when it came first.
#[derive(Default)]
struct Shapes {
    by_answer: BTreeMap<(u16, String), (Vec<String>, String)>,
    /// To read none twice.
    read: HashSet<String>,
}

impl Shapes {
    /// The same answer has the same elements, whatever was typed. Answers are told apart by their
    /// heading, their code and whose page they are.
    fn assert_same(&mut self, status: u16, text: &str, body: &str, what: &str) {
        if !self.read.insert(body.to_owned()) {
            return;
        }
        let page = dom::read(body, same);
        let is_foreign = |line: &String| line.contains("evil.example") || line.contains("hostile");
        assert!(!page.shape.iter().any(is_foreign), "{what}: {body}");
        let message = body.split("Code of this message: ").nth(1);
        let message: String = message.unwrap_or_default().chars().take(20).collect();
        let heading = body.split("<h1>").nth(1).unwrap_or_default();
        let heading = heading.split('<').next().unwrap_or_default();
        let is_staff = body.contains("class=\"tag\"");
        let is_found = body.contains("aria-label=\"People who were found\"");
        // A number is a page of the record, which has a way back to the first.
        let has_pages = body.matches("class=\"inline\"").count();
        let faults: Vec<&str> = body
            .split("<li><a href=\"#")
            .skip(1)
            .filter_map(|fault| fault.split('"').next())
            .collect();
        let answer = format!("{heading}{message}{is_staff}{is_found}{has_pages}{faults:?}");
        let answer = (status, answer);
        let (wanted, first) = self
            .by_answer
            .entry(answer)
            .or_insert_with(|| (page.shape.clone(), text.to_owned()));
        if let Some(different) = dom::difference(wanted, &page.shape) {
            panic!("{what}, compared with {first:?}: {different}");
        }
    }
}

async fn type_everywhere(backend: Backend, texts: Vec<String>) {
    let app = TestApp::start(backend).await;
    app.load("co-production-attitudes").await;
    app.open("co-production-attitudes/now").await;
    let april = app.open("co-production-attitudes/april").await;
    let sheet = repository_file("surveys/samples/co-production-attitudes-april.csv");
    import_counts::import(&app.services, &operator(), &april, sheet.as_bytes(), false)
        .await
        .unwrap();
    app.add_staff().await;
    let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
    typed_post::prepare(&app, &browser).await;
    let roll = b"name,address\nq0q0,1 High Street\n";
    let knapsack = "citizen-priorities-knapsack/now".parse().unwrap();
    import_roll::import(&app.services, &operator(), &knapsack, roll, false)
        .await
        .unwrap();
    browser.post(&format!("{WAVE}/start"), &[]).await;
    let mut seen: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    for (name, send) in FIELDS.iter().chain(typed_post::FIELDS) {
        let mut shapes = Shapes::default();
        for (number, text) in texts.iter().enumerate() {
            let mut request = send(&browser, text);
            if !name.starts_with("forwarded") {
                request = request.header(
                    "x-forwarded-for",
                    format!("10.0.{}.{}", number / 250, number % 250),
                );
            }
            let Ok(response) = request.send().await else {
                // The library that plays the browser could not write this down at all.
                continue;
            };
            let status = response.status().as_u16();
            let what = format!("{name} with {text:?}: {status}");
            assert!(status < 500, "{what}");
            seen.entry(*name).or_default().insert(status);
            assert_own_headers(response.headers(), &what);
            let body = response.text().await.unwrap();
            forget_subscribers(&app, &what).await;
            shapes.assert_same(status, text, &body, &what);
        }
    }
    println!(
        "{} strings typed into {} fields; answers: {seen:?}",
        texts.len(),
        seen.len()
    );
    assert_eq!(seen.len(), FIELDS.len() + typed_post::FIELDS.len());
    let key = "co-production-attitudes/now".parse().unwrap();
    let overview = wave_overview::overview(&app.services, &key).await.unwrap();
    assert_eq!(overview.people, 0);
}

on_both_backends!(
    a_sample_of_what_is_typed_stays_text,
    async |backend: Backend| {
        let sample = corpus::all().into_iter().step_by(20).collect();
        type_everywhere(backend, sample).await;
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: run tests/run"]
async fn everything_that_is_typed_stays_text() {
    type_everywhere(Backend::Sqlite, corpus::all()).await;
}
