//! Looking a receipt up: it is in the ledger, on which channel and day, and nothing of what it says.

use super::{
    Services,
    lookup::{self, Asked},
};
use crate::{
    domain::receipt::Receipt,
    store::{self, StoreError, ledger_read::Receipted},
};

pub async fn look_up(
    services: &Services,
    receipt: &Receipt,
) -> Result<Option<(Asked, Receipted)>, StoreError> {
    let Some(found) = store::ledger_read::by_receipt(&services.db, receipt).await? else {
        return Ok(None);
    };
    let wave = store::wave::get(&services.db, found.wave).await?;
    let survey = lookup::survey(services, wave.version).await?;
    Ok(Some((Asked { wave, survey }, found)))
}
