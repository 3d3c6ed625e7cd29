//! What every change of a batch shares: the batch is read under its lock, goes along one arrow of the
//! state machine, and is written back, in one transaction.

use std::sync::Arc;

use futures_util::FutureExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{
    Services,
    audited::Recorder,
    lookup::{self, Asked, LookupError},
};
use crate::{
    domain::{
        access_code::AccessCodeError,
        audit::{Act, Actor},
        id::UserId,
        key::WaveKey,
        keying::{Batch, BatchState, KeyingError, PlanError, SheetForm},
        moment::Moment,
        two_person::ReasonError,
        wave::WaveState,
    },
    store::{self, StoreError},
};

#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("paper is handled by people who are known by name: log in at /staff/login")]
    NobodyNamed,
    #[error("wave “{0}” takes nothing by post: its channels do not name postal")]
    NotByPost(WaveKey),
    #[error("wave “{wave}” is {state}: paper is handled while it is open")]
    NotOpen { wave: WaveKey, state: &'static str },
    #[error("there is no mail bag {0} in this wave: open one first")]
    UnknownBag(i64),
    #[error("there is no batch {0} in this wave")]
    UnknownBatch(u32),
    #[error(transparent)]
    Code(#[from] AccessCodeError),
    #[error("this wave counts by code: scan or type the code on each envelope")]
    CodeNeeded,
    #[error("this wave has no codes: say how many envelopes came")]
    NoCodes,
    #[error("write how many envelopes came, from 1 to {0}")]
    HowMany(u32),
    #[error(
        "{waiting} accepted envelopes wait to be opened, fewer than the {wanted} for this batch"
    )]
    TooFewEnvelopes { waiting: u64, wanted: u32 },
    #[error("this number was given to another save before")]
    ClientIdReused,
    #[error(transparent)]
    Keying(#[from] KeyingError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("how paper is checked is settled: this wave has a batch already")]
    PlanSettled,
    #[error(transparent)]
    Reason(#[from] ReasonError),
    #[error("the ledger did not take every sheet of this batch; nothing was counted")]
    NotTaken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whoever acts, by name: paper takes two and three different people.
pub(super) fn person(actor: &Actor) -> Result<UserId, PaperError> {
    actor.user.ok_or(PaperError::NobodyNamed)
}

/// A wave that takes paper at this moment.
pub(super) async fn open_wave(services: &Services, key: &WaveKey) -> Result<Asked, PaperError> {
    let asked = lookup::find_now(services, key).await?;
    check_open(&asked)?;
    Ok(asked)
}

pub(super) fn check_open(asked: &Asked) -> Result<(), PaperError> {
    let wave = &asked.wave;
    if !wave
        .spec
        .channels
        .contains(&crate::domain::channel::Channel::Postal)
    {
        return Err(PaperError::NotByPost(wave.key.clone()));
    }
    match wave.state {
        WaveState::Open(_) => Ok(()),
        other => Err(PaperError::NotOpen {
            wave: wave.key.clone(),
            state: other.name(),
        }),
    }
}

/// One step of a batch, by somebody, at a moment.
pub(super) struct Step {
    pub who: UserId,
    pub now: Moment,
}

/// Takes a batch along an arrow. `go` has the state machine's say, and the acts to note; rows beside the
/// batch's own are written by the callers that have any.
pub(super) async fn change<F>(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
    go: F,
) -> Result<Batch, PaperError>
where
    F: FnOnce(BatchState, &Step) -> Result<(BatchState, Option<Act>), PaperError> + Send + 'static,
{
    let asked = open_wave(services, key).await?;
    let who = person(actor)?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            let mut batch = locked(tx, &asked, number).await?;
            let now = recorder.now();
            let counts = batch.state.papers().pile.counts().count();
            let (state, act) = go(batch.state, &Step { who, now })?;
            // A new count of the pile is a row of its own, and stands there before the state moves.
            if state.papers().pile.counts().count() > counts {
                store::keying::add_count(tx, batch.id, &state, now).await?;
            }
            store::keying::set_state(tx, batch.id, &state).await?;
            if let Some(act) = act {
                recorder.note(tx, act).await?;
            }
            batch.state = state;
            Ok::<_, PaperError>(batch)
        }
        .boxed()
    })
    .await
}

/// A batch that nobody else changes until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    asked: &Asked,
    number: u32,
) -> Result<Batch, PaperError> {
    let form = SheetForm::of(&asked.survey.survey);
    store::keying::lock(tx, asked.wave.id, number, &form)
        .await?
        .ok_or(PaperError::UnknownBatch(number))
}

/// The same to look at.
pub(super) async fn found(
    db: &impl ConnectionTrait,
    asked: &Asked,
    number: u32,
) -> Result<Batch, PaperError> {
    let form = SheetForm::of(&asked.survey.survey);
    store::keying::find(db, asked.wave.id, number, &form)
        .await?
        .ok_or(PaperError::UnknownBatch(number))
}
