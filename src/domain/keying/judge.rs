//! What a sheet counts for, by the survey's own rules. Nothing that was keyed is changed: what is on
//! the paper stays as it was keyed, and this says what goes into the ledger.

use super::sheet::{SheetContent, SheetForm};
use crate::domain::{
    answer::{Answer, Answers},
    ballot::{BallotForm, Marks},
    item::ItemKind,
    layout::option_of,
    survey::Survey,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub outcome: Result<Answers, NotCounted>,
    /// Ballots on this sheet with more marks than they allow, whether or not some of them count.
    pub overvoted: u32,
    /// Fields with an unclear mark, or with several where one is asked for: no answer.
    pub uncertain: u32,
}

/// Why a sheet is nobody's response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotCounted {
    Blank,
    Spoilt,
    Unreadable,
    /// It has marks, and none of them is valid.
    NoValidMark,
}

/// What the sheets of a batch counted for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SheetsCounted {
    pub responses: u32,
    pub blank: u32,
    pub spoilt: u32,
    pub unreadable: u32,
    pub no_valid_mark: u32,
    /// Ballots with more marks than they allow, among the sheets with marks.
    pub overvoted: u32,
    /// Fields without a clear answer, among the sheets with marks.
    pub uncertain: u32,
}

pub fn judge(survey: &Survey, content: &SheetContent) -> Judged {
    let not_counted = |reason| Judged {
        outcome: Err(reason),
        overvoted: 0,
        uncertain: 0,
    };
    let text = match content {
        SheetContent::Marked(text) => text.as_bytes(),
        SheetContent::Blank => return not_counted(NotCounted::Blank),
        SheetContent::Spoilt => return not_counted(NotCounted::Spoilt),
        SheetContent::Unreadable => return not_counted(NotCounted::Unreadable),
    };
    let mut answers = Answers::blank(survey);
    let (mut overvoted, mut uncertain, mut place) = (0, 0, 0);
    let mut is_valid = false;
    for (index, item) in survey.items.iter().enumerate() {
        let answer = match &item.kind {
            ItemKind::Likert(_) | ItemKind::Choice(_) => {
                let symbol = text.get(place).copied().unwrap_or_default();
                place += 1;
                uncertain += u32::from(matches!(symbol, super::UNCLEAR | super::MULTIPLE));
                option_of(symbol).map(Answer::Option)
            }
            ItemKind::Ballot(form) => {
                let end = place + form.projects.len();
                let boxes = text.get(place..end).unwrap_or_default();
                place = end;
                let unclear = boxes.iter().filter(|mark| **mark == super::UNCLEAR);
                uncertain += u32::try_from(unclear.count()).unwrap_or(u32::MAX);
                let (marks, is_over) = ballot(form, boxes);
                overvoted += u32::from(is_over);
                marks.map(Answer::Marks)
            }
        };
        if let Some(answer) = answer {
            is_valid = true;
            answers.set(index, answer);
        }
    }
    Judged {
        outcome: if is_valid {
            Ok(answers)
        } else {
            Err(NotCounted::NoValidMark)
        },
        overvoted,
        uncertain,
    }
}

/// The marks that count, and whether there were more than the ballot allows.
fn ballot(form: &BallotForm, boxes: &[u8]) -> (Option<Marks>, bool) {
    let marked: Vec<usize> = (0..boxes.len()).filter(|i| boxes[*i] == b'1').collect();
    if marked.is_empty() {
        return (None, false);
    }
    match Marks::new(marked.clone(), form) {
        Ok(marks) => (Some(marks), false),
        Err(_) => (form.overvote.valid_part(&marked, form), true),
    }
}

impl SheetForm {
    /// Fields of a sheet: what error rates are counted in.
    pub fn width(&self) -> usize {
        self.fields().len()
    }
}
