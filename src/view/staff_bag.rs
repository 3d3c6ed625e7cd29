//! The scanning page of a mail bag: one field, and in very large words what became of the last
//! envelope.

use askama::Template;
use serde::Serialize;

use super::{
    dates,
    page::Page,
    staff_post::{Envelopes, REASONS, in_words, of, received, refused},
};
use crate::domain::{
    envelope::{Arrival, EnvelopeOutcome},
    key::WaveKey,
    text::Text,
};

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct StaffBag {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub bag: i64,
    pub day: String,
    pub arrival: Arrival,
    /// Envelopes of a wave without codes are counted, and not scanned.
    pub by_code: bool,
    pub is_open: bool,
    pub envelopes: Envelopes,
    /// For the next scan.
    pub scan: String,
}

/// What became of the last scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanOutcome {
    Noted(EnvelopeOutcome),
    /// The code came by post before: the same envelope, or another.
    CameBefore {
        typed: String,
    },
    /// Nothing was noted. What was typed, where it can be corrected.
    Nothing {
        why: String,
        typed: String,
    },
}

/// The outcome in words, for the page and for the script that scans without leaving it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanAnswer {
    tone: &'static str,
    symbol: &'static str,
    words: String,
    more: String,
    totals: Vec<(&'static str, String)>,
}

#[derive(Debug, Template)]
#[template(path = "staff_bag.html", config = "src/view/askama.toml")]
pub struct StaffBagPage {
    page: Page,
    base: String,
    action: String,
    survey: String,
    wave: String,
    bag: i64,
    day: String,
    is_late: bool,
    by_code: bool,
    is_open: bool,
    scan: String,
    totals: Vec<Total>,
    answer: Option<ScanAnswer>,
    /// A code of which it is asked whether this is another envelope.
    ask: Option<String>,
    /// What was typed wrongly, to be corrected.
    correct: Option<String>,
}

#[derive(Debug)]
struct Total {
    name: &'static str,
    what: &'static str,
    count: String,
}

impl StaffBagPage {
    pub fn new(page: &Page, bag: &StaffBag) -> Self {
        let survey = bag.survey.get(&page.lang).to_owned();
        Self {
            page: page.titled(format!("Mail bag {} of {survey}", bag.bag)),
            base: format!("/staff/w/{}", bag.key),
            action: format!("/staff/w/{}/post/bags/{}", bag.key, bag.bag),
            survey,
            wave: bag.wave.get(&page.lang).to_owned(),
            bag: bag.bag,
            day: dates::written(page.words, &bag.day),
            is_late: bag.arrival == Arrival::Late,
            by_code: bag.by_code,
            is_open: bag.is_open,
            scan: bag.scan.clone(),
            totals: totals(page, bag),
            answer: None,
            ask: None,
            correct: None,
        }
    }

    /// With what became of the last envelope.
    #[must_use]
    pub fn after(mut self, bag: &StaffBag, outcome: &ScanOutcome) -> Self {
        let answer = ScanAnswer::new(&self.page, bag, outcome);
        // A screen reader reads the title first.
        let title = format!("{} – mail bag {}", answer.words, bag.bag);
        self.page = self.page.titled(title);
        match outcome {
            ScanOutcome::CameBefore { typed } => self.ask = Some(shown(typed)),
            ScanOutcome::Nothing { typed, .. } if !typed.is_empty() => {
                self.correct = Some(shown(typed));
            }
            _ => {}
        }
        self.answer = Some(answer);
        self
    }
}

fn shown(typed: &str) -> String {
    typed.chars().take(80).collect()
}

fn totals(page: &Page, bag: &StaffBag) -> Vec<Total> {
    let total = |name, what, count| Total {
        name,
        what,
        count: page.words.number(count),
    };
    let all = &bag.envelopes;
    let mut totals = vec![
        total("received", "Envelopes", received(all)),
        total("accepted", "Accepted", of(all, EnvelopeOutcome::Accepted)),
        total("refused", "Refused", refused(all)),
    ];
    totals.extend(
        REASONS
            .into_iter()
            .map(|reason| total(reason.as_str(), in_words(reason), of(all, reason))),
    );
    totals
}

impl ScanAnswer {
    pub fn new(page: &Page, bag: &StaffBag, outcome: &ScanOutcome) -> Self {
        let (tone, symbol, words, more) = match outcome {
            ScanOutcome::Noted(EnvelopeOutcome::Accepted) => {
                let accepted = of(&bag.envelopes, EnvelopeOutcome::Accepted);
                let more = format!("{} accepted in this bag", page.words.number(accepted));
                ("good", "✓", "Accepted".to_owned(), more)
            }
            ScanOutcome::Noted(reason) => (
                "bad",
                "✗",
                format!("REFUSED: {}", lower(in_words(*reason))),
                "Do not open it. Put it with the refused ones.".to_owned(),
            ),
            ScanOutcome::CameBefore { .. } => (
                "ask",
                "?",
                "This code has come by post before".to_owned(),
                "The same envelope scanned twice? Nothing to do.".to_owned(),
            ),
            ScanOutcome::Nothing { why, .. } => {
                ("none", "!", "Nothing was noted".to_owned(), why.clone())
            }
        };
        let totals = totals(page, bag);
        Self {
            tone,
            symbol,
            words,
            more,
            totals: totals.into_iter().map(|t| (t.name, t.count)).collect(),
        }
    }
}

fn lower(text: &str) -> String {
    let mut symbols = text.chars();
    symbols.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(symbols).collect()
    })
}
