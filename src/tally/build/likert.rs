//! The figures of one statement in one wave.

use super::{
    option_figures,
    range::{self, CONFIDENCE},
    resampled::AgreementRanges,
};
use crate::domain::{frame::Frame, item::Scale};
use crate::stats::{
    dispersion, division, float::at_twelve_places, mean, multinomial, net, ordinal,
};
use crate::tally::{
    fold::ItemCounts,
    percent::signed_points,
    report::{Division, Interval, LikertFigures, Mean, Median, MoreFigures, NetAgreement},
};

pub fn figures(
    scale: &Scale,
    counts: &ItemCounts,
    frame: Frame,
    ranges: &dyn AgreementRanges,
) -> LikertFigures {
    let base = counts.answered;
    LikertFigures {
        base,
        blank: counts.blank,
        points: option_figures(scale.points(), counts, frame),
        net: (base > 0).then(|| net_agreement(scale, counts, frame)),
        median: ordinal::median(&counts.options).map(|(low, high)| Median { low, high }),
        agreement: ordinal::agreement_a(&counts.options),
        division: division::of_counts(&counts.options).map(Division::from),
        more: (base > 0).then(|| more(counts, frame, ranges)),
    }
}

/// People on the agreeing side of the scale, and on the other.
pub fn sides(scale: &Scale, counts: &ItemCounts) -> (u64, u64) {
    let half = scale.half();
    let agree = counts.options.iter().take(half).sum();
    let disagree = counts.options.iter().rev().take(half).sum();
    (agree, disagree)
}
