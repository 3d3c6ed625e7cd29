//! One person of a roll gets one code: however their row is written, and also after they were taken
//! off.

use countmein::{
    domain::key::WaveKey,
    service::{
        import_roll::{self, Imported},
        make_codes::{self, MakeError, Wanted},
        person, print_codes, retention, roll,
    },
    store,
};
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    service::samples::open_by_code,
    support::{TestApp, on_both, operator},
};

async fn import(app: &TestApp, key: &WaveKey, csv: &str) -> Imported {
    import_roll::import(&app.services, &operator(), key, csv.as_bytes(), false)
        .await
        .unwrap()
}

async fn letters(app: &TestApp, key: &WaveKey) -> Result<make_codes::Made, MakeError> {
    make_codes::make(&app.services, &operator(), key, Wanted::Letters).await
}

async fn serials(app: &TestApp, key: &WaveKey) -> Vec<i64> {
    let overview = roll::overview(&app.services, key).await.unwrap();
    let names = store::roll::names(&app.services.db, overview.wave.id).await;
    names.unwrap().iter().map(|person| person.serial).collect()
}

async fn remove(app: &TestApp, key: &WaveKey, serial: i64) {
    roll::remove(&app.services, &operator(), key, serial)
        .await
        .unwrap();
}

/// Name, address, e-mail address, group and fingerprints of every row.
async fn raw(app: &TestApp) -> Vec<[Option<String>; 6]> {
    let db = &app.services.db;
    let sql = "SELECT name, address, email, group_name, fingerprint, mail_fingerprint
               FROM roll_person ORDER BY wave_id, serial";
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| std::array::from_fn(|column| row.try_get_by_index(column).unwrap()))
        .collect()
}

fn known(known: u64) -> Imported {
    Imported {
        known,
        ..Imported::default()
    }
}

on_both!(
    the_same_person_written_otherwise_gets_no_second_code,
    async |app: TestApp| {
        let (key, _) = open_by_code(&app, 1).await;
        let first = import(
            &app,
            &key,
            "name,address\nZoë Żółć,\"1 High Street, Łódź\"\nMs O'Neill,2 High Street\n",
        )
        .await;
        assert_eq!(first.people, 2);
        assert_eq!(letters(&app, &key).await.unwrap().codes, 2);
        for again in [
            // Decomposed, as some spreadsheets write it.
            "name,address\nZoe\u{308} Z\u{307}o\u{301}ł\u{107},\"1 High Street, Ło\u{301}dz\u{301}\"\n",
            "name,address,email\nZoë Żółć,\"1 High Street, Łódź\",zoe@example.org\n",
            "name,address\nZOË  ŻÓŁĆ,\"1 High Street.\n Łódź.\"\n",
            "name,address\nMs. ONeill,\"2, High-Street\"\n",
            "name,address\nMs O’Neill,２ High Street\n",
            // By the e-mail address that came with the second of them.
            "name,address,email\nZoë Żółć,9 New Road,ZOE@example.org\n",
        ] {
            assert_eq!(import(&app, &key, again).await, known(1), "{again}");
            assert!(matches!(
                letters(&app, &key).await.unwrap_err(),
                MakeError::NobodyWaits(_)
            ));
        }
        let rows = raw(&app).await;
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0][1].as_deref(), Some("1 High Street\nŁódź"));
        assert_eq!(rows[0][2].as_deref(), Some("zoe@example.org"), "filled in");
    }
);

on_both!(
    what_is_missing_is_filled_in_within_a_file_too,
    async |app: TestApp| {
        let (key, _) = open_by_code(&app, 1).await;
        let csv = "name,address,email\nAda Lis,,ada@example.org\nAda Lis,1 Mill Lane,ada@example.org\nAda Lis,1 Mill Lane,\n";
        let imported = import(&app, &key, csv).await;
        assert_eq!((imported.people, imported.known), (1, 2));
        assert_eq!(raw(&app).await[0][1].as_deref(), Some("1 Mill Lane"));
        import(&app, &key, "name,email\nJan Lis,jan@example.org\n").await;
        let more = "name,address,email\nJan Lis,7 Mill Lane,jan@example.org\n";
        let dry =
            import_roll::import(&app.services, &operator(), &key, more.as_bytes(), true).await;
        assert_eq!(dry.unwrap(), known(1));
        assert_eq!(raw(&app).await[1][1].as_deref(), Some(""), "a dry run");
        assert_eq!(import(&app, &key, more).await, known(1));
        assert_eq!(raw(&app).await[1][1].as_deref(), Some("7 Mill Lane"));
        // Now by the address alone.
        let by_address = "name,address\nJan Lis,7 Mill Lane\n";
        assert_eq!(import(&app, &key, by_address).await, known(1));
    }
);

on_both!(
    a_family_is_several_people_and_is_told,
    async |app: TestApp| {
        let (key, _) = open_by_code(&app, 1).await;
        let csv = "name,address,email
Adam Nowak,1 High Street,nowak@example.org
Ewa Nowak,1 High Street,nowak@example.org
Maria Zych,2 High Street,
Piotr Wilk,3 High Street,wilk@example.org
Ola Bąk,4 High Street,Wilk@example.org
Jan Bąk,5 High Street,
";
        let dry = import_roll::import(&app.services, &operator(), &key, csv.as_bytes(), true)
            .await
            .unwrap();
        assert_eq!((dry.people, dry.known), (6, 0));
        assert_eq!(dry.alike, [2, 3, 5, 6]);
        let said = dry.notes().join(" ");
        assert!(said.contains("surname): 4."), "{said}");
        assert!(said.ends_with("lines 2, 3, 5, 6."), "{said}");
        assert_eq!(import(&app, &key, csv).await, dry);
        // Also beside somebody who is on the roll already.
        let later = import(&app, &key, "name,address\nIda Zych,2 high street\n").await;
        assert_eq!((later.people, later.alike), (1, vec![2]));
        // A row that shows two people of the roll to be one is nobody new, and is told.
        import(&app, &key, "name,email\nJan Bąk,bak@example.org\n").await;
        let both = "name,address,email\nJan Bąk,5 High Street,bak@example.org\n";
        let both = import(&app, &key, both).await;
        assert_eq!((both.people, both.known, both.alike), (0, 1, vec![2]));
    }
);

on_both!(
    whoever_was_taken_off_gets_no_second_code_and_leaves_no_number,
    async |app: TestApp| {
        let (key, _) = open_by_code(&app, 1).await;
        let csv = "name,address,email,group\nAda Lis,1 Mill Lane,ada@example.org,North\nJan Kos,2 Mill Lane,jan@example.org,North\n";
        import(&app, &key, csv).await;
        let run = letters(&app, &key).await.unwrap().run;
        remove(&app, &key, 2).await;
        person::erase(&app.services, &operator(), "ada@example.org")
            .await
            .unwrap();
        for row in raw(&app).await {
            let [name, address, email, group, ..] = row;
            assert_eq!((name.as_deref(), address.as_deref()), (Some(""), Some("")));
            assert_eq!((email, group), (None, None));
        }
        assert!(serials(&app, &key).await.is_empty());
        let overview = roll::overview(&app.services, &key).await.unwrap();
        assert_eq!((overview.groups.len(), overview.removed), (0, 2));
        let matches = roll::search(&app.services, &key, "", 0).await.unwrap();
        assert_eq!(matches.all, 0);
        assert!(roll::find(&app.services, &key, 2).await.is_err());
        assert!(
            roll::remove(&app.services, &operator(), &key, 2)
                .await
                .is_err()
        );
        let opened = print_codes::open(&app.services, &operator(), &key, run).await;
        assert!(opened.unwrap().entries.is_empty());
        for again in [
            csv,
            "name,address\nADA LIS,1 Mill Lane.\nJan Kos,2 Mill Lane\n",
            "name,address,email\nAda Lis,3 Elsewhere,ada@example.org\nJan Kos,,jan@example.org\n",
        ] {
            let refused = import(&app, &key, again).await;
            assert_eq!((refused.people, refused.known, refused.removed), (0, 2, 2));
            assert!(
                refused.notes()[0].contains("taken off the roll after a code was made"),
                "{:?}",
                refused.notes()
            );
            assert!(letters(&app, &key).await.is_err());
        }
        import(&app, &key, "name,address\nEmil Sowa,4 Mill Lane\n").await;
        assert_eq!(serials(&app, &key).await, [3]);
        // Without a code, nothing is left, and the person can come back.
        remove(&app, &key, 3).await;
        assert_eq!(raw(&app).await.len(), 2);
        let back = import(&app, &key, "name,address\nEmil Sowa,4 Mill Lane\n").await;
        assert_eq!((back.people, back.removed), (1, 0));
        // All of it goes with the roll.
        super::privacy::close(&app, &key).await;
        app.publish(&key).await;
        app.advance(std::time::Duration::from_hours(31 * 24));
        retention::apply(&app.services, &operator()).await.unwrap();
        assert!(raw(&app).await.is_empty());
    }
);

on_both!(
    rows_of_an_earlier_version_are_matched_and_taken_off,
    async |app: TestApp| {
        let (key, _) = open_by_code(&app, 1).await;
        // The same person twice, with unkeyed fingerprints and no second one.
        for serial in 1..=2 {
            app.sql(&format!(
                "INSERT INTO roll_person (wave_id, serial, name, address, email, fingerprint)
                 SELECT id, {serial}, 'Ada Lis', '1 Mill Lane', 'ada@example.org', 'old{serial}'
                 FROM wave WHERE state = 'open'"
            ))
            .await
            .unwrap();
        }
        let csv = "name,address\nAda Lis,1 Mill Lane\n";
        assert_eq!(import(&app, &key, csv).await, known(1));
        letters(&app, &key).await.unwrap();
        person::erase(&app.services, &operator(), "ada@example.org")
            .await
            .unwrap();
        let rows = raw(&app).await;
        assert_eq!(rows.len(), 2);
        for row in &rows {
            let print = row[4].as_deref().unwrap();
            assert_eq!(print.len(), 64, "made anew under the key: {print}");
        }
        assert_eq!(import(&app, &key, csv).await.removed, 1);
    }
);
