//! Batch after batch from envelopes to the ledger, one request a step, each sent until it is answered.

use std::{collections::BTreeMap, path::Path};

use countmein::{
    app::App,
    config::Config,
    domain::{
        access_code::AccessCode,
        id::WaveId,
        key::WaveKey,
        keying::{Pass, StateName},
        role::Role,
        survey_file,
    },
    service::{add_user, enrolment, issue_codes, load_survey, lookup, open_wave, wave_overview},
    store::{
        self,
        entity::{batch, envelope, response, sheet_entry},
        session::Stage,
    },
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::Server;
use crate::support::{
    Backend, STAFF_PASSWORD,
    browsing::Browser,
    database_url, operator,
    paper::{attitudes_by_code, random_id},
};

const BASE: &str = "/staff/w/co-production-attitudes/now";
/// Envelopes, and sheets, of a batch.
const SHEETS: usize = 4;
const CODES: usize = 4_000;
const PEOPLE: [&str; 3] = ["ann@example.org", "ben@example.org", "cat@example.org"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Answered,
    /// The server is gone, and nobody knows whether it did what it was asked.
    Broken,
}

/// One request, with everything that a second sending repeats.
#[derive(Debug, Clone)]
enum Step {
    OpenBag,
    Scan {
        code: AccessCode,
        id: String,
    },
    OpenBatch,
    Claim(usize),
    Key {
        who: usize,
        pass: Pass,
        sheet: usize,
        content: String,
        id: String,
    },
    Finish {
        who: usize,
        pass: Pass,
    },
    Count,
}

pub struct Journey {
    app: App,
    wave: WaveId,
    key: WaveKey,
    database: String,
    folder: TempDir,
    tokens: Vec<String>,
    codes: Vec<AccessCode>,
    pub rng: StdRng,
    /// What is left to do of the batch at work; the next step last.
    steps: Vec<Step>,
    /// How often the next step has been sent.
    sent: usize,
    batches: u32,
    bag: i64,
    /// What was acknowledged.
    scanned: u64,
    keyed: BTreeMap<(u32, &'static str, usize), String>,
    counted: Vec<String>,
    truth: Vec<String>,
}

impl Journey {
    pub async fn begin(backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = database_url(backend).await;
        let app = App::start(Config {
            data_dir: folder.path().join("data"),
            database_url: database.clone(),
            ..Config::default()
        })
        .await
        .unwrap();
        let services = &app.services;
        let plan = survey_file::read(&attitudes_by_code()).unwrap().plan;
        load_survey::load(services, &operator(), plan)
            .await
            .unwrap();
        let key: WaveKey = "co-production-attitudes/now".parse().unwrap();
        open_wave::open(services, &operator(), &key).await.unwrap();
        let codes = issue_codes::issue(services, &operator(), &key, CODES)
            .await
            .unwrap();
        let mut tokens = Vec::new();
        for email in PEOPLE {
            tokens.push(session(&app, email).await);
        }
        let wave = lookup::find_now(services, &key).await.unwrap().wave.id;
        let seed = rand::random();
        println!("seed {seed}");
        Self {
            app,
            wave,
            key,
            database,
            folder,
            tokens,
            codes,
            rng: StdRng::seed_from_u64(seed),
            steps: Vec::new(),
            sent: 0,
            batches: 0,
            bag: 0,
            scanned: 0,
            keyed: BTreeMap::new(),
            counted: Vec::new(),
            truth: Vec::new(),
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    /// The steps of the next batch, in order. The second keying differs from the first in one place.
    fn plan(&mut self) {
        let mut steps = vec![Step::OpenBag];
        let id = || random_id().as_str().to_owned();
        for _ in 0..SHEETS {
            let code = self.codes.pop().unwrap();
            steps.push(Step::Scan { code, id: id() });
        }
        steps.push(Step::OpenBatch);
        self.truth = (0..SHEETS).map(|_| marks(&mut self.rng)).collect();
        let wrong = self.rng.random_range(0..SHEETS);
        for (who, pass) in [(0, Pass::First), (1, Pass::Second)] {
            steps.push(Step::Claim(who));
            for (place, content) in self.truth.iter().enumerate() {
                let mut content = content.clone();
                if pass == Pass::Second && place == wrong {
                    content.replace_range(0..1, "-");
                }
                let sheet = place + 1;
                steps.push(Step::Key {
                    who,
                    pass,
                    sheet,
                    content,
                    id: id(),
                });
            }
            steps.push(Step::Finish { who, pass });
        }
        steps.push(Step::Claim(2));
        steps.push(Step::Key {
            who: 2,
            pass: Pass::Decision,
            sheet: wrong + 1,
            content: self.truth[wrong].clone(),
            id: id(),
        });
        steps.push(Step::Finish {
            who: 2,
            pass: Pass::Decision,
        });
        steps.push(Step::Count);
        steps.reverse();
        self.steps = steps;
        self.sent = 0;
    }

    pub async fn one_step(&mut self, url: &str) -> Progress {
        if self.steps.is_empty() {
            self.plan();
        }
        let step = self.steps.last().cloned().unwrap();
        // Whoever comes back looks at the list before they do again what would do it twice.
        if self.sent > 0 && self.is_done(&step).await {
            return self.acknowledged(&step);
        }
        self.sent += 1;
        let (who, path, fields) = self.request(&step);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let browser = Browser::with_session(url, &self.tokens[who]);
        let Some(page) = browser.try_post(&path, &fields).await else {
            return Progress::Broken;
        };
        if page.body.is_empty() && page.location.is_none() {
            return Progress::Broken;
        }
        assert!(
            page.status == 200 || page.status == 303,
            "{step:?}: {} {}",
            page.status,
            page.body
        );
        if let (Step::OpenBag, Some(location)) = (&step, &page.location) {
            self.bag = location.rsplit('/').next().unwrap().parse().unwrap();
        }
        self.acknowledged(&step)
    }

    fn request(&self, step: &Step) -> (usize, String, Vec<(&'static str, String)>) {
        let batch = format!("{BASE}/batches/{}", self.batches);
        match step {
            Step::OpenBag => (
                0,
                format!("{BASE}/post/bags"),
                vec![("arrival", "in-time".to_owned())],
            ),
            Step::Scan { code, id } => (
                0,
                format!("{BASE}/post/bags/{}", self.bag),
                vec![
                    ("kind", "code".to_owned()),
                    ("code", code.to_string()),
                    ("scan", id.clone()),
                ],
            ),
            Step::OpenBatch => (
                2,
                format!("{BASE}/batches"),
                vec![
                    ("envelopes", SHEETS.to_string()),
                    ("sheets", SHEETS.to_string()),
                ],
            ),
            Step::Claim(who) => (*who, format!("{batch}/claim"), Vec::new()),
            Step::Key {
                who,
                pass,
                sheet,
                content,
                id,
            } => (
                *who,
                match pass {
                    Pass::Decision => format!("{batch}/differences"),
                    _ => format!("{batch}/key"),
                },
                vec![
                    ("pass", pass.to_string()),
                    ("sheet", sheet.to_string()),
                    ("seen", "0".to_owned()),
                    ("content", content.clone()),
                    ("seconds", "9".to_owned()),
                    ("client", id.clone()),
                ],
            ),
            Step::Finish { who, pass } => (
                *who,
                format!("{batch}/finish"),
                vec![("pass", pass.to_string()), ("found", SHEETS.to_string())],
            ),
            Step::Count => (2, format!("{batch}/count"), Vec::new()),
        }
    }

    /// Whether a step that had no answer was done all the same. A scan and a sheet have numbers of
    /// their own, and are simply sent again.
    async fn is_done(&self, step: &Step) -> bool {
        match step {
            Step::OpenBag | Step::Scan { .. } | Step::Key { .. } | Step::Claim(_) => false,
            Step::OpenBatch => {
                let all = batch::Entity::find().count(&self.app.services.db).await;
                all.unwrap() > u64::from(self.batches)
            }
            Step::Finish { pass, .. } => {
                let at_work = match pass {
                    Pass::First => StateName::FirstKeying,
                    Pass::Second => StateName::SecondKeying,
                    Pass::Decision => StateName::Resolving,
                };
                self.state().await != at_work.as_str()
            }
            Step::Count => self.state().await == StateName::Counted.as_str(),
        }
    }

    async fn state(&self) -> String {
        let row = batch::Entity::find()
            .filter(batch::Column::Number.eq(i64::from(self.batches)))
            .one(&self.app.services.db)
            .await;
        row.unwrap().unwrap().state
    }

    fn acknowledged(&mut self, step: &Step) -> Progress {
        self.steps.pop();
        self.sent = 0;
        match step {
            Step::OpenBag | Step::Claim(_) | Step::Finish { .. } => {}
            Step::Scan { .. } => self.scanned += 1,
            Step::OpenBatch => self.batches += 1,
            Step::Key {
                pass,
                sheet,
                content,
                ..
            } => {
                let place = (self.batches, pass.as_str(), *sheet);
                self.keyed.insert(place, content.clone());
            }
            Step::Count => self.counted.append(&mut self.truth),
        }
        Progress::Answered
    }

    pub async fn finish_what_was_begun(&mut self) {
        let server = Server::start(self.folder(), self.database(), "error");
        let url = server.url.clone();
        while !self.steps.is_empty() {
            assert_eq!(self.one_step(&url).await, Progress::Answered);
        }
        server.terminate();
    }

    /// The tables hold what was acknowledged, and nothing else.
    pub async fn check(self) {
        let db = &self.app.services.db;
        assert!(self.batches > 5, "{} batches", self.batches);
        let accepted = envelope::Entity::find().count(db).await.unwrap();
        assert_eq!(accepted, self.scanned);
        let entries = sheet_entry::Entity::find().all(db).await.unwrap();
        assert_eq!(entries.len(), self.keyed.len());
        let numbers: BTreeMap<i64, u32> = batch::Entity::find()
            .all(db)
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.id, u32::try_from(row.number).unwrap()))
            .collect();
        for entry in entries {
            let pass: Pass = entry.pass.parse().unwrap();
            let sheet = usize::try_from(entry.sheet).unwrap();
            let place = (numbers[&entry.batch_id], pass.as_str(), sheet);
            assert_eq!(self.keyed[&place], entry.content);
        }
        let rows = response::Entity::find().all(db).await.unwrap();
        let mut found: Vec<String> = rows.into_iter().map(|row| row.answers).collect();
        let mut sent = self.counted;
        found.sort();
        sent.sort();
        assert_eq!(found, sent);
        let books = wave_overview::overview(&self.app.services, &self.key).await;
        let books = books.unwrap().conservation;
        assert!(books.balances(), "{books}");
        let paper = store::keying_work::rows(db, self.wave).await.unwrap();
        assert_eq!((paper.unopened(), paper.envelopes_at_work), (0, 0));
        println!("{} batches, {} sheets", self.batches, sent.len());
    }
}

fn marks(rng: &mut StdRng) -> String {
    (0..7)
        .map(|_| char::from(b'1' + rng.random_range(0..5)))
        .collect()
}

/// A new member of staff, logged in.
async fn session(app: &App, email: &str) -> String {
    let services = &app.services;
    let role = Role::Coordinator;
    let user = add_user::add_user(
        services,
        &operator(),
        email,
        STAFF_PASSWORD.to_owned(),
        role,
    )
    .await
    .unwrap();
    enrolment::give(services, &operator(), user).await.unwrap();
    let token = format!("{}{}", random_id().as_str(), random_id().as_str());
    let hash = countmein::domain::hex::hex(&Sha256::digest(token.as_bytes()));
    store::session::start(&services.db, &hash, user, Stage::Full, services.now())
        .await
        .unwrap();
    token
}
