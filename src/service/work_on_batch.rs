//! Taking a pile, putting it back, coming to its end, counting it again, and starting it anew.

use std::sync::Arc;

use super::{
    Services,
    change_batch::{PaperError, change},
};
use crate::domain::{
    audit::{Act, Actor},
    key::WaveKey,
    keying::{Batch, Pass},
    two_person::Reason,
};

/// Takes a pile for the work that it waits for.
pub async fn claim(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
) -> Result<Batch, PaperError> {
    change(services, actor, key, number, |state, step| {
        Ok((state.claim(step.who, step.now)?, None))
    })
    .await
}

/// Puts a pile back; what was keyed stays.
pub async fn release(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
) -> Result<Batch, PaperError> {
    change(services, actor, key, number, |state, step| {
        Ok((state.release(step.who)?, None))
    })
    .await
}

/// The end of the first or the second keying. `found` is the number of sheets in the pile.
pub async fn finish_pass(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
    pass: Pass,
    found: u32,
) -> Result<Batch, PaperError> {
    let wave = key.clone();
    change(services, actor, key, number, move |state, step| {
        let state = match pass {
            Pass::First | Pass::Second => state.finish_pass(step.who, pass, found, step.now)?,
            Pass::Decision => state.finish_resolving(step.who, step.now)?,
        };
        let act = Act::KeyingFinished {
            wave,
            batch: number,
            pass: pass.as_str().to_owned(),
        };
        Ok((state, Some(act)))
    })
    .await
}

/// The pile is counted again, by somebody else than whoever counted it last.
pub async fn count_pile(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
    sheets: u32,
    reason: Reason,
) -> Result<Batch, PaperError> {
    let wave = key.clone();
    change(services, actor, key, number, move |state, step| {
        let state = state.count_pile(step.who, sheets, reason)?;
        let act = Act::PileCounted {
            wave,
            batch: number,
            sheets,
        };
        Ok((state, Some(act)))
    })
    .await
}

/// The wrong pile was keyed, or sheets were mixed up: everything is keyed anew.
pub async fn restart(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
    reason: Reason,
) -> Result<Batch, PaperError> {
    let wave = key.clone();
    change(services, actor, key, number, move |state, _| {
        let act = Act::BatchRestarted {
            wave,
            batch: number,
            reason: reason.as_str().to_owned(),
        };
        Ok((state.restart()?, Some(act)))
    })
    .await
}
