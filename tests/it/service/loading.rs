//! Survey files into the database: all of a file or nothing, and no change of what is open.

use countmein::{
    domain::survey_file,
    service::load_survey::{self, LoadError, Loaded},
    service::subscribe::{self, SubscribeError},
    store,
};

use crate::support::{TestApp, on_both, operator, repository_file};

async fn load(app: &TestApp, text: &str) -> Result<Vec<Loaded>, LoadError> {
    load_survey::load(
        &app.services,
        &operator(),
        survey_file::read(text).unwrap().plan,
    )
    .await
}

on_both!(
    a_draft_can_be_reloaded_and_an_open_wave_cannot_be_reworded,
    async |app: TestApp| {
        let text = repository_file("surveys/co-production-attitudes.toml");
        let added = load(&app, &text).await.unwrap();
        assert!(added.iter().all(|wave| matches!(wave, Loaded::Added(_))));
        let again = load(&app, &text).await.unwrap();
        assert!(
            again
                .iter()
                .all(|wave| matches!(wave, Loaded::DraftReplaced(_)))
        );
        app.open("co-production-attitudes/now").await;
        let open = load(&app, &text).await.unwrap();
        assert_eq!(
            open.iter()
                .filter(|wave| matches!(wave, Loaded::Unchanged(_)))
                .count(),
            1
        );
        let reworded = text.replace("Most citizens do not want", "Some citizens do not want");
        assert!(matches!(
            load(&app, &reworded).await,
            Err(LoadError::WordingFixed(_))
        ));
        let moved = text.replace("closes = 2036-12-31", "closes = 2035-12-31");
        assert!(matches!(
            load(&app, &moved).await,
            Err(LoadError::WaveFixed(_))
        ));
        let waves = store::wave::all(&app.services.db).await.unwrap();
        assert_eq!(waves.len(), 3);
        let first = waves[0].version;
        assert!(
            waves.iter().all(|wave| wave.version == first),
            "nothing of the refused files stayed"
        );
    }
);

on_both!(
    an_address_that_was_put_right_gets_no_mail_in_its_old_form,
    async |app: TestApp| {
        let text = repository_file("surveys/citizen-priorities.toml");
        load(&app, &text).await.unwrap();
        load(&app, &text.replace("commissioner@", "commissioners@"))
            .await
            .unwrap();
        let key = "citizen-priorities/now".parse().unwrap();
        let wave = store::wave::find(&app.services.db, &key)
            .await
            .unwrap()
            .unwrap();
        let people = store::mail::subscribers(&app.services.db, wave.id)
            .await
            .unwrap();
        let addresses: Vec<&str> = people.iter().map(|person| person.email.as_str()).collect();
        assert_eq!(addresses, ["commissioners@example.org"]);
        app.sql("UPDATE wave SET state = 'open', opened_at = 1")
            .await
            .unwrap();
        app.sql("UPDATE wave SET state = 'closed', closed_at = 2")
            .await
            .unwrap();
        assert!(matches!(
            subscribe::subscribe(&app.services, &operator(), &key, "late@example.org").await,
            Err(SubscribeError::TooLate("closed"))
        ));
    }
);
