//! What changed between two waves, statement by statement.
//!
//! The people of the two waves are taken to be different people: waves do not link their answers.
//! Where many answered both times, and much the same, the ranges are wider than they need be.

use super::{
    BesideInput, ReportInput, likert,
    range::{self, CONFIDENCE},
};
use crate::domain::{
    frame::Frame,
    item::{Item, ItemKind, Scale},
};
use crate::stats::{
    difference::{Group, newcombe},
    float::at_twelve_places,
    multiplicity::{Adjustment, adjusted},
    net::{self, Net},
    two_sample::{Finding, OrdinalChange, TwoGroups, ordinal_change, superiority},
};
use crate::tally::{
    fold::ItemCounts,
    percent::{SignedShare, change_in_points},
    report::{
        Change, Comparison, Difference, ItemChange, MeasuredChange, NotCompared, OrdinalTest,
        RangeKind, TestMethod, Verdict,
    },
};

/// One wave's side of a comparison.
struct Side<'a> {
    input: BesideInput<'a>,
    counts: Vec<ItemCounts>,
}

impl<'a> Side<'a> {
    fn of(input: BesideInput<'a>) -> Self {
        Self {
            input,
            counts: input.tally.items(),
        }
    }

    fn frame(&self) -> Frame {
        self.input.wave.spec.frame
    }

    /// The item of this key, and its counts.
    fn find(&self, like: &Item) -> Option<(&'a Item, &ItemCounts)> {
        let items = &self.input.survey.items;
        let place = items.iter().position(|item| item.key == like.key)?;
        Some((&items[place], self.counts.get(place)?))
    }
}

/// None when this wave has no statements.
pub fn compare(input: &ReportInput, other: &BesideInput) -> Option<Comparison> {
    let this = Side::of(BesideInput {
        wave: input.wave,
        survey: input.survey,
        tally: input.tally,
    });
    let other = Side::of(*other);
    let (from, to) = if other.input.wave.spec.opens <= this.input.wave.spec.opens {
        (&other, &this)
    } else {
        (&this, &other)
    };
    let statements = || {
        input
            .survey
            .items
            .iter()
            .filter(|item| matches!(item.kind, ItemKind::Likert(_)))
    };
    statements().next()?;
    let mut items: Vec<ItemChange> = statements()
        .map(|item| ItemChange {
            key: item.key.clone(),
            change: match measure(item, from, to) {
                Ok(change) => Change::Measured(change),
                Err(reason) => Change::NotCompared { reason },
            },
        })
        .collect();
    let tested = adjust(&mut items);
    Some(Comparison {
        from: from.input.wave.spec.name.clone(),
        to: to.input.wave.spec.name.clone(),
        range: range_of(from.frame(), to.frame()),
        tested,
        items,
    })
}

/// The kind of range that allows less to be said. Beside a sample, a census has no chance in it; it is
/// worked out as a sample all the same, so that the range is wider than it need be and never narrower.
fn range_of(from: Frame, to: Frame) -> RangeKind {
    match (RangeKind::of(from), RangeKind::of(to)) {
        (RangeKind::SmallNumbersRange, _) | (_, RangeKind::SmallNumbersRange) => {
            RangeKind::SmallNumbersRange
        }
        (RangeKind::None, RangeKind::None) => RangeKind::None,
        _ => RangeKind::ConfidenceInterval,
    }
}

fn measure(item: &Item, from: &Side, to: &Side) -> Result<MeasuredChange, NotCompared> {
    let (before_item, before) = from.find(item).ok_or(NotCompared::NotAsked)?;
    let (after_item, after) = to.find(item).ok_or(NotCompared::NotAsked)?;
    let scale = same_scale(before_item, after_item)?;
    if before.answered.min(after.answered) < range::LEAST_BASE_FOR_RANGE {
        return Err(NotCompared::TooFewAnswers {
            minimum: range::LEAST_BASE_FOR_RANGE,
        });
    }
    let has_range = range_of(from.frame(), to.frame()) != RangeKind::None;
    Ok(MeasuredChange {
        agree: change_of_agreeing(scale, before, after, has_range),
        net: change_of_net(scale, before, after, has_range),
        test: if has_range { test(before, after) } else { None },
    })
}

/// The scale of a statement that both waves put in the same words.
fn same_scale<'a>(before: &'a Item, after: &Item) -> Result<&'a Scale, NotCompared> {
    match (&before.kind, &after.kind) {
        (ItemKind::Likert(scale), ItemKind::Likert(other)) if scale == other => {
            if before.text == after.text {
                Ok(scale)
            } else {
                Err(NotCompared::WordingDiffers)
            }
        }
        _ => Err(NotCompared::ScaleDiffers),
    }
}

fn change_of_agreeing(
    scale: &Scale,
    before: &ItemCounts,
    after: &ItemCounts,
    has_range: bool,
) -> Difference {
    let agreeing = |counts: &ItemCounts| SignedShare {
        plus: likert::sides(scale, counts).0,
        minus: 0,
        base: counts.answered,
    };
    let (before, after) = (agreeing(before), agreeing(after));
    let limits = || {
        let group = |share: SignedShare| Group::new(share.plus, share.base).ok();
        range::signed(newcombe(group(after)?, group(before)?, CONFIDENCE))
    };
    Difference {
        points: change_in_points(before, after),
        interval: has_range.then(limits).flatten(),
    }
}

fn change_of_net(
    scale: &Scale,
    before: &ItemCounts,
    after: &ItemCounts,
    has_range: bool,
) -> Difference {
    let signed = |counts: &ItemCounts| {
        let (plus, minus) = likert::sides(scale, counts);
        SignedShare {
            plus,
            minus,
            base: counts.answered,
        }
    };
    let (before, after) = (signed(before), signed(after));
    let limits = || {
        let net = |share: SignedShare| Net::new(share.plus, share.minus, share.base).ok();
        range::signed(net::change_mover(net(before)?, net(after)?, CONFIDENCE))
    };
    Difference {
        points: change_in_points(before, after),
        interval: has_range.then(limits).flatten(),
    }
}

/// `p_adjusted` is `p` until all statements are known.
fn test(before: &ItemCounts, after: &ItemCounts) -> Option<OrdinalTest> {
    let groups = TwoGroups::new(&after.options, &before.options).ok()?;
    let change = ordinal_change(&groups, CONFIDENCE);
    let p = at_twelve_places(change.p());
    Some(OrdinalTest {
        method: match change {
            OrdinalChange::BrunnerMunzel(_) => TestMethod::BrunnerMunzel,
            OrdinalChange::Exact(_) => TestMethod::Permutation,
            OrdinalChange::MannWhitney(_) => TestMethod::MannWhitney,
        },
        p,
        p_adjusted: p,
        superiority: at_twelve_places(superiority(&groups)),
        verdict: Verdict::NoClearChange,
    })
}

/// Adjusts the tests of all statements together, and says what each of them finds. Returns how many
/// there are.
pub fn adjust(items: &mut [ItemChange]) -> u64 {
    let mut tests: Vec<&mut OrdinalTest> = items
        .iter_mut()
        .filter_map(|item| match &mut item.change {
            Change::Measured(change) => change.test.as_mut(),
            Change::NotCompared { .. } => None,
        })
        .collect();
    let p: Vec<f64> = tests.iter().map(|test| test.p).collect();
    if let Ok(adjusted) = adjusted(&p, Adjustment::Holm) {
        for (test, p_adjusted) in tests.iter_mut().zip(adjusted) {
            test.p_adjusted = at_twelve_places(p_adjusted);
            test.verdict = match Finding::of(p_adjusted, test.superiority) {
                Finding::Higher => Verdict::Higher,
                Finding::Lower => Verdict::Lower,
                Finding::NoClearDifference => Verdict::NoClearChange,
            };
        }
    }
    u64::try_from(p.len()).unwrap_or(u64::MAX)
}
