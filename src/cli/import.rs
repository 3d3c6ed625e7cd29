//! Importing files that people made.

use std::{path::Path, process::ExitCode, sync::Arc};

use super::{Outcome, operator};
use crate::{
    domain::key::WaveKey,
    service::{
        Services,
        csv_file::BadRow,
        import_counts::{self, ImportCountsError},
        import_responses::{self, ImportError, Options},
    },
};

pub async fn responses(
    services: &Arc<Services>,
    wave: &WaveKey,
    file: &Path,
    dry_run: bool,
    skip_bad: bool,
) -> Outcome {
    let bytes = read(file)?;
    match import_responses::import(
        services,
        &operator(),
        wave,
        &bytes,
        Options { dry_run, skip_bad },
    )
    .await
    {
        Ok(imported) => {
            list(file, &imported.bad);
            let verb = if dry_run {
                "would be counted (dry run)"
            } else {
                "counted"
            };
            println!(
                "Responses {verb}: {}. Rows left out: {}.",
                imported.counted,
                imported.bad.len()
            );
            let fails = !imported.bad.is_empty() && !skip_bad;
            Ok(if fails {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            })
        }
        Err(ImportError::BadRows(bad)) => {
            list(file, &bad);
            Err(ImportError::BadRows(bad).into())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn counts(
    services: &Arc<Services>,
    wave: &WaveKey,
    file: &Path,
    dry_run: bool,
) -> Outcome {
    let bytes = read(file)?;
    match import_counts::import(services, &operator(), wave, &bytes, dry_run).await {
        Ok(imported) => {
            let verb = if dry_run {
                "would be counted (dry run)"
            } else {
                "counted"
            };
            println!(
                "People {verb}: {}, on count sheets: {}.",
                imported.people, imported.sheets
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportCountsError::BadRows(bad)) => {
            list(file, &bad);
            Err(ImportCountsError::BadRows(bad).into())
        }
        Err(error) => Err(error.into()),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

fn list(file: &Path, bad: &[BadRow]) {
    for row in bad {
        println!("{}: {row}", file.display());
    }
}
