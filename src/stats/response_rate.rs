//! Response, cooperation, refusal and contact rates.
//!
//! Source: American Association for Public Opinion Research, "Standard Definitions: Final
//! Dispositions of Case Codes and Outcome Rates for Surveys".

use super::float::of_count;

/// How many of the cases of a sample ended how, in AAPOR's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dispositions {
    /// I: complete interviews.
    pub complete: u64,
    /// P: partial interviews.
    pub partial: u64,
    /// R: refusals and break-offs.
    pub refusal: u64,
    /// NC: not contacted.
    pub non_contact: u64,
    /// O: other eligible cases.
    pub other: u64,
    /// UH: unknown whether the household exists or has anyone to ask.
    pub unknown_household: u64,
    /// UO: unknown for other reasons.
    pub unknown_other: u64,
}

/// The rates. One whose denominator is 0 is None.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseRates {
    /// RR1, the lowest: I / ((I + P) + (R + NC + O) + (UH + UO)).
    pub rr1: f64,
    /// RR2: as RR1, with partial interviews counted.
    pub rr2: f64,
    /// RR3: as RR1, with only the share e of the unknown taken to be eligible. None without e.
    pub rr3: Option<f64>,
    /// RR4: as RR3, with partial interviews counted.
    pub rr4: Option<f64>,
    /// RR5, the highest: as RR1, with none of the unknown.
    pub rr5: Option<f64>,
    /// RR6: as RR5, with partial interviews counted.
    pub rr6: Option<f64>,
    /// COOP1: I / ((I + P) + R + O).
    pub coop1: Option<f64>,
    /// REF1: R over the denominator of RR1.
    pub ref1: f64,
    /// CON1: ((I + P) + R + O) over the denominator of RR1.
    pub con1: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ResponseRateError {
    #[error("a sample without cases has no response rate")]
    NoCases,
    #[error("the eligible share of the unknown lies between 0 and 1, and this one is {0}")]
    NotAShare(f64),
}

/// The rates of a sample. `eligible_unknown` is e, the share of the unknown cases that is taken to
/// be eligible. It has to be argued for, so that there is no default: without it RR3 and RR4 are
/// None.
pub fn response_rates(
    cases: &Dispositions,
    eligible_unknown: Option<f64>,
) -> Result<ResponseRates, ResponseRateError> {
    if let Some(e) = eligible_unknown
        && !(0.0..=1.0).contains(&e)
    {
        return Err(ResponseRateError::NotAShare(e));
    }
    let complete = of_count(cases.complete);
    let interviews = complete + of_count(cases.partial);
    let refusal = of_count(cases.refusal);
    let contacted = interviews + refusal + of_count(cases.other);
    let eligible = contacted + of_count(cases.non_contact);
    let unknown = of_count(cases.unknown_household) + of_count(cases.unknown_other);
    let all = eligible + unknown;
    if all == 0.0 {
        return Err(ResponseRateError::NoCases);
    }
    let estimated = eligible_unknown.map_or(0.0, |e| eligible + e * unknown);
    let over = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    Ok(ResponseRates {
        rr1: complete / all,
        rr2: interviews / all,
        rr3: over(complete, estimated),
        rr4: over(interviews, estimated),
        rr5: over(complete, eligible),
        rr6: over(interviews, eligible),
        coop1: over(complete, contacted),
        ref1: refusal / all,
        con1: contacted / all,
    })
}
