//! The batches of a wave for staff: how many stand where, and what waits for whom.

use askama::Template;
use time::UtcOffset;

use super::{
    dates,
    page::{Page, SummaryLine},
    staff_plan::ShownPlan,
};
use crate::domain::{
    key::WaveKey,
    keying::{KeyingPlan, StateName},
    moment::Moment,
    text::Text,
};

/// Rows of a list that has a page of its own, and of one beside the others.
const MOST_ROWS: usize = 50;
const FIRST_ROWS: usize = 10;

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct StaffBatches {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub offset: UtcOffset,
    pub is_open: bool,
    pub lines: Vec<BatchRow>,
    /// Accepted envelopes that are in no batch.
    pub waiting: u64,
    pub usual: u32,
    pub plan: KeyingPlan,
    /// Places of a sheet that are keyed.
    pub fields: u32,
    /// Whether whoever looks decides, counts, and chooses how paper is checked.
    pub may_settle: bool,
    /// The one list to show, and its page from 1.
    pub list: Option<StateName>,
    pub page: usize,
}

#[derive(Debug, Clone)]
pub struct BatchRow {
    pub number: u32,
    pub envelopes: u32,
    pub sheets: u32,
    pub state: StateName,
    /// Sheets keyed, or decided on, in what the batch waits for; and how many that is of, where it is
    /// known.
    pub done: u32,
    pub of: Option<u32>,
    pub holder: Holder,
    /// Whoever looks keyed this pile before, and somebody else has to go on.
    pub is_barred: bool,
}

/// Who has the pile, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    Nobody,
    You(Moment),
    /// By name, where whoever looks may know.
    Other(Option<String>, Moment),
}

#[derive(Debug, Template)]
#[template(path = "staff_batches.html", config = "src/view/askama.toml")]
pub struct StaffBatchesPage {
    page: Page,
    wave_page: String,
    base: String,
    survey: String,
    wave: String,
    is_open: bool,
    summary: Vec<SummaryRow>,
    total: [String; 3],
    lists: Vec<List>,
    is_one_list: bool,
    waiting: u64,
    envelopes: String,
    sheets: String,
    plan: ShownPlan,
    can_plan: bool,
    errors: Vec<SummaryLine>,
    notice: Option<String>,
}

#[derive(Debug)]
struct SummaryRow {
    state: &'static str,
    what: &'static str,
    batches: String,
    envelopes: String,
    sheets: String,
    is_current: bool,
}

#[derive(Debug)]
struct List {
    state: &'static str,
    what: &'static str,
    rows: Vec<ShownRow>,
    all: usize,
    shown: String,
    before: Option<usize>,
    after: Option<usize>,
}

#[derive(Debug)]
struct ShownRow {
    number: u32,
    sheets: u32,
    done: String,
    holder: String,
    action: Action,
}

#[derive(Debug, PartialEq, Eq)]
enum Action {
    Take,
    GoOn,
    Look(&'static str),
    None(&'static str),
}

/// In the order of the work.
const WAITING: [StateName; 5] = [
    StateName::Counting,
    StateName::FirstKeying,
    StateName::SecondKeying,
    StateName::Resolving,
    StateName::Reconciled,
];

pub(super) fn waits_for(state: StateName) -> &'static str {
    match state {
        StateName::Counting => "In doubt",
        StateName::FirstKeying => "To be keyed first",
        StateName::SecondKeying => "To be keyed again",
        StateName::Resolving => "To be decided",
        StateName::Reconciled => "To be counted",
        StateName::Counted => "Counted",
    }
}

impl StaffBatchesPage {
    pub fn new(page: &Page, batches: &StaffBatches) -> Self {
        let survey = batches.survey.get(&page.lang).to_owned();
        let wave = batches.wave.get(&page.lang).to_owned();
        let states = WAITING.into_iter().chain([StateName::Counted]);
        let usual = batches.waiting.min(u64::from(batches.usual));
        Self {
            page: page.titled(format!("Batches of {survey}: {wave}")),
            wave_page: format!("/staff/w/{}", batches.key),
            base: format!("/staff/w/{}/batches", batches.key),
            survey,
            wave,
            is_open: batches.is_open,
            summary: states.map(|state| summary(page, batches, state)).collect(),
            total: sums(page, batches.lines.iter()),
            lists: lists(batches),
            is_one_list: batches.list.is_some(),
            waiting: batches.waiting,
            envelopes: usual.to_string(),
            sheets: String::new(),
            plan: ShownPlan::new(batches.plan, batches.usual, batches.fields),
            can_plan: batches.may_settle && batches.is_open && batches.lines.is_empty(),
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

    /// Shows again what was typed for the next batch.
    #[must_use]
    pub fn with_typed(mut self, envelopes: &str, sheets: &str) -> Self {
        let short = |text: &str| text.chars().take(10).collect();
        (self.envelopes, self.sheets) = (short(envelopes), short(sheets));
        self
    }

    /// Points at a field, and says what is wrong with it.
    #[must_use]
    pub fn with_fault(mut self, field: &str, text: &str) -> Self {
        self.errors = vec![SummaryLine {
            href: format!("#{field}"),
            text: text.to_owned(),
        }];
        self.page = self.page.with_errors(true);
        self
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.errors.iter().any(|line| line.href[1..] == *field)
    }
}

fn summary(page: &Page, batches: &StaffBatches, state: StateName) -> SummaryRow {
    let of_state = batches.lines.iter().filter(|line| line.state == state);
    let [batches_there, envelopes, sheets] = sums(page, of_state);
    SummaryRow {
        state: state.as_str(),
        what: waits_for(state),
        batches: batches_there,
        envelopes,
        sheets,
        is_current: batches.list == Some(state),
    }
}

/// Batches, envelopes and sheets.
fn sums<'a>(page: &Page, lines: impl Iterator<Item = &'a BatchRow>) -> [String; 3] {
    let mut sums = [0_u64; 3];
    for line in lines {
        sums[0] += 1;
        sums[1] += u64::from(line.envelopes);
        sums[2] += u64::from(line.sheets);
    }
    sums.map(|sum| page.words.number(sum))
}

/// One list and a page of it, or the first rows of each list that has any.
fn lists(batches: &StaffBatches) -> Vec<List> {
    match batches.list {
        Some(state) => vec![list(batches, state, MOST_ROWS, batches.page)],
        None => WAITING
            .into_iter()
            .map(|state| list(batches, state, FIRST_ROWS, 1))
            .filter(|list| list.all > 0)
            .collect(),
    }
}

fn list(batches: &StaffBatches, state: StateName, most: usize, page: usize) -> List {
    let mut rows: Vec<&BatchRow> = batches
        .lines
        .iter()
        .filter(|line| line.state == state)
        .collect();
    // What whoever looks has on the desk comes first, then what they can take; each by number.
    rows.sort_by_key(|line| (rank(line), line.number));
    let all = rows.len();
    let page = page.clamp(1, all.div_ceil(most).max(1));
    let first = (page - 1) * most;
    let rows: Vec<ShownRow> = rows
        .into_iter()
        .skip(first)
        .take(most)
        .map(|line| row(batches, line))
        .collect();
    let last = first + rows.len();
    List {
        state: state.as_str(),
        what: waits_for(state),
        shown: if rows.is_empty() {
            "None.".to_owned()
        } else if all == 1 {
            "One batch.".to_owned()
        } else if last - first == all {
            format!("All {all} are shown.")
        } else {
            format!("{} to {last} of {all}.", first + 1)
        },
        before: (page > 1).then(|| page - 1),
        after: (last < all).then_some(page + 1),
        rows,
        all,
    }
}

fn rank(line: &BatchRow) -> u8 {
    match (&line.holder, line.is_barred) {
        (Holder::You(_), _) => 0,
        (Holder::Nobody, false) => 1,
        (Holder::Nobody, true) => 2,
        (Holder::Other(..), _) => 3,
    }
}

fn row(batches: &StaffBatches, line: &BatchRow) -> ShownRow {
    ShownRow {
        number: line.number,
        sheets: line.sheets,
        done: match (line.state, line.of) {
            (StateName::FirstKeying | StateName::SecondKeying, Some(of)) => {
                format!("{} of {of} keyed", line.done)
            }
            (StateName::Resolving, _) => format!("{} decided", line.done),
            _ => "–".to_owned(),
        },
        holder: holder(&line.holder, batches.offset),
        action: action(batches, line),
    }
}

pub(super) fn holder(holder: &Holder, offset: UtcOffset) -> String {
    match holder {
        Holder::Nobody => "nobody".to_owned(),
        Holder::You(until) => format!("you, until {}", dates::clock(*until, offset)),
        Holder::Other(name, until) => {
            let name = name.as_deref().unwrap_or("somebody else");
            format!("{name}, until {}", dates::clock(*until, offset))
        }
    }
}

fn action(batches: &StaffBatches, line: &BatchRow) -> Action {
    match (line.state, &line.holder) {
        (_, _) if !batches.is_open => Action::Look("Look"),
        (StateName::Counting, _) => Action::Look("Count the pile"),
        (StateName::Reconciled, _) if batches.may_settle => Action::Look("Look and count"),
        (StateName::Reconciled | StateName::Counted, _) => Action::Look("Look"),
        (_, Holder::You(_)) => Action::GoOn,
        (_, Holder::Other(..)) => Action::None("in work"),
        (StateName::Resolving, _) if !batches.may_settle => Action::None("a coordinator decides"),
        _ if line.is_barred => Action::None("you keyed it: somebody else has to"),
        _ => Action::Take,
    }
}
