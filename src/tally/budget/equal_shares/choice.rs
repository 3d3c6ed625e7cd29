//! Which project a round buys.

use std::{cmp::Ordering, collections::HashMap};

use num_bigint::BigInt;

use super::{
    super::rule::Utility,
    run::{Run, Status, TICKS, Tied},
    scan::{none_between, scan},
};

/// An interval of the quantity that is to be least, on a common scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub project: usize,
    pub price: (u64, u64),
    key: (u128, u128),
    /// Where all supporters with anything left certainly pay in full, the points they give: the
    /// price is then exactly cost by points, and no long fraction is needed to know it.
    all_pay: Option<u64>,
}

enum Verdict {
    Out,
    /// Certainly worse than the limit.
    Worse,
    Offer(Offer),
}

impl Run<'_> {
    /// The key of a price: the price itself, or the price by cost. Rounded down, with 64 more bits.
    fn key(&self, project: usize, price: u64) -> u128 {
        let wide = u128::from(price) << 64;
        match self.utility {
            Utility::Cardinality => wide,
            Utility::Cost => wide / u128::from(self.poll.costs[project]),
        }
    }

    pub fn raise(&mut self, project: usize, price: u64) {
        if price > self.price_from[project] || self.key_from[project] == 0 {
            self.price_from[project] = price.max(self.price_from[project]);
            self.key_from[project] = self.key(project, self.price_from[project]);
        }
    }

    /// The offer that wins this round, and the projects with exactly the same key.
    pub fn best(&mut self) -> Option<(Offer, Tied)> {
        let mut offers: Vec<Offer> = Vec::new();
        let mut limit = u128::MAX;
        let mut looked_at = 0;
        while let Some(project) = self.waiting.get(looked_at).copied() {
            if self.key_from[project] > limit {
                break;
            }
            looked_at += 1;
            match self.evaluate(project, limit) {
                Verdict::Out => self.status[project] = Status::Out,
                Verdict::Worse => {}
                Verdict::Offer(offer) => {
                    limit = limit.min(offer.key.1);
                    offers.push(offer);
                }
            }
        }
        self.queue_again(looked_at);
        offers.retain(|offer| offer.key.0 <= limit);
        if offers.len() > 1 {
            return self.settle_tie(&offers);
        }
        offers.pop().map(|offer| (offer, Tied::default()))
    }

    /// Puts the first projects of the queue, whose keys have grown, where they belong now.
    fn queue_again(&mut self, looked_at: usize) {
        let rest = self.waiting.split_off(looked_at);
        let moved = std::mem::replace(&mut self.waiting, rest);
        for project in moved {
            if self.status[project] == Status::Open {
                let key = self.key_from[project];
                let place = self.waiting.partition_point(|p| self.key_from[*p] < key);
                self.waiting.insert(place, project);
            }
        }
    }

    /// Offers with exactly the least key, of those whose intervals overlap, where all of them are
    /// simple.
    fn least_of_simple(&self, offers: &[Offer]) -> Option<Vec<Offer>> {
        // Keys as fractions: cost by points, or one by points.
        let key = |offer: &Offer| {
            let cost = match self.utility {
                Utility::Cardinality => self.poll.costs[offer.project],
                Utility::Cost => 1,
            };
            Some((u128::from(cost), u128::from(offer.all_pay?)))
        };
        let mut least: Vec<Offer> = Vec::new();
        let mut best = (1, 0);
        for offer in offers {
            let (cost, points) = key(offer)?;
            let order = (cost * best.1).cmp(&(best.0 * points));
            if least.is_empty() || order == Ordering::Less {
                least.clear();
                best = (cost, points);
                least.push(*offer);
            } else if order == Ordering::Equal {
                least.push(*offer);
            }
        }
        Some(least)
    }

    /// Compares offers whose intervals overlap by their true prices.
    fn settle_tie(&mut self, offers: &[Offer]) -> Option<(Offer, Tied)> {
        let equals = match self.least_of_simple(offers) {
            Some(equals) => equals,
            None => self.least_by_books(offers),
        };
        let mut projects: Vec<usize> = equals.iter().map(|offer| offer.project).collect();
        // In an order of their own, so that the same tie in another run is known again.
        projects.sort_unstable_by_key(|project| self.poll.ranks[*project]);
        let first = *projects.first()?;
        let winner = *equals.iter().find(|offer| offer.project == first)?;
        if !self.notes_ties {
            return Some((winner, Tied::default()));
        }
        let tied = Tied {
            harmless: projects.len() == 1 || self.in_any_order(&equals),
            others: projects.split_off(1),
        };
        Some((winner, tied))
    }

    /// Offers with exactly the least key.
    fn least_by_books(&mut self, offers: &[Offer]) -> Vec<Offer> {
        let mut least: Vec<(Offer, BigInt, BigInt)> = Vec::new();
        for offer in offers {
            let Some(exact) = self.exactly(offer.project) else {
                self.status[offer.project] = Status::Out;
                continue;
            };
            let scale = match self.utility {
                Utility::Cardinality => 1,
                Utility::Cost => self.poll.costs[offer.project],
            };
            let divisor = BigInt::from(exact.points) * scale;
            let order = least.first().map_or(Ordering::Less, |(_, best, over)| {
                (&exact.numerator * over).cmp(&(best * &divisor))
            });
            if order == Ordering::Less {
                least.clear();
            }
            if order != Ordering::Greater {
                let offer = self.offer(offer.project, exact.ticks, exact.ticks + 1);
                least.push((offer, exact.numerator, divisor));
            }
        }
        least.into_iter().map(|(offer, ..)| offer).collect()
    }

    /// Whether projects with the same key will all be bought next, in any order with the same result.
    ///
    /// That is so if everyone who supports more than one of them can pay for all these in full: then
    /// whichever is bought first changes neither who pays for the others nor how much, and as no key
    /// ever falls, nothing comes between them.
    fn in_any_order(&self, equals: &[Offer]) -> bool {
        let mut needed: HashMap<usize, (u32, u128)> = HashMap::new();
        for offer in equals {
            for (ballot, points) in self.poll.supporters.of_project(offer.project).iter() {
                if self.purses[ballot].ticks > 0 {
                    let (marks, price) = needed.entry(ballot).or_default();
                    *marks += 1;
                    *price += u128::from(offer.price.1) * u128::from(points);
                }
            }
        }
        needed.into_iter().all(|(ballot, (marks, price))| {
            let has = u128::from(self.purses[ballot].ticks);
            marks == 1 || has >= price + u128::from(self.error)
        })
    }

    fn offer(&self, project: usize, low: u64, high: u64) -> Offer {
        Offer {
            project,
            price: (low, high),
            key: (self.key(project, low), self.key(project, high) + 1),
            all_pay: None,
        }
    }

    /// Bounds the price of a project, and stops early if it is worse than `limit` or not to be had.
    ///
    /// Each pass is a Newton step on the concave function of the price that says what comes in; the
    /// poor of a pass stay poor in the next, so that there are at most as many passes as supporters.
    fn evaluate(&mut self, project: usize, limit: u128) -> Verdict {
        let group = self.poll.supporters.of_project(project);
        let (cost, votes) = (self.cost_ticks[project], self.poll.votes[project]);
        let mut price = self.price_from[project].max(1);
        let mut rich_before = None;
        loop {
            let sums = scan(group, &self.purses, price);
            if sums.money.saturating_add(self.slack(votes)) < cost {
                return Verdict::Out;
            }
            if sums.rich_points == 0 {
                return self.by_books(project);
            }
            let slack = self.slack(votes - sums.rich_people);
            let low = cost.saturating_sub(sums.poor.saturating_add(slack)) / sums.rich_points;
            self.raise(project, low);
            if self.key_from[project] > limit {
                return Verdict::Worse;
            }
            let short = cost.saturating_add(slack + 1).saturating_sub(sums.poor);
            let high = (short / sums.rich_points + 1).max(price);
            if none_between(&sums, group, &self.purses, (price, high), self.error) {
                if sums.poor == 0 && sums.rich_points > 0 {
                    // A cost is off by less than a tick, and so is its share of one.
                    let low = cost / sums.rich_points;
                    return Verdict::Offer(Offer {
                        all_pay: Some(sums.rich_points),
                        ..self.offer(project, low, low + 1)
                    });
                }
                let low = self.price_from[project];
                return Verdict::Offer(self.offer(project, low, high));
            }
            if rich_before == Some(sums.rich_people) {
                return self.by_books(project);
            }
            rich_before = Some(sums.rich_people);
            price = price.max(cost.saturating_sub(sums.poor) / sums.rich_points);
        }
    }

    /// How far the money of so many people can be off.
    fn slack(&self, people: u64) -> u64 {
        people.saturating_mul(self.error).min(TICKS)
    }

    fn by_books(&mut self, project: usize) -> Verdict {
        match self.exactly(project) {
            None => Verdict::Out,
            Some(exact) => {
                self.raise(project, exact.ticks);
                Verdict::Offer(self.offer(project, exact.ticks, exact.ticks + 1))
            }
        }
    }
}
