//! The codes of a wave, for staff: how many there are, making more, and the runs that wait to be
//! printed.

use askama::Template;
use time::UtcOffset;

use super::{
    dates,
    page::{Page, SummaryLine},
};
use crate::domain::{code_run::RunKind, id::CodeRunId, key::WaveKey, moment::Moment, text::Text};

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct StaffCodes {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub offset: UtcOffset,
    pub issued: u64,
    pub spent: u64,
    pub unused: u64,
    /// People of the roll without a code who can be reached by post, and by e-mail.
    pub by_post: u64,
    pub by_mail: u64,
    /// Whether codes can still be made.
    pub may_make: bool,
    pub runs: Vec<RunRow>,
}

#[derive(Debug, Clone)]
pub struct RunRow {
    pub id: CodeRunId,
    pub kind: RunKind,
    pub codes: u64,
    pub made_at: Moment,
    pub is_sealed: bool,
}

#[derive(Debug, Template)]
#[template(path = "staff_codes.html", config = "src/view/askama.toml")]
pub struct StaffCodesPage {
    page: Page,
    wave_page: String,
    base: String,
    survey: String,
    wave: String,
    issued: String,
    spent: String,
    unused: String,
    by_post: u64,
    by_mail: u64,
    may_make: bool,
    runs: Vec<ShownRun>,
    typed: String,
    errors: Vec<SummaryLine>,
    notice: Option<String>,
}

#[derive(Debug)]
struct ShownRun {
    id: String,
    what: &'static str,
    codes: String,
    made: String,
    is_sealed: bool,
    is_list: bool,
    is_letters: bool,
    wait: &'static str,
}

impl StaffCodesPage {
    pub fn new(page: &Page, codes: &StaffCodes) -> Self {
        let words = page.words;
        let survey = codes.survey.get(&page.lang).to_owned();
        let wave = codes.wave.get(&page.lang).to_owned();
        Self {
            page: page.titled(format!("Codes of {survey}: {wave}")),
            wave_page: format!("/staff/w/{}", codes.key),
            base: format!("/staff/w/{}/codes", codes.key),
            survey,
            wave,
            issued: words.number(codes.issued),
            spent: words.number(codes.spent),
            unused: words.number(codes.unused),
            by_post: codes.by_post,
            by_mail: codes.by_mail,
            may_make: codes.may_make,
            runs: codes
                .runs
                .iter()
                .map(|run| ShownRun {
                    id: run.id.to_string(),
                    what: kind_in_words(run.kind),
                    codes: words.number(run.codes),
                    made: dates::moment(words, run.made_at, codes.offset),
                    is_sealed: run.is_sealed,
                    is_list: run.kind == RunKind::List,
                    is_letters: run.kind == RunKind::Letters,
                    wait: if run.kind == RunKind::Mails {
                        "In the outbox"
                    } else {
                        "Handed over, and forgotten here"
                    },
                })
                .collect(),
            typed: String::new(),
            errors: Vec::new(),
            notice: None,
        }
    }

    /// Shows again a number that codes could not be made for, and why.
    #[must_use]
    pub fn with_count_fault(mut self, typed: &str, fault: &str) -> Self {
        self.typed = typed.chars().take(20).collect();
        self.errors = vec![SummaryLine {
            href: "#count".to_owned(),
            text: fault.to_owned(),
        }];
        self.page = self.page.with_errors(true);
        self
    }

    /// What was just done, or why it could not be done.
    #[must_use]
    pub fn with_notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }
}

fn kind_in_words(kind: RunKind) -> &'static str {
    match kind {
        RunKind::List => "List",
        RunKind::Cards => "Voter cards",
        RunKind::Letters => "Letters",
        RunKind::Mails => "Invitations by e-mail",
    }
}
