//! The report of a wave: what may be shown of it, beside the other waves of its survey.

use sea_orm::ConnectionTrait;

use super::{
    Services,
    ballots::Depth,
    keying_statistics,
    lookup::{self, Asked, LookupError},
};
use crate::{
    domain::{
        key::WaveKey,
        wave::{ResultsRule, Wave, WaveState},
    },
    store::{self, StoreError, ledger_read},
    tally::{
        build::{BesideInput, ReportInput, wanted_ranges},
        disclosure::{self, PublishedReport},
        fold::Tally,
        report::Report,
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Public,
    Staff,
}

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("the results of “{0}” are not published yet")]
    NotPublished(WaveKey),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether `reader` may see results of this wave.
pub fn may_read(wave: &Wave, reader: Reader) -> bool {
    match (wave.state, wave.spec.results, reader) {
        (WaveState::Draft(_), ..) => false,
        (WaveState::Published(_), ..) | (_, ResultsRule::Live, _) => true,
        (_, ResultsRule::Published, reader) => reader == Reader::Staff,
    }
}

pub async fn of_wave(
    services: &Services,
    key: &WaveKey,
    reader: Reader,
) -> Result<PublishedReport, ReportError> {
    let asked = lookup::find_now(services, key).await?;
    if reader == Reader::Public && matches!(asked.wave.state, WaveState::Draft(_)) {
        // Whether a wave is being prepared is nobody's business.
        return Err(LookupError::UnknownWave(key.clone()).into());
    }
    if !may_read(&asked.wave, reader) {
        return Err(ReportError::NotPublished(key.clone()));
    }
    Ok(build(services, &services.db, &asked, reader, Depth::Analysis).await?)
}

/// Builds the report over `db`: a connection, or the transaction that closes the wave.
pub async fn build(
    services: &Services,
    db: &impl ConnectionTrait,
    asked: &Asked,
    reader: Reader,
    depth: Depth,
) -> Result<PublishedReport, StoreError> {
    let policy = services.disclosure;
    let tally = services
        .tallies
        .shown(db, &asked.wave, &asked.survey, policy)
        .await?;
    let mut others: Vec<(Asked, Tally)> = Vec::new();
    for wave in store::wave::of_survey(db, &asked.wave.key.survey).await? {
        if wave.id == asked.wave.id || !may_read(&wave, reader) {
            continue;
        }
        let survey = lookup::survey(services, wave.version).await?;
        let tally = services.tallies.shown(db, &wave, &survey, policy).await?;
        if tally.people() == 0 {
            continue;
        }
        others.push((Asked { wave, survey }, tally));
    }
    let waves = others
        .iter()
        .map(|(other, tally)| (other, tally))
        .chain([(asked, &tally)]);
    let wanted = waves
        .flat_map(|(asked, tally)| wanted_ranges(&asked.wave, &asked.survey.survey, tally))
        .collect();
    services.ranges.prepare(wanted).await;
    let ballots = match asked.wave.state {
        WaveState::Closed(_) | WaveState::Published(_) => {
            Some(services.ballots.of_wave(db, asked, &tally, depth).await?)
        }
        WaveState::Draft(_) | WaveState::Open(_) => None,
    };
    let paper = keying_statistics::counted_paper(services, db, asked).await?;
    let report = Report::build(&ReportInput {
        survey: &asked.survey.survey,
        wave: &asked.wave,
        tally: &tally,
        refused: ledger_read::refused(db, asked.wave.id).await?,
        beside: others
            .iter()
            .map(|(asked, tally)| BesideInput {
                wave: &asked.wave,
                survey: &asked.survey.survey,
                tally,
            })
            .collect(),
        ranges: &services.ranges,
        ballots: ballots.as_ref(),
        paper: paper.as_ref(),
    });
    Ok(disclosure::publish(report, policy))
}
