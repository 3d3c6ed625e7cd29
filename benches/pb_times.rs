//! How long each rule takes on `.pb` files, as lines of JSON:
//! `cargo bench --bench pb_times -- FILE…`. For `pb_pabutools.py`, which sets another program's times
//! beside them.
//!
//! A line has the seconds for reading the file, for preparing it (equal ballots merged, ballots
//! turned on their side) and for each rule, the median of several runs, and who wins. The file with
//! the most ballots is bootstrapped besides.

use std::{
    env, fs,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use countmein::{
    domain::pb_file::scan,
    tally::budget::{
        case::Case,
        certainty::bootstrap,
        counter::Counter,
        election::Election,
        from_pb::from_pb,
        rule::{
            Add1, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule, Start, Stop,
            Ties, Utility,
        },
    },
};
use serde_json::{Value, json};

const LEAST_RUNS: usize = 5;
const MOST_RUNS: usize = 2000;
/// At least so long is timed at once.
const QUICK: Duration = Duration::from_micros(100);
const ENOUGH: Duration = Duration::from_millis(300);
const REPEATS: u32 = 1000;

/// Seconds: the best and the median of several runs. What takes no time is run many times at once.
fn seconds<T>(run: impl Fn() -> T) -> (f64, f64) {
    let begun = Instant::now();
    black_box(run());
    let at_once = QUICK.as_nanos() / begun.elapsed().as_nanos().max(1) + 1;
    let at_once = u32::try_from(at_once).unwrap_or(1);
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < LEAST_RUNS || (start.elapsed() < ENOUGH && times.len() < MOST_RUNS) {
        let begun = Instant::now();
        for _ in 0..at_once {
            black_box(run());
        }
        times.push(begun.elapsed() / at_once);
    }
    times.sort_unstable();
    (times[0].as_secs_f64(), times[times.len() / 2].as_secs_f64())
}

/// As pabutools runs them: projects without support are funded if money is left, and growing
/// shares begin with the exact share and end when nothing fits.
fn rules() -> [(&'static str, Rule); 7] {
    let add1 = Completion::Add1(Add1 {
        start: Start::Exact,
        stop: Stop::Exhaustive,
        increment: None,
    });
    let shares = |utility, completion: &Completion| {
        Rule::EqualShares(EqualShares {
            utility,
            completion: completion.clone(),
            ..EqualShares::default()
        })
    };
    let greedy = Greedy {
        fund_unsupported: true,
        ..Greedy::default()
    };
    let per_cost = GreedyPerCost {
        fund_unsupported: true,
    };
    let phragmen = Phragmen {
        fund_unsupported: true,
        ..Phragmen::default()
    };
    [
        ("greedy", Rule::Greedy(greedy)),
        ("greedy-per-cost", Rule::GreedyPerCost(per_cost)),
        ("mes-cost", shares(Utility::Cost, &Completion::None)),
        ("mes-card", shares(Utility::Cardinality, &Completion::None)),
        ("phragmen", Rule::Phragmen(phragmen)),
        ("mes-cost-add1", shares(Utility::Cost, &add1)),
        ("mes-card-add1", shares(Utility::Cardinality, &add1)),
    ]
}

fn line(path: &str, with_bootstrap: bool) -> Value {
    let bytes = fs::read(path).expect("a readable file");
    let scanned = scan(&bytes).unwrap_or_else(|found| panic!("{path}: {found}"));
    let election = from_pb(&scanned, |_| true)
        .expect("a file that can be counted")
        .election;
    let everyone = election.profile().everyone();
    let counter = Counter::new(&election);
    let timed: Vec<Value> = rules()
        .iter()
        .map(|(name, rule)| {
            let winners = || counter.winners(&everyone, rule, &Ties::Id);
            let mut ids: Vec<&str> = winners()
                .expect("a count")
                .into_iter()
                .map(|winner| election.projects()[winner].id.as_str())
                .collect();
            ids.sort_unstable();
            let (best, median) = seconds(winners);
            json!({"rule": name, "best": best, "median": median, "winners": ids})
        })
        .collect();
    json!({
        "file": Path::new(path).file_stem().and_then(|stem| stem.to_str()),
        "bytes": bytes.len(),
        "projects": election.projects().len(),
        "ballots": scanned.ballots.len(),
        "distinct": election.profile().distinct(),
        "read": seconds(|| scan(&bytes).is_ok()).0,
        "prepare": seconds(|| from_pb(&scanned, |_| true).map(|made| Counter::new(&made.election).election().unit())).0,
        "rules": timed,
        "bootstrap": with_bootstrap.then(|| bootstrap_seconds(&election)),
    })
}

/// Seconds for a thousand bootstrap samples, counted by equal shares, on all processors.
fn bootstrap_seconds(election: &Election) -> f64 {
    let everyone = election.profile().everyone();
    let rule = Rule::EqualShares(EqualShares {
        completion: Completion::None,
        ..EqualShares::default()
    });
    let case = Case {
        election,
        weights: &everyone,
        rule: &rule,
        ties: &Ties::Id,
    };
    let start = Instant::now();
    bootstrap(&case, REPEATS, 1, &|_, _| true).expect("samples");
    start.elapsed().as_secs_f64()
}

fn main() {
    // Cargo adds words of its own, such as `--bench`.
    let paths: Vec<String> = env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    if paths.is_empty() {
        println!("name .pb files to time the rules on");
        return;
    }
    let largest = paths
        .iter()
        .max_by_key(|path| fs::metadata(path).map_or(0, |data| data.len()));
    for path in &paths {
        println!("{}", line(path, Some(path) == largest));
    }
}
