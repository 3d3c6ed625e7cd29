//! A batch as it stands, for whoever works on it.

use std::sync::Arc;

use super::{
    Services,
    change_batch::{PaperError, open_wave},
    lookup::Asked,
};
use crate::{
    domain::{
        hex::random_token,
        key::WaveKey,
        keying::{Batch, SheetForm},
    },
    store,
};

pub async fn find(
    services: &Arc<Services>,
    key: &WaveKey,
    number: u32,
) -> Result<(Asked, Batch), PaperError> {
    let asked = open_wave(services, key).await?;
    let form = SheetForm::of(&asked.survey.survey);
    let batch = store::keying::find(&services.db, asked.wave.id, number, &form).await?;
    batch
        .map(|batch| (asked, batch))
        .ok_or(PaperError::UnknownBatch(number))
}

/// A number for one save of a form, by which the same form sent twice is known.
pub fn new_client_id(services: &Services) -> String {
    random_token(&mut services.randomness.generator())
}
