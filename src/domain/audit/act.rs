//! Every kind of act that is recorded, each with what has to be known of it afterwards. None holds a
//! code, an answer, a password, or an e-mail address of a participant.

use serde::{Deserialize, Serialize};

use crate::domain::{
    id::{Seq, UserId},
    key::WaveKey,
    role::Role,
};

/// Serialised as `{"act": "wave-opened", …}`; the name is the event's column `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    LoggedIn,
    /// A wrong password or second factor; `user` when there is one with the address that was typed.
    LoginRefused {
        user: Option<UserId>,
    },
    LoggedOut,
    /// By the person themselves, who is still logged in elsewhere.
    SessionEnded,
    PasswordChanged {
        user: UserId,
    },
    SecondFactorSet {
        user: UserId,
    },
    /// Stood in for the second factor; `left` work still.
    RecoveryCodeUsed {
        user: UserId,
        left: u64,
    },
    RecoveryCodesRenewed {
        user: UserId,
    },
    StaffLinkUsed {
        user: UserId,
    },

    UserAdded {
        user: UserId,
        role: Role,
    },
    UserInvited {
        user: UserId,
        role: Role,
    },
    StaffLinkSent {
        user: UserId,
    },
    RoleChanged {
        user: UserId,
        from: Role,
        to: Role,
    },
    UserDisabled {
        user: UserId,
    },
    UserEnabled {
        user: UserId,
    },
    SecondFactorReset {
        user: UserId,
    },
    /// All sessions of a user, by somebody who looks after users.
    SessionsEnded {
        user: UserId,
        sessions: u64,
    },

    SurveyLoaded {
        survey: String,
        wording: String,
    },
    WaveOpened {
        wave: WaveKey,
    },
    WaveStopped {
        wave: WaveKey,
    },
    WaveClosed {
        wave: WaveKey,
    },
    WavePublished {
        wave: WaveKey,
    },
    SubscriberAdded {
        wave: WaveKey,
    },

    CodesMade {
        wave: WaveKey,
        codes: u64,
    },
    ResponsesImported {
        wave: WaveKey,
        counted: u64,
        left_out: u64,
        sha256: String,
    },
    CountsImported {
        wave: WaveKey,
        sheets: Vec<Seq>,
        people: u64,
        sha256: String,
    },
    BallotsExported {
        wave: WaveKey,
    },
}

impl Act {
    /// The name of the act, as serialised.
    pub fn name(&self) -> String {
        self.field("act")
    }

    /// What the act was done to.
    pub fn object(&self) -> String {
        let wave = self.field("wave");
        if !wave.is_empty() {
            return wave;
        }
        let survey = self.field("survey");
        if !survey.is_empty() {
            return survey;
        }
        let user = self.field("user");
        if user.is_empty() {
            String::new()
        } else {
            format!("user {user}")
        }
    }

    /// The whole act as JSON.
    pub fn detail(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn field(&self, name: &str) -> String {
        match serde_json::to_value(self)
            .ok()
            .as_ref()
            .and_then(|v| v.get(name))
        {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(serde_json::Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }
}
