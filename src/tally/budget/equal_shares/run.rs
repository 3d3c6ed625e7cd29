//! One run of equal shares with a given share: exact, and fast where exactness is cheap.
//!
//! # Definition
//!
//! Everybody has `e`. A project that costs `c` can be bought at the price `α` per point if
//! `Σ m_v · min(b_v, α · s_v) = c`, where the sum is over its supporting ballots `v`, `m_v` people
//! cast `v`, each has `b_v` left and gives the project `s_v` points. Each round buys the project with
//! the least `α` (points) or the least `α / c` (points times cost), and takes the payments out of the
//! purses. A project that its supporters cannot pay for never can later.
//!
//! # Exactness
//!
//! Money is kept in ticks: the money of all people together is 2^62 ticks, so that sums of products
//! fit a word. Every purse is off by at most `error` ticks from its true value, and 0 means exactly
//! nothing. From that:
//!
//! - *From below.* Whatever set of supporters is called poor, `c ≤ Σ_poor m b + α · Σ_rich m s`, so
//!   `α ≥ (c − Σ_poor m b) / Σ_rich m s`. With the errors taken against us this is a proven lower
//!   bound. It stays one in later rounds, as purses only shrink and `α` therefore only grows.
//! - *From above.* If the supporters called rich have at least `x · s + error` and those called poor
//!   less than `x · s`, then at the price `x` at least `Σ_poor m (b − error) + x · Σ_rich m s` comes
//!   in. Where that is `c`, `α ≤ x`. This also proves that the project can be bought.
//!
//! Two projects whose intervals do not overlap compare as their true prices do. In all other cases,
//! ties included, [`Books`](super::books::Books) compares true fractions, and the same happens for
//! supporters whose purse is too near the price to tell whether they can pay it in full. Hence no
//! decision depends on rounding; rounding decides only how often fractions are needed.

use std::{cmp::Ordering, collections::HashMap};

use num_bigint::BigInt;

use super::{
    super::{poll::Poll, rule::Utility},
    books::{Books, Exactly},
    scan::{Purse, none_between, scan},
};

/// Ticks of all people together.
pub(super) const TICKS: u64 = 1 << 62;
/// No round.
pub(super) const NEVER: u32 = u32::MAX;

/// A round of a run.
#[derive(Debug, Clone)]
pub(super) struct Bought {
    pub project: usize,
    pub tied: Tied,
}

/// Projects with exactly the key of the one that was bought.
#[derive(Debug, Clone, Default)]
pub(super) struct Tied {
    pub others: Vec<usize>,
    /// Whether it is proven that the order in which they are bought changes nothing.
    pub harmless: bool,
}

/// Where a project stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Open,
    Bought,
    /// Nobody supports it, it does not take part, or its supporters cannot pay for it.
    Out,
}

/// An interval of the quantity that is to be least, on a common scale.
#[derive(Debug, Clone, Copy)]
struct Offer {
    project: usize,
    price: (u64, u64),
    key: (u128, u128),
}

pub(super) struct Run<'p> {
    pub poll: &'p Poll<'p>,
    utility: Utility,
    /// Money of all people together, in minor units.
    pub total: u128,
    pub purses: Vec<Purse>,
    /// The round in which a ballot paid all it had left, by ballot.
    pub emptied: Vec<u32>,
    /// The round in which a project was bought, by project.
    pub bought_in: Vec<u32>,
    pub rounds: Vec<Bought>,
    /// By project, rounded down.
    cost_ticks: Vec<u64>,
    /// By project: proven lower bounds of the price per point, and of the key.
    pub price_from: Vec<u64>,
    key_from: Vec<u128>,
    pub status: Vec<Status>,
    /// Open projects by ascending `key_from`.
    pub waiting: Vec<usize>,
    /// How far a purse can be off, in ticks.
    pub error: u64,
    /// Sum over the rounds of the most points that a ballot gives to the project bought.
    pub most_points: u64,
    pub books: Option<Books>,
}

enum Verdict {
    Out,
    /// Certainly worse than the limit.
    Worse,
    Offer(Offer),
}

impl<'p> Run<'p> {
    /// `total` minor units are shared out; projects that are not `open` take no part.
    pub fn new(poll: &'p Poll<'p>, utility: Utility, open: &[bool], total: u128) -> Self {
        let voters = poll.weights.voters().max(1);
        let share = TICKS / voters;
        let purses = poll.weights.counts().iter().map(|people| Purse {
            ticks: if *people == 0 || total == 0 {
                0
            } else {
                share.max(1)
            },
            people: *people,
        });
        let mut run = Self {
            poll,
            utility,
            total,
            purses: purses.collect(),
            emptied: vec![NEVER; poll.weights.counts().len()],
            bought_in: vec![NEVER; poll.projects()],
            rounds: Vec::new(),
            cost_ticks: vec![0; poll.projects()],
            price_from: vec![0; poll.projects()],
            key_from: vec![0; poll.projects()],
            status: vec![Status::Out; poll.projects()],
            waiting: Vec::new(),
            error: 1,
            most_points: 0,
            books: None,
        };
        for project in (0..poll.projects()).filter(|p| open[*p]) {
            let cost = u128::from(poll.costs[project]);
            if cost > 0 && cost <= total && poll.votes[project] > 0 {
                run.status[project] = Status::Open;
                let ticks = cost * u128::from(TICKS) / total;
                let ticks = u64::try_from(ticks).unwrap_or(TICKS);
                run.cost_ticks[project] = ticks;
                run.raise(project, ticks / poll.points[project]);
                run.waiting.push(project);
            }
        }
        run.waiting.sort_by_key(|project| run.key_from[*project]);
        run
    }

    /// Buys until nothing can be bought.
    pub fn finish(&mut self) {
        while let Some((offer, tied)) = self.best() {
            self.buy(offer.project, offer.price);
            self.rounds.push(Bought {
                project: offer.project,
                tied,
            });
            self.refresh();
        }
    }

    /// The key of a price: the price itself, or the price by cost. Rounded down, with 64 more bits.
    fn key(&self, project: usize, price: u64) -> u128 {
        let wide = u128::from(price) << 64;
        match self.utility {
            Utility::Cardinality => wide,
            Utility::Cost => wide / u128::from(self.poll.costs[project]),
        }
    }

    fn raise(&mut self, project: usize, price: u64) {
        if price > self.price_from[project] || self.key_from[project] == 0 {
            self.price_from[project] = price.max(self.price_from[project]);
            self.key_from[project] = self.key(project, self.price_from[project]);
        }
    }

    /// The offer that wins this round, and the projects with exactly the same key.
    fn best(&mut self) -> Option<(Offer, Tied)> {
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

    /// Compares offers whose intervals overlap by their true prices.
    fn settle_tie(&mut self, offers: &[Offer]) -> Option<(Offer, Tied)> {
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
        let equals: Vec<Offer> = least.into_iter().map(|(offer, ..)| offer).collect();
        let projects: Vec<usize> = equals.iter().map(|offer| offer.project).collect();
        let first = self.poll.first(&projects)?;
        let winner = *equals.iter().find(|offer| offer.project == first)?;
        let tied = Tied {
            harmless: projects.len() == 1 || self.in_any_order(&equals),
            others: projects.into_iter().filter(|p| *p != first).collect(),
        };
        Some((winner, tied))
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

    /// The true price of a project; None if its supporters cannot pay for it.
    pub fn exactly(&mut self, project: usize) -> Option<Exactly> {
        let books = self.open_books();
        let exact = books.price(self, project);
        self.books = Some(books);
        exact
    }

    /// The prices of all rounds so far, as fractions.
    pub fn open_books(&mut self) -> Books {
        let mut books = self.books.take().unwrap_or_else(|| Books::open(self));
        books.settle(self);
        books
    }
}
