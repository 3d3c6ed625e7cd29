//! Reads scales and items.

use std::collections::BTreeMap;

use super::{
    ballot,
    choices::{Seen, check_length, choices},
    lint,
    nearest::nearest,
    read::{Reader, cut},
    table::{Entry, Section},
    wording::text_of,
};
use crate::domain::{
    item::{Item, ItemKind, Scale},
    key::ItemKey,
};

/// Columns of the files that answers come in and go out with, so no item can have their names.
pub const RESERVED_KEYS: [&str; 4] = ["people", "channel", "ref", "code"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Likert,
    Choice,
    Ballot,
}

const KINDS: &[(&str, Kind)] = &[
    ("likert", Kind::Likert),
    ("choice", Kind::Choice),
    ("ballot", Kind::Ballot),
];

const COMMON_KEYS: &[&str] = &["key", "kind", "text", "help", "required"];

impl Kind {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Likert => &["scale"],
            Self::Choice => &["options", "allow_long"],
            Self::Ballot => ballot::KEYS,
        }
    }
}

/// Scales by name; `None` for one that has a fault, so that its users are not blamed for it.
pub(super) type Scales = BTreeMap<String, Option<Scale>>;

pub(super) fn scales(reader: &mut Reader<'_>, root: &Section<'_>) -> Scales {
    let group = reader.may(root, "scales", |r, entry| {
        r.section(entry, "scales".to_owned())
    });
    let Some(group) = group else {
        return Scales::new();
    };
    let mut scales = Scales::new();
    for entry in group.entries() {
        let title = format!("scale “{}”", cut(entry.name));
        let scale = reader
            .section(&entry, title)
            .and_then(|section| scale(reader, &section));
        scales.insert(entry.name.to_owned(), scale);
    }
    scales
}

fn scale(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Scale> {
    reader.known_keys(section, &["points", "allow_long"]);
    let points = reader.need(section, "points", |r, entry| {
        check_length(r, section, entry, "points");
        choices(r, entry, &section.title, "points")
    })?;
    Scale::new(points).ok()
}

pub(super) fn items(reader: &mut Reader<'_>, root: &Section<'_>, scales: &Scales) -> Vec<Item> {
    let entry = root.entry("item");
    let written = entry.as_ref().is_some_and(|entry| !entry.is_empty_list());
    if !written {
        reader.faults.error(
            "S-NO-ITEMS",
            &entry.as_ref().map_or(0..0, |entry| entry.span.clone()),
            "the survey asks nothing",
            "add at least one item: a line with [[item]], and its key, kind and text below",
        );
    }
    let title = |number: usize, key: Option<&str>| match key {
        Some(key) => format!("item “{key}”"),
        None => format!("item number {number}"),
    };
    let sections = entry.map_or_else(Vec::new, |entry| reader.sections(&entry, title));
    let mut seen = Seen::new("items", "S-DUPLICATE-KEY");
    sections
        .iter()
        .filter_map(|section| item(reader, section, scales, &mut seen))
        .collect()
}

fn item(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    scales: &Scales,
    seen: &mut Seen,
) -> Option<Item> {
    let kind = reader.need(section, "kind", |r, entry| r.one_of(entry, KINDS));
    check_keys(reader, section, kind);
    let key = reader.need(section, "key", |r, entry| item_key(r, entry, seen));
    let text = reader.need(section, "text", |r, entry| {
        let wordings = r.wordings(entry)?;
        if matches!(kind, Some(Kind::Likert | Kind::Choice)) {
            lint::double_barrelled(&mut r.faults, &wordings);
        }
        if kind == Some(Kind::Likert) {
            lint::negative(&mut r.faults, &wordings);
        }
        lint::long(&mut r.faults, &wordings);
        Some(text_of(&wordings))
    });
    let help = reader.may(section, "help", Reader::text);
    let required = reader.may(section, "required", Reader::boolean);
    let kind = match kind? {
        Kind::Likert => likert(reader, section, scales).map(ItemKind::Likert),
        Kind::Choice => reader
            .need(section, "options", |r, entry| {
                check_length(r, section, entry, "options");
                choices(r, entry, &section.title, "options")
            })
            .map(ItemKind::Choice),
        Kind::Ballot => ballot::form(reader, section).map(ItemKind::Ballot),
    };
    Some(Item {
        key: key?,
        text: text?,
        help,
        required: required.unwrap_or(false),
        kind: kind?,
    })
}

/// An item whose kind cannot be read may have the keys of every kind.
fn check_keys(reader: &mut Reader<'_>, section: &Section<'_>, kind: Option<Kind>) {
    let kinds = KINDS
        .iter()
        .map(|(_, other)| *other)
        .filter(|other| kind.is_none_or(|kind| kind == *other));
    let known: Vec<&str> = COMMON_KEYS
        .iter()
        .copied()
        .chain(kinds.flat_map(Kind::keys).copied())
        .collect();
    reader.known_keys(section, &known);
}

fn item_key(reader: &mut Reader<'_>, entry: &Entry<'_>, seen: &mut Seen) -> Option<ItemKey> {
    let key: ItemKey = reader.key(entry)?;
    if RESERVED_KEYS.contains(&key.as_str()) {
        reader.faults.error(
            "S-RESERVED-KEY",
            &entry.span,
            format!("“{key}” is the name of a column in the files that answers come in"),
            format!("choose a key other than {}", RESERVED_KEYS.join(", ")),
        );
    }
    seen.check(reader, entry, key.as_str());
    Some(key)
}

fn likert(reader: &mut Reader<'_>, section: &Section<'_>, scales: &Scales) -> Option<Scale> {
    reader.need(section, "scale", |r, entry| {
        let name = r.string(entry)?;
        let scale = scales.get(name);
        if scale.is_none() {
            let names: Vec<&str> = scales.keys().map(String::as_str).collect();
            let remedy = match nearest(name, &names) {
                Some(near) => format!("did you mean “{near}”?"),
                None => "name a scale of this file, such as [scales.agreement] begins".to_owned(),
            };
            r.faults.error(
                "S-UNKNOWN-SCALE",
                &entry.span,
                format!("there is no scale “{}”", cut(name)),
                remedy,
            );
        }
        scale.cloned().flatten()
    })
}
