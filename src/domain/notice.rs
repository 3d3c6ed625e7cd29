//! Mails to one person that are no summary. They wait under seal, because each carries something that
//! only its reader may use.

use serde::{Deserialize, Serialize};

use super::{moment::Moment, role::Role};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "kebab-case")]
pub enum Notice {
    /// A member of staff may choose a password, by a link that works once.
    StaffLink {
        token: String,
        role: Role,
        purpose: LinkPurpose,
        expires: Moment,
    },
    /// The way in to somebody's account is another one now: they have to know, and to say so when it
    /// was not them.
    AccountChanged { change: AccountChange, at: Moment },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkPurpose {
    /// The first password of a person who was invited.
    Invitation,
    /// A new one in the place of a password that was forgotten.
    NewPassword,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountChange {
    Password,
    SecondFactorSet,
    SecondFactorReset,
    RecoveryCodeUsed,
    RecoveryCodesRenewed,
}
