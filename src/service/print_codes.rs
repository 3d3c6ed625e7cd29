//! The codes of a run, for whoever prints them; and forgetting them once that is done.

use std::collections::HashMap;

use futures_util::FutureExt;

use super::{
    Services,
    audited::{self, Recorder},
    lookup::{self, Asked, LookupError},
    make_codes::SealedCode,
};
use crate::{
    domain::{
        access_code::AccessCode,
        audit::{Act, Actor},
        code_run::{IssuedCode, Recipient, RunKind},
        id::CodeRunId,
        key::WaveKey,
        sealed::Purpose,
    },
    store::{
        self, StoreError,
        code_run::{Addressee, CodeRun},
    },
};

/// A run whose codes are at hand.
#[derive(Debug)]
pub struct Opened {
    pub asked: Asked,
    pub kind: RunKind,
    pub entries: Vec<IssuedCode>,
}

#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("there is no run {0} of codes in this wave")]
    UnknownRun(CodeRunId),
    #[error("the codes of run {0} are forgotten here: they stand on the paper that was printed")]
    Forgotten(CodeRunId),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens the seal of a run. That somebody has seen the codes is on record.
pub async fn open(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    id: CodeRunId,
) -> Result<Opened, PrintError> {
    let (asked, run) = find(services, key, id).await?;
    let sealed = run.sealed.ok_or(PrintError::Forgotten(id))?;
    let people = store::code_run::people(&services.db, id).await?;
    let mut people: HashMap<i64, Addressee> = people
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let entries = unseal(services, &sealed)?
        .into_iter()
        .filter_map(|(code, id)| {
            let person = match id {
                None => None,
                // A code of somebody who was taken off the roll is not printed.
                Some(id) => Some(recipient(people.remove(&id)?)),
            };
            Some(IssuedCode { code, person })
        })
        .collect();
    let act = Act::CodesPrinted {
        wave: key.clone(),
        run: id,
    };
    audited::note_done(services, actor, act).await?;
    Ok(Opened {
        asked,
        kind: run.kind,
        entries,
    })
}

fn recipient(person: Addressee) -> Recipient {
    Recipient {
        serial: person.serial,
        name: person.name,
        address: person.address,
    }
}

fn unseal(services: &Services, sealed: &str) -> Result<Vec<(AccessCode, Option<i64>)>, StoreError> {
    let broken = |error: &dyn std::fmt::Display| store::inconsistent("code_run", "sealed", error);
    let plain = services.keys.seal.unseal(Purpose::CodeRun, sealed);
    let plain = plain.map_err(|error| broken(&error))?;
    let entries: Vec<SealedCode> = serde_json::from_str(&plain).map_err(|error| broken(&error))?;
    entries
        .into_iter()
        .map(|entry| {
            let code = entry.code.parse::<AccessCode>();
            Ok((code.map_err(|error| broken(&error))?, entry.person))
        })
        .collect()
}

/// Forgets the codes of a run: from now on they stand on paper alone. Twice is no error.
pub async fn forget(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    id: CodeRunId,
) -> Result<(), PrintError> {
    find(services, key, id).await?;
    let recorder = Recorder::new(services, actor);
    let act = Act::CodesForgotten {
        wave: key.clone(),
        run: id,
    };
    store::write(&services.db, move |tx| {
        async move {
            if store::code_run::wipe(tx, id, recorder.now()).await? {
                recorder.note(tx, act).await?;
            }
            Ok::<_, PrintError>(())
        }
        .boxed()
    })
    .await
}

async fn find(
    services: &Services,
    key: &WaveKey,
    id: CodeRunId,
) -> Result<(Asked, CodeRun), PrintError> {
    let asked = lookup::find_now(services, key).await?;
    let run = store::code_run::find(&services.db, asked.wave.id, id).await?;
    Ok((asked, run.ok_or(PrintError::UnknownRun(id))?))
}
