//! What is kept of one person: telling it, and taking it away. Asked by e-mail address, because that
//! is what a person can show to be theirs.

use std::collections::BTreeSet;

use futures_util::FutureExt;
use serde::Serialize;

use super::{Services, audited::Recorder, subscribe::clean_address};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::WaveId,
    },
    store::{self, StoreError, person::Erased},
};

#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    #[error("this is not an e-mail address: write one such as name@example.org")]
    NotAnAddress,
    #[error(
        "this address belongs to a member of staff: disable the account instead. The record of acts names who did what, so that a result can be trusted, and is kept for that"
    )]
    Staff,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why some things are not in an answer. In the answer itself, because it is handed on.
pub const NOT_TRACED: [&str; 5] = [
    "Counted answers carry no name, no e-mail address, no code and no time finer than a day. Nobody, not even whoever runs this service, can tell which answers were given by whom, so they can be neither shown nor removed.",
    "Access codes are kept as keyed hashes that no person is noted beside. Without the code itself it cannot be told whether a person has used theirs, or which one it was.",
    "If a code was made for a person who is erased or taken off a roll, an empty row stays until the roll goes: a number, and a keyed hash from which nobody can be read off. It keeps a second code from being made for the same person.",
    "Mails with a code or a link lose their address and their content when they have been sent, so those that were sent are not listed here.",
    "Copies of the database made before today are not changed by this. Mails that were written to files, and copies at the mail server, are outside this service.",
];

/// Everything that is kept under one e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Export {
    pub email: String,
    pub as_of: String,
    pub rolls: Vec<OnRoll>,
    pub subscriptions: Vec<Subscription>,
    pub mails: Vec<Mail>,
    pub staff_account: Option<StaffAccount>,
    pub not_traced: [&'static str; 5],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnRoll {
    pub wave: String,
    pub serial: i64,
    pub name: String,
    pub address: Vec<String>,
    pub email: String,
    pub group: Option<String>,
    /// A code was made for a letter or mail to this person; which one is not known.
    pub a_code_was_made: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscription {
    pub wave: String,
    pub stopped: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    pub kind: String,
    pub state: String,
    pub written: String,
    pub sent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffAccount {
    pub role: String,
    /// Events of the record of acts that name this account as the one who acted.
    pub recorded_acts: u64,
}

pub async fn export(
    services: &Services,
    actor: &Actor,
    typed: &str,
) -> Result<Export, PersonError> {
    let email = clean_address(typed).ok_or(PersonError::NotAnAddress)?;
    let db = &services.db;
    let mut rolls = Vec::new();
    for entry in store::person::on_rolls(db, &email).await? {
        rolls.push(OnRoll {
            wave: wave_name(services, entry.wave).await?,
            serial: entry.serial,
            name: entry.name,
            address: entry.address.lines().map(str::to_owned).collect(),
            email: entry.email,
            group: entry.group,
            a_code_was_made: entry.has_code,
        });
    }
    let mut subscriptions = Vec::new();
    for subscription in store::person::subscriptions(db, &email).await? {
        subscriptions.push(Subscription {
            wave: wave_name(services, subscription.wave).await?,
            stopped: subscription.stopped.map(|at| at.to_string()),
        });
    }
    let mails = store::person::mails(db, &email).await?;
    let export = Export {
        as_of: services.now().to_string(),
        rolls,
        subscriptions,
        mails: mails
            .into_iter()
            .map(|mail| Mail {
                kind: mail.kind,
                state: mail.state,
                written: mail.written.to_string(),
                sent: mail.sent.map(|at| at.to_string()),
            })
            .collect(),
        staff_account: staff_account(services, &email).await?,
        not_traced: NOT_TRACED,
        email,
    };
    let act = Act::PersonExported {
        person: services.keys.audit.pseudonym(&export.email),
    };
    super::audited::note_done(services, actor, act).await?;
    Ok(export)
}

async fn wave_name(services: &Services, wave: WaveId) -> Result<String, StoreError> {
    Ok(store::wave::get(&services.db, wave).await?.key.to_string())
}

async fn staff_account(
    services: &Services,
    email: &str,
) -> Result<Option<StaffAccount>, StoreError> {
    let Some(account) = store::staff::by_email(&services.db, email).await? else {
        return Ok(None);
    };
    Ok(Some(StaffAccount {
        role: account.user.role.to_string(),
        recorded_acts: store::audit::acts_of(&services.db, email).await?,
    }))
}

/// That an address was erased, for whoever asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub at: String,
    /// The keyed hash by which the record of acts names the address.
    pub reference: String,
    pub erased: Erased,
}

pub async fn erase(
    services: &Services,
    actor: &Actor,
    typed: &str,
) -> Result<Certificate, PersonError> {
    let email = clean_address(typed).ok_or(PersonError::NotAnAddress)?;
    let recorder = Recorder::new(services, actor);
    let reference = services.keys.audit.pseudonym(&email);
    let person = reference.clone();
    let roll_key = services.keys.roll.clone();
    let erased = store::write(&services.db, move |tx| {
        async move {
            if store::staff::by_email(tx, &email).await?.is_some() {
                return Err(PersonError::Staff);
            }
            // In one order, so that two erasures never wait for each other; and no run of codes
            // takes anybody meanwhile.
            let entries = store::person::on_rolls(tx, &email).await?;
            let waves: BTreeSet<i64> = entries.iter().map(|entry| entry.wave.0).collect();
            for wave in waves {
                store::wave::lock(tx, WaveId(wave)).await?;
            }
            let erased = store::person::erase(tx, &email, &roll_key).await?;
            let act = Act::PersonErased {
                person,
                on_rolls: erased.on_rolls,
                subscriptions: erased.subscriptions,
                mails: erased.mails,
            };
            recorder.note(tx, act).await?;
            Ok(erased)
        }
        .boxed()
    })
    .await?;
    super::retention::write_through(services).await;
    Ok(Certificate {
        at: services.now().to_string(),
        reference,
        erased,
    })
}
