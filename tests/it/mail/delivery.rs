//! The outbox: once to everybody, again after a while where the server is away, and parked where
//! another try cannot help.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use countmein::{
    app::App,
    clock::Randomness,
    jobs::outbox::{Run, run_once},
    service::subscribe,
};

use super::{close, open_april, outbox, start};
use crate::support::{
    Backend, TestApp,
    mime::Mail,
    on_both_backends,
    smtp::{SmtpStub, Step},
};

const READERS: [&str; 2] = ["council@example.org", "mayor@example.org"];

on_both_backends!(each_subscriber_gets_one_mail, async |backend: Backend| {
    let smtp = SmtpStub::start().await;
    let app = start(backend, &smtp).await;
    let key = open_april(&app, &READERS).await;
    assert_eq!(outbox(&app, &key).await, []);
    close(&app, &key).await;
    let queued = READERS.map(|to| (to.to_owned(), "queued".to_owned(), 0));
    assert_eq!(outbox(&app, &key).await, queued);
    assert_eq!(run(&app).await, sent(2));
    let to: Vec<String> = smtp.arrived().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, READERS);
    let states = READERS.map(|to| (to.to_owned(), "sent".to_owned(), 1));
    assert_eq!(outbox(&app, &key).await, states);
    // Nothing is left to do, now or later.
    assert_eq!(run(&app).await, Run::default());
    app.advance(Duration::from_hours(48));
    assert_eq!(run(&app).await, Run::default());
    assert_eq!(smtp.arrived().len(), 2);
});

on_both_backends!(two_workers_send_each_mail_once, async |backend: Backend| {
    let smtp = SmtpStub::start().await;
    let app = start(backend, &smtp).await;
    let readers: Vec<String> = (0..50).map(|n| format!("reader{n}@example.org")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let key = open_april(&app, &readers).await;
    close(&app, &key).await;
    // A second process on the same database.
    let randomness = Arc::new(Randomness::from_system());
    let other = App::start_with(app.config.clone(), app.clock.clone(), randomness)
        .await
        .unwrap();
    let (one, two) = tokio::join!(run(&app), run_once(&other.services, &other.mailer));
    assert_eq!(one.sent + two.unwrap().sent, readers.len());
    let arrived = smtp.arrived();
    assert_eq!(arrived.len(), readers.len());
    let to: BTreeSet<&str> = arrived.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, readers.into_iter().collect());
    other.finish().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_is_tried_again_after_a_while() {
    let mut smtp = SmtpStub::down().await;
    let app = start(Backend::Sqlite, &smtp).await;
    let key = open_april(&app, &READERS[..1]).await;
    close(&app, &key).await;
    assert_eq!(run(&app).await, retried(1));
    for (tries, minutes) in [(2, 1), (3, 5), (4, 30)] {
        // A fifth shorter at the least, a fifth longer at the most.
        app.advance(Duration::from_secs(minutes * 60 * 4 / 5 - 1));
        assert_eq!(run(&app).await, Run::default(), "before {minutes} minutes");
        app.advance(Duration::from_secs(minutes * 60 * 2 / 5 + 2));
        assert_eq!(run(&app).await, retried(1), "after {minutes} minutes");
        let standing = (READERS[0].to_owned(), "queued".to_owned(), tries);
        assert_eq!(outbox(&app, &key).await, [standing]);
    }
    smtp.come_up().await;
    app.advance(Duration::from_hours(3));
    assert_eq!(run(&app).await, sent(1));
    assert_eq!(smtp.arrived().len(), 1);
    let standing = (READERS[0].to_owned(), "sent".to_owned(), 5);
    assert_eq!(outbox(&app, &key).await, [standing]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stays_down_is_given_up_after_a_day_and_a_half() {
    let smtp = SmtpStub::down().await;
    let app = start(Backend::Sqlite, &smtp).await;
    let key = open_april(&app, &READERS[..1]).await;
    close(&app, &key).await;
    for _ in 0..6 {
        assert_eq!(run(&app).await, retried(1));
        app.advance(Duration::from_hours(30));
    }
    assert_eq!(run(&app).await, parked(1));
    assert_eq!(outbox(&app, &key).await[0].1, "parked");
    app.advance(Duration::from_hours(300));
    assert_eq!(run(&app).await, Run::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_try_is_the_same_message() {
    let smtp = SmtpStub::start().await;
    let app = start(Backend::Sqlite, &smtp).await;
    let key = open_april(&app, &READERS).await;
    close(&app, &key).await;
    for (step, answer) in [
        (Step::Greeting, "421 4.3.2 not now"),
        (Step::Sender, "450 4.7.1 slow down"),
        (Step::Recipient, "450 4.2.0 greylisted"),
        (Step::Content, "451 4.3.0 later"),
    ] {
        smtp.refuse(step, answer);
        assert_eq!(run(&app).await, retried(2), "{answer}");
        app.advance(Duration::from_hours(3));
    }
    smtp.take_everything();
    assert_eq!(run(&app).await, sent(2));
    let arrived = smtp.arrived();
    assert_eq!(arrived.iter().filter(|mail| mail.taken).count(), 2);
    for reader in READERS {
        let to_reader = || arrived.iter().filter(|mail| mail.to == reader);
        let ids: BTreeSet<String> = to_reader()
            .map(|mail| Mail::read(&mail.content).header("Message-ID"))
            .collect();
        assert_eq!((to_reader().count(), ids.len()), (2, 1), "{ids:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mail_of_a_worker_that_died_is_taken_over() {
    let smtp = SmtpStub::start().await;
    let app = start(Backend::Sqlite, &smtp).await;
    let key = open_april(&app, &READERS[..1]).await;
    close(&app, &key).await;
    let until = (app.services.now() + Duration::from_mins(15)).millis();
    let claimed = app
        .sql(&format!("UPDATE outbox SET claimed_until = {until}"))
        .await;
    assert_eq!(claimed.unwrap(), 1);
    app.advance(Duration::from_mins(14));
    assert_eq!(run(&app).await, Run::default(), "it may still be at work");
    app.advance(Duration::from_mins(2));
    assert_eq!(run(&app).await, sent(1));
    assert_eq!(smtp.arrived().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_is_refused_for_good_is_parked() {
    for (step, answer) in [
        (Step::Recipient, "550 5.1.1 no such mailbox"),
        (Step::Content, "554 5.7.1 refused"),
    ] {
        let smtp = SmtpStub::start().await;
        let app = start(Backend::Sqlite, &smtp).await;
        let key = open_april(&app, &READERS[..1]).await;
        close(&app, &key).await;
        smtp.refuse(step, answer);
        assert_eq!(run(&app).await, parked(1), "{answer}");
        let standing = (READERS[0].to_owned(), "parked".to_owned(), 1);
        assert_eq!(outbox(&app, &key).await, [standing]);
        // The server changes its mind; the mail waits for a person.
        smtp.take_everything();
        app.advance(Duration::from_hours(48));
        assert_eq!(run(&app).await, Run::default());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_stopped_gets_none() {
    let smtp = SmtpStub::start().await;
    let app = start(Backend::Sqlite, &smtp).await;
    let readers = [
        "before@example.org",
        "between@example.org",
        "stays@example.org",
    ];
    let key = open_april(&app, &readers).await;
    stop(&app, &key, readers[0]).await;
    close(&app, &key).await;
    // Written already, and not sent yet.
    stop(&app, &key, readers[1]).await;
    let run = run(&app).await;
    assert_eq!(
        run,
        Run {
            sent: 1,
            retried: 0,
            parked: 1
        }
    );
    let to: Vec<String> = smtp.arrived().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, readers[2..]);
}

async fn stop(app: &TestApp, key: &countmein::domain::key::WaveKey, address: &str) {
    let overview = countmein::service::wave_overview::overview(&app.services, key)
        .await
        .unwrap();
    let subscriber = overview
        .subscribers
        .iter()
        .find(|subscriber| subscriber.email == address);
    subscribe::stop(&app.services, subscriber.unwrap())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_server_each_mail_is_one_file() {
    let app = TestApp::start_idle(Backend::Sqlite, |_| {}).await;
    let key = open_april(&app, &READERS).await;
    close(&app, &key).await;
    assert_eq!(run(&app).await, sent(2));
    let mut to: Vec<String> = std::fs::read_dir(app.config.mail_folder())
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|file| {
            assert_eq!(file.extension().unwrap(), "eml");
            Mail::read(&std::fs::read_to_string(file).unwrap()).header("To")
        })
        .collect();
    to.sort();
    assert_eq!(to, READERS);
}

async fn run(app: &TestApp) -> Run {
    run_once(&app.services, &app.mailer).await.unwrap()
}

fn sent(sent: usize) -> Run {
    Run {
        sent,
        ..Run::default()
    }
}

fn retried(retried: usize) -> Run {
    Run {
        retried,
        ..Run::default()
    }
}

fn parked(parked: usize) -> Run {
    Run {
        parked,
        ..Run::default()
    }
}
