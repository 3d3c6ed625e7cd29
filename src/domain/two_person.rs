//! Acts that need two people: one asks for them, another confirms. What each act is, and the life of
//! a request for it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    count_sheet::CountSheet,
    id::{Seq, UserId},
    moment::Moment,
    role::{Permission, Role},
    wave::{ResultsRule, TransitionError, Wave, WaveState},
};

/// What is asked for, with all that is needed to do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SensitiveAct {
    Publish,
    Extend {
        closes: Moment,
        reason: Reason,
    },
    Reopen {
        closes: Moment,
        reason: Reason,
    },
    Void {
        entry: Seq,
        reason: Reason,
    },
    ReplaceSheet {
        entry: Seq,
        sheet: CountSheet,
        reason: Reason,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActKind {
    Publish,
    Extend,
    Reopen,
    Void,
    ReplaceSheet,
}

impl ActKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Extend => "extend",
            Self::Reopen => "reopen",
            Self::Void => "void",
            Self::ReplaceSheet => "replace-sheet",
        }
    }
}

impl fmt::Display for ActKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an act is asked for: what an auditor reads years later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

pub const LONGEST_REASON: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    #[error("say why, in a sentence that somebody will understand in a year")]
    Missing,
    #[error("the reason has more than {LONGEST_REASON} characters: say it in fewer")]
    TooLong,
}

impl Reason {
    /// Any white space becomes one space.
    pub fn new(typed: &str) -> Result<Self, ReasonError> {
        let text = typed
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        if text.is_empty() {
            Err(ReasonError::Missing)
        } else if text.chars().count() > LONGEST_REASON {
            Err(ReasonError::TooLong)
        } else {
            Ok(Self(text))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reason {
    type Error = ReasonError;

    fn try_from(text: String) -> Result<Self, ReasonError> {
        Self::new(&text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> String {
        reason.0
    }
}

/// Why an act cannot be done to a wave as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error("the new closing time has to be later than the present one, {0}")]
    NotLater(Moment),
    #[error("the new closing time has passed already: name one that lies ahead")]
    InThePast,
    #[error(
        "the results of this wave have been public since it closed, and a second result a few people apart would give away what single people answered: start a new wave instead"
    )]
    AlreadyPublic,
    #[error(
        "the results of this wave have been public since it closed, and the same results without one response would show what it said: it stays"
    )]
    WouldShowOneResponse,
    #[error(
        "the wave is {0}: an entry can be voided while it is open, or closed and not published"
    )]
    NotVoidable(&'static str),
    #[error(
        "the wave is {0}: a count sheet can be replaced only while it is open; ask to reopen the wave first"
    )]
    NotReplaceable(&'static str),
}

impl SensitiveAct {
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Publish => ActKind::Publish,
            Self::Extend { .. } => ActKind::Extend,
            Self::Reopen { .. } => ActKind::Reopen,
            Self::Void { .. } => ActKind::Void,
            Self::ReplaceSheet { .. } => ActKind::ReplaceSheet,
        }
    }

    /// The new closing time.
    pub fn closes(&self) -> Option<Moment> {
        match self {
            Self::Extend { closes, .. } | Self::Reopen { closes, .. } => Some(*closes),
            Self::Publish | Self::Void { .. } | Self::ReplaceSheet { .. } => None,
        }
    }

    /// The entry of the ledger that would no longer count.
    pub fn entry(&self) -> Option<Seq> {
        match self {
            Self::Void { entry, .. } | Self::ReplaceSheet { entry, .. } => Some(*entry),
            Self::Publish | Self::Extend { .. } | Self::Reopen { .. } => None,
        }
    }

    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Publish => None,
            Self::Extend { reason, .. }
            | Self::Reopen { reason, .. }
            | Self::Void { reason, .. }
            | Self::ReplaceSheet { reason, .. } => Some(reason),
        }
    }

    /// Whether the wave's state and rules let this be done now. The ledger has its own say on entries.
    pub fn check(&self, wave: &Wave, now: Moment) -> Result<(), NotPossible> {
        let ahead = |closes: Moment| {
            if closes <= wave.spec.closes {
                Err(NotPossible::NotLater(wave.spec.closes))
            } else if closes <= now {
                Err(NotPossible::InThePast)
            } else {
                Ok(())
            }
        };
        match self {
            Self::Publish => Ok(wave.state.publish(now).map(|_| ())?),
            Self::Extend { closes, .. } => {
                wave.state.extend()?;
                ahead(*closes)
            }
            Self::Reopen { closes, .. } => {
                wave.state.reopen()?;
                if wave.spec.results == ResultsRule::Live {
                    return Err(NotPossible::AlreadyPublic);
                }
                ahead(*closes)
            }
            Self::Void { .. } => match wave.state {
                WaveState::Open(_) | WaveState::Closed(_) => Ok(()),
                WaveState::Draft(_) | WaveState::Published(_) => {
                    Err(NotPossible::NotVoidable(wave.state.name()))
                }
            },
            Self::ReplaceSheet { .. } => match wave.state {
                WaveState::Open(_) => Ok(()),
                WaveState::Draft(_) | WaveState::Closed(_) | WaveState::Published(_) => {
                    Err(NotPossible::NotReplaceable(wave.state.name()))
                }
            },
        }
    }
}

/// A member of staff as the database has them at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: UserId,
    pub email: String,
    pub role: Role,
    pub disabled: bool,
}

impl Member {
    fn runs_waves(&self) -> bool {
        !self.disabled && self.role.may(Permission::RunWaves)
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifecycle {
    Asked(Asked),
    /// Somebody else agreed, and the act is being done.
    Confirmed(Decided),
    /// It was done, in the same moment.
    Applied(Decided),
    Declined(Decided),
    Withdrawn(Decided),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub by: UserId,
    pub at: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub asked: Asked,
    pub by: UserId,
    pub at: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    #[error("this needs two people: whoever asked for it cannot confirm it, somebody else has to")]
    SamePerson,
    #[error("only whoever asked can withdraw a request; you can decline it")]
    NotTheAsker,
    #[error("you asked for this yourself: withdraw it instead of declining it")]
    Own,
    #[error(
        "only coordinators and administrators whose account is in use may ask, confirm or decline"
    )]
    MayNot,
    #[error(
        "whoever asked for this may no longer run waves: decline it, and let somebody else ask"
    )]
    AskerMayNot,
    #[error("this request has been {0} already")]
    Decided(&'static str),
}

impl Lifecycle {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Asked(_) => "asked",
            Self::Confirmed(_) => "confirmed",
            Self::Applied(_) => "applied",
            Self::Declined(_) => "declined",
            Self::Withdrawn(_) => "withdrawn",
        }
    }

    /// Whoever asked.
    pub fn asked(&self) -> Asked {
        match self {
            Self::Asked(asked) => *asked,
            Self::Confirmed(decided)
            | Self::Applied(decided)
            | Self::Declined(decided)
            | Self::Withdrawn(decided) => decided.asked,
        }
    }

    /// What was decided, if anything has been.
    pub fn decided(&self) -> Option<Decided> {
        match self {
            Self::Asked(_) => None,
            Self::Confirmed(decided)
            | Self::Applied(decided)
            | Self::Declined(decided)
            | Self::Withdrawn(decided) => Some(*decided),
        }
    }

    fn still_asked(self) -> Result<Asked, DecisionError> {
        match self {
            Self::Asked(asked) => Ok(asked),
            Self::Confirmed(_) | Self::Applied(_) => Err(DecisionError::Decided("confirmed")),
            Self::Declined(_) => Err(DecisionError::Decided("declined")),
            Self::Withdrawn(_) => Err(DecisionError::Decided("withdrawn")),
        }
    }

    /// `first` is whoever asked, as they are now.
    pub fn confirm(
        self,
        first: &Member,
        by: &Member,
        at: Moment,
    ) -> Result<Decided, DecisionError> {
        let asked = self.still_asked()?;
        if asked.by == by.id {
            return Err(DecisionError::SamePerson);
        }
        if !by.runs_waves() {
            return Err(DecisionError::MayNot);
        }
        if first.id != asked.by || !first.runs_waves() {
            return Err(DecisionError::AskerMayNot);
        }
        Ok(Decided {
            asked,
            by: by.id,
            at,
        })
    }

    pub fn decline(self, by: &Member, at: Moment) -> Result<Decided, DecisionError> {
        let asked = self.still_asked()?;
        if asked.by == by.id {
            return Err(DecisionError::Own);
        }
        if !by.runs_waves() {
            return Err(DecisionError::MayNot);
        }
        Ok(Decided {
            asked,
            by: by.id,
            at,
        })
    }

    pub fn withdraw(self, by: &Member, at: Moment) -> Result<Decided, DecisionError> {
        let asked = self.still_asked()?;
        if asked.by != by.id {
            return Err(DecisionError::NotTheAsker);
        }
        Ok(Decided {
            asked,
            by: by.id,
            at,
        })
    }
}

impl Asked {
    pub fn new(by: &Member, at: Moment) -> Result<Self, DecisionError> {
        if by.runs_waves() {
            Ok(Self { by: by.id, at })
        } else {
            Err(DecisionError::MayNot)
        }
    }
}
