//! Paper and everything else at the same moment: one code, one pile, one batch, wanted by many at once.

use countmein::{
    domain::{
        envelope::{Arrival, EnvelopeOutcome},
        keying::{KeyingError, Pass},
    },
    service::{
        change_batch::PaperError,
        count_batch,
        key_sheet::{self, Kept},
        open_batch,
        receive_envelope::{self, Presented, Received},
        submit::{self, Submitted},
        wave_overview, work_on_batch,
    },
    store::{self, entity::response},
};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::samples::{submission, token};
use crate::support::{
    on_both,
    paper::{bag, codes, coordinator, key_pile, keyer, open_attitudes, random_id, typed},
};

const CODES: usize = 40;

on_both!(
    a_code_counts_by_envelope_or_online_and_never_both,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@x.org").await;
        let open = bag(&app, &ann, &key, Arrival::InTime).await;
        let made = codes(&app, &key, CODES).await;
        let mut by_envelope = 0;
        for code in &made {
            let envelopes = (0..6).map(|_| {
                let presented = Presented::Code {
                    typed: code.to_string(),
                    is_second: false,
                };
                receive_envelope::receive(&app.services, &ann, &key, open, random_id(), presented)
            });
            let online = (0..6).map(|_| {
                let sent = submission(&app.services, &key, token(), Some(code.clone()), "1111111");
                submit::submit(&app.services, sent)
            });
            let (envelopes, online) = tokio::join!(join_all(envelopes), join_all(online));
            let accepted = envelopes
                .into_iter()
                .map(Result::unwrap)
                .filter(|received| *received == Received::Noted(EnvelopeOutcome::Accepted))
                .count();
            let counted = online
                .into_iter()
                .filter(|outcome| matches!(outcome, Ok(Submitted::Counted(_))))
                .count();
            assert_eq!(accepted + counted, 1, "each code counts once");
            by_envelope += accepted;
        }
        let responses = response::Entity::find().count(&app.services.db).await;
        assert_eq!(
            responses.unwrap(),
            u64::try_from(CODES - by_envelope).unwrap()
        );
        let books = wave_overview::overview(&app.services, &key).await.unwrap();
        assert!(books.conservation.balances(), "{}", books.conservation);
    }
);

on_both!(
    one_pile_is_taken_keyed_and_counted_once_however_many_want_it,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let mut people = Vec::new();
        for place in 0..6 {
            people.push(coordinator(&app, &format!("p{place}@x.org")).await);
        }
        let made = codes(&app, &key, 5).await;
        crate::support::paper::accept(&app, &people[0], &key, &made).await;
        let s = &app.services;
        // Of batches that need all envelopes there is one.
        let opened = join_all(
            people
                .iter()
                .map(|who| open_batch::open(s, who, &key, 5, 5)),
        )
        .await;
        assert_eq!(opened.iter().filter(|opened| opened.is_ok()).count(), 1);

        let taken = join_all(
            people
                .iter()
                .map(|who| work_on_batch::claim(s, who, &key, 1)),
        )
        .await;
        let takers: Vec<usize> = (0..6).filter(|place| taken[*place].is_ok()).collect();
        assert_eq!(takers.len(), 1);
        for (place, other) in taken.into_iter().enumerate() {
            assert!(
                place == takers[0]
                    || matches!(
                        other,
                        Err(PaperError::Keying(KeyingError::ClaimedByOther { .. }))
                    )
            );
        }
        // Two tabs of one keyer send different marks for one sheet: one is kept, the others are told.
        let keyer = &people[takers[0]];
        let sends = ["1111111", "2222222", "3333333", "4444444"]
            .map(|marks| key_sheet::key(s, keyer, &key, 1, typed(Pass::First, 1, marks)));
        let kept = join_all(sends).await;
        let first = kept
            .iter()
            .filter(|kept| matches!(kept, Ok(Kept::As { revision: 1 })));
        assert_eq!(first.count(), 1);
        assert!(kept.iter().all(|kept| matches!(
            kept,
            Ok(Kept::As { revision: 1 } | Kept::Stale { revision: 1, .. })
        )));
        let reason = countmein::domain::two_person::Reason::new("two tabs").unwrap();
        work_on_batch::restart(s, keyer, &key, 1, reason)
            .await
            .unwrap();
        let sheets = ["1111111", "2222222", "3333333", "4444444", "5555555"];
        key_pile(&app, &people[0], &key, 1, Pass::First, &sheets).await;
        key_pile(&app, &people[1], &key, 1, Pass::Second, &sheets).await;
        let counts = join_all(people.iter().map(|who| count_batch::count(s, who, &key, 1))).await;
        assert_eq!(counts.iter().filter(|counted| counted.is_ok()).count(), 1);
        let responses = response::Entity::find().count(&s.db).await.unwrap();
        assert_eq!(responses, 5);
        let wave = store::wave::find(&s.db, &key).await.unwrap().unwrap();
        let rows = store::keying_work::rows(&s.db, wave.id).await.unwrap();
        assert_eq!((rows.counted.responses, rows.unopened()), (5, 0));
    }
);
