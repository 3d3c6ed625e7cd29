//! Where the parts of a chart lie and which colours they have. Templates write them as SVG with
//! lengths in per cent, so that text keeps its size on a phone.

use crate::tally::report::{LikertFigures, OptionFigures};

/// Ten thousand parts are 100 %.
const WHOLE: u64 = 10_000;

/// Shorter parts have no room for their own label on a phone; the table has every figure.
const ROOM_FOR_LABEL: u64 = 700;

/// One part of a bar: lengths and places in per cent of the chart's width.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub x: String,
    pub width: String,
    pub middle: String,
    pub fill: &'static str,
    pub ink: &'static str,
    pub label: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Bar {
    pub segments: Vec<Segment>,
    /// Where the two sides of the scale meet.
    pub zero: String,
}

/// How far bars reach to the left and to the right of zero: the same for a whole page, so that every
/// bar can be compared with every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    left: u64,
    right: u64,
}

impl Span {
    pub fn of<'a>(all: impl Iterator<Item = &'a LikertFigures>) -> Self {
        let none = Self { left: 0, right: 0 };
        all.map(Self::of_one).fold(none, |widest, one| Self {
            left: widest.left.max(one.left),
            right: widest.right.max(one.right),
        })
    }

    /// The agreeing side is on the left, as the form has it; half of the middle is on either side.
    fn of_one(figures: &LikertFigures) -> Self {
        let points = &figures.points;
        let half = points.len() / 2;
        let sum = |part: &[OptionFigures]| -> u64 {
            part.iter()
                .map(|point| share(point.count, figures.base))
                .sum()
        };
        let middle = sum(&points[half..points.len() - half]) / 2;
        Self {
            left: sum(&points[..half]) + middle,
            right: sum(&points[points.len() - half..]) + middle,
        }
    }

    fn total(self) -> u64 {
        (self.left + self.right).max(1)
    }
}

pub(super) fn diverging(figures: &LikertFigures, span: Span) -> Bar {
    let own = Span::of_one(figures);
    let total = span.total();
    let mut reached = span.left.saturating_sub(own.left);
    let mut segments = Vec::new();
    for (index, point) in figures.points.iter().enumerate() {
        let length = share(point.count, figures.base);
        if length == 0 {
            continue;
        }
        let (fill, ink) = colours(index, figures.points.len());
        let width = length * WHOLE / total;
        segments.push(Segment {
            x: in_percent(reached * WHOLE / total),
            width: in_percent(width),
            middle: in_percent((reached * 2 + length) * WHOLE / (total * 2)),
            fill,
            ink,
            label: (width >= ROOM_FOR_LABEL).then(|| point.percent.to_string()),
        });
        reached += length;
    }
    Bar {
        segments,
        zero: in_percent(span.left * WHOLE / total),
    }
}

/// Length of a plain bar from zero.
pub(super) fn length(count: u64, base: u64) -> String {
    in_percent(share(count, base))
}

/// Fill of a scale point, and a text colour that reads on it: blues, grey, oranges, each at least
/// 3:1 on white, so that the white gaps between them always show.
pub(super) fn colours(index: usize, points: usize) -> (&'static str, &'static str) {
    const AGREE: [(&str, &str); 3] = [
        ("#12436D", "#FFFFFF"),
        ("#5694CA", "#0B0C0C"),
        ("#3D77AB", "#FFFFFF"),
    ];
    const DISAGREE: [(&str, &str); 3] = [
        ("#7A2E0E", "#FFFFFF"),
        ("#F46A25", "#0B0C0C"),
        ("#B14A17", "#FFFFFF"),
    ];
    const MIDDLE: (&str, &str) = ("#8C9196", "#0B0C0C");
    let half = points / 2;
    // The strongest point of a side has the darkest shade, the one next to the middle the lightest.
    let shade = |from_end: usize| match (from_end, half - from_end) {
        (0, _) => 0,
        (_, 1) => 1,
        _ => 2,
    };
    if index < half {
        AGREE[shade(index)]
    } else if index + half >= points {
        DISAGREE[shade(points - 1 - index)]
    } else {
        MIDDLE
    }
}

fn share(count: u64, base: u64) -> u64 {
    count.saturating_mul(WHOLE) / base.max(1)
}

fn in_percent(parts: u64) -> String {
    format!("{}.{:02}%", parts / 100, parts % 100)
}
