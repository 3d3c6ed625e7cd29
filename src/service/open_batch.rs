//! Opening accepted envelopes into a batch: from here on nothing knows whose sheet is whose.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    change_batch::{PaperError, open_wave, person},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        envelope::EnvelopeOutcome,
        hex::random_token,
        id::WaveId,
        key::WaveKey,
        keying::{BatchState, KeyingPlan, SampledPlan, SheetForm},
    },
    store::{self, StoreError},
};

/// Opens `envelopes` of those that wait, with `sheets` in them. Returns the number of the batch.
pub async fn open(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    envelopes: u32,
    sheets: u32,
) -> Result<u32, PaperError> {
    let asked = open_wave(services, key).await?;
    let who = person(actor)?;
    let form = SheetForm::of(&asked.survey.survey);
    let recorder = Recorder::new(services, actor);
    let seed = random_token(&mut services.randomness.generator());
    let number = store::write(&services.db, move |tx| {
        async move {
            let id = asked.wave.id;
            store::wave::lock(tx, id).await?;
            let (waiting, last) = waiting(tx, id).await?;
            if u64::from(envelopes) > waiting {
                return Err(PaperError::TooFewEnvelopes {
                    waiting,
                    wanted: envelopes,
                });
            }
            let plan = store::keying::plan(tx, id).await?;
            let state = BatchState::opened(form, plan, seed, envelopes, sheets, who)?;
            let number = last + 1;
            store::keying::add(tx, id, number, &state, recorder.now()).await?;
            let act = Act::BatchOpened {
                wave: asked.wave.key,
                batch: number,
                envelopes,
                sheets,
            };
            recorder.note(tx, act).await?;
            Ok(number)
        }
        .boxed()
    })
    .await?;
    tracing::info!(wave = %key, batch = number, envelopes, sheets, "a batch was opened");
    Ok(number)
}

/// Accepted envelopes that are in no batch, and the number of the last batch.
pub(super) async fn waiting(
    db: &impl sea_orm::ConnectionTrait,
    wave: WaveId,
) -> Result<(u64, u32), StoreError> {
    let tally = store::post::envelopes(db, wave).await?;
    let accepted = tally.get(&EnvelopeOutcome::Accepted).copied().unwrap_or(0);
    let (batched, last) = store::keying::batched(db, wave).await?;
    Ok((accepted.saturating_sub(batched), last))
}

/// How the paper of a wave is checked; `None` keys everything twice.
pub async fn choose_plan(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    sampled: Option<SampledPlan>,
) -> Result<(), PaperError> {
    let asked = open_wave(services, key).await?;
    person(actor)?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            let id = asked.wave.id;
            store::wave::lock(tx, id).await?;
            if store::keying::batched(tx, id).await?.1 > 0 {
                return Err(PaperError::PlanSettled);
            }
            let plan = sampled.map_or(KeyingPlan::Double, KeyingPlan::Sampled);
            store::keying::set_plan(tx, id, plan).await?;
            let act = Act::KeyingPlanChosen {
                wave: asked.wave.key,
                percent: sampled.map(SampledPlan::percent),
                accepted: sampled.map(SampledPlan::accepted),
            };
            Ok::<_, PaperError>(recorder.note(tx, act).await?)
        }
        .boxed()
    })
    .await
}
