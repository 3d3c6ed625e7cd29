//! Access codes from the command line: as lines, or on paper for the people of the roll.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, Subcommand};

use super::{
    CommandError, Outcome, operator,
    print::{self, LettersJob, Papers, PrintFileError, Sides, Written},
};
use crate::{
    app::App,
    domain::{
        channel::Channel, code_run::RunKind, id::CodeRunId, key::WaveKey, survey::Survey,
        text::Lang,
    },
    service::{
        Services, issue_codes, lookup,
        make_codes::{self, Wanted},
        print_codes::{self, Opened},
    },
    view::print::{PrintOptions, run_html, run_letters},
};

#[derive(Debug, Subcommand)]
pub enum CodesCommand {
    /// Make access codes for a wave; they are printed once and kept only as hashes
    Codes {
        wave: WaveKey,
        #[arg(long)]
        count: usize,
    },
    /// Write the paper questionnaire of a wave, to print: PDF (by Chromium) or HTML
    Questionnaire {
        wave: WaveKey,
        /// A new file that ends in .pdf or .html
        #[arg(long)]
        out: PathBuf,
        /// 18 pt instead of 14 pt
        #[arg(long)]
        large_print: bool,
        /// One of the languages of the survey [default: its first]
        #[arg(long)]
        lang: Option<Lang>,
    },
    /// Make voter cards, ten on a page: each code stands in the file alone
    Cards {
        wave: WaveKey,
        #[arg(long)]
        count: usize,
        #[command(flatten)]
        paper: Paper,
    },
    /// Make a letter with a code for everyone on the roll who has a postal address and no code yet
    Letters {
        wave: WaveKey,
        #[command(flatten)]
        paper: Paper,
    },
    /// Mail a code to everyone on the roll who has an e-mail address and no code yet
    Invite { wave: WaveKey },
}

/// A file of codes on paper.
#[derive(Debug, Args)]
pub struct Paper {
    /// The file to write: .pdf (with Chromium) or .html
    #[arg(long)]
    out: PathBuf,
    /// 18 pt instead of 14 pt
    #[arg(long)]
    large_print: bool,
    /// One of the survey's languages [default: its first]
    #[arg(long)]
    lang: Option<Lang>,
    /// Print a run again that was made before, and not yet forgotten
    #[arg(long)]
    run: Option<i64>,
}

pub async fn run(app: &App, command: CodesCommand) -> Outcome {
    match command {
        CodesCommand::Codes { wave, count } => list(&app.services, &wave, count).await,
        CodesCommand::Questionnaire {
            wave,
            out,
            large_print,
            lang,
        } => {
            let config = &app.config.print;
            print::questionnaire(&app.services, config, &wave, &out, large_print, lang).await
        }
        CodesCommand::Cards { wave, count, paper } => {
            print_run(app, &wave, Wanted::Cards(count), paper).await
        }
        CodesCommand::Letters { wave, paper } => {
            print_run(app, &wave, Wanted::Letters, paper).await
        }
        CodesCommand::Invite { wave } => invite(&app.services, &wave).await,
    }
}

async fn list(services: &Arc<Services>, wave: &WaveKey, count: usize) -> Outcome {
    for code in issue_codes::issue(services, &operator(), wave, count).await? {
        println!("{code}");
    }
    eprintln!("These codes are shown this once: only their hashes are kept.");
    Ok(ExitCode::SUCCESS)
}

/// One code for each person of the roll who has an e-mail address and no code yet.
async fn invite(services: &Arc<Services>, wave: &WaveKey) -> Outcome {
    let made = make_codes::make(services, &operator(), wave, Wanted::Mails).await?;
    println!(
        "Invitations in the outbox: {}. A running server sends them, or countmein send-mail.",
        made.codes
    );
    Ok(ExitCode::SUCCESS)
}

/// Makes codes, or takes those of an earlier run, and writes them to a file. What is in the file is
/// forgotten here: the run stays for another try only where the file could not be written.
async fn print_run(app: &App, wave: &WaveKey, wanted: Wanted, paper: Paper) -> Outcome {
    let services = &app.services;
    let survey = lookup::find_now(services, wave).await?.survey;
    let options = print::options(&survey.survey.languages, paper.large_print, paper.lang)?;
    print::check_name(&paper.out)?;
    let run = match paper.run {
        Some(run) => CodeRunId(run),
        None => {
            make_codes::make(services, &operator(), wave, wanted)
                .await?
                .run
        }
    };
    let again = |error: &dyn std::fmt::Display| -> CommandError {
        format!("{error}. The codes are kept as run {run}: mend it and add --run {run}").into()
    };
    let opened = print_codes::open(services, &operator(), wave, run).await?;
    let written = write_run(app, &survey.survey, &opened, &options, &paper.out);
    println!("{}", written.map_err(|error| again(&error))?);
    print_codes::forget(services, &operator(), wave, run).await?;
    println!(
        "Codes: {}. They stand in this file alone: delete it when everything is on its way.",
        opened.entries.len()
    );
    Ok(ExitCode::SUCCESS)
}

/// By post each letter takes its paper along. Two-sided printing is what most printers do unasked.
fn write_run(
    app: &App,
    survey: &Survey,
    opened: &Opened,
    options: &PrintOptions,
    out: &Path,
) -> Result<Written, PrintFileError> {
    let (wave, settings) = (&opened.asked.wave.spec, &app.config.print);
    let public_url = app.config.public_url.as_str();
    if opened.kind == RunKind::Letters && wave.channels.contains(&Channel::Postal) {
        let job = LettersJob {
            survey,
            wave,
            public_url,
            letters: &run_letters(&opened.entries),
            options,
        };
        return print::write_letters(&job, Papers::Behind(Sides::Both), out, settings);
    }
    let html = run_html(
        opened.kind,
        survey,
        wave,
        public_url,
        &opened.entries,
        options,
    )?;
    print::write(&html, out, settings)
}
