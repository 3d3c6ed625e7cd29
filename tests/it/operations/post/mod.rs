//! The power goes 200 times at random moments between the mail bag and the ledger, on each database.
//! Whoever works there sends again what had no answer, as their pages do. Nothing that was acknowledged
//! is lost, nothing is there twice, and no batch is half counted.

mod journey;

use std::time::Duration;

use rand::RngExt;

use self::journey::{Journey, Progress};
use super::process::Server;
use crate::support::on_both_backends;

const KILLS: usize = 200;
/// From before the first answer of a start to after the work of half a batch.
const LONGEST_LIFE: Duration = Duration::from_millis(120);

on_both_backends!(
    nothing_is_lost_and_nothing_counted_twice,
    async |backend: Backend| {
        let mut journey = Journey::begin(backend).await;
        for _ in 0..KILLS {
            one_life(&mut journey).await;
        }
        journey.finish_what_was_begun().await;
        journey.check().await;
    }
);

/// A server lives for a moment, while people work as fast as it answers.
async fn one_life(journey: &mut Journey) {
    let server = Server::start(journey.folder(), journey.database(), "error");
    let url = server.url.clone();
    let life = journey.rng.random_range(Duration::ZERO..LONGEST_LIFE);
    let killer = tokio::task::spawn_blocking(move || {
        std::thread::sleep(life);
        server.kill();
    });
    while journey.one_step(&url).await == Progress::Answered {}
    killer.await.unwrap();
}
