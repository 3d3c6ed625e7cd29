//! What could lose a voice, count one twice, or keep a wave from closing for ever.

use countmein::{
    domain::{
        envelope::{Arrival, EnvelopeOutcome},
        keying::{Pass, SheetsCounted, StateName},
        two_person::Reason,
        wave::DRAIN,
    },
    service::{
        close_wave, count_batch,
        import_responses::{self, Options},
        open_batch,
        receive_envelope::{self, Presented, Received},
        work_on_batch,
    },
    store,
};

use crate::support::{
    on_both, operator,
    paper::{accept, bag, codes, coordinator, key_pile, keyer, open_attitudes, random_id},
};

on_both!(
    a_reference_on_a_paper_is_never_the_sheet_of_a_batch,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let key = app.open("co-production-attitudes/now").await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let cat = coordinator(&app, "cat@x.org").await;
        let s = &app.services;
        let bag = bag(&app, &ann, &key, Arrival::InTime).await;
        let two = Presented::Plain(2);
        receive_envelope::receive(s, &ann, &key, bag, random_id(), two)
            .await
            .unwrap();
        let number = open_batch::open(s, &cat, &key, 2, 2).await.unwrap();
        let sheets = ["1234512", "5554555"];
        key_pile(&app, &ann, &key, number, Pass::First, &sheets).await;
        key_pile(&app, &ben, &key, number, Pass::Second, &sheets).await;
        let file = "channel,ref,s1\npostal,batch 1 sheet 1,agree\n";
        let options = Options {
            dry_run: false,
            skip_bad: false,
        };
        import_responses::import(s, &operator(), &key, file.as_bytes(), options)
            .await
            .unwrap();
        let counted = count_batch::count(s, &cat, &key, number).await.unwrap();
        assert_eq!(counted.responses, 2);
        close_wave::stop_collecting(s, &operator(), &key)
            .await
            .unwrap();
        app.advance(DRAIN + std::time::Duration::from_secs(1));
        close_wave::close(s, &operator(), &key).await.unwrap();
    }
);

on_both!(
    the_number_of_a_scan_is_good_for_one_envelope,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@x.org").await;
        let codes = codes(&app, &key, 3).await;
        accept(&app, &ann, &key, &codes[1..2]).await;
        let bag = bag(&app, &ann, &key, Arrival::InTime).await;
        let scan = random_id();
        let send = async |code: usize, is_second| {
            let presented = Presented::Code {
                typed: codes[code].to_string(),
                is_second,
            };
            receive_envelope::receive(&app.services, &ann, &key, bag, scan.clone(), presented)
                .await
                .unwrap()
        };
        let accepted = Received::Noted(EnvelopeOutcome::Accepted);
        assert_eq!(send(0, false).await, accepted);
        assert_eq!(send(0, false).await, accepted, "sent twice");
        // As from a page that somebody went back to.
        assert_eq!(send(1, false).await, Received::CameBefore);
        assert_eq!(
            send(1, true).await,
            Received::Noted(EnvelopeOutcome::SecondEnvelope)
        );
        assert_eq!(send(2, false).await, accepted);
        let tally = store::post::in_bag(&app.services.db, bag).await.unwrap();
        assert_eq!(tally[&EnvelopeOutcome::Accepted], 2);
        assert_eq!(tally[&EnvelopeOutcome::SecondEnvelope], 1);
    }
);

on_both!(
    envelopes_with_nothing_in_them_hold_up_no_wave,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let cat = coordinator(&app, "cat@x.org").await;
        let codes = codes(&app, &key, 3).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let number = open_batch::open(s, &ann, &key, 3, 0).await.unwrap();
        let reason = Reason::new("All three were empty").unwrap();
        work_on_batch::count_pile(s, &ben, &key, number, 0, reason)
            .await
            .unwrap();
        key_pile(&app, &ann, &key, number, Pass::First, &[]).await;
        let batch = key_pile(&app, &ben, &key, number, Pass::Second, &[]).await;
        assert_eq!(StateName::of(&batch.state), StateName::Reconciled);
        let counted = count_batch::count(s, &cat, &key, number).await.unwrap();
        assert_eq!(counted, SheetsCounted::default());
        close_wave::stop_collecting(s, &operator(), &key)
            .await
            .unwrap();
        app.advance(DRAIN + std::time::Duration::from_secs(1));
        close_wave::close(s, &operator(), &key).await.unwrap();
    }
);
