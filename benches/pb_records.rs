//! Every outcome that other programs computed for the shared elections, against `countmein tally`
//! with plain flags, and how long each file takes: `cargo bench --bench pb_records`.

use std::{
    path::Path,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

#[path = "../tests/it/cli/records.rs"]
mod records;

use records::Verdict;

const PROGRAM: &str = env!("CARGO_BIN_EXE_countmein");
const RULES: [&str; 4] = ["greedy", "greedy-per-cost", "equal-shares", "phragmen"];

fn main() -> ExitCode {
    let Some((folder, all)) = records::shared() else {
        println!("no shared elections here: nothing to compare");
        return ExitCode::SUCCESS;
    };
    let (mut same, mut differences) = (0, 0);
    for record in &all {
        match records::check(PROGRAM, &folder, record) {
            Verdict::Same => same += 1,
            Verdict::Different(how) => {
                differences += 1;
                println!("DIFFERENT {how}");
            }
            Verdict::NotComparable(why) => {
                println!("not comparable: {} {}: {why}", record.file, record.rule);
            }
        }
    }
    println!(
        "{same} of {} records reproduced, {differences} different",
        all.len()
    );
    let mut files: Vec<&str> = all.iter().map(|record| record.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let times = RULES.map(|rule| format!("{rule} {:.3} s", seconds(&folder.join(file), rule)));
        println!("{file}: {}", times.join(", "));
    }
    if differences == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The best of three runs, start of the program and reading included.
fn seconds(file: &Path, rule: &str) -> f64 {
    let run = |_| {
        let start = Instant::now();
        let output = Command::new(PROGRAM)
            .arg("tally")
            .arg(file)
            .args(["--rule", rule, "--json"])
            .output();
        output.map_or(Duration::MAX, |_| start.elapsed())
    };
    let best = (0..3).map(run).min().unwrap_or_default();
    best.as_secs_f64()
}
