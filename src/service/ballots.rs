//! The single ballots of closed waves, and what was made of them: outcomes of rules that need them,
//! and the analysis beside every outcome.
//!
//! A closed wave no longer moves but for voids, and when it is reopened, so both are kept until its ledger grows. The outcome
//! is awaited; the analysis of a large vote takes a while, so it is worked out once, in the
//! background, and pages do without it until it is there.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::ConnectionTrait;

use super::{lookup::Asked, patterns};
use crate::{
    domain::{
        ballot::BallotForm,
        channel::Channel,
        id::{Seq, WaveId},
        item::{Item, ItemKind},
        key::ItemKey,
    },
    store::{StoreError, inconsistent},
    tally::{
        analysis::{self, Source},
        ballots::{decide, election_of_ballots, election_of_totals},
        budget::{election::Election, outcome::Outcome},
        build::SingleBallots,
        fold::Tally,
        report::BallotAnalysis,
    },
};

/// How long a page waits for an analysis before it is shown without.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// One ballot item of a closed wave.
#[derive(Debug)]
struct Counted {
    key: ItemKey,
    form: BallotForm,
    election: Election,
    outcome: Outcome,
    source: Source,
}

type Analysed = BTreeMap<ItemKey, BallotAnalysis>;
type Analyses = Arc<tokio::sync::OnceCell<Arc<Analysed>>>;

#[derive(Debug, Clone)]
struct Kept {
    counted: Arc<Vec<Counted>>,
    analyses: Analyses,
}

#[derive(Debug, Default)]
pub struct Ballots(Mutex<HashMap<(WaveId, Seq), Kept>>);

/// Whether a report has the analysis too, or the outcome alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    Outcome,
    Analysis,
}

impl Ballots {
    /// What a report of this closed wave says of its ballots. `tally` is that of all its entries.
    pub async fn of_wave(
        &self,
        db: &impl ConnectionTrait,
        asked: &Asked,
        tally: &Tally,
        depth: Depth,
    ) -> Result<BTreeMap<ItemKey, SingleBallots>, StoreError> {
        if !asked.survey.survey.items.iter().any(is_ballot) {
            return Ok(BTreeMap::new());
        }
        let kept = self.kept(db, asked, tally).await?;
        let analyses = match depth {
            Depth::Outcome => None,
            Depth::Analysis => analysed(&kept).await,
        };
        Ok(kept
            .counted
            .iter()
            .map(|counted| {
                let single = SingleBallots {
                    outcome: counted.outcome.clone(),
                    analysis: analyses
                        .as_ref()
                        .and_then(|analyses| analyses.get(&counted.key))
                        .cloned(),
                };
                (counted.key.clone(), single)
            })
            .collect())
    }

    async fn kept(
        &self,
        db: &impl ConnectionTrait,
        asked: &Asked,
        tally: &Tally,
    ) -> Result<Kept, StoreError> {
        let key = (asked.wave.id, tally.watermark());
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = lock().get(&key) {
            return Ok(kept.clone());
        }
        let counted = count(db, asked, tally).await?;
        let kept = Kept {
            counted: Arc::new(counted),
            analyses: Analyses::default(),
        };
        let mut all = lock();
        // An older state of the same wave is of no more use.
        all.retain(|(wave, _), _| *wave != asked.wave.id);
        Ok(all.entry(key).or_insert(kept).clone())
    }
}

fn is_ballot(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Ballot(_))
}

/// The analysis if it is there, or comes within [`PATIENCE`].
async fn analysed(kept: &Kept) -> Option<Arc<Analysed>> {
    if let Some(done) = kept.analyses.get() {
        return Some(Arc::clone(done));
    }
    let (cell, counted) = (Arc::clone(&kept.analyses), Arc::clone(&kept.counted));
    // A task of its own goes on when the reader has gone.
    let work = tokio::spawn(async move {
        cell.get_or_init(|| work_out(counted)).await;
    });
    let in_time = tokio::time::timeout(PATIENCE, work).await;
    if let Ok(Err(error)) = in_time {
        tracing::error!(%error, "ballots could not be analysed");
    }
    kept.analyses.get().map(Arc::clone)
}

async fn work_out(counted: Arc<Vec<Counted>>) -> Arc<Analysed> {
    let work = tokio::task::spawn_blocking(move || {
        let mut found = Analysed::new();
        for ballot in counted.iter() {
            let Counted {
                form,
                election,
                outcome,
                source,
                ..
            } = ballot;
            match analysis::analyse(form, election, outcome, *source, &|_, _| true) {
                Ok(analysis) => {
                    found.insert(ballot.key.clone(), analysis);
                }
                Err(error) => {
                    tracing::error!(item = %ballot.key, %error, "a ballot could not be analysed");
                }
            }
        }
        found
    });
    Arc::new(work.await.unwrap_or_default())
}

/// Reads the ballots of a wave and applies the rule of each.
async fn count(
    db: &impl ConnectionTrait,
    asked: &Asked,
    tally: &Tally,
) -> Result<Vec<Counted>, StoreError> {
    let survey = &asked.survey.survey;
    let has_sheets = Channel::ALL.iter().any(|c| tally.on_sheets(*c) > 0);
    let mut all = Vec::new();
    for (item, counts) in survey.items.iter().zip(tally.items()) {
        let ItemKind::Ballot(form) = &item.kind else {
            continue;
        };
        let from_totals = has_sheets && !form.rule.needs_single_ballots();
        let election = if from_totals {
            election_of_totals(form, &counts.options)
        } else {
            let patterns = patterns::of_wave(
                db,
                asked,
                std::slice::from_ref(&item.key),
                tally.watermark(),
            )
            .await?;
            election_of_ballots(form, &patterns.merged())
        };
        let wrong = |error| inconsistent("response", "answers", error);
        let election = election.map_err(wrong)?;
        let (form, rule) = (form.clone(), form.rule.clone());
        // A large vote takes a second under equal shares.
        let work = tokio::task::spawn_blocking(move || {
            let outcome = decide(&election, &rule);
            (election, outcome)
        });
        let (election, outcome) = work
            .await
            .map_err(|error| inconsistent("response", "answers", error))?;
        all.push(Counted {
            key: item.key.clone(),
            form,
            election,
            outcome: outcome.map_err(wrong)?,
            source: if from_totals {
                Source::Totals
            } else {
                Source::SingleBallots
            },
        });
    }
    Ok(all)
}
