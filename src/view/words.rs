//! The wording of pages in each language: flat catalogues, in the binary, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::domain::{
    money::{Currency, Money, group_thousands},
    text::Lang,
};

/// Stands where a catalogue has no such wording; a test renders every page and looks for it.
pub const MISSING: &str = "⟦no wording⟧";

const SOURCES: [(&str, &str); 2] = [
    ("en", include_str!("i18n/en.toml")),
    ("pl", include_str!("i18n/pl.toml")),
];

static CATALOGUES: LazyLock<Vec<Catalogue>> = LazyLock::new(|| {
    SOURCES
        .iter()
        .map(|(tag, source)| Catalogue::read(tag, source))
        .collect()
});

/// All wordings of one language, by key.
#[derive(Debug)]
pub struct Catalogue {
    tag: &'static str,
    wordings: BTreeMap<String, String>,
}

pub struct Words;

impl Words {
    /// The catalogue of `lang`, or the English one.
    pub fn for_lang(lang: &Lang) -> &'static Catalogue {
        Self::exactly(lang).unwrap_or(&CATALOGUES[0])
    }

    /// As a language calls itself, where there is a catalogue of it.
    pub fn name_of(lang: &Lang) -> String {
        Self::exactly(lang).map_or_else(
            || lang.as_str().to_uppercase(),
            |words| words.t("language.name").to_owned(),
        )
    }

    /// The catalogue of `lang`, when there is one.
    pub fn exactly(lang: &Lang) -> Option<&'static Catalogue> {
        CATALOGUES.iter().find(|words| words.tag == lang.as_str())
    }

    pub fn all() -> &'static [Catalogue] {
        &CATALOGUES
    }
}

impl Catalogue {
    /// A file that cannot be read gives an empty catalogue, which the tests notice.
    fn read(tag: &'static str, source: &str) -> Self {
        let mut wordings = BTreeMap::new();
        let table: toml::Table = toml::from_str(source).unwrap_or_default();
        for (key, value) in table {
            flatten(key, value, &mut wordings);
        }
        Self { tag, wordings }
    }

    pub fn tag(&self) -> &'static str {
        self.tag
    }

    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.wordings
            .iter()
            .map(|(key, wording)| (key.as_str(), wording.as_str()))
    }

    pub fn t(&self, key: &str) -> &str {
        self.wordings.get(key).map_or(MISSING, String::as_str)
    }

    /// The wording with each `{name}` replaced.
    pub fn t_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.t(key), values)
    }

    /// The wording in the plural form for `n`, which it may show as `{n}`.
    pub fn t_count(&self, key: &str, n: u64, values: &[(&str, &str)]) -> String {
        let number = self.number(n);
        let form = format!("{key}.{}", self.plural(n));
        let mut all = vec![("n", number.as_str())];
        all.extend_from_slice(values);
        fill(self.t(&form), &all)
    }

    fn plural(&self, n: u64) -> &'static str {
        match (self.tag, n) {
            (_, 1) => "one",
            ("pl", n) if (2..=4).contains(&(n % 10)) && !(12..=14).contains(&(n % 100)) => "few",
            ("pl", _) => "many",
            _ => "other",
        }
    }

    /// `12,345`, grouped as the language does.
    pub fn number(&self, n: u64) -> String {
        group_thousands(n).replace(',', self.t("format.group"))
    }

    pub fn percent(&self, n: u64) -> String {
        format!("{n}%")
    }

    pub fn money(&self, currency: &Currency, amount: Money) -> String {
        let (group, point) = (self.t("format.group"), self.t("format.point"));
        currency
            .format(amount)
            .chars()
            .map(|c| match c {
                ',' => group.to_owned(),
                '.' => point.to_owned(),
                other => other.to_string(),
            })
            .collect()
    }

    /// A figure with two decimal places and, below zero, a true minus sign.
    pub fn decimal(&self, value: f64) -> String {
        let text = format!("{:.2}", value.abs()).replace('.', self.t("format.point"));
        let sign = if value <= -0.005 { "−" } else { "" };
        format!("{sign}{text}")
    }

    /// Percentage points with their sign: `+12`, `−50`, `0`.
    pub fn signed(&self, points: i64) -> String {
        let size = self.number(points.unsigned_abs());
        match points.signum() {
            1 => format!("+{size}"),
            -1 => format!("−{size}"),
            _ => size,
        }
    }

    /// `A, B and C`.
    pub fn list(&self, parts: &[String]) -> String {
        joined(parts, self.t("format.and"))
    }

    /// `A, B or C`.
    pub fn either(&self, parts: &[String]) -> String {
        joined(parts, self.t("format.or"))
    }
}

fn joined(parts: &[String], before_last: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {before_last} {last}", first.join(", ")),
    }
}

fn fill(wording: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(wording.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
}

fn flatten(key: String, value: toml::Value, into: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::String(wording) => {
            into.insert(key, wording);
        }
        toml::Value::Table(table) => {
            for (name, inner) in table {
                flatten(format!("{key}.{name}"), inner, into);
            }
        }
        _ => {}
    }
}
