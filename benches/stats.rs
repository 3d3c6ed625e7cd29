//! Time of intervals and quantiles, which ought not to grow with the number of people.

use std::{hint::black_box, time::Duration};

use countmein::stats::{
    confidence::Confidence,
    difference::{Group, miettinen_nurminen, newcombe},
    finite_population,
    interval::wilson,
    keying::smallest_plan,
    mean::Scored,
    multinomial::{goodman, sison_glaz},
    net::{Net, change_mover, tango},
    proportion::{clopper_pearson, jeffreys},
    quantile::{chi_squared, student_t},
};
use criterion::{Criterion, criterion_group, criterion_main};

const HUNDRED_MILLION: u64 = 100_000_000;

fn shares(c: &mut Criterion) {
    let level = Confidence::ninety_five();
    let mut group = c.benchmark_group("share");
    group.bench_function("wilson 11 of 62", |b| {
        b.iter(|| wilson(black_box(11), black_box(62), black_box(level)));
    });
    for x in [1, 1000, 25_000_000, 50_000_000, 99_999_998] {
        group.bench_function(format!("clopper-pearson {x} of 10^8"), |b| {
            b.iter(|| clopper_pearson(black_box(x), black_box(HUNDRED_MILLION), level));
        });
    }
    for (x, n) in [
        (13, 59),
        (500_000_000, 1_000_000_000),
        (u64::MAX / 3, u64::MAX),
    ] {
        group.bench_function(format!("clopper-pearson {x} of {n}"), |b| {
            b.iter(|| clopper_pearson(black_box(x), black_box(n), level));
        });
    }
    group.bench_function("jeffreys 13 of 59", |b| {
        b.iter(|| jeffreys(black_box(13), black_box(59), level));
    });
    for size in [5_000, 1_000_000_000] {
        group.bench_function(format!("exact, 20 % of {size}"), |b| {
            let n = size / 5;
            b.iter(|| finite_population::exact(black_box(n / 2), n, size, level));
        });
    }
    group.finish();
}

fn rows(c: &mut Criterion) {
    let level = Confidence::ninety_five();
    let small = [13, 27, 9, 10, 0];
    let large = [223_451_000, 461_234_000, 150_021_000, 165_294_000, 0];
    let mut group = c.benchmark_group("row");
    for (name, counts) in [("59", small), ("10^9", large)] {
        group.bench_function(format!("goodman, n = {name}"), |b| {
            b.iter(|| goodman(black_box(&counts), level));
        });
        group.bench_function(format!("sison-glaz, n = {name}"), |b| {
            b.iter(|| sison_glaz(black_box(&counts), level));
        });
        group.bench_function(format!("mean, n = {name}"), |b| {
            b.iter(|| {
                let scored = Scored::new(black_box(&counts), &[5.0, 4.0, 3.0, 2.0, 1.0]);
                scored.map(|scored| scored.mean(level))
            });
        });
    }
    group.finish();
}

fn differences(c: &mut Criterion) {
    let level = Confidence::ninety_five();
    let groups = (Group::new(11, 62), Group::new(35, 85));
    let nets = (Net::new(11, 42, 62), Net::new(35, 34, 85));
    let (Ok(first), Ok(second), Ok(before), Ok(after)) = (groups.0, groups.1, nets.0, nets.1)
    else {
        return;
    };
    let mut group = c.benchmark_group("difference");
    group.bench_function("newcombe", |b| {
        b.iter(|| newcombe(black_box(first), black_box(second), level));
    });
    group.bench_function("miettinen-nurminen", |b| {
        b.iter(|| miettinen_nurminen(black_box(first), black_box(second), level));
    });
    group.bench_function("tango", |b| b.iter(|| tango(black_box(before), level)));
    group.bench_function("change of net", |b| {
        b.iter(|| change_mover(black_box(before), black_box(after), level));
    });
    group.finish();
}

fn quantiles(c: &mut Criterion) {
    let mut group = c.benchmark_group("quantile");
    for df in [58.0, 1e9] {
        group.bench_function(format!("t, df = {df}"), |b| {
            b.iter(|| student_t(black_box(0.975), black_box(df)));
        });
        group.bench_function(format!("chi-squared, df = {df}"), |b| {
            b.iter(|| chi_squared(black_box(0.975), black_box(df)));
        });
    }
    group.bench_function("smallest plan of 5000", |b| {
        b.iter(|| smallest_plan(black_box(5000), 50, 1, 0.05));
    });
    group.finish();
}

criterion_group! {
    name = stats;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20);
    targets = shares, rows, differences, quantiles
}
criterion_main!(stats);
