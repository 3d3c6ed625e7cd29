//! The ballot item: projects with costs, a budget, and what a person may mark.

use serde::{Deserialize, Serialize};

use super::{
    allocation::AllocationRule,
    key::OptionKey,
    money::{Currency, Money},
    text::Text,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotForm {
    pub budget: Money,
    pub currency: Currency,
    pub method: BallotMethod,
    /// How the votes become a list of funded projects.
    pub rule: AllocationRule,
    pub projects: Vec<Project>,
    /// What a paper ballot with too many marks counts for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub overvote: Overvote,
}

/// What becomes of a paper ballot with more marks than its limit, or dearer than its budget. The form
/// online does not let one through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overvote {
    /// None of its marks counts.
    #[default]
    Void,
    /// Its marks count in the order of the ballot, as many as fit.
    UpToLimit,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub key: OptionKey,
    pub text: Text,
    pub description: Option<Text>,
    pub cost: Money,
    /// For rules that cap what a category may get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// For rules that cap what a neighbourhood may get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbourhoods: Vec<String>,
    /// Of the projects of one group, for instance on the same site, one at most can be funded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// What a person may mark on the ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum BallotMethod {
    /// Up to `limit` projects, whatever they cost.
    Approval { limit: usize },
    /// Any number of projects whose costs together fit the budget.
    Knapsack,
}

impl BallotForm {
    /// Most projects that one person can mark.
    pub fn most_marks(&self) -> u64 {
        let most = match self.method {
            BallotMethod::Approval { limit } => limit,
            BallotMethod::Knapsack => {
                let mut costs: Vec<Money> = self.projects.iter().map(|p| p.cost).collect();
                costs.sort_unstable();
                costs
                    .into_iter()
                    .scan(Money::ZERO, |spent, cost| {
                        *spent = *spent + cost;
                        (*spent <= self.budget).then_some(())
                    })
                    .count()
            }
        };
        u64::try_from(most).unwrap_or(u64::MAX)
    }
}

/// What is as usual is not written down: surveys without it have the hash that they always had.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Overvote {
    /// The marks that count of a ballot with too many, `marked` ascending.
    pub fn valid_part(self, marked: &[usize], form: &BallotForm) -> Option<Marks> {
        match self {
            Self::Void => None,
            Self::UpToLimit => (1..marked.len())
                .rev()
                .find_map(|most| Marks::new(marked[..most].to_vec(), form).ok()),
        }
    }
}

/// Which projects a person marked: positions in [`BallotForm::projects`], ascending, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks(Vec<usize>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarksFault {
    /// A project is marked twice, or is not on the ballot.
    Malformed,
    OverLimit {
        limit: usize,
        marked: usize,
    },
    OverBudget {
        budget: Money,
        cost: Money,
    },
}

impl Marks {
    pub fn new(mut marked: Vec<usize>, form: &BallotForm) -> Result<Self, MarksFault> {
        let count = marked.len();
        marked.sort_unstable();
        marked.dedup();
        let all_known = marked.last().is_none_or(|last| *last < form.projects.len());
        if marked.len() != count || !all_known {
            return Err(MarksFault::Malformed);
        }
        match form.method {
            BallotMethod::Approval { limit } if marked.len() > limit => {
                Err(MarksFault::OverLimit {
                    limit,
                    marked: marked.len(),
                })
            }
            BallotMethod::Knapsack => {
                let cost: Money = marked.iter().map(|index| form.projects[*index].cost).sum();
                if cost > form.budget {
                    Err(MarksFault::OverBudget {
                        budget: form.budget,
                        cost,
                    })
                } else {
                    Ok(Self(marked))
                }
            }
            BallotMethod::Approval { .. } => Ok(Self(marked)),
        }
    }

    pub fn indices(&self) -> &[usize] {
        &self.0
    }

    pub fn contains(&self, project: usize) -> bool {
        self.0.binary_search(&project).is_ok()
    }

    pub fn cost(&self, form: &BallotForm) -> Money {
        self.0.iter().map(|index| form.projects[*index].cost).sum()
    }
}
