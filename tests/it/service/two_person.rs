//! Acts that need two people: what each does, and that one person cannot do it twice over.

use std::{sync::Arc, time::Duration};

use countmein::{
    domain::{
        audit::Actor,
        channel::Channel,
        count_sheet::CountSheet,
        id::{RequestId, Seq},
        key::WaveKey,
        moment::Moment,
        role::Role,
        two_person::{DecisionError, NotPossible, Reason, SensitiveAct},
        wave::{DRAIN, WaveState},
    },
    jobs::outbox,
    service::{
        ask_two_person, close_wave, confirm_two_person, drop_two_person, import_counts, lookup,
        report::{self, Reader},
        submit::{self, SubmitError, Submitted},
        subscribe,
        two_person::TwoPersonError,
        wave_overview,
    },
    store,
};

use super::samples::{open_attitudes, open_by_code, submission, submit_many, token};
use crate::support::{TestApp, on_both, on_both_backends, operator, repository_file};

fn why() -> Reason {
    Reason::new("the hall was locked").unwrap()
}

async fn wave(app: &TestApp, key: &WaveKey) -> countmein::domain::wave::Wave {
    lookup::find_now(&app.services, key).await.unwrap().wave
}

async fn ask(
    app: &TestApp,
    by: &Actor,
    key: &WaveKey,
    act: SensitiveAct,
) -> Result<RequestId, TwoPersonError> {
    ask_two_person::ask(&app.services, by, key, act).await
}

async fn close(app: &TestApp, key: &WaveKey) {
    close_wave::stop_collecting(&app.services, &operator(), key)
        .await
        .unwrap();
    app.advance(DRAIN + Duration::from_millis(1));
    close_wave::close(&app.services, &operator(), key)
        .await
        .unwrap();
}

async fn assert_balanced(app: &TestApp, key: &WaveKey, people: u64) {
    let overview = wave_overview::overview(&app.services, key).await.unwrap();
    assert_eq!(overview.people, people);
    let books = overview.conservation;
    assert!(books.balances(), "{books}");
}

/// Who did what, in the order of the chain: `act by`.
async fn recorded(app: &TestApp) -> Vec<String> {
    let events = store::audit::events_after(&app.services.db, 0, 1_000)
        .await
        .unwrap();
    events
        .into_iter()
        .map(|event| format!("{} by {}", event.link.act, event.link.who))
        .collect()
}

/// A wave of which the public sees nothing until it is published.
async fn open_unpublished(app: &TestApp) -> WaveKey {
    let text = repository_file("surveys/co-production-attitudes.toml")
        .replace("results = \"live\"", "results = \"published\"");
    app.load_text(&text).await;
    app.open("co-production-attitudes/now").await
}

on_both!(one_person_is_never_enough, async |app: TestApp| {
    let key = open_attitudes(&app).await;
    close(&app, &key).await;
    let [first, second] = app.two_people().await;
    let nobody = ask(&app, &operator(), &key, SensitiveAct::Publish).await;
    assert!(matches!(nobody, Err(TwoPersonError::NobodyNamed)));
    let id = app.add_user("keyer@example.org", Role::Keyer).await;
    let keyer = Actor::staff(id, "keyer@example.org", Role::Keyer, "");
    let may_not = ask(&app, &keyer, &key, SensitiveAct::Publish).await;
    assert!(matches!(
        may_not,
        Err(TwoPersonError::Decision(DecisionError::MayNot))
    ));
    let request = ask(&app, &first, &key, SensitiveAct::Publish)
        .await
        .unwrap();
    let confirm = async |by: &Actor| confirm_two_person::confirm(&app.services, by, request).await;
    for (by, expected) in [
        (&first, DecisionError::SamePerson),
        (&keyer, DecisionError::MayNot),
    ] {
        let Err(TwoPersonError::Decision(refusal)) = confirm(by).await else {
            panic!("{} confirmed", by.who)
        };
        assert_eq!(refusal, expected);
    }
    assert!(matches!(
        confirm(&operator()).await,
        Err(TwoPersonError::NobodyNamed)
    ));
    let again = ask(&app, &second, &key, SensitiveAct::Publish).await;
    assert!(matches!(again, Err(TwoPersonError::AskedAlready)));
    assert!(matches!(wave(&app, &key).await.state, WaveState::Closed(_)));
    confirm(&second).await.unwrap();
    assert!(matches!(
        wave(&app, &key).await.state,
        WaveState::Published(_)
    ));
    assert!(matches!(
        confirm(&second).await,
        Err(TwoPersonError::Decision(DecisionError::Decided(
            "confirmed"
        )))
    ));
    let chain = recorded(&app).await;
    assert_eq!(
        chain[chain.len() - 3..],
        [
            "sensitive-asked by first@example.org",
            "sensitive-confirmed by second@example.org",
            "wave-published by second@example.org",
        ]
    );
});

on_both!(
    what_somebody_asked_for_who_has_left_is_not_done,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        close(&app, &key).await;
        let [first, second] = app.two_people().await;
        let request = ask(&app, &first, &key, SensitiveAct::Publish)
            .await
            .unwrap();
        let confirm =
            async |by: &Actor| confirm_two_person::confirm(&app.services, by, request).await;
        let disabled = "UPDATE staff_user SET disabled_at = 1 WHERE email = 'first@example.org'";
        app.sql(disabled).await.unwrap();
        assert!(matches!(
            confirm(&second).await,
            Err(TwoPersonError::Decision(DecisionError::AskerMayNot))
        ));
        app.sql("UPDATE staff_user SET disabled_at = NULL")
            .await
            .unwrap();
        confirm(&second).await.unwrap();
    }
);

on_both!(
    what_is_declined_or_withdrawn_is_not_done,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        close(&app, &key).await;
        let [first, second] = app.two_people().await;
        let request = ask(&app, &first, &key, SensitiveAct::Publish)
            .await
            .unwrap();
        let decline = async |by: &Actor, id| drop_two_person::decline(&app.services, by, id).await;
        let withdraw =
            async |by: &Actor, id| drop_two_person::withdraw(&app.services, by, id).await;
        assert!(decline(&first, request).await.is_err(), "it is their own");
        assert!(
            withdraw(&second, request).await.is_err(),
            "it is not theirs"
        );
        decline(&second, request).await.unwrap();
        let confirmed = confirm_two_person::confirm(&app.services, &second, request).await;
        assert!(matches!(
            confirmed,
            Err(TwoPersonError::Decision(DecisionError::Decided("declined")))
        ));
        let request = ask(&app, &first, &key, SensitiveAct::Publish)
            .await
            .unwrap();
        withdraw(&first, request).await.unwrap();
        let confirmed = confirm_two_person::confirm(&app.services, &second, request).await;
        assert!(confirmed.is_err());
        let unknown = confirm_two_person::confirm(&app.services, &second, RequestId(99)).await;
        assert!(matches!(unknown, Err(TwoPersonError::UnknownRequest(_))));
        assert!(matches!(wave(&app, &key).await.state, WaveState::Closed(_)));
        let chain = recorded(&app).await;
        assert!(chain.contains(&"sensitive-declined by second@example.org".to_owned()));
        assert!(chain.contains(&"sensitive-withdrawn by first@example.org".to_owned()));
    }
);

on_both!(
    of_many_confirmations_at_once_one_does_it,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit_many(&app, &key, &["1234512"; 12]).await;
        let [first, second] = app.two_people().await;
        let void = SensitiveAct::Void {
            entry: Seq(5),
            reason: why(),
        };
        let request = ask(&app, &first, &key, void).await.unwrap();
        let confirms: Vec<_> = (0..8)
            .map(|_| {
                let (services, second) = (Arc::clone(&app.services), second.clone());
                tokio::spawn(async move {
                    confirm_two_person::confirm(&services, &second, request)
                        .await
                        .is_ok()
                })
            })
            .collect();
        let mut done = 0;
        for confirm in confirms {
            done += usize::from(confirm.await.unwrap());
        }
        assert_eq!(done, 1);
        assert_balanced(&app, &key, 11).await;
    }
);

on_both!(
    an_extension_takes_answers_to_the_new_millisecond,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let stopped = close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        app.advance(Duration::from_millis(500));
        let refused = submission(&app.services, &key, token(), None, "2222222");
        assert!(matches!(
            submit::submit(&app.services, refused).await,
            Err(SubmitError::NotAccepting(_))
        ));
        let until = |closes| SensitiveAct::Extend {
            closes,
            reason: why(),
        };
        let [first, _] = app.two_people().await;
        let closes = app.services.now() + Duration::from_hours(1);
        for (wrong, expected) in [
            (stopped, NotPossible::NotLater(stopped)),
            (stopped + Duration::from_millis(1), NotPossible::InThePast),
        ] {
            let refusal = ask(&app, &first, &key, until(wrong)).await;
            let Err(TwoPersonError::NotPossible(refusal)) = refusal else {
                panic!("{refusal:?}")
            };
            assert_eq!(refusal, expected);
        }
        app.agree(&key, until(closes)).await;
        assert_eq!(wave(&app, &key).await.spec.closes, closes);
        // It had been stopped, and would have been closed by the schedule.
        app.advance(DRAIN * 2);
        close_wave::close_due(&app.services).await.unwrap();
        assert!(matches!(wave(&app, &key).await.state, WaveState::Open(_)));
        app.set_clock(closes + Duration::from_secs(1));
        let arriving = async |received: Moment| {
            let mut sent = submission(&app.services, &key, token(), None, "2222222");
            sent.received = received;
            submit::submit(&app.services, sent).await
        };
        assert!(matches!(arriving(closes).await, Ok(Submitted::Counted(_))));
        assert!(arriving(closes + Duration::from_millis(1)).await.is_err());
        assert_balanced(&app, &key, 1).await;
        let chain = recorded(&app).await;
        assert_eq!(chain.last().unwrap(), "wave-extended by second@example.org");
        // The file still says the old time, and can be loaded again.
        app.load("co-production-attitudes").await;
    }
);

on_both_backends!(
    a_reopened_wave_closes_again_with_a_corrected_summary,
    async |backend: Backend| {
        // Without the schedule, which would send the first summary at some time of its own.
        let app = TestApp::start_idle(backend, |_| {}).await;
        let key = open_unpublished(&app).await;
        for reader in ["early@example.org", "late@example.org"] {
            subscribe::subscribe(&app.services, &operator(), &key, reader)
                .await
                .unwrap();
        }
        submit_many(&app, &key, &["1234512"; 12]).await;
        close(&app, &key).await;
        // One has had the first summary; of the others it waits to be tried again.
        app.sql(
            "UPDATE outbox SET due_at = due_at + 90000 WHERE subscriber_id NOT IN
             (SELECT id FROM subscriber WHERE email = 'early@example.org')",
        )
        .await
        .unwrap();
        outbox::run_once(&app.services, &app.mailer).await.unwrap();
        let reopen = SensitiveAct::Reopen {
            closes: app.services.now() + Duration::from_hours(1),
            reason: why(),
        };
        app.agree(&key, reopen).await;
        submit_many(&app, &key, &["5432154"; 15]).await;
        close(&app, &key).await;
        assert_balanced(&app, &key, 27).await;
        let report = report::of_wave(&app.services, &key, Reader::Staff)
            .await
            .unwrap();
        assert_eq!(report.report().turnout.people, 27);
        outbox::run_once(&app.services, &app.mailer).await.unwrap();
        let id = wave(&app, &key).await.id;
        let mails = store::outbox::of_wave(&app.services.db, id).await.unwrap();
        let mut states: Vec<(&str, &str)> = mails
            .iter()
            .map(|mail| (mail.email.as_str(), mail.state.as_str()))
            .filter(|(email, _)| !email.starts_with("commissioner"))
            .collect();
        states.sort_unstable();
        // A first one that is late must not arrive after the one that replaces it.
        assert_eq!(
            states,
            [
                ("early@example.org", "sent"),
                ("early@example.org", "sent"),
                ("late@example.org", "parked"),
                ("late@example.org", "sent"),
            ]
        );
        let folder = app.config.data_dir.join("mail");
        let mut subjects: Vec<bool> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .filter(|mail| !mail.contains("commissioner@"))
            .map(|mail| mail.contains("Corrected summary"))
            .collect();
        subjects.sort_unstable();
        assert_eq!(subjects, [false, true, true]);
        app.publish(&key).await;
    }
);

on_both!(
    results_that_have_been_public_are_final,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        submit_many(&app, &key, &["1234512"; 12]).await;
        close(&app, &key).await;
        let [first, _] = app.two_people().await;
        let reopen = SensitiveAct::Reopen {
            closes: app.services.now() + Duration::from_hours(1),
            reason: why(),
        };
        let refused = ask(&app, &first, &key, reopen).await.unwrap_err();
        assert!(
            refused.to_string().contains("a few people apart"),
            "{refused}"
        );
        let void = SensitiveAct::Void {
            entry: Seq(1),
            reason: why(),
        };
        let refused = ask(&app, &first, &key, void).await.unwrap_err();
        assert!(matches!(
            refused,
            TwoPersonError::NotPossible(NotPossible::WouldShowOneResponse)
        ));
    }
);

on_both!(
    a_void_names_an_entry_that_counts_and_keeps_its_code_spent,
    async |app: TestApp| {
        let (key, codes) = open_by_code(&app, 2).await;
        let visit = token();
        let sent = submission(
            &app.services,
            &key,
            visit.clone(),
            Some(codes[0].clone()),
            "100000000000",
        );
        submit::submit(&app.services, sent).await.unwrap();
        let receipt = visit.receipt();
        let place = ask_two_person::place_of_receipt(&app.services, &key, &receipt)
            .await
            .unwrap();
        assert_eq!(place, Seq(1));
        let strange = token().receipt();
        assert!(matches!(
            ask_two_person::place_of_receipt(&app.services, &key, &strange).await,
            Err(TwoPersonError::NoSuchReceipt)
        ));
        let void = |entry| SensitiveAct::Void {
            entry: Seq(entry),
            reason: why(),
        };
        let [first, _] = app.two_people().await;
        for nothing in [0, -1, 2, i64::MAX] {
            assert!(matches!(
                ask(&app, &first, &key, void(nothing)).await,
                Err(TwoPersonError::NoSuchEntry(_))
            ));
        }
        app.agree(&key, void(1)).await;
        assert!(matches!(
            ask(&app, &first, &key, void(2)).await,
            Err(TwoPersonError::NoSuchEntry(_))
        ));
        let again = submission(
            &app.services,
            &key,
            token(),
            Some(codes[0].clone()),
            "010000000000",
        );
        assert!(matches!(
            submit::submit(&app.services, again).await,
            Err(SubmitError::CodeAlreadyCounted)
        ));
        assert_balanced(&app, &key, 0).await;
    }
);

on_both!(
    a_replaced_sheet_counts_what_the_new_one_says,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let key = app.open("co-production-attitudes/april").await;
        let file = repository_file("surveys/samples/co-production-attitudes-april.csv");
        import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false)
            .await
            .unwrap();
        let asked = lookup::find_now(&app.services, &key).await.unwrap();
        let survey = &asked.survey.survey;
        let sheets = store::ledger_read::counted_sheets(&app.services.db, asked.wave.id)
            .await
            .unwrap();
        let (place, old) = &sheets[0];
        let written = import_counts::write_sheet(old, survey);
        let read = import_counts::read_sheet(&written, survey, Channel::Meeting).unwrap();
        assert_eq!(read, *old, "a sheet is read as it is written");
        let replace = |sheet: CountSheet| SensitiveAct::ReplaceSheet {
            entry: *place,
            sheet,
            reason: why(),
        };
        let [first, _] = app.two_people().await;
        assert!(matches!(
            ask(&app, &first, &key, replace(read)).await,
            Err(TwoPersonError::SameSheet)
        ));
        let mut counts = old.counts().to_vec();
        counts[0][0] += 1;
        let people = old.people() + 1;
        let new = CountSheet::new(survey, Channel::Meeting, people, counts.clone()).unwrap();
        app.agree(&key, replace(new)).await;
        assert_balanced(&app, &key, people).await;
        close(&app, &key).await;
        let report = report::of_wave(&app.services, &key, Reader::Staff)
            .await
            .unwrap();
        assert_eq!(report.report().turnout.voided, old.people());
        let countmein::tally::report::Figures::Likert(figures) = &report.report().items[0].figures
        else {
            panic!("a statement")
        };
        let counted: Vec<u64> = figures.points.iter().map(|point| point.count).collect();
        assert_eq!(counted, counts[0]);
    }
);
