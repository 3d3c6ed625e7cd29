//! How good the keying of a wave's paper is, in counts: every keying beside what holds in the end.
//!
//! Only batches that are done with are compared. While differences wait for a decision, the sheets
//! without one are the easy ones, and would flatter whoever keyed them.

use std::collections::BTreeMap;

use super::{
    arrows::StateName,
    entry::Pass,
    papers::{Papers, Settled, fields_that_differ},
    plan::Verdict,
    sheet::{FieldKind, SheetContent, SheetForm},
};
use crate::domain::id::UserId;

/// Keyings that were compared with what holds, counted in sheets and in fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    pub sheets: u64,
    /// Sheets with at least one wrong field.
    pub wrong_sheets: u64,
    /// A sheet that is blank, spoilt or unreadable by both keyings has no fields to check.
    pub fields: u64,
    pub wrong_fields: u64,
    /// Fields in which the two keyings differ, whoever was right.
    pub differences: u64,
}

impl Checked {
    fn add(&mut self, one: Self) {
        self.sheets += one.sheets;
        self.wrong_sheets += one.wrong_sheets;
        self.fields += one.fields;
        self.wrong_fields += one.wrong_fields;
        self.differences += one.differences;
    }
}

/// What one person has keyed, or decided on, in one pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keyed {
    pub sheets: u64,
    /// With corrections; from the moments that browsers measured.
    pub seconds: u64,
    pub checked: Checked,
}

/// The keying of many batches, each in its present round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quality {
    pub keyers: BTreeMap<(UserId, Pass), Keyed>,
    /// Batches that are done with, and the sheets in them.
    pub batches: u64,
    pub sheets: u64,
    /// The two keyings of the sheets that were keyed twice.
    pub first: Checked,
    pub second: Checked,
    pub sampled: Sampled,
}

/// Batches of which a sample was keyed again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sampled {
    pub accepted: u64,
    /// Keyed wholly twice after all.
    pub rejected: u64,
    /// All sheets of both.
    pub sheets: u64,
    /// The first keying of the drawn sheets of both: a batch that was turned down belongs to the
    /// sample as much as any other, and without it the sample would look too good.
    pub first: Checked,
    /// Sheets that nobody has keyed a second time.
    pub keyed_once: u64,
}

impl Quality {
    /// Adds one batch. `seconds` are those of all versions of its sheets.
    pub fn add(
        &mut self,
        state: StateName,
        papers: &Papers,
        seconds: &BTreeMap<(UserId, Pass), u64>,
    ) {
        for (who, seconds) in seconds {
            self.keyers.entry(*who).or_default().seconds += seconds;
        }
        for (pass, entries) in papers.entries.all() {
            for entry in entries.values() {
                self.keyers.entry((entry.by, *pass)).or_default().sheets += 1;
            }
        }
        if matches!(state, StateName::Reconciled | StateName::Counted) {
            self.compare(papers);
        }
    }

    fn compare(&mut self, papers: &Papers) {
        self.batches += 1;
        self.sheets += u64::from(papers.sheets());
        for sheet in 1..=papers.sheets() {
            self.compare_sheet(papers, sheet);
        }
        let Some(sample) = &papers.sample else {
            return;
        };
        self.sampled.sheets += u64::from(papers.sheets());
        for sheet in sample.chosen(papers.sheets(), papers.round) {
            if let Some((_, checked)) = papers.checked(Pass::First, sheet) {
                self.sampled.first.add(checked);
            }
        }
        match sample.verdict {
            Verdict::Accepted { .. } => self.sampled.accepted += 1,
            Verdict::Rejected { .. } => self.sampled.rejected += 1,
            Verdict::Pending => {}
        }
        let twice = papers.keyed_in(Pass::Second);
        self.sampled.keyed_once += u64::from(papers.sheets().saturating_sub(twice));
    }

    fn compare_sheet(&mut self, papers: &Papers, sheet: u32) {
        for pass in [Pass::First, Pass::Second] {
            let Some((by, checked)) = papers.checked(pass, sheet) else {
                continue;
            };
            self.keyers
                .entry((by, pass))
                .or_default()
                .checked
                .add(checked);
            match pass {
                Pass::First => self.first.add(checked),
                Pass::Second | Pass::Decision => self.second.add(checked),
            }
        }
    }
}

impl Papers {
    /// One keying of one sheet beside what holds; none for a sheet that was not keyed twice.
    fn checked(&self, pass: Pass, sheet: u32) -> Option<(UserId, Checked)> {
        let first = self.entry(Pass::First, sheet)?;
        let second = self.entry(Pass::Second, sheet)?;
        let Settled::As(truth) = self.settled(sheet) else {
            return None;
        };
        let own = self.entry(pass, sheet)?;
        let has_fields =
            first.content != second.content || matches!(first.content, SheetContent::Marked(_));
        let wrong = whole(fields_that_differ(&self.form, &own.content, &truth));
        let checked = Checked {
            sheets: 1,
            wrong_sheets: u64::from(wrong > 0),
            fields: if has_fields {
                whole(self.form.width())
            } else {
                0
            },
            wrong_fields: wrong,
            differences: whole(fields_that_differ(
                &self.form,
                &first.content,
                &second.content,
            )),
        };
        Some((own.by, checked))
    }
}

impl SheetForm {
    /// Of the marks that a field can be keyed as, all but one are wrong: so many at least.
    pub fn fewest_wrong_marks(&self) -> u64 {
        let fewest = self.fields().iter().map(|field| match field {
            // Every other point or option, blank, unclear, and several.
            FieldKind::OneOf(options) => options + 2,
            // The other of two, and unclear.
            FieldKind::Box => 2,
        });
        whole(fewest.min().unwrap_or(1))
    }
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
