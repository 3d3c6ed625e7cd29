//! A town votes: people come one by one and in small groups, in random order, to a server process that
//! logs all it can; papers are imported singly and in piles. The town knows who cast which ballot.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use countmein::{
    app::App,
    config::Config,
    domain::{
        access_code::AccessCode, channel::Channel, id::WaveId, key::WaveKey, receipt::AdmissionKey,
        survey_file,
    },
    service::{
        close_wave,
        import_responses::{Options, import},
        issue_codes, load_survey, lookup, open_wave,
    },
    store::entity::response,
};
use futures_util::future::join_all;
use rand::{Rng, RngExt, seq::SliceRandom};
use sea_orm::{ConnectionTrait, EntityTrait};
use tempfile::TempDir;

use super::envelopes::Staff;
use crate::{
    operations::process::Server,
    support::{
        Backend, database_url,
        line::Line,
        numbered::{answers, draft, marked, survey},
        operator,
    },
};

pub const WAVES: [&str; 5] = ["w1", "w2", "w3", "w4", "w5"];
/// A wave that stays open when the others close.
const LATER: &str = "later";
/// How many vote in it before that, and how many after.
const BEFORE_AND_AFTER: usize = 6;
const ONLINE: usize = 36;
const POSTAL: usize = 20;
/// Envelopes that are opened into one batch a wave, in the order in which they came: nobody mixes the
/// sheets, as they should.
const ENVELOPES: usize = 12;
/// Codes that nobody uses.
const UNUSED: usize = 8;
/// Papers that are imported one by one; the others come in one pile.
const SINGLE_PAPERS: usize = 12;
const LINES: usize = 3;

/// Somebody with a code, and what became of it.
pub struct Person {
    pub wave: WaveId,
    pub channel: Channel,
    pub code: AccessCode,
    pub code_hash: String,
    /// What the sheet of paper, if any, is called in the database.
    pub paper: Option<String>,
    pub public_id: String,
    pub answers: String,
    /// Came in an envelope, and was keyed.
    pub by_envelope: bool,
    number: usize,
    /// The serial number of the sheet of paper.
    sheet: Option<String>,
}

pub struct Town {
    pub app: App,
    pub backend: Backend,
    pub people: Vec<Person>,
    pub folder: TempDir,
    server: Option<Server>,
    later: Vec<Voter>,
}

impl Town {
    /// Everybody has voted; the waves are still open. `prepare` is run on the empty database.
    pub async fn votes(backend: Backend, prepare: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = database_url(backend).await;
        let app = App::start(Config {
            data_dir: folder.path().join("data"),
            database_url: database.clone(),
            ..Config::default()
        })
        .await
        .unwrap();
        app.services.db.execute_unprepared(prepare).await.unwrap();
        let plan = survey_file::read(&survey(&[&WAVES[..], &[LATER]].concat()));
        let plan = plan.unwrap().plan;
        load_survey::load(&app.services, &operator(), plan)
            .await
            .unwrap();
        let mut rng = app.services.randomness.generator();
        let mut numbers: Vec<usize> = (1..1024).collect();
        numbers.shuffle(&mut rng);
        let mut voters = Vec::new();
        for wave in WAVES {
            voters.extend(invite(&app, wave, &mut numbers).await);
        }
        let later = invite(&app, LATER, &mut numbers).await;
        voters.shuffle(&mut rng);
        let server = Server::start(folder.path(), &database, "trace");
        vote(&app, &server.url, &voters, &mut rng).await;
        let mut line = Line::to(&server.url).await;
        for voter in &later[..BEFORE_AND_AFTER] {
            visit(&mut line, voter).await;
        }
        Self {
            people: identify(&app, voters).await,
            app,
            backend,
            folder,
            server: Some(server),
            later,
        }
    }

    /// Ends the taking of answers of every wave but one and waits until the server has closed them.
    /// Votes go on in the one.
    pub async fn closes(&self) {
        self.close_waves().await;
        let mut line = Line::to(&self.server.as_ref().unwrap().url).await;
        for voter in &self.later[BEFORE_AND_AFTER..2 * BEFORE_AND_AFTER] {
            visit(&mut line, voter).await;
        }
    }

    async fn close_waves(&self) {
        for wave in WAVES {
            close_wave::stop_collecting(&self.app.services, &operator(), &key(wave))
                .await
                .unwrap();
        }
        for _ in 0..300 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut open = 0;
            for wave in WAVES {
                let found = lookup::find_now(&self.app.services, &key(wave)).await;
                open += usize::from(found.unwrap().wave.state.name() == "open");
            }
            if open == 0 {
                return;
            }
        }
        panic!("the waves did not close");
    }

    /// Stops the server and returns its log; the database stays in use.
    pub fn log(&mut self) -> String {
        self.server
            .take()
            .map(Server::terminate)
            .unwrap_or_default()
    }

    /// What was imported singly, as files: exactly as they were.
    pub fn single_files(&self) -> Vec<String> {
        let papers = self.people.iter().filter_map(|person| {
            let sheet = person.sheet.as_ref()?;
            Some(file_of(&[[
                person.channel.to_string(),
                sheet.clone(),
                person.code.to_string(),
                marked(person.number).join(" "),
            ]]))
        });
        papers.collect()
    }
}

fn file_of(rows: &[[String; 4]]) -> String {
    let lines = rows.iter().map(|cells| cells.join(",") + "\n");
    std::iter::once("channel,ref,code,projects\n".to_owned())
        .chain(lines)
        .collect()
}

pub fn key(wave: &str) -> WaveKey {
    format!("numbered/{wave}").parse().unwrap()
}

struct Voter {
    wave: &'static str,
    id: WaveId,
    channel: Channel,
    code: AccessCode,
    /// The number on the ballot, different for everybody in a wave.
    number: usize,
    sheet: String,
    by_envelope: bool,
}

/// Takes a number for everybody off the end of `numbers`.
async fn invite(app: &App, wave: &'static str, numbers: &mut Vec<usize>) -> Vec<Voter> {
    let key = key(wave);
    open_wave::open(&app.services, &operator(), &key)
        .await
        .unwrap();
    let codes = issue_codes::issue(
        &app.services,
        &operator(),
        &key,
        ONLINE + POSTAL + ENVELOPES + UNUSED,
    )
    .await
    .unwrap();
    let id = lookup::find_now(&app.services, &key).await.unwrap().wave.id;
    let numbers = numbers.split_off(numbers.len() - ONLINE - POSTAL - ENVELOPES);
    codes
        .into_iter()
        .zip(numbers)
        .enumerate()
        .map(|(place, (code, number))| Voter {
            wave,
            id,
            channel: if place < ONLINE {
                Channel::Online
            } else {
                Channel::Postal
            },
            code,
            number,
            sheet: format!("{wave}-{place}"),
            by_envelope: place >= ONLINE + POSTAL,
        })
        .collect()
}

async fn vote(app: &App, url: &str, voters: &[Voter], rng: &mut impl Rng) {
    let mut lines = Vec::new();
    for _ in 0..LINES {
        lines.push(Line::to(url).await);
    }
    let online: Vec<&Voter> = of(voters, Channel::Online);
    let (enveloped, postal): (Vec<&Voter>, Vec<&Voter>) = of(voters, Channel::Postal)
        .into_iter()
        .partition(|voter| voter.by_envelope);
    let singles: Vec<&Voter> = WAVES
        .iter()
        .flat_map(|wave| {
            postal
                .iter()
                .filter(|v| v.wave == *wave)
                .take(SINGLE_PAPERS)
        })
        .copied()
        .collect();
    let mut papers = singles.chunks(1);
    let mut coming = online.as_slice();
    while !coming.is_empty() {
        let (group, rest) = coming.split_at(rng.random_range(1..=LINES).min(coming.len()));
        coming = rest;
        let visits = lines.iter_mut().zip(group);
        join_all(visits.map(|(line, voter)| visit(line, voter))).await;
        if rng.random_bool(0.7)
            && let Some(paper) = papers.next()
        {
            import_pile(app, paper).await;
        }
    }
    for paper in papers {
        import_pile(app, paper).await;
    }
    for wave in WAVES {
        let rest = postal.iter().filter(|voter| voter.wave == wave);
        let pile: Vec<&Voter> = rest.skip(SINGLE_PAPERS).copied().collect();
        import_pile(app, &pile).await;
    }
    let staff = Staff::hired(app).await;
    for wave in WAVES {
        let post: Vec<(&AccessCode, String)> = enveloped
            .iter()
            .filter(|voter| voter.wave == wave)
            .map(|voter| (&voter.code, answers(voter.number)))
            .collect();
        staff.count_envelopes(app, &key(wave), &post).await;
    }
}

fn of(voters: &[Voter], channel: Channel) -> Vec<&Voter> {
    let chosen = voters.iter().filter(|voter| voter.channel == channel);
    chosen.collect()
}

async fn visit(line: &mut Line, voter: &Voter) {
    let draft = draft(line, voter.wave, voter.number, &voter.code).await;
    let path = format!("/w/numbered/{}/submit", voter.wave);
    let page = line.post(&path, &[("draft", &draft)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
}

/// A file of papers of one wave.
async fn import_pile(app: &App, pile: &[&Voter]) {
    let rows: Vec<[String; 4]> = pile
        .iter()
        .map(|voter| {
            [
                voter.channel.to_string(),
                voter.sheet.clone(),
                voter.code.to_string(),
                marked(voter.number).join(" "),
            ]
        })
        .collect();
    let file = file_of(&rows);
    let services = Arc::clone(&app.services);
    let done = import(
        &services,
        &operator(),
        &key(pile[0].wave),
        file.as_bytes(),
        Options::default(),
    )
    .await;
    assert_eq!(done.unwrap().counted, pile.len());
}

/// Finds everybody's response by the number on the ballot.
async fn identify(app: &App, voters: Vec<Voter>) -> Vec<Person> {
    let services = &app.services;
    let rows = response::Entity::find().all(&services.db).await.unwrap();
    let by_ballot: BTreeMap<(i64, String), String> = rows
        .into_iter()
        .map(|row| ((row.wave_id, row.answers), row.public_id))
        .collect();
    voters
        .into_iter()
        .map(|voter| {
            let key = &services.keys.code;
            let hash = voter.code.hash(key);
            let sheet = (!voter.by_envelope && voter.channel == Channel::Postal)
                .then(|| voter.sheet.clone());
            Person {
                wave: voter.id,
                channel: voter.channel,
                code_hash: hash.as_str().to_owned(),
                code: voter.code,
                paper: sheet.as_deref().map(|sheet| {
                    let paper = AdmissionKey::of_paper(key, voter.id, sheet);
                    paper.as_str().to_owned()
                }),
                public_id: by_ballot[&(voter.id.0, answers(voter.number))].clone(),
                answers: answers(voter.number),
                number: voter.number,
                by_envelope: voter.by_envelope,
                sheet,
            }
        })
        .collect()
}
