//! Publishing a wave: anyone may see its results.

use super::{
    Services,
    change_state::{ChangeError, change_state},
};
use crate::domain::{key::WaveKey, wave::WaveState};

pub async fn publish(services: &Services, key: &WaveKey) -> Result<(), ChangeError> {
    change_state(services, key, |state, now| {
        state.publish(now).map(WaveState::Published)
    })
    .await
}
