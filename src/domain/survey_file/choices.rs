//! Reads what people choose from: scale points, options, and what projects have in common with them.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::{
    lint,
    read::Reader,
    table::{Entry, Section},
    wording::text_of,
};
use crate::domain::{
    item::{Choice, LONG_FROM, MAX_OPTIONS},
    key::OptionKey,
    text::Text,
};

/// The keys of one list, with the line of each.
pub(super) struct Seen {
    what: &'static str,
    code: &'static str,
    lines: BTreeMap<String, usize>,
}

impl Seen {
    pub(super) fn new(what: &'static str, code: &'static str) -> Self {
        Self {
            what,
            code,
            lines: BTreeMap::new(),
        }
    }

    /// Reports a key that the list has already.
    pub(super) fn check(&mut self, reader: &mut Reader<'_>, entry: &Entry<'_>, key: &str) {
        let (line, _) = reader.faults.place(entry.span.start);
        let Some(first) = self.lines.get(key) else {
            self.lines.insert(key.to_owned(), line);
            return;
        };
        let (what, name) = (self.what, entry.name);
        reader.faults.error(
            self.code,
            &entry.span,
            format!("two {what} have the {name} “{key}” (the first is on line {first})"),
            format!("give one of them another {name}"),
        );
    }
}

pub(super) fn check_length(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    entry: &Entry<'_>,
    what: &str,
) {
    let allow_long = reader.may(section, "allow_long", Reader::boolean);
    let DeValue::Array(list) = entry.value else {
        return;
    };
    let (title, count) = (&section.title, list.len());
    let mut fault = |code, message: String, remedy: String| {
        reader.faults.error(code, &entry.span, message, remedy);
    };
    if what == "points" && count < 2 {
        fault(
            "S-FEW-POINTS",
            format!("{title} needs at least 2 points, and has {count}"),
            "write the points in square brackets, from the most agreeing to the least".to_owned(),
        );
    } else if count == 0 {
        fault(
            "S-NO-OPTIONS",
            format!("{title} has no {what} to choose from"),
            format!("write the {what} in square brackets"),
        );
    } else if count > MAX_OPTIONS {
        fault(
            "S-TOO-MANY",
            format!("{title} has {count} {what}, more than the {MAX_OPTIONS} that we can hold"),
            format!("merge some of the {what}, or ask in two items"),
        );
    } else if count >= LONG_FROM && allow_long != Some(true) {
        let most = LONG_FROM - 1;
        fault(
            "S-LONG-LIST",
            format!("{title} has {count} {what}: more than {most} are hard to hold in mind"),
            "use fewer, or write allow_long = true if there is no way round it".to_owned(),
        );
    }
}

/// Scale points or options. Those with faults are reported and left out.
pub(super) fn choices(
    reader: &mut Reader<'_>,
    entry: &Entry<'_>,
    owner: &str,
    what: &'static str,
) -> Option<Vec<Choice>> {
    if !matches!(entry.value, DeValue::Array(_)) {
        let remedy = format!("write {what} = [ {{ key = \"…\", text = \"…\" }}, … ]");
        reader.wrong_type(entry, "a list", &remedy);
        return None;
    }
    let singular = what.trim_end_matches('s');
    let sections = reader.sections(entry, |number, key| match key {
        Some(key) => format!("{singular} “{key}” of {owner}"),
        None => format!("{singular} number {number} of {owner}"),
    });
    let mut seen = Seen::new(what, "S-DUPLICATE-KEY");
    let choices = sections.iter().filter_map(|section| {
        reader.known_keys(section, &["key", "text"]);
        let key = option_key(reader, section, &mut seen);
        let text = short_text(reader, section);
        Some(Choice {
            key: key?,
            text: text?,
        })
    });
    Some(choices.collect())
}

pub(super) fn option_key(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    seen: &mut Seen,
) -> Option<OptionKey> {
    reader.need(section, "key", |r, entry| {
        let key: OptionKey = r.key(entry)?;
        seen.check(r, entry, key.as_str());
        Some(key)
    })
}

/// The text of something to choose, which has to be taken in at a glance.
pub(super) fn short_text(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Text> {
    reader.need(section, "text", |r, entry| {
        let wordings = r.wordings(entry)?;
        lint::long(&mut r.faults, &wordings);
        Some(text_of(&wordings))
    })
}
