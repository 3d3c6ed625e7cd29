//! A participant's way before and after the questions: start, check, done, and the receipt later.

use askama::Template;
use time::Date;

use super::{
    dates,
    fault::{CodeFault, words_for_fault},
    page::{Page, SummaryLine, paragraphs},
};
use crate::domain::{
    answer::{AnswerFault, RawAnswers},
    channel::Channel,
    item::{Item, ItemKind},
    key::WaveKey,
    moment::Moment,
    receipt::Receipt,
    survey::{Pages, Survey},
    text::Text,
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
            text: self.page.t(fault.wording_key()).to_owned(),
        }];
        self.page = self.page.with_errors(true);
        self
    }
}

#[derive(Debug, Template)]
#[template(path = "check.html", config = "src/view/askama.toml")]
pub struct CheckPage {
    page: Page,
    base: String,
    rows: Vec<CheckRow>,
    errors: Vec<SummaryLine>,
    draft: String,
    back: String,
}

#[derive(Debug)]
struct CheckRow {
    id: String,
    question: String,
    answers: Vec<String>,
    change: String,
    error: Option<String>,
}

impl CheckPage {
    pub fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        chosen: &RawAnswers,
        faults: &[AnswerFault],
        draft: &str,
    ) -> Self {
        let rows: Vec<CheckRow> = survey
            .items
            .iter()
            .enumerate()
            .map(|(index, item)| CheckRow::new(page, survey, wave, index, item, chosen, faults))
            .collect();
        let errors = rows
            .iter()
            .filter_map(|row| {
                row.error.as_ref().map(|error| SummaryLine {
                    href: row.change.clone(),
                    text: format!("{} – {error}", row.question),
                })
            })
            .collect::<Vec<_>>();
        let back = match survey.pages {
            Pages::OneQuestion => format!("/w/{wave}/question/{}", survey.items.len()),
            Pages::AllQuestions => format!("/w/{wave}/questions"),
        };
        Self {
            page: page
                .titled(page.t("check.title"))
                .with_errors(!errors.is_empty()),
            base: format!("/w/{wave}"),
            rows,
            errors,
            draft: draft.to_owned(),
            back,
        }
    }
}

impl CheckRow {
    fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        index: usize,
        item: &Item,
        chosen: &RawAnswers,
        faults: &[AnswerFault],
    ) -> Self {
        let key = item.key.as_str();
        let change = match survey.pages {
            Pages::OneQuestion => format!("/w/{wave}/question/{}?change=1", index + 1),
            Pages::AllQuestions => format!("/w/{wave}/questions#item-{key}"),
        };
        let marked = chosen.get(key).map_or(&[][..], Vec::as_slice);
        Self {
            id: format!("row-{key}"),
            question: item.text.get(&page.lang).to_owned(),
            answers: answers_in_words(page, item, marked),
            change,
            error: faults
                .iter()
                .find(|fault| fault.item == key)
                .map(|fault| words_for_fault(&fault.reason, item, &page.lang)),
        }
    }
}

/// What was chosen, as the form words it, in the form's order.
fn answers_in_words(page: &Page, item: &Item, chosen: &[String]) -> Vec<String> {
    let marked = |key: &str| chosen.iter().any(|choice| choice == key);
    let choices: &[_] = match &item.kind {
        ItemKind::Likert(scale) => scale.points(),
        ItemKind::Choice(choices) => choices,
        ItemKind::Ballot(form) => {
            return form
                .projects
                .iter()
                .filter(|project| marked(project.key.as_str()))
                .map(|project| {
                    let cost = page.words.money(&form.currency, project.cost);
                    format!("{} ({cost})", project.text.get(&page.lang))
                })
                .collect();
        }
    };
    choices
        .iter()
        .filter(|choice| marked(choice.key.as_str()))
        .map(|choice| choice.text.get(&page.lang).to_owned())
        .collect()
}

#[derive(Debug, Template)]
#[template(path = "done.html", config = "src/view/askama.toml")]
pub struct DonePage {
    page: Page,
    survey: String,
    receipt: String,
    follow_up: Vec<String>,
    results: Option<String>,
}

impl DonePage {
    /// `results_now` says whether results can be read while answers still come in.
    pub fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        receipt: &Receipt,
        results_now: bool,
    ) -> Self {
        Self {
            page: page.titled(page.t("done.title")),
            survey: survey.title.get(&page.lang).to_owned(),
            receipt: receipt.to_string(),
            follow_up: follow_up(survey, page),
            results: results_now.then(|| format!("/r/{wave}")),
        }
    }
}

#[derive(Debug, Clone)]
pub enum ReceiptOutcome {
    /// Nothing typed yet.
    Ask,
    Malformed,
    NotFound,
    Found {
        survey: Text,
        wave: Text,
        channel: Channel,
        day: Date,
    },
}

#[derive(Debug, Template)]
#[template(path = "receipt.html", config = "src/view/askama.toml")]
pub struct ReceiptPage {
    page: Page,
    typed: String,
    found: Option<String>,
    not_found: bool,
    errors: Vec<SummaryLine>,
}

impl ReceiptPage {
    pub fn new(page: &Page, typed: &str, outcome: &ReceiptOutcome) -> Self {
        let words = page.words;
        let errors: Vec<SummaryLine> = match outcome {
            ReceiptOutcome::Malformed => vec![SummaryLine {
                href: "#code".to_owned(),
                text: words.t("receipt.malformed").to_owned(),
            }],
            _ => Vec::new(),
        };
        let found = match outcome {
            ReceiptOutcome::Found {
                survey,
                wave,
                channel,
                day,
            } => Some(words.t_with(
                &format!("receipt.found-{channel}"),
                &[
                    ("survey", survey.get(&page.lang)),
                    ("wave", wave.get(&page.lang)),
                    ("day", &dates::day(words, *day)),
                ],
            )),
            _ => None,
        };
        Self {
            page: page
                .titled(words.t("receipt.title"))
                .with_errors(!errors.is_empty()),
            typed: typed.chars().take(64).collect(),
            found,
            not_found: matches!(outcome, ReceiptOutcome::NotFound),
            errors,
        }
    }
}

fn follow_up(survey: &Survey, page: &Page) -> Vec<String> {
    survey
        .follow_up
        .as_ref()
        .map(|text| paragraphs(text.get(&page.lang)))
        .unwrap_or_default()
}
