//! What a person answered, checked against the survey. The one place where an answer from a form, a
//! file or a keyed sheet becomes one that can be counted.

use std::{collections::BTreeMap, fmt};

use super::{
    ballot::{Marks, MarksFault},
    item::{Item, ItemKind},
    money::Money,
    survey::Survey,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Blank,
    /// Position of the scale point or option.
    Option(usize),
    /// At least one project of a ballot.
    Marks(Marks),
}

/// One answer an item, in the order of the survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers(Vec<Answer>);

/// What arrived: for an item's key, the option keys that were chosen.
pub type RawAnswers = BTreeMap<String, Vec<String>>;

/// Whether the survey's own `required` holds: it does for a form that can ask again, and cannot for
/// paper that came back blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blanks {
    AsSurveySays,
    Allowed,
}

/// One fault of one item. `code` is stable; pages and files word it for their readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerFault {
    pub item: String,
    pub reason: FaultReason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultReason {
    UnknownItem,
    Required,
    /// The text is not the key of an option of this item.
    UnknownOption(String),
    MoreThanOne,
    MarkedTwice,
    OverLimit {
        limit: usize,
        marked: usize,
    },
    OverBudget {
        budget: Money,
        cost: Money,
    },
}

impl FaultReason {
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownItem => "A-ITEM",
            Self::Required => "A-REQUIRED",
            Self::UnknownOption(_) => "A-OPTION",
            Self::MoreThanOne => "A-ONE",
            Self::MarkedTwice => "A-TWICE",
            Self::OverLimit { .. } => "A-LIMIT",
            Self::OverBudget { .. } => "A-BUDGET",
        }
    }
}

/// For files and logs of staff; pages word a fault in the reader's language.
impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let item = &self.item;
        match &self.reason {
            FaultReason::UnknownItem => write!(f, "“{item}” is not an item of this survey"),
            FaultReason::Required => write!(f, "item “{item}” needs an answer"),
            FaultReason::UnknownOption(option) => {
                write!(f, "“{option}” is not an answer to item “{item}”")
            }
            FaultReason::MoreThanOne => write!(f, "item “{item}” has more than one answer"),
            FaultReason::MarkedTwice => write!(f, "item “{item}” marks a project twice"),
            FaultReason::OverLimit { limit, marked } => {
                write!(
                    f,
                    "item “{item}” marks {marked} projects and the limit is {limit}"
                )
            }
            FaultReason::OverBudget { budget, cost } => write!(
                f,
                "the projects marked in item “{item}” cost {} and the budget is {} (in minor units)",
                cost.minor(),
                budget.minor()
            ),
        }
    }
}

impl Answers {
    /// Checks every item and reports every fault at once.
    pub fn check(
        survey: &Survey,
        raw: &RawAnswers,
        blanks: Blanks,
    ) -> Result<Self, Vec<AnswerFault>> {
        let mut faults: Vec<AnswerFault> = raw
            .keys()
            .filter(|key| {
                !survey
                    .items
                    .iter()
                    .any(|item| item.key.as_str() == key.as_str())
            })
            .map(|key| AnswerFault {
                item: key.clone(),
                reason: FaultReason::UnknownItem,
            })
            .collect();
        let mut answers = Vec::with_capacity(survey.items.len());
        for item in &survey.items {
            let chosen = raw.get(item.key.as_str()).map_or(&[][..], Vec::as_slice);
            match check_item(item, chosen, blanks) {
                Ok(answer) => answers.push(answer),
                Err(reason) => {
                    faults.push(AnswerFault {
                        item: item.key.to_string(),
                        reason,
                    });
                }
            }
        }
        if faults.is_empty() {
            Ok(Self(answers))
        } else {
            Err(faults)
        }
    }

    /// For [`super::layout::Layout`], which has checked each of them.
    pub(super) fn from_checked(answers: Vec<Answer>) -> Self {
        Self(answers)
    }

    pub fn blank(survey: &Survey) -> Self {
        Self(vec![Answer::Blank; survey.items.len()])
    }

    pub fn as_slice(&self) -> &[Answer] {
        &self.0
    }

    /// Puts `answer` in the place of item number `index`.
    pub fn set(&mut self, index: usize, answer: Answer) {
        if let Some(place) = self.0.get_mut(index) {
            *place = answer;
        }
    }

    /// Every `required` item that is still blank.
    pub fn missing(&self, survey: &Survey) -> Vec<AnswerFault> {
        survey
            .items
            .iter()
            .zip(&self.0)
            .filter(|(item, answer)| item.required && **answer == Answer::Blank)
            .map(|(item, _)| AnswerFault {
                item: item.key.to_string(),
                reason: FaultReason::Required,
            })
            .collect()
    }
}

impl Answer {
    /// The keys that were chosen: what a form shows as marked, and a file has in its column.
    pub fn chosen(&self, item: &Item) -> Vec<String> {
        let keys = item.option_keys();
        match self {
            Self::Blank => Vec::new(),
            Self::Option(index) => keys
                .get(*index)
                .map(ToString::to_string)
                .into_iter()
                .collect(),
            Self::Marks(marks) => marks
                .indices()
                .iter()
                .filter_map(|index| keys.get(*index).map(ToString::to_string))
                .collect(),
        }
    }
}

/// Checks what was chosen for one item.
pub fn check_item(item: &Item, chosen: &[String], blanks: Blanks) -> Result<Answer, FaultReason> {
    let chosen: Vec<&str> = chosen
        .iter()
        .map(|key| key.trim())
        .filter(|k| !k.is_empty())
        .collect();
    if chosen.is_empty() {
        return if item.required && blanks == Blanks::AsSurveySays {
            Err(FaultReason::Required)
        } else {
            Ok(Answer::Blank)
        };
    }
    let indices = chosen
        .iter()
        .map(|key| {
            item.option_index(key)
                .ok_or_else(|| FaultReason::UnknownOption(key.chars().take(80).collect()))
        })
        .collect::<Result<Vec<usize>, _>>()?;
    match &item.kind {
        ItemKind::Likert(_) | ItemKind::Choice(_) => match indices[..] {
            [index] => Ok(Answer::Option(index)),
            _ => Err(FaultReason::MoreThanOne),
        },
        ItemKind::Ballot(form) => Marks::new(indices, form)
            .map(Answer::Marks)
            .map_err(|fault| match fault {
                MarksFault::Malformed => FaultReason::MarkedTwice,
                MarksFault::OverLimit { limit, marked } => FaultReason::OverLimit { limit, marked },
                MarksFault::OverBudget { budget, cost } => FaultReason::OverBudget { budget, cost },
            }),
    }
}
