//! The record of acts, from the command line: checked and taken away.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

use super::{Outcome, operator};
use crate::{
    service::{Services, audit_log::Export, verify_audit},
    store::audit::{Filter, Head},
    view::{AuditRow, audit_csv_head, audit_csv_rows},
};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Name the first event that was altered, removed or moved; exit code 1 if there is one
    Verify {
        /// A head that an earlier check or a summary printed, such as 123:9f86…
        #[arg(long)]
        head: Option<Head>,
    },
    /// Write every event to a file (CSV)
    Export { file: PathBuf },
}

pub async fn run(services: &Services, command: AuditCommand) -> Outcome {
    match command {
        AuditCommand::Verify { head } => verify(services, head).await,
        AuditCommand::Export { file } => export(services, &file).await,
    }
}

async fn verify(services: &Services, noted: Option<Head>) -> Outcome {
    let checked = verify_audit::verify(services, noted).await?;
    match checked.outcome {
        Ok(head) => {
            println!(
                "{} events: nothing was altered, removed or moved.",
                checked.events
            );
            println!("Head: {head}");
            println!("Note it outside this computer, and give it with --head at the next check.");
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            println!("The record of acts is broken: {broken}.");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Writes the whole record to a file that is not there yet.
async fn export(services: &Services, file: &Path) -> Outcome {
    let fault = |error: std::io::Error| format!("{}: {error}", file.display());
    let mut written = BufWriter::new(fs::File::create_new(file).map_err(fault)?);
    let mut export = Export::start(services, &operator(), Filter::default()).await?;
    written
        .write_all(audit_csv_head().as_bytes())
        .map_err(fault)?;
    let mut count = 0;
    loop {
        let events = export.next(services).await?;
        if events.is_empty() {
            break;
        }
        count += events.len();
        let rows: Vec<AuditRow> = events
            .into_iter()
            .map(|event| AuditRow {
                link: event.link,
                hash: event.hash,
            })
            .collect();
        let text = audit_csv_rows(&rows, &export.names);
        written.write_all(text.as_bytes()).map_err(fault)?;
    }
    written.flush().map_err(fault)?;
    println!("{count} events are in {}", file.display());
    Ok(ExitCode::SUCCESS)
}
