//! Wording in one or more languages.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language tag such as `en`, `pl`, `gd` or `pt-br`: lower case, a language and at most one subtag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a language tag: write two or three small letters, such as en, pl or gd")]
pub struct LangError(pub String);

impl Lang {
    pub fn new(tag: impl Into<String>) -> Result<Self, LangError> {
        let tag = tag.into();
        let mut parts = tag.split('-');
        let language = parts.next().unwrap_or_default();
        let subtag = parts.next();
        let small = |s: &str| {
            s.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let valid = (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && subtag.is_none_or(|s| (2..=8).contains(&s.len()) && small(s))
            && parts.next().is_none();
        if valid {
            Ok(Self(tag))
        } else {
            Err(LangError(tag.chars().take(40).collect()))
        }
    }

    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The first of the languages that something is offered in.
    pub fn first_of(offered: &[Self]) -> Self {
        offered.first().cloned().unwrap_or_else(Self::english)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Lang {
    type Err = LangError;

    fn from_str(text: &str) -> Result<Self, LangError> {
        Self::new(text)
    }
}

impl TryFrom<String> for Lang {
    type Error = LangError;

    fn try_from(text: String) -> Result<Self, LangError> {
        Self::new(text)
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> String {
        lang.0
    }
}

/// One wording, in every language that its survey is offered in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(BTreeMap<Lang, String>);

impl Text {
    pub fn new(wordings: impl IntoIterator<Item = (Lang, String)>) -> Self {
        Self(wordings.into_iter().collect())
    }

    pub fn in_english(wording: impl Into<String>) -> Self {
        Self::new([(Lang::english(), wording.into())])
    }

    pub fn languages(&self) -> impl Iterator<Item = &Lang> {
        self.0.keys()
    }

    /// The wording in `lang`, else in English, else in whichever language there is.
    pub fn get(&self, lang: &Lang) -> &str {
        self.0
            .get(lang)
            .or_else(|| self.0.get(&Lang::english()))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    pub fn has(&self, lang: &Lang) -> bool {
        self.0.contains_key(lang)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Lang, &str)> {
        self.0
            .iter()
            .map(|(lang, wording)| (lang, wording.as_str()))
    }
}

/// `text` on one line, cut to `most` characters, with nothing in it that a terminal would obey.
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for (place, word) in text.split_whitespace().enumerate() {
        let space = (place > 0).then_some(' ');
        for character in space.into_iter().chain(word.chars()) {
            if length == most {
                line.push('…');
                return line;
            }
            line.push(if character.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                character
            });
            length += 1;
        }
    }
    line
}
