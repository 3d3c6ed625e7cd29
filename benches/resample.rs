//! The bootstrap and the tests of two waves: `cargo bench --bench resample`.

use std::hint::black_box;

use countmein::stats::{
    confidence::Confidence,
    contingency::{Table, fisher_exact, freeman_halton},
    proportional_odds::proportional_odds,
    resample::{Plan, Replications, agreement_interval, go_on},
    two_sample::{TwoGroups, brunner_munzel, exact_permutation, mann_whitney},
};
use criterion::{Criterion, criterion_group, criterion_main};

/// April of the sample survey, an illustrative reconstruction.
const WAVE: [[u64; 5]; 7] = [
    [16, 52, 3, 14, 0],
    [24, 56, 2, 3, 0],
    [2, 32, 2, 37, 12],
    [4, 30, 5, 44, 2],
    [0, 2, 3, 47, 33],
    [2, 33, 16, 34, 0],
    [0, 7, 8, 57, 12],
];

const BEFORE: [u64; 5] = [1, 16, 3, 27, 12];

fn resample(criterion: &mut Criterion) {
    let plan = Plan {
        replications: Replications::published(),
        seed: 1,
    };
    let level = Confidence::ninety_five();
    let mut group = criterion.benchmark_group("agreement of 7 statements, 10,000 samples");
    group.sample_size(20);
    for (name, times) in [("85 answers", 1), ("1,000,000 answers", 11_765)] {
        let wave = WAVE.map(|counts| counts.map(|count| count * times));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(&wave)
                    .each_ref()
                    .map(|counts| agreement_interval(counts, plan, level, &go_on))
            });
        });
    }
    group.finish();
}

fn two_waves(criterion: &mut Criterion) {
    let level = Confidence::ninety_five();
    let two = TwoGroups::new(&BEFORE, &WAVE[2]).expect("groups");
    let table = Table::new(&[BEFORE, WAVE[2]]).expect("table");
    let mut group = criterion.benchmark_group("two waves of 59 and 85 answers");
    group.bench_function("Brunner-Munzel", |bencher| {
        bencher.iter(|| brunner_munzel(black_box(&two), level));
    });
    group.bench_function("Mann-Whitney", |bencher| {
        bencher.iter(|| mann_whitney(black_box(&two)));
    });
    group.bench_function("exact permutation", |bencher| {
        bencher.iter(|| exact_permutation(black_box(&two)));
    });
    group.bench_function("exact test of the table", |bencher| {
        bencher.iter(|| freeman_halton(black_box(&table)));
    });
    group.bench_function("proportional odds", |bencher| {
        bencher.iter(|| proportional_odds(black_box(&two)));
    });
    group.finish();
    let giant = [[1_000_000_000, 1_000_050_000], [1_000_000_000, 999_950_000]];
    criterion.bench_function("Fisher's test of cells of a thousand million", |bencher| {
        bencher.iter(|| fisher_exact(black_box(giant)));
    });
}

criterion_group!(benches, resample, two_waves);
criterion_main!(benches);
