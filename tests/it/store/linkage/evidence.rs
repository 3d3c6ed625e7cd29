//! Everything that a thief of the installation has but the secret key: the tables, what the database
//! keeps beside them, its files, the log, the exports.

use std::collections::BTreeMap;

use countmein::service::{export_pb, lookup, report};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::{
    attack::View,
    town::{Town, WAVES, key},
    views::{Evidence, Row},
};
use crate::support::{Backend, numbered::answers};

impl Evidence {
    pub async fn of(town: &mut Town) -> Self {
        let mut evidence = Self::default();
        let log = town.log();
        assert!(log.contains("countmein::"), "nothing was logged: {log}");
        let address = town.app.config.database_url();
        assert!(
            !log.contains(&address),
            "the log has the database's address, and so its password"
        );
        evidence.of_text(&town.people, "log", &log);
        evidence.by_key(&town.people);
        match town.backend {
            Backend::Sqlite => evidence.of_sqlite(town).await,
            Backend::Postgres => evidence.of_postgres(town).await,
        }
        for wave in WAVES {
            evidence.of_exports(town, wave).await;
        }
        evidence.of_mails(town);
        evidence
    }

    async fn of_sqlite(&mut self, town: &Town) {
        let db = &town.app.services.db;
        let tables = column(db, "SELECT name FROM sqlite_master WHERE type = 'table'").await;
        for table in tables {
            let names = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
            let cells = column(db, &names).await.join(" || ',' || ");
            let rows = column(db, &format!("SELECT {cells} FROM \"{table}\"")).await;
            let rows: Vec<Row> = (0..)
                .zip(rows)
                .map(|(number, text)| Row {
                    numbers: vec![number],
                    text,
                })
                .collect();
            self.of_rows(&town.people, &[table], &rows);
        }
        for file in ["countmein.sqlite", "countmein.sqlite-wal"] {
            let bytes = std::fs::read(town.folder.path().join("data").join(file));
            self.of_bytes(&town.people, file, &bytes.unwrap_or_default(), Some(4096));
        }
    }

    async fn of_postgres(&mut self, town: &Town) {
        let db = &town.app.services.db;
        // A superuser's look at the pages, dead rows and all.
        db.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pageinspect")
            .await
            .unwrap();
        let tables = "SELECT relname::text FROM pg_class
                      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
        for table in column(db, tables).await {
            let sql = format!(
                "SELECT ((ctid::text::point)[0] * 1000 + (ctid::text::point)[1])::bigint::text
                     || ' ' || xmin::text || ' ' || xmax::text || ' ' || t::text
                 FROM {table} t"
            );
            let rows = numbered(&column(db, &sql).await, 3);
            let names = ["ctid", "xmin", "xmax"].map(|what| format!("{table} {what}"));
            self.of_rows(&town.people, &names, &rows);
            let sql = format!(
                "SELECT t_xmin::text || ' ' || t_xmax::text || ' ' || encode(t_data, 'escape')
                 FROM generate_series(0, pg_relation_size('{table}') / 8192 - 1) page,
                      heap_page_items(get_raw_page('{table}', page::int))
                 WHERE t_data IS NOT NULL"
            );
            let rows = numbered(&column(db, &sql).await, 2);
            let names = ["xmin", "xmax"].map(|what| format!("{table} dead or alive {what}"));
            self.of_rows(&town.people, &names, &rows);
        }
        let relations = "SELECT relname::text FROM pg_class
                         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')";
        for relation in column(db, relations).await {
            let sql = format!(
                "SELECT get_raw_page('{relation}', page::int)
                 FROM generate_series(0, pg_relation_size('{relation}') / 8192 - 1) page"
            );
            let statement = Statement::from_string(db.get_database_backend(), sql);
            let pages = db.query_all_raw(statement).await.unwrap();
            let bytes: Vec<u8> = pages
                .iter()
                .flat_map(|page| page.try_get_by_index::<Vec<u8>>(0).unwrap())
                .collect();
            self.of_bytes(&town.people, &relation, &bytes, Some(8192));
        }
    }

    /// The files that are handed out once a wave has closed. None of them names a code.
    async fn of_exports(&mut self, town: &Town, wave: &str) {
        let (services, key) = (&town.app.services, key(wave));
        if let Ok(report) = report::of_wave(services, &key, report::Reader::Staff).await {
            let text = serde_json::to_string(&report).unwrap();
            self.of_text(&town.people, &format!("report of {key}"), &text);
        }
        let place = export_pb::Place {
            country: "Scotland".to_owned(),
            unit: "Town".to_owned(),
        };
        if let Ok(pb) =
            export_pb::export(services, &crate::support::operator(), &key, None, &place).await
        {
            let id = lookup::find_now(services, &key).await.unwrap().wave.id;
            let lines: BTreeMap<String, i128> = pb.lines().map(ballot).zip(0..).collect();
            let people = town.people.iter().enumerate();
            let order = people
                .filter(|(_, person)| person.wave == id)
                .map(|(place, person)| (place, lines[&person.answers]));
            self.responses.push(View {
                name: format!("ballots of {key}"),
                order: order.collect(),
            });
        }
    }

    fn of_mails(&mut self, town: &Town) {
        let Ok(mails) = std::fs::read_dir(town.app.config.mail_folder()) else {
            return;
        };
        let texts = mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
        self.of_text(&town.people, "mails", &texts.collect::<String>());
    }
}

/// The ballot in a line of a Pabulib file, as the ledger holds it.
fn ballot(line: &str) -> String {
    let marked = line.split(';').find(|cell| cell.starts_with('p'));
    let numbers = marked.unwrap_or_default().split(',');
    let numbers = numbers.filter_map(|project| project.strip_prefix('p')?.parse::<usize>().ok());
    answers(numbers.fold(0, |ballot, place| ballot | 1 << place))
}

async fn column(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .filter_map(|row| row.try_get_by_index::<Option<String>>(0).unwrap())
        .collect()
}

/// Rows that begin with so many numbers.
fn numbered(rows: &[String], numbers: usize) -> Vec<Row> {
    let split = rows.iter().map(|row| {
        let mut parts: Vec<&str> = row.splitn(numbers + 1, ' ').collect();
        let text = parts.pop().unwrap().to_owned();
        let numbers = parts.iter().map(|number| number.parse().unwrap());
        Row {
            numbers: numbers.collect(),
            text,
        }
    });
    split.collect()
}
