//! A participant begins: the wave takes answers, and an access code, where there has to be one, is
//! good.

use futures_util::FutureExt;

use super::{
    Services,
    lookup::{self, Asked, LookupError},
    throttle::{NetworkKey, Stopped},
    wrong_codes::LookedUp,
};
use crate::{
    domain::{
        access_code::{AccessCode, AccessCodeError},
        channel::Channel,
        id::WaveId,
        key::WaveKey,
        moment::Moment,
        receipt::VisitToken,
        wave::{AccessRule, NotAccepting},
    },
    store::{self, StoreError, entitlement::Standing},
    tally::report::RefusalReason,
};

#[derive(Debug, Clone)]
pub struct Started {
    pub asked: Asked,
    pub token: VisitToken,
    pub code: Option<AccessCode>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("this wave takes no answers now")]
    NotAccepting(NotAccepting),
    #[error("this wave needs an access code")]
    CodeMissing,
    #[error(transparent)]
    CodeMistyped(#[from] AccessCodeError),
    #[error("this access code was not issued for this wave")]
    CodeUnknown,
    #[error("this access code has been counted already")]
    CodeAlreadyCounted,
    #[error("too many codes that were never issued came from this network")]
    TooManyWrongCodes(Stopped),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn start(
    services: &Services,
    wave: &WaveKey,
    typed_code: Option<&str>,
    network: &NetworkKey,
    received: Moment,
) -> Result<Started, StartError> {
    let asked = lookup::find(services, wave).await?;
    asked
        .wave
        .accepts(Channel::Online, received)
        .map_err(StartError::NotAccepting)?;
    let code = match asked.wave.spec.access {
        AccessRule::Open => None,
        AccessRule::Code => {
            Some(unspent_code(services, asked.wave.id, typed_code, network, received).await?)
        }
    };
    let token = VisitToken::random(&mut services.randomness.generator());
    Ok(Started { asked, token, code })
}

/// The wave, in whichever state it is, that a typed code was issued for.
pub async fn wave_of_code(
    services: &Services,
    typed_code: Option<&str>,
    network: &NetworkKey,
    now: Moment,
) -> Result<WaveKey, StartError> {
    let waves = store::wave::all(&services.db).await?;
    let by_code = waves
        .iter()
        .filter(|wave| wave.spec.access == AccessRule::Code);
    let ids: Vec<WaveId> = by_code.map(|wave| wave.id).collect();
    let found = look_up(services, &ids, typed_code, network, now).await?;
    let wave = waves.into_iter().find(|wave| wave.id == found.wave);
    wave.map(|wave| wave.key).ok_or(StartError::CodeUnknown)
}

/// A code that was issued.
struct Found {
    wave: WaveId,
    code: AccessCode,
    standing: Standing,
}

/// Every look-up of a typed code goes through here. A typing error is found without one.
async fn look_up(
    services: &Services,
    among: &[WaveId],
    typed: Option<&str>,
    network: &NetworkKey,
    now: Moment,
) -> Result<Found, StartError> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    let code: AccessCode = typed.ok_or(StartError::CodeMissing)?.parse()?;
    let hash = code.hash(&services.keys.code);
    let known = store::entitlement::find(&services.db, among, &hash);
    match services.wrong_codes.look_up(network, now, known).await? {
        LookedUp::Known((wave, standing)) => Ok(Found {
            wave,
            code,
            standing,
        }),
        // Not noted: whoever guesses would write a row for each guess, and fill the published table
        // of what was not counted.
        LookedUp::Unknown => Err(StartError::CodeUnknown),
        LookedUp::Stopped(stopped) => Err(StartError::TooManyWrongCodes(stopped)),
    }
}

async fn unspent_code(
    services: &Services,
    wave: WaveId,
    typed: Option<&str>,
    network: &NetworkKey,
    now: Moment,
) -> Result<AccessCode, StartError> {
    let found = look_up(services, &[wave], typed, network, now).await?;
    match found.standing {
        Standing::Unused => return Ok(found.code),
        Standing::Spent => {}
    }
    let reason = RefusalReason::CodeAlreadyCounted;
    store::write(&services.db, move |tx| {
        async move { store::ledger::note_refused(tx, wave, reason, 1).await }.boxed()
    })
    .await?;
    Err(StartError::CodeAlreadyCounted)
}
