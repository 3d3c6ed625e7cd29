//! One batch for staff: where it stands, whether its sheets add up, and what can be done. Nothing that
//! was keyed is on this page.

use askama::Template;
use time::UtcOffset;

use super::{
    page::{Page, SummaryLine},
    staff_batches::{Holder, holder},
};
use crate::domain::{
    key::WaveKey,
    keying::{Conservation, Deed, Pass, SheetsCounted, StateName, Verdict},
    text::Text,
};

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct StaffBatch {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub offset: UtcOffset,
    pub is_open: bool,
    pub number: u32,
    pub envelopes: u32,
    pub round: u32,
    pub state: StateName,
    pub books: Conservation,
    pub pile: Vec<PileRow>,
    /// The number that is in doubt, and the keying that found it, if one did.
    pub doubt: Option<(u32, Option<Pass>)>,
    pub verdict: Option<Verdict>,
    /// What the sample is drawn by, once nobody keys without knowing it.
    pub seed: Option<String>,
    pub holder: Holder,
    pub counted: Option<SheetsCounted>,
    pub may_settle: bool,
}

/// One count of the pile by hand.
#[derive(Debug, Clone)]
pub struct PileRow {
    pub sheets: u32,
    pub by: String,
    pub reason: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "staff_batch.html", config = "src/view/askama.toml")]
pub struct StaffBatchPage {
    page: Page,
    batches: String,
    base: String,
    survey: String,
    wave: String,
    number: u32,
    state: String,
    next: &'static str,
    envelopes: u32,
    round: u32,
    holder: Option<String>,
    parts: Vec<(&'static str, u32)>,
    sheets: u32,
    is_veiled: bool,
    pile: Vec<PileRow>,
    doubt: Option<String>,
    verdict: Option<String>,
    seed: Option<String>,
    counted: Option<String>,
    deeds: Vec<Deed>,
    typed: [String; 2],
    errors: Vec<SummaryLine>,
    notice: Option<String>,
}

impl StaffBatchPage {
    pub fn new(page: &Page, batch: &StaffBatch) -> Self {
        let survey = batch.survey.get(&page.lang).to_owned();
        let batches = format!("/staff/w/{}/batches", batch.key);
        let books = shown_books(batch);
        Self {
            page: page.titled(format!("Batch {} of {survey}", batch.number)),
            base: format!("{batches}/{}", batch.number),
            batches,
            survey,
            wave: batch.wave.get(&page.lang).to_owned(),
            number: batch.number,
            state: batch.state.to_string(),
            next: what_next(batch.state),
            envelopes: batch.envelopes,
            round: batch.round,
            holder: is_keyed(batch.state).then(|| holder(&batch.holder, batch.offset)),
            parts: parts(&books),
            sheets: books.sheets,
            is_veiled: is_veiled(batch.state),
            pile: batch.pile.clone(),
            doubt: batch.doubt.map(|doubt| doubt_in_words(batch, doubt)),
            verdict: batch.verdict.and_then(verdict_in_words),
            seed: batch.seed.clone(),
            counted: batch.counted.map(|counted| counted_in_words(&counted)),
            deeds: deeds(batch),
            typed: Default::default(),
            errors: Vec::new(),
            notice: None,
        }
    }

    /// Why something could not be done.
    #[must_use]
    pub fn with_notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }

    /// Points at a field, says what is wrong with it, and shows again what was typed: the number of
    /// sheets, and a reason.
    #[must_use]
    pub fn with_fault(mut self, field: &str, text: &str, sheets: &str, reason: &str) -> Self {
        self.typed = [sheets, reason].map(|text| text.chars().take(500).collect());
        self.errors = vec![SummaryLine {
            href: format!("#{field}"),
            text: text.to_owned(),
        }];
        self.page = self.page.with_errors(true);
        self
    }

    fn can(&self, deed: Deed) -> bool {
        self.deeds.contains(&deed)
    }

    fn adds_up(&self) -> bool {
        self.parts.iter().map(|(_, sheets)| sheets).sum::<u32>() == self.sheets
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.errors.iter().any(|line| line.href[1..] == *field)
    }
}

/// Somebody has the pile, or may take it.
fn is_keyed(state: StateName) -> bool {
    matches!(
        state,
        StateName::FirstKeying | StateName::SecondKeying | StateName::Resolving
    )
}

/// What whoever looks may do now.
fn deeds(batch: &StaffBatch) -> Vec<Deed> {
    if !batch.is_open {
        return Vec::new();
    }
    let mut deeds = Vec::new();
    let is_settled = batch.state == StateName::Reconciled;
    let is_theirs = batch.state == StateName::Resolving && !batch.may_settle;
    if is_keyed(batch.state) && !is_theirs && !matches!(batch.holder, Holder::Other(..)) {
        deeds.push(Deed::Claim);
    }
    if matches!(batch.holder, Holder::You(_)) {
        deeds.push(Deed::Release);
    }
    if batch.state == StateName::Counting {
        deeds.push(Deed::CountPile);
    }
    if batch.may_settle && (is_keyed(batch.state) || is_settled) {
        deeds.push(Deed::Restart);
    }
    if batch.may_settle && is_settled {
        deeds.push(Deed::Count);
    }
    deeds
}

/// Until the second keying has ended, nobody sees whether the two agree.
fn is_veiled(state: StateName) -> bool {
    matches!(
        state,
        StateName::Counting | StateName::FirstKeying | StateName::SecondKeying
    )
}

fn shown_books(batch: &StaffBatch) -> Conservation {
    if is_veiled(batch.state) {
        Conservation {
            sheets: batch.books.sheets,
            outstanding: batch.books.sheets,
            ..Conservation::default()
        }
    } else {
        batch.books
    }
}

fn parts(books: &Conservation) -> Vec<(&'static str, u32)> {
    vec![
        ("Keyed, with marks", books.keyed),
        ("Blank", books.blank),
        ("Spoilt", books.spoilt),
        ("Unreadable", books.unreadable),
        ("Outstanding", books.outstanding),
    ]
}

fn what_next(state: StateName) -> &'static str {
    match state {
        StateName::Counting => "Somebody else counts the pile by hand, until two counts agree.",
        StateName::FirstKeying => "Somebody takes the pile and keys it.",
        StateName::SecondKeying => {
            "Somebody who did not key it first keys it again, without seeing the first keying."
        }
        StateName::Resolving => {
            "A third person decides from the paper wherever the two keyings differ."
        }
        StateName::Reconciled => "A coordinator counts it into the ledger.",
        StateName::Counted => "Nothing: the batch is in the ledger. Keep its paper as you have to.",
    }
}

fn doubt_in_words(batch: &StaffBatch, (expected, found_in): (u32, Option<Pass>)) -> String {
    let sheets = batch.books.sheets;
    match found_in {
        None => format!("{expected} envelopes were opened, and {sheets} sheets counted."),
        Some(Pass::First) => {
            format!("{sheets} sheets were counted, and {expected} found in the first keying.")
        }
        Some(_) => {
            format!("{sheets} sheets were counted, and {expected} found in the second keying.")
        }
    }
}

fn verdict_in_words(verdict: Verdict) -> Option<String> {
    let fields = |errors| match errors {
        1 => "1 wrong field".to_owned(),
        n => format!("{n} wrong fields"),
    };
    match verdict {
        Verdict::Pending => None,
        Verdict::Accepted { errors } => Some(format!(
            "The sample had {} and was accepted.",
            fields(errors)
        )),
        Verdict::Rejected { errors } => Some(format!(
            "The sample had {}: too many, so that all sheets are keyed again.",
            fields(errors)
        )),
    }
}

fn counted_in_words(counted: &SheetsCounted) -> String {
    let not: Vec<String> = [
        (counted.blank, "blank"),
        (counted.spoilt, "spoilt"),
        (counted.unreadable, "unreadable"),
        (counted.no_valid_mark, "without a valid mark"),
    ]
    .into_iter()
    .filter(|(sheets, _)| *sheets > 0)
    .map(|(sheets, why)| format!("{sheets} {why}"))
    .collect();
    let mut sentences = vec![match counted.responses {
        1 => "1 sheet counts.".to_owned(),
        n => format!("{n} sheets count."),
    }];
    sentences.push(if not.is_empty() {
        "None was left out.".to_owned()
    } else {
        format!("Not counted: {}.", not.join(", "))
    });
    for (count, what) in [
        (
            counted.overvoted,
            "Ballots with more marks than they allow, judged by the rule of the survey",
        ),
        (
            counted.uncertain,
            "Answers that nobody could read, which count as blank",
        ),
    ] {
        if count > 0 {
            sentences.push(format!("{what}: {count}."));
        }
    }
    sentences.join(" ")
}
