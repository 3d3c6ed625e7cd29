//! Survey files: checking and loading; and the copy of the database.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use super::{CommandError, Outcome, operator};
use crate::{
    domain::{
        audit::Act,
        survey::SurveyPlan,
        survey_file::{self, Fault, Severity},
    },
    service::{
        Services, audited,
        load_survey::{self, Loaded},
    },
    store,
};

pub fn check(files: &[PathBuf]) -> ExitCode {
    let mut good = true;
    for file in files {
        match read(file) {
            Ok((_, warnings)) => {
                report(file, &warnings);
                println!("{}: good, warnings: {}", file.display(), warnings.len());
            }
            Err(faults) => {
                good = false;
                println!("{faults}");
            }
        }
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A survey file without errors, and its warnings.
pub fn read(file: &Path) -> Result<(SurveyPlan, Vec<Fault>), CommandError> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("{}: cannot be read: {error}", file.display()))?;
    read_text(&file.display().to_string(), &text)
}

pub fn read_text(name: &str, text: &str) -> Result<(SurveyPlan, Vec<Fault>), CommandError> {
    match survey_file::read(text) {
        Ok(checked) => Ok((checked.plan, checked.warnings)),
        Err(faults) => {
            let errors = faults
                .iter()
                .filter(|f| f.severity == Severity::Error)
                .count();
            let lines: Vec<String> = faults
                .iter()
                .map(|fault| format!("{name}: {fault}"))
                .collect();
            Err(format!(
                "{}
{name}: not usable, errors: {errors}",
                lines.join("\n")
            )
            .into())
        }
    }
}

fn report(file: &Path, faults: &[Fault]) {
    for fault in faults {
        println!("{}: {fault}", file.display());
    }
}

pub async fn load(services: &Arc<Services>, files: &[PathBuf]) -> Outcome {
    for file in files {
        let (plan, warnings) = read(file)?;
        report(file, &warnings);
        let loaded = load_survey::load(services, &operator(), plan)
            .await
            .map_err(|error| format!("{}: {error}", file.display()))?;
        for wave in loaded {
            match wave {
                Loaded::Added(wave) => {
                    println!("{wave}: added as a draft; next: countmein open {wave}");
                }
                Loaded::DraftReplaced(wave) => println!("{wave}: draft replaced"),
                Loaded::Unchanged(wave) => println!("{wave}: unchanged"),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn backup(services: &Services, file: &Path) -> Outcome {
    if file.exists() {
        return Err(format!("{} exists already: name a new file", file.display()).into());
    }
    let name = file
        .to_str()
        .ok_or("the name of the file is not plain text")?;
    // First: a copy of everything is not made without leaving a trace in what it copies.
    audited::note_done(services, &operator(), Act::DatabaseCopied).await?;
    store::backup(&services.db, name).await?;
    for_owner_alone(file)?;
    println!(
        "The database was copied to {name}. The secret key is not in it: keep a copy of it apart."
    );
    Ok(ExitCode::SUCCESS)
}

/// A copy has in it whatever the database has.
fn for_owner_alone(file: &Path) -> Result<(), CommandError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
