//! The items of a survey: what is asked, and which answers there are to choose from.

use serde::{Deserialize, Serialize};

use super::{
    ballot::BallotForm,
    key::{ItemKey, OptionKey},
    text::Text,
};

/// Most answers that one item may offer: each is one character of the answer column (see `layout`).
pub const MAX_OPTIONS: usize = 35;

/// More options than this are hard to hold in mind and to show on a phone.
pub const LONG_FROM: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub key: ItemKey,
    pub text: Text,
    pub help: Option<Text>,
    /// Whether the online form insists on an answer. Paper may always be blank.
    pub required: bool,
    pub kind: ItemKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A statement, answered on an ordered scale.
    Likert(Scale),
    /// A question with one answer out of several, in no order.
    Choice(Vec<Choice>),
    /// Projects with costs, and a budget.
    Ballot(BallotForm),
}

/// An ordered scale: from the most agreeing point to the least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scale {
    points: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scale needs 2 to {MAX_OPTIONS} points, and this one has {0}")]
pub struct ScaleError(pub usize);

impl Scale {
    pub fn new(points: Vec<Choice>) -> Result<Self, ScaleError> {
        if (2..=MAX_OPTIONS).contains(&points.len()) {
            Ok(Self { points })
        } else {
            Err(ScaleError(points.len()))
        }
    }

    pub fn points(&self) -> &[Choice] {
        &self.points
    }

    /// How many points stand on each side of the middle: 2 of 5, 2 of 4, 3 of 7, 1 of 2.
    pub fn half(&self) -> usize {
        self.points.len() / 2
    }
}

/// One scale point or option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub key: OptionKey,
    pub text: Text,
}

impl Item {
    /// The keys that an answer to this item may name, in order.
    pub fn option_keys(&self) -> Vec<&OptionKey> {
        match &self.kind {
            ItemKind::Likert(scale) => scale.points().iter().map(|point| &point.key).collect(),
            ItemKind::Choice(choices) => choices.iter().map(|choice| &choice.key).collect(),
            ItemKind::Ballot(form) => form.projects.iter().map(|project| &project.key).collect(),
        }
    }

    pub fn option_index(&self, key: &str) -> Option<usize> {
        self.option_keys()
            .iter()
            .position(|option| option.as_str() == key)
    }
}
