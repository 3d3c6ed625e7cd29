//! An interval for van der Eijk's agreement.

use super::{BootstrapError, OnProgress, Plan, Strata, Summary, bootstrap};
use crate::stats::{
    confidence::Confidence,
    ordinal::{AgreementTable, agreement_a},
};

/// Van der Eijk's A of `counts`, one entry a scale point, with percentile limits. A is made of
/// straight pieces, for which corrections by the jackknife (`BCa`) are too rough.
///
/// # Errors
/// No answers, fewer than two points, or as for [`bootstrap`].
pub fn agreement_interval(
    counts: &[u64],
    plan: Plan,
    confidence: Confidence,
    on_progress: OnProgress<'_>,
) -> Result<Summary, BootstrapError> {
    let strata = Strata::one(counts)?;
    let estimate = agreement_a(counts).ok_or(BootstrapError::Undefined)?;
    let table = AgreementTable::new(counts.len());
    let samples = bootstrap(&strata, plan, on_progress, |sample| {
        table.agreement(sample).unwrap_or(f64::NAN)
    })?;
    Summary::of(estimate, samples, confidence, plan)
}
