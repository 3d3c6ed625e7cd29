//! Voids, and the books that have to balance before a wave closes.

use std::time::Duration;

use countmein::{
    domain::{
        channel::Channel,
        id::Seq,
        two_person::{Reason, SensitiveAct},
        wave::DRAIN,
    },
    service::{
        ask_two_person,
        close_wave::{self, CloseError},
        lookup,
        report::{self, Reader},
        two_person::TwoPersonError,
        wave_overview,
    },
    store::{
        self,
        ledger::{NewVoid, append_void},
    },
};
use futures_util::FutureExt;

use super::samples::{open_attitudes, submit, submit_many};
use crate::support::{on_both, operator};

on_both!(
    a_voided_response_leaves_the_result_and_stays_in_the_ledger,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit_many(&app, &key, &["1111111"; 12]).await;
        let wave = lookup::find_now(&app.services, &key).await.unwrap().wave;
        let void = || SensitiveAct::Void {
            entry: Seq(3),
            reason: Reason::new("keyed from a sheet of another wave").unwrap(),
        };
        let [first, second] = app.two_people().await;
        // Past the service, and with two people who have not agreed on it.
        let alone = NewVoid {
            voided: Seq(3),
            reason: "nobody asked".to_owned(),
            requested_by: first.user.unwrap(),
            confirmed_by: second.user.unwrap(),
        };
        let (id, now) = (wave.id, app.services.now());
        let refused = store::write(&app.services.db, move |tx| {
            async move { append_void(tx, id, &alone, now).await }.boxed()
        })
        .await
        .unwrap_err();
        assert!(refused.to_string().contains("two people"), "{refused}");
        app.agree(&key, void()).await;
        let again = ask_two_person::ask(&app.services, &first, &key, void()).await;
        assert!(
            matches!(again, Err(TwoPersonError::VoidedAlready(Seq(3)))),
            "an entry is voided once"
        );
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 11);
        assert!(
            overview.conservation.balances(),
            "{}",
            overview.conservation
        );
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        app.advance(DRAIN + Duration::from_millis(1));
        close_wave::close(&app.services, &operator(), &key)
            .await
            .unwrap();
        let report = report::of_wave(&app.services, &key, Reader::Staff)
            .await
            .unwrap();
        let turnout = &report.report().turnout;
        assert_eq!((turnout.people, turnout.voided), (11, 1));
        assert_eq!(turnout.channels[0].channel, Channel::Online);
    }
);

on_both!(
    a_wave_whose_books_do_not_balance_stays_open,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit_many(&app, &key, &["1111111"; 12]).await;
        // A response that nobody was admitted for: somebody wrote into the database past the service.
        app.sql(
            "INSERT INTO response (wave_id, seq, public_id, channel, day, answers)
         SELECT wave_id, 13, '00000000000000000000', 'online', day, answers
         FROM response WHERE seq = 1",
        )
        .await
        .unwrap();
        app.sql("UPDATE ledger_head SET last_seq = 13 WHERE last_seq = 12")
            .await
            .unwrap();
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        app.advance(DRAIN + Duration::from_millis(1));
        let refused = close_wave::close(&app.services, &operator(), &key)
            .await
            .unwrap_err();
        let CloseError::BooksDoNotBalance { conservation, .. } = refused else {
            panic!("{refused}")
        };
        assert!(
            conservation
                .to_string()
                .contains("Submissions let in are 12"),
            "{conservation}"
        );
        let state = lookup::find_now(&app.services, &key)
            .await
            .unwrap()
            .wave
            .state;
        assert_eq!(state.name(), "open");
    }
);

on_both!(
    live_results_of_an_open_wave_hide_a_void_in_a_step,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit_many(&app, &key, &["1234512"; 20]).await;
        let people = async || {
            let report = report::of_wave(&app.services, &key, Reader::Public).await;
            report.unwrap().report().turnout.people
        };
        assert_eq!(people().await, 10);
        let void = SensitiveAct::Void {
            entry: Seq(1),
            reason: Reason::new("counted twice").unwrap(),
        };
        app.agree(&key, void).await;
        assert_eq!(
            people().await,
            10,
            "one person less would be one person shown"
        );
        for _ in 0..20 {
            submit(&app, &key, "1234512").await;
        }
        assert!(people().await >= 20);
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 39);
        assert!(overview.conservation.balances());
    }
);
