//! Publishing a wave: anyone may see its results.

use super::{
    Services,
    change_state::{ChangeError, change_state},
};
use crate::domain::{
    audit::{Act, Actor},
    key::WaveKey,
    wave::WaveState,
};

pub async fn publish(services: &Services, actor: &Actor, key: &WaveKey) -> Result<(), ChangeError> {
    let act = Act::WavePublished { wave: key.clone() };
    change_state(services, actor, key, act, |state, now| {
        state.publish(now).map(WaveState::Published)
    })
    .await
}
