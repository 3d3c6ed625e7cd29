//! Acts in plain words: one arm for each. The words go on from who did it: “anna@example.org opened
//! the wave …”.

use crate::domain::{
    audit::{Act, Outcome},
    id::UserId,
};

/// `name` finds the e-mail address of a member of staff.
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
        Act::UserAdded { user, role } => format!("added {} as {role}", name(*user)),

        Act::SurveyLoaded { survey, .. } => format!("loaded the survey {survey}"),
        Act::WaveOpened { wave } => format!("opened the wave {wave}"),
        Act::WaveStopped { wave } => format!("ended the taking of answers of the wave {wave}"),
        Act::WaveClosed { wave } => format!("closed the wave {wave}"),
        Act::WavePublished { wave } => format!("published the results of the wave {wave}"),
        Act::SubscriberAdded { wave } => {
            format!("added an address for the summary of the wave {wave}")
        }

        Act::CodesMade { wave, codes } => format!("made {codes} access codes for the wave {wave}"),
        Act::ResponsesImported { wave, counted, .. } => {
            format!("imported {counted} responses into the wave {wave}")
        }
        Act::CountsImported { wave, people, .. } => {
            format!("imported the totals of {people} people into the wave {wave}")
        }
        Act::BallotsExported { wave } => format!("exported the ballots of the wave {wave}"),

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

/// What is known of an act beyond its words, which name the wave: `name: value`. Made from the act itself, so that a new
/// kind needs nothing here.
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
