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
            Some(good_code(services, asked.wave.id, typed_code, network, received).await?)
        }
    };
    let token = VisitToken::random(&mut services.randomness.generator());
    Ok(Started { asked, token, code })
}

async fn good_code(
    services: &Services,
    wave: WaveId,
    typed: Option<&str>,
    network: &NetworkKey,
    now: Moment,
) -> Result<AccessCode, StartError> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    let code: AccessCode = typed.ok_or(StartError::CodeMissing)?.parse()?;
    let hash = code.hash(&services.keys.code);
    let standing = async {
        let standing = store::entitlement::standing(&services.db, wave, &hash).await?;
        Ok::<_, StoreError>(Some(standing).filter(|standing| *standing != Standing::Unknown))
    };
    match services.wrong_codes.look_up(network, now, standing).await? {
        LookedUp::Known(Standing::Unused) => return Ok(code),
        // Not noted: whoever guesses would write a row for each guess, and fill the published table
        // of what was not counted.
        LookedUp::Unknown | LookedUp::Known(Standing::Unknown) => {
            return Err(StartError::CodeUnknown);
        }
        LookedUp::Stopped(stopped) => return Err(StartError::TooManyWrongCodes(stopped)),
        LookedUp::Known(Standing::Spent) => {}
    }
    let reason = RefusalReason::CodeAlreadyCounted;
    store::write(&services.db, move |tx| {
        async move { store::ledger::note_refused(tx, wave, reason, 1).await }.boxed()
    })
    .await?;
    Err(StartError::CodeAlreadyCounted)
}
