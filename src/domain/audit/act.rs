//! Every kind of act that is recorded, each with what has to be known of it afterwards. None holds a
//! code, an answer, a password, or an e-mail address of a participant.

use serde::{Deserialize, Serialize};

use crate::domain::{
    code_run::RunKind,
    id::{CodeRunId, MailBagId, RequestId, Seq, UserId},
    key::WaveKey,
    moment::Moment,
    retention::Kept,
    role::Role,
    two_person::ActKind,
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
    WaveExtended {
        wave: WaveKey,
        from: Moment,
        to: Moment,
    },
    WaveReopened {
        wave: WaveKey,
        from: Moment,
        to: Moment,
    },
    DraftChanged {
        wave: WaveKey,
    },
    EntryVoided {
        wave: WaveKey,
        entry: Seq,
    },
    SheetReplaced {
        wave: WaveKey,
        voided: Seq,
        sheet: Seq,
    },
    /// The first of two people; what was asked for stands in its request.
    SensitiveAsked {
        wave: WaveKey,
        request: RequestId,
        kind: ActKind,
    },
    /// The second; the act itself is the next event.
    SensitiveConfirmed {
        wave: WaveKey,
        request: RequestId,
        kind: ActKind,
    },
    SensitiveDeclined {
        wave: WaveKey,
        request: RequestId,
        kind: ActKind,
    },
    SensitiveWithdrawn {
        wave: WaveKey,
        request: RequestId,
        kind: ActKind,
    },
    SubscriberAdded {
        wave: WaveKey,
    },
    SubscriberRemoved {
        wave: WaveKey,
    },

    CodesMade {
        wave: WaveKey,
        kind: RunKind,
        codes: u64,
    },
    /// Somebody saw the codes of a run, to print them.
    CodesPrinted {
        wave: WaveKey,
        run: CodeRunId,
    },
    CodesForgotten {
        wave: WaveKey,
        run: CodeRunId,
    },
    ResponsesImported {
        wave: WaveKey,
        counted: u64,
        left_out: u64,
        /// Keyed: see `CodeKey::of_file`.
        file_hash: String,
    },
    CountsImported {
        wave: WaveKey,
        sheets: Vec<Seq>,
        people: u64,
        sha256: String,
    },
    /// With everything in it but the key.
    DatabaseCopied,
    BallotsExported {
        wave: WaveKey,
    },

    /// How the paper of a wave is checked: none for all keyed twice.
    KeyingPlanChosen {
        wave: WaveKey,
        percent: Option<u8>,
        accepted: Option<u32>,
    },
    MailBagOpened {
        wave: WaveKey,
        bag: MailBagId,
        late: bool,
    },
    BatchOpened {
        wave: WaveKey,
        batch: u32,
        envelopes: u32,
        sheets: u32,
    },
    PileCounted {
        wave: WaveKey,
        batch: u32,
        sheets: u32,
    },
    /// The first keying, the second, or the decisions; each sheet is on record with whoever keyed it.
    KeyingFinished {
        wave: WaveKey,
        batch: u32,
        pass: String,
    },
    BatchRestarted {
        wave: WaveKey,
        batch: u32,
        reason: String,
    },
    BatchCounted {
        wave: WaveKey,
        batch: u32,
        responses: u32,
        not_counted: u32,
    },

    RollImported {
        wave: WaveKey,
        people: u64,
        known: u64,
    },
    /// Taken off the roll of a wave: by serial number, because a name must not outlive the roll.
    RollPersonRemoved {
        wave: WaveKey,
        serial: i64,
    },

    AuditExported {
        events: u64,
    },
    /// What was kept long enough is gone.
    RetentionApplied {
        kind: Kept,
        removed: u64,
    },
    /// `person` is a keyed hash of the e-mail address: whoever asks again can be found, and nobody
    /// can be read off.
    PersonExported {
        person: String,
    },
    PersonErased {
        person: String,
        on_rolls: u64,
        subscriptions: u64,
        mails: u64,
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
