//! What is kept of people goes when its time is over, or when they ask; and then it is nowhere.

use std::time::Duration;

use countmein::{
    domain::{
        audit::Actor,
        key::WaveKey,
        notice::{LinkPurpose, Notice},
        retention::Kept,
        role::Role,
        wave::DRAIN,
    },
    service::{
        close_wave, import_roll, notify,
        person::{self, PersonError},
        retention, subscribe,
    },
    store,
};
use futures_util::FutureExt;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{
    service::samples::open_by_code,
    support::{Backend, TestApp, on_both_backends, operator},
};

const DAY: Duration = Duration::from_hours(24);

/// A millisecond less than so many days.
fn almost(days: u64) -> Duration {
    Duration::from_millis(days * 24 * 60 * 60 * 1_000 - 1)
}

pub async fn close(app: &TestApp, key: &WaveKey) {
    close_wave::stop_collecting(&app.services, &operator(), key)
        .await
        .unwrap();
    app.advance(DRAIN + Duration::from_millis(1));
    close_wave::close(&app.services, &operator(), key)
        .await
        .unwrap();
}

/// Many people, so that their rows fill many pages of the file.
fn roll_of(people: usize) -> String {
    (0..people).fold("name,address,email,group\n".to_owned(), |csv, number| {
        let filling = "x".repeat(number % 60);
        format!(
            "{csv}Rollperson{number} {filling},\"{number} Rollstreet, Leith\",rollmail{number}@example.org,G{}\n",
            number % 3
        )
    })
}

/// A wave by code with a roll, a subscriber, a sealed mail and a sealed run of codes.
async fn prepare(app: &TestApp, people: usize) -> WaveKey {
    let (key, _) = open_by_code(app, 2).await;
    let csv = roll_of(people);
    import_roll::import(&app.services, &operator(), &key, csv.as_bytes(), false)
        .await
        .unwrap();
    for email in ["reader@example.org", "other@example.org"] {
        subscribe::subscribe(&app.services, &operator(), &key, email)
            .await
            .unwrap();
    }
    mail_to(app, "reader@example.org").await;
    app.sql(&format!(
        "INSERT INTO code_run (wave_id, kind, codes, sealed, made_at)
         SELECT id, 'letters', 2, 'sealedcodes', {} FROM wave WHERE state = 'open'",
        app.services.now().millis()
    ))
    .await
    .unwrap();
    key
}

async fn mail_to(app: &TestApp, email: &str) {
    let notice = Notice::StaffLink {
        token: "token".to_owned(),
        role: Role::Keyer,
        purpose: LinkPurpose::Invitation,
        expires: app.services.now(),
    };
    let sealed = notify::seal(&app.services, email, &notice, None).unwrap();
    let now = app.services.now();
    store::write(&app.services.db, move |tx| {
        async move { store::outbox::enqueue_notices(tx, vec![sealed], now).await }.boxed()
    })
    .await
    .unwrap();
}

async fn idle(backend: Backend) -> TestApp {
    TestApp::start_idle(backend, |_| {}).await
}

async fn rows(app: &TestApp, table: &str) -> i64 {
    let db = &app.services.db;
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn apply(app: &TestApp) -> Vec<(Kept, u64)> {
    let due = retention::preview(&app.services).await.unwrap();
    let removed = retention::apply(&app.services, &Actor::schedule())
        .await
        .unwrap();
    assert_eq!(due, removed, "a dry run says what a run does");
    assert!(
        retention::apply(&app.services, &Actor::schedule())
            .await
            .unwrap()
            .is_empty()
    );
    removed
}

/// Whether the bytes of an SQLite database, and of what stands beside it, have this text.
pub fn in_files(app: &TestApp, text: &str) -> bool {
    let files = std::fs::read_dir(&app.config.data_dir).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("countmein.sqlite"))
        .any(|path| {
            let bytes = std::fs::read(path).unwrap();
            memchr::memmem::find(&bytes, text.as_bytes()).is_some()
        })
}

fn is_sqlite(app: &TestApp) -> bool {
    app.services.db.get_database_backend() == DbBackend::Sqlite
}

on_both_backends!(each_kind_goes_when_its_time_is_over, async |backend| {
    let app = idle(backend).await;
    let key = prepare(&app, 300).await;
    assert!(apply(&app).await.is_empty());
    if is_sqlite(&app) {
        assert!(in_files(&app, "Rollperson7 "));
    }
    // The outbox is worked through: the mail to the reader is a file now, and its row done with.
    let sent = countmein::jobs::outbox::run_once(&app.services, &app.mailer)
        .await
        .unwrap();
    assert_eq!(sent.sent, 1);
    app.advance(14 * DAY);
    assert!(apply(&app).await.is_empty(), "not a moment before");
    app.advance(Duration::from_millis(1));
    assert_eq!(apply(&app).await, [(Kept::CodeRuns, 1)]);
    assert_eq!(
        rows(&app, "code_run WHERE sealed IS NULL AND wiped_at > made_at").await,
        1
    );
    close(&app, &key).await;
    app.publish(&key).await;
    let sent = countmein::jobs::outbox::run_once(&app.services, &app.mailer)
        .await
        .unwrap();
    // The survey file has a subscriber of its own.
    assert_eq!(sent.sent, 3);
    app.advance(almost(30));
    assert!(apply(&app).await.is_empty(), "not a moment before");
    app.advance(Duration::from_millis(1));
    assert_eq!(apply(&app).await, [(Kept::Roll, 300)]);
    assert_eq!(rows(&app, "roll_person").await, 0);
    app.advance(61 * DAY);
    assert_eq!(apply(&app).await, [(Kept::Mails, 4)]);
    app.advance(275 * DAY);
    assert_eq!(apply(&app).await, [(Kept::Subscribers, 3)]);
    assert_eq!(
        rows(&app, "subscriber").await + rows(&app, "outbox").await,
        0
    );
    assert_eq!(
        rows(
            &app,
            "audit_event WHERE act = 'retention-applied' AND who = 'schedule'"
        )
        .await,
        4
    );
    if is_sqlite(&app) {
        for gone in [
            "Rollperson",
            "Rollstreet",
            "rollmail",
            "reader@example.org",
            "sealedcodes",
        ] {
            assert!(!in_files(&app, gone), "{gone} is still in the file");
        }
    }
    let checked = countmein::service::verify_audit::verify(&app.services, None)
        .await
        .unwrap();
    assert!(checked.outcome.is_ok());
});

on_both_backends!(
    a_wave_that_is_never_published_keeps_its_people_longer,
    async |backend| {
        let app = idle(backend).await;
        let key = prepare(&app, 3).await;
        app.advance(20 * DAY);
        close(&app, &key).await;
        app.sql("UPDATE code_run SET sealed = NULL, wiped_at = 1")
            .await
            .unwrap();
        app.advance(almost(210));
        let early = apply(&app).await;
        assert!(
            !early.iter().any(|(kind, _)| *kind == Kept::Roll),
            "{early:?}"
        );
        app.advance(Duration::from_millis(1));
        assert_eq!(apply(&app).await, [(Kept::Roll, 3)]);
    }
);

on_both_backends!(a_person_is_told_and_then_erased, async |backend| {
    let app = idle(backend).await;
    prepare(&app, 200).await;
    let csv = "name,address,email\nZofia Wyjątek,\"9 Elsewhere, Leith\",Reader@Example.org\n";
    let key: WaveKey = "citizen-priorities-knapsack/now".parse().unwrap();
    import_roll::import(&app.services, &operator(), &key, csv.as_bytes(), false)
        .await
        .unwrap();
    let export = person::export(&app.services, &operator(), " READER@example.org ")
        .await
        .unwrap();
    assert_eq!(export.email, "reader@example.org");
    assert_eq!(export.rolls[0].name, "Zofia Wyjątek");
    assert_eq!(export.rolls[0].address, ["9 Elsewhere", "Leith"]);
    assert_eq!(export.rolls[0].wave, "citizen-priorities-knapsack/now");
    assert_eq!((export.subscriptions.len(), export.mails.len()), (1, 1));
    assert_eq!(
        (
            export.mails[0].kind.as_str(),
            export.mails[0].state.as_str()
        ),
        ("notice", "queued")
    );
    assert!(export.staff_account.is_none());
    assert!(
        export
            .not_traced
            .iter()
            .any(|text| text.contains("Counted answers carry no name"))
    );
    // A mail that could not be sent may hold the address in what the mail server said.
    app.sql("UPDATE outbox SET state = 'parked', last_error = '550 <reader@example.org> unknown'")
        .await
        .unwrap();
    let done = person::erase(&app.services, &operator(), "reader@example.org")
        .await
        .unwrap();
    let erased = done.erased;
    assert_eq!(
        (erased.on_rolls, erased.subscriptions, erased.mails),
        (1, 1, 1)
    );
    let empty = person::export(&app.services, &operator(), "reader@example.org")
        .await
        .unwrap();
    assert!(empty.rolls.is_empty() && empty.subscriptions.is_empty() && empty.mails.is_empty());
    assert_eq!(rows(&app, "roll_person").await, 200);
    assert_eq!(rows(&app, "subscriber").await, 2);
    let noted = format!("audit_event WHERE detail LIKE '%{}%'", done.reference);
    assert_eq!(
        rows(&app, &noted).await,
        3,
        "two exports and the erasure, under one reference"
    );
    assert_eq!(
        rows(&app, "audit_event WHERE detail LIKE '%reader@%'").await,
        0
    );
    if is_sqlite(&app) {
        for gone in [
            "reader@example.org",
            "Reader@Example.org",
            "Wyjątek",
            "9 Elsewhere",
        ] {
            assert!(!in_files(&app, gone), "{gone} is still in the file");
        }
        assert!(in_files(&app, "rollmail7@"), "the others are still there");
    }
});

on_both_backends!(a_member_of_staff_is_not_erased, async |backend| {
    let app = idle(backend).await;
    app.add_staff().await;
    let staff = crate::support::STAFF_EMAIL;
    let error = person::erase(&app.services, &operator(), staff)
        .await
        .unwrap_err();
    assert!(matches!(error, PersonError::Staff));
    assert!(error.to_string().contains("disable the account"));
    let export = person::export(&app.services, &operator(), staff)
        .await
        .unwrap();
    assert_eq!(export.staff_account.unwrap().role, "administrator");
    let error = person::export(&app.services, &operator(), "nobody")
        .await
        .unwrap_err();
    assert!(matches!(error, PersonError::NotAnAddress));
});

/// Rows of many lengths, some removed one by one and some at once, with others added between: no page
/// of the file keeps a remnant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_of_the_file_keeps_a_remnant() {
    let app = idle(Backend::Sqlite).await;
    let (key, _) = open_by_code(&app, 1).await;
    let all = roll_of(3_000);
    import_roll::import(&app.services, &operator(), &key, all.as_bytes(), false)
        .await
        .unwrap();
    for number in (0..3_000).step_by(17) {
        let email = format!("rollmail{number}@example.org");
        person::erase(&app.services, &operator(), &email)
            .await
            .unwrap();
        if number % 5 == 0 {
            let csv = format!(
                "name,address\nNewcomer{number},\"{}\"\n",
                "y".repeat(number % 80)
            );
            let taken =
                import_roll::import(&app.services, &operator(), &key, csv.as_bytes(), false).await;
            assert!(taken.is_ok() || number % 80 == 0);
        }
    }
    let left: Vec<usize> = (0..3_000)
        .step_by(17)
        .filter(|number| {
            in_files(&app, &format!("rollmail{number}@"))
                || in_files(&app, &format!("Rollperson{number} "))
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
