//! The roll of a wave: what is taken of a file, what is refused, and that nobody stands on it twice.

use countmein::{
    domain::key::WaveKey,
    service::{
        import_roll::{self, ImportRollError, Imported},
        roll,
    },
    store,
};

use crate::{
    service::samples::{open_attitudes, open_by_code},
    support::{TestApp, on_both, operator},
};

const PEOPLE: &str = "name,address,email,group
Anna Kowalska,\"1 High Street, Leith, EH6 1AA\",anna@example.org,North
Bartek Nowak,2 High Street,,North
Ćwikła Ewa,,ewa@example.org,
";

async fn import(app: &TestApp, key: &WaveKey, csv: &str) -> Result<Imported, ImportRollError> {
    import_roll::import(&app.services, &operator(), key, csv.as_bytes(), false).await
}

async fn faults(app: &TestApp, key: &WaveKey, csv: &str) -> Vec<String> {
    match import(app, key, csv).await {
        Err(ImportRollError::BadRows(bad)) => bad.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

on_both!(
    a_second_import_takes_only_who_is_new,
    async |app: TestApp| {
        let (key, _) = open_by_code(&app, 1).await;
        let dry = import_roll::import(&app.services, &operator(), &key, PEOPLE.as_bytes(), true)
            .await
            .unwrap();
        assert_eq!(
            dry,
            Imported {
                people: 3,
                known: 0,
                ..Imported::default()
            }
        );
        assert!(
            roll::overview(&app.services, &key)
                .await
                .unwrap()
                .groups
                .is_empty()
        );
        let first = import(&app, &key, PEOPLE).await.unwrap();
        assert_eq!(
            first,
            Imported {
                people: 3,
                known: 0,
                ..Imported::default()
            }
        );
        // Capitals, blanks and the order of the columns make nobody another person.
        let again = "email;name;address;group\nANNA@example.org;anna  KOWALSKA;1 High street, Leith,EH6 1AA;South\n;Dora;4 High Street;South\n;Dora;4 High Street;South\n";
        let second = import(&app, &key, again).await.unwrap();
        assert_eq!(
            second,
            Imported {
                people: 1,
                known: 2,
                ..Imported::default()
            }
        );
        let overview = roll::overview(&app.services, &key).await.unwrap();
        let groups: Vec<_> = overview
            .groups
            .iter()
            .map(|g| {
                (
                    g.group_name.as_deref().unwrap_or("–"),
                    g.people,
                    g.with_code,
                )
            })
            .collect();
        for group in [("North", 2, 0), ("South", 1, 0), ("–", 1, 0)] {
            assert!(groups.contains(&group), "{groups:?}");
        }
    }
);

on_both!(numbers_go_up_and_people_are_found, async |app: TestApp| {
    let (key, _) = open_by_code(&app, 1).await;
    import(&app, &key, PEOPLE).await.unwrap();
    import(&app, &key, "name,address\nDora,4 High Street\n")
        .await
        .unwrap();
    let overview = roll::overview(&app.services, &key).await.unwrap();
    let names = store::roll::names(&app.services.db, overview.wave.id)
        .await
        .unwrap();
    let serials: Vec<i64> = names.iter().map(|person| person.serial).collect();
    assert_eq!(serials, [1, 2, 3, 4]);
    let found = roll::search(&app.services, &key, "ćwikła", 0)
        .await
        .unwrap();
    assert_eq!(found.people[0].name, "Ćwikła Ewa");
    let entries = store::person::on_rolls(&app.services.db, "anna@example.org")
        .await
        .unwrap();
    assert_eq!(entries[0].address, "1 High Street\nLeith\nEH6 1AA");
    // The number of somebody who left is not given out again while a later one stands.
    roll::remove(&app.services, &operator(), &key, 2)
        .await
        .unwrap();
    assert!(
        roll::remove(&app.services, &operator(), &key, 2)
            .await
            .is_err()
    );
    import(&app, &key, "name,address\nEmil,5 High Street\n")
        .await
        .unwrap();
    assert_eq!(
        roll::search(&app.services, &key, "Emil", 0)
            .await
            .unwrap()
            .people[0]
            .serial,
        5
    );
});

on_both!(every_fault_is_told_at_once, async |app: TestApp| {
    let (key, _) = open_by_code(&app, 1).await;
    let csv = format!(
        "name,address,email,group\n,1 High Street,,\n{},1 High Street,not-an-address,\nAnna,{},,\nBea,,,\nCarl,\"{}\",,{}\nDora,1 High Street\nEve\u{202e},1 High Street,,\nGood,1 High Street,,\n",
        "n".repeat(121),
        "l".repeat(81),
        "line\n".repeat(7),
        "g".repeat(61),
    );
    let found = faults(&app, &key, &csv).await;
    let expected = [
        "line 2: R-NAME: there is no name",
        "line 3: R-NAME: the name has more than 120",
        "line 3: R-EMAIL: this is not an e-mail address",
        "line 4: R-ADDRESS: a line of the address has more than 80",
        "line 5: R-NO-WAY: there is neither an address nor an e-mail",
        "line 6: R-ADDRESS: the address has more than 6 lines",
        "line 6: R-GROUP: the group has more than 60",
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
    assert!(found[7].contains("I-CELLS"), "{found:?}");
    assert!(
        found[8].contains("R-NAME: the name has a character that cannot be printed"),
        "{found:?}"
    );
    assert_eq!(found.len(), 9, "{found:?}");
    assert!(
        roll::overview(&app.services, &key)
            .await
            .unwrap()
            .groups
            .is_empty()
    );
    for (csv, said) in [
        ("name,address,age\nA,B,9\n", "column “age” is none of"),
        ("address\nB\n", "there is no column “name”"),
        ("name\nA\n", "neither a column for the address"),
        ("name,address,address1\nA,B,C\n", "keep one kind"),
        ("name,address\n", "the file has no rows"),
        ("", "the file is empty"),
    ] {
        let error = import(&app, &key, csv).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
});

on_both!(
    only_a_wave_by_code_that_people_can_still_answer_has_a_roll,
    async |app: TestApp| {
        let open = open_attitudes(&app).await;
        let error = import(&app, &open, PEOPLE).await.unwrap_err().to_string();
        assert!(
            error.contains("open to everyone and needs no roll"),
            "{error}"
        );
        app.load("citizen-priorities-knapsack").await;
        let key: WaveKey = "citizen-priorities-knapsack/now".parse().unwrap();
        // A draft takes people: letters are printed before a wave opens.
        import(&app, &key, PEOPLE).await.unwrap();
        app.open("citizen-priorities-knapsack/now").await;
        super::privacy::close(&app, &key).await;
        let error = import(&app, &key, PEOPLE).await.unwrap_err().to_string();
        assert!(
            error.contains("is closed: nobody could be invited"),
            "{error}"
        );
    }
);
