//! Who works with the service, and what each may do: the one place that says so.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks after the installation and its users, and may do all that a coordinator may.
    Administrator,
    /// Runs waves, resolves differences, counts batches.
    Coordinator,
    /// Keys paper in.
    Keyer,
    /// Runs meetings.
    Facilitator,
    /// Reads results before everyone else does.
    Commissioner,
    /// A screen in a hall: it only shows, and stays logged in.
    Projector,
}

/// Something that a route or a use case asks for. Each route declares one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Their own password, second factor and sessions.
    OwnAccount,
    /// The list of waves, and who is counted in each.
    SeeWaves,
    /// Results before they are public.
    ReadResults,
    /// The screen for a hall: what everyone may see, in large letters.
    ShowScreen,
    /// Open, close, change dates and subscribers; ask for and confirm what needs two people.
    RunWaves,
    /// Make codes; import the roll; print letters and cards; send invitations.
    IssueCodes,
    /// Receive envelopes, open batches, and key paper.
    HandlePost,
    /// Decide where two keyings differ, start a batch anew, and count it.
    SettlePaper,
    /// Read and export the record of every act.
    ReadAudit,
    /// Invite, change and disable users.
    ManageUsers,
    /// Answer and erase what is kept of a person, and see what is kept for how long.
    ManagePrivacy,
}

impl Permission {
    pub const ALL: [Self; 11] = [
        Self::OwnAccount,
        Self::SeeWaves,
        Self::ReadResults,
        Self::ShowScreen,
        Self::RunWaves,
        Self::IssueCodes,
        Self::HandlePost,
        Self::SettlePaper,
        Self::ReadAudit,
        Self::ManageUsers,
        Self::ManagePrivacy,
    ];

    /// The roles that have it.
    pub fn roles(self) -> &'static [Role] {
        use Role::{Administrator, Commissioner, Coordinator, Facilitator, Keyer};
        match self {
            Self::OwnAccount | Self::ShowScreen => &Role::ALL,
            Self::SeeWaves => &[Administrator, Coordinator, Keyer, Facilitator, Commissioner],
            Self::ReadResults => &[Administrator, Coordinator, Commissioner],
            Self::HandlePost => &[Administrator, Coordinator, Keyer],
            Self::RunWaves | Self::IssueCodes | Self::SettlePaper | Self::ReadAudit => {
                &[Administrator, Coordinator]
            }
            Self::ManageUsers | Self::ManagePrivacy => &[Administrator],
        }
    }
}

impl Role {
    pub const ALL: [Self; 6] = [
        Self::Administrator,
        Self::Coordinator,
        Self::Keyer,
        Self::Facilitator,
        Self::Commissioner,
        Self::Projector,
    ];

    pub fn may(self, permission: Permission) -> bool {
        permission.roles().contains(&self)
    }

    /// Whether a password alone is too little: those who can change what is counted, or who sees it.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Self::Administrator | Self::Coordinator)
    }

    /// A screen in a hall must not ask for a password in the middle of a meeting.
    pub fn stays_logged_in(self) -> bool {
        self == Self::Projector
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Coordinator => "coordinator",
            Self::Keyer => "keyer",
            Self::Facilitator => "facilitator",
            Self::Commissioner => "commissioner",
            Self::Projector => "projector",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is not a role: write administrator, coordinator, keyer, facilitator, commissioner or projector"
)]
pub struct RoleError(pub String);

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| RoleError(text.chars().take(40).collect()))
    }
}
