//! The log holds no personal data and no secret, however talkative it is made.

use std::io::Write;

use super::process::{Server, command, run};
use crate::support::{browsing::Browser, repository_path};

const WAVE: &str = "/w/citizen-priorities-knapsack/now";
const EMAIL: &str = "someone.private@example.org";
const PASSWORD: &str = "a few quiet words";

#[expect(
    clippy::too_many_lines,
    reason = "one life of a server, from its start to its log"
)]
#[tokio::test]
async fn no_code_receipt_token_address_or_password_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run(folder.path(), "", arguments);
    run(&[
        "load",
        &repository_path("surveys/citizen-priorities-knapsack.toml"),
    ]);
    run(&["open", "citizen-priorities-knapsack/now"]);
    let codes = run(&["codes", "citizen-priorities-knapsack/now", "--count", "2"]);
    let codes: Vec<&str> = codes.lines().collect();
    let mut add = command(
        folder.path(),
        "",
        &["user", "add", EMAIL, "--password-stdin"],
    )
    .stdin(std::process::Stdio::piped())
    .stdout(std::process::Stdio::null())
    .spawn()
    .unwrap();
    add.stdin
        .take()
        .unwrap()
        .write_all(PASSWORD.as_bytes())
        .unwrap();
    assert!(add.wait().unwrap().success());
    run(&["subscribe", "citizen-priorities-knapsack/now", EMAIL]);

    let server = Server::start(folder.path(), "", "trace");
    let browser = Browser::at(&server.url);
    let start = format!("{WAVE}/start");
    browser
        .post(&start, &[("code", "0000-0000-0000-0000")])
        .await;
    browser.post(&start, &[("code", codes[0])]).await;
    let questions = format!("{WAVE}/questions");
    let check = browser
        .post_and_follow(&questions, &[("a.projects", "benches")])
        .await;
    let draft = check.field("draft");
    let done = browser
        .post_and_follow(&format!("{WAVE}/submit"), &[("draft", &draft)])
        .await;
    let receipt = done.receipt();
    browser.get(&format!("/receipt?code={receipt}")).await;
    browser
        .post(
            "/staff/login",
            &[("email", EMAIL), ("password", "wrong password")],
        )
        .await;
    browser
        .post("/staff/login", &[("email", EMAIL), ("password", PASSWORD)])
        .await;
    browser
        .post("/staff/w/citizen-priorities-knapsack/now/close", &[])
        .await;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    let log = server.terminate();
    assert!(
        log.contains("wave closed") && log.contains("mail sent"),
        "{log}"
    );
    let compact = |text: &str| text.replace('-', "");
    for secret in [
        EMAIL,
        PASSWORD,
        "wrong password",
        codes[0],
        &receipt,
        &draft,
    ] {
        assert!(!log.contains(secret), "the log holds {secret}");
        assert!(!log.contains(&compact(secret)), "the log holds {secret}");
    }
    assert!(
        !log.contains("127.0.0.1:") || !log.contains("peer"),
        "the log holds addresses"
    );
}
