//! One code, submitted 64 times at the same moment over all channels, counts once.
//!
//! A thousand races on each database, of which `tests/run` makes a sample. In each, four browsers have begun with one code and each presses
//! the button 14 times, at two server processes of the built program on PostgreSQL and one on SQLite;
//! eight imports bring paper and cards with the same code, among them one file twice and one sheet in
//! two piles; they go through the service of `countmein import`, which is a process beside the servers.
//! The ballot of a race is its number in binary, so the ledger itself says how often each race was
//! counted; what everybody was told, the rows that say that a code is spent, the noted refusals and the
//! books have to agree with it.
//!
//! **What makes these tests fail.** Two things keep a code from being counted twice: the service takes
//! the wave's lock and looks, and the database has a unique key. As long as everybody looks, the key is
//! never asked, and taking it away alone would go unseen. So every race has, beside the 64, two writers
//! with a fault: they append in one transaction and in their place in the ledger, and do not look.
//!
//! - With the key they are refused whenever they come second: the check in code is bypassed, and the
//!   database still refuses.
//! - Without the key every race is counted twice or more, and the very findings that have to be without
//!   fault in the first test are full of them: removing the constraint makes it fail.
//! - Without the key and without the faulty writers, the lock and the check hold by themselves.

mod arena;
mod careless;
mod findings;
mod race;

use std::collections::BTreeMap;

use countmein::domain::channel::Channel;
use tokio::task::JoinSet;

use self::{
    arena::{Arena, Mutation},
    findings::Findings,
    race::{Careless, Lane, Outcome, SUBMISSIONS},
};
use crate::support::{Backend, on_both_backends, sample_or_all};

/// 1,000 under `tests/run --all`.
fn races() -> usize {
    sample_or_all(200, 1_000)
}
/// Enough where each race shows by itself what is meant.
const FEWER: usize = 60;
/// Races that are run side by side, each with a code of its own.
const LANES: usize = 2;

/// Runs the races, one of each lane after the other, and looks at what they left.
async fn race(backend: Backend, races: usize, careless: Careless, mutation: Mutation) -> Findings {
    let arena = Arena::open(backend, races, mutation).await;
    let mut runners = JoinSet::new();
    for first in 0..LANES {
        let mut lane = Lane::of(&arena, careless).await;
        let codes = arena.codes.clone();
        runners.spawn(async move {
            let mut told: Vec<(usize, Vec<Outcome>)> = Vec::new();
            for race in (1 + first..=races).step_by(LANES) {
                told.push((race, lane.run(race, &codes[race - 1]).await));
            }
            told
        });
    }
    let told: BTreeMap<usize, Vec<Outcome>> =
        runners.join_all().await.into_iter().flatten().collect();
    let findings = Findings::gather(&arena, told).await;
    arena.close().await;
    findings
}

on_both_backends!(
    one_code_is_counted_once_however_many_submit_it_at_once,
    async |backend: Backend| {
        assert_eq!(SUBMISSIONS, 64);
        let findings = race(backend, races(), Careless(2), Mutation::None).await;
        let faults = findings.faults();
        assert!(
            faults.is_empty(),
            "{} faults, such as {}",
            faults.len(),
            faults[..faults.len().min(5)].join("\n")
        );
        let winners = findings.winners();
        for channel in Channel::ALL {
            assert!(
                winners.contains_key(channel.as_str()),
                "{channel} never won: no race"
            );
        }
        // The writer that does not look was refused by the database, whenever it came too late.
        let wins = winners.get("careless").copied().unwrap_or(0);
        let refused = findings.refused("unique");
        assert_eq!(refused + wins, 2 * races());
        assert!(refused > races(), "{winners:?}");
    }
);

on_both_backends!(
    without_the_unique_constraint_the_same_races_find_people_counted_twice,
    async |backend: Backend| {
        let findings = race(backend, FEWER, Careless(2), Mutation::SpentWithoutKey).await;
        assert_eq!(findings.counted_twice(), FEWER);
        assert!(findings.faults().len() > FEWER);
        assert!(!findings.overview.conservation.balances());
        assert_eq!(findings.refused("unique"), 0);
    }
);

on_both_backends!(
    the_wave_s_lock_and_the_check_in_code_hold_without_the_constraint,
    async |backend: Backend| {
        let findings = race(backend, FEWER, Careless(0), Mutation::SpentWithoutKey).await;
        assert_eq!(findings.faults(), Vec::<String>::new());
    }
);
