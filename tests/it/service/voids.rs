//! Voids, and the books that have to balance before a wave closes.

use std::time::Duration;

use countmein::{
    domain::{
        channel::Channel,
        id::{Seq, UserId},
        wave::DRAIN,
    },
    service::{
        close_wave::{self, CloseError},
        lookup,
        report::{self, Reader},
        wave_overview,
    },
    store::{
        self,
        ledger::{NewVoid, append_void},
    },
};
use futures_util::FutureExt;

use super::samples::{open_attitudes, submit_many};
use crate::support::{on_both, operator};

on_both!(
    a_voided_response_leaves_the_result_and_stays_in_the_ledger,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit_many(&app, &key, &["1111111"; 12]).await;
        let wave = lookup::find_now(&app.services, &key).await.unwrap().wave;
        app.sql(
            "INSERT INTO staff_user (email, password_hash, role, created_at, password_changed_at, totp_step)
         VALUES ('a@example.org', '', 'administrator', 1, 1, 0),
                ('b@example.org', '', 'administrator', 1, 1, 0)",
        )
        .await
        .unwrap();
        let void = |voided| NewVoid {
            voided: Seq(voided),
            reason: "keyed from a sheet of another wave".to_owned(),
            requested_by: UserId(1),
            confirmed_by: UserId(2),
        };
        let now = app.services.now();
        let (id, first, again) = (wave.id, void(3), void(3));
        let append = async |void: NewVoid| {
            store::write(&app.services.db, move |tx| {
                async move { append_void(tx, id, &void, now).await }.boxed()
            })
            .await
        };
        append(first).await.unwrap();
        assert!(append(again).await.is_err(), "an entry is voided once");
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
