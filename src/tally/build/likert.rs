//! The figures of one statement in one wave.

use super::{
    RangeTerms, option_figures,
    range::{self, CONFIDENCE},
};
use crate::domain::item::Scale;
use crate::stats::{
    self, dispersion, float::at_twelve_places, mean::Scored, multinomial, net::Net, ordinal,
};
use crate::tally::{
    fold::ItemCounts,
    percent::signed_points,
    report::{Division, LikertFigures, Mean, Median, MoreFigures, NetAgreement},
};

pub fn figures(scale: &Scale, counts: &ItemCounts, wave: &RangeTerms) -> LikertFigures {
    let base = counts.answered;
    LikertFigures {
        base,
        blank: counts.blank,
        points: option_figures(scale.points(), counts, wave.frame),
        net: (base > 0).then(|| net_agreement(scale, counts, wave)),
        median: ordinal::median(&counts.options).map(|(low, high)| Median { low, high }),
        agreement: ordinal::agreement_a(&counts.options),
        division: stats::division::Division::of(&counts.options).map(Division::from),
        more: (base > 0).then(|| more(counts, wave)),
    }
}

/// People on the agreeing side of the scale, and on the other.
pub fn sides(scale: &Scale, counts: &ItemCounts) -> (u64, u64) {
    let half = scale.half();
    let agree = counts.options.iter().take(half).sum();
    let disagree = counts.options.iter().rev().take(half).sum();
    (agree, disagree)
}

fn net_agreement(scale: &Scale, counts: &ItemCounts, wave: &RangeTerms) -> NetAgreement {
    let (agree, disagree) = sides(scale, counts);
    let base = counts.answered;
    let limits = || {
        let net = Net::new(agree, disagree, base).ok()?;
        range::signed(stats::net::tango(net, CONFIDENCE))
    };
    NetAgreement {
        agree,
        disagree,
        points: signed_points(agree, disagree, base),
        interval: range::is_shown(base, wave.frame).then(limits).flatten(),
    }
}

fn more(counts: &ItemCounts, wave: &RangeTerms) -> MoreFigures {
    let counts_of = counts.options.as_slice();
    let has_ranges = range::is_shown(counts.answered, wave.frame);
    let row = if has_ranges {
        multinomial::goodman(counts_of, CONFIDENCE).unwrap_or_default()
    } else {
        Vec::new()
    };
    MoreFigures {
        row: row.into_iter().map(range::unsigned).collect(),
        agreement_range: has_ranges
            .then(|| wave.ranges.of(counts_of, wave.replications))
            .flatten(),
        interpolated_median: ordinal::interpolated_score(counts_of).map(at_twelve_places),
        mean: mean(counts_of, has_ranges),
        consensus: dispersion::consensus(counts_of).map(at_twelve_places),
        leik: dispersion::leik_d(counts_of).map(at_twelve_places),
    }
}

/// The points are scored from 1 for the last, least agreeing one.
fn mean(counts: &[u64], has_ranges: bool) -> Option<Mean> {
    let scores: Vec<f64> = (1..=u32::try_from(counts.len()).ok()?)
        .rev()
        .map(f64::from)
        .collect();
    let found = Scored::new(counts, &scores).ok()?.mean(CONFIDENCE)?;
    let limits = found.interval.filter(|_| has_ranges);
    Some(Mean {
        mean: at_twelve_places(found.mean),
        sd: found.standard_deviation.map(at_twelve_places),
        low: limits.map(|limits| at_twelve_places(limits.low)),
        high: limits.map(|limits| at_twelve_places(limits.high)),
    })
}

impl From<stats::division::Division> for Division {
    fn from(division: stats::division::Division) -> Self {
        match division {
            stats::division::Division::Agreed => Self::Agreed,
            stats::division::Division::Leaning => Self::Leaning,
            stats::division::Division::Divided => Self::Divided,
        }
    }
}
