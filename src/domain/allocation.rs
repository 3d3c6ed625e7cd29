//! The rules and their parameters, as they are written in a survey file or a request.

use serde::{Deserialize, Serialize};

use super::money::Money;

/// How ballots become a list of funded projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum Rule {
    /// Most points first.
    Greedy(Greedy),
    /// Most points per cost first; a project that does not fit is passed over.
    GreedyPerCost(GreedyPerCost),
    EqualShares(EqualShares),
    Phragmen(Phragmen),
}

/// The rule of a ballot, as its survey file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredRule", into = "StoredRule")]
pub struct AllocationRule {
    pub rule: Rule,
    /// Draws the lots between projects that cost the same and have as many votes.
    pub seed: String,
}

/// Of a ballot that names no seed of its own. It is in the survey file's rules, and so fixed before
/// anyone votes.
pub const DEFAULT_SEED: &str = "count-me-in";

impl AllocationRule {
    pub fn new(rule: Rule) -> Self {
        Self {
            rule,
            seed: DEFAULT_SEED.to_owned(),
        }
    }

    /// Most votes first, passing over what does not fit.
    pub fn greedy() -> Self {
        Self::new(Rule::Greedy(Greedy::default()))
    }

    /// Lowest cost, then most votes, then the lot.
    pub fn ties(&self) -> Ties {
        Ties::CostVotes {
            seed: self.seed.clone(),
        }
    }

    /// Whether the rule follows single people through all projects, so that totals are not enough.
    pub fn needs_single_ballots(&self) -> bool {
        matches!(self.rule, Rule::EqualShares(_) | Rule::Phragmen(_))
    }
}

/// The plain rule with the default seed is written as the one word that it always was, so that the
/// wording hash of older surveys and the JSON of older reports stay the same.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredRule {
    Plain(PlainRule),
    Full {
        #[serde(flatten)]
        rule: Rule,
        seed: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PlainRule {
    Greedy,
}

impl From<StoredRule> for AllocationRule {
    fn from(stored: StoredRule) -> Self {
        match stored {
            StoredRule::Plain(PlainRule::Greedy) => Self::greedy(),
            StoredRule::Full { rule, seed } => Self { rule, seed },
        }
    }
}

impl From<AllocationRule> for StoredRule {
    fn from(rule: AllocationRule) -> Self {
        if rule == AllocationRule::greedy() {
            Self::Plain(PlainRule::Greedy)
        } else {
            Self::Full {
                rule: rule.rule,
                seed: rule.seed,
            }
        }
    }
}

/// Most points first, as most cities do it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Greedy {
    /// Stop at the first project that does not fit the money left, instead of passing it over.
    pub no_skip: bool,
    /// Fewest points with which a project can be funded.
    pub threshold: Option<u64>,
    /// Most that the projects of a category can cost together.
    pub category_caps: Vec<Cap>,
    /// Most that the projects of a neighbourhood can cost together.
    pub neighborhood_caps: Vec<Cap>,
    /// Fund at most one project of each exclusive group.
    pub exclusive_groups: bool,
    /// Fund projects without any support if money is left.
    pub fund_unsupported: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    pub name: String,
    pub limit: Money,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct GreedyPerCost {
    /// Fund projects without any support if money is left.
    pub fund_unsupported: bool,
}

/// The Method of Equal Shares (Peters, Pierczyński and Skowron, 2021): everyone gets the same share
/// of the budget, and a project is bought by its supporters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct EqualShares {
    pub utility: Utility,
    pub completion: Completion,
    /// Compare the outcome with plain greedy and let the voters' satisfaction decide.
    pub comparison: Option<Comparison>,
    /// `k`: a project takes part if `votes / voters >= cost / (k × budget)`. Świecie 2023 used 3.
    pub eligibility: Option<u64>,
    /// Let a greedy completion fund projects without any support.
    pub fund_unsupported: bool,
}

/// What a funded project is worth to a supporter who gives it `s` points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Utility {
    /// `s × cost`: money well spent. What the cities that use equal shares use.
    #[default]
    Cost,
    /// `s`: a project is a project.
    Cardinality,
}

/// What happens to the money that equal shares leave over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum Completion {
    None,
    /// Raise everyone's share step by step and keep the last outcome within the budget.
    Add1(Add1),
    /// The same, then greedy with the rest.
    Add1Greedy(Add1),
    /// Greedy with the rest.
    Greedy,
}

impl Default for Completion {
    fn default() -> Self {
        Self::Add1(Add1::default())
    }
}

/// Steps of the share. The default is what Wieliczka, Świecie and Assen used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Add1 {
    pub start: Start,
    pub stop: Stop,
    /// What each step adds to a share; one unit of the currency if it is not given.
    pub increment: Option<Money>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// `budget / voters`, rounded down to whole units of the currency.
    #[default]
    Floor,
    /// `budget / voters` as a fraction.
    Exact,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// When the next outcome would cost more than the budget.
    #[default]
    Overspend,
    /// The same, or when no supported project fits the rest.
    Exhaustive,
}

/// Greedy replaces the outcome if strictly more voters are better off under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Better off: more points on funded projects.
    Satisfaction,
    /// Better off: any supported project funded, against none.
    ExclusionRatio,
}

/// Sequential Phragmén for budgets: supporters earn money at the same pace and buy a project as soon
/// as they can.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Phragmen {
    /// Spend the rest by greedy.
    pub complete: bool,
    /// Fund projects without any support if nothing else remains and money is left.
    pub fund_unsupported: bool,
}

/// In what order equal projects come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ties", rename_all = "kebab-case")]
pub enum Ties {
    /// Lowest cost, then most votes, then a lot that the seed draws. Recommended.
    CostVotes { seed: String },
    /// Order of the ids as text. For comparison with other programs.
    Id,
    /// A lot that the seed draws.
    Seeded { seed: String },
}
