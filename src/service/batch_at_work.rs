//! A batch as it stands, for whoever works on it.

use std::sync::Arc;

use super::{
    Services,
    change_batch::{PaperError, found, open_wave},
    lookup::Asked,
};
use crate::domain::{hex::random_token, key::WaveKey, keying::Batch};

pub async fn find(
    services: &Arc<Services>,
    key: &WaveKey,
    number: u32,
) -> Result<(Asked, Batch), PaperError> {
    let asked = open_wave(services, key).await?;
    let batch = found(&services.db, &asked, number).await?;
    Ok((asked, batch))
}

/// A number for one save of a form, by which the same form sent twice is known.
pub fn new_client_id(services: &Services) -> String {
    random_token(&mut services.randomness.generator())
}
