//! Faults in words: what is wrong, in numbers where there are any, and what puts it right.

use super::words::{Catalogue, Words};
use crate::domain::{
    access_code::{AccessCodeError, Block},
    answer::FaultReason,
    item::{Item, ItemKind},
    text::Lang,
};

/// What is wrong with a typed access code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFault {
    Missing,
    Malformed(AccessCodeError),
    Unknown,
    AlreadyCounted,
    TooManyAttempts,
}

impl CodeFault {
    pub(super) fn words(self, words: &Catalogue) -> String {
        let key = match self {
            Self::Missing => "code.missing",
            Self::Malformed(error) => return words_for_code(error, words),
            Self::Unknown => "code.unknown",
            Self::AlreadyCounted => "code.already-counted",
            Self::TooManyAttempts => "code.too-many",
        };
        words.t(key).to_owned()
    }
}

/// Names the block to look at, where that is known, and never what should stand in it.
fn words_for_code(error: AccessCodeError, words: &Catalogue) -> String {
    match error {
        AccessCodeError::Length { typed } => {
            words.t_count("code.length", u64::try_from(typed).unwrap_or(u64::MAX), &[])
        }
        AccessCodeError::Symbol { block } => {
            words.t_with("code.symbol", &[("block", &block.to_string())])
        }
        AccessCodeError::Check(suspects) => {
            let blocks: Vec<String> = suspects.blocks().iter().map(Block::to_string).collect();
            let key = match (blocks.len(), suspects.swapped()) {
                (0, _) => "code.check",
                (_, true) => "code.check-swapped",
                (_, false) => "code.check-block",
            };
            words.t_with(key, &[("block", &words.either(&blocks))])
        }
    }
}

/// The fault of an answer to `item`, for the person who gave it.
pub fn words_for_fault(reason: &FaultReason, item: &Item, lang: &Lang) -> String {
    let words = Words::for_lang(lang);
    match reason {
        FaultReason::UnknownItem => words.t("fault.item").to_owned(),
        FaultReason::Required => match &item.kind {
            ItemKind::Ballot(_) => words.t("fault.required-ballot").to_owned(),
            _ => words.t("fault.required").to_owned(),
        },
        FaultReason::UnknownOption(_) => words.t("fault.option").to_owned(),
        FaultReason::MoreThanOne => words.t("fault.only-one").to_owned(),
        FaultReason::MarkedTwice => words.t("fault.twice").to_owned(),
        FaultReason::OverLimit { limit, marked } => {
            let limit = words.number(u64::try_from(*limit).unwrap_or(u64::MAX));
            let marked = u64::try_from(*marked).unwrap_or(u64::MAX);
            words.t_count("fault.limit", marked, &[("limit", &limit)])
        }
        FaultReason::OverBudget { budget, cost } => {
            let money = |amount| match &item.kind {
                ItemKind::Ballot(form) => words.money(&form.currency, amount),
                _ => String::new(),
            };
            let over = cost.checked_sub(*budget).unwrap_or_default();
            words.t_with(
                "fault.budget",
                &[
                    ("cost", &money(*cost)),
                    ("budget", &money(*budget)),
                    ("over", &money(over)),
                ],
            )
        }
    }
}
