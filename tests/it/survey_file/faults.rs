//! One broken file for every fault, and files with many at once.

use countmein::domain::{
    channel::Channel,
    frame::Frame,
    survey_file::{Fault, Severity, read},
};

use super::{
    SOUND, broken,
    cases::{HERE, cases, choices},
};

fn faults_of(file: &str) -> Vec<Fault> {
    match read(file) {
        Ok(checked) => checked.warnings,
        Err(faults) => faults,
    }
}

#[test]
fn the_sound_file_is_sound() {
    let checked = read(SOUND).unwrap();
    assert_eq!(checked.warnings, []);
    let wave = &checked.plan.waves[0];
    assert_eq!(wave.channels, [Channel::Online, Channel::Postal]);
    assert_eq!(wave.frame, Frame::Census { size: 250 });
    assert_eq!(wave.offset_minutes, 60);
    assert_eq!(wave.opens.to_string(), "2025-12-31T23:00:00.000Z");
    assert_eq!(wave.closes.to_string(), "2026-01-31T22:59:59.999Z");
    assert_eq!(checked.plan.survey.items.len(), 3);
}

#[test]
fn every_fault_is_found_placed_and_shown() {
    for case in cases() {
        let file = broken(&case.from, &case.to);
        let line = file
            .lines()
            .position(|line| line.contains(HERE))
            .map_or(1, |index| index + 1);
        let faults = faults_of(&file);
        let found = faults
            .iter()
            .find(|fault| fault.code == case.code && fault.line == line);
        let Some(fault) = found else {
            panic!("no {} on line {line} in {faults:#?}", case.code);
        };
        assert!(
            fault.excerpt.contains(&case.shows),
            "{fault} does not show {}",
            case.shows
        );
        let severity = if case.code.starts_with('W') {
            Severity::Warning
        } else {
            Severity::Error
        };
        assert_eq!(fault.severity, severity, "{fault}");
        assert_eq!(
            read(&file).is_ok(),
            severity == Severity::Warning,
            "{fault}"
        );
        assert!(!fault.message.is_empty() && !fault.remedy.is_empty());
        // Nothing else is wrong with the file, so nothing else is reported on other lines.
        let elsewhere: Vec<String> = faults
            .iter()
            .filter(|other| other.line != line)
            .map(ToString::to_string)
            .collect();
        assert!(elsewhere.is_empty(), "{}: {elsewhere:#?}", case.code);
    }
}

#[test]
fn a_survey_needs_items_projects_and_a_language() {
    let head: String = SOUND.split_inclusive('\n').take(6).collect();
    let faults = faults_of(&head);
    assert_eq!(codes(&faults), ["S-NO-ITEMS"]);
    let faults = faults_of(&format!("item = []\n{head}"));
    assert_eq!(codes(&faults), ["S-NO-ITEMS"]);
    assert_eq!(faults[0].excerpt, "item = []");

    let start = SOUND.find("[[item.project]]").unwrap();
    let end = SOUND.find("[[wave]]").unwrap();
    let faults = faults_of(&format!("{}{}", &SOUND[..start], &SOUND[end..]));
    assert_eq!(codes(&faults), ["S-NO-OPTIONS"]);
    assert_eq!(faults[0].line, 31);
    assert!(faults[0].message.contains("“projects”"));

    let faults = faults_of(&broken("languages = [\"en\", \"pl\"]", "languages = []"));
    assert_eq!((faults[0].code, faults[0].line), ("S-NO-LANGUAGE", 2));
}

#[test]
fn every_fault_of_a_file_is_reported_at_once() {
    let file = broken("required = true", "requierd = true")
        .replace("\"approval\"", "\"score\"")
        .replace("key = \"trees\"", "key = \"Trees\"")
        .replace("key = \"bench\"", "key = \"Bench\"")
        .replace("cost = 600", "cost = 6000.0")
        .replace("\"Ławka\"", "\"\"")
        .replace("{ kind = \"census\", n = 250 }", "\"sample\"")
        .replace("\"commissioner@example.org\"", "\"a@\", \"b@\"");
    let faults = faults_of(&file);
    assert_eq!(
        codes(&faults),
        [
            "S-UNKNOWN-KEY",
            "S-UNKNOWN-VALUE",
            "S-BAD-KEY",
            "S-MONEY-FLOAT",
            "S-BAD-KEY",
            "S-EMPTY-TEXT",
            "S-FRAME",
            "S-EMAIL",
            "S-EMAIL",
        ]
    );
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [19, 37, 42, 45, 48, 49, 59, 61, 61]);
    assert!(faults[0].remedy.contains("“required”"));
}

#[test]
fn faults_of_form_are_all_reported_and_hide_no_fault_above_them() {
    let file = broken("key = \"small\"", "key = \"Small\"")
        .replace("budget = 1000", "budget = one thousand")
        .replace("name = \"now\"", "name = “now”");
    let faults = faults_of(&file);
    assert_eq!((faults[0].code, faults[0].line), ("S-BAD-KEY", 1));
    let lines: Vec<usize> = faults
        .iter()
        .filter(|fault| fault.code == "S-TOML")
        .map(|fault| fault.line)
        .collect();
    assert!(lines.contains(&35) && lines.contains(&53), "{faults:#?}");
    assert!(faults.iter().skip(1).all(|fault| fault.code == "S-TOML"));
    let curly = faults.iter().find(|fault| fault.line == 53).unwrap();
    assert!(curly.remedy.contains("straight quotes"), "{curly}");
}

#[test]
fn a_fault_reads_like_a_sentence() {
    let faults = faults_of(&broken("key = \"heard\"", "key = \"s1\""));
    assert_eq!(
        faults[0].to_string(),
        "line 23: error S-DUPLICATE-KEY: two items have the key “s1” (the first is on line 15) — «key = \"s1\"» — give one of them another key"
    );
    assert_eq!((faults[0].line, faults[0].column), (23, 1));
}

#[test]
fn a_key_in_the_wrong_section_is_sent_to_the_top() {
    let file = broken("pages = \"all-questions\"\n", "").replace(
        "[[item]]\nkey = \"s1\"",
        "pages = \"all-questions\"\n\n[[item]]\nkey = \"s1\"",
    );
    let faults = faults_of(&file);
    assert_eq!(codes(&faults), ["S-UNKNOWN-KEY"]);
    assert!(
        faults[0].remedy.contains("top of the file"),
        "{}",
        faults[0]
    );
}

#[test]
fn long_lists_are_let_through_on_request() {
    let many = choices(8);
    let scale = broken(
        "[scales.agreement]",
        &format!("[scales.other]\nallow_long = true\npoints = [{many}]\n\n[scales.agreement]"),
    );
    assert_eq!(faults_of(&scale), []);
    let start = SOUND.find("options = [").unwrap();
    let end = SOUND.find("\n]\n\n[[item]]\nkey = \"projects\"").unwrap();
    let choice = format!(
        "{}allow_long = true\noptions = [{many}{}",
        &SOUND[..start],
        &SOUND[end..]
    );
    assert_eq!(faults_of(&choice), []);
}

#[test]
fn ordinary_wording_gives_no_warning() {
    for wording in [
        "Health and social care are easy to reach",
        "Argyll and Bute is a good place to live",
        "People between 18 and 25 are listened to",
        "The desk is open 24/7",
        "A nurse listens when he/she is asked",
        "Our landscape is loved",
        "Another knot is tied",
    ] {
        let file = broken("The park is safe", wording);
        assert_eq!(faults_of(&file), [], "{wording}");
    }
}

#[test]
fn editors_for_windows_are_understood() {
    let file = format!("\u{feff}{}", SOUND.replace('\n', "\r\n"));
    assert_eq!(faults_of(&file), []);
    let faults = faults_of(&file.replace("limit = 2", "limit = 9"));
    assert_eq!((faults[0].code, faults[0].line), ("S-LIMIT", 38));
    assert_eq!(faults[0].excerpt, "limit = 9");
}

fn codes(faults: &[Fault]) -> Vec<&'static str> {
    faults.iter().map(|fault| fault.code).collect()
}
