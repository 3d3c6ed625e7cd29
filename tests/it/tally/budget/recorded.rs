//! Outcomes that other programs computed for real elections.
//!
//! `expected.json` in the shared folder holds what pabutools 1.2.3 (exact fractions), the C++ rules
//! of pabumeasures 0.2.2 (long double) and the JavaScript of equalshares.net (doubles) gave.

use std::{collections::HashMap, path::Path};

use countmein::tally::budget::{
    counter::Counter,
    election::Election,
    profile::RankWeights,
    rule::{
        Add1, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule, Start, Stop, Ties,
        Utility,
    },
};
use serde::Deserialize;

use super::pb;

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

/// Why a record says nothing about our rules.
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

pub fn rule_of(record: &Record) -> Rule {
    let exhaustive = !record.params.contains("no exhaustive stop")
        && (record.implementation.contains("pabutools")
            || record.params.contains("until exhaustive")
            || record.params.ends_with("repeated, same")
            || record.params.contains("=exhaustive"));
    let integral =
        record.params.contains("integral") || record.params.contains("start endowment floor");
    let add1 = Add1 {
        start: if integral { Start::Floor } else { Start::Exact },
        stop: if exhaustive {
            Stop::Exhaustive
        } else {
            Stop::Overspend
        },
        increment: None,
    };
    let name = record.rule.trim_end_matches("_pabutools_borda0");
    let completion = match name.trim_end_matches("_integral_nostop") {
        n if n.ends_with("_add1") => Completion::Add1(add1),
        n if n.ends_with("_add1u") => Completion::Add1Greedy(add1),
        n if n.ends_with("_u") => Completion::Greedy,
        _ => Completion::None,
    };
    let utility = if name.starts_with("mes_cost") {
        Utility::Cost
    } else {
        Utility::Cardinality
    };
    match name {
        "greedy_votes" => Rule::Greedy(Greedy {
            fund_unsupported: true,
            ..Greedy::default()
        }),
        "greedy_per_cost" => Rule::GreedyPerCost(GreedyPerCost {
            fund_unsupported: true,
        }),
        "phragmen" => Rule::Phragmen(Phragmen {
            fund_unsupported: true,
            ..Phragmen::default()
        }),
        _ => Rule::EqualShares(EqualShares {
            utility,
            completion,
            fund_unsupported: true,
            ..EqualShares::default()
        }),
    }
}

pub fn records() -> Option<Vec<Record>> {
    let text = std::fs::read_to_string(pb::folder()?.join("expected.json")).ok()?;
    Some(serde_json::from_str(&text).expect("records"))
}

/// The C++ rules know approvals only and take whatever has points or a rank for approved.
fn as_approvals(record: &Record) -> bool {
    record.implementation.contains("C++")
}

/// One way of pabutools gives nothing to the last of a ranking.
fn from_zero(record: &Record) -> bool {
    record.rule.ends_with("borda0")
}

/// The election as the other program read it.
pub fn election_of(record: &Record, folder: &Path) -> Election {
    let weights = if from_zero(record) {
        RankWeights::BordaFromZero
    } else {
        RankWeights::Borda
    };
    let election = pb::read(&folder.join(&record.file), &weights);
    if !as_approvals(record) {
        return election;
    }
    let approvals = election.profile().as_approvals();
    Election::new(
        election.projects().to_vec(),
        election.budget(),
        election.unit(),
        approvals,
    )
    .expect("the same election")
}

/// What differs between the record and us, if anything.
pub fn difference(record: &Record, election: &Election) -> Option<String> {
    let selected = record.selected.as_ref()?;
    let weights = election.profile().everyone();
    let funded = Counter::new(election)
        .winners(&weights, &rule_of(record), &Ties::Id)
        .expect("a count");
    let mut ours: Vec<&str> = funded
        .iter()
        .map(|p| election.projects()[*p].id.as_str())
        .collect();
    let mut theirs: Vec<&str> = selected.iter().map(String::as_str).collect();
    // Doubles swap two projects of Toulouse that are hardly apart; the winners are the same.
    if record.order_meaningful == Some(false) || record.params.contains("floats") {
        ours.sort_unstable();
        theirs.sort_unstable();
    }
    (ours != theirs).then(|| format!("{record:?}\n ours {ours:?}\n"))
}

/// Compares all records that `chosen` lets through; returns how many there were.
pub fn compare(chosen: impl Fn(&Record) -> bool) -> usize {
    let (Some(folder), Some(records)) = (pb::folder(), records()) else {
        println!("no shared elections here: only the copied figures are tested");
        return 0;
    };
    let mut compared = 0;
    let mut differences = Vec::new();
    let mut read: HashMap<(&str, bool, bool), Election> = HashMap::new();
    for record in records.iter().filter(|record| chosen(record)) {
        if let Some(why) = not_comparable(record) {
            println!("{} {}: {why}", record.file, record.rule);
            continue;
        }
        compared += 1;
        let reading = (
            record.file.as_str(),
            as_approvals(record),
            from_zero(record),
        );
        let election = read
            .entry(reading)
            .or_insert_with(|| election_of(record, &folder));
        differences.extend(difference(record, election));
    }
    assert!(differences.is_empty(), "{}", differences.concat());
    println!("{compared} recorded outcomes reproduced");
    compared
}
