//! A meeting's totals: hands raised, dots stuck, cards in a box. Counts, and nobody's own answers.

use serde::{Deserialize, Serialize};

use super::{
    channel::Channel,
    item::ItemKind,
    key::{ItemKey, OptionKey},
    survey::Survey,
};

/// Most people on one sheet: far above any hall, far below what could overflow a sum.
pub const MAX_PEOPLE: u64 = 10_000_000;

/// Totals by item and option, and how many people they come from. Built by [`CountSheet::new`], so a
/// sheet that exists adds up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountSheet {
    pub channel: Channel,
    people: u64,
    /// One list an item, in the survey's order: one total an option, or nothing where the item was
    /// not asked at this meeting.
    counts: Vec<Vec<u64>>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountSheetError {
    #[error("the number of people must be between 1 and {MAX_PEOPLE}, and is {0}")]
    People(u64),
    #[error("item “{item}” needs one total for each of its {expected} options, and has {found}")]
    Options {
        item: ItemKey,
        expected: usize,
        found: usize,
    },
    #[error("the totals of item “{item}” add up to {sum}, more than the {people} people present")]
    MoreThanPeople {
        item: ItemKey,
        sum: u64,
        people: u64,
    },
    #[error("“{option}” of item “{item}” has {count} votes, more than the {people} people present")]
    OptionMoreThanPeople {
        item: ItemKey,
        option: OptionKey,
        count: u64,
        people: u64,
    },
    #[error(
        "item “{item}” has {sum} votes, and {people} people with {limit} votes each can cast at most {most}"
    )]
    MoreThanVotes {
        item: ItemKey,
        sum: u64,
        people: u64,
        limit: u64,
        most: u64,
    },
    #[error("the sheet has totals for {found} items, and the survey has {expected}")]
    Items { expected: usize, found: usize },
}

impl CountSheet {
    pub fn new(
        survey: &Survey,
        channel: Channel,
        people: u64,
        counts: Vec<Vec<u64>>,
    ) -> Result<Self, CountSheetError> {
        if !(1..=MAX_PEOPLE).contains(&people) {
            return Err(CountSheetError::People(people));
        }
        if counts.len() != survey.items.len() {
            return Err(CountSheetError::Items {
                expected: survey.items.len(),
                found: counts.len(),
            });
        }
        for (item, totals) in survey.items.iter().zip(&counts) {
            let options = item.option_keys();
            if !totals.is_empty() && totals.len() != options.len() {
                return Err(CountSheetError::Options {
                    item: item.key.clone(),
                    expected: options.len(),
                    found: totals.len(),
                });
            }
            if let Some(option) = totals.iter().position(|count| *count > people) {
                return Err(CountSheetError::OptionMoreThanPeople {
                    item: item.key.clone(),
                    option: options[option].clone(),
                    count: totals[option],
                    people,
                });
            }
            let sum: u64 = totals.iter().sum();
            match &item.kind {
                ItemKind::Likert(_) | ItemKind::Choice(_) if sum > people => {
                    return Err(CountSheetError::MoreThanPeople {
                        item: item.key.clone(),
                        sum,
                        people,
                    });
                }
                ItemKind::Ballot(form) => {
                    let limit = form.most_marks();
                    let most = people.saturating_mul(limit);
                    if sum > most {
                        return Err(CountSheetError::MoreThanVotes {
                            item: item.key.clone(),
                            sum,
                            people,
                            limit,
                            most,
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(Self {
            channel,
            people,
            counts,
        })
    }

    pub fn people(&self) -> u64 {
        self.people
    }

    pub fn counts(&self) -> &[Vec<u64>] {
        &self.counts
    }
}

/// One total in which two sheets differ; the number of people where there is no option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub option: Option<(ItemKey, OptionKey)>,
    pub from: u64,
    pub to: u64,
}

impl CountSheet {
    /// Every total that `new` gives otherwise, in the survey's order.
    pub fn differences(&self, new: &Self, survey: &Survey) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut compare = |option, from, to| {
            if from != to {
                differences.push(Difference { option, from, to });
            }
        };
        compare(None, self.people, new.people);
        for (place, item) in survey.items.iter().enumerate() {
            let total = |sheet: &Self, option: usize| {
                let totals = sheet.counts.get(place);
                totals.and_then(|totals| totals.get(option)).copied()
            };
            for (index, option) in item.option_keys().into_iter().enumerate() {
                let from = total(self, index).unwrap_or(0);
                let to = total(new, index).unwrap_or(0);
                compare(Some((item.key.clone(), option.clone())), from, to);
            }
        }
        differences
    }
}
