//! Group commit. Every response of this process goes through one task, which writes all that are
//! waiting in one durable transaction and only then answers each of them. Batches form by themselves
//! while the last commit runs.

use std::{num::NonZeroUsize, sync::Arc};

use futures_util::FutureExt;
use sea_orm::DatabaseConnection;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    clock::{Clock, Randomness},
    store::{
        self, StoreError,
        ledger::{self, Appended, NewResponse},
    },
};

/// Larger batches win nothing: the cost of a commit is spread thinly enough at this size.
const MOST_IN_A_BATCH: NonZeroUsize = NonZeroUsize::new(256).expect("256 is not zero");
const MOST_WAITING: usize = 4_096;

#[derive(Clone)]
pub struct Appender(mpsc::Sender<Job>);

struct Job {
    response: NewResponse,
    done: oneshot::Sender<Result<Appended, AppendError>>,
}

#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    #[error("the server is shutting down")]
    ShuttingDown,
    #[error("the response could not be written")]
    Store(#[from] StoreError),
}

impl Appender {
    pub fn start(
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> (Self, JoinHandle<()>) {
        Self::start_with_batches_of(MOST_IN_A_BATCH, db, clock, randomness)
    }

    /// Writes up to `most` responses in one transaction. With 1 there is no group commit, which is
    /// what `benches/accept` compares with.
    pub fn start_with_batches_of(
        most: NonZeroUsize,
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        let task = tokio::spawn(run(receiver, most.get(), db, clock, randomness));
        (Self(sender), task)
    }

    /// Answers once the response is on the disk, or is known not to be.
    pub async fn append(&self, response: NewResponse) -> Result<Appended, AppendError> {
        let (done, answer) = oneshot::channel();
        let job = Job { response, done };
        self.0
            .send(job)
            .await
            .map_err(|_| AppendError::ShuttingDown)?;
        answer.await.map_err(|_| AppendError::ShuttingDown)?
    }
}

async fn run(
    mut receiver: mpsc::Receiver<Job>,
    most: usize,
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    randomness: Arc<Randomness>,
) {
    let mut jobs = Vec::with_capacity(most);
    while receiver.recv_many(&mut jobs, most).await > 0 {
        let (batch, waiting): (Vec<_>, Vec<_>) =
            jobs.drain(..).map(|job| (job.response, job.done)).unzip();
        let commit = |batch: Vec<NewResponse>| write(&db, &clock, &randomness, batch);
        let results = match commit(batch.clone()).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) if batch.len() == 1 => vec![Err(error.into())],
            Err(error) => {
                tracing::warn!(%error, size = batch.len(), "a batch failed; writing it row by row");
                let mut results = Vec::with_capacity(batch.len());
                for response in batch {
                    let outcome = commit(vec![response]).await;
                    results.push(
                        outcome
                            .map(|outcomes| outcomes[0])
                            .map_err(AppendError::from),
                    );
                }
                results
            }
        };
        for (done, result) in waiting.into_iter().zip(results) {
            // A browser that has gone away gets no answer, and its response stays counted.
            let _ = done.send(result);
        }
    }
}

async fn write(
    db: &DatabaseConnection,
    clock: &Arc<dyn Clock>,
    randomness: &Arc<Randomness>,
    batch: Vec<NewResponse>,
) -> Result<Vec<Appended>, StoreError> {
    let now = clock.now();
    let mut rng = randomness.generator();
    store::write(db, move |tx| {
        async move { ledger::append(tx, &batch, now, &mut rng).await }.boxed()
    })
    .await
}
