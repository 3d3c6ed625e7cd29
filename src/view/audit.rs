//! The record of acts, for people to read, filter, check and take away.

use std::collections::HashMap;

use askama::Template;
use time::UtcOffset;

use super::{act_words, dates, page::Page, spreadsheet};
use crate::domain::{
    audit::{Act, Link},
    id::UserId,
};

/// The e-mail address of each member of staff.
pub type Names = HashMap<UserId, String>;

/// What is typed into the form that filters, as it is shown again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    pub who: String,
    pub act: String,
    pub object: String,
    pub result: String,
    /// Days, as `2026-03-02`.
    pub from: String,
    pub to: String,
}

/// One event and its hash.
#[derive(Debug, Clone)]
pub struct AuditRow {
    pub link: Link,
    pub hash: String,
}

/// What the page shows of the log.
#[derive(Debug, Clone)]
pub struct AuditExcerpt {
    pub rows: Vec<AuditRow>,
    /// Every kind of act that the log has.
    pub acts: Vec<String>,
    pub names: Names,
    /// Events that the filter names.
    pub found: u64,
    /// From 0.
    pub number: u64,
    pub per_page: u64,
    pub fault: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "audit.html", config = "src/view/askama.toml")]
pub struct AuditPage {
    page: Page,
    query: AuditQuery,
    acts: Vec<Choice>,
    results: Vec<Choice>,
    events: Vec<ShownEvent>,
    found: String,
    place: String,
    newer: Option<String>,
    older: Option<String>,
    csv: String,
    fault: Option<String>,
}

#[derive(Debug)]
struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

#[derive(Debug)]
struct ShownEvent {
    seq: i64,
    at: String,
    who: String,
    words: String,
    details: Vec<String>,
    outcome: Option<&'static str>,
}

impl AuditPage {
    pub fn new(page: &Page, query: AuditQuery, excerpt: &AuditExcerpt) -> Self {
        let words = page.words;
        let (number, per_page) = (excerpt.number, excerpt.per_page.max(1));
        let pages = excerpt.found.div_ceil(per_page).max(1);
        let at = |number: u64| format!("/staff/audit?{}page={}", address(&query), number + 1);
        Self {
            page: page
                .titled("Record of acts")
                .with_errors(excerpt.fault.is_some()),
            acts: acts(&query, &excerpt.acts),
            results: results(&query),
            events: excerpt
                .rows
                .iter()
                .map(|row| shown(page, row, &excerpt.names))
                .collect(),
            found: match excerpt.found {
                1 => "1 event".to_owned(),
                found => format!("{} events", words.number(found)),
            },
            place: format!(
                "Page {} of {}",
                words.number(number + 1),
                words.number(pages)
            ),
            newer: (number > 0).then(|| at(number.min(pages) - 1)),
            older: (number + 1 < pages).then(|| at(number + 1)),
            csv: format!("/staff/audit.csv?{}", address(&query)),
            fault: excerpt.fault.clone(),
            query,
        }
    }
}

fn acts(query: &AuditQuery, known: &[String]) -> Vec<Choice> {
    let any = choice("", "Any act", &query.act);
    let known = known
        .iter()
        .map(|act| choice(act, &act.replace('-', " "), &query.act));
    std::iter::once(any).chain(known).collect()
}

fn results(query: &AuditQuery) -> Vec<Choice> {
    [("", "Any"), ("done", "Done"), ("refused", "Refused")]
        .into_iter()
        .map(|(value, name)| choice(value, name, &query.result))
        .collect()
}

fn choice(value: &str, name: &str, chosen: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        name: name.to_owned(),
        is_chosen: value == chosen,
    }
}

/// The filter as it stands in an address, with a `&` at its end.
fn address(query: &AuditQuery) -> String {
    [
        ("who", &query.who),
        ("act", &query.act),
        ("object", &query.object),
        ("result", &query.result),
        ("from", &query.from),
        ("to", &query.to),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .fold(String::new(), |text, (name, value)| {
        format!("{text}{name}={}&", encoded(value))
    })
}

/// Percent-encoding of everything that could mean something in an address.
fn encoded(value: &str) -> String {
    use std::fmt::Write;
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

fn shown(page: &Page, row: &AuditRow, names: &Names) -> ShownEvent {
    let link = &row.link;
    let (words, mut details) = described(link, names);
    if !link.role.is_empty() {
        details.insert(0, link.role.clone());
    }
    if !link.origin.is_empty() && link.origin != link.who {
        details.insert(0, format!("from {}", link.origin));
    }
    ShownEvent {
        seq: link.seq,
        at: dates::moment(page.words, link.at, UtcOffset::UTC),
        who: who(link),
        words,
        details,
        outcome: act_words::outcome(&link.result),
    }
}

fn who(link: &Link) -> String {
    match link.who.as_str() {
        "schedule" => "The schedule".to_owned(),
        "operator" => "The operator".to_owned(),
        "unknown" => "Somebody unknown".to_owned(),
        who => who.to_owned(),
    }
}

/// The words and the details of an event. One of another version of the program is shown as it is
/// written.
fn described(link: &Link, names: &Names) -> (String, Vec<String>) {
    let name = |user: UserId| {
        names
            .get(&user)
            .cloned()
            .unwrap_or_else(|| format!("user {user}"))
    };
    match serde_json::from_str::<Act>(&link.detail) {
        Ok(act) => (act_words::in_words(&act, &name), act_words::details(&act)),
        Err(_) => (
            format!("{} {}", link.act, link.object).trim().to_owned(),
            vec![link.detail.clone()],
        ),
    }
}

const HEADINGS: [&str; 12] = [
    "seq", "time", "who", "role", "origin", "act", "object", "words", "detail", "result",
    "previous", "hash",
];

/// The first line of an export.
pub fn audit_csv_head() -> String {
    spreadsheet::csv_of(&HEADINGS, [])
}

/// Further lines of an export.
pub fn audit_csv_rows(rows: &[AuditRow], names: &Names) -> String {
    spreadsheet::csv_rows(rows.iter().map(|row| {
        let link = &row.link;
        [
            link.seq.to_string(),
            link.at.to_string(),
            link.who.clone(),
            link.role.clone(),
            link.origin.clone(),
            link.act.clone(),
            link.object.clone(),
            described(link, names).0,
            link.detail.clone(),
            link.result.clone(),
            link.previous.clone(),
            row.hash.clone(),
        ]
        .map(|cell| spreadsheet::safe(&cell))
    }))
}

/// What a check of the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditCheck {
    NotYet,
    /// Something that was typed is no head.
    BadHead {
        typed: String,
        fault: String,
    },
    Sound {
        events: u64,
        head: String,
    },
    Broken {
        what: String,
    },
}

#[derive(Debug, Template)]
#[template(path = "audit_verify.html", config = "src/view/askama.toml")]
pub struct AuditVerifyPage {
    page: Page,
    typed: String,
    fault: Option<String>,
    sound: Option<(String, String)>,
    broken: Option<String>,
}

impl AuditVerifyPage {
    pub fn new(page: &Page, check: AuditCheck) -> Self {
        let wrong = matches!(
            check,
            AuditCheck::BadHead { .. } | AuditCheck::Broken { .. }
        );
        let mut shown = Self {
            page: page.titled("Check the record of acts").with_errors(wrong),
            typed: String::new(),
            fault: None,
            sound: None,
            broken: None,
        };
        match check {
            AuditCheck::NotYet => {}
            AuditCheck::BadHead { typed, fault } => {
                shown.typed = typed.chars().take(120).collect();
                shown.fault = Some(fault);
            }
            AuditCheck::Sound { events, head } => {
                shown.sound = Some((page.words.number(events), head));
            }
            AuditCheck::Broken { what } => shown.broken = Some(what),
        }
        shown
    }
}
