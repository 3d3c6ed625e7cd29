//! What is kept of people, from the command line: rolls, retention, and the answer to one who asks.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

use super::{Outcome, operator};
use crate::{
    domain::key::WaveKey,
    service::{
        Services,
        import_roll::{self, ImportRollError},
        person, retention,
    },
};

#[derive(Debug, Subcommand)]
pub enum RollCommand {
    /// Import people: columns name, address (or address1 to address4), email, group
    Import {
        wave: WaveKey,
        file: PathBuf,
        /// Check everything, write nothing
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Print everything that is kept under this address, as JSON
    Export { email: String },
    /// Remove everything that is kept under this address, and print a certificate
    Erase { email: String },
}

pub async fn roll(services: &Services, command: RollCommand) -> Outcome {
    let RollCommand::Import {
        wave,
        file,
        dry_run,
    } = command;
    import_roll(services, &wave, &file, dry_run).await
}

pub async fn person(services: &Services, command: PersonCommand) -> Outcome {
    match command {
        PersonCommand::Export { email } => export_person(services, &email).await,
        PersonCommand::Erase { email } => erase_person(services, &email).await,
    }
}

async fn import_roll(services: &Services, wave: &WaveKey, file: &Path, dry_run: bool) -> Outcome {
    let bytes = std::fs::read(file)
        .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    match import_roll::import(services, &operator(), wave, &bytes, dry_run).await {
        Ok(imported) => {
            let verb = if dry_run {
                "would be put on the roll (dry run)"
            } else {
                "put on the roll"
            };
            println!(
                "People {verb}: {}. Known already, and not taken again: {}.",
                imported.people, imported.known
            );
            for note in imported.notes() {
                println!("{note}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportRollError::BadRows(bad)) => {
            for row in &bad {
                println!("{}: {row}", file.display());
            }
            Err(ImportRollError::BadRows(bad).into())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn retention(services: &Services, dry_run: bool) -> Outcome {
    let (removed, verb) = if dry_run {
        (retention::preview(services).await?, "Due")
    } else {
        (retention::apply(services, &operator()).await?, "Removed")
    };
    if removed.is_empty() {
        println!("Nothing has been kept long enough to be removed.");
    }
    for (kind, rows) in removed {
        println!("{verb}: {rows} {kind}");
    }
    Ok(ExitCode::SUCCESS)
}

async fn export_person(services: &Services, email: &str) -> Outcome {
    let export = person::export(services, &operator(), email).await?;
    println!("{}", serde_json::to_string_pretty(&export)?);
    Ok(ExitCode::SUCCESS)
}

async fn erase_person(services: &Services, email: &str) -> Outcome {
    let done = person::erase(services, &operator(), email).await?;
    println!("Certificate of erasure");
    println!("Time: {}", done.at);
    println!("Entries on rolls removed: {}", done.erased.on_rolls);
    println!("Subscriptions removed: {}", done.erased.subscriptions);
    println!("Mails of the outbox removed: {}", done.erased.mails);
    println!("Reference in the record of acts: {}", done.reference);
    println!("\nWhat cannot be traced, and why:");
    for text in person::NOT_TRACED {
        println!("- {text}");
    }
    Ok(ExitCode::SUCCESS)
}
