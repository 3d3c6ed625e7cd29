//! The shape of the house: which layer may know which, and that there is no way round it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Each module of the crate, and those that it may use. `cli` may use all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("stats", &[]),
    ("tally", &["domain", "stats"]),
    ("store", &["domain", "tally"]),
    ("clock", &["domain"]),
    ("config", &[]),
    ("secret", &["clock", "config", "domain"]),
    ("service", &["clock", "domain", "store", "tally"]),
    ("view", &["domain", "tally"]),
    ("mail", &["config", "domain", "store", "tally", "view"]),
    ("jobs", &["domain", "mail", "service", "store", "tally"]),
    (
        "web",
        &["config", "domain", "service", "store", "tally", "view"],
    ),
    (
        "app",
        &[
            "clock", "config", "domain", "jobs", "mail", "secret", "service", "store", "tally",
            "web",
        ],
    ),
];

/// What would make a pure module impure: input, output, the clock, a framework.
const IMPURE: &[&str] = &[
    "axum",
    "tokio",
    "sea_orm",
    "lettre",
    "askama",
    "clap",
    "tracing",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "now_utc",
    "rand::rng",
];

#[test]
fn arrows_point_inwards_only() {
    let mut wrong = Vec::new();
    for (module, allowed) in MAY_USE {
        for file in files_of(module) {
            for used in modules_used(&code_of(&file)) {
                if used != *module && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("{} uses {used}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_in_the_table() {
    let listed: BTreeSet<&str> = MAY_USE
        .iter()
        .map(|(module, _)| *module)
        .chain(["cli", "main", "lib"])
        .collect();
    for entry in fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let is_code = path.is_dir() || path.extension().is_some_and(|ending| ending == "rs");
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            !is_code || listed.contains(name),
            "{name} is not in MAY_USE"
        );
    }
}

#[test]
fn the_inner_modules_are_pure() {
    let mut wrong = Vec::new();
    for module in ["domain", "stats", "tally"] {
        for file in files_of(module) {
            let code = code_of(&file);
            wrong.extend(
                IMPURE
                    .iter()
                    .filter(|name| code.contains(**name))
                    .map(|name| format!("{} mentions {name}", file.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whoever is on a roll, and what was counted, are never read by the same code.
#[test]
fn what_knows_people_knows_no_ledger() {
    let ledger = [
        "entitlement",
        "spent_entitlement",
        "admission",
        "response",
        "void_entry",
        "count_sheet",
        "ledger_read",
        "ledger::",
    ];
    for file in ["roll.rs", "person.rs", "retention.rs"] {
        let code = code_of(&source().join("store").join(file));
        assert!(code.contains("roll_person") || file == "retention.rs");
        for name in ledger {
            assert!(!code.contains(name), "store/{file} names {name}");
        }
    }
}

/// A route that does not go through the table declares no reader.
#[test]
fn routes_are_added_in_one_place() {
    for file in files_of("web") {
        if !file.ends_with("web/routes.rs") {
            let code = code_of(&file);
            let adds = [".route(", ".nest(", ".merge(", ".route_service("];
            assert!(
                !adds.iter().any(|call| code.contains(call)),
                "{}",
                file.display()
            );
        }
    }
}

/// The tree has to be readable: a file that grows past this has more than one subject.
#[test]
fn no_file_is_longer_than_500_lines() {
    let all = MAY_USE.iter().map(|(module, _)| *module).chain(["cli"]);
    for file in all.flat_map(files_of) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 500, "{} has {lines} lines", file.display());
    }
}

pub fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of a module: a folder, or one file.
pub fn files_of(module: &str) -> Vec<PathBuf> {
    let single = source().join(format!("{module}.rs"));
    let mut files = Vec::new();
    let mut folders = vec![source().join(module)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    if single.exists() {
        files.push(single);
    }
    assert!(!files.is_empty(), "there is no module {module}");
    files
}

/// The text of a file without its comments.
pub fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    code.collect::<Vec<_>>().join("\n")
}

/// Top-level modules named after `crate::`, in paths and in `use crate::{a, b::c}` lists.
fn modules_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (start, marker) in code.match_indices("crate::") {
        let rest = &code[start + marker.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            used.extend(heads_of_list(list));
        } else {
            used.insert(identifier(rest));
        }
    }
    used
}

/// `a, b::c, d::{e, f}}` gives a, b, d.
fn heads_of_list(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = Vec::new();
    let mut at_head = true;
    for (place, symbol) in list.char_indices() {
        match symbol {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_head = true,
            c if at_head && depth == 0 && c.is_alphabetic() => {
                heads.push(identifier(&list[place..]));
                at_head = false;
            }
            _ => {}
        }
    }
    heads
}

fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}
