//! Random elections and broken files for as long as you like:
//! `COUNTMEIN_FUZZ_SECONDS=3300 cargo bench --bench fuzz_budget`.
//!
//! Without the variable it does nothing. `COUNTMEIN_FUZZ_SEED` starts another sequence of cases;
//! the same seed gives the same cases. Whatever it finds is made as small as it can and printed, and
//! the exit status says that there was something.

mod case;
mod elections;
mod files;
mod oracle;
#[path = "../../tests/it/tally/budget/reference.rs"]
mod reference;
mod rules;
mod shrink;
mod watch;

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant},
};

use rand::{SeedableRng, rngs::StdRng};
use watch::Watch;

/// Findings after which a run ends.
const MOST_FINDINGS: usize = 10;
const REPORT_EVERY: Duration = Duration::from_mins(1);

/// A family of cases: checks one, and describes it where something is wrong.
struct Kind {
    name: &'static str,
    check: fn(&mut StdRng) -> Option<String>,
    cases: u64,
    time: Duration,
}

fn kinds() -> Vec<Kind> {
    let kind = |name, check| Kind {
        name,
        check,
        cases: 0,
        time: Duration::ZERO,
    };
    vec![
        kind("files: slips in sound files", files::slips),
        kind("files: any bytes", files::any_bytes),
        kind("files: long ones", files::long),
        kind("rules: few projects, many ties", rules::small),
        kind("rules: giant numbers", rules::giant),
        kind("rules: up to 60 projects", rules::wide),
    ]
}

fn variable(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

fn main() -> ExitCode {
    let Some(seconds) = variable("COUNTMEIN_FUZZ_SECONDS") else {
        println!("set COUNTMEIN_FUZZ_SECONDS to look for faults for so long");
        return ExitCode::SUCCESS;
    };
    let seed = variable("COUNTMEIN_FUZZ_SEED").unwrap_or(1);
    let only = variable("COUNTMEIN_FUZZ_CASE");
    // One core; what needs several threads asks for them.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    pool.build_global().expect("a pool of threads");
    let watch = Watch::start();
    let (start, mut reported) = (Instant::now(), Instant::now());
    let mut kinds = kinds();
    let mut findings = 0;
    for number in only.unwrap_or(0)..only.map_or(u64::MAX, |only| only + 1) {
        if start.elapsed() >= Duration::from_secs(seconds) || findings >= MOST_FINDINGS {
            break;
        }
        for kind in kinds.iter_mut().filter(|kind| due(kind, start.elapsed())) {
            let begun = Instant::now();
            watch.begin(format!("{}, seed {seed}, case {number}", kind.name));
            let mut rng = StdRng::seed_from_u64(seed.wrapping_mul(1 << 40).wrapping_add(number));
            if let Some(finding) = (kind.check)(&mut rng) {
                findings += 1;
                println!(
                    "FOUND {}, seed {seed}, case {number}:\n{finding}\n",
                    kind.name
                );
            }
            kind.cases += 1;
            kind.time += begun.elapsed();
        }
        if reported.elapsed() > REPORT_EVERY {
            reported = Instant::now();
            report(&kinds, findings, start.elapsed());
        }
    }
    report(&kinds, findings, start.elapsed());
    ExitCode::from(u8::from(findings > 0))
}

/// Every kind gets a like share of the time.
fn due(kind: &Kind, elapsed: Duration) -> bool {
    kind.cases < 10 || kind.time * 5 < elapsed
}

fn report(kinds: &[Kind], findings: usize, elapsed: Duration) {
    println!("after {:.1} minutes:", elapsed.as_secs_f64() / 60.0);
    for kind in kinds {
        println!("  {:>9} {}", kind.cases, kind.name);
    }
    println!("  {findings:>9} findings");
}
