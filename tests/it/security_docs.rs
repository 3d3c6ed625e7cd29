//! `docs/security.md` says what the code does, and names tests that there are.

use std::{collections::BTreeSet, process::Command, time::Duration};

use countmein::{
    domain::{common_password, second_factor::RECOVERY_CODES},
    service::{
        import_roll, login, make_codes,
        password::{self, NewPassword, PasswordError},
        second_factor, session, staff_link,
        throttle::Limit,
        wrong_codes,
    },
    web::serving::{self, Limits},
};

use crate::{
    architecture::{code_of, files_of},
    manifest::CRYPTOGRAPHY,
    support::repository_file,
};

const FEWEST_WITH_TESTS: usize = 80;
const VARIANTS: [&str; 4] = ["sqlite", "postgres", "narrow", "wide"];

fn document() -> String {
    repository_file("docs/security.md")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Shown,
    InPart,
    NotYet,
    NotApplicable,
}

/// One requirement of the standard.
struct Row {
    id: String,
    shown_by: String,
}

impl Row {
    fn standing(&self) -> Standing {
        [
            ("Not applicable: because ", Standing::NotApplicable),
            ("Not yet: ", Standing::NotYet),
            ("In part: `", Standing::InPart),
        ]
        .into_iter()
        .find(|(start, _)| self.shown_by.starts_with(start))
        .map_or(Standing::Shown, |(_, standing)| standing)
    }

    /// What stands in backticks and reads like the path of a test.
    fn tests(&self) -> Vec<&str> {
        let quoted = self.shown_by.split('`').skip(1).step_by(2);
        quoted.filter(|text| text.contains("::")).collect()
    }
}

/// The rows of the tables, with what is wrong with them.
fn rows(document: &str) -> Result<Vec<Row>, String> {
    let (_, part) = document
        .split_once("\n## OWASP ASVS 5.0, levels 1 and 2\n")
        .ok_or("there is no part on the standard")?;
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for line in part.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [id, asks, shown_by] = cells[..] else {
            return Err(format!("three cells are wanted: {line}"));
        };
        if id == "Id" {
            continue;
        }
        let is_id = id.split('.').count() == 3 && id.split('.').all(|n| n.parse::<u8>().is_ok());
        if !is_id || asks.is_empty() || shown_by.is_empty() {
            return Err(format!("a cell is empty or no id: {line}"));
        }
        if !seen.insert(id) {
            return Err(format!("{id} stands twice"));
        }
        rows.push(Row {
            id: id.to_owned(),
            shown_by: shown_by.to_owned(),
        });
    }
    Ok(rows)
}

/// What is wrong with the tables, given the tests that there are.
fn faults(document: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let rows = match rows(document) {
        Ok(rows) => rows,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let mut with_tests = 0;
    for row in &rows {
        let named = row.tests();
        with_tests += usize::from(row.standing() == Standing::Shown && !named.is_empty());
        if named.is_empty() && matches!(row.standing(), Standing::Shown | Standing::InPart) {
            faults.push(format!("{} names no test", row.id));
        }
        let unknown = named.iter().filter(|name| !exists(name, tests));
        faults.extend(unknown.map(|name| format!("{}: there is no test {name}", row.id)));
        let reason = row.shown_by.split_once(": ").map_or("", |(_, rest)| rest);
        if row.standing() != Standing::Shown && reason.len() < 20 {
            faults.push(format!("{} gives no reason", row.id));
        }
    }
    if with_tests < FEWEST_WITH_TESTS {
        faults.push(format!("{with_tests} rows are shown by tests"));
    }
    faults
}

fn exists(name: &str, tests: &BTreeSet<String>) -> bool {
    let variant = |variant: &str| tests.contains(&format!("{name}::{variant}"));
    tests.contains(name) || VARIANTS.iter().any(|v| variant(v))
}

/// Every test of this very program, also those that are ignored by default.
fn all_tests() -> BTreeSet<String> {
    let listed = Command::new(std::env::current_exe().unwrap())
        .args(["--list", "--format", "terse"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    names.map(ToOwned::to_owned).collect()
}

#[test]
fn every_requirement_has_its_answer_and_every_test_exists() {
    let tests = all_tests();
    assert!(tests.len() > 500, "{}", tests.len());
    let found = faults(&document(), &tests);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let rows = rows(&document()).unwrap();
    let count = |standing| rows.iter().filter(|r| r.standing() == standing).count();
    println!(
        "{} requirements: {} shown, {} in part, {} not yet, {} not applicable",
        rows.len(),
        count(Standing::Shown),
        count(Standing::InPart),
        count(Standing::NotYet),
        count(Standing::NotApplicable)
    );
}

/// The test above would find them.
#[test]
fn a_wrong_table_is_found_out() {
    let tests = all_tests();
    let right = document();
    let changed = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        faults(&right.replacen(from, to, 1), &tests)
    };
    let row = "| 3.5.3 | Whatever changes something needs POST or the like, never GET. | ";
    let test = "`web::reading_changes_nothing::no_page_changes_a_row`";
    let whole = format!("{row}{test} |");
    for (to, fault) in [
        (
            format!("{row}`web::reading_changes_nothing::no_page_changes` |"),
            "there is no test",
        ),
        (
            format!("{row}`web::reading_changes_nothing` |"),
            "there is no test",
        ),
        (format!("{row} |"), "a cell is empty"),
        (format!("{row}It is so. |"), "names no test"),
        (format!("{row}Not yet: soon |"), "gives no reason"),
        (format!("{whole}\n{whole}"), "stands twice"),
    ] {
        let found = changed(&whole, &to);
        assert!(found.iter().any(|f| f.contains(fault)), "{to}: {found:?}");
    }
    let few = right.replace("| `", "| Not yet: there is no more than a mention of `");
    let found = faults(&few, &tests);
    assert!(
        found.iter().any(|f| f.contains("are shown by tests")),
        "{found:?}"
    );
}

/// `| what | value |`, or `| what | value…`, stands in the document.
fn assert_says(document: &str, what: &str, value: &str) {
    let row = format!("| {what} | {value}");
    let found = document.lines().any(|line| {
        line.strip_prefix(&row)
            .is_some_and(|rest| rest.starts_with(" |") || rest.starts_with(','))
    });
    assert!(found, "docs/security.md lacks {row}");
}

fn minutes(time: Duration) -> u64 {
    assert_eq!(time.as_secs() % 60, 0);
    time.as_secs() / 60
}

#[test]
fn the_limits_are_those_of_the_code() {
    let said = document();
    let limit = |limit: Limit| format!("{} in {} minutes", limit.tries, minutes(limit.within));
    for (what, of) in [
        ("Wrong passwords for an address", login::PER_ACCOUNT),
        ("Wrong passwords from a network", login::PER_NETWORK),
        (
            "Wrong second factors for an account",
            second_factor::PER_ACCOUNT,
        ),
        (
            "Access codes never issued, from a network",
            wrong_codes::PER_NETWORK,
        ),
    ] {
        assert_says(&said, what, &limit(of));
    }
    let attack = format!("{} a minute", wrong_codes::IN_ALL);
    assert_says(&said, "Access codes never issued, from everywhere", &attack);
    let wait = format!(
        "each answer waits {} second ",
        wrong_codes::HELD_BACK.as_secs()
    );
    assert!(said.contains(&wait), "{wait}");
    let (least, most) = (password::SHORTEST, password::LONGEST);
    assert_says(
        &said,
        "Length of a password",
        &format!("{least} to {most} characters"),
    );
    for (what, value) in [
        (
            "Half a login",
            format!("{} minutes", minutes(session::HALF)),
        ),
        (
            "A session at rest",
            format!("{} minutes", minutes(session::IDLE)),
        ),
        (
            "A session in all",
            format!("{} hours", minutes(session::ABSOLUTE) / 60),
        ),
        (
            "A link for a password",
            format!("{} days", minutes(staff_link::LIFE) / 60 / 24),
        ),
        ("Recovery codes", RECOVERY_CODES.to_string()),
        ("Codes made at once", make_codes::MOST_AT_ONCE.to_string()),
    ] {
        assert_says(&said, what, &value);
    }
    sizes_are_those_of_the_code(&said);
}

fn sizes_are_those_of_the_code(said: &str) {
    let Limits {
        head,
        connections,
        request,
    } = Limits::default();
    let kib = serving::MAX_HEAD_BYTES / 1024;
    assert_says(
        said,
        "Head of a request",
        &format!("{kib} KiB, in {} seconds", head.as_secs()),
    );
    assert_says(
        said,
        "A request in all",
        &format!("{} seconds", request.as_secs()),
    );
    assert_says(said, "Connections", &connections.to_string());
    let people = format!("2 MiB, {} people", import_roll::MOST_PEOPLE);
    let roll = "Form with a roll (CSV in UTF-8, pasted or as a file)";
    assert_says(said, roll, &people);
    assert_says(said, "Form", "64 KiB");
    // Neither is for anybody but the web: looked up where it stands.
    for (file, line) in [
        (
            "src/web/form.rs",
            "const MAX_FORM_BYTES: usize = 64 * 1024;",
        ),
        (
            "src/web/upload.rs",
            "const MAX_UPLOAD_BYTES: usize = 2 * 1024 * 1024;",
        ),
    ] {
        assert!(repository_file(file).contains(line), "{file}: {line}");
    }
}

#[test]
fn the_words_of_the_service_are_refused() {
    let quoted: Vec<String> = common_password::SERVICE
        .iter()
        .map(|w| format!("`{w}`"))
        .collect();
    let sentence = format!("these words of the service: {}.", quoted.join(", "));
    assert!(document().contains(&sentence), "{sentence}");
    let fault = |text: &str| NewPassword::new(text.to_owned(), "jo@example.org").err();
    for word in common_password::SERVICE {
        for shape in [
            format!("{word}-2026!!!!!!"),
            format!("2026{}2026!!!!", word.to_uppercase()),
        ] {
            assert_eq!(fault(&shape), Some(PasswordError::TooCommon), "{shape}");
        }
    }
    assert_eq!(fault("gravel-heron-2026!!"), None);
}

/// What is written in double quotes in code and begins with `count-me-in `.
fn prefixes() -> BTreeSet<String> {
    let files = ["domain", "secret", "service", "web", "store", "jobs", "app"];
    let mut found = BTreeSet::new();
    for file in files.into_iter().flat_map(files_of) {
        let code = code_of(&file);
        let names = code.split("b\"count-me-in ").skip(1);
        found.extend(names.map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    found
}

#[test]
fn the_inventory_names_every_key_and_crate() {
    let said = document();
    let prefixes = prefixes();
    assert!(prefixes.len() >= 12, "{prefixes:?}");
    for name in &prefixes {
        assert!(said.contains(&format!("`count-me-in {name}`")), "{name}");
    }
    let named = said.matches("`count-me-in ").count();
    assert_eq!(named, prefixes.len(), "one that the code no longer has");
    for name in CRYPTOGRAPHY {
        assert!(said.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn what_is_recorded_is_listed() {
    let said = document();
    let (_, list) = said.split_once("Acts on record:").unwrap();
    let list = list.split("\n\n").next().unwrap();
    let listed: BTreeSet<&str> = list.split('`').skip(1).step_by(2).collect();
    let code = repository_file("src/domain/audit/act.rs");
    let (_, variants) = code.split_once("pub enum Act {").unwrap();
    let variants = variants.split("\nimpl Act").next().unwrap();
    let names: BTreeSet<String> = variants
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| kebab(line.trim_end_matches([' ', '{', ','])))
        .collect();
    assert!(names.len() >= 40, "{names:?}");
    assert_eq!(listed, names.iter().map(String::as_str).collect());
}

/// `WaveOpened` as it stands in the database: `wave-opened`.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
