//! Making access codes for a wave: a list, cards, letters to the roll or mails to it. Only their
//! hashes are kept, and, until somebody says that they are printed, the codes themselves under seal.

use std::sync::Arc;

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use super::{
    Services,
    audited::Recorder,
    lookup::{self, Asked, LookupError},
    notify,
};
use crate::{
    domain::{
        access_code::AccessCode,
        audit::{Act, Actor},
        code_run::RunKind,
        id::CodeRunId,
        key::WaveKey,
        notice::{Invitation, Notice},
        sealed::Purpose,
        wave::{AccessRule, WaveState},
    },
    store::{
        self, StoreError,
        code_run::{Addressee, NewRun},
    },
};

pub const MOST_AT_ONCE: usize = 100_000;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    List(usize),
    Cards(usize),
    /// One for each person of the roll who can be reached by post and has none.
    Letters,
    /// The same by e-mail.
    Mails,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub run: CodeRunId,
    pub codes: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    #[error("ask for 1 to {MOST_AT_ONCE} codes at a time")]
    Count,
    #[error(
        "wave “{0}” is open to everyone and needs no codes: its survey file says access = \"open\""
    )]
    NotByCode(WaveKey),
    #[error("wave “{0}” is closed: codes made now could not be used")]
    Over(WaveKey),
    #[error(
        "nobody on the roll of “{0}” waits for a code that way: import the roll first; if everyone has a code, print the run that was made, as long as it is not forgotten"
    )]
    NobodyWaits(WaveKey),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Wanted {
    fn kind(self) -> RunKind {
        match self {
            Self::List(_) => RunKind::List,
            Self::Cards(_) => RunKind::Cards,
            Self::Letters => RunKind::Letters,
            Self::Mails => RunKind::Mails,
        }
    }
}

/// What the seal of a run holds: each code, and the place on the roll of the person it is for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SealedCode {
    pub code: String,
    pub person: Option<i64>,
}

pub async fn make(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    wanted: Wanted,
) -> Result<Made, MakeError> {
    if let Wanted::List(count) | Wanted::Cards(count) = wanted
        && !(1..=MOST_AT_ONCE).contains(&count)
    {
        return Err(MakeError::Count);
    }
    let asked = lookup::find_now(services, key).await?;
    let recorder = Recorder::new(services, actor);
    let worker = Arc::clone(services);
    store::write(&services.db, move |tx| {
        async move {
            let made = make_in(&worker, tx, &recorder, &asked, wanted).await?;
            let act = Act::CodesMade {
                wave: asked.wave.key.clone(),
                kind: wanted.kind(),
                codes: u64::try_from(made.codes).unwrap_or(u64::MAX),
            };
            recorder.note(tx, act).await?;
            Ok::<_, MakeError>(made)
        }
        .boxed()
    })
    .await
}

async fn make_in(
    services: &Services,
    tx: &DatabaseTransaction,
    recorder: &Recorder,
    asked: &Asked,
    wanted: Wanted,
) -> Result<Made, MakeError> {
    let id = asked.wave.id;
    let (wave, _) = store::wave::lock(tx, id).await?;
    if wave.spec.access != AccessRule::Code {
        return Err(MakeError::NotByCode(wave.key));
    }
    if matches!(wave.state, WaveState::Closed(_) | WaveState::Published(_)) {
        return Err(MakeError::Over(wave.key));
    }
    let (count, people) = match wanted {
        Wanted::List(count) | Wanted::Cards(count) => (count, Vec::new()),
        Wanted::Letters | Wanted::Mails => {
            let people = store::code_run::take_waiting(tx, id, wanted.kind()).await?;
            (people.len(), people)
        }
    };
    if count == 0 {
        return Err(MakeError::NobodyWaits(wave.key));
    }
    let mut rng = services.randomness.generator();
    let codes: Vec<AccessCode> = (0..count).map(|_| AccessCode::random(&mut rng)).collect();
    let hashes: Vec<_> = codes
        .iter()
        .map(|code| code.hash(&services.keys.code))
        .collect();
    store::entitlement::issue(tx, id, &hashes).await?;
    // Each mail has its own code under a seal of its own, and nobody prints any.
    let sealed = if wanted == Wanted::Mails {
        invite(services, tx, recorder, asked, &people, &codes).await?;
        None
    } else {
        Some(seal(services, &people, &codes)?)
    };
    let run = NewRun {
        wave: id,
        kind: wanted.kind(),
        codes: count,
        sealed,
    };
    let run = store::code_run::add(tx, run, recorder.now()).await?;
    store::code_run::give(tx, run, &people).await?;
    Ok(Made { run, codes: count })
}

fn seal(
    services: &Services,
    people: &[Addressee],
    codes: &[AccessCode],
) -> Result<String, StoreError> {
    let broken = |error: &dyn std::fmt::Display| store::inconsistent("code_run", "sealed", error);
    let entries: Vec<SealedCode> = codes
        .iter()
        .enumerate()
        .map(|(place, code)| SealedCode {
            code: code.symbols(),
            person: people.get(place).map(|person| person.id),
        })
        .collect();
    let plain = serde_json::to_string(&entries).map_err(|error| broken(&error))?;
    let mut rng = services.randomness.generator();
    let sealed = services.keys.seal.seal(Purpose::CodeRun, &plain, &mut rng);
    sealed.map_err(|error| broken(&error))
}

async fn invite(
    services: &Services,
    tx: &DatabaseTransaction,
    recorder: &Recorder,
    asked: &Asked,
    people: &[Addressee],
    codes: &[AccessCode],
) -> Result<(), StoreError> {
    let survey = &asked.survey.survey;
    let mut notices = Vec::with_capacity(people.len());
    for (person, code) in people.iter().zip(codes) {
        let notice = Notice::Invitation(Box::new(Invitation {
            name: person.name.clone(),
            survey: survey.title.clone(),
            languages: survey.languages.clone(),
            code: code.to_string(),
            closes: asked.wave.spec.closes,
            offset_minutes: asked.wave.spec.offset_minutes,
        }));
        let recipient = person.email.as_deref().unwrap_or_default();
        notices.push(notify::seal(
            services,
            recipient,
            &notice,
            Some(asked.wave.id),
        )?);
    }
    store::outbox::enqueue_notices(tx, notices, recorder.now()).await
}
