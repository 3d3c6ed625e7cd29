//! Receiving the post: a mail bag is opened, and each envelope in it is accepted or refused by the code
//! on it. An accepted code is used up in the same moment, so that it counts on no other channel; what
//! is inside the envelope is counted later, with its batch.

use std::sync::Arc;

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};

use super::{
    Services,
    audited::Recorder,
    change_batch::{PaperError, open_wave, person},
    lookup::Asked,
};
use crate::{
    domain::{
        access_code::{AccessCode, CodeHash, CodeKey},
        audit::{Act, Actor},
        channel::Channel,
        envelope::{Arrival, EnvelopeOutcome},
        hex::hex,
        id::MailBagId,
        key::WaveKey,
        keying::ClientId,
        wave::AccessRule,
    },
    store::{self, StoreError, post::MailBag},
    tally::report::RefusalReason,
};

/// What is before whoever opens the post.
#[derive(Debug, Clone)]
pub enum Presented {
    /// The code as it was scanned or typed.
    Code {
        typed: String,
        /// Another envelope with a code that came by post before, and not the same one once more.
        is_second: bool,
    },
    /// Nobody can read the code, or the envelope is torn open.
    Spoilt,
    /// So many envelopes of a wave without codes.
    Plain(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    Noted(EnvelopeOutcome),
    /// The code has come by post before. Where it is the same envelope, scanned twice, there is
    /// nothing to note.
    CameBefore,
}

/// Envelopes of a wave without codes that are noted at once.
pub const MOST_PLAIN: u32 = 200;

pub async fn open_bag(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    arrival: Arrival,
) -> Result<MailBagId, PaperError> {
    let asked = open_wave(services, key).await?;
    let who = person(actor)?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            let wave = asked.wave.id;
            let bag = store::post::open_bag(tx, wave, arrival, who, recorder.now()).await?;
            let act = Act::MailBagOpened {
                wave: asked.wave.key,
                bag,
                late: arrival == Arrival::Late,
            };
            recorder.note(tx, act).await?;
            Ok::<_, PaperError>(bag)
        }
        .boxed()
    })
    .await
}

/// `scan` makes one that is sent twice count once. The same number with another envelope, as from a page
/// that somebody went back to, is another scan.
pub async fn receive(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    bag: MailBagId,
    scan: ClientId,
    presented: Presented,
) -> Result<Received, PaperError> {
    let asked = open_wave(services, key).await?;
    person(actor)?;
    let worker = Arc::clone(services);
    let scan = bound(&services.keys.code, &scan, &presented);
    store::write(&services.db, move |tx| {
        async move {
            // Whoever else spends a code of this wave waits for this.
            let (wave, _) = store::wave::lock(tx, asked.wave.id).await?;
            let asked = Asked { wave, ..asked };
            super::change_batch::check_open(&asked)?;
            let found = store::post::bag(tx, asked.wave.id, bag).await?;
            let bag = found.ok_or(PaperError::UnknownBag(bag.0))?;
            if let Some(outcome) = store::post::scanned(tx, asked.wave.id, &scan).await? {
                return Ok(Received::Noted(outcome));
            }
            receive_in(&worker, tx, &asked, &bag, &scan, presented).await
        }
        .boxed()
    })
    .await
}

/// The number of a scan together with what was scanned, as the database has it. It leads to no code: the
/// scan's own number is kept nowhere.
fn bound(key: &CodeKey, scan: &ClientId, presented: &Presented) -> ClientId {
    let what = match presented {
        Presented::Code { typed, is_second } => {
            let code = typed.parse::<AccessCode>().map(|code| code.hash(key));
            let code = code.as_ref().map_or("", CodeHash::as_str);
            format!("{code} {is_second}")
        }
        Presented::Spoilt => "spoilt".to_owned(),
        Presented::Plain(envelopes) => envelopes.to_string(),
    };
    let digest = key.of_scan(scan.as_str(), &what);
    digest
        .get(..32)
        .and_then(ClientId::new)
        .unwrap_or_else(|| scan.clone())
}

async fn receive_in(
    services: &Services,
    tx: &DatabaseTransaction,
    asked: &Asked,
    bag: &MailBag,
    scan: &ClientId,
    presented: Presented,
) -> Result<Received, PaperError> {
    let by_code = asked.wave.spec.access == AccessRule::Code;
    let outcome = match presented {
        Presented::Plain(envelopes) => {
            if by_code {
                return Err(PaperError::CodeNeeded);
            }
            return plain(tx, bag, scan, envelopes).await;
        }
        Presented::Spoilt => EnvelopeOutcome::Spoilt,
        Presented::Code { .. } if !by_code => return Err(PaperError::NoCodes),
        Presented::Code { typed, is_second } => {
            let code: AccessCode = typed.parse()?;
            let hash = code.hash(&services.keys.code);
            match of_code(tx, bag, &hash, is_second).await? {
                Some(outcome) => outcome,
                None => return Ok(Received::CameBefore),
            }
        }
    };
    note(tx, bag, scan, outcome).await?;
    Ok(Received::Noted(outcome))
}

/// What becomes of an envelope with this code; nothing for one that came before and may be the same.
async fn of_code(
    tx: &DatabaseTransaction,
    bag: &MailBag,
    hash: &CodeHash,
    is_second: bool,
) -> Result<Option<EnvelopeOutcome>, StoreError> {
    if bag.arrival == Arrival::Late {
        return Ok(Some(EnvelopeOutcome::Late));
    }
    Ok(
        match store::entitlement::spent_on(tx, bag.wave, hash).await? {
            None => Some(EnvelopeOutcome::Unknown),
            Some(None) => {
                store::entitlement::spend(tx, bag.wave, hash, Channel::Postal).await?;
                Some(EnvelopeOutcome::Accepted)
            }
            Some(Some(Channel::Postal)) if !is_second => None,
            Some(Some(channel)) => Some(EnvelopeOutcome::already(channel)),
        },
    )
}

async fn plain(
    tx: &DatabaseTransaction,
    bag: &MailBag,
    scan: &ClientId,
    envelopes: u32,
) -> Result<Received, PaperError> {
    if !(1..=MOST_PLAIN).contains(&envelopes) {
        return Err(PaperError::HowMany(MOST_PLAIN));
    }
    let outcome = match bag.arrival {
        Arrival::InTime => EnvelopeOutcome::Accepted,
        Arrival::Late => EnvelopeOutcome::Late,
    };
    note(tx, bag, scan, outcome).await?;
    for place in 1..envelopes {
        note(tx, bag, &numbered(scan, place), outcome).await?;
    }
    Ok(Received::Noted(outcome))
}

/// A number for each envelope of one entry, which are the same when the entry is sent again.
fn numbered(scan: &ClientId, place: u32) -> ClientId {
    let digest = Sha256::digest(format!("{}/{place}", scan.as_str()));
    ClientId::new(&hex(&digest[..16])).unwrap_or_else(|| scan.clone())
}

async fn note(
    tx: &DatabaseTransaction,
    bag: &MailBag,
    scan: &ClientId,
    outcome: EnvelopeOutcome,
) -> Result<(), StoreError> {
    store::post::note_envelope(tx, bag, scan, outcome).await?;
    let reason = match outcome {
        EnvelopeOutcome::Accepted => return Ok(()),
        EnvelopeOutcome::AlreadyOnline
        | EnvelopeOutcome::AlreadyMeeting
        | EnvelopeOutcome::SecondEnvelope => RefusalReason::CodeAlreadyCounted,
        EnvelopeOutcome::Unknown => RefusalReason::CodeUnknown,
        EnvelopeOutcome::Spoilt => RefusalReason::EnvelopeSpoilt,
        EnvelopeOutcome::Late => RefusalReason::AfterClosing,
    };
    store::ledger::note_refused(tx, bag.wave, reason, 1).await
}
