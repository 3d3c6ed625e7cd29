//! Reads TOML values as what the survey file means by them, and keeps the place of each.

use std::{fmt, ops::Range, str::FromStr};

use toml::de::DeValue;

use super::{
    fault::Faults,
    nearest::nearest,
    table::{Entry, Section},
};
use crate::domain::{
    key::{KeyError, MAX_KEY_LENGTH},
    text::{Lang, one_line},
};

/// Whoever writes one of these below a line in square brackets has put it in that section, often
/// unawares.
const ONLY_AT_THE_TOP: &[&str] = &["languages", "intro", "follow_up", "pages"];

/// Collects faults while it reads. A method that returns `None` has reported why.
pub(super) struct Reader<'t> {
    pub(super) faults: Faults<'t>,
    pub(super) languages: Vec<Lang>,
    /// Whether those are all the languages that the file declares.
    pub(super) knows_languages: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(faults: Faults<'t>) -> Self {
        Self {
            faults,
            languages: vec![Lang::english()],
            knows_languages: true,
        }
    }

    pub(super) fn into_faults(self) -> Faults<'t> {
        self.faults
    }

    pub(super) fn known_keys(&mut self, section: &Section<'_>, known: &[&str]) {
        for entry in section.entries() {
            let name = entry.name;
            if known.contains(&name) {
                continue;
            }
            let remedy = if !section.is_root && ONLY_AT_THE_TOP.contains(&name) {
                "move it to the top of the file, above the first line in square brackets".to_owned()
            } else if let Some(near) = nearest(name, known) {
                format!("did you mean “{near}”?")
            } else {
                format!("remove it; what can stand here is {}", known.join(", "))
            };
            self.faults.error(
                "S-UNKNOWN-KEY",
                &entry.span,
                format!(
                    "{} has nothing that is called “{}”",
                    section.title,
                    cut(name)
                ),
                remedy,
            );
        }
    }

    /// Reads an entry that the section must have.
    pub(super) fn need<'d, T>(
        &mut self,
        section: &Section<'d>,
        name: &str,
        read: impl FnOnce(&mut Self, &Entry<'d>) -> Option<T>,
    ) -> Option<T> {
        let Some(entry) = section.entry(name) else {
            self.faults.error(
                "S-MISSING-KEY",
                &section.span,
                format!("{} has no “{name}”", section.title),
                format!("add a line that begins with {name} ="),
            );
            return None;
        };
        read(self, &entry)
    }

    /// Reads an entry that the section may have.
    pub(super) fn may<'d, T>(
        &mut self,
        section: &Section<'d>,
        name: &str,
        read: impl FnOnce(&mut Self, &Entry<'d>) -> Option<T>,
    ) -> Option<T> {
        read(self, &section.entry(name)?)
    }

    /// The tables that stand under one name in double brackets, such as `[[item]]`.
    pub(super) fn sections<'d>(
        &mut self,
        entry: &Entry<'d>,
        title: impl Fn(usize, Option<&str>) -> String,
    ) -> Vec<Section<'d>> {
        let DeValue::Array(list) = entry.value else {
            let remedy = format!(
                "write [[{}]], with two square brackets on each side",
                entry.name
            );
            self.wrong_type(entry, "a list of sections", &remedy);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, element) in list.iter().enumerate() {
            let entry = Entry::element(entry.name, element);
            let Some(mut section) = self.section(&entry, String::new()) else {
                continue;
            };
            let names = ["key", "name"].map(|name| section.entry(name));
            let name = names
                .into_iter()
                .flatten()
                .find_map(|entry| entry.value.as_str().map(cut));
            section.title = title(index + 1, name.as_deref());
            sections.push(section);
        }
        sections
    }

    pub(super) fn section<'d>(&mut self, entry: &Entry<'d>, title: String) -> Option<Section<'d>> {
        let DeValue::Table(table) = entry.value else {
            self.wrong_type(
                entry,
                "a group of named values",
                "write it in braces, such as { name = \"value\" }",
            );
            return None;
        };
        Some(Section {
            title,
            span: entry.span.clone(),
            table,
            is_root: false,
        })
    }

    pub(super) fn string<'d>(&mut self, entry: &Entry<'d>) -> Option<&'d str> {
        let text = entry.value.as_str();
        if text.is_none() {
            self.wrong_type(entry, "text", "write it in straight double quotes");
        }
        text
    }

    pub(super) fn boolean(&mut self, entry: &Entry<'_>) -> Option<bool> {
        let value = entry.value.as_bool();
        if value.is_none() {
            self.wrong_type(
                entry,
                "true or false",
                "write true or false, without quotes",
            );
        }
        value
    }

    /// A whole number; negative ones too, so that its own check can say what is wrong with them.
    pub(super) fn integer(&mut self, entry: &Entry<'_>) -> Option<i64> {
        let DeValue::Integer(number) = entry.value else {
            self.wrong_type(
                entry,
                "a whole number",
                "write digits only, without quotes and without a point",
            );
            return None;
        };
        let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
        if value.is_none() {
            self.wrong_type(
                entry,
                "a whole number that we can count to",
                "check how many digits it has",
            );
        }
        value
    }

    /// The elements of a list of texts, each with its place. Elements of another kind are reported
    /// and left out.
    pub(super) fn strings<'d>(&mut self, entry: &Entry<'d>) -> Option<Vec<(Entry<'d>, &'d str)>> {
        let DeValue::Array(list) = entry.value else {
            self.wrong_type(
                entry,
                "a list",
                "write it in square brackets, such as [\"one\", \"two\"]",
            );
            return None;
        };
        let texts = list.iter().filter_map(|element| {
            let element = Entry::element(entry.name, element);
            let text = self.string(&element)?;
            Some((element, text))
        });
        Some(texts.collect())
    }

    pub(super) fn key<K: FromStr<Err = KeyError>>(&mut self, entry: &Entry<'_>) -> Option<K> {
        let text = self.string(entry)?;
        let key = text.parse().ok();
        if key.is_none() {
            self.faults.error(
                "S-BAD-KEY",
                &entry.span,
                format!("“{}” cannot be a {}", cut(text), entry.name),
                format!(
                    "write 1 to {MAX_KEY_LENGTH} small letters (a to z), digits and hyphens, starting with a letter or a digit"
                ),
            );
        }
        key
    }

    pub(super) fn language(&mut self, tag: &str, span: &Range<usize>) -> Option<Lang> {
        let lang = Lang::new(tag).ok();
        if lang.is_none() {
            self.faults.error(
                "S-BAD-LANGUAGE",
                span,
                format!("“{}” is not a language", cut(tag)),
                "write two or three small letters, such as en, pl or gd",
            );
        }
        lang
    }

    /// One of several words, each of which stands for a value.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        entry: &Entry<'_>,
        allowed: &[(&str, T)],
    ) -> Option<T> {
        let text = self.string(entry)?;
        self.word(entry, text, allowed)
    }

    pub(super) fn word<T: Copy>(
        &mut self,
        entry: &Entry<'_>,
        text: &str,
        allowed: &[(&str, T)],
    ) -> Option<T> {
        let found = allowed.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
            let remedy = match nearest(text, &words) {
                Some(near) => format!("did you mean “{near}”?"),
                None => format!("write {}", either(&words)),
            };
            self.faults.error(
                "S-UNKNOWN-VALUE",
                &entry.span,
                format!("“{}” cannot be “{}”", entry.name, cut(text)),
                remedy,
            );
        }
        found.map(|(_, value)| *value)
    }

    pub(super) fn wrong_type(&mut self, entry: &Entry<'_>, expected: &str, remedy: &str) {
        self.faults.error(
            "S-TYPE",
            &entry.span,
            format!(
                "“{}” has to be {expected}, and is {}",
                cut(entry.name),
                in_plain_words(entry.value)
            ),
            remedy,
        );
    }
}

fn in_plain_words(value: &DeValue<'_>) -> impl fmt::Display {
    match value {
        DeValue::String(_) => "text in quotes",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a decimal point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// What somebody wrote, short enough for a message.
pub(super) fn cut(text: &str) -> String {
    one_line(text, 60)
}

/// `one, two or three`.
fn either(words: &[&str]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        words => words.concat(),
    }
}
