//! The log as programs read it, and what of a fault stands in it and on the page.

use std::{fmt::Write as _, fs, path::Path};

use countmein::domain::role::Role;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::Value;

use super::process::{Server, command, run};
use crate::support::{browsing::Browser, repository_path};

const KEYER: &str = "keyer@example.org";
const PASSWORD: &str = "a few quiet words";

/// An installation with an open wave and a keyer, whose log is JSON.
fn prepare(folder: &Path) {
    fs::write(folder.join("countmein.toml"), "[log]\nformat = \"json\"\n").unwrap();
    let survey = repository_path("surveys/citizen-priorities.toml");
    run(folder, "", &["load", &survey]);
    run(folder, "", &["open", "citizen-priorities/now"]);
    let role = Role::Keyer.to_string();
    let add = ["user", "add", KEYER, "--role", &role, "--password-stdin"];
    let mut add = command(folder, "", &add)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut add.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());
}

async fn database(folder: &Path) -> DatabaseConnection {
    let file = folder.join("data/countmein.sqlite");
    Database::connect(format!("sqlite://{}", file.display()))
        .await
        .unwrap()
}

fn lines(log: &str) -> Vec<Value> {
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

/// Every file under a folder, by its path within it.
fn files(folder: &Path) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap();
                found.push(name.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn every_line_is_one_object_whatever_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let server = Server::start(folder.path(), "", "info");
    let browser = Browser::at(&server.url);
    for hostile in [
        "a\r\n{\"level\":\"ERROR\"}",
        "\u{1b}[31mred",
        "\"}\n{\"",
        "%0d%0aforged",
    ] {
        browser.give_password(hostile, hostile).await;
        let fields = [("code", hostile)];
        browser
            .post("/w/citizen-priorities/now/start", &fields)
            .await;
        let mut path = "/nowhere/".to_owned();
        for byte in hostile.bytes() {
            write!(path, "%{byte:02x}").unwrap();
        }
        let request = browser.request(reqwest::Method::GET, &path);
        request
            .header("user-agent", "forged\t[2J")
            .send()
            .await
            .unwrap();
    }
    browser.give_password(KEYER, PASSWORD).await;
    assert_eq!(browser.get("/staff/users").await.status, 403);
    let log = server.terminate();
    let lines = lines(&log);
    assert!(lines.len() >= 5, "{log}");
    for line in &lines {
        let keys = ["timestamp", "level", "fields", "target"];
        assert!(keys.iter().all(|key| line.get(key).is_some()), "{line}");
        let when = line["timestamp"].as_str().unwrap();
        assert!(when.ends_with('Z'), "{when} is not UTC");
    }
    assert!(!log.contains("forged") && !log.contains('\u{1b}'), "{log}");
    // Who lacked what, and where.
    let refused = lines
        .iter()
        .find(|line| line["fields"]["message"] == "a role lacks the permission");
    let refused = refused.unwrap_or_else(|| panic!("{log}"));
    assert_eq!(refused["fields"]["role"], "keyer");
    assert_eq!(refused["span"]["path"], "/staff/users");
    // The log is nowhere but on standard error.
    for file in files(folder.path()) {
        let known = file == "countmein.toml"
            || file == "data/secret.key"
            || file.starts_with("data/countmein.sqlite")
            || file.starts_with("data/mail/");
        assert!(known, "{file}");
    }
}

#[tokio::test]
async fn a_fault_of_the_database_is_one_line_in_the_log_and_none_on_the_page() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let server = Server::start(folder.path(), "", "info");
    let browser = Browser::at(&server.url);
    browser.give_password(KEYER, PASSWORD).await;
    assert_eq!(browser.get("/staff").await.status, 200);
    let db = database(folder.path()).await;
    for table in ["staff_session", "subscriber"] {
        let gone = format!("ALTER TABLE {table} RENAME TO taken_away");
        db.execute_unprepared(&gone).await.unwrap();
        let (path, stranger) = match table {
            "staff_session" => ("/staff", "/"),
            _ => (
                "/mail/stop/00112233445566778899aabbccddeeff",
                "/staff/login",
            ),
        };
        let page = browser.get(path).await;
        // What cannot be looked up opens nothing.
        assert_eq!(page.status, 500, "{}", page.body);
        assert!(page.body.contains("E-SERVER"), "{}", page.body);
        for inner in [
            table,
            "taken_away",
            "SELECT",
            "sql",
            "Sql",
            "no such",
            "src/",
            "Error(",
            "panicked",
        ] {
            assert!(!page.body.contains(inner), "{inner} in {}", page.body);
        }
        assert!(Browser::at(&server.url).get(stranger).await.status.as_u16() < 500);
        let back = format!("ALTER TABLE taken_away RENAME TO {table}");
        db.execute_unprepared(&back).await.unwrap();
    }
    assert_eq!(
        browser.get("/staff").await.status,
        200,
        "and then it goes on"
    );
    db.close().await.unwrap();
    let log = server.terminate();
    let faults: Vec<Value> = lines(&log)
        .into_iter()
        .filter(|line| line["fields"]["message"] == "a request failed")
        .collect();
    assert_eq!(faults.len(), 2, "{log}");
    for fault in faults {
        assert_eq!(fault["level"], "ERROR");
        let cause = fault["fields"]["error"].as_str().unwrap();
        assert!(cause.contains("no such table"), "{cause}");
        assert!(
            !cause.contains(KEYER) && !cause.contains("00112233"),
            "{cause}"
        );
    }
}
