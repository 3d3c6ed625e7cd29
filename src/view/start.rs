//! Where a participant arrives: what is asked, what happens with the answers, and the way in.

use askama::Template;

use super::{
    dates,
    fault::CodeFault,
    page::{Page, SummaryLine, paragraphs},
};
use crate::domain::{
    key::WaveKey,
    moment::Moment,
    receipt::Receipt,
    survey::Survey,
    wave::{AccessRule, WaveSpec},
};

/// What a person who arrives can do.
#[derive(Debug, Clone)]
pub enum StartState {
    Open,
    NotYetOpen {
        opens: Moment,
    },
    /// `results` says whether they can be read.
    Closed {
        closed: Moment,
        results: bool,
    },
    /// This browser's answers are in.
    AlreadyCounted {
        receipt: Receipt,
    },
}

#[derive(Debug, Template)]
#[template(path = "start.html", config = "src/view/askama.toml")]
pub struct StartPage {
    page: Page,
    base: String,
    results: String,
    heading: String,
    wave: String,
    intro: Vec<String>,
    follow_up: Vec<String>,
    facts: String,
    privacy_counting: String,
    state: Shown,
    asks_code: bool,
    typed: String,
    errors: Vec<SummaryLine>,
}

/// [`StartState`] in words.
#[derive(Debug)]
enum Shown {
    Open,
    Notice { text: String, results: bool },
    Counted { receipt: String },
}

impl StartPage {
    pub fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        spec: &WaveSpec,
        state: &StartState,
    ) -> Self {
        let words = page.words;
        let when = |key: &str, moment| {
            words.t_with(
                key,
                &[("when", &dates::moment(words, moment, spec.offset()))],
            )
        };
        let shown = match state {
            StartState::Open => Shown::Open,
            StartState::NotYetOpen { opens } => Shown::Notice {
                text: when("start.not-yet", *opens),
                results: false,
            },
            StartState::Closed { closed, results } => Shown::Notice {
                text: when("start.closed", *closed),
                results: *results,
            },
            StartState::AlreadyCounted { receipt } => Shown::Counted {
                receipt: receipt.to_string(),
            },
        };
        let questions = u64::try_from(survey.items.len()).unwrap_or(u64::MAX);
        let heading = survey.title.get(&page.lang).to_owned();
        let (asks_code, counting) = match spec.access {
            AccessRule::Open => (false, "start.privacy-browser"),
            AccessRule::Code => (true, "start.privacy-code"),
        };
        Self {
            page: page.titled(heading.clone()),
            base: format!("/w/{wave}"),
            results: format!("/r/{wave}"),
            heading,
            wave: spec.title.get(&page.lang).to_owned(),
            intro: paragraphs(survey.intro.get(&page.lang)),
            follow_up: follow_up(survey, page),
            facts: format!(
                "{} {}",
                words.t_count("start.questions", questions, &[]),
                when("start.closes", spec.closes)
            ),
            privacy_counting: words.t(counting).to_owned(),
            state: shown,
            asks_code,
            typed: String::new(),
            errors: Vec::new(),
        }
    }

    /// Shows again what was typed as the access code, and what is wrong with it.
    #[must_use]
    pub fn with_code_fault(mut self, typed: &str, fault: CodeFault) -> Self {
        self.typed = typed.chars().take(64).collect();
        self.errors = vec![SummaryLine {
            href: "#code".to_owned(),
            text: fault.words(self.page.words),
        }];
        self.page = self.page.with_errors(true);
        self
    }
}

/// What happens with the answers, in paragraphs.
pub(super) fn follow_up(survey: &Survey, page: &Page) -> Vec<String> {
    survey
        .follow_up
        .as_ref()
        .map(|text| paragraphs(text.get(&page.lang)))
        .unwrap_or_default()
}
