//! The codes of a wave as staff see them: how many, how many are used, and the runs they came in.

use super::{
    Services,
    lookup::{self, Asked, LookupError},
};
use crate::{
    domain::{
        key::WaveKey,
        wave::{AccessRule, WaveState},
    },
    store::{
        self,
        code_run::{CodeRun, Waiting},
        entitlement::RowCounts,
    },
};

#[derive(Debug)]
pub struct CodeOverview {
    pub asked: Asked,
    pub counts: RowCounts,
    pub waiting: Waiting,
    pub runs: Vec<CodeRun>,
}

impl CodeOverview {
    pub fn may_make(&self) -> bool {
        let wave = &self.asked.wave;
        wave.spec.access == AccessRule::Code
            && matches!(wave.state, WaveState::Draft(_) | WaveState::Open(_))
    }
}

pub async fn overview(services: &Services, key: &WaveKey) -> Result<CodeOverview, LookupError> {
    let asked = lookup::find_now(services, key).await?;
    let (db, id) = (&services.db, asked.wave.id);
    Ok(CodeOverview {
        counts: store::entitlement::row_counts(db, id).await?,
        waiting: store::code_run::waiting(db, id).await?,
        runs: store::code_run::of_wave(db, id).await?,
        asked,
    })
}
