//! Removing what has been kept long enough: all of it in one transaction, each kind noted with its
//! number. Doing it twice removes nothing more.

use futures_util::FutureExt;
use sea_orm::ConnectionTrait;

use super::{Services, audited::Recorder, session};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::WaveId,
        moment::Moment,
        retention::{Kept, Retention, days_before},
    },
    store::{self, StoreError},
};

/// How many rows of each kind went, or would go.
pub type Removed = Vec<(Kept, u64)>;

/// What is due at this moment.
struct Due {
    now: Moment,
    roll: Vec<WaveId>,
    subscribers: Vec<WaveId>,
    mails: Moment,
    code_runs: Moment,
}

impl Due {
    async fn at(
        db: &impl ConnectionTrait,
        periods: Retention,
        now: Moment,
    ) -> Result<Self, StoreError> {
        let waves = store::wave::all(db).await?;
        let over = |goes: &dyn Fn(&_) -> Moment| {
            let gone = waves.iter().filter(|wave| goes(wave) <= now);
            gone.map(|wave| wave.id).collect()
        };
        Ok(Self {
            now,
            roll: over(&|wave| periods.roll_goes(wave)),
            subscribers: over(&|wave| periods.subscribers_go(wave)),
            mails: days_before(now, periods.mail_days),
            code_runs: days_before(now, periods.code_run_days),
        })
    }
}

/// What [`apply`] would remove now.
pub async fn preview(services: &Services) -> Result<Removed, StoreError> {
    let (db, now) = (&services.db, services.now());
    let due = Due::at(db, services.retention, now).await?;
    let mut roll = 0;
    for wave in &due.roll {
        roll += store::roll::count(db, *wave).await?;
    }
    let mut subscribers = 0;
    for wave in &due.subscribers {
        subscribers += store::retention::count_subscribers(db, *wave).await?;
    }
    Ok(something(vec![
        (Kept::Roll, roll),
        (
            Kept::Mails,
            store::retention::count_mails(db, due.mails).await?,
        ),
        (Kept::Subscribers, subscribers),
        (
            Kept::CodeRuns,
            store::retention::count_code_runs(db, due.code_runs).await?,
        ),
    ]))
}

/// Removes what is due, and says what that was.
pub async fn apply(services: &Services, actor: &Actor) -> Result<Removed, StoreError> {
    session::end_stale(services).await?;
    // A look first: taking the write lock would hold up whoever is answering.
    let removed = if preview(services).await?.is_empty() {
        Vec::new()
    } else {
        remove_and_note(services, actor).await?
    };
    write_through(services).await;
    Ok(removed)
}

async fn remove_and_note(services: &Services, actor: &Actor) -> Result<Removed, StoreError> {
    let recorder = Recorder::new(services, actor);
    let periods = services.retention;
    let removed = store::write(&services.db, move |tx| {
        async move {
            let due = Due::at(tx, periods, recorder.now()).await?;
            let removed = remove(tx, &due).await?;
            for (kind, removed) in &removed {
                let act = Act::RetentionApplied {
                    kind: *kind,
                    removed: *removed,
                };
                recorder.note(tx, act).await?;
            }
            Ok::<_, StoreError>(removed)
        }
        .boxed()
    })
    .await?;
    for (kind, removed) in &removed {
        tracing::info!(removed, "kept long enough and removed: {kind}");
    }
    Ok(removed)
}

async fn remove(tx: &sea_orm::DatabaseTransaction, due: &Due) -> Result<Removed, StoreError> {
    let mut roll = 0;
    for wave in &due.roll {
        roll += store::roll::clear(tx, *wave).await?;
    }
    // Before the subscribers: their mails are counted as mails as long as they are due as such.
    let mails = store::retention::remove_mails(tx, due.mails).await?;
    let mut subscribers = 0;
    for wave in &due.subscribers {
        subscribers += store::retention::remove_subscribers(tx, *wave).await?;
    }
    let runs = store::retention::wipe_code_runs(tx, due.code_runs, due.now).await?;
    Ok(something(vec![
        (Kept::Roll, roll),
        (Kept::Mails, mails),
        (Kept::Subscribers, subscribers),
        (Kept::CodeRuns, runs),
    ]))
}

fn something(mut removed: Removed) -> Removed {
    removed.retain(|(_, rows)| *rows > 0);
    removed
}

/// Until this has worked, earlier states of the removed rows may stand beside an SQLite file; the
/// next run of the schedule tries again.
pub async fn write_through(services: &Services) {
    match store::flush(&services.db).await {
        Ok(true) => {}
        Ok(false) => tracing::info!("what was removed leaves the file beside the database later"),
        Err(error) => tracing::warn!(%error, "the file beside the database was not emptied"),
    }
}
