//! Acts that need two people, from the command line: one asks, another confirms. Each signs in.

use std::process::ExitCode;

use clap::Args;

use super::{Outcome, staff::sign_in};
use crate::{
    domain::{
        audit::Actor,
        id::{RequestId, Seq},
        key::WaveKey,
        local_time,
        two_person::{Reason, SensitiveAct},
    },
    service::{
        Services, ask_two_person, confirm_two_person, drop_two_person, lookup,
        requests::{self, Listed},
    },
};

/// Who acts.
#[derive(Debug, Args)]
pub struct By {
    /// Your e-mail address as a member of staff; asks for your password
    #[arg(long)]
    by: String,
    /// Read the password from standard input instead of asking
    #[arg(long)]
    password_stdin: bool,
}

impl By {
    async fn sign_in(&self, services: &Services) -> Result<Actor, super::CommandError> {
        sign_in(services, &self.by, self.password_stdin).await
    }
}

/// Which entry of a ledger.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Entry {
    /// The receipt that a participant shows
    #[arg(long)]
    receipt: Option<crate::domain::receipt::Receipt>,
    /// The place in the wave's ledger
    #[arg(long)]
    place: Option<i64>,
}

pub async fn publish(services: &Services, wave: &WaveKey, by: &By) -> Outcome {
    ask(services, wave, SensitiveAct::Publish, by).await
}

pub async fn extend(
    services: &Services,
    wave: &WaveKey,
    until: &str,
    reason: &str,
    by: &By,
) -> Outcome {
    let offset = lookup::find_now(services, wave).await?.wave.spec.offset();
    let act = SensitiveAct::Extend {
        closes: local_time::read(until, offset)?,
        reason: Reason::new(reason)?,
    };
    ask(services, wave, act, by).await
}

pub async fn reopen(
    services: &Services,
    wave: &WaveKey,
    until: &str,
    reason: &str,
    by: &By,
) -> Outcome {
    let offset = lookup::find_now(services, wave).await?.wave.spec.offset();
    let act = SensitiveAct::Reopen {
        closes: local_time::read(until, offset)?,
        reason: Reason::new(reason)?,
    };
    ask(services, wave, act, by).await
}

pub async fn void(
    services: &Services,
    wave: &WaveKey,
    entry: &Entry,
    reason: &str,
    by: &By,
) -> Outcome {
    let reason = Reason::new(reason)?;
    let entry = match (&entry.receipt, entry.place) {
        (Some(receipt), _) => ask_two_person::place_of_receipt(services, wave, receipt).await?,
        (None, place) => Seq(place.unwrap_or_default()),
    };
    ask(services, wave, SensitiveAct::Void { entry, reason }, by).await
}

async fn ask(services: &Services, wave: &WaveKey, act: SensitiveAct, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    let request = ask_two_person::ask(services, &actor, wave, act).await?;
    println!("Request {request} waits for a second person: countmein confirm {request} --by EMAIL");
    Ok(ExitCode::SUCCESS)
}

pub async fn list(services: &Services) -> Outcome {
    let waiting = requests::list(services).await?.waiting;
    if waiting.is_empty() {
        println!("Nothing waits for a second person.");
    }
    for Listed {
        request,
        wave,
        asker,
        ..
    } in waiting
    {
        let what = match &request.act {
            SensitiveAct::Publish => "publish".to_owned(),
            SensitiveAct::Extend { closes, .. } => format!("extend until {closes}"),
            SensitiveAct::Reopen { closes, .. } => format!("reopen until {closes}"),
            SensitiveAct::Void { entry, .. } => format!("void entry {entry}"),
            SensitiveAct::ReplaceSheet { entry, .. } => format!("replace count sheet {entry}"),
        };
        let reason = request.act.reason().map_or("", Reason::as_str);
        println!(
            "{:>5}  {:<45} {what}, asked by {} at {}  {reason}",
            request.id,
            wave.key.to_string(),
            asker.email,
            request.state.asked().at
        );
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn confirm(services: &Services, id: i64, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    let act = confirm_two_person::confirm(services, &actor, RequestId(id)).await?;
    println!("Confirmed and done: {}", act.kind());
    Ok(ExitCode::SUCCESS)
}

pub async fn decline(services: &Services, id: i64, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    drop_two_person::decline(services, &actor, RequestId(id)).await?;
    println!("Declined: nothing was done");
    Ok(ExitCode::SUCCESS)
}

pub async fn withdraw(services: &Services, id: i64, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    drop_two_person::withdraw(services, &actor, RequestId(id)).await?;
    println!("Withdrawn: nothing was done");
    Ok(ExitCode::SUCCESS)
}
