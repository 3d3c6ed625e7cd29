//! Everything that a thief of the installation has but the secret key: the tables, what the database
//! keeps beside them, its files, the log, the exports.

use std::collections::BTreeMap;

use countmein::service::{export_pb, report};
use memchr::memmem;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::{
    attack::View,
    town::{Person, Town, WAVES, key},
};
use crate::support::Backend;

/// Orders in which codes are seen, and orders in which responses are.
#[derive(Default)]
pub struct Evidence {
    pub codes: Vec<View>,
    pub responses: Vec<View>,
}

impl Evidence {
    pub async fn of(town: &mut Town) -> Self {
        let mut evidence = Self::default();
        let log = town.log();
        assert!(log.contains("countmein::"), "nothing was logged: {log}");
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

    /// The orders of what is written on both sides.
    fn by_key(&mut self, people: &[Person]) {
        let ranks = |text: fn(&Person) -> &str| {
            let mut sorted: Vec<usize> = (0..people.len()).collect();
            sorted.sort_by_key(|place| text(&people[*place]));
            let ranks = (0..).zip(sorted).map(|(rank, place)| (place, rank));
            ranks.collect()
        };
        self.codes.push(View {
            name: "codes by hash".to_owned(),
            order: ranks(|person| &person.code_hash),
        });
        for (name, text) in [
            (
                "responses by public id",
                (|p| &p.public_id) as fn(&Person) -> &str,
            ),
            ("responses by answers", |p| &p.answers),
        ] {
            self.responses.push(View {
                name: name.to_owned(),
                order: ranks(text),
            });
        }
    }

    async fn of_sqlite(&mut self, town: &Town) {
        let db = &town.app.services.db;
        let tables = column(db, "SELECT name FROM sqlite_master WHERE type = 'table'").await;
        for table in tables {
            let names = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
            let cells = column(db, &names).await.join(" || ',' || ");
            let rows = column(db, &format!("SELECT {cells} FROM \"{table}\"")).await;
            self.of_rows(&town.people, &table, (0..).zip(rows));
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
            for (what, number) in [
                (
                    "ctid",
                    "(ctid::text::point)[0] * 1000 + (ctid::text::point)[1]",
                ),
                ("xmin", "xmin::text::bigint"),
                ("xmax", "xmax::text::bigint"),
            ] {
                let sql =
                    format!("SELECT ({number})::bigint::text || ' ' || t::text FROM {table} t");
                let rows = numbered(column(db, &sql).await);
                self.of_rows(&town.people, &format!("{table} {what}"), rows);
            }
            for what in ["t_xmin", "t_xmax"] {
                let sql = format!(
                    "SELECT {what}::text || ' ' || encode(t_data, 'escape')
                     FROM generate_series(0, pg_relation_size('{table}') / 8192 - 1) page,
                          heap_page_items(get_raw_page('{table}', page::int))
                     WHERE t_data IS NOT NULL"
                );
                let rows = numbered(column(db, &sql).await);
                self.of_rows(&town.people, &format!("{table} dead or alive {what}"), rows);
            }
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

    /// The order of ballots in the files that are handed out. None of them names a code.
    async fn of_exports(&mut self, town: &Town, wave: &str) {
        let (services, key) = (&town.app.services, key(wave));
        let place = export_pb::Place {
            country: "Scotland".to_owned(),
            unit: "Town".to_owned(),
        };
        // An open wave has no export.
        if let Ok(pb) = export_pb::export(services, &key, None, &place).await {
            let ballots: BTreeMap<String, i128> = pb
                .lines()
                .zip(0..)
                .map(|(line, place)| {
                    let marked = line.split(';').find(|cell| cell.starts_with('p'));
                    let marked: Vec<&str> = marked.unwrap_or_default().split(',').collect();
                    let bit = |place| {
                        if marked.contains(&format!("p{place}").as_str()) {
                            '1'
                        } else {
                            '0'
                        }
                    };
                    ((0..10).map(bit).collect(), place)
                })
                .collect();
            let wave = countmein::service::lookup::find_now(services, &key)
                .await
                .unwrap()
                .wave
                .id;
            let order = (0..)
                .zip(&town.people)
                .filter(|(_, person)| person.wave == wave);
            let order: BTreeMap<usize, i128> = order
                .map(|(place, person)| (place, ballots[&person.answers]))
                .collect();
            self.responses.push(View {
                name: format!("{key}.pb"),
                order,
            });
        }
        if let Ok(report) = report::of_wave(services, &key, report::Reader::Staff).await {
            self.of_text(
                &town.people,
                "report",
                &serde_json::to_string(&report).unwrap(),
            );
        }
    }

    fn of_mails(&mut self, town: &Town) {
        let Ok(mails) = std::fs::read_dir(town.app.config.mail_folder()) else {
            return;
        };
        let texts = mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
        self.of_text(&town.people, "mails", &texts.collect::<String>());
    }

    /// Where a text names people, in the order in which it does.
    pub fn of_text(&mut self, people: &[Person], name: &str, text: &str) {
        self.of_bytes(people, name, text.as_bytes(), None);
    }

    /// A table's rows as text, each with the number by which they are ordered: the least and the
    /// greatest that a person's rows have.
    fn of_rows(
        &mut self,
        people: &[Person],
        name: &str,
        rows: impl Iterator<Item = (i128, String)>,
    ) {
        let rows: Vec<(i128, String)> = rows.collect();
        type Needles<'a> = &'a dyn Fn(&Person) -> Vec<String>;
        let kinds: [(&str, bool, Needles<'_>); 3] = [
            ("code", true, &|person| {
                vec![person.code_hash.clone(), person.code.symbols()]
            }),
            ("sheet", true, &|person| {
                person.paper.clone().into_iter().collect()
            }),
            ("response", false, &|person| vec![person.public_id.clone()]),
        ];
        for (kind, is_code, needles) in kinds {
            let mut least = BTreeMap::new();
            let mut greatest = BTreeMap::new();
            for (place, person) in people.iter().enumerate() {
                let needles = needles(person);
                let finders: Vec<_> = needles.iter().map(memmem::Finder::new).collect();
                let having = rows.iter().filter(|(_, row)| {
                    finders
                        .iter()
                        .any(|finder| finder.find(row.as_bytes()).is_some())
                });
                let numbers: Vec<i128> = having.map(|(number, _)| *number).collect();
                if let (Some(min), Some(max)) = (numbers.iter().min(), numbers.iter().max()) {
                    least.insert(place, *min);
                    greatest.insert(place, *max);
                }
            }
            if least != greatest {
                self.see(&format!("{name}, greatest, {kind}"), greatest, is_code);
            }
            self.see(&format!("{name}, {kind}"), least, is_code);
        }
    }

    /// Where the bytes of a file name people: first, last, and within its page.
    fn of_bytes(&mut self, people: &[Person], name: &str, bytes: &[u8], page: Option<usize>) {
        let code = |person: &Person| vec![person.code_hash.clone()];
        let plain = |person: &Person| vec![person.code.symbols(), person.code.to_string()];
        let spent = |person: &Person| vec![format!("{}{}", person.code_hash, person.channel)];
        let sheet = |person: &Person| person.paper.clone().into_iter().collect();
        let response = |person: &Person| vec![person.public_id.clone()];
        let row = |person: &Person| vec![format!("{}{}", person.public_id, person.channel)];
        type Needles<'a> = &'a dyn Fn(&Person) -> Vec<String>;
        let kinds: [(&str, bool, Needles<'_>); 6] = [
            ("code", true, &code),
            ("plain code", true, &plain),
            ("code and channel", true, &spent),
            ("sheet", true, &sheet),
            ("response", false, &response),
            ("response and channel", false, &row),
        ];
        for (kind, is_code, needles) in kinds {
            let mut first = BTreeMap::new();
            let mut last = BTreeMap::new();
            for (place, person) in people.iter().enumerate() {
                for needle in needles(person) {
                    for found in memmem::find_iter(bytes, needle.as_bytes()) {
                        first.entry(place).or_insert(found);
                        last.insert(place, found);
                    }
                }
            }
            let number = |found: usize| i128::try_from(found).unwrap();
            let view = |places: &BTreeMap<usize, usize>, of: &dyn Fn(usize) -> usize| {
                places
                    .iter()
                    .map(|(place, found)| (*place, number(of(*found))))
                    .collect()
            };
            self.see(
                &format!("{name}, first {kind}"),
                view(&first, &|found| found),
                is_code,
            );
            self.see(
                &format!("{name}, last {kind}"),
                view(&last, &|found| found),
                is_code,
            );
            if let Some(size) = page {
                let within = |found: usize| found % size;
                self.see(
                    &format!("{name}, {kind} within its page"),
                    view(&last, &within),
                    is_code,
                );
            }
        }
    }

    fn see(&mut self, name: &str, order: BTreeMap<usize, i128>, is_code: bool) {
        if order.is_empty() {
            return;
        }
        let views = if is_code {
            &mut self.codes
        } else {
            &mut self.responses
        };
        views.push(View {
            name: name.to_owned(),
            order,
        });
    }
}

async fn column(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .filter_map(|row| row.try_get_by_index::<Option<String>>(0).unwrap())
        .collect()
}

/// Rows that begin with a number.
fn numbered(rows: Vec<String>) -> impl Iterator<Item = (i128, String)> {
    rows.into_iter().map(|row| {
        let (number, rest) = row.split_once(' ').unwrap();
        (number.parse().unwrap(), rest.to_owned())
    })
}
