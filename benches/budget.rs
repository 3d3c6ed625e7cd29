//! The rules of participatory budgeting on real elections: `cargo bench --bench budget`.
//!
//! Reads the elections of the shared folder and says which of them are not there.

use std::{hint::black_box, time::Duration};

use countmein::tally::budget::{
    counter::Counter,
    election::Election,
    profile::{RankWeights, Weights},
    rule::{
        Add1, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule, Start, Stop, Ties,
        Utility,
    },
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rayon::prelude::*;

#[path = "../tests/it/tally/budget/pb.rs"]
mod pb;

const ELECTIONS: [&str; 5] = [
    "Poland_Swiecie_2023",
    "Poland_Wieliczka_2023_Green_Budget",
    "France_Toulouse_2024",
    "Poland_Lodz_2022",
    "Poland_Warszawa_2026",
];
const SAMPLES: usize = 50;

fn election(name: &str) -> Option<Election> {
    let path = pb::folder()?.join(format!("{name}.pb"));
    path.is_file().then(|| pb::read(&path, &RankWeights::Borda))
}

fn equal_shares(utility: Utility, completion: Completion) -> Rule {
    Rule::EqualShares(EqualShares {
        utility,
        completion,
        ..EqualShares::default()
    })
}

fn rules() -> Vec<(&'static str, Rule)> {
    // As the C++ rules were run: from the exact share, and done when exhaustive.
    let add1 = Completion::Add1(Add1 {
        start: Start::Exact,
        stop: Stop::Exhaustive,
        increment: None,
    });
    vec![
        ("greedy", Rule::Greedy(Greedy::default())),
        ("per cost", Rule::GreedyPerCost(GreedyPerCost::default())),
        ("mes_cost", equal_shares(Utility::Cost, Completion::None)),
        (
            "mes_card",
            equal_shares(Utility::Cardinality, Completion::None),
        ),
        ("phragmen", Rule::Phragmen(Phragmen::default())),
        ("mes_cost_add1", equal_shares(Utility::Cost, add1.clone())),
        ("mes_card_add1", equal_shares(Utility::Cardinality, add1)),
    ]
}

fn real_elections(c: &mut Criterion) {
    for name in ELECTIONS {
        let Some(election) = election(name) else {
            println!("{name}: not there, skipped");
            continue;
        };
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        group.warm_up_time(Duration::from_millis(200));
        group.measurement_time(Duration::from_secs(1));
        group.bench_function("prepare", |b| b.iter(|| Counter::new(black_box(&election))));
        let counter = Counter::new(&election);
        let everyone = election.profile().everyone();
        for (label, rule) in rules() {
            group.bench_function(label, |b| {
                b.iter(|| counter.winners(&everyone, black_box(&rule), &Ties::Id));
            });
        }
        group.finish();
    }
}

/// As many ballots as there are, drawn with replacement.
fn sample(weights: &Weights, rng: &mut StdRng) -> Weights {
    let people: Vec<usize> = (0..)
        .zip(weights.counts())
        .flat_map(|(ballot, count)| (0..*count).map(move |_| ballot))
        .collect();
    let mut counts = vec![0; weights.counts().len()];
    for _ in 0..people.len() {
        counts[people[rng.random_range(0..people.len())]] += 1;
    }
    Weights::new(counts, 0).expect("as many people as before")
}

fn bootstrap(c: &mut Criterion) {
    let Some(election) = election("Poland_Lodz_2022") else {
        println!("Poland_Lodz_2022: not there, bootstrap skipped");
        return;
    };
    let counter = Counter::new(&election);
    let everyone = election.profile().everyone();
    let mut rng = StdRng::seed_from_u64(2022);
    let samples: Vec<Weights> = (0..SAMPLES).map(|_| sample(&everyone, &mut rng)).collect();
    let rule = equal_shares(Utility::Cost, Completion::None);
    let mut group = c.benchmark_group("bootstrap of Poland_Lodz_2022");
    group.sample_size(10);
    group.throughput(Throughput::Elements(SAMPLES as u64));
    group.bench_function("mes_cost, all cores", |b| {
        b.iter(|| {
            samples
                .par_iter()
                .map(|weights| counter.winners(weights, &rule, &Ties::Id))
                .collect::<Vec<_>>()
        });
    });
    group.finish();
}

criterion_group!(benches, real_elections, bootstrap);
criterion_main!(benches);
