//! Opening and closing times to the millisecond, and what closing a wave does.

use std::time::Duration;

use countmein::{
    domain::{
        moment::Moment,
        wave::{DRAIN, NotAccepting, TransitionError, WaveState},
    },
    service::{
        close_wave::{self, CloseError},
        lookup,
        report::{self, Reader, ReportError},
        submit::{self, SubmitError, Submitted},
        subscribe, wave_overview,
    },
    store::outbox,
};
use sea_orm::DbBackend;
use time::macros::datetime;

use super::samples::{open_attitudes, submission, submit, submit_many, token};
use crate::support::{on_both, operator};

on_both!(
    a_response_counts_up_to_the_closing_millisecond_and_not_after,
    async |app: TestApp| {
        let text = crate::support::repository_file("surveys/co-production-attitudes.toml").replace(
            "closes = 2036-12-31T23:59:59.999+00:00",
            "closes = 2026-03-02T12:00:00.500+00:00",
        );
        app.load_text(&text).await;
        let key = app.open("co-production-attitudes/now").await;
        let closes: Moment = datetime!(2026-03-02 12:00:00.500 UTC).into();
        assert_eq!(
            lookup::find_now(&app.services, &key)
                .await
                .unwrap()
                .wave
                .spec
                .closes,
            closes
        );
        // Both reach the ledger after the closing time; what decides is when the server had them.
        app.set_clock(closes + Duration::from_secs(1));
        let mut at = submission(&app.services, &key, token(), None, "2222222");
        at.received = closes;
        let mut after = submission(&app.services, &key, token(), None, "2222222");
        after.received = closes + Duration::from_millis(1);
        assert!(matches!(
            submit::submit(&app.services, at).await,
            Ok(Submitted::Counted(_))
        ));
        assert!(matches!(
            submit::submit(&app.services, after).await,
            Err(SubmitError::NotAccepting(NotAccepting::Closed { closed })) if closed == closes
        ));
        let mut early = submission(&app.services, &key, token(), None, "2222222");
        early.received = datetime!(2025-12-31 23:59:59.999 UTC).into();
        assert!(matches!(
            submit::submit(&app.services, early).await,
            Err(SubmitError::NotAccepting(NotAccepting::NotYetOpen { .. }))
        ));
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 1);
        assert_eq!(overview.refused[0].attempts, 1);
    }
);

on_both!(
    closing_waits_for_the_last_answers_and_queues_one_mail_each,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        subscribe::subscribe(&app.services, &operator(), &key, "Second@Example.org")
            .await
            .unwrap();
        subscribe::subscribe(&app.services, &operator(), &key, "second@example.org ")
            .await
            .unwrap();
        submit_many(&app, &key, &["2222222"; 12]).await;
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        assert!(matches!(
            close_wave::close(&app.services, &operator(), &key).await,
            Err(CloseError::Transition(TransitionError::StillCollecting(_)))
        ));
        // Received just before the wave was stopped, and on its way since.
        let on_its_way = submission(&app.services, &key, token(), None, "1111111");
        app.advance(Duration::from_secs(1));
        let late = submission(&app.services, &key, token(), None, "1111111");
        assert!(submit::submit(&app.services, on_its_way).await.is_ok());
        assert!(matches!(
            submit::submit(&app.services, late).await,
            Err(SubmitError::NotAccepting(NotAccepting::Closed { .. }))
        ));
        app.advance(DRAIN);
        close_wave::close(&app.services, &operator(), &key)
            .await
            .unwrap();
        assert!(matches!(
            close_wave::close(&app.services, &operator(), &key).await,
            Err(CloseError::Transition(TransitionError::Close("closed")))
        ));
        let mails = outbox::of_wave(&app.services.db, mail_wave(&app).await)
            .await
            .unwrap();
        let addresses: Vec<&str> = mails.iter().map(|mail| mail.email.as_str()).collect();
        assert_eq!(
            addresses,
            ["commissioner@example.org", "second@example.org"]
        );
        let report = report::of_wave(&app.services, &key, Reader::Staff)
            .await
            .unwrap();
        assert_eq!(report.report().turnout.people, 13);
    }
);

async fn mail_wave(app: &crate::support::TestApp) -> countmein::domain::id::WaveId {
    let key = "co-production-attitudes/now".parse().unwrap();
    lookup::find_now(&app.services, &key).await.unwrap().wave.id
}

on_both!(
    only_a_wave_without_paper_closes_by_itself,
    async |app: TestApp| {
        let text = crate::support::repository_file("surveys/co-production-attitudes.toml").replace(
            "closes = 2036-12-31T23:59:59.999+00:00",
            "closes = 2026-03-02T13:00:00+00:00",
        );
        app.load_text(&text).await;
        let key = app.open("co-production-attitudes/now").await;
        app.advance(Duration::from_hours(2));
        close_wave::close_due(&app.services).await.unwrap();
        let state = async || {
            lookup::find_now(&app.services, &key)
                .await
                .unwrap()
                .wave
                .state
        };
        assert!(
            matches!(state().await, WaveState::Open(_)),
            "paper may still be being entered"
        );
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        app.advance(DRAIN + Duration::from_millis(1));
        close_wave::close_due(&app.services).await.unwrap();
        assert!(matches!(state().await, WaveState::Closed(_)));
    }
);

on_both!(
    results_are_public_once_published_or_live,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let april = app.open("co-production-attitudes/april").await;
        let read = async |key, reader| report::of_wave(&app.services, key, reader).await;
        assert!(matches!(
            read(&april, Reader::Public).await,
            Err(ReportError::NotPublished(_))
        ));
        assert!(read(&april, Reader::Staff).await.is_ok());
        close_wave::stop_collecting(&app.services, &operator(), &april)
            .await
            .unwrap();
        close_wave::close(&app.services, &operator(), &april)
            .await
            .unwrap();
        assert!(matches!(
            read(&april, Reader::Public).await,
            Err(ReportError::NotPublished(_))
        ));
        app.publish(&april).await;
        assert!(read(&april, Reader::Public).await.is_ok());
        let now = app.open("co-production-attitudes/now").await;
        assert!(read(&now, Reader::Public).await.is_ok());
    }
);

on_both!(
    /// Two looks at live results never differ by one person, nor do the last and the final ones.
    live_results_move_in_steps, async |app: TestApp| {
    let key = open_attitudes(&app).await;
    let people = async || {
        let report = report::of_wave(&app.services, &key, Reader::Public)
            .await
            .unwrap();
        report.report().turnout.people
    };
    let mut seen = Vec::new();
    for _ in 0..35 {
        submit(&app, &key, "1234512").await;
        seen.push(people().await);
    }
    seen.dedup();
    assert_eq!(seen, [0, 10, 20]);
    close_wave::stop_collecting(&app.services, &operator(), &key)
        .await
        .unwrap();
    app.advance(DRAIN + Duration::from_millis(1));
    close_wave::close(&app.services, &operator(), &key).await.unwrap();
    assert_eq!(people().await, 35);
});

on_both!(
    a_closing_that_fails_shows_nothing_early,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit_many(&app, &key, &["2222222"; 25]).await;
        let live = async || {
            let report = report::of_wave(&app.services, &key, Reader::Public).await;
            report.unwrap().report().turnout.people
        };
        assert_eq!(live().await, 10);
        let refuse = match app.services.db.get_database_backend() {
            DbBackend::Sqlite => "BEGIN SELECT RAISE(ABORT, 'no room'); END",
            _ => "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        };
        let trigger = format!("CREATE TRIGGER no_room BEFORE INSERT ON report_snapshot {refuse}");
        app.sql(&trigger).await.unwrap();
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        app.advance(DRAIN + Duration::from_millis(1));
        assert!(
            close_wave::close(&app.services, &operator(), &key)
                .await
                .is_err()
        );
        assert_eq!(live().await, 10);
    }
);
