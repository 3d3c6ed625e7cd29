//! The counts behind a row, once a number of people is assumed.

use std::collections::BTreeSet;

use super::{
    MOST_PEOPLE,
    row::{
        CountRange, PublishedRow, Rounding, holds_sum, ranges_at_threshold, ranges_by_itself,
        thresholds,
    },
};

/// Counts that give the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solutions {
    /// In ascending order.
    pub counts: Vec<Vec<u64>>,
    /// Whether these are all, or the search stopped at the most that were asked for.
    pub complete: bool,
}

impl Solutions {
    /// Whether the percentages and the number of people give every count away. Then publishing
    /// both is publishing the counts, and what holds for small counts holds for the percentages.
    pub fn are_unique(&self) -> bool {
        self.complete && self.counts.len() == 1
    }
}

/// The counts of `n` people that give the row, up to `most` of them (at most 1,000). None for an
/// `n` of 0 and above [`MOST_PEOPLE`].
pub fn counts_that_fit(row: &PublishedRow, n: u64, rounding: Rounding, most: usize) -> Solutions {
    const MOST: usize = 1_000;
    let mut search = Search {
        n,
        most: most.min(MOST),
        found: BTreeSet::new(),
        complete: true,
    };
    if (1..=MOST_PEOPLE).contains(&n) {
        match ranges_by_itself(row, n, rounding) {
            Some(ranges) => search.all_in(&ranges),
            None => search.all_at_thresholds(row),
        }
    }
    Solutions {
        counts: search.found.into_iter().collect(),
        complete: search.complete,
    }
}

struct Search {
    n: u64,
    most: usize,
    found: BTreeSet<Vec<u64>>,
    complete: bool,
}

impl Search {
    /// Every threshold between remainders gives ranges of its own, and the same counts may fit
    /// several of them; a set of ranges that came up already is not searched again.
    fn all_at_thresholds(&mut self, row: &PublishedRow) {
        let mut last = Vec::new();
        for threshold in thresholds(row, self.n) {
            let ranges = ranges_at_threshold(row, self.n, threshold);
            if ranges != last {
                self.all_in(&ranges);
            }
            if !self.complete {
                return;
            }
            last = ranges;
        }
    }

    fn all_in(&mut self, ranges: &[CountRange]) {
        if holds_sum(ranges, self.n) {
            self.extend(ranges, &mut Vec::with_capacity(ranges.len()), self.n);
        }
    }

    /// Goes through the counts of the next range that leave the later ones room for `left`. Each
    /// step leads to at least one solution, so the work is bounded by the solutions kept.
    fn extend(&mut self, ranges: &[CountRange], so_far: &mut Vec<u64>, left: u64) {
        let Some((next, later)) = ranges.split_first() else {
            if self.found.len() < self.most || self.found.contains(so_far) {
                self.found.insert(so_far.clone());
            } else {
                self.complete = false;
            }
            return;
        };
        let later_least: u64 = later.iter().map(|range| range.low).sum();
        let later_most: u64 = later.iter().map(|range| range.high).sum();
        let low = next.low.max(left.saturating_sub(later_most));
        let high = next.high.min(left.saturating_sub(later_least));
        for count in low..=high {
            so_far.push(count);
            self.extend(later, so_far, left - count);
            so_far.pop();
            if !self.complete {
                return;
            }
        }
    }
}
