//! Finding a wave and its survey by key, without asking the database for every page.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::Services;
use crate::{
    domain::{
        id::SurveyVersionId, key::WaveKey, layout::Layout, moment::Moment, survey::Survey,
        wave::Wave,
    },
    store::{self, StoreError},
};

/// A wave and what it asks.
#[derive(Debug, Clone)]
pub struct Asked {
    pub wave: Wave,
    pub survey: Arc<LoadedSurvey>,
}

#[derive(Debug)]
pub struct LoadedSurvey {
    pub survey: Survey,
    pub layout: Layout,
}

#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    #[error("there is no wave “{0}”: `countmein waves` lists those that there are")]
    UnknownWave(WaveKey),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A wave may have been opened or closed by another process, so it is believed for this long. The
/// ledger asks the database itself in any case.
const BELIEVED_FOR: Duration = Duration::from_secs(1);

/// A version of a survey never changes, and is kept for as long as the process runs.
#[derive(Debug, Default)]
pub struct Cache {
    surveys: Mutex<HashMap<SurveyVersionId, Arc<LoadedSurvey>>>,
    waves: Mutex<HashMap<WaveKey, (Moment, Asked)>>,
}

impl Cache {
    /// After a change of a wave by this process.
    pub fn forget_waves(&self) {
        self.waves
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// Finds a wave, from memory when it was asked for within the last second.
pub async fn find(services: &Services, key: &WaveKey) -> Result<Asked, LookupError> {
    let now = services.now();
    let remembered = {
        let waves = services
            .lookup
            .waves
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        waves.get(key).cloned()
    };
    if let Some((since, asked)) = remembered
        && now >= since
        && now.saturating_since(since) < BELIEVED_FOR
    {
        return Ok(asked);
    }
    let asked = find_now(services, key).await?;
    let mut waves = services
        .lookup
        .waves
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    waves.insert(key.clone(), (now, asked.clone()));
    Ok(asked)
}

/// Finds a wave as the database has it at this moment.
pub async fn find_now(services: &Services, key: &WaveKey) -> Result<Asked, LookupError> {
    let wave = store::wave::find(&services.db, key)
        .await?
        .ok_or_else(|| LookupError::UnknownWave(key.clone()))?;
    let survey = survey(services, wave.version).await?;
    Ok(Asked { wave, survey })
}

pub async fn survey(
    services: &Services,
    version: SurveyVersionId,
) -> Result<Arc<LoadedSurvey>, StoreError> {
    let known = {
        let surveys = services
            .lookup
            .surveys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        surveys.get(&version).cloned()
    };
    if let Some(survey) = known {
        return Ok(survey);
    }
    let survey = store::survey::get(&services.db, version).await?;
    let layout = Layout::of(&survey);
    let loaded = Arc::new(LoadedSurvey { survey, layout });
    let mut surveys = services
        .lookup
        .surveys
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(Arc::clone(surveys.entry(version).or_insert(loaded)))
}
