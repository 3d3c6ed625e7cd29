//! The log holds no personal data and no secret, however talkative it is made.

use std::{io::Write, path::Path, process::Stdio};

use countmein::{
    clock::{Clock, SystemClock},
    domain::wave::DRAIN,
};

use super::process::{Server, command, run};
use crate::{
    support::{browsing::Browser, mime::Mail, repository_path},
    web::second_factor::{shown_codes, shown_secret},
};

const WAVE: &str = "/w/citizen-priorities-knapsack/now";
const EMAIL: &str = "someone.private@example.org";
const INVITED: &str = "another.person@example.org";
const PASSWORD: &str = "a few quiet words";

#[tokio::test]
async fn no_code_receipt_token_address_or_password_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let code = prepare(folder.path());
    let server = Server::start(folder.path(), "", "trace");
    let browser = Browser::at(&server.url);
    let start = format!("{WAVE}/start");
    browser
        .post(&start, &[("code", "0000-0000-0000-0000")])
        .await;
    browser.post(&start, &[("code", &code)]).await;
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
    let mut secrets = log_in(&browser).await;
    secrets.extend(invite(&browser, folder.path()).await);
    browser
        .post("/staff/w/citizen-priorities-knapsack/now/close", &[])
        .await;
    // The schedule closes the wave once the last answers are in, and sends the mail.
    tokio::time::sleep(DRAIN * 2).await;
    let log = server.terminate();
    assert!(
        log.contains("wave closed") && log.contains("mail written"),
        "{log}"
    );
    let others = [
        EMAIL,
        INVITED,
        PASSWORD,
        "wrong password",
        &code,
        &receipt,
        &draft,
    ];
    secrets.extend(others.map(ToOwned::to_owned));
    for secret in &secrets {
        assert!(!log.contains(secret), "the log holds {secret}");
        assert!(
            !log.contains(&secret.replace('-', "")),
            "the log holds {secret}"
        );
    }
}

/// Three hundred and one wrong codes from as many networks: one call for help, and no address in it.
#[tokio::test]
async fn a_flood_of_wrong_codes_calls_for_help_once() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let server = Server::start(folder.path(), "", "info");
    let browser = Browser::at(&server.url);
    let start = format!("{WAVE}/start");
    for number in 0..305 {
        let from = format!("203.0.{}.{}", number / 200, number % 200);
        let request = browser
            .form(&start, &[("code", "0000-0000-0000-0000")])
            .header("x-forwarded-for", from);
        assert_eq!(request.send().await.unwrap().status(), 422);
    }
    let log = server.terminate();
    assert_eq!(log.matches("ALERT").count(), 1, "{log}");
    assert!(!log.contains("203.0."), "{log}");
}

/// Logs in with everything that it takes; gives back what must not be in a log.
async fn log_in(browser: &Browser) -> Vec<String> {
    let set_up = "/staff/login/set-up";
    browser.give_password(EMAIL, PASSWORD).await;
    let page = browser.get(set_up).await;
    let (secret, offer) = (shown_secret(&page), page.field("offer"));
    let first = secret.code_at(SystemClock.now());
    let fields = [("offer", offer.as_str()), ("code", &first)];
    let codes = shown_codes(&browser.post(set_up, &fields).await);
    browser.post("/staff/logout", &[]).await;
    browser.give_password(EMAIL, PASSWORD).await;
    browser
        .post("/staff/login/code", &[("code", "wrong-0-wrong")])
        .await;
    let done = browser
        .post("/staff/login/code", &[("code", &codes[0])])
        .await;
    assert_eq!(done.location.as_deref(), Some("/staff"));
    let mut secrets = vec![secret.to_base32(), secret.in_blocks(), offer, first];
    secrets.push("wrong-0-wrong".to_owned());
    secrets.extend(codes);
    secrets
}

/// Invites a user, who chooses a password by the link of the mail.
async fn invite(browser: &Browser, folder: &Path) -> Vec<String> {
    let fields = [("email", INVITED), ("role", "keyer")];
    browser.post("/staff/users", &fields).await;
    let link = loop {
        let mails = std::fs::read_dir(folder.join("data/mail"))
            .into_iter()
            .flatten();
        let texts = mails.filter_map(|mail| std::fs::read_to_string(mail.unwrap().path()).ok());
        let found = texts
            .filter(|text| text.contains(INVITED))
            .find_map(|text| {
                Some(
                    Mail::read(&text)
                        .text
                        .split_once("/staff/link/")?
                        .1
                        .to_owned(),
                )
            });
        match found {
            Some(rest) => break rest.split_whitespace().next().unwrap().to_owned(),
            None => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
        }
    };
    let chosen = "some other quiet words";
    let other = Browser::at(browser.base());
    let page = other
        .post(&format!("/staff/link/{link}"), &[("new-password", chosen)])
        .await;
    assert_eq!(page.location.as_deref(), Some("/staff"));
    vec![link, chosen.to_owned()]
}

/// An open wave, one code for it, a subscriber and a member of staff.
fn prepare(folder: &Path) -> String {
    let run = |arguments: &[&str]| run(folder, "", arguments);
    run(&[
        "load",
        &repository_path("surveys/citizen-priorities-knapsack.toml"),
    ]);
    run(&["open", "citizen-priorities-knapsack/now"]);
    run(&["subscribe", "citizen-priorities-knapsack/now", EMAIL]);
    let mut add = command(folder, "", &["user", "add", EMAIL, "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    add.stdin
        .take()
        .unwrap()
        .write_all(PASSWORD.as_bytes())
        .unwrap();
    assert!(add.wait().unwrap().success());
    run(&["codes", "citizen-priorities-knapsack/now", "--count", "1"])
        .trim()
        .to_owned()
}
