//! Counts that add up: of one response, of a block, of a sheet, of a channel.

use crate::domain::count_sheet::CountSheet;

use super::{ItemShape, KindShape, Read, Shape};

/// The counts of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCounts {
    /// One count an option, in the item's order.
    pub options: Vec<u64>,
    /// People who answered; on a count sheet's ballot everyone present.
    pub answered: u64,
    /// People who were asked and did not answer.
    pub blank: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub people: u64,
    pub items: Vec<ItemCounts>,
}

impl Part {
    pub fn empty(shape: &Shape) -> Self {
        Self {
            people: 0,
            items: shape.items.iter().map(ItemCounts::empty).collect(),
        }
    }

    /// None when the sheet is not one of this survey. A stored sheet may be older than the checks
    /// that [`CountSheet::new`] makes today, so they are not taken on trust.
    pub fn of_sheet(shape: &Shape, sheet: &CountSheet) -> Option<Self> {
        if sheet.counts().len() != shape.items.len() {
            return None;
        }
        let items = shape
            .items
            .iter()
            .zip(sheet.counts())
            .map(|(item, totals)| ItemCounts::of_sheet(item, totals, sheet.people()))
            .collect::<Option<_>>()?;
        Some(Self {
            people: sheet.people(),
            items,
        })
    }

    /// Counts one response that has been checked against `shape`.
    pub fn add_response(&mut self, shape: &Shape, answers: &[u8]) {
        self.people += 1;
        for (item, counts) in shape.items.iter().zip(&mut self.items) {
            let symbols = &answers[item.places.clone()];
            match item.read(symbols) {
                None | Some(Read::Blank) => counts.blank += 1,
                Some(Read::Option(index)) => {
                    counts.answered += 1;
                    counts.options[index] += 1;
                }
                Some(Read::Marks) => counts.add_ballot(symbols),
            }
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.people += other.people;
        for (counts, more) in self.items.iter_mut().zip(&other.items) {
            counts.answered += more.answered;
            counts.blank += more.blank;
            for (count, added) in counts.options.iter_mut().zip(&more.options) {
                *count += added;
            }
        }
    }

    /// These counts less `other`; None if any would go below zero.
    pub fn without(&self, other: &Self) -> Option<Self> {
        let items = self
            .items
            .iter()
            .zip(&other.items)
            .map(|(counts, less)| counts.without(less))
            .collect::<Option<_>>()?;
        Some(Self {
            people: self.people.checked_sub(other.people)?,
            items,
        })
    }
}

impl ItemCounts {
    fn empty(item: &ItemShape) -> Self {
        Self {
            options: vec![0; item.options()],
            answered: 0,
            blank: 0,
        }
    }

    fn of_sheet(item: &ItemShape, totals: &[u64], people: u64) -> Option<Self> {
        if totals.is_empty() {
            return Some(Self::empty(item));
        }
        if totals.len() != item.options() || totals.iter().any(|total| *total > people) {
            return None;
        }
        let answered = match item.kind {
            KindShape::One { .. } => totals
                .iter()
                .try_fold(0_u64, |sum, total| sum.checked_add(*total))?,
            // Dots and cards do not tell who placed none, so everyone present is the base.
            KindShape::Ballot(_) => people,
        };
        Some(Self {
            options: totals.to_vec(),
            answered,
            blank: people.checked_sub(answered)?,
        })
    }

    /// Counts a ballot with at least one mark: a `1` in the place of each marked project.
    pub(super) fn add_ballot(&mut self, symbols: &[u8]) {
        self.answered += 1;
        for (votes, symbol) in self.options.iter_mut().zip(symbols) {
            *votes += u64::from(*symbol == b'1');
        }
    }

    fn without(&self, other: &Self) -> Option<Self> {
        let options = self
            .options
            .iter()
            .zip(&other.options)
            .map(|(count, less)| count.checked_sub(*less))
            .collect::<Option<_>>()?;
        Some(Self {
            options,
            answered: self.answered.checked_sub(other.answered)?,
            blank: self.blank.checked_sub(other.blank)?,
        })
    }
}
