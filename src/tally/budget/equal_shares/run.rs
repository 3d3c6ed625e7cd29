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

use super::{
    super::{poll::Poll, rule::Utility},
    books::{Books, Exactly},
    scan::Purse,
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

pub(super) struct Run<'p> {
    pub poll: &'p Poll<'p>,
    pub utility: Utility,
    /// Money of all people together, in minor units.
    pub total: u128,
    pub purses: Vec<Purse>,
    /// The round in which a ballot paid all it had left, by ballot.
    pub emptied: Vec<u32>,
    /// Emptied ballots that may have had nothing left before that round: whether they had is too
    /// rarely asked to work it out every time.
    pub perhaps_empty: Vec<usize>,
    /// The round in which a project was bought, by project.
    pub bought_in: Vec<u32>,
    pub rounds: Vec<Bought>,
    /// By project, rounded down.
    pub cost_ticks: Vec<u64>,
    /// By project: proven lower bounds of the price per point, and of the key.
    pub price_from: Vec<u64>,
    pub key_from: Vec<u128>,
    pub status: Vec<Status>,
    /// Open projects by ascending `key_from`.
    pub waiting: Vec<usize>,
    /// How far a purse can be off, in ticks.
    pub error: u64,
    /// Sum over the rounds of the most points that a ballot gives to the project bought.
    pub most_points: u64,
    pub books: Option<Books>,
    /// Whether anybody asks who lost a tie.
    pub notes_ties: bool,
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
            perhaps_empty: Vec::new(),
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
            notes_ties: true,
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
