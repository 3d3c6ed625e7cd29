//! Closing a wave: no more answers, the books are checked, and the summary goes into the outbox, in
//! one transaction.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    ballots::Depth,
    lookup::{self, Asked, LookupError},
    report::{self, Reader},
    wave_overview::{self, Conservation},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        hex::random_token,
        id::WaveId,
        key::WaveKey,
        moment::Moment,
        wave::{Closed, DRAIN, TransitionError, WaveState},
    },
    store::{self, StoreError, audit::Head},
};

#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error("the books of “{wave}” do not balance, so it stays open: {conservation}")]
    BooksDoNotBalance {
        wave: WaveKey,
        conservation: Conservation,
    },
    #[error(
        "paper of “{wave}” waits to be counted, so it stays open: {unopened} accepted envelopes in no batch, and {at_work} in batches that are not counted"
    )]
    PaperWaits {
        wave: WaveKey,
        unopened: u64,
        at_work: u64,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stops the taking of answers at this moment. The wave itself closes a few seconds later, when all
/// that had arrived by then is in the ledger: by [`close`], or by the server's own schedule.
pub async fn stop_collecting(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
) -> Result<Moment, CloseError> {
    let id = lookup::find_now(services, key).await?.wave.id;
    let clock = Arc::clone(&services.clock);
    let recorder = Recorder::new(services, actor);
    let act = Act::WaveStopped { wave: key.clone() };
    let closes = store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, id).await?;
            // Once every batch before it has been written: nothing counted is later than this.
            let now = clock.now();
            let stopped = wave.state.stop(now)?;
            store::wave::set_state(tx, id, WaveState::Open(stopped)).await?;
            store::wave::close_earlier(tx, id, now).await?;
            let closes = store::wave::get(tx, id).await?.spec.closes;
            recorder.note(tx, act).await?;
            Ok::<_, CloseError>(closes)
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    tracing::info!(wave = %key, "wave takes no more answers");
    Ok(closes)
}

/// Closes a wave whose closing time has passed by [`DRAIN`].
pub async fn close(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
) -> Result<Closed, CloseError> {
    let asked = lookup::find_now(services, key).await?;
    let worker = Arc::clone(services);
    let recorder = Recorder::new(services, actor);
    let act = Act::WaveClosed { wave: key.clone() };
    let closed = store::write(&services.db, move |tx| {
        async move {
            let id = asked.wave.id;
            let (closed, report) = close_in(&worker, tx, asked).await?;
            recorder.note(tx, act).await?;
            // After the note: the mails carry where the log ends with this closing.
            let head = store::audit::head(tx).await?;
            enqueue_summaries(&worker, tx, id, (report, head)).await?;
            Ok::<_, CloseError>(closed)
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    tracing::info!(wave = %key, "wave closed");
    wipe_traces(services).await;
    Ok(closed)
}

/// Rids the database's files of what would link codes to the responses of waves that have closed. The
/// schedule tries again what could not be done.
pub async fn wipe_traces(services: &Services) {
    match store::traces::wipe(&services.db).await {
        Ok(true) => tracing::info!("the database file has been written anew"),
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the database file could not be written anew yet"),
    }
}

/// With the report as it stands now, as JSON.
async fn close_in(
    services: &Services,
    tx: &sea_orm::DatabaseTransaction,
    asked: Asked,
) -> Result<(Closed, String), CloseError> {
    let now = services.now();
    let (mut wave, _) = store::wave::lock(tx, asked.wave.id).await?;
    let closed = wave.state.close(now, wave.spec.closes)?;
    wave.state = WaveState::Closed(closed);
    let asked = Asked {
        wave,
        survey: asked.survey,
    };
    check_paper(tx, &asked).await?;
    let conservation = wave_overview::conservation(tx, &asked).await?;
    if !conservation.balances() {
        return Err(CloseError::BooksDoNotBalance {
            wave: asked.wave.key,
            conservation,
        });
    }
    store::code_run::wipe_all(tx, asked.wave.id, now).await?;
    store::outbox::park_notices(tx, asked.wave.id).await?;
    store::entitlement::cut_links(tx, asked.wave.id).await?;
    store::wave::set_state(tx, asked.wave.id, asked.wave.state).await?;
    let report = report::build(services, tx, &asked, Reader::Staff, Depth::Outcome).await?;
    let content = serde_json::to_string(&report)
        .map_err(|error| store::inconsistent("report_snapshot", "content", error))?;
    Ok((closed, content))
}

async fn check_paper(tx: &sea_orm::DatabaseTransaction, asked: &Asked) -> Result<(), CloseError> {
    let paper = store::keying_work::rows(tx, asked.wave.id).await?;
    if paper.waits() {
        Err(CloseError::PaperWaits {
            wave: asked.wave.key.clone(),
            unopened: paper.unopened(),
            at_work: paper.envelopes_at_work,
        })
    } else {
        Ok(())
    }
}

async fn enqueue_summaries(
    services: &Services,
    tx: &sea_orm::DatabaseTransaction,
    wave: WaveId,
    (report, head): (String, Head),
) -> Result<(), StoreError> {
    let now = services.now();
    // Of an earlier closing, when the wave has been reopened since.
    store::outbox::park_replaced(tx, wave).await?;
    let snapshot = store::mail::keep_snapshot(tx, wave, report, &head, now).await?;
    let mut rng = services.randomness.generator();
    for subscriber in store::mail::subscribers(tx, wave).await? {
        if !subscriber.stopped {
            let message_id = random_token(&mut rng);
            store::outbox::enqueue(tx, &subscriber, snapshot, message_id, now).await?;
        }
    }
    Ok(())
}

/// Closes every wave that is due: one that staff have stopped, and one with the online channel alone
/// whose closing time has passed. A wave with paper or meetings waits for a person, because paper
/// that came in time may still be being entered.
pub async fn close_due(services: &Arc<Services>) -> Result<(), StoreError> {
    let now = services.now();
    for wave in store::wave::open_past_closing(&services.db, now).await? {
        let stopped = matches!(wave.state, WaveState::Open(open) if open.stopped_at.is_some());
        let drained = now > wave.spec.closes + DRAIN;
        if !drained || !(stopped || wave.spec.is_online_only()) {
            continue;
        }
        match close(services, &Actor::schedule(), &wave.key).await {
            // The second: another process was quicker. The third: staff see it on the page of the wave,
            // and every batch brings it nearer.
            Ok(_)
            | Err(
                CloseError::Transition(TransitionError::Close(_)) | CloseError::PaperWaits { .. },
            ) => {}
            // One wave that cannot be closed must not keep the others open.
            Err(error) => tracing::error!(wave = %wave.key, %error, "a wave could not be closed"),
        }
    }
    Ok(())
}
