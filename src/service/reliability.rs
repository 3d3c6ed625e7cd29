//! How well the statements of each declared measure hang together in a wave.

use super::{
    Services,
    lookup::{self, LookupError},
    patterns,
};
use crate::{
    domain::{
        key::{ItemKey, WaveKey},
        wave::WaveState,
    },
    store::{StoreError, ledger_read},
    tally::reliability::{Reliability, of_measure},
};

#[derive(Debug, thiserror::Error)]
pub enum ReliabilityError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(
        "the survey of “{0}” declares no measure, and statements that form no scale have no reliability: if some of them measure one thing, say so in the survey file with [[measure]], before the wave opens"
    )]
    NoMeasure(WaveKey),
    #[error("“{0}” is not closed: its figures would move while you read them")]
    NotClosed(WaveKey),
    #[error(
        "fewer than {minimum} people answered in “{wave}”: figures of so few would give single answers away"
    )]
    TooFewPeople { wave: WaveKey, minimum: u64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One entry a measure, in the order of the survey file.
pub async fn of_wave(
    services: &Services,
    key: &WaveKey,
) -> Result<Vec<(ItemKey, Reliability)>, ReliabilityError> {
    let asked = lookup::find_now(services, key).await?;
    let survey = &asked.survey.survey;
    if survey.measures.is_empty() {
        return Err(ReliabilityError::NoMeasure(key.clone()));
    }
    if !matches!(
        asked.wave.state,
        WaveState::Closed(_) | WaveState::Published(_)
    ) {
        return Err(ReliabilityError::NotClosed(key.clone()));
    }
    let minimum = services.disclosure.minimum;
    let tally = services
        .tallies
        .all(&services.db, asked.wave.id, &asked.survey)
        .await?;
    if tally.people() < minimum {
        return Err(ReliabilityError::TooFewPeople {
            wave: key.clone(),
            minimum,
        });
    }
    let head = ledger_read::head(&services.db, asked.wave.id).await?;
    let mut found = Vec::new();
    for measure in &survey.measures {
        let patterns = patterns::of_wave(&services.db, &asked, &measure.items, head).await?;
        found.push((measure.key.clone(), of_measure(survey, measure, &patterns)));
    }
    Ok(found)
}
