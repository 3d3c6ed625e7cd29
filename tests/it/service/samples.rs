//! Waves and responses that many tests need.

use std::sync::Arc;

use countmein::{
    domain::{access_code::AccessCode, key::WaveKey, receipt::VisitToken},
    service::{
        Services, issue_codes,
        submit::{self, Submission, Submitted},
    },
};

use crate::support::{TestApp, operator};

/// Seven statements, open to everyone, until the end of 2036.
pub async fn open_attitudes(app: &TestApp) -> WaveKey {
    app.load("co-production-attitudes").await;
    app.open("co-production-attitudes/now").await
}

/// A knapsack ballot of twelve projects, by access code.
pub async fn open_by_code(app: &TestApp, codes: usize) -> (WaveKey, Vec<AccessCode>) {
    app.load("citizen-priorities-knapsack").await;
    let key = app.open("citizen-priorities-knapsack/now").await;
    let codes = issue_codes::issue(&app.services, &operator(), &key, codes)
        .await
        .unwrap();
    (key, codes)
}

#[expect(clippy::disallowed_methods, reason = "tests need no repeatable visits")]
pub fn token() -> VisitToken {
    VisitToken::random(&mut rand::rng())
}

pub fn submission(
    services: &Services,
    wave: &WaveKey,
    token: VisitToken,
    code: Option<AccessCode>,
    answers: &str,
) -> Submission {
    Submission {
        wave: wave.clone(),
        token,
        code,
        answers: answers.to_owned(),
        received: services.now(),
    }
}

/// One person's answers, online.
pub async fn submit(app: &TestApp, wave: &WaveKey, answers: &str) -> VisitToken {
    let token = token();
    let sent = submission(&app.services, wave, token.clone(), None, answers);
    let outcome = submit::submit(&app.services, sent).await.unwrap();
    assert_eq!(outcome, Submitted::Counted(token.receipt()));
    token
}

/// Many people's answers at once.
pub async fn submit_many(app: &TestApp, wave: &WaveKey, answers: &[&str]) {
    let sends: Vec<_> = answers
        .iter()
        .map(|answers| submission(&app.services, wave, token(), None, answers))
        .map(|sent| {
            let services = Arc::clone(&app.services);
            tokio::spawn(async move { submit::submit(&services, sent).await.unwrap() })
        })
        .collect();
    for send in sends {
        send.await.unwrap();
    }
}
