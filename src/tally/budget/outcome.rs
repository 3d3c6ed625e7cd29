//! What a rule decides, with the figures that explain it.

use num_bigint::BigUint;
use num_integer::Integer;
use num_rational::Ratio;
use serde::{Serialize, Serializer};

use crate::domain::money::Money;

/// A fraction without loss. Serialises as text, such as `12500/3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(Ratio<BigUint>);

impl Exact {
    /// `numerator / denominator`; a denominator of 0 is read as 1.
    pub fn new(numerator: BigUint, denominator: BigUint) -> Self {
        if denominator == BigUint::ZERO {
            Self(Ratio::from_integer(numerator))
        } else {
            Self(Ratio::new(numerator, denominator))
        }
    }

    pub fn ratio(&self) -> &Ratio<BigUint> {
        &self.0
    }

    /// With `places` decimals, half rounded up. `minor` of 100 turns cents into euros.
    pub fn decimal(&self, minor: u64, places: u32) -> String {
        let ten = BigUint::from(10_u32).pow(places);
        let divisor = self.0.denom() * minor.max(1);
        let scaled = (self.0.numer() * &ten * 2_u32 + &divisor) / (divisor * 2_u32);
        let (whole, rest) = scaled.div_rem(&ten);
        if places == 0 {
            whole.to_string()
        } else {
            let width = places as usize;
            format!("{whole}.{:0>width$}", rest.to_string())
        }
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What a rule decides. Projects are named by their position in the election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// In the order of selection.
    pub winners: Vec<Winner>,
    /// By position.
    pub losers: Vec<Loser>,
    pub spent: Money,
    pub left: Money,
    /// Ties that a rule had to break, in the order in which it met them.
    pub ties: Vec<Tie>,
    /// Under equal shares, what a voter's share was.
    pub endowment: Option<Endowment>,
    /// Under equal shares with a comparison, what the voters said.
    pub comparison: Option<Compared>,
}

impl Outcome {
    /// Positions of the funded projects in the order of selection.
    pub fn funded(&self) -> Vec<usize> {
        self.winners.iter().map(|winner| winner.project).collect()
    }

    /// Whether the way in which ties are broken decides what is funded.
    pub fn decisive_tie(&self) -> bool {
        self.ties.iter().any(|tie| tie.decisive)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Winner {
    pub project: usize,
    /// From 1, in the order of selection.
    pub round: usize,
    pub stage: Stage,
    pub points: u64,
    /// People who give the project any points.
    pub votes: u64,
    /// Projects that were as good in this round and lost the tie.
    pub tied: Vec<usize>,
    pub price: Option<Price>,
}

/// What made a project a winner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The rule itself.
    Rule,
    /// The greedy completion.
    Completion,
    /// Greedy, which the voters preferred to equal shares.
    Comparison,
}

/// What the supporters of a winner pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Price {
    /// Equal shares. Who gives the project `s` points pays `s × per_point`, or all that is left of
    /// the share. In minor units.
    Shares {
        per_point: Exact,
        /// `cost / per_point`: as many votes as if all supporters paid the full price.
        effective_votes: Exact,
        /// People who pay the full price, and people who pay all that they have left. Supporters
        /// who have nothing left are neither.
        full: u64,
        poor: u64,
    },
    /// Phragmén. Money that each supporter had earned by then in total, in minor units.
    Load { load: Exact },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loser {
    pub project: usize,
    pub points: u64,
    pub votes: u64,
    pub reason: Reason,
}

/// Why a project is not funded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    /// Nobody supports it.
    NoSupport,
    /// It costs more than the whole budget.
    OverBudget,
    /// It has fewer points than the rule asks for.
    BelowThreshold { threshold: u64 },
    /// It has too few votes for its cost to take part.
    NotEligible,
    /// It costs more than what was left when its turn came.
    DoesNotFit { left: Money },
    /// The rule had stopped before at a project that did not fit.
    AfterStop { left: Money },
    /// Its category had too little left.
    CategoryCap { name: String, left: Money },
    /// Its neighbourhood had too little left.
    NeighborhoodCap { name: String, left: Money },
    /// Another project of its group was funded.
    Excluded { by: usize },
    /// Equal shares: what its supporters have left at the end does not pay for it.
    SupportersShort {
        /// In minor units, all supporters together.
        money: Exact,
    },
    /// Equal shares: the voters prefer the outcome of greedy, which leaves it out.
    Outvoted,
}

/// Projects between which the rule could not choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// The round of the winner; the same as [`Winner::round`] where the tie belongs to the outcome.
    pub round: usize,
    pub stage: Stage,
    pub chosen: usize,
    pub others: Vec<usize>,
    /// Whether putting another one first leads to other winners.
    pub decisive: bool,
}

/// The share of a voter under equal shares, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endowment {
    /// `budget / voters`, or that rounded down to whole units of the currency.
    pub start: Exact,
    /// The share with which the outcome was found.
    pub last: Exact,
    /// The smallest share of this search from which on every step had the same winners.
    pub same_from: Exact,
    /// How many times equal shares was run.
    pub runs: u64,
}

/// How voters compare the outcome of equal shares with that of greedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Compared {
    pub prefer_equal_shares: u64,
    pub prefer_greedy: u64,
    pub indifferent: u64,
    /// Whether greedy replaced the outcome.
    pub greedy_wins: bool,
}
