//! Mails to one person that are no summary. They wait under seal, because each carries something that
//! only its reader may use.

use serde::{Deserialize, Serialize};

use super::{
    moment::Moment,
    role::Role,
    text::{Lang, Text},
};

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
    /// Somebody of a roll is asked to take part, with a code of their own.
    Invitation(Box<Invitation>),
    /// The way in to somebody's account is another one now: they have to know, and to say so when it
    /// was not them.
    AccountChanged { change: AccountChange, at: Moment },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub name: String,
    pub survey: Text,
    /// Those of the survey; the mail is in the first.
    pub languages: Vec<Lang>,
    pub code: String,
    pub closes: Moment,
    pub offset_minutes: i16,
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
