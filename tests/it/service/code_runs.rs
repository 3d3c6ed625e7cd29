//! Runs of codes: made once for each person, sealed until they are printed, then forgotten.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use countmein::{
    domain::{id::CodeRunId, key::WaveKey, survey_file, wave::DRAIN},
    service::{
        close_wave, code_overview,
        load_survey::{self, LoadError},
        make_codes::{self, MakeError, Wanted},
        print_codes::{self, PrintError},
        submit::{self, Submitted},
    },
    store,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::samples::{submission, token};
use crate::support::{TestApp, on_both, operator};

async fn knapsack(app: &TestApp) -> WaveKey {
    app.load("citizen-priorities-knapsack").await;
    app.open("citizen-priorities-knapsack/now").await
}

/// `with_mail` of them have an e-mail address, and all have a postal one.
async fn fill_roll(app: &TestApp, people: usize, with_mail: usize) {
    for serial in 1..=people {
        let email = if serial <= with_mail {
            format!("'person{serial}@example.org'")
        } else {
            "NULL".to_owned()
        };
        app.sql(&format!(
            "INSERT INTO roll_person (wave_id, serial, name, address, email, fingerprint)
             SELECT id, {serial}, 'Person {serial}', 'Street {serial}\nTown', {email}, 'f{serial}'
             FROM wave WHERE state = 'open'"
        ))
        .await
        .unwrap();
    }
}

on_both!(
    letters_give_each_person_of_the_roll_one_code,
    async |app: TestApp| {
        let key = knapsack(&app).await;
        fill_roll(&app, 30, 10).await;
        let make = async |wanted| make_codes::make(&app.services, &operator(), &key, wanted).await;
        let mails = make(Wanted::Mails).await.unwrap();
        let letters = make(Wanted::Letters).await.unwrap();
        assert_eq!((mails.codes, letters.codes), (10, 20));
        assert!(matches!(
            make(Wanted::Letters).await.unwrap_err(),
            MakeError::NobodyWaits(_)
        ));
        let opened = print_codes::open(&app.services, &operator(), &key, letters.run)
            .await
            .unwrap();
        let people: BTreeSet<i64> = opened
            .entries
            .iter()
            .map(|entry| entry.person.as_ref().unwrap().serial)
            .collect();
        assert_eq!(people, (11..=30).collect());
        let codes: BTreeSet<String> = opened
            .entries
            .iter()
            .map(|entry| entry.code.to_string())
            .collect();
        assert_eq!(codes.len(), 20);
        // What was printed is what is counted.
        let code = opened.entries[0].code.clone();
        let sent = submission(&app.services, &key, token(), Some(code), "100000000000");
        let outcome = submit::submit(&app.services, sent).await.unwrap();
        assert!(matches!(outcome, Submitted::Counted(_)));
        let overview = code_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!((overview.counts.issued, overview.counts.spent), (30, 1));
    }
);

on_both!(
    two_people_who_press_at_once_make_one_run,
    async |app: TestApp| {
        let key = knapsack(&app).await;
        fill_roll(&app, 20, 0).await;
        let presses: Vec<_> = (0..6)
            .map(|_| {
                let (services, key) = (Arc::clone(&app.services), key.clone());
                tokio::spawn(async move {
                    make_codes::make(&services, &operator(), &key, Wanted::Letters).await
                })
            })
            .collect();
        let mut made = 0;
        for press in presses {
            made += usize::from(press.await.unwrap().is_ok());
        }
        assert_eq!(made, 1);
        let overview = code_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.counts.issued, 20);
    }
);

on_both!(
    a_run_can_be_printed_again_until_it_is_forgotten,
    async |app: TestApp| {
        let key = knapsack(&app).await;
        let made = make_codes::make(&app.services, &operator(), &key, Wanted::Cards(12))
            .await
            .unwrap();
        let open = async || print_codes::open(&app.services, &operator(), &key, made.run).await;
        let first = open().await.unwrap();
        let again = open().await.unwrap();
        let codes = |opened: &print_codes::Opened| -> Vec<String> {
            let entries = opened.entries.iter();
            entries.map(|entry| entry.code.to_string()).collect()
        };
        assert_eq!(codes(&first), codes(&again));
        // No code stands in the database, sealed or not.
        let stored = store::code_run::of_wave(&app.services.db, first.asked.wave.id)
            .await
            .unwrap();
        let sealed = stored[0].sealed.clone().unwrap();
        assert!(codes(&first).iter().all(|code| !sealed.contains(code)));
        print_codes::forget(&app.services, &operator(), &key, made.run)
            .await
            .unwrap();
        assert!(matches!(
            open().await.unwrap_err(),
            PrintError::Forgotten(_)
        ));
        // Doing it twice is no error, and another wave's run is not this wave's.
        print_codes::forget(&app.services, &operator(), &key, made.run)
            .await
            .unwrap();
        let unknown = print_codes::open(&app.services, &operator(), &key, CodeRunId(999)).await;
        assert!(matches!(unknown.unwrap_err(), PrintError::UnknownRun(_)));
    }
);

on_both!(
    an_open_wave_needs_no_codes_and_a_number_has_its_limits,
    async |app: TestApp| {
        let key = knapsack(&app).await;
        app.load("co-production-attitudes").await;
        let everyone = app.open("co-production-attitudes/now").await;
        let make = async |key: &WaveKey, wanted| {
            make_codes::make(&app.services, &operator(), key, wanted)
                .await
                .unwrap_err()
        };
        let refused = make(&everyone, Wanted::List(1)).await;
        assert!(matches!(refused, MakeError::NotByCode(_)), "{refused}");
        for count in [0, make_codes::MOST_AT_ONCE + 1] {
            let refused = make(&key, Wanted::List(count)).await;
            assert!(matches!(refused, MakeError::Count), "{refused}");
        }
    }
);

on_both!(
    a_letter_made_later_is_not_known_by_its_transaction,
    async |app: TestApp| {
        let key = knapsack(&app).await;
        fill_roll(&app, 12, 0).await;
        let make = async || {
            make_codes::make(&app.services, &operator(), &key, Wanted::Letters)
                .await
                .unwrap()
        };
        make().await;
        app.sql(
            "INSERT INTO roll_person (wave_id, serial, name, address, fingerprint)
             SELECT id, 99, 'Late Larry', 'Street 99', 'f99' FROM wave WHERE state = 'open'",
        )
        .await
        .unwrap();
        assert_eq!(make().await.codes, 1);
        let db = &app.services.db;
        if db.get_database_backend() != DbBackend::Postgres {
            return;
        }
        let joined = "SELECT count(*) AS n FROM roll_person r
                      JOIN entitlement e ON e.xmin::text = r.xmin::text
                      WHERE r.name = 'Late Larry'";
        let statement = Statement::from_string(DbBackend::Postgres, joined);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        let codes: i64 = row.try_get("", "n").unwrap();
        assert_eq!(
            codes, 13,
            "every code of the wave, or none, and not his alone"
        );
    }
);

on_both!(
    a_wave_that_closes_forgets_codes_and_invitations_on_their_way,
    async |app: TestApp| {
        let key = knapsack(&app).await;
        fill_roll(&app, 12, 2).await;
        for wanted in [Wanted::Mails, Wanted::Letters] {
            make_codes::make(&app.services, &operator(), &key, wanted)
                .await
                .unwrap();
        }
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        app.advance(DRAIN + Duration::from_millis(1));
        close_wave::close(&app.services, &operator(), &key)
            .await
            .unwrap();
        let left = "SELECT count(*) AS n FROM outbox
                    WHERE kind = 'notice' AND (state = 'queued' OR sealed IS NOT NULL
                                               OR recipient IS NOT NULL)";
        let db = &app.services.db;
        let statement = Statement::from_string(db.get_database_backend(), left);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0);
        let overview = code_overview::overview(&app.services, &key).await.unwrap();
        assert!(overview.runs.iter().all(|run| run.sealed.is_none()));
    }
);

on_both!(
    a_draft_with_codes_stays_a_vote_by_code,
    async |app: TestApp| {
        let file = crate::support::repository_file("surveys/citizen-priorities-knapsack.toml");
        app.load_text(&file).await;
        let key: WaveKey = "citizen-priorities-knapsack/now".parse().unwrap();
        make_codes::make(&app.services, &operator(), &key, Wanted::List(3))
            .await
            .unwrap();
        let opened = file.replace("access = \"code\"", "access = \"open\"");
        let plan = survey_file::read(&opened).unwrap().plan;
        let refused = load_survey::load(&app.services, &operator(), plan).await;
        assert!(matches!(refused, Err(LoadError::HasCodes(_))));
        app.load_text(&file).await;
    }
);
