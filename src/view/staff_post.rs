//! The post of a wave for staff: what came, what became of it, and the bags it came in.

use std::collections::BTreeMap;

use askama::Template;
use time::UtcOffset;

use super::{dates, page::Page};
use crate::domain::{
    envelope::{Arrival, EnvelopeOutcome},
    key::WaveKey,
    moment::Moment,
    text::Text,
};

/// Envelopes by what became of them.
pub type Envelopes = BTreeMap<EnvelopeOutcome, u64>;

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct StaffPost {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub closes: Moment,
    pub offset: UtcOffset,
    /// Whether mail can be taken in now.
    pub is_open: bool,
    pub arrival: Arrival,
    pub today: Envelopes,
    pub all: Envelopes,
    pub unopened: u64,
    pub at_work: u64,
    pub counted: u64,
    pub bags: Vec<BagRow>,
}

#[derive(Debug, Clone)]
pub struct BagRow {
    pub id: i64,
    pub day: String,
    pub arrival: Arrival,
    pub envelopes: Envelopes,
    /// Where whoever looks may know.
    pub opened_by: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "staff_post.html", config = "src/view/askama.toml")]
pub struct StaffPostPage {
    page: Page,
    base: String,
    survey: String,
    wave: String,
    closes: String,
    is_open: bool,
    is_late: bool,
    rows: Vec<Line>,
    unopened: String,
    at_work: String,
    counted: String,
    accepted: String,
    adds_up: bool,
    bags: Vec<ShownBag>,
    notice: Option<String>,
}

/// What, today, and in all.
#[derive(Debug)]
struct Line {
    what: &'static str,
    is_sum: bool,
    today: String,
    all: String,
}

#[derive(Debug)]
struct ShownBag {
    id: i64,
    day: String,
    arrival: &'static str,
    accepted: String,
    refused: String,
    opened_by: String,
}

impl StaffPostPage {
    pub fn new(page: &Page, post: &StaffPost) -> Self {
        let words = page.words;
        let survey = post.survey.get(&page.lang).to_owned();
        let wave = post.wave.get(&page.lang).to_owned();
        let accepted = of(&post.all, EnvelopeOutcome::Accepted);
        Self {
            page: page.titled(format!("Post of {survey}: {wave}")),
            base: format!("/staff/w/{}", post.key),
            survey,
            wave,
            closes: dates::moment(words, post.closes, post.offset),
            is_open: post.is_open,
            is_late: post.arrival == Arrival::Late,
            rows: lines(page, post),
            unopened: words.number(post.unopened),
            at_work: words.number(post.at_work),
            counted: words.number(post.counted),
            accepted: words.number(accepted),
            adds_up: post.unopened + post.at_work + post.counted == accepted,
            bags: post.bags.iter().map(|bag| shown(page, bag)).collect(),
            notice: None,
        }
    }

    /// Why something could not be done.
    #[must_use]
    pub fn with_notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }
}

fn lines(page: &Page, post: &StaffPost) -> Vec<Line> {
    let line = |what, is_sum, count: &dyn Fn(&Envelopes) -> u64| Line {
        what,
        is_sum,
        today: page.words.number(count(&post.today)),
        all: page.words.number(count(&post.all)),
    };
    let mut lines = vec![line("Received", true, &received)];
    lines.push(line("Accepted", true, &|all| {
        of(all, EnvelopeOutcome::Accepted)
    }));
    lines.push(line("Refused, and left unopened", true, &refused));
    for outcome in REASONS {
        lines.push(line(in_words(outcome), false, &|all| of(all, outcome)));
    }
    lines
}

fn shown(page: &Page, bag: &BagRow) -> ShownBag {
    ShownBag {
        id: bag.id,
        day: dates::written(page.words, &bag.day),
        arrival: arrival_in_words(bag.arrival),
        accepted: page
            .words
            .number(of(&bag.envelopes, EnvelopeOutcome::Accepted)),
        refused: page.words.number(refused(&bag.envelopes)),
        opened_by: bag
            .opened_by
            .clone()
            .unwrap_or_else(|| "somebody else".to_owned()),
    }
}

/// Why an envelope is refused.
pub(super) const REASONS: [EnvelopeOutcome; 6] = [
    EnvelopeOutcome::AlreadyOnline,
    EnvelopeOutcome::AlreadyMeeting,
    EnvelopeOutcome::SecondEnvelope,
    EnvelopeOutcome::Unknown,
    EnvelopeOutcome::Spoilt,
    EnvelopeOutcome::Late,
];

pub(super) fn of(envelopes: &Envelopes, outcome: EnvelopeOutcome) -> u64 {
    envelopes.get(&outcome).copied().unwrap_or(0)
}

pub(super) fn received(envelopes: &Envelopes) -> u64 {
    envelopes.values().sum()
}

pub(super) fn refused(envelopes: &Envelopes) -> u64 {
    REASONS.iter().map(|reason| of(envelopes, *reason)).sum()
}

pub(super) fn in_words(outcome: EnvelopeOutcome) -> &'static str {
    match outcome {
        EnvelopeOutcome::Accepted => "Accepted",
        EnvelopeOutcome::AlreadyOnline => "Already counted online",
        EnvelopeOutcome::AlreadyMeeting => "Already counted at a meeting",
        EnvelopeOutcome::SecondEnvelope => "Second envelope with the same code",
        EnvelopeOutcome::Unknown => "Code not known in this wave",
        EnvelopeOutcome::Spoilt => "No readable code, or torn open",
        EnvelopeOutcome::Late => "Came after the closing time",
    }
}

pub(super) fn arrival_in_words(arrival: Arrival) -> &'static str {
    match arrival {
        Arrival::InTime => "In time",
        Arrival::Late => "Late",
    }
}
