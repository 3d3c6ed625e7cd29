//! Keying one sheet, and deciding on one. What is sent twice is kept once.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{
    Services,
    change_batch::{PaperError, locked, open_wave, person},
};
use crate::{
    domain::{
        audit::Actor,
        id::UserId,
        key::WaveKey,
        keying::{Batch, ClientId, KeyingError, NewEntry, Pass, SheetContent, SheetForm},
    },
    store,
};

/// A sheet as a browser sends it.
#[derive(Debug, Clone)]
pub struct Typed {
    pub pass: Pass,
    pub sheet: u32,
    /// The version that was before the keyer; 0 for a sheet that they saw as new.
    pub seen: u32,
    pub content: String,
    pub seconds: u32,
    pub client: ClientId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    As {
        revision: u32,
    },
    /// The sheet has another version than the one that the keyer saw: nothing was kept.
    Stale {
        revision: u32,
        content: SheetContent,
    },
    /// Somebody else has keyed the sheet meanwhile, for the first time. Whoever has keyed none of these
    /// sheets is not told what: they may yet key them the second time.
    Overtaken {
        revision: u32,
    },
}

pub async fn key(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
    typed: Typed,
) -> Result<Kept, PaperError> {
    let asked = open_wave(services, key).await?;
    let who = person(actor)?;
    let now = services.now();
    let form = SheetForm::of(&asked.survey.survey);
    let new = NewEntry {
        sheet: typed.sheet,
        seen: typed.seen,
        content: form.read(&typed.content).map_err(KeyingError::from)?,
        seconds: typed.seconds,
    };
    store::write(&services.db, move |tx| {
        async move {
            let batch = locked(tx, &asked, number).await?;
            if let Some(revision) = kept_before(tx, &batch, who, &typed, &new).await? {
                return Ok(Kept::As { revision });
            }
            let state = match typed.pass {
                Pass::Decision => batch.state.clone().decide(who, &new, now),
                pass => batch.state.clone().key(who, pass, &new, now),
            };
            let state = match state {
                Err(KeyingError::Stale { now, .. }) => return Ok(stale(&batch, who, &typed, now)),
                other => other?,
            };
            let batch = Batch { state, ..batch };
            let place = (typed.pass, typed.sheet);
            if !store::keying::add_entry(tx, &batch, place, &typed.client, now).await? {
                return Err(PaperError::ClientIdReused);
            }
            store::keying::set_state(tx, batch.id, &batch.state).await?;
            Ok(Kept::As {
                revision: new.seen + 1,
            })
        }
        .boxed()
    })
    .await
}

/// The version that the same save became, when it came before.
async fn kept_before(
    tx: &sea_orm::DatabaseTransaction,
    batch: &Batch,
    who: UserId,
    typed: &Typed,
    new: &NewEntry,
) -> Result<Option<u32>, PaperError> {
    let Some(saved) = store::keying::saved(tx, &typed.client).await? else {
        return Ok(None);
    };
    let is_same = saved.batch == batch.id
        && saved.pass == typed.pass
        && saved.sheet == typed.sheet
        && saved.by == who
        && saved.content == new.content.to_string();
    if is_same {
        Ok(Some(saved.revision))
    } else {
        Err(PaperError::ClientIdReused)
    }
}

fn stale(batch: &Batch, who: UserId, typed: &Typed, revision: u32) -> Kept {
    let papers = batch.state.papers();
    if typed.pass == Pass::First && !papers.has_keyed(Pass::First, who) {
        return Kept::Overtaken { revision };
    }
    let entry = papers.entry(typed.pass, typed.sheet);
    Kept::Stale {
        revision,
        content: entry.map_or(SheetContent::Blank, |entry| entry.content.clone()),
    }
}
