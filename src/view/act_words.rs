//! Acts in plain words: one arm for each. The words go on from who did it: “anna@example.org opened
//! the wave …”.

use crate::domain::{
    audit::{Act, Outcome},
    id::UserId,
    two_person::ActKind,
};

/// `name` finds the e-mail address of a member of staff.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of act")]
pub(super) fn in_words(act: &Act, name: &dyn Fn(UserId) -> String) -> String {
    match act {
        Act::LoggedIn => "logged in".to_owned(),
        Act::LoginRefused { user: Some(user) } => {
            format!("tried to log in as {} and was not let in", name(*user))
        }
        Act::LoginRefused { user: None } => {
            "tried to log in with an address that nobody here has".to_owned()
        }
        Act::LoggedOut => "logged out".to_owned(),
        Act::SessionEnded => "ended another session of their own".to_owned(),
        Act::PasswordChanged { user } => format!("changed the password of {}", name(*user)),
        Act::SecondFactorSet { user } => format!("set up the second factor of {}", name(*user)),
        Act::SecondFactorReset { user } => {
            format!("took the second factor of {} away", name(*user))
        }
        Act::RecoveryCodeUsed { user, left } => {
            format!("used a recovery code of {}; {left} are left", name(*user))
        }
        Act::RecoveryCodesRenewed { user } => {
            format!("made new recovery codes for {}", name(*user))
        }
        Act::StaffLinkUsed { user } => {
            format!(
                "chose a password by the link that {} was mailed",
                name(*user)
            )
        }
        Act::StaffLinkSent { user } => {
            format!("had a link for a new password mailed to {}", name(*user))
        }
        Act::UserInvited { user, role } => format!("invited {} as {role}", name(*user)),
        Act::RoleChanged { user, from, to } => {
            format!("changed the role of {} from {from} to {to}", name(*user))
        }
        Act::UserDisabled { user } => format!("disabled {}", name(*user)),
        Act::UserEnabled { user } => format!("let {} log in again", name(*user)),
        Act::SessionsEnded { user, sessions } => {
            format!("ended {sessions} sessions of {}", name(*user))
        }
        Act::UserAdded { user, role } => format!("added {} as {role}", name(*user)),

        Act::SurveyLoaded { survey, .. } => format!("loaded the survey {survey}"),
        Act::WaveOpened { wave } => format!("opened the wave {wave}"),
        Act::WaveStopped { wave } => format!("ended the taking of answers of the wave {wave}"),
        Act::WaveClosed { wave } => format!("closed the wave {wave}"),
        Act::WavePublished { wave } => format!("published the results of the wave {wave}"),
        Act::WaveExtended { wave, .. } => format!("gave the wave {wave} more time"),
        Act::WaveReopened { wave, .. } => format!("opened the wave {wave} again"),
        Act::DraftChanged { wave } => format!("changed the draft of the wave {wave}"),
        Act::EntryVoided { wave, entry } => {
            format!("voided entry {} of the wave {wave}", entry.0)
        }
        Act::SheetReplaced {
            wave,
            voided,
            sheet,
        } => format!(
            "replaced count sheet {} of the wave {wave} by entry {}",
            voided.0, sheet.0
        ),
        Act::SensitiveAsked {
            wave,
            request,
            kind,
        } => format!("asked to {} ({wave}, request {request})", asked(*kind)),
        Act::SensitiveConfirmed {
            wave,
            request,
            kind,
        } => format!("confirmed request {request} to {} ({wave})", asked(*kind)),
        Act::SensitiveDeclined {
            wave,
            request,
            kind,
        } => format!("declined request {request} to {} ({wave})", asked(*kind)),
        Act::SensitiveWithdrawn {
            wave,
            request,
            kind,
        } => format!("withdrew request {request} to {} ({wave})", asked(*kind)),
        Act::SubscriberRemoved { wave } => {
            format!("took an address off the summary of the wave {wave}")
        }
        Act::SubscriberAdded { wave } => {
            format!("added an address for the summary of the wave {wave}")
        }

        Act::CodesMade { wave, kind, codes } => {
            format!("made {codes} access codes ({kind}) for the wave {wave}")
        }
        Act::CodesPrinted { wave, run } => {
            format!("opened the codes of run {run} of the wave {wave} to print them")
        }
        Act::CodesForgotten { wave, run } => {
            format!("had the codes of run {run} of the wave {wave} forgotten")
        }
        Act::ResponsesImported { wave, counted, .. } => {
            format!("imported {counted} responses into the wave {wave}")
        }
        Act::CountsImported { wave, people, .. } => {
            format!("imported the totals of {people} people into the wave {wave}")
        }
        Act::DatabaseCopied => "copied the database".to_owned(),
        Act::BallotsExported { wave } => format!("exported the ballots of the wave {wave}"),

        Act::KeyingPlanChosen {
            wave,
            percent: Some(percent),
            accepted,
        } => format!(
            "chose to key {percent} % of the paper of the wave {wave} again, with at most {} wrong fields a batch",
            accepted.unwrap_or(0)
        ),
        Act::KeyingPlanChosen { wave, .. } => {
            format!("chose to key all paper of the wave {wave} twice")
        }
        Act::MailBagOpened {
            wave, late: true, ..
        } => format!("opened mail of the wave {wave} that came too late"),
        Act::MailBagOpened { wave, .. } => format!("opened mail of the wave {wave}"),
        Act::BatchOpened {
            wave,
            batch,
            envelopes,
            sheets,
        } => format!(
            "opened {envelopes} envelopes with {sheets} sheets as batch {batch} of the wave {wave}"
        ),
        Act::PileCounted {
            wave,
            batch,
            sheets,
        } => format!("counted {sheets} sheets in batch {batch} of the wave {wave} again"),
        Act::KeyingFinished { wave, batch, pass } => {
            let what = match pass.as_str() {
                "first" => "the first keying",
                "second" => "the second keying",
                _ => "the decisions on differences",
            };
            format!("finished {what} of batch {batch} of the wave {wave}")
        }
        Act::BatchRestarted {
            wave,
            batch,
            reason,
        } => format!("started the keying of batch {batch} of the wave {wave} anew: {reason}"),
        Act::BatchCounted {
            wave,
            batch,
            responses,
            not_counted,
        } => format!(
            "counted batch {batch} of the wave {wave}: {responses} responses, {not_counted} sheets not counted"
        ),

        Act::RollImported { wave, people, .. } => {
            format!("put {people} people on the roll of the wave {wave}")
        }
        Act::RollPersonRemoved { wave, serial } => {
            format!("took the person with the number {serial} off the roll of the wave {wave}")
        }

        Act::AuditExported { events } => format!("exported {events} events of the record of acts"),
        Act::RetentionApplied { kind, removed } => {
            format!("removed what had been kept long enough: {removed} {kind}")
        }
        Act::PersonExported { .. } => "exported what is kept of a person".to_owned(),
        Act::PersonErased { .. } => "erased what was kept of a person".to_owned(),
    }
}

/// What a request is for, after “to”.
fn asked(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Void => "void an entry",
        ActKind::Extend => "give a wave more time",
        ActKind::Reopen => "open a closed wave again",
        ActKind::Publish => "publish results",
        ActKind::ReplaceSheet => "replace a count sheet",
    }
}

/// What is known of an act beyond its words, which name the wave: `name: value`. Made from the act
/// itself, so that a new kind needs nothing here.
pub(super) fn details(act: &Act) -> Vec<String> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(act) else {
        return Vec::new();
    };
    fields
        .into_iter()
        .filter(|(field, value)| !["act", "wave"].contains(&field.as_str()) && !value.is_null())
        .map(|(field, value)| {
            let value = match value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            format!("{}: {value}", field.replace('_', " "))
        })
        .collect()
}

/// How it ended, where that is not what one expects.
pub(super) fn outcome(result: &str) -> Option<&'static str> {
    (result == Outcome::Refused.as_str()).then_some("Refused")
}
