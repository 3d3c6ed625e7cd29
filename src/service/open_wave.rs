//! Opening a wave: from now on its wording is fixed, and answers count from its opening time.

use super::{
    Services,
    change_state::{ChangeError, change_state},
};
use crate::domain::{
    audit::{Act, Actor},
    key::WaveKey,
    wave::WaveState,
};

pub async fn open(services: &Services, actor: &Actor, key: &WaveKey) -> Result<(), ChangeError> {
    let act = Act::WaveOpened { wave: key.clone() };
    change_state(services, actor, key, act, |state, now| {
        state.open(now).map(WaveState::Open)
    })
    .await
}
