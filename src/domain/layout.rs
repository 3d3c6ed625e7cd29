//! How the answers of one response stand in one column of text.
//!
//! Every item has a fixed place, so that plain SQL (`substr(answers, 3, 1)`) and a spreadsheet can
//! read the column, and a fold can walk millions of them without parsing:
//!
//! - a Likert or choice item takes one character: `1` for the first scale point or option, `2` for
//!   the second … `9`, then `a` for the tenth to `z` for the thirty-fifth;
//! - a ballot takes one character a project: `1` marked, `0` not marked;
//! - an item without an answer is `-` in all its places.

use std::ops::Range;

use super::{
    answer::{Answer, Answers},
    ballot::Marks,
    item::{Item, ItemKind},
    survey::Survey,
};

pub const BLANK: u8 = b'-';
const SYMBOLS: &[u8; 35] = b"123456789abcdefghijklmnopqrstuvwxyz";

/// The places of every item, in the order of the survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    places: Vec<Range<usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    #[error("the answers have {found} characters, where this survey's have {expected}")]
    Length { expected: usize, found: usize },
    #[error("character {place} of the answers is not one that its item can have")]
    Symbol { place: usize },
}

impl Layout {
    pub fn of(survey: &Survey) -> Self {
        let mut next = 0;
        let places = survey
            .items
            .iter()
            .map(|item| {
                let start = next;
                next += width(item);
                start..next
            })
            .collect();
        Self { places }
    }

    /// Characters of one response.
    pub fn width(&self) -> usize {
        self.places.last().map_or(0, |range| range.end)
    }

    pub fn places(&self) -> &[Range<usize>] {
        &self.places
    }

    pub fn encode(&self, answers: &Answers) -> String {
        let mut text = String::with_capacity(self.width());
        for (answer, places) in answers.as_slice().iter().zip(&self.places) {
            match answer {
                Answer::Blank => places.clone().for_each(|_| text.push('-')),
                Answer::Option(index) => text.push(char::from(SYMBOLS[*index])),
                Answer::Marks(marks) => places.clone().for_each(|place| {
                    let marked = marks.contains(place - places.start);
                    text.push(if marked { '1' } else { '0' });
                }),
            }
        }
        text
    }

    pub fn decode(&self, survey: &Survey, text: &str) -> Result<Answers, LayoutError> {
        let symbols = text.as_bytes();
        if symbols.len() != self.width() {
            return Err(LayoutError::Length {
                expected: self.width(),
                found: symbols.len(),
            });
        }
        let answers = survey
            .items
            .iter()
            .zip(&self.places)
            .map(|(item, places)| {
                decode_item(item, &symbols[places.clone()]).ok_or(LayoutError::Symbol {
                    place: places.start + 1,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Answers::from_checked(answers))
    }
}

/// Position that a symbol of a Likert or choice item stands for.
pub fn option_of(symbol: u8) -> Option<usize> {
    match symbol {
        b'1'..=b'9' => Some(usize::from(symbol - b'1')),
        b'a'..=b'z' => Some(usize::from(symbol - b'a') + 9),
        _ => None,
    }
}

fn width(item: &Item) -> usize {
    match &item.kind {
        ItemKind::Likert(_) | ItemKind::Choice(_) => 1,
        ItemKind::Ballot(form) => form.projects.len(),
    }
}

fn decode_item(item: &Item, symbols: &[u8]) -> Option<Answer> {
    if symbols.iter().all(|symbol| *symbol == BLANK) {
        return Some(Answer::Blank);
    }
    match &item.kind {
        ItemKind::Likert(_) | ItemKind::Choice(_) => {
            let index = option_of(symbols[0])?;
            (index < item.option_keys().len()).then_some(Answer::Option(index))
        }
        ItemKind::Ballot(form) => {
            let known = symbols.iter().all(|symbol| matches!(symbol, b'0' | b'1'));
            let marked = (0..symbols.len())
                .filter(|index| symbols[*index] == b'1')
                .collect();
            Marks::new(marked, form)
                .ok()
                .filter(|_| known)
                .map(Answer::Marks)
        }
    }
}
