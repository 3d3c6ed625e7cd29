//! A town votes: people come one by one and in small groups, in random order, to a server process that
//! logs all it can; papers are imported singly and in piles. The town knows who cast which ballot.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use countmein::{
    app::App,
    config::Config,
    domain::{
        access_code::AccessCode, audit::Actor, channel::Channel, envelope::Arrival, id::WaveId,
        key::WaveKey, keying::Pass, role::Role, survey_file,
    },
    service::{
        add_user, close_wave, count_batch,
        import_responses::{Options, import},
        issue_codes, key_sheet, load_survey, lookup, open_batch, open_wave,
        receive_envelope::{self, Presented},
        work_on_batch,
    },
    store::entity::response,
};
use futures_util::future::join_all;
use rand::{Rng, RngExt, seq::SliceRandom};
use sea_orm::{ConnectionTrait, EntityTrait};
use tempfile::TempDir;

use crate::{
    operations::process::Server,
    support::{
        Backend, STAFF_PASSWORD, database_url,
        line::Line,
        numbered::{answers, draft, marked, survey},
        operator, paper,
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
        let envelopes: Vec<&Voter> = enveloped
            .iter()
            .filter(|voter| voter.wave == wave)
            .copied()
            .collect();
        staff.count_envelopes(app, &key(wave), &envelopes).await;
    }
}

/// Those who handle the envelopes: two keyers, and one who counts.
struct Staff([Actor; 3]);

impl Staff {
    async fn hired(app: &App) -> Self {
        let mut actors = Vec::new();
        for email in ["ann@example.org", "ben@example.org", "cat@example.org"] {
            let (role, password) = (Role::Coordinator, STAFF_PASSWORD.to_owned());
            let user = add_user::add_user(&app.services, &operator(), email, password, role).await;
            actors.push(Actor::staff(user.unwrap(), email, role, ""));
        }
        Self(actors.try_into().unwrap())
    }

    async fn count_envelopes(&self, app: &App, key: &WaveKey, envelopes: &[&Voter]) {
        let s = &app.services;
        let [ann, ben, cat] = &self.0;
        let bag = receive_envelope::open_bag(s, ann, key, Arrival::InTime).await;
        let bag = bag.unwrap();
        for voter in envelopes {
            let presented = Presented::Code {
                typed: voter.code.to_string(),
                is_second: false,
            };
            let id = paper::random_id();
            receive_envelope::receive(s, ann, key, bag, id, presented)
                .await
                .unwrap();
        }
        let count = u32::try_from(envelopes.len()).unwrap();
        let batch = open_batch::open(s, ann, key, count, count).await.unwrap();
        for (who, pass) in [(ann, Pass::First), (ben, Pass::Second)] {
            work_on_batch::claim(s, who, key, batch).await.unwrap();
            for (sheet, voter) in (1..).zip(envelopes) {
                let typed = paper::typed(pass, sheet, &answers(voter.number));
                key_sheet::key(s, who, key, batch, typed).await.unwrap();
            }
            let done = work_on_batch::finish_pass(s, who, key, batch, pass, count).await;
            done.unwrap();
        }
        let counted = count_batch::count(s, cat, key, batch).await.unwrap();
        assert_eq!(counted.responses, count);
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

fn is_imported(voter: &Voter) -> bool {
    voter.channel == Channel::Postal && !voter.by_envelope
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
        .map(|voter| Person {
            wave: voter.id,
            channel: voter.channel,
            code_hash: voter.code.hash(&services.keys.code).as_str().to_owned(),
            code: voter.code,
            paper: is_imported(&voter).then(|| {
                let paper = countmein::domain::receipt::AdmissionKey::of_paper(
                    &services.keys.code,
                    voter.id,
                    &voter.sheet,
                );
                paper.as_str().to_owned()
            }),
            public_id: by_ballot[&(voter.id.0, answers(voter.number))].clone(),
            answers: answers(voter.number),
            number: voter.number,
            by_envelope: voter.by_envelope,
            sheet: is_imported(&voter).then_some(voter.sheet),
        })
        .collect()
}
