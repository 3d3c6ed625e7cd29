//! The sheets of a batch with all that was keyed from them: what every state after the count of the
//! pile carries along.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    differences::{Place, differences},
    entry::{Entries, Entry, Pass},
    pile::Pile,
    plan::{Sample, Verdict},
    sheet::{SheetContent, SheetForm},
};
use crate::domain::id::UserId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Papers {
    pub form: SheetForm,
    pub envelopes: u32,
    pub pile: Pile,
    /// None where everything is keyed twice.
    pub sample: Option<Sample>,
    /// 1, and one more for each time that the keying was started anew.
    pub round: u32,
    pub entries: Entries,
}

/// What holds for a sheet once it is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The keying that holds.
    As(SheetContent),
    Outstanding,
}

/// Where the sheets of a batch are: the parts always add up to the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conservation {
    pub sheets: u32,
    /// With marks on them, and done with.
    pub keyed: u32,
    pub blank: u32,
    pub spoilt: u32,
    pub unreadable: u32,
    /// Not done with, whatever is missing.
    pub outstanding: u32,
}

impl Conservation {
    pub fn holds(&self) -> bool {
        self.keyed + self.blank + self.spoilt + self.unreadable + self.outstanding == self.sheets
    }
}

impl Papers {
    pub fn sheets(&self) -> u32 {
        self.pile.sheets()
    }

    pub fn of(&self, pass: Pass) -> Option<&BTreeMap<u32, Entry>> {
        self.entries.of(pass)
    }

    pub fn entry(&self, pass: Pass, sheet: u32) -> Option<&Entry> {
        self.of(pass)?.get(&sheet)
    }

    pub fn keyed_in(&self, pass: Pass) -> u32 {
        let keyed = self.of(pass).map_or(0, BTreeMap::len);
        u32::try_from(keyed).unwrap_or(u32::MAX)
    }

    pub fn has_keyed(&self, pass: Pass, who: UserId) -> bool {
        self.entries.has_hand_in(pass, who)
    }

    /// The sheets of the second keying: all, or the sample of a batch that may still be accepted by it.
    pub fn wanted(&self) -> BTreeSet<u32> {
        match &self.sample {
            Some(sample) if !matches!(sample.verdict, Verdict::Rejected { .. }) => {
                sample.chosen(self.sheets(), self.round)
            }
            _ => (1..=self.sheets()).collect(),
        }
    }

    pub fn differs(&self, sheet: u32) -> bool {
        match (
            self.entry(Pass::First, sheet),
            self.entry(Pass::Second, sheet),
        ) {
            (Some(first), Some(second)) => first.content != second.content,
            _ => false,
        }
    }

    /// The sheets that differ, decided or not.
    pub fn differing(&self) -> Vec<u32> {
        (1..=self.sheets())
            .filter(|sheet| self.differs(*sheet))
            .collect()
    }

    pub fn undecided(&self) -> Vec<u32> {
        self.differing()
            .into_iter()
            .filter(|sheet| self.entry(Pass::Decision, *sheet).is_none())
            .collect()
    }

    /// What holds for a sheet.
    pub fn settled(&self, sheet: u32) -> Settled {
        let Some(first) = self.entry(Pass::First, sheet) else {
            return Settled::Outstanding;
        };
        match self.entry(Pass::Second, sheet) {
            Some(second) if second.content == first.content => Settled::As(first.content.clone()),
            Some(_) => self
                .entry(Pass::Decision, sheet)
                .map_or(Settled::Outstanding, |decision| {
                    Settled::As(decision.content.clone())
                }),
            None if self.is_accepted() => Settled::As(first.content.clone()),
            None => Settled::Outstanding,
        }
    }

    fn is_accepted(&self) -> bool {
        self.sample
            .as_ref()
            .is_some_and(|sample| matches!(sample.verdict, Verdict::Accepted { .. }))
    }

    pub fn conservation(&self) -> Conservation {
        let mut books = Conservation {
            sheets: self.sheets(),
            ..Conservation::default()
        };
        for sheet in 1..=self.sheets() {
            match self.settled(sheet) {
                Settled::Outstanding => books.outstanding += 1,
                Settled::As(SheetContent::Marked(_)) => books.keyed += 1,
                Settled::As(SheetContent::Blank) => books.blank += 1,
                Settled::As(SheetContent::Spoilt) => books.spoilt += 1,
                Settled::As(SheetContent::Unreadable) => books.unreadable += 1,
            }
        }
        books
    }

    /// Wrong fields of the first keying on the sheets that were keyed twice, by what holds for them. A
    /// sheet that is wrong as a whole is wrong in each of its fields.
    pub fn errors_of_first(&self) -> u32 {
        let twice = self.of(Pass::Second).into_iter().flatten();
        let wrong = twice.map(|(sheet, _)| self.errors_in(Pass::First, *sheet));
        u32::try_from(wrong.sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Wrong fields of one keying of one sheet; none while the sheet is not settled.
    pub fn errors_in(&self, pass: Pass, sheet: u32) -> usize {
        let (Some(entry), Settled::As(truth)) = (self.entry(pass, sheet), self.settled(sheet))
        else {
            return 0;
        };
        fields_that_differ(&self.form, &entry.content, &truth)
    }
}

/// Like [`differences`], in fields: all of them where a sheet differs as a whole.
pub(super) fn fields_that_differ(
    form: &SheetForm,
    one: &SheetContent,
    other: &SheetContent,
) -> usize {
    let found = differences(form, one, other);
    match found.first().map(|difference| difference.place) {
        Some(Place::Sheet) => form.fields().len(),
        _ => found.len(),
    }
}
