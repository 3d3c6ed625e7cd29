//! Participants up to the page “check your answers”, by the real requests.

use std::net::SocketAddr;

use tokio::task::JoinSet;

use super::client::{Connection, post};

pub const SURVEY: &str = "co-production-attitudes";
const PATH: &str = "/w/co-production-attitudes/now";
const DRAFT: &str = "countmein-draft";
const POINTS: [&str; 5] = [
    "strongly-agree",
    "agree",
    "not-sure",
    "disagree",
    "strongly-disagree",
];

/// So many requests that send answers, each of a participant of its own.
pub async fn ready_to_send(server: SocketAddr, connections: usize, many: usize) -> Vec<Vec<u8>> {
    let mut tasks = JoinSet::new();
    for first in 0..connections {
        tasks.spawn(async move {
            let mut connection = Connection::open(server).await;
            let mut requests = Vec::new();
            for person in (first..many).step_by(connections) {
                requests.push(one(&mut connection, person).await);
            }
            requests
        });
    }
    tasks.join_all().await.concat()
}

async fn one(connection: &mut Connection, person: usize) -> Vec<u8> {
    let start = post(&format!("{PATH}/start"), None, "");
    let draft = draft_in(connection.ask(&start).await);
    let answers: Vec<String> = (1..=7)
        .map(|item| format!("a.s{item}={}", POINTS[(person * 7 + item * item) % 5]))
        .collect();
    let cookie = format!("{DRAFT}={draft}");
    let answered = post(
        &format!("{PATH}/questions"),
        Some(&cookie),
        &answers.join("&"),
    );
    let draft = draft_in(connection.ask(&answered).await);
    // What the page that was checked carries: the same as the cookie.
    let encoded = draft
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    post(
        &format!("{PATH}/submit"),
        Some(&format!("{DRAFT}={draft}")),
        &format!("draft={encoded}"),
    )
}

fn draft_in(head: &str) -> String {
    let (_, value) = head
        .split_once(&format!("set-cookie: {DRAFT}="))
        .unwrap_or_else(|| panic!("no draft in {head}"));
    value.split(';').next().unwrap_or_default().to_owned()
}
