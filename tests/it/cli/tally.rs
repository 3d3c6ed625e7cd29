//! `countmein tally`: a Pabulib file counted from a shell.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};

use super::{countmein, records, text};

const SMALL: &str = "\
META
key;value
description;Parks and paths
country;Scotland
unit;Smallville
instance;2025
num_projects;5
num_votes;6
budget;1000.50
vote_type;approval
rule;greedy
date_begin;2025
date_end;2025
currency;GBP
PROJECTS
project_id;cost;name
p1;600;Swings
p2;500;Benches
p3;400.25;Trees
p10;100;Nobody's bench
p4;2000;Stadium
VOTES
voter_id;vote;voting_method
v1;p1,p2;internet
v2;p1,p3;internet
v3;p1;paper
v4;p2,p3;paper
v5;p3,p3;paper
v6;p4;internet
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("small.pb"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, flags: &[&str]) -> Output {
        countmein(self.path(), &[&["tally", "small.pb"], flags].concat())
    }

    fn json(&self, flags: &[&str]) -> Value {
        let output = self.run(&[flags, &["--json"]].concat());
        let said = text(&output.stderr);
        assert!(output.status.success(), "{flags:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn winners(&self, flags: &[&str]) -> Value {
        self.json(flags)["winners"].clone()
    }

    /// What the command says where it has no outcome.
    fn refused(&self, flags: &[&str]) -> String {
        let output = self.run(flags);
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(output.stdout.is_empty(), "{flags:?}");
        text(&output.stderr)
    }
}

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "nothing to replace: {from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn the_table_has_winners_and_the_reasons_of_losers() {
    let output = Folder::with(SMALL).run(&[]);
    assert!(output.status.success());
    let table = text(&output.stdout);
    for words in [
        "Parks and paths",
        "Smallville, Scotland, 2025",
        "greedy: most points first",
        "6 (internet 3, paper 3)",
        "1  p3       Trees       3  400.25",
        "2  p1       Swings      3     600",
        "spent 1,000.25 GBP of 1,000.50 GBP; left 0.25 GBP",
        "0.25 GBP was left when its turn came",
        "it costs more than the whole budget",
        "nobody supports it",
        "p3 came before p1; another order would have funded the same",
    ] {
        assert!(table.contains(words), "no “{words}” in\n{table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 100));
    let said = text(&output.stderr);
    assert!(said.contains("duplicate-in-ballot") && said.contains("no --rule given"));
}

#[test]
fn the_object_has_exact_figures() {
    let folder = Folder::with(SMALL);
    let output = folder.run(&["--json"]);
    let raw = text(&output.stdout);
    assert!(raw.contains("\"budget\": 1000.5,") && raw.contains("\"spent\": 1000.25,"));
    let found: Value = serde_json::from_str(&raw).unwrap();
    assert_eq!(found["file"], "small.pb");
    assert_eq!(found["rule"], "greedy");
    assert_eq!(found["winners"], json!(["p3", "p1"]));
    assert_eq!(found["voters"], 6);
    assert_eq!(found["rounds"][1]["cost"], json!(600));
    assert_eq!(found["rounds"][0]["votes"], 3);
    assert_eq!(found["ties"][0]["chosen"], "p3");
    assert_eq!(found["ties"][0]["decisive"], false);
    assert_eq!(found["losers"][0]["reason"], "does-not-fit");
    assert_eq!(found["losers"][0].get("explain"), None);
    assert_eq!(found["warnings"]["duplicate-in-ballot"], 1);
    assert_eq!(found["warnings"]["cost-over-budget"], 1);
    assert_eq!(found["parameters"]["ties"], "cost-votes");
    assert_eq!(found["parameters"]["utility"], Value::Null);
    assert_eq!(found["input_sha256"].as_str().unwrap().len(), 64);
    assert!(!text(&output.stderr).contains("duplicate-in-ballot"));
}

#[test]
fn every_rule_counts_with_its_flags() {
    let folder = Folder::with(SMALL);
    let shares = |flags: &[&str]| folder.winners(&[&["--rule", "equal-shares"], flags].concat());
    assert_eq!(folder.winners(&["--no-skip"]), json!(["p3", "p1"]));
    assert_eq!(folder.winners(&["--threshold", "4"]), json!([]));
    assert_eq!(folder.winners(&["--threshold", "2.5"]), json!(["p3", "p1"]));
    let per_cost = folder.winners(&["--rule", "greedy-per-cost"]);
    assert_eq!(per_cost, json!(["p3", "p1"]));
    let phragmen = ["--rule", "phragmen", "--completion", "greedy"];
    assert_eq!(folder.winners(&phragmen)[0], "p3");
    // A share is 166.75: three supporters of p3 can pay 400.25, and nobody the rest.
    assert_eq!(shares(&["--completion", "none"]), json!(["p3"]));
    let greedy = shares(&["--completion", "greedy"]);
    assert_eq!(greedy, json!(["p3", "p1"]));
    assert_eq!(
        shares(&["--eligibility", "1", "--completion", "none"]),
        json!(["p3"])
    );
    assert_eq!(shares(&["--utility", "cardinality"])[0], "p3");
    assert_eq!(
        shares(&["--completion", "add1-greedy", "--increment", "0.5"])[0],
        "p3"
    );
    for stop in ["overspend", "exhaustive"] {
        let flags = [
            "--rule",
            "equal-shares",
            "--add1-start",
            "exact",
            "--add1-stop",
            stop,
        ];
        let found = folder.json(&flags);
        assert_eq!(found["endowment"]["start"], json!(166.75), "{stop}");
        assert!(found["rounds"][0]["effective_votes"].is_number());
    }
    let flags = ["--rule", "equal-shares", "--compare", "satisfaction"];
    assert!(folder.json(&flags)["comparison"]["indifferent"].is_number());
}

#[test]
fn ties_follow_the_flag() {
    let folder = Folder::with(&changed(&[("p3;400.25", "p3;600")]));
    assert_eq!(
        folder.winners(&["--ties", "seed:1"]),
        folder.winners(&["--ties", "seed:1"])
    );
    // Other programs compare ids as text and fund what nobody supports.
    let by_id = folder.json(&["--ties", "id"]);
    assert_eq!(by_id["winners"], json!(["p1", "p10"]));
    assert_eq!(by_id["ties"][0]["decisive"], true);
    assert_eq!(by_id["parameters"]["fund_unsupported"], true);
    let note = &by_id["notes"][1];
    assert!(note.as_str().unwrap().contains("nobody supports"), "{note}");
    assert_eq!(
        folder.winners(&["--ties", "id", "--no-fund-unsupported"]),
        json!(["p1"])
    );
    let winners = folder.winners(&["--fund-unsupported"]);
    assert!(winners.as_array().unwrap().contains(&json!("p10")));
}

#[test]
fn channels_can_be_counted_alone_and_left_out() {
    let folder = Folder::with(SMALL);
    let internet = folder.json(&["--channel", "internet"]);
    assert_eq!(internet["voters"], 3);
    assert_eq!(internet["rounds"][0]["project"], "p1");
    assert_eq!(internet["parameters"]["channel"], "internet");
    let same = folder.json(&["--without-channel", "paper"]);
    assert_eq!(same["winners"], internet["winners"]);
    let none = folder.refused(&["--channel", "unstated"]);
    assert!(none.contains("no ballot"), "{none}");
}

#[test]
fn rankings_and_points_can_be_read_in_other_ways() {
    let folder = Folder::with(&changed(&[("vote_type;approval", "vote_type;ordinal")]));
    let votes = |flags: &[&str]| folder.json(flags)["rounds"][0]["score"].clone();
    assert_eq!(votes(&[]), 5);
    assert_eq!(votes(&["--rank-weights", "3,1"]), 9);
    assert_eq!(votes(&["--ballots-as", "approval"]), 3);
    let borda0 = folder.json(&["--rank-weights", "borda0"]);
    assert_eq!(borda0["parameters"]["rank_weights"], "borda0");
    let refused = Folder::with(SMALL).refused(&["--rank-weights", "borda"]);
    assert!(refused.contains("approval"), "{refused}");
}

#[test]
fn points_with_decimals_stay_what_they_are() {
    let folder = Folder::with(&changed(&[
        ("vote_type;approval", "vote_type;cumulative"),
        ("voter_id;vote;voting_method", "voter_id;vote;points"),
        ("v1;p1,p2;internet", "v1;p1,p2;2.5,1"),
        ("v2;p1,p3;internet", "v2;p1,p3;1,1"),
        ("v3;p1;paper", "v3;p1;1"),
        ("v4;p2,p3;paper", "v4;p2,p3;1,1"),
        ("v5;p3,p3;paper", "v5;p3;1"),
        ("v6;p4;internet", "v6;p4;1"),
    ]));
    let found = folder.json(&["--threshold", "2.5"]);
    assert_eq!(found["rounds"][0]["score"], json!(4.5));
    assert_eq!(found["parameters"]["threshold"], json!(2.5));
}

#[test]
fn the_rule_of_the_file_is_applied_when_asked_for() {
    let folder = Folder::with(&changed(&[(
        "rule;greedy\n",
        "rule;greedy-threshold\nmin_project_score_threshold;4\n",
    )]));
    let plain = folder.json(&["--rule", "greedy"]);
    assert_eq!(plain["winners"], json!(["p3", "p1"]));
    let note = plain["notes"][0].as_str().unwrap();
    assert!(note.contains("at least 4 points"), "{note}");
    let of_file = folder.json(&["--rule", "file"]);
    assert_eq!(of_file["winners"], json!([]));
    assert_eq!(of_file["parameters"]["threshold"], 4);
    assert_eq!(of_file["notes"], json!([]));
    let other = folder.run(&["--rule", "phragmen"]);
    assert!(text(&other.stderr).contains("“greedy-threshold”"));
    let unknown = Folder::with(&changed(&[("rule;greedy\n", "rule;mystery\n")]));
    assert!(
        unknown
            .refused(&["--rule", "file"])
            .contains("no rule that we know")
    );
}

#[test]
fn losers_are_explained() {
    let folder = Folder::with(SMALL);
    let found = folder.json(&["--rule", "equal-shares", "--explain"]);
    let p2 = &found["losers"][0];
    assert_eq!(p2["id"], "p2");
    assert!(p2["explain"]["votes_needed"]["value"].is_number(), "{p2}");
    assert!(p2["explain"]["spent_on"][0]["amount"].is_number(), "{p2}");
    assert_eq!(found["rules"].as_array().unwrap().len(), 4);
    assert_eq!(found["channels_left_out"].as_array().unwrap().len(), 2);
    assert!(found["people"]["without_winner"].is_number());
    let greedy = folder.json(&["--explain"]);
    assert_eq!(greedy["first_change"].as_array().unwrap().len(), 3);
    assert_eq!(greedy["margins"].as_array().unwrap().len(), 5);
    let table = text(&folder.run(&["--rule", "equal-shares", "--explain"]).stdout);
    let flowing: Vec<&str> = table.split_whitespace().collect();
    let flowing = flowing.join(" ");
    for words in [
        "supporters also backed p3 and paid",
        "would have funded it",
        "voters support no funded project",
        "The same ballots under other rules",
        "Without the ballots of a channel",
        "How sure is this? (not part of the result)",
    ] {
        assert!(flowing.contains(words), "no “{words}” in\n{table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn the_bootstrap_follows_its_seed() {
    let folder = Folder::with(SMALL);
    let found = folder.json(&["--bootstrap", "40", "--seed", "7"]);
    let bootstrap = &found["bootstrap"];
    assert_eq!(
        (&bootstrap["repeats"], &bootstrap["seed"]),
        (&json!(40), &json!(7))
    );
    assert_eq!(bootstrap["funded"]["p10"], 0);
    assert!(bootstrap["funded"]["p3"].as_u64() > Some(0));
    let again = folder.json(&["--bootstrap", "40", "--seed", "7"]);
    assert_eq!(again["bootstrap"], *bootstrap);
    let table = text(&folder.run(&["--bootstrap", "40"]).stdout);
    assert!(table.contains("How sure is this? (not part of the result)"));
    assert!(folder.refused(&["--bootstrap", "0"]).contains("repeats"));
    assert!(
        folder
            .refused(&["--bootstrap", "100001"])
            .contains("repeats")
    );
}

#[test]
fn a_file_is_written_back_once() {
    let folder = Folder::with(&changed(&[("v6;p4;internet\n", "v6;\"p4\";internet")]));
    let before = folder.winners(&["--export", "out.pb"]);
    let out = folder.path().join("out.pb");
    assert!(
        fs::read_to_string(&out)
            .unwrap()
            .ends_with("v6;p4;internet\n")
    );
    assert!(
        folder
            .refused(&["--export", "out.pb"])
            .contains("exists already")
    );
    fs::rename(out, folder.path().join("small.pb")).unwrap();
    assert_eq!(folder.winners(&[]), before);
}

#[test]
fn a_faulty_file_is_refused_with_every_fault() {
    let folder = Folder::with(&changed(&[("v3;p1;", "v3;p7;"), ("p2;500", "p2;5,5")]));
    for flags in [&[][..], &["--json"]] {
        let said = folder.refused(flags);
        assert!(
            said.contains("small.pb: line 18, column 4: error comma-in-number"),
            "{said}"
        );
        assert!(
            said.contains("small.pb: line 26, column 4: error unknown-project"),
            "{said}"
        );
        assert!(said.contains("write ids of the PROJECTS section"), "{said}");
        assert!(said.contains("not usable, errors: 2"), "{said}");
    }
    fs::remove_file(folder.path().join("small.pb")).unwrap();
    assert!(folder.refused(&[]).contains("small.pb: cannot be read"));
}

/// Flags, and what the command says about them.
const NONSENSE: &[(&[&str], &str)] = &[
    (
        &["--utility", "cost"],
        "goes with --rule equal-shares: without --rule",
    ),
    (
        &["--rule", "phragmen", "--no-skip"],
        "--no-skip goes with --rule greedy",
    ),
    (
        &["--rule", "phragmen", "--completion", "add1"],
        "choose none or greedy",
    ),
    (&["--rule", "file", "--threshold", "3"], "that of the file"),
    (
        &["--rule", "equal-shares", "--increment", "0"],
        "more than nothing",
    ),
    (
        &["--rule", "equal-shares", "--increment", "-1"],
        "--increment",
    ),
    (
        &["--rule", "equal-shares", "--increment", "0.001"],
        "decimal places",
    ),
    (
        &["--rule", "equal-shares", "--eligibility", "0"],
        "--eligibility",
    ),
    (&["--rule", "borda"], "possible values"),
    (&["--ties", "seed:"], "seed:7"),
    (
        &["--channel", "paper", "--without-channel", "paper"],
        "cannot be used with",
    ),
    (
        &["--ballots-as", "approval", "--rank-weights", "borda"],
        "cannot be used with",
    ),
    (
        &["--fund-unsupported", "--no-fund-unsupported"],
        "cannot be used with",
    ),
    (&["--seed", "3"], "--bootstrap"),
    (&["--threshold", "many"], "not a number"),
];

/// A script may give the same flags to every rule.
#[test]
fn flags_without_effect_are_told_and_not_refused() {
    let folder = Folder::with(SMALL);
    let all = [
        "--utility",
        "cost",
        "--completion",
        "none",
        "--add1-start",
        "exact",
        "--add1-stop",
        "exhaustive",
        "--increment",
        "1",
    ];
    for (rule, idle) in [
        (
            "greedy",
            "--utility, --completion, --add1-start, --add1-stop, --increment",
        ),
        ("equal-shares", "--add1-start, --add1-stop, --increment"),
        (
            "phragmen",
            "--utility, --add1-start, --add1-stop, --increment",
        ),
    ] {
        let flags = [&["--rule", rule][..], &all].concat();
        let found = folder.json(&flags);
        let notes = found["notes"].to_string();
        assert!(
            notes.contains(&format!("without effect under this rule: {idle}\"")),
            "{notes}"
        );
    }
}

#[test]
fn flags_that_make_no_sense_together_are_refused_in_words() {
    let folder = Folder::with(SMALL);
    for (flags, words) in NONSENSE {
        let said = folder.refused(flags);
        assert!(said.contains(words), "{flags:?}: {said}");
    }
}

#[test]
fn words_of_the_file_cannot_command_the_terminal() {
    let folder = Folder::with(&changed(&[("Swings", "Swi\u{1b}[31mngs\u{202e}")]));
    let table = text(&folder.run(&["--explain"]).stdout);
    assert!(
        !table.contains('\u{1b}') && !table.contains('\u{202e}'),
        "{table}"
    );
}

#[test]
fn other_programs_found_the_same() {
    let Some((folder, all)) = records::shared() else {
        println!("no shared elections here: only the small one is tested");
        return;
    };
    let small = ["Zabrze", "Assen", "Zurich_S5.pb", "Mechanical"];
    let (mut same, mut differences) = (0, Vec::new());
    for record in all
        .iter()
        .filter(|r| small.iter().any(|s| r.file.contains(s)))
    {
        match records::check(env!("CARGO_BIN_EXE_countmein"), &folder, record) {
            records::Verdict::Same => same += 1,
            records::Verdict::Different(how) => differences.push(how),
            records::Verdict::NotComparable(why) => println!("{}: {why}", record.file),
        }
    }
    assert!(differences.is_empty(), "{}", differences.concat());
    assert!(same > 50, "{same} records reproduced");
    println!("{same} records of the shared elections reproduced");
}
