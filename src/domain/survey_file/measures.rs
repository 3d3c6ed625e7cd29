//! Reads which statements are declared to measure one thing.

use super::{
    choices::Seen,
    read::{Reader, cut},
    table::{Entry, Section},
};
use crate::domain::{
    item::{Item, ItemKind, Scale},
    key::ItemKey,
    measure::Measure,
};

pub(super) fn measures(
    reader: &mut Reader<'_>,
    root: &Section<'_>,
    items: &[Item],
) -> Vec<Measure> {
    let Some(entry) = root.entry("measure") else {
        return Vec::new();
    };
    let mut seen = Seen::new("measures", "S-DUPLICATE-KEY");
    reader
        .sections(&entry, |number, key| match key {
            Some(key) => format!("measure “{key}”"),
            None => format!("measure number {number}"),
        })
        .iter()
        .filter_map(|section| measure(reader, section, items, &mut seen))
        .collect()
}

fn measure(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    items: &[Item],
    seen: &mut Seen,
) -> Option<Measure> {
    reader.known_keys(section, &["key", "items", "reversed"]);
    let key: Option<ItemKey> = reader.need(section, "key", Reader::key);
    if let (Some(key), Some(entry)) = (&key, section.entry("key")) {
        seen.check(reader, &entry, key.as_str());
    }
    let measured = reader.need(section, "items", |r, entry| statements(r, entry, items))?;
    let reversed = reader
        .may(section, "reversed", |r, entry| {
            reversed(r, entry, &measured)
        })
        .unwrap_or_default();
    Some(Measure {
        key: key?,
        items: measured,
        reversed,
    })
}

/// The statements of a measure: known, each once, at least two, all on one scale.
fn statements(reader: &mut Reader<'_>, entry: &Entry<'_>, items: &[Item]) -> Option<Vec<ItemKey>> {
    let mut found: Vec<(ItemKey, &Scale)> = Vec::new();
    let written = reader.strings(entry)?;
    for (entry, name) in &written {
        let statement = items.iter().find_map(|item| match &item.kind {
            ItemKind::Likert(scale) if item.key.as_str() == *name => Some((item, scale)),
            _ => None,
        });
        let Some((item, scale)) = statement else {
            // An item with a fault of its own is missing from the list too, and may be meant.
            reader.faults.error(
                "S-MEASURE-ITEM",
                &entry.span,
                format!("“{}” is not a statement of this survey", cut(name)),
                "write the key of an item of kind \"likert\"",
            );
            continue;
        };
        if found.iter().any(|(key, _)| *key == item.key) {
            reader.faults.error(
                "S-MEASURE-ITEM",
                &entry.span,
                format!("“{}” is named twice", cut(name)),
                "keep one of them",
            );
        } else if found.iter().any(|(_, other)| *other != scale) {
            reader.faults.error(
                "S-MEASURE-SCALE",
                &entry.span,
                format!(
                    "“{}” is answered on another scale than the first",
                    cut(name)
                ),
                "measure one thing with statements on the same scale",
            );
        } else {
            found.push((item.key.clone(), scale));
        }
    }
    if written.len() < 2 {
        reader.faults.error(
            "S-MEASURE-FEW",
            &entry.span,
            "one statement alone is no scale",
            "name at least two statements, or remove the measure",
        );
    }
    (found.len() == written.len() && found.len() >= 2)
        .then(|| found.into_iter().map(|(key, _)| key).collect())
}

fn reversed(
    reader: &mut Reader<'_>,
    entry: &Entry<'_>,
    measured: &[ItemKey],
) -> Option<Vec<ItemKey>> {
    let mut found: Vec<ItemKey> = Vec::new();
    for (entry, name) in reader.strings(entry)? {
        match measured.iter().find(|key| key.as_str() == name) {
            Some(key) if !found.contains(key) => found.push(key.clone()),
            Some(_) => {}
            None => reader.faults.error(
                "S-MEASURE-ITEM",
                &entry.span,
                format!("“{}” is reversed and not one of the items", cut(name)),
                "add it to items, or take it out here",
            ),
        }
    }
    Some(found)
}
