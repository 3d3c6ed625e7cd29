//! Pabulib files: every fault is found and placed, nothing is lost on the way to a file and back,
//! and the real elections say of themselves what we count.

mod bounds;
mod decimals;
mod faults;
mod hostile;
mod quirks;
mod real;
mod round_trip;

use countmein::domain::pb_file::{Code, Findings, Scan, scan};

/// A small sound file, from which the broken ones are made.
const SOUND: &str = "\
META
key;value
description;Small vote
country;Poland
unit;Smallville
instance;2025
num_projects;3
num_votes;3
budget;1000
vote_type;approval
rule;greedy
date_begin;01.06.2025
date_end;2025
PROJECTS
project_id;cost;votes;name;selected
p1;400;2;Bench;1
p2;700;2;Tree;0
p/3;50.50;1;\"Lamp; \"\"bright\"\"\";1
VOTES
voter_id;vote;age;sex;voting_method
v1;p1,p2;40-59;F;internet
v2;p2;27;M;paper
v3;p1,p/3;;;internet
";

/// The same with points.
const POINTS: &str = "\
META
key;value
description;Small vote
country;Poland
unit;Smallville
instance;2025
num_projects;2
num_votes;2
budget;1000
vote_type;cumulative
rule;greedy
date_begin;2025
date_end;2025
PROJECTS
project_id;cost;votes;score
p1;400;2;8
p2;700;1;2
VOTES
voter_id;vote;points
v1;p1,p2;3,2
v2;p1;5
";

/// `file` with some of its text replaced. Each replacement has to replace something.
fn changed(file: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(file.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "nothing to replace: {from}");
        text.replacen(from, to, 1)
    })
}

fn sound(text: &str) -> Scan<'_> {
    scan(text.as_bytes()).unwrap_or_else(|findings| panic!("{findings}"))
}

/// Everything that was found, whether or not the file can be tallied.
fn findings(text: &str) -> Findings {
    scan(text.as_bytes()).map_or_else(|findings| findings, |scan| scan.findings)
}

fn codes(text: &str) -> Vec<Code> {
    findings(text).counts().map(|(code, _)| code).collect()
}
