//! What stands in the cells of one ballot.

use std::ops::Range;

use super::{
    ballots::VotingMethod,
    code::Code,
    fault::Faults,
    id_index::{add_to_word, word_of},
    number,
    rows::Cell,
    table::present,
    votes::Setting,
};

/// Reads the projects of a ballot, in the order in which they are written.
pub(super) fn read(
    cell: Cell,
    setting: &Setting<'_>,
    marks: &mut Vec<u32>,
    faults: &mut Faults<'_>,
) {
    marks.clear();
    let text = cell.text(setting.text);
    let bytes = text.as_bytes();
    let mut item = |item: Range<usize>, word: u64| {
        if let Some(project) = setting.index.find(&bytes[item.clone()], word) {
            marks.push(project);
        } else if let Some(project) = odd_item(&text, item, cell, setting, faults) {
            marks.push(project);
        }
    };
    let mut start = 0;
    let mut word = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b',' {
            item(start..at, word);
            start = at + 1;
            word = 0;
        } else {
            word = add_to_word(word, *byte);
        }
    }
    item(start..bytes.len(), word);
}

/// An item that is not the id of a project as it stands.
#[cold]
fn odd_item(
    text: &str,
    item: Range<usize>,
    cell: Cell,
    setting: &Setting<'_>,
    faults: &mut Faults<'_>,
) -> Option<u32> {
    let span = if cell.is_quoted() {
        cell.span()
    } else {
        cell.start + item.start..cell.start + item.end
    };
    let id = text[item].trim();
    if id.is_empty() {
        if !text.trim().is_empty() {
            faults.add(Code::EmptyListItem, span, |_| {
                "a comma has nothing before or after it".to_owned()
            });
        }
        return None;
    }
    let found = setting.index.find(id.as_bytes(), word_of(id.as_bytes()));
    if found.is_some() {
        faults.add(Code::SpacesInList, span, |id| {
            format!("there are spaces around “{id}”")
        });
    } else if present(text).is_some() && setting.projects > 0 {
        faults.add(Code::UnknownProject, span, |id| {
            format!("there is no project “{id}”")
        });
    }
    found
}

/// Reads the points of a ballot as units of `10^-scale`. Returns the decimal places that they need;
/// where those are more than `scale`, the units are of no use.
pub(super) fn points(
    cell: Cell,
    file: &str,
    scale: u8,
    points: &mut Vec<i64>,
    faults: &mut Faults<'_>,
) -> u8 {
    points.clear();
    let mut needed = 0;
    for item in cell.text(file).split(',') {
        if let (0, Some(number)) = (scale, short_number(item)) {
            points.push(number);
            continue;
        }
        let Some(written) = present(item) else {
            continue;
        };
        if written.len() != item.len() {
            faults.add(Code::SpacesInList, cell.span(), |_| {
                format!("there are spaces around “{written}”")
            });
        }
        if let Some(number) = number::read(faults, written, cell.span(), "points") {
            needed = needed.max(number.scale());
            points.push(number.at_scale(scale).unwrap_or(0));
        }
    }
    needed
}

/// A number that is whole and short, as nearly all points are.
#[inline]
fn short_number(item: &str) -> Option<i64> {
    if item.is_empty() || item.len() > 9 {
        return None;
    }
    item.bytes().try_fold(0_i64, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + i64::from(byte - b'0'))
    })
}

/// How the ballot was handed in.
pub(super) fn method(cell: Cell, file: &str, faults: &mut Faults<'_>) -> VotingMethod {
    let text = cell.text(file);
    match text.as_bytes() {
        b"internet" => return VotingMethod::Internet,
        b"paper" => return VotingMethod::Paper,
        _ => {}
    }
    let Some(written) = present(&text) else {
        return VotingMethod::Unstated;
    };
    let known = [VotingMethod::Internet, VotingMethod::Paper]
        .into_iter()
        .find(|method| method.as_str() == written);
    known.unwrap_or_else(|| {
        faults.add(Code::UnknownVotingMethod, cell.span(), |written| {
            format!("there is no voting_method “{written}”")
        });
        VotingMethod::Unstated
    })
}
