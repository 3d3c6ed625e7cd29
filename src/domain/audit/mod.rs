//! The record of what staff did: who, what, on which object, from where, when, and how it ended.
//! `act` has every kind of act; `chain` ties each event to the one before it.

mod act;
mod chain;

pub use act::Act;
pub use chain::{AuditKey, Link};

use super::{id::UserId, role::Role};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// None for whoever works at the machine itself, and for the schedule.
    pub user: Option<UserId>,
    pub who: String,
    pub role: Option<Role>,
    pub origin: Origin,
}

/// From where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A browser, at this address of the network: of staff, never of a participant.
    Web { address: String },
    /// The command line, under this name of the operating system.
    CommandLine { account: String },
    /// The server's own schedule.
    Schedule,
}

impl Actor {
    /// A member of staff at a browser.
    pub fn staff(user: UserId, email: &str, role: Role, address: &str) -> Self {
        Self {
            user: Some(user),
            who: email.to_owned(),
            role: Some(role),
            origin: Origin::Web {
                address: address.to_owned(),
            },
        }
    }

    /// Whoever has the database and its key in hand.
    pub fn command_line(account: &str) -> Self {
        Self {
            user: None,
            who: "operator".to_owned(),
            role: None,
            origin: Origin::CommandLine {
                // It comes from the surroundings of a command, where anything can stand.
                account: account
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(64)
                    .collect(),
            },
        }
    }

    /// A member of staff who has shown at the command line who they are.
    pub fn staff_at_command_line(user: UserId, email: &str, role: Role, account: &str) -> Self {
        Self {
            user: Some(user),
            who: email.to_owned(),
            role: Some(role),
            ..Self::command_line(account)
        }
    }

    pub fn schedule() -> Self {
        Self {
            user: None,
            who: "schedule".to_owned(),
            role: None,
            origin: Origin::Schedule,
        }
    }

    /// Somebody at a browser who has not shown who they are.
    pub fn unknown(address: &str) -> Self {
        Self {
            user: None,
            who: "unknown".to_owned(),
            role: None,
            origin: Origin::Web {
                address: address.to_owned(),
            },
        }
    }

    pub fn role_text(&self) -> String {
        self.role.map(|role| role.to_string()).unwrap_or_default()
    }
}

impl Origin {
    pub fn to_text(&self) -> String {
        match self {
            Self::Web { address } => format!("web {address}").trim_end().to_owned(),
            Self::CommandLine { account } => {
                format!("command line {account}").trim_end().to_owned()
            }
            Self::Schedule => "schedule".to_owned(),
        }
    }
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// One event before it has its place in the chain.
#[derive(Debug, Clone)]
pub struct Event {
    pub actor: Actor,
    pub act: Act,
    pub outcome: Outcome,
}
