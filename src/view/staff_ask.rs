//! The forms by which one person asks for an act that needs two. In English.

use askama::Template;
use serde::Deserialize;

use super::{
    dates,
    page::{Page, SummaryLine},
    staff_edit::capital,
};
use crate::domain::{
    count_sheet::CountSheet,
    id::Seq,
    survey::Survey,
    two_person::LONGEST_REASON,
    wave::{ResultsRule, Wave, WaveState},
};

/// Which form, as its address names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskKind {
    Publish,
    Extend,
    Reopen,
    Void,
    Sheet,
}

/// A count sheet that can be replaced.
#[derive(Debug, Clone)]
pub struct SheetChoice {
    pub place: Seq,
    pub sheet: CountSheet,
}

/// What stands in the fields.
#[derive(Debug, Clone, Default)]
pub struct AskForm {
    pub closes: String,
    pub entry: String,
    pub place: String,
    pub rows: String,
    pub reason: String,
    pub sheets: Vec<SheetChoice>,
}

impl AskForm {
    pub fn from_fields(field: impl Fn(&str) -> String) -> Self {
        Self {
            closes: field("closes"),
            entry: field("entry"),
            place: field("place"),
            rows: field("rows"),
            reason: field("reason"),
            sheets: Vec::new(),
        }
    }

    /// The sheet that the form is about, once one has been chosen.
    pub fn chosen(&self) -> Option<&SheetChoice> {
        let place = self.place.trim();
        let is_it = |choice: &&SheetChoice| choice.place.to_string() == place;
        self.sheets.iter().find(is_it)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskField {
    Closes,
    Entry,
    Rows,
    Reason,
    /// The act itself: no field can mend it.
    Whole,
}

#[derive(Debug, Clone)]
pub struct AskFault {
    pub field: AskField,
    pub message: String,
}

#[derive(Debug, Template)]
#[template(path = "staff_ask.html", config = "src/view/askama.toml")]
pub struct StaffAskPage {
    page: Page,
    errors: Vec<SummaryLine>,
    back: String,
    action: String,
    wave: String,
    heading: &'static str,
    consequences: Vec<&'static str>,
    present: String,
    closes: Option<Field>,
    entry: Option<Field>,
    sheet: Option<SheetPart>,
    reason: Option<Field>,
    longest: usize,
    button: &'static str,
}

#[derive(Debug)]
struct Field {
    value: String,
    error: Option<String>,
}

#[derive(Debug)]
enum SheetPart {
    Choose(Vec<(String, String)>),
    Rows { place: String, field: Field },
}

impl StaffAskPage {
    pub fn new(
        page: &Page,
        kind: AskKind,
        wave: &Wave,
        survey: &Survey,
        form: &AskForm,
        fault: Option<&AskFault>,
    ) -> Self {
        let heading = heading(kind);
        let field = |kind: AskField, value: &str| Field {
            value: value.to_owned(),
            error: fault
                .filter(|fault| fault.field == kind)
                .map(|fault| capital(&fault.message)),
        };
        let sheet = (kind == AskKind::Sheet).then(|| match form.chosen() {
            Some(choice) => SheetPart::Rows {
                place: choice.place.to_string(),
                field: field(AskField::Rows, &form.rows),
            },
            None => SheetPart::Choose(form.sheets.iter().map(|c| line(page, wave, c)).collect()),
        });
        let is_choosing = matches!(sheet, Some(SheetPart::Choose(_)));
        let has_reason = kind != AskKind::Publish && !is_choosing;
        let base = format!("/staff/w/{}", wave.key);
        Self {
            page: page.titled(heading).with_errors(fault.is_some()),
            errors: fault.map(summary).into_iter().collect(),
            action: format!("{base}/ask/{}", address(kind)),
            wave: format!(
                "{}: {}",
                survey.title.get(&page.lang),
                wave.spec.title.get(&page.lang)
            ),
            heading,
            consequences: consequences(kind, wave),
            present: dates::moment(page.words, wave.spec.closes, wave.spec.offset()),
            closes: matches!(kind, AskKind::Extend | AskKind::Reopen)
                .then(|| field(AskField::Closes, &form.closes)),
            entry: (kind == AskKind::Void).then(|| field(AskField::Entry, &form.entry)),
            sheet,
            reason: has_reason.then(|| field(AskField::Reason, &form.reason)),
            longest: LONGEST_REASON,
            button: if is_choosing { "" } else { button(kind) },
            back: base,
        }
    }
}

fn line(page: &Page, wave: &Wave, choice: &SheetChoice) -> (String, String) {
    let channel = page.words.t(&format!("channel.{}", choice.sheet.channel));
    (
        format!("/staff/w/{}/ask/sheet?place={}", wave.key, choice.place),
        format!(
            "Place {}: {channel}, {} people",
            choice.place,
            page.words.number(choice.sheet.people())
        ),
    )
}

fn summary(fault: &AskFault) -> SummaryLine {
    let href = match fault.field {
        AskField::Closes => "#closes",
        AskField::Entry => "#entry",
        AskField::Rows => "#rows",
        AskField::Reason => "#reason",
        AskField::Whole => "#main",
    };
    SummaryLine {
        href: href.to_owned(),
        text: capital(&fault.message),
    }
}

fn address(kind: AskKind) -> &'static str {
    match kind {
        AskKind::Publish => "publish",
        AskKind::Extend => "extend",
        AskKind::Reopen => "reopen",
        AskKind::Void => "void",
        AskKind::Sheet => "sheet",
    }
}

fn heading(kind: AskKind) -> &'static str {
    match kind {
        AskKind::Publish => "Ask for publication",
        AskKind::Extend => "Ask for a later closing time",
        AskKind::Reopen => "Ask to reopen this wave",
        AskKind::Void => "Ask to void an entry",
        AskKind::Sheet => "Ask to replace a count sheet",
    }
}

fn button(kind: AskKind) -> &'static str {
    match kind {
        AskKind::Publish => "Ask for publication",
        AskKind::Extend => "Ask for this time",
        AskKind::Reopen => "Ask to reopen",
        AskKind::Void => "Ask for the void",
        AskKind::Sheet => "Ask for the replacement",
    }
}

fn consequences(kind: AskKind, wave: &Wave) -> Vec<&'static str> {
    match kind {
        AskKind::Publish => vec![
            "Once somebody else has confirmed, everyone can read the results. This cannot be undone.",
        ],
        AskKind::Extend => vec![
            "Once somebody else has confirmed, answers count up to the new time. Those that come between the present closing time and the confirmation are refused, and stay so.",
        ],
        AskKind::Reopen => vec![
            "Once somebody else has confirmed, the wave takes answers again, on every channel. When it closes, a corrected summary goes to everyone who gets one.",
            "Whoever has read the first summary, or these results as staff, can subtract them from the second. If only a few more people answer, that shows what they said: keep both to those who may know.",
        ],
        AskKind::Void => {
            let mut lines = vec![
                "Once somebody else has confirmed, the entry is no longer counted. It stays in the ledger with your reason, and its access code stays used. Nobody sees what it says.",
            ];
            if matches!(wave.state, WaveState::Closed(_))
                && wave.spec.results == ResultsRule::Published
            {
                lines.push("This wave has closed: whoever has read its summary, and reads the results again, can work out what a single voided response said.");
            }
            lines
        }
        AskKind::Sheet => vec![
            "Once somebody else has confirmed, the old sheet stays in the ledger and is no longer counted, and the new one is counted instead.",
        ],
    }
}
