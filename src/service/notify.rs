//! Putting a mail to one person into the outbox, under seal.

use super::{Services, audited::Recorder};
use crate::{
    domain::{hex::random_token, id::WaveId, notice::Notice, sealed::Purpose},
    store::{self, StoreError, outbox::NewNotice},
};

/// A mail that is ready for the outbox. Sealing needs chance, which a transaction has none of.
pub fn seal(
    services: &Services,
    recipient: &str,
    notice: &Notice,
    wave: Option<WaveId>,
) -> Result<NewNotice, StoreError> {
    let mut rng = services.randomness.generator();
    let broken = |error: &dyn std::fmt::Display| store::inconsistent("outbox", "sealed", error);
    let plain = serde_json::to_string(notice).map_err(|error| broken(&error))?;
    let sealed = services.keys.seal.seal(Purpose::Mail, &plain, &mut rng);
    Ok(NewNotice {
        message_id: random_token(&mut rng),
        recipient: recipient.to_owned(),
        sealed: sealed.map_err(|error| broken(&error))?,
        wave,
    })
}

/// Into the outbox, in the transaction that decides on it.
pub async fn enqueue(
    tx: &sea_orm::DatabaseTransaction,
    recorder: &Recorder,
    notice: NewNotice,
) -> Result<(), StoreError> {
    store::outbox::enqueue_notices(tx, vec![notice], recorder.now()).await
}
