//! The figures of keying: how good it was in a wave, and how each person works.

use super::report::{
    DoubtfulMarks, KeyedTwice, KeyingMethod, PaperReport, PaperSheets, RemainingBasis,
    RemainingErrors,
};
use crate::{
    domain::keying::{Checked, Keyed, KeyingPlan, Quality},
    stats::{
        confidence::Confidence,
        float::{at_twelve_places, of_count},
        keying::{error_rate, wrong_alike, wrong_in_both, wrong_left},
    },
};

/// What is known of the paper of a wave.
#[derive(Debug, Clone)]
pub struct PaperInput {
    pub plan: KeyingPlan,
    pub quality: Quality,
    /// [`crate::domain::keying::SheetForm::fewest_wrong_marks`] of the wave's form.
    pub wrong_marks: u64,
    pub sheets: PaperSheets,
    pub marks: DoubtfulMarks,
}

impl PaperReport {
    pub fn build(input: &PaperInput) -> Self {
        let quality = &input.quality;
        Self {
            method: method(input.plan, quality),
            batches: quality.batches,
            sheets: input.sheets,
            keyed_twice: keyed_twice(quality),
            remaining: remaining(quality, input.wrong_marks),
            marks: Some(input.marks),
        }
    }
}

pub fn method(plan: KeyingPlan, quality: &Quality) -> KeyingMethod {
    match plan {
        KeyingPlan::Double => KeyingMethod::Double,
        KeyingPlan::Sampled(plan) => KeyingMethod::Sampled {
            percent: plan.percent(),
            most_errors: plan.accepted(),
            accepted: quality.sampled.accepted,
            rejected: quality.sampled.rejected,
        },
    }
}

pub fn keyed_twice(quality: &Quality) -> KeyedTwice {
    KeyedTwice {
        sheets: quality.first.sheets,
        fields: quality.first.fields,
        differences: quality.first.differences,
    }
}

/// Where sheets were keyed once, what the sample says of them; else what both keyings can have wrong
/// alike. None where no sheet with fields was keyed twice.
pub fn remaining(quality: &Quality, wrong_marks: u64) -> Option<RemainingErrors> {
    let share = |wrong: u64, of: u64| (of > 0).then(|| of_count(wrong) / of_count(of));
    let (first, second) = (quality.first, quality.second);
    let sampled = quality.sampled;
    let level = Confidence::ninety_five();
    if sampled.keyed_once > 0 {
        let drawn = sampled.first;
        let left = wrong_left(drawn.wrong_sheets, drawn.sheets, sampled.sheets, level).ok()?;
        let left = left.min(sampled.keyed_once);
        return Some(RemainingErrors {
            basis: RemainingBasis::Sample,
            sheets: sampled.keyed_once,
            wrong_sheets_at_most: at_twelve_places(share(left, sampled.keyed_once)?),
            wrong_fields: at_twelve_places(share(drawn.wrong_fields, drawn.fields)?),
        });
    }
    let of_sheets = |checked: Checked| (checked.wrong_sheets, checked.sheets);
    let in_both = wrong_in_both(of_sheets(first), of_sheets(second), level).ok()?;
    let alike = wrong_alike(
        share(first.wrong_fields, first.fields)?,
        share(second.wrong_fields, second.fields)?,
        wrong_marks,
    );
    Some(RemainingErrors {
        basis: RemainingBasis::Independence,
        sheets: first.sheets,
        wrong_sheets_at_most: at_twelve_places(in_both),
        wrong_fields: at_twelve_places(alike),
    })
}

/// How somebody keys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyerFigures {
    pub sheets: u64,
    /// None where no time was measured.
    pub sheets_an_hour: Option<u64>,
    pub checked: Checked,
    /// None where nothing was checked that had fields.
    pub errors: Option<PerTenThousand>,
}

/// Wrong fields among 10,000, and the one-sided 95 % limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerTenThousand {
    pub rate: f64,
    pub at_most: f64,
}

const TEN_THOUSAND: f64 = 10_000.0;

impl KeyerFigures {
    pub fn of(keyed: Keyed) -> Self {
        let checked = keyed.checked;
        let level = Confidence::ninety_five();
        let errors = error_rate(checked.wrong_fields, checked.fields, level);
        Self {
            sheets: keyed.sheets,
            sheets_an_hour: (keyed.sheets * 3600).checked_div(keyed.seconds),
            checked,
            errors: errors.ok().map(|errors| PerTenThousand {
                rate: errors.rate * TEN_THOUSAND,
                at_most: errors.at_most * TEN_THOUSAND,
            }),
        }
    }
}

/// Differences per 10,000 fields that were keyed twice.
pub fn differences_per_ten_thousand(twice: KeyedTwice) -> Option<f64> {
    let rate = of_count(twice.differences) / of_count(twice.fields);
    (twice.fields > 0).then_some(rate * TEN_THOUSAND)
}
