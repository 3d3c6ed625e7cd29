//! What a survey's answers may look like, in the form in which the fold checks millions of them.
//!
//! The rules are those of `domain::layout`, with one reading added: a ballot of zeros only, which
//! no form can send, is a ballot without a mark and so a blank one.

use std::ops::Range;

use crate::domain::{
    ballot::BallotMethod,
    item::ItemKind,
    layout::{BLANK, Layout, option_of},
    survey::Survey,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub width: usize,
    pub items: Vec<ItemShape>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ItemShape {
    pub places: Range<usize>,
    pub kind: KindShape,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KindShape {
    /// One answer out of so many.
    One {
        options: usize,
    },
    Ballot(BallotShape),
}

/// The limits are kept apart from the domain's form: plain numbers for a loop over every ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BallotShape {
    costs: Vec<u64>,
    most_marks: usize,
    most_cost: Option<u64>,
}

/// What one response says of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    Blank,
    Option(usize),
    /// At least one project is marked: `1` in its place.
    Marks,
}

impl Shape {
    pub fn of(survey: &Survey) -> Self {
        let layout = Layout::of(survey);
        let items = survey
            .items
            .iter()
            .zip(layout.places())
            .map(|(item, places)| ItemShape {
                places: places.clone(),
                kind: match &item.kind {
                    ItemKind::Likert(_) | ItemKind::Choice(_) => KindShape::One {
                        options: item.option_keys().len(),
                    },
                    ItemKind::Ballot(form) => KindShape::Ballot(BallotShape {
                        costs: form.projects.iter().map(|p| p.cost.minor()).collect(),
                        most_marks: match form.method {
                            BallotMethod::Approval { limit } => limit,
                            BallotMethod::Knapsack => usize::MAX,
                        },
                        most_cost: match form.method {
                            BallotMethod::Approval { .. } => None,
                            BallotMethod::Knapsack => Some(form.budget.minor()),
                        },
                    }),
                },
            })
            .collect();
        Self {
            width: layout.width(),
            items,
        }
    }
}

impl ItemShape {
    /// How many counts the item has: one an option or project.
    pub fn options(&self) -> usize {
        match &self.kind {
            KindShape::One { options } => *options,
            KindShape::Ballot(ballot) => ballot.costs.len(),
        }
    }

    /// Reads the item's places of one response; None when they are not an answer to it.
    pub fn read(&self, symbols: &[u8]) -> Option<Read> {
        match &self.kind {
            KindShape::One { options } => match symbols {
                [BLANK] => Some(Read::Blank),
                [symbol] => option_of(*symbol)
                    .filter(|index| index < options)
                    .map(Read::Option),
                _ => None,
            },
            KindShape::Ballot(ballot) => ballot.read(symbols),
        }
    }
}

impl BallotShape {
    fn read(&self, symbols: &[u8]) -> Option<Read> {
        if symbols.iter().all(|symbol| *symbol == BLANK) {
            return Some(Read::Blank);
        }
        // Without a branch a symbol: which projects a person marks is what no processor can guess.
        let (mut marks, mut others) = (0_usize, 0_u8);
        for symbol in symbols {
            let bit = symbol.wrapping_sub(b'0');
            marks += usize::from(bit & 1);
            others |= bit & !1;
        }
        if others != 0 || marks > self.most_marks || self.is_over_budget(symbols) {
            None
        } else if marks == 0 {
            Some(Read::Blank)
        } else {
            Some(Read::Marks)
        }
    }

    fn is_over_budget(&self, symbols: &[u8]) -> bool {
        self.most_cost.is_some_and(|budget| {
            let cost = symbols
                .iter()
                .zip(&self.costs)
                .filter(|(symbol, _)| **symbol == b'1')
                .fold(0_u64, |sum, (_, cost)| sum.saturating_add(*cost));
            cost > budget
        })
    }
}
