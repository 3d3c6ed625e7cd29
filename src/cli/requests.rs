//! Acts that need two people, from the command line: one asks, another confirms. Each signs in.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{CommandError, Outcome, staff::sign_in};
use crate::{
    domain::{
        audit::Actor,
        id::{RequestId, Seq},
        key::WaveKey,
        local_time,
        moment::Moment,
        receipt::Receipt,
        two_person::{Reason, SensitiveAct},
    },
    service::{
        Services, ask_two_person, confirm_two_person, drop_two_person, lookup,
        requests::{self, Listed},
    },
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask for the results of a closed wave to be shown to everyone; a second person confirms
    Publish {
        wave: WaveKey,
        #[command(flatten)]
        by: By,
    },
    /// Ask for a later closing time of an open wave; a second person confirms
    Extend {
        wave: WaveKey,
        /// The new closing time on the wave's own clock, such as 2026-03-02T18:00
        #[arg(long)]
        until: String,
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: By,
    },
    /// Ask for a closed wave, not yet published, to take answers again; a second person confirms
    Reopen {
        wave: WaveKey,
        /// The new closing time on the wave's own clock, such as 2026-03-02T18:00
        #[arg(long)]
        until: String,
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: By,
    },
    /// Ask for a response or a count sheet not to be counted; a second person confirms
    Void {
        wave: WaveKey,
        #[command(flatten)]
        entry: Entry,
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: By,
    },
    /// List what waits for a second person
    Requests,
    /// Confirm what somebody else has asked for: it is done at once
    Confirm {
        request: i64,
        #[command(flatten)]
        by: By,
    },
    /// Decline what somebody else has asked for
    Decline {
        request: i64,
        #[command(flatten)]
        by: By,
    },
    /// Withdraw what you have asked for
    Withdraw {
        request: i64,
        #[command(flatten)]
        by: By,
    },
}

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
    async fn sign_in(&self, services: &Services) -> Result<Actor, CommandError> {
        sign_in(services, &self.by, self.password_stdin).await
    }
}

/// Which entry of a ledger.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Entry {
    /// The receipt that a participant shows
    #[arg(long)]
    receipt: Option<Receipt>,
    /// The place in the wave's ledger
    #[arg(long)]
    place: Option<i64>,
}

pub async fn run(services: &Services, command: Command) -> Outcome {
    match command {
        Command::Publish { wave, by } => ask(services, &wave, SensitiveAct::Publish, &by).await,
        Command::Extend {
            wave,
            until,
            reason,
            by,
        } => {
            let act = SensitiveAct::Extend {
                closes: on_its_clock(services, &wave, &until).await?,
                reason: Reason::new(&reason)?,
            };
            ask(services, &wave, act, &by).await
        }
        Command::Reopen {
            wave,
            until,
            reason,
            by,
        } => {
            let act = SensitiveAct::Reopen {
                closes: on_its_clock(services, &wave, &until).await?,
                reason: Reason::new(&reason)?,
            };
            ask(services, &wave, act, &by).await
        }
        Command::Void {
            wave,
            entry,
            reason,
            by,
        } => {
            let act = SensitiveAct::Void {
                entry: entry.place(services, &wave).await?,
                reason: Reason::new(&reason)?,
            };
            ask(services, &wave, act, &by).await
        }
        Command::Requests => list(services).await,
        Command::Confirm { request, by } => confirm(services, request, &by).await,
        Command::Decline { request, by } => decline(services, request, &by).await,
        Command::Withdraw { request, by } => withdraw(services, request, &by).await,
    }
}

async fn on_its_clock(
    services: &Services,
    wave: &WaveKey,
    until: &str,
) -> Result<Moment, CommandError> {
    let offset = lookup::find_now(services, wave).await?.wave.spec.offset();
    Ok(local_time::read(until, offset)?)
}

impl Entry {
    async fn place(&self, services: &Services, wave: &WaveKey) -> Result<Seq, CommandError> {
        Ok(match (&self.receipt, self.place) {
            (Some(receipt), _) => ask_two_person::place_of_receipt(services, wave, receipt).await?,
            (None, place) => Seq(place.unwrap_or_default()),
        })
    }
}

async fn ask(services: &Services, wave: &WaveKey, act: SensitiveAct, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    let request = ask_two_person::ask(services, &actor, wave, act).await?;
    println!("Request {request} waits for a second person: countmein confirm {request} --by EMAIL");
    Ok(ExitCode::SUCCESS)
}

async fn list(services: &Services) -> Outcome {
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

async fn confirm(services: &Services, id: i64, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    let act = confirm_two_person::confirm(services, &actor, RequestId(id)).await?;
    println!("Confirmed and done: {}", act.kind());
    Ok(ExitCode::SUCCESS)
}

async fn decline(services: &Services, id: i64, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    drop_two_person::decline(services, &actor, RequestId(id)).await?;
    println!("Declined: nothing was done");
    Ok(ExitCode::SUCCESS)
}

async fn withdraw(services: &Services, id: i64, by: &By) -> Outcome {
    let actor = by.sign_in(services).await?;
    drop_two_person::withdraw(services, &actor, RequestId(id)).await?;
    println!("Withdrawn: nothing was done");
    Ok(ExitCode::SUCCESS)
}
