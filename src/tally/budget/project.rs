//! What is voted on: projects with costs.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{key::OptionKey, money::Money};

/// Longest name of a project that we accept, in bytes.
const MAX_ID_LENGTH: usize = 200;

/// Names a project within its election: any text, such as `M/13/VIII` or `BO.OM.97/24`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectId(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a project's name has 1 to {MAX_ID_LENGTH} bytes, and this one has {0}")]
pub struct ProjectIdError(usize);

impl ProjectId {
    pub fn new(text: impl Into<String>) -> Result<Self, ProjectIdError> {
        let text = text.into();
        if (1..=MAX_ID_LENGTH).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err(ProjectIdError(text.len()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ProjectId {
    type Error = ProjectIdError;

    fn try_from(text: String) -> Result<Self, ProjectIdError> {
        Self::new(text)
    }
}

impl From<ProjectId> for String {
    fn from(id: ProjectId) -> String {
        id.0
    }
}

impl From<&OptionKey> for ProjectId {
    fn from(key: &OptionKey) -> Self {
        Self(key.as_str().to_owned())
    }
}

/// A project as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub id: ProjectId,
    pub cost: Money,
    /// For caps on what a category may get.
    #[serde(default)]
    pub categories: Vec<String>,
    /// For caps on what a neighbourhood may get.
    #[serde(default)]
    pub neighborhoods: Vec<String>,
    /// At most one project of a group can be funded, for instance because they need the same site.
    #[serde(default)]
    pub exclusive_group: Option<String>,
}

impl Project {
    pub fn new(id: ProjectId, cost: Money) -> Self {
        Self {
            id,
            cost,
            categories: Vec::new(),
            neighborhoods: Vec::new(),
            exclusive_group: None,
        }
    }
}
