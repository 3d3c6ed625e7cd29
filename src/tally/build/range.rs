//! Which range stands beside a figure. The frame of the wave decides, and the number of answers.

use crate::domain::frame::Frame;
use crate::stats::{
    confidence::Confidence,
    finite_population,
    float::at_twelve_places,
    interval::{self, wilson},
    points::whole_points,
};
use crate::tally::report::{Interval, RangeKind, SignedInterval};

/// Fewest answers for which a range is printed.
pub const LEAST_BASE_FOR_RANGE: u64 = 10;

/// Of every range in a report.
pub const CONFIDENCE: Confidence = Confidence::ninety_five();

/// False for a census, where there is no sampling range, and where too few people answered to show
/// one.
pub fn is_shown(base: u64, frame: Frame) -> bool {
    RangeKind::of(frame) != RangeKind::None && base >= LEAST_BASE_FOR_RANGE
}

/// Range of the share `count` of `base`.
pub fn of_share(count: u64, base: u64, frame: Frame) -> Option<Interval> {
    if !is_shown(base, frame) {
        return None;
    }
    let limits = match frame {
        // More answers than people in the group: its size is wrong, and corrects nothing.
        Frame::Sample { size } if base <= size => {
            finite_population::wilson(count, base, size, CONFIDENCE).ok()?
        }
        _ => wilson(count, base, CONFIDENCE).ok()?,
    };
    Some(unsigned(limits))
}

pub fn unsigned(limits: interval::Interval) -> Interval {
    let (low_percent, high_percent) = limits.whole_percents();
    let limits = limits.for_report();
    Interval {
        low: limits.low,
        high: limits.high,
        low_percent,
        high_percent,
    }
}

/// None when a limit is not a number.
pub fn signed(limits: interval::Interval) -> Option<SignedInterval> {
    Some(SignedInterval {
        low: at_twelve_places(limits.low),
        high: at_twelve_places(limits.high),
        low_points: whole_points(limits.low)?,
        high_points: whole_points(limits.high)?,
    })
}
