//! The summary that subscribers get: from closing a wave to the mail server, each exactly once.

mod content;
mod delivery;
mod real_server;

use countmein::{
    domain::key::WaveKey,
    service::{close_wave, import_counts, subscribe, wave_overview},
};

use crate::support::{Backend, TestApp, operator, repository_file, smtp::SmtpStub};

/// A service that sends through the stub, with a schedule that stands still.
async fn start(backend: Backend, smtp: &SmtpStub) -> TestApp {
    TestApp::start_idle(backend, |config| {
        config.mail.smtp_url.0 = smtp.url();
        "office@example.org".clone_into(&mut config.mail.reply_to);
    })
    .await
}

/// Opens the workshop of April with its 85 people and these subscribers.
async fn open_april(app: &TestApp, subscribers: &[&str]) -> WaveKey {
    app.load("co-production-attitudes").await;
    let key = app.open("co-production-attitudes/april").await;
    let file = repository_file("surveys/samples/co-production-attitudes-april.csv");
    import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false)
        .await
        .unwrap();
    for address in subscribers {
        subscribe::subscribe(&app.services, &operator(), &key, address)
            .await
            .unwrap();
    }
    key
}

async fn close(app: &TestApp, key: &WaveKey) {
    close_wave::stop_collecting(&app.services, &operator(), key)
        .await
        .unwrap();
    close_wave::close(&app.services, &operator(), key)
        .await
        .unwrap();
}

/// Address, state and tries of every mail of the wave.
async fn outbox(app: &TestApp, key: &WaveKey) -> Vec<(String, String, i32)> {
    let overview = wave_overview::overview(&app.services, key).await.unwrap();
    overview
        .mails
        .into_iter()
        .map(|mail| (mail.email, mail.state, mail.attempts))
        .collect()
}
