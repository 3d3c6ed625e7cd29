//! Paper from the mail bag to the ledger, through the use cases.

use countmein::{
    domain::{
        audit::Actor,
        envelope::{Arrival, EnvelopeOutcome},
        key::WaveKey,
        keying::{BatchState, KeyingError, Pass, StateName},
        two_person::Reason,
        wave::DRAIN,
    },
    service::{
        change_batch::PaperError,
        close_wave::{self, CloseError},
        count_batch,
        key_sheet::Kept,
        open_batch,
        receive_envelope::{self, Presented, Received},
        submit::{self, Submitted},
        wave_overview, work_on_batch,
    },
    store::{self, entity::response},
};
use sea_orm::EntityTrait;

use super::samples::{submission, token};
use crate::support::{
    TestApp, on_both,
    paper::{
        accept, bag, codes, coordinator, key_one, key_pile, keyer, open_attitudes, random_id, scan,
        typed,
    },
};

fn reason(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

async fn answers(app: &TestApp) -> Vec<String> {
    let rows = response::Entity::find()
        .all(&app.services.db)
        .await
        .unwrap();
    let mut answers: Vec<String> = rows.into_iter().map(|row| row.answers).collect();
    answers.sort();
    answers
}

const FIRST: [&str; 5] = ["1234512", "55555-5", "=blank", "=spoilt", "1?*1111"];
const SECOND: [&str; 5] = ["1234512", "55545-5", "-------", "=spoilt", "1?*1111"];

on_both!(
    a_batch_goes_from_envelopes_to_the_ledger,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let cat = coordinator(&app, "cat@x.org").await;
        let codes = codes(&app, &key, 6).await;
        accept(&app, &ann, &key, &codes[..5]).await;
        let s = &app.services;

        let number = open_batch::open(s, &cat, &key, 5, 5).await.unwrap();
        let batch = key_pile(&app, &ann, &key, number, Pass::First, &FIRST).await;
        assert_eq!(StateName::of(&batch.state), StateName::SecondKeying);
        let refused = work_on_batch::claim(s, &ann, &key, number).await;
        assert!(matches!(
            refused,
            Err(PaperError::Keying(KeyingError::KeyedByYou))
        ));
        let batch = key_pile(&app, &ben, &key, number, Pass::Second, &SECOND).await;
        assert_eq!(StateName::of(&batch.state), StateName::Resolving);
        assert_eq!(batch.state.papers().undecided(), [2]);
        assert!(batch.state.papers().conservation().holds());
        decide(&app, &cat, &key, number).await;

        let counted = count_batch::count(s, &cat, &key, number).await.unwrap();
        assert_eq!(
            (counted.responses, counted.blank, counted.spoilt),
            (3, 1, 1)
        );
        assert_eq!(answers(&app).await, ["1--1111", "1234512", "55545-5"]);
        let again = count_batch::count(s, &cat, &key, number).await;
        assert!(matches!(
            again,
            Err(PaperError::Keying(KeyingError::WrongState(
                StateName::Counted
            )))
        ));
        let overview = wave_overview::overview(s, &key).await.unwrap();
        assert!(
            overview.conservation.balances(),
            "{}",
            overview.conservation
        );
        assert_eq!(overview.people, 3);
    }
);

/// The second sheet as the second keyer had it; what both had alike stays.
async fn decide(app: &TestApp, who: &Actor, key: &WaveKey, number: u32) {
    let s = &app.services;
    work_on_batch::claim(s, who, key, number).await.unwrap();
    let touched = typed(Pass::Decision, 2, "15545-5");
    let agreed = key_one(app, who, key, number, touched).await;
    assert!(matches!(
        agreed,
        Err(PaperError::Keying(KeyingError::Agreed {
            sheet: 2,
            place: 1
        }))
    ));
    let right = typed(Pass::Decision, 2, SECOND[1]);
    key_one(app, who, key, number, right).await.unwrap();
    let batch = work_on_batch::finish_pass(s, who, key, number, Pass::Decision, 5)
        .await
        .unwrap();
    assert_eq!(StateName::of(&batch.state), StateName::Reconciled);
}

on_both!(
    an_envelope_is_refused_with_its_reason,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@x.org").await;
        let made = codes(&app, &key, 4).await;
        let s = &app.services;
        let sent = submission(s, &key, token(), Some(made[0].clone()), "1111111");
        let online = submit::submit(s, sent).await.unwrap();
        assert!(matches!(online, Submitted::Counted(_)));
        let open = bag(&app, &ann, &key, Arrival::InTime).await;
        let late = bag(&app, &ann, &key, Arrival::Late).await;
        let noted = |outcome| Received::Noted(outcome);

        let first = scan(&app, &ann, &key, open, &made[0]).await;
        assert_eq!(first, noted(EnvelopeOutcome::AlreadyOnline));
        let accepted = scan(&app, &ann, &key, open, &made[1]).await;
        assert_eq!(accepted, noted(EnvelopeOutcome::Accepted));
        let again = scan(&app, &ann, &key, open, &made[1]).await;
        assert_eq!(again, Received::CameBefore);
        let second = Presented::Code {
            typed: made[1].to_string().to_lowercase(),
            is_second: true,
        };
        let scan_id = random_id();
        for _ in 0..2 {
            let got =
                receive_envelope::receive(s, &ann, &key, open, scan_id.clone(), second.clone())
                    .await
                    .unwrap();
            assert_eq!(got, noted(EnvelopeOutcome::SecondEnvelope));
        }
        let too_late = scan(&app, &ann, &key, late, &made[2]).await;
        assert_eq!(too_late, noted(EnvelopeOutcome::Late));
        let stranger = "0000-0000-0000-0000".parse().unwrap();
        let unknown = scan(&app, &ann, &key, open, &stranger).await;
        assert_eq!(unknown, noted(EnvelopeOutcome::Unknown));

        let wave = store::wave::find(&s.db, &key).await.unwrap().unwrap();
        let tally = store::post::envelopes(&s.db, wave.id).await.unwrap();
        let total: u64 = tally.values().sum();
        assert_eq!((total, tally[&EnvelopeOutcome::Accepted]), (5, 1));
        // The late one may still answer online.
        let sent = submission(s, &key, token(), Some(made[2].clone()), "1111111");
        let online = submit::submit(s, sent).await.unwrap();
        assert!(matches!(online, Submitted::Counted(_)));
    }
);

on_both!(
    a_pile_that_does_not_agree_is_counted_again_by_somebody_else,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let cat = coordinator(&app, "cat@x.org").await;
        let codes = codes(&app, &key, 4).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let number = open_batch::open(s, &cat, &key, 4, 3).await.unwrap();
        let refused = work_on_batch::claim(s, &ann, &key, number).await;
        assert!(matches!(
            refused,
            Err(PaperError::Keying(KeyingError::WrongState(
                StateName::Counting
            )))
        ));
        let why = || reason("one envelope was empty");
        let same = work_on_batch::count_pile(s, &cat, &key, number, 3, why()).await;
        assert!(matches!(
            same,
            Err(PaperError::Keying(KeyingError::SameCounter))
        ));
        let batch = work_on_batch::count_pile(s, &ben, &key, number, 3, why())
            .await
            .unwrap();
        assert_eq!(StateName::of(&batch.state), StateName::FirstKeying);
        // One sheet fewer than were counted.
        let batch = key_pile(
            &app,
            &ann,
            &key,
            number,
            Pass::First,
            &["1111111", "2222222"],
        )
        .await;
        assert_eq!(StateName::of(&batch.state), StateName::Counting);
        let batch =
            work_on_batch::count_pile(s, &cat, &key, number, 3, reason("two stuck together"))
                .await
                .unwrap();
        let BatchState::Counting(_) = batch.state else {
            // The last count was Ben's, of three: two people agree, and one sheet is left to key.
            assert_eq!(StateName::of(&batch.state), StateName::FirstKeying);
            assert_eq!(batch.state.papers().keyed_in(Pass::First), 2);
            let closing = close_wave::stop_collecting(s, &cat, &key).await;
            closing.unwrap();
            app.advance(DRAIN + std::time::Duration::from_secs(1));
            let closed = close_wave::close(s, &cat, &key).await;
            assert!(matches!(
                closed,
                Err(CloseError::PaperWaits { at_work: 4, .. })
            ));
            let forced =
                app.sql("UPDATE wave SET state = 'closed', closed_at = 1 WHERE state = 'open'");
            assert!(forced.await.is_err());
            return;
        };
        panic!("two people agree on three sheets");
    }
);

on_both!(
    a_save_that_is_sent_twice_is_kept_once_and_a_stale_one_is_refused,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@x.org").await;
        let codes = codes(&app, &key, 2).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let number = open_batch::open(s, &ann, &key, 2, 2).await.unwrap();
        work_on_batch::claim(s, &ann, &key, number).await.unwrap();
        let save = typed(Pass::First, 1, "1111111");
        for _ in 0..3 {
            let kept = key_one(&app, &ann, &key, number, save.clone()).await;
            assert_eq!(kept.unwrap(), Kept::As { revision: 1 });
        }
        let stale = key_one(&app, &ann, &key, number, typed(Pass::First, 1, "2222222")).await;
        let Kept::Stale { revision, content } = stale.unwrap() else {
            panic!("another version had been kept");
        };
        assert_eq!((revision, content.to_string().as_str()), (1, "1111111"));
        let mut correction = typed(Pass::First, 1, "2222222");
        correction.seen = 1;
        let kept = key_one(&app, &ann, &key, number, correction).await;
        assert_eq!(kept.unwrap(), Kept::As { revision: 2 });
    }
);
