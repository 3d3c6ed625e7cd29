//! Outcomes that other programs computed for real elections, reproduced by the command with plain
//! flags. `benches/pb_records.rs` runs all of them; the tests run those of the smaller files.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Record {
    pub file: String,
    pub implementation: String,
    pub rule: String,
    pub params: String,
    pub selected: Option<Vec<String>>,
    #[serde(default)]
    pub order_meaningful: Option<bool>,
}

/// What came of one record.
pub enum Verdict {
    Same,
    Different(String),
    /// The record says nothing about our rules, and why.
    NotComparable(&'static str),
}

/// The folder of shared elections and all records, if they are there.
pub fn shared() -> Option<(PathBuf, Vec<Record>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pb");
    let text = std::fs::read_to_string(folder.join("expected.json")).ok()?;
    Some((folder, serde_json::from_str(&text).ok()?))
}

fn not_comparable(record: &Record) -> Option<&'static str> {
    if record.selected.is_none() {
        return Some("the other program did not finish");
    }
    let by_floats = record.implementation.contains("JS") && record.params.contains("floats");
    if by_floats && record.file.contains("Zabrze") {
        return Some("doubles lose the only project, which costs exactly what everybody has");
    }
    None
}

/// The flags that ask for what the other program did.
pub fn flags(record: &Record) -> Vec<&'static str> {
    let name = record.rule.trim_end_matches("_pabutools_borda0");
    let mut flags = vec!["--ties", "id", "--json", "--rule"];
    match name {
        "greedy_votes" => flags.push("greedy"),
        "greedy_per_cost" => flags.push("greedy-per-cost"),
        "phragmen" => flags.push("phragmen"),
        shares => flags.extend(equal_shares(record, shares)),
    }
    if name != record.rule {
        flags.extend(["--rank-weights", "borda0"]);
    } else if record.implementation.contains("C++") {
        flags.extend(["--ballots-as", "approval"]);
    }
    flags
}

fn equal_shares(record: &Record, name: &str) -> Vec<&'static str> {
    let mut flags = vec!["equal-shares", "--utility"];
    flags.push(if name.starts_with("mes_cost") {
        "cost"
    } else {
        "cardinality"
    });
    let completion = match name.trim_end_matches("_integral_nostop") {
        n if n.ends_with("_add1") => "add1",
        n if n.ends_with("_add1u") => "add1-greedy",
        n if n.ends_with("_u") => "greedy",
        _ => "none",
    };
    flags.extend(["--completion", completion]);
    if !completion.starts_with("add1") {
        return flags;
    }
    let params = &record.params;
    let is_integral = params.contains("integral") || params.contains("start endowment floor");
    let is_exhaustive = !params.contains("no exhaustive stop")
        && (record.implementation.contains("pabutools")
            // What "mes_cost() repeated, same" is the same as.
            || params.contains("repeated")
            || params.contains("=exhaustive"));
    let start = if is_integral { "floor" } else { "exact" };
    let stop = if is_exhaustive {
        "exhaustive"
    } else {
        "overspend"
    };
    flags.extend(["--add1-start", start, "--add1-stop", stop]);
    flags
}

/// Runs the command for one record.
pub fn check(program: &str, folder: &Path, record: &Record) -> Verdict {
    if let Some(why) = not_comparable(record) {
        return Verdict::NotComparable(why);
    }
    let flags = flags(record);
    let output = Command::new(program)
        .arg("tally")
        .arg(folder.join(&record.file))
        .args(&flags)
        .env_clear()
        .output();
    let Ok(output) = output else {
        return Verdict::Different("the program does not start".to_owned());
    };
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let names = |ids: &serde_json::Value| -> Vec<String> {
        serde_json::from_value(ids.clone()).unwrap_or_default()
    };
    let mut ours = names(&found["winners"]);
    let mut theirs = record.selected.clone().unwrap_or_default();
    // Doubles see an order in some rounds in which the prices are equal.
    let by_floats = record.params.contains("accuracy=floats");
    if record.order_meaningful == Some(false) || by_floats {
        ours.sort_unstable();
        theirs.sort_unstable();
    }
    if output.status.success() && ours == theirs {
        Verdict::Same
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Verdict::Different(format!(
            "{} {} ({}) with {}\n theirs {theirs:?}\n ours   {ours:?}\n {said}",
            record.file,
            record.rule,
            record.params,
            flags.join(" ")
        ))
    }
}
