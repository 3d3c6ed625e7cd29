//! Codes that are made together: as a list, on cards, in letters, or in mails.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::access_code::AccessCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunKind {
    /// For whoever hands them out in a way of their own.
    List,
    /// Voter cards, ten on a page.
    Cards,
    /// Letters to the people of the roll who have a postal address and no code yet.
    Letters,
    /// Invitations to the people of the roll who have an e-mail address and no code yet.
    Mails,
}

impl RunKind {
    pub const ALL: [Self; 4] = [Self::List, Self::Cards, Self::Letters, Self::Mails];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Cards => "cards",
            Self::Letters => "letters",
            Self::Mails => "mails",
        }
    }
}

impl fmt::Display for RunKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a kind of run: write list, cards, letters or mails")]
pub struct RunKindError(pub String);

impl FromStr for RunKind {
    type Err = RunKindError;

    fn from_str(text: &str) -> Result<Self, RunKindError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| RunKindError(text.chars().take(40).collect()))
    }
}

/// A code of a run, and the person it is for.
#[derive(Debug, Clone)]
pub struct IssuedCode {
    pub code: AccessCode,
    /// None for a list and for cards, and for who has left the roll since the run was made.
    pub person: Option<Recipient>,
}

/// A person of the roll as a letter addresses them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub serial: i64,
    pub name: String,
    /// Line by line.
    pub address: Vec<String>,
}
