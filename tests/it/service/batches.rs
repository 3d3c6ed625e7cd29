//! Group commit: what is counted does not depend on how many are written at a time.

use std::{num::NonZeroUsize, sync::Arc};

use countmein::{
    domain::{channel::Channel, receipt::VisitToken},
    service::{appender::Appender, lookup},
    store::{
        ledger::{Appended, Arrival, NewResponse},
        ledger_read,
    },
};
use futures_util::future::join_all;

use crate::support::on_both;

on_both!(
    batches_of_any_size_count_each_response_once,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let key = app.open("co-production-attitudes/now").await;
        let services = &app.services;
        let wave = lookup::find_now(services, &key).await.unwrap().wave.id;
        let mut rng = services.randomness.generator();
        for (round, most) in [1, 3, 256].into_iter().enumerate() {
            let (appender, ended) = Appender::start_with_batches_of(
                NonZeroUsize::new(most).unwrap(),
                services.db.clone(),
                Arc::clone(&services.clock),
                Arc::clone(&services.randomness),
            );
            let tokens: Vec<VisitToken> = (0..10).map(|_| VisitToken::random(&mut rng)).collect();
            // Every response twice, as after a second press of the button.
            let sent = tokens.iter().chain(&tokens).map(|token| {
                appender.append(NewResponse {
                    wave,
                    channel: Channel::Online,
                    admission: token.admission_key(),
                    entitlement: None,
                    receipt: token.receipt(),
                    answers: "2222242".to_owned(),
                    arrival: Arrival::EnteredByStaff,
                })
            });
            let outcomes: Vec<Appended> = join_all(sent).await.into_iter().flatten().collect();
            assert_eq!(outcomes[..10], [Appended::Counted; 10]);
            assert_eq!(outcomes[10..], [Appended::AlreadyAdmitted; 10]);
            let head = ledger_read::head(&services.db, wave).await.unwrap();
            assert_eq!(head.0, 10 * (i64::try_from(round).unwrap() + 1));
            drop(appender);
            ended.await.unwrap();
        }
    }
);
