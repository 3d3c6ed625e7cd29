//! What the terms allow on a ballot. A ballot outside of it is reported, and counts all the same:
//! whoever counted the votes has already decided that.

use std::ops::Range;

use super::{
    ballots::Ballot,
    code::Code,
    decimal::Decimal,
    fault::Faults,
    projects::Project,
    terms::{Bounds, Terms, VoteType},
};

pub(super) struct Limits<'l> {
    projects: &'l [Project],
    length: Bounds<u64>,
    sum_cost: Bounds<u64>,
    points: Bounds<Decimal>,
    sum_points: Bounds<Decimal>,
}

impl<'l> Limits<'l> {
    pub(super) fn new(terms: &Terms, projects: &'l [Project]) -> Self {
        let mut length = terms.length;
        if terms.vote_type == VoteType::ChooseOne {
            length.most = length.most.or(Some(1));
        }
        Self {
            projects,
            length,
            sum_cost: terms.sum_cost,
            points: terms.points,
            sum_points: terms.sum_points,
        }
    }

    /// The decimal places that the bounds of the points need.
    pub(super) fn points_scale(&self) -> u8 {
        let Self {
            points, sum_points, ..
        } = self;
        [points.least, points.most, sum_points.least, sum_points.most]
            .into_iter()
            .flatten()
            .map(Decimal::scale)
            .max()
            .unwrap_or(0)
    }

    /// Reports every bound that the ballot at `span` does not keep to. One without any project is
    /// reported as such elsewhere.
    pub(super) fn check(
        &self,
        ballot: &Ballot<'_>,
        points_scale: u8,
        span: &Range<usize>,
        faults: &mut Faults<'_>,
    ) {
        if ballot.projects.is_empty() {
            return;
        }
        let length = u64::try_from(ballot.projects.len()).unwrap_or(u64::MAX);
        if let Some(least) = below(self.length, length) {
            faults.add(Code::UnderMinLength, span.clone(), |_| {
                format!("the ballot names {length} projects, and has to name {least} or more")
            });
        }
        if let Some(most) = above(self.length, length) {
            faults.add(Code::OverMaxLength, span.clone(), |_| {
                format!("the ballot names {length} projects, and may name {most}")
            });
        }
        if self.sum_cost.least.is_some() || self.sum_cost.most.is_some() {
            self.check_cost(ballot, span, faults);
        }
        if !ballot.points.is_empty() {
            self.check_points(ballot, points_scale, span, faults);
        }
    }

    fn check_cost(&self, ballot: &Ballot<'_>, span: &Range<usize>, faults: &mut Faults<'_>) {
        let costs = ballot.projects.iter();
        let sum: u128 = costs
            .filter_map(|project| self.projects.get(*project as usize))
            .map(|project| u128::from(project.cost))
            .sum();
        let bounds = Bounds {
            least: self.sum_cost.least.map(u128::from),
            most: self.sum_cost.most.map(u128::from),
        };
        if below(bounds, sum).is_some() {
            faults.add(Code::UnderMinSumCost, span.clone(), |_| {
                "the projects on the ballot cost less than min_sum_cost".to_owned()
            });
        }
        if above(bounds, sum).is_some() {
            faults.add(Code::OverMaxSumCost, span.clone(), |_| {
                "the projects on the ballot cost more than max_sum_cost".to_owned()
            });
        }
    }

    fn check_points(
        &self,
        ballot: &Ballot<'_>,
        scale: u8,
        span: &Range<usize>,
        faults: &mut Faults<'_>,
    ) {
        let at_scale = |bounds: Bounds<Decimal>| {
            let units = |bound: Option<Decimal>| bound?.at_scale(scale).map(i128::from);
            Bounds {
                least: units(bounds.least),
                most: units(bounds.most),
            }
        };
        let each = at_scale(self.points);
        let points = || ballot.points.iter().map(|points| i128::from(*points));
        if points().any(|points| below(each, points).is_some()) {
            faults.add(Code::UnderMinPoints, span.clone(), |_| {
                "a project on the ballot has fewer points than min_points".to_owned()
            });
        }
        if points().any(|points| above(each, points).is_some()) {
            faults.add(Code::OverMaxPoints, span.clone(), |_| {
                "a project on the ballot has more points than max_points".to_owned()
            });
        }
        let sum_bounds = at_scale(self.sum_points);
        let sum: i128 = points().sum();
        if below(sum_bounds, sum).is_some() {
            faults.add(Code::UnderMinSumPoints, span.clone(), |_| {
                "the points on the ballot add up to less than min_sum_points".to_owned()
            });
        }
        if above(sum_bounds, sum).is_some() {
            faults.add(Code::OverMaxSumPoints, span.clone(), |_| {
                "the points on the ballot add up to more than max_sum_points".to_owned()
            });
        }
    }
}

/// The least allowed, where `found` is below it.
fn below<T: PartialOrd + Copy>(bounds: Bounds<T>, found: T) -> Option<T> {
    bounds.least.filter(|least| found < *least)
}

/// The most allowed, where `found` is above it.
fn above<T: PartialOrd + Copy>(bounds: Bounds<T>, found: T) -> Option<T> {
    bounds.most.filter(|most| found > *most)
}
