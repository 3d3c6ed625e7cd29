//! One race: everything that can be done with one code, at the same moment.

use std::{sync::Arc, time::Duration};

use countmein::{
    domain::{access_code::AccessCode, channel::Channel, id::WaveId, key::WaveKey},
    service::{
        Services,
        import_responses::{ImportError, Options, import},
    },
    store::StoreError,
};
use tokio::{sync::Barrier, task::JoinSet};

use super::{arena::Arena, careless};
use crate::support::{
    line::Line,
    numbered::{answers, draft, marked},
};

/// Browsers that have begun with the code, and how often each presses the button.
const BROWSERS: usize = 4;
const PRESSES: usize = 14;

/// What staff import, by channel and serial number of the sheet. The first two are one file imported
/// twice, and the third is the same sheet in the other pile.
const SHEETS: [(Channel, &str); 8] = [
    (Channel::Postal, "a"),
    (Channel::Postal, "a"),
    (Channel::Meeting, "a"),
    (Channel::Postal, "b"),
    (Channel::Meeting, "c"),
    (Channel::Postal, "d"),
    (Channel::Meeting, "e"),
    (Channel::Meeting, "f"),
];

/// Submissions of one race, not counting those of the process with a fault.
pub const SUBMISSIONS: usize = BROWSERS * PRESSES + SHEETS.len();

/// What became of one submission.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Told that it is counted, with this receipt.
    Receipt(String),
    Imported(Channel),
    /// Written by the process that does not look.
    Written,
    /// Refused, by the reason given.
    Refused(&'static str),
    /// Anything else: an error that is no reason.
    Broken(String),
}

/// The part of the process with a fault in a race: how many transactions it tries.
#[derive(Debug, Clone, Copy)]
pub struct Careless(pub usize);

/// What one runner of races works with: its connections stay open from race to race.
pub struct Lane {
    services: Arc<Services>,
    key: WaveKey,
    wave: WaveId,
    lines: Vec<Line>,
    careless: Careless,
}

impl Lane {
    pub async fn of(arena: &Arena, careless: Careless) -> Self {
        let urls = arena.urls();
        let mut lines = Vec::with_capacity(BROWSERS * PRESSES);
        for place in 0..BROWSERS * PRESSES {
            lines.push(Line::to(&urls[place % urls.len()]).await);
        }
        Self {
            services: Arc::clone(&arena.app.services),
            key: arena.key.clone(),
            wave: arena.wave,
            lines,
            careless,
        }
    }

    /// Browsers begin, answer and look at what they are about to send. Then all submissions set out.
    pub async fn run(&mut self, race: usize, code: &AccessCode) -> Vec<Outcome> {
        let mut drafts = Vec::with_capacity(BROWSERS);
        for line in &mut self.lines[..BROWSERS] {
            drafts.push(draft(line, "now", race, code).await);
        }
        let all = self.lines.len() + SHEETS.len() + self.careless.0;
        let start = Arc::new(Barrier::new(all));
        let mut runners = JoinSet::new();
        // Who is nearest to the line differs from race to race.
        for group in 0..3 {
            match (group + race) % 3 {
                0 => self.press(&mut runners, &start, &drafts),
                1 => self.import(&mut runners, &start, race, code),
                _ => self.write_carelessly(&mut runners, &start, race, code),
            }
        }
        let mut outcomes = Vec::with_capacity(all);
        while let Some(runner) = runners.join_next().await {
            let (outcome, line) = runner.unwrap();
            outcomes.push(outcome);
            self.lines.extend(line);
        }
        outcomes
    }

    fn press(&mut self, runners: &mut Runners, start: &Arc<Barrier>, drafts: &[String]) {
        for (place, mut line) in self.lines.drain(..).enumerate() {
            // Each draft is pressed at every server process.
            let draft = drafts[place / PRESSES].clone();
            let start = Arc::clone(start);
            runners.spawn(async move {
                start.wait().await;
                let outcome = press(&mut line, &draft).await;
                (outcome, Some(line))
            });
        }
    }

    fn import(&self, runners: &mut Runners, start: &Arc<Barrier>, race: usize, code: &AccessCode) {
        for (channel, sheet) in SHEETS {
            let file = format!(
                "channel,ref,code,projects\n{channel},{race}-{sheet},{code},{}\n",
                marked(race).join(" ")
            );
            let (services, key) = (Arc::clone(&self.services), self.key.clone());
            let start = Arc::clone(start);
            runners.spawn(async move {
                start.wait().await;
                let done = import(
                    &services,
                    &crate::support::operator(),
                    &key,
                    file.as_bytes(),
                    Options::default(),
                )
                .await;
                let outcome = match done {
                    Ok(imported) if imported.counted == 1 => Outcome::Imported(channel),
                    Ok(imported) => Outcome::Broken(format!("{imported:?}")),
                    Err(ImportError::BadRows(rows)) => Outcome::Refused(rows[0].code),
                    Err(ImportError::ImportedBefore) => Outcome::Refused("imported-before"),
                    Err(error) => Outcome::Broken(error.to_string()),
                };
                (outcome, None)
            });
        }
    }

    fn write_carelessly(
        &self,
        runners: &mut Runners,
        start: &Arc<Barrier>,
        race: usize,
        code: &AccessCode,
    ) {
        for place in 0..self.careless.0 {
            let channel = Channel::ALL[place % Channel::ALL.len()];
            let (services, wave) = (Arc::clone(&self.services), self.wave);
            let hash = code.hash(&services.keys.code);
            let start = Arc::clone(start);
            runners.spawn(async move {
                start.wait().await;
                // Late enough for others to win most races; what it finds is then a spent code.
                tokio::time::sleep(Duration::from_millis(5)).await;
                let done = careless::append(&services, wave, hash, channel, answers(race)).await;
                let outcome = match done {
                    Ok(()) => Outcome::Written,
                    Err(error) if is_unique_violation(&error) => Outcome::Refused("unique"),
                    Err(error) => Outcome::Broken(error.to_string()),
                };
                (outcome, None)
            });
        }
    }
}

type Runners = JoinSet<(Outcome, Option<Line>)>;

async fn press(line: &mut Line, draft: &str) -> Outcome {
    line.cookie = None;
    let page = line
        .post("/w/numbered/now/submit", &[("draft", draft)])
        .await;
    match page.status.as_u16() {
        200 => Outcome::Receipt(page.receipt().replace('-', "")),
        409 if page.body.contains("E-CODE-COUNTED") => Outcome::Refused("told online"),
        status => Outcome::Broken(format!("{status}: {}", page.body)),
    }
}

/// The trigger that SQLite asks before its primary key speaks of UNIQUE, too.
fn is_unique_violation(error: &StoreError) -> bool {
    error.to_string().to_lowercase().contains("unique")
}
