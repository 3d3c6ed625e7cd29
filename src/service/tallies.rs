//! The tally of each wave, kept in memory and brought up to date from the ledger: a page costs what
//! has been appended since the last one, whatever the size of the wave.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::ConnectionTrait;

use super::lookup::LoadedSurvey;
use crate::{
    domain::{
        id::{Seq, WaveId},
        wave::{Wave, WaveState},
    },
    store::{StoreError, inconsistent, ledger_read},
    tally::{
        disclosure::{Policy, live_release},
        fold::{Tally, TallyError},
    },
};

/// Which entries of a wave a tally has. They are kept apart, so that whoever looks at all of an open
/// wave, as its closing does, moves nothing of what the public is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Extent {
    Released,
    All,
}

type Kept = Arc<tokio::sync::Mutex<Tally>>;

#[derive(Debug, Default)]
pub struct Tallies(Mutex<HashMap<(WaveId, Extent), Kept>>);

impl Tallies {
    /// The tally of what may be shown of a wave at this moment: of an open wave the entries up to
    /// the last release, so that two looks at it never differ by one person; otherwise all.
    pub async fn shown(
        &self,
        db: &impl ConnectionTrait,
        wave: &Wave,
        survey: &LoadedSurvey,
        policy: Policy,
    ) -> Result<Tally, StoreError> {
        match wave.state {
            WaveState::Closed(_) | WaveState::Published(_) => self.all(db, wave.id, survey).await,
            WaveState::Draft(_) | WaveState::Open(_) => {
                let head = ledger_read::head(db, wave.id).await?;
                let weights = ledger_read::weights(db, wave.id).await?;
                let through = Seq(live_release(&weights, head.0, policy.minimum));
                self.through(db, (wave.id, Extent::Released), survey, through)
                    .await
            }
        }
    }

    /// The tally of every entry that the ledger has.
    pub async fn all(
        &self,
        db: &impl ConnectionTrait,
        wave: WaveId,
        survey: &LoadedSurvey,
    ) -> Result<Tally, StoreError> {
        let head = ledger_read::head(db, wave).await?;
        self.through(db, (wave, Extent::All), survey, head).await
    }

    async fn through(
        &self,
        db: &impl ConnectionTrait,
        (wave, extent): (WaveId, Extent),
        survey: &LoadedSurvey,
        through: Seq,
    ) -> Result<Tally, StoreError> {
        let kept = {
            let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let empty = || Arc::new(tokio::sync::Mutex::new(Tally::new(&survey.survey)));
            Arc::clone(tallies.entry((wave, extent)).or_insert_with(empty))
        };
        let mut kept = kept.lock().await;
        if kept.watermark() < through {
            // On a copy: a fold that fails half-way must not leave its half behind.
            let mut next = kept.clone();
            fold(&mut next, db, wave, through).await?;
            *kept = next;
        }
        Ok(kept.clone())
    }
}

/// Folds the entries after the tally's watermark up to `through`.
pub async fn fold(
    tally: &mut Tally,
    db: &impl ConnectionTrait,
    wave: WaveId,
    through: Seq,
) -> Result<(), StoreError> {
    let after = tally.watermark();
    let bad = |error: TallyError| inconsistent("response", "answers", error);
    for (channel, answers) in ledger_read::answer_blocks(db, wave, after, through).await? {
        tally.add_block(channel, &answers).map_err(bad)?;
    }
    for sheet in ledger_read::sheets(db, wave, after, through).await? {
        tally.add_sheet(&sheet).map_err(bad)?;
    }
    for voided in ledger_read::voids(db, wave, after, through).await? {
        match voided {
            ledger_read::Voided::Response { channel, answers } => {
                tally.void_response(channel, &answers).map_err(bad)?;
            }
            ledger_read::Voided::Sheet(sheet) => tally.void_sheet(&sheet).map_err(bad)?,
        }
    }
    tally.advance_to(through);
    Ok(())
}
