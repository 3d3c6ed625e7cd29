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
        expires: Moment,
    },
}
