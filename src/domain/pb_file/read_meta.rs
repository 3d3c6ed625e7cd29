//! Reads the META section.

use std::ops::Range;

use super::{
    code::Code,
    fault::Faults,
    meta::{self, Meta, MetaError},
    rows::{Cell, Rows},
    sections::{self, Part},
    terms::Placed,
};
use crate::domain::survey_file::nearest;

/// Most lines of META; the format knows some forty keys.
const MAX_LINES: usize = 1000;

pub(super) fn read(part: &Part, text: &str, faults: &mut Faults<'_>) -> Placed {
    let mut placed = Placed {
        meta: Meta::new(),
        spans: Vec::new(),
        start: part.title,
    };
    let mut rows = Rows::new(text, part.rows.clone());
    let mut is_first = true;
    while rows.advance() {
        if !sections::is_sound(&rows, faults) {
            continue;
        }
        if std::mem::take(&mut is_first) {
            if is_header(rows.cells(), text) {
                continue;
            }
            faults.add(Code::MissingHeader, rows.span(), |_| {
                "the first line of META has to be key;value".to_owned()
            });
        }
        if placed.spans.len() == MAX_LINES {
            faults.add(Code::TooManyRows, rows.span(), |_| {
                format!("META has more than {MAX_LINES} lines")
            });
            break;
        }
        if sections::fits(&rows, 2, text, faults) {
            entry(rows.cells(), rows.span(), text, &mut placed, faults);
        }
    }
    let may_be_read = !faults.has(Code::QuoteNotClosed);
    for key in meta::obligatory() {
        if placed.meta.get(key).is_none() && may_be_read {
            faults.missing(Code::MissingMetaKey, placed.start, || {
                format!("META has no “{key}”")
            });
        }
    }
    placed
}

fn is_header(cells: &[Cell], text: &str) -> bool {
    let says = |place: usize, word: &str| {
        let cell: Option<&Cell> = cells.get(place);
        cell.is_some_and(|cell| cell.text(text).trim().eq_ignore_ascii_case(word))
    };
    says(0, "key") && says(1, "value")
}

fn entry(
    cells: &[Cell],
    span: Range<usize>,
    text: &str,
    placed: &mut Placed,
    faults: &mut Faults<'_>,
) {
    let [key_cell, value, ..] = cells else {
        return;
    };
    let key = key_cell.text(text).trim().to_owned();
    match placed.meta.push(key.clone(), value.text(text)) {
        Ok(()) => {}
        Err(MetaError::DuplicateKey(_)) => {
            faults.add(Code::DuplicateMetaKey, span, |_| {
                format!("META has “{key}” twice")
            });
            return;
        }
        Err(MetaError::EmptyKey | MetaError::SpacesAroundKey(_)) => {
            faults.add(Code::WrongNumberOfCells, span, |_| {
                "the line has no key".to_owned()
            });
            return;
        }
    }
    if !meta::is_known(&key) {
        faults.add(Code::UnknownMetaKey, key_cell.span(), |key| {
            match nearest(key, &meta::known()) {
                Some(near) => format!("the format has no “{key}”: is it “{near}”?"),
                None => format!("the format has no “{key}”"),
            }
        });
    }
    placed.spans.push((key, value.span()));
}
