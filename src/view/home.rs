//! The first page: what is open to answer, what can be read, and where to start when there is nothing.

use askama::Template;
use time::UtcOffset;

use super::{dates, page::Page};
use crate::domain::{key::WaveKey, moment::Moment, text::Text};

/// A wave that takes answers now.
#[derive(Debug, Clone)]
pub struct OpenWave {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub closes: Moment,
    pub offset: UtcOffset,
    /// Whether people need a code to answer.
    pub by_code: bool,
}

/// A wave whose results the public may read.
#[derive(Debug, Clone)]
pub struct ReadableResult {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
}

#[derive(Debug, Template)]
#[template(path = "home.html", config = "src/view/askama.toml")]
pub struct HomePage {
    page: Page,
    asks_code: bool,
    open: Vec<Entry>,
    results: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    href: String,
    survey: String,
    wave: String,
    note: String,
}

impl HomePage {
    pub fn new(page: &Page, open: &[OpenWave], results: &[ReadableResult]) -> Self {
        let words = page.words;
        Self {
            page: page.titled(words.t("service.name")),
            asks_code: open.iter().any(|wave| wave.by_code),
            open: open
                .iter()
                .map(|wave| Entry {
                    href: format!("/w/{}", wave.key),
                    survey: wave.survey.get(&page.lang).to_owned(),
                    wave: wave.wave.get(&page.lang).to_owned(),
                    note: words.t_with(
                        "home.closes",
                        &[("when", &dates::moment(words, wave.closes, wave.offset))],
                    ),
                })
                .collect(),
            results: results
                .iter()
                .map(|result| Entry {
                    href: format!("/r/{}", result.key),
                    survey: result.survey.get(&page.lang).to_owned(),
                    wave: result.wave.get(&page.lang).to_owned(),
                    note: String::new(),
                })
                .collect(),
        }
    }
}
