//! What a purchase takes out of the purses.

use std::collections::HashSet;

use super::{
    run::{NEVER, Run, Status, TICKS},
    scan::unclear,
};

impl Run<'_> {
    /// Takes the payments for a project out of the purses of its supporters.
    ///
    /// `(low, high)` ticks are proven bounds of its price per point.
    pub fn buy(&mut self, project: usize, (low, high): (u64, u64)) {
        let round = u32::try_from(self.rounds.len()).unwrap_or(NEVER - 1);
        let group = self.poll.supporters.of_project(project);
        let unclear = unclear(group, &self.purses, (low, high), self.error);
        let in_full = if unclear.is_empty() {
            HashSet::new()
        } else {
            self.payers_in_full(project, &unclear)
        };
        let paid = low.midpoint(high);
        for (ballot, points) in group.iter() {
            let purse = &mut self.purses[ballot];
            if purse.ticks == 0 {
                continue;
            }
            let price = u128::from(paid) * u128::from(points);
            let can_pay = if unclear.is_empty() || !unclear.contains(&(ballot, points)) {
                u128::from(purse.ticks) >= price
            } else {
                in_full.contains(&ballot)
            };
            if can_pay {
                let rest = u128::from(purse.ticks).saturating_sub(price).max(1);
                purse.ticks = u64::try_from(rest).unwrap_or(TICKS);
            } else {
                if purse.ticks <= self.error {
                    self.scant.insert(ballot);
                }
                purse.ticks = 0;
                self.emptied[ballot] = round;
            }
        }
        let most = group.points.iter().copied().max().unwrap_or(1);
        let added = (high - low).saturating_mul(most.into());
        self.error = self.error.saturating_add(added).min(TICKS);
        self.most_points += u64::from(most);
        self.bought_in[project] = round;
        self.status[project] = Status::Bought;
        self.waiting.retain(|waiting| *waiting != project);
    }

    /// Which of `unclear` have at least the true price, or exactly that.
    fn payers_in_full(&mut self, project: usize, unclear: &[(usize, u64)]) -> HashSet<usize> {
        let books = self.open_books();
        let full = books
            .price(self, project)
            .map_or_else(HashSet::new, |price| {
                let poor = books.poorer(self, &price, unclear);
                let full = unclear.iter().zip(poor).filter(|(_, poor)| !poor);
                full.map(|((ballot, _), _)| *ballot).collect()
            });
        self.books = Some(books);
        full
    }

    /// Works the purses out anew from the true prices once the errors have added up.
    pub fn refresh(&mut self) {
        let share = TICKS / self.poll.weights.voters().max(1);
        let least = 1 + self.most_points;
        if self.error <= share >> 26 || self.error / 4 < least {
            return;
        }
        let books = self.open_books();
        let prices = books.prices_in_ticks(self);
        let profile = self.poll.election.profile();
        for (purse, ballot) in self.purses.iter_mut().zip(profile.ballots()) {
            if purse.ticks == 0 {
                continue;
            }
            let mut rest = u128::from(share);
            for mark in ballot {
                let round = self.bought_in[mark.project as usize];
                if round != NEVER {
                    let paid = u128::from(prices[round as usize]) * u128::from(mark.points);
                    rest = rest.saturating_sub(paid);
                }
            }
            purse.ticks = u64::try_from(rest).unwrap_or(TICKS).max(1);
        }
        self.error = least;
        self.books = Some(books);
    }
}
