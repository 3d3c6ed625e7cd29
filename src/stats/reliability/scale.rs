//! A scale that the survey declares, and the answers to its items.

use crate::stats::float::{of_count, of_size};

/// One item of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Position of the answer in each response pattern.
    pub position: usize,
    /// Whether the item is worded against the others, so that its scores are turned round.
    pub is_reversed: bool,
}

/// Items that, as the survey says beforehand, are meant to measure one thing. Statements that are
/// merely on one page are no scale, and no reliability is worked out for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredScale {
    pub name: String,
    pub items: Vec<Item>,
}

/// The scores that `count` people gave, one for each item of the survey; None where they left the
/// item out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponsePattern {
    pub scores: Vec<Option<i32>>,
    pub count: u64,
}

/// Why there is no reliability. Positions are those in the response patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the survey declares no scale, and statements that form none have no reliability")]
    NotDeclared,
    #[error("this needs at least {least} items, and the scale has {items}")]
    TooFewItems { items: usize, least: usize },
    #[error(
        "a scale has at most {} items, and this one has {items}",
        DeclaredScale::MOST_ITEMS
    )]
    TooManyItems { items: usize },
    #[error("item {position} is in the scale twice")]
    Twice { position: usize },
    #[error("some answers have no item {position}")]
    NoSuchItem { position: usize },
    #[error(
        "fewer than {} people answered every item of the scale",
        DeclaredScale::LEAST_PEOPLE
    )]
    TooFewPeople,
    #[error("everyone gave the same answer to item {position}")]
    NoVariation { position: usize },
    #[error("the items cancel each other out: everyone has the same total")]
    NoVariationInTotal,
    #[error("no single factor was found that explains the items")]
    NoSingleFactor,
    #[error("a limit could not be worked out")]
    NoLimit,
}

impl DeclaredScale {
    pub const MOST_ITEMS: usize = 100;
    /// With two people every pair of items agrees wholly or not at all.
    pub const LEAST_PEOPLE: u64 = 3;
}

/// Variances and covariances of the items, over the people who answered all of them.
pub(super) struct Covariance {
    pub(super) people: f64,
    pub(super) left_out: u128,
    positions: Vec<usize>,
    matrix: Vec<Vec<f64>>,
}

impl Covariance {
    pub(super) fn of(
        patterns: &[ResponsePattern],
        scale: Option<&DeclaredScale>,
        least_items: usize,
    ) -> Result<Self, Refused> {
        let scale = scale.ok_or(Refused::NotDeclared)?;
        check(scale, patterns, least_items)?;
        let complete = Complete::of(patterns, &scale.items);
        if complete.people < of_count(DeclaredScale::LEAST_PEOPLE) {
            return Err(Refused::TooFewPeople);
        }
        let covariance = Self {
            people: complete.people,
            left_out: complete.left_out,
            positions: scale.items.iter().map(|item| item.position).collect(),
            matrix: complete.covariances(scale.items.len()),
        };
        match (0..covariance.items()).find(|item| covariance.variance(*item) <= 0.0) {
            Some(item) => Err(Refused::NoVariation {
                position: covariance.positions[item],
            }),
            None => Ok(covariance),
        }
    }

    pub(super) fn items(&self) -> usize {
        self.matrix.len()
    }

    pub(super) fn item_count(&self) -> f64 {
        of_size(self.items())
    }

    pub(super) fn position(&self, item: usize) -> usize {
        self.positions[item]
    }

    pub(super) fn variance(&self, item: usize) -> f64 {
        self.matrix[item][item]
    }

    /// The covariance of an item with the sum of all items.
    pub(super) fn with_total(&self, item: usize) -> f64 {
        self.matrix[item].iter().sum()
    }

    pub(super) fn total_variance(&self) -> f64 {
        (0..self.items()).map(|item| self.with_total(item)).sum()
    }

    pub(super) fn correlations(&self) -> Vec<Vec<f64>> {
        let deviation = |item: usize| self.variance(item).sqrt();
        self.matrix
            .iter()
            .enumerate()
            .map(|(a, row)| {
                row.iter()
                    .enumerate()
                    .map(|(b, value)| value / (deviation(a) * deviation(b)))
                    .collect()
            })
            .collect()
    }
}

fn check(
    scale: &DeclaredScale,
    patterns: &[ResponsePattern],
    least_items: usize,
) -> Result<(), Refused> {
    let items = scale.items.len();
    if items < least_items {
        return Err(Refused::TooFewItems {
            items,
            least: least_items,
        });
    }
    if items > DeclaredScale::MOST_ITEMS {
        return Err(Refused::TooManyItems { items });
    }
    let mut positions: Vec<usize> = scale.items.iter().map(|item| item.position).collect();
    positions.sort_unstable();
    if let Some(pair) = positions.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Refused::Twice { position: pair[0] });
    }
    let shortest = patterns.iter().map(|pattern| pattern.scores.len()).min();
    match positions.last() {
        Some(last) if shortest.is_some_and(|shortest| *last >= shortest) => {
            Err(Refused::NoSuchItem { position: *last })
        }
        _ => Ok(()),
    }
}

/// The scores of the scale's items, of the people who answered all of them.
struct Complete {
    rows: Vec<(Vec<f64>, f64)>,
    people: f64,
    left_out: u128,
}

impl Complete {
    fn of(patterns: &[ResponsePattern], items: &[Item]) -> Self {
        let mut complete = Self {
            rows: Vec::new(),
            people: 0.0,
            left_out: 0,
        };
        for pattern in patterns.iter().filter(|pattern| pattern.count > 0) {
            let scores: Option<Vec<f64>> = items
                .iter()
                .map(|item| {
                    let score = f64::from(pattern.scores[item.position]?);
                    // Only differences matter, so the sign alone turns the item round.
                    Some(if item.is_reversed { -score } else { score })
                })
                .collect();
            match scores {
                Some(scores) => {
                    complete.people += of_count(pattern.count);
                    complete.rows.push((scores, of_count(pattern.count)));
                }
                None => complete.left_out += u128::from(pattern.count),
            }
        }
        complete
    }

    /// Deviations from the mean first and products after, which keeps the digits that sums of
    /// squares would lose.
    fn covariances(&self, items: usize) -> Vec<Vec<f64>> {
        let means: Vec<f64> = (0..items)
            .map(|item| {
                let sum: f64 = self.rows.iter().map(|(row, count)| row[item] * count).sum();
                sum / self.people
            })
            .collect();
        let mut matrix = vec![vec![0.0; items]; items];
        for (row, count) in &self.rows {
            for a in 0..items {
                let deviation = (row[a] - means[a]) * count / (self.people - 1.0);
                for b in 0..items {
                    matrix[a][b] += deviation * (row[b] - means[b]);
                }
            }
        }
        matrix
    }
}
