//! The page at the short address: a field for a code.

use askama::Template;

use super::{
    fault::CodeFault,
    page::{Page, SummaryLine},
};

#[derive(Debug, Template)]
#[template(path = "code.html", config = "src/view/askama.toml")]
pub struct CodePage {
    page: Page,
    typed: String,
    errors: Vec<SummaryLine>,
}

impl CodePage {
    pub fn new(page: &Page) -> Self {
        Self {
            page: page.titled(page.t("code.title")),
            typed: String::new(),
            errors: Vec::new(),
        }
    }

    /// Shows again what was typed, and what is wrong with it.
    #[must_use]
    pub fn with_fault(self, typed: &str, fault: CodeFault) -> Self {
        let words = self.page.words;
        let text = match fault {
            // Here there is no survey that the letter could be about another than.
            CodeFault::Unknown => words.t("code.unknown-anywhere").to_owned(),
            other => other.words(words),
        };
        Self {
            typed: typed.chars().take(64).collect(),
            errors: vec![SummaryLine {
                href: "#code".to_owned(),
                text,
            }],
            page: self.page.with_errors(true),
        }
    }
}
