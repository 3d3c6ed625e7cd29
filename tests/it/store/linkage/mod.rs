//! Whoever has everything of a closed wave but the secret key cannot tell which code cast which ballot.
//!
//! A town of several waves votes through a server that logs all it can, and on paper; the town knows
//! who cast which ballot. Then a thief gets every table in the order in which its rows lie, what
//! PostgreSQL keeps with each row (dead rows too), the bytes of all pages and files with SQLite's
//! write-ahead log, the log, the mails, the report and the Pabulib files. Whatever puts codes into an
//! order, or responses, is one view of the evidence. Every order of codes is matched with every order of
//! responses, within a wave and channel, which both sides name openly; and both the number of right
//! matches and the correlation of the orders have to be such as chance makes them, at one chance in a
//! thousand for all attempts together.
//!
//! That the thief is able to find a link is shown on open waves, where there is one (`docs/ledger.md`
//! says so), and on a database in which somebody has added a table of codes in the order of arrival.
//!
//! Left out is PostgreSQL's write-ahead log, which is a copy of the time before the closing like any
//! other, and what a disk may still hold of files that are gone.

mod attack;
mod envelopes;
mod evidence;
mod town;
mod views;

use std::collections::BTreeSet;

use countmein::{service::csv_file::CsvFile, store::entity::import_file};
use sea_orm::EntityTrait;

use self::{
    attack::{Attempt, leaks},
    town::Town,
    views::Evidence,
};
use crate::support::{Backend, on_both_backends};

async fn attack(town: &mut Town) -> Vec<Attempt> {
    let evidence = Evidence::of(town).await;
    // The tables of codes and responses themselves, and the files of both databases.
    assert!(evidence.codes.len() > 10 && evidence.responses.len() > 8);
    leaks(&town.people, &evidence.codes, &evidence.responses)
}

fn told(leaks: &[Attempt]) -> String {
    let lines = leaks.iter().take(12).map(ToString::to_string);
    format!(
        "{} leaks:\n{}",
        leaks.len(),
        lines.collect::<Vec<_>>().join("\n")
    )
}

on_both_backends!(
    a_closed_wave_does_not_tell_which_code_cast_which_ballot,
    async |backend: Backend| {
        let mut town = Town::votes(backend, "SELECT 1").await;
        town.closes().await;
        let leaks = attack(&mut town).await;
        assert!(leaks.is_empty(), "{}", told(&leaks));
        no_file_is_known_by_its_hash(&town).await;
    }
);

/// Whoever knows somebody's code and serial number could try every ballot.
async fn no_file_is_known_by_its_hash(town: &Town) {
    let rows = import_file::Entity::find().all(&town.app.services.db).await;
    let noted: BTreeSet<String> = rows.unwrap().into_iter().map(|row| row.sha256).collect();
    assert!(!noted.is_empty());
    for file in town.single_files() {
        let hash = CsvFile::parse(file.as_bytes()).unwrap().sha256;
        assert!(
            !noted.contains(&hash),
            "a paper can be guessed by the hash of its file"
        );
    }
}

on_both_backends!(
    the_same_attack_finds_the_links_of_open_waves,
    async |backend: Backend| {
        let mut town = Town::votes(backend, "SELECT 1").await;
        let leaks = attack(&mut town).await;
        let all = town.people.len();
        assert!(
            leaks
                .iter()
                .any(|leak| leak.matched * 2 > all || leak.correlation.abs() > 0.5),
            "{}",
            told(&leaks)
        );
    }
);

on_both_backends!(
    the_same_attack_finds_a_table_in_the_order_of_arrival,
    async |backend: Backend| {
        let mut town = Town::votes(backend, arrivals(backend)).await;
        town.closes().await;
        let leaks = attack(&mut town).await;
        assert!(
            leaks.iter().any(|leak| leak.codes.starts_with("arrival")),
            "{}",
            told(&leaks)
        );
        assert!(
            leaks.iter().all(|leak| leak.codes.starts_with("arrival")
                || leak.codes.starts_with("countmein.sqlite")),
            "{}",
            told(&leaks)
        );
    }
);

/// What a well-meant “when was this code used” would be.
fn arrivals(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "CREATE TABLE arrival (code_hash TEXT NOT NULL);
             CREATE TRIGGER arrives AFTER INSERT ON spent_entitlement
             BEGIN INSERT INTO arrival VALUES (NEW.code_hash); END"
        }
        Backend::Postgres => {
            "CREATE TABLE arrival (code_hash text NOT NULL);
             CREATE FUNCTION arrives() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN INSERT INTO arrival VALUES (NEW.code_hash); RETURN NEW; END $$;
             CREATE TRIGGER arrives AFTER INSERT ON spent_entitlement
             FOR EACH ROW EXECUTE FUNCTION arrives()"
        }
    }
}
