//! Reads wording: text in the first language, or in a table with one text a language.

use std::ops::Range;

use toml::de::DeValue;

use super::{read::Reader, table::Entry};
use crate::domain::text::{Lang, Text};

/// What an entry says in one language.
pub(super) struct Wording<'d> {
    pub(super) lang: Lang,
    pub(super) text: &'d str,
    pub(super) span: Range<usize>,
}

impl Reader<'_> {
    pub(super) fn text(&mut self, entry: &Entry<'_>) -> Option<Text> {
        self.wordings(entry).map(|wordings| text_of(&wordings))
    }

    /// Every wording of an entry, checked against the survey's languages.
    pub(super) fn wordings<'d>(&mut self, entry: &Entry<'d>) -> Option<Vec<Wording<'d>>> {
        let wordings = match entry.value {
            DeValue::String(text) => {
                let lang = self.languages[0].clone();
                self.check_languages(entry, std::slice::from_ref(&lang));
                let span = entry.span.clone();
                vec![Wording { lang, text, span }]
            }
            DeValue::Table(_) => self.translations(entry)?,
            _ => {
                self.wrong_type(
                    entry,
                    "text",
                    "write it in straight double quotes, or as { en = \"…\", pl = \"…\" }",
                );
                return None;
            }
        };
        for wording in &wordings {
            self.check_characters(entry.name, wording);
        }
        Some(wordings)
    }

    fn translations<'d>(&mut self, entry: &Entry<'d>) -> Option<Vec<Wording<'d>>> {
        let section = self.section(entry, entry.name.to_owned())?;
        let mut written = Vec::new();
        let mut wordings = Vec::new();
        for translation in section.entries() {
            let Some(lang) = self.language(translation.name, &translation.span) else {
                continue;
            };
            written.push(lang.clone());
            if self.knows_languages && !self.languages.contains(&lang) {
                self.faults.error(
                    "S-UNDECLARED-LANGUAGE",
                    &translation.span,
                    format!(
                        "“{}” is written in “{lang}”, which the survey does not declare",
                        entry.name
                    ),
                    format!(
                        "add \"{lang}\" to languages at the top of the file, or remove it here"
                    ),
                );
            }
            if let Some(text) = self.string(&translation) {
                wordings.push(Wording {
                    lang,
                    text,
                    span: translation.span,
                });
            }
        }
        self.check_languages(entry, &written);
        Some(wordings)
    }

    fn check_languages(&mut self, entry: &Entry<'_>, written: &[Lang]) {
        let missing: Vec<&str> = self
            .languages
            .iter()
            .filter(|lang| !written.contains(lang))
            .map(Lang::as_str)
            .collect();
        if missing.is_empty() {
            return;
        }
        let missing = missing.join(", ");
        self.faults.error(
            "S-MISSING-LANGUAGE",
            &entry.span,
            format!("“{}” is not written in {missing}", entry.name),
            "write it in every language of the survey, such as { en = \"…\", pl = \"…\" }",
        );
    }

    fn check_characters(&mut self, name: &str, wording: &Wording<'_>) {
        if wording.text.trim().is_empty() {
            self.faults.error(
                "S-EMPTY-TEXT",
                &wording.span,
                format!("“{name}” is empty"),
                "write the words that people will read",
            );
        }
        // A database refuses some of these, and no reader can see any of them.
        let is_stray = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if wording.text.contains(is_stray) {
            self.faults.error(
                "S-CONTROL-CHARACTER",
                &wording.span,
                format!("“{name}” has a character in it that cannot be shown"),
                "type the text again",
            );
        }
    }
}

pub(super) fn text_of(wordings: &[Wording<'_>]) -> Text {
    Text::new(
        wordings
            .iter()
            .map(|wording| (wording.lang.clone(), wording.text.trim().to_owned())),
    )
}
