//! After the answers are sent: the receipt, and what it says when somebody looks it up later.

use askama::Template;
use time::Date;

use super::{
    dates,
    page::{Page, SummaryLine},
    start::follow_up,
};
use crate::domain::{channel::Channel, key::WaveKey, receipt::Receipt, survey::Survey, text::Text};

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
        /// Taken out of the count again, by two people and for a reason on record.
        voided: bool,
    },
}

#[derive(Debug, Template)]
#[template(path = "receipt.html", config = "src/view/askama.toml")]
pub struct ReceiptPage {
    page: Page,
    typed: String,
    found: Option<String>,
    voided: bool,
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
                voided,
            } => Some(words.t_with(
                &if *voided {
                    "receipt.found-voided".to_owned()
                } else {
                    format!("receipt.found-{channel}")
                },
                &[
                    ("survey", survey.get(&page.lang)),
                    ("wave", wave.get(&page.lang)),
                    ("day", &dates::day(words, *day)),
                ],
            )),
            _ => None,
        };
        Self {
            voided: matches!(outcome, ReceiptOutcome::Found { voided: true, .. }),
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
