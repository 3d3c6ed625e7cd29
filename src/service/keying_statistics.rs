//! Statistics of keying: of the people who key, for coaching, and of the paper of a wave.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sea_orm::ConnectionTrait;

use super::{
    Services,
    lookup::{self, Asked, LookupError},
};
use crate::{
    domain::{
        id::{UserId, WaveId},
        key::WaveKey,
        keying::{Keyed, Pass, Quality, SheetForm},
        role::Permission,
        wave::WaveState,
    },
    store::{
        self, StoreError, keying_quality,
        keying_work::{self, WaveCounted},
        staff::User,
    },
    tally::{
        paper::{self, KeyerFigures, PaperInput},
        report::{DoubtfulMarks, KeyedTwice, KeyingMethod, PaperSheets, RemainingErrors},
    },
};

#[derive(Debug, Clone)]
pub struct KeyingStatistics {
    pub asked: Asked,
    pub method: KeyingMethod,
    /// By name, and then by pass.
    pub keyers: Vec<KeyerLine>,
    /// None for whoever sees only themselves: of two keyers, each could work out the other from it.
    pub wave: Option<WaveFigures>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct KeyerLine {
    pub email: String,
    pub pass: Pass,
    pub figures: KeyerFigures,
}

/// Over the batches that are done with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaveFigures {
    pub batches: u64,
    pub sheets: u64,
    pub twice: KeyedTwice,
    pub differences_per_ten_thousand: Option<f64>,
    pub remaining: Option<RemainingErrors>,
}

/// Everybody's figures for those who settle paper; for others their own.
pub async fn statistics(
    services: &Services,
    reader: &User,
    key: &WaveKey,
) -> Result<KeyingStatistics, LookupError> {
    let asked = lookup::find_now(services, key).await?;
    let form = SheetForm::of(&asked.survey.survey);
    let plan = store::keying::plan(&services.db, asked.wave.id).await?;
    let quality = keying_quality::quality(&services.db, asked.wave.id, &form).await?;
    let sees_all = reader.role.may(Permission::SettlePaper);
    let shown = quality
        .keyers
        .iter()
        .filter(|((who, _), _)| sees_all || *who == reader.id);
    Ok(KeyingStatistics {
        method: paper::method(plan, &quality),
        keyers: lines(services, shown).await?,
        wave: sees_all.then(|| wave_figures(&quality, &form)),
        asked,
    })
}

async fn lines(
    services: &Services,
    shown: impl Iterator<Item = (&(UserId, Pass), &Keyed)>,
) -> Result<Vec<KeyerLine>, StoreError> {
    let names = store::staff::names(&services.db).await?;
    let mut lines: Vec<KeyerLine> = shown
        .map(|((who, pass), keyed)| KeyerLine {
            email: names.get(who).cloned().unwrap_or_default(),
            pass: *pass,
            figures: KeyerFigures::of(*keyed),
        })
        .collect();
    lines.sort_by(|one, other| (&one.email, one.pass).cmp(&(&other.email, other.pass)));
    Ok(lines)
}

fn wave_figures(quality: &Quality, form: &SheetForm) -> WaveFigures {
    let twice = paper::keyed_twice(quality);
    WaveFigures {
        batches: quality.batches,
        sheets: quality.sheets,
        twice,
        differences_per_ten_thousand: paper::differences_per_ten_thousand(twice),
        remaining: paper::remaining(quality, form.fewest_wrong_marks()),
    }
}

/// What was found of the counted paper of waves that are over. Nothing that was keyed changes once its
/// batch is counted, and a wave that was reopened has counted more when it closes again.
#[derive(Debug, Default)]
pub struct KeptQuality(Mutex<HashMap<WaveId, (WaveCounted, Quality)>>);

impl KeptQuality {
    fn get(&self, wave: WaveId, counted: &WaveCounted) -> Option<Quality> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&wave)
            .filter(|(then, _)| then == counted)
            .map(|(_, quality)| quality.clone())
    }

    fn keep(&self, wave: WaveId, counted: WaveCounted, quality: Quality) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(wave, (counted, quality));
    }
}

/// What the report of a wave that is over says about its paper; none for a wave without counted paper,
/// and none before, when no report may say it.
pub async fn counted_paper(
    services: &Services,
    db: &impl ConnectionTrait,
    asked: &Asked,
) -> Result<Option<PaperInput>, StoreError> {
    if let WaveState::Draft(_) | WaveState::Open(_) = asked.wave.state {
        return Ok(None);
    }
    let wave = asked.wave.id;
    let counted = keying_work::counted(db, wave).await?;
    if counted.sheets() == 0 {
        return Ok(None);
    }
    let form = SheetForm::of(&asked.survey.survey);
    let quality = if let Some(quality) = services.keying.get(wave, &counted) {
        quality
    } else {
        let quality = keying_quality::quality(db, wave, &form).await?;
        services.keying.keep(wave, counted, quality.clone());
        quality
    };
    Ok(Some(PaperInput {
        plan: store::keying::plan(db, wave).await?,
        quality,
        wrong_marks: form.fewest_wrong_marks(),
        sheets: PaperSheets {
            counted: counted.responses,
            blank: counted.blank,
            spoilt: counted.spoilt,
            unreadable: counted.unreadable,
            no_valid_mark: counted.no_valid_mark,
        },
        marks: DoubtfulMarks {
            uncertain: counted.uncertain,
            overvoted: counted.overvoted,
        },
    }))
}
