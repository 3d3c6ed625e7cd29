//! Appending under contention, and what the ledger tells about order.

use std::sync::Arc;

use countmein::{
    domain::receipt::VisitToken,
    service::{
        submit::{self, SubmitError, Submitted},
        wave_overview,
    },
    store::entity::{admission, response},
};
use sea_orm::{EntityTrait, QueryOrder};

use crate::{
    service::samples::{open_attitudes, open_by_code, submission, token},
    support::on_both,
};

on_both!(
    one_visit_is_counted_once_however_often_and_fast_it_is_sent,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let token = token();
        let sends = (0..64).map(|_| {
            let (services, key, token) = (Arc::clone(&app.services), key.clone(), token.clone());
            tokio::spawn(async move {
                submit::submit(
                    &services,
                    submission(&services, &key, token, None, "2222222"),
                )
                .await
            })
        });
        let mut counted = 0;
        for send in sends.collect::<Vec<_>>() {
            match send.await.unwrap().unwrap() {
                Submitted::Counted(receipt) => {
                    counted += 1;
                    assert_eq!(receipt, token.receipt());
                }
                Submitted::CountedBefore { receipt, as_sent } => {
                    assert_eq!((receipt, as_sent), (token.receipt(), true));
                }
            }
        }
        assert_eq!(counted, 1);
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 1);
        assert!(
            overview.conservation.balances(),
            "{}",
            overview.conservation
        );
    }
);

on_both!(
    one_code_is_counted_once_from_many_browsers,
    async |app: TestApp| {
        let (key, codes) = open_by_code(&app, 1).await;
        let sends = (0..32).map(|_| {
            let (services, key, code) = (Arc::clone(&app.services), key.clone(), codes[0].clone());
            tokio::spawn(async move {
                let sent = submission(&services, &key, token(), Some(code), "100000000000");
                submit::submit(&services, sent).await
            })
        });
        let (mut counted, mut refused) = (0, 0);
        for send in sends.collect::<Vec<_>>() {
            match send.await.unwrap() {
                Ok(Submitted::Counted(_)) => counted += 1,
                Err(SubmitError::CodeAlreadyCounted) => refused += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((counted, refused), (1, 31));
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 1);
        assert_eq!(overview.refused.len(), 1);
        assert_eq!(overview.refused[0].attempts, 31);
        assert!(
            overview.conservation.balances(),
            "{}",
            overview.conservation
        );
    }
);

on_both!(
    places_have_no_gaps_and_rows_no_order_of_arrival,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        // All at once, so that they share batches.
        let tokens: Vec<VisitToken> = (0..200).map(|_| token()).collect();
        let sends: Vec<_> = tokens
            .iter()
            .map(|token| submission(&app.services, &key, token.clone(), None, "1234512"))
            .map(|sent| {
                let services = Arc::clone(&app.services);
                tokio::spawn(async move { submit::submit(&services, sent).await.unwrap() })
            })
            .collect();
        for send in sends {
            send.await.unwrap();
        }
        let db = &app.services.db;
        let rows = response::Entity::find()
            .order_by_asc(response::Column::Seq)
            .all(db)
            .await
            .unwrap();
        let places: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        assert_eq!(places, (1..=200).collect::<Vec<i64>>());
        assert!(rows.iter().all(|row| row.day == "2026-03-02"));
        let arrived: Vec<String> = tokens
            .iter()
            .map(|token| token.receipt().as_str().to_owned())
            .collect();
        let stored: Vec<String> = rows.iter().map(|row| row.public_id.clone()).collect();
        assert_ne!(stored, arrived, "the batch was not shuffled");
        // Nothing in the admissions names a response.
        let admitted = admission::Entity::find().all(db).await.unwrap();
        assert_eq!(admitted.len(), 200);
        assert!(
            admitted
                .iter()
                .all(|row| !stored.contains(&row.admission_key))
        );
    }
);

on_both!(
    the_books_balance_at_every_look_while_answers_come_in,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let services = Arc::clone(&app.services);
        let wave = key.clone();
        let sends = tokio::spawn(async move {
            for _ in 0..300 {
                let sent = submission(&services, &wave, token(), None, "2222222");
                submit::submit(&services, sent).await.unwrap();
            }
        });
        while !sends.is_finished() {
            let seen = wave_overview::overview(&app.services, &key).await.unwrap();
            assert!(seen.conservation.balances(), "{}", seen.conservation);
        }
        sends.await.unwrap();
    }
);
