//! Opening a wave: from now on its wording is fixed, and answers count from its opening time.

use super::{
    Services,
    change_state::{ChangeError, change_state},
};
use crate::domain::{key::WaveKey, wave::WaveState};

pub async fn open(services: &Services, key: &WaveKey) -> Result<(), ChangeError> {
    change_state(services, key, |state, now| {
        state.open(now).map(WaveState::Open)
    })
    .await
}
