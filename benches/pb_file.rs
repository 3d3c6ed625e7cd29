//! Reading and writing real `.pb` files: `cargo bench --bench pb_file`.
//!
//! Takes the shared elections where they are at hand, and makes one of the size of Łódź otherwise.

use std::{fmt::Write, fs, hint::black_box, path::Path};

use countmein::domain::pb_file;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const PROJECTS: u64 = 160;
const BALLOTS: u64 = 90_000;

/// An election with as many ballots as Łódź had in 2022.
fn made() -> Vec<u8> {
    let mut text = format!(
        "META\nkey;value\ndescription;Bench\ncountry;Poland\nunit;Bench\ninstance;2022\nnum_projects;{PROJECTS}\nnum_votes;{BALLOTS}\nbudget;6112868\nvote_type;approval\nrule;greedy\ndate_begin;2022\ndate_end;2022\nPROJECTS\nproject_id;cost;name\n"
    );
    for project in 1..=PROJECTS {
        let _ = writeln!(text, "L{project:03};{};Project {project}", project * 1000);
    }
    text.push_str("VOTES\nvoter_id;vote;age;sex;voting_method\n");
    let mut state = 1_u64;
    for voter in 0..BALLOTS {
        let _ = write!(text, "{};", 1_401_204_197 + voter);
        for place in 0..5 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(text, "{comma}L{:03}", place * 32 + (state >> 59) + 1);
        }
        text.push_str(";42;F;internet\n");
    }
    text.into_bytes()
}

fn files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pb");
    let shared = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<(String, Vec<u8>)> = shared
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "pb"))
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            Some((name, fs::read(path).ok()?))
        })
        .collect();
    if files.is_empty() {
        files.push(("made".to_owned(), made()));
    }
    files.sort();
    files
}

fn bench(criterion: &mut Criterion) {
    let files = files();
    let mut group = criterion.benchmark_group("pb_file/scan");
    group.sample_size(20);
    for (name, bytes) in &files {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(
                    pb_file::scan(black_box(bytes))
                        .expect("a sound file")
                        .ballots
                        .len(),
                )
            });
        });
    }
    let all: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    group.throughput(Throughput::Bytes(all as u64));
    group.bench_function("all", |bencher| {
        bencher.iter(|| {
            for (_, bytes) in &files {
                black_box(
                    pb_file::scan(black_box(bytes))
                        .expect("a sound file")
                        .ballots
                        .len(),
                );
            }
        });
    });
    group.finish();
    let Some((name, bytes)) = files.iter().max_by_key(|(_, bytes)| bytes.len()) else {
        return;
    };
    let mut group = criterion.benchmark_group("pb_file/whole");
    group
        .sample_size(20)
        .throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function(format!("{name}/read"), |bencher| {
        bencher.iter(|| black_box(pb_file::read(black_box(bytes)).expect("a sound file")));
    });
    let (file, _) = pb_file::read(bytes).expect("a sound file");
    group.bench_function(format!("{name}/write"), |bencher| {
        bencher.iter(|| black_box(pb_file::write(black_box(&file))));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
