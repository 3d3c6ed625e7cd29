//! The command line: one variant a command, each a thin call of a use case.

mod audit;
mod codes;
mod demo;
mod import;
pub mod print;
mod privacy;
mod published;
mod reliability;
mod requests;
mod serve;
mod settings;
mod staff;
mod surveys;
mod tally;
mod waves;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    app::App,
    config::DEFAULT_FILE,
    domain::{
        audit::Actor,
        key::{ItemKey, WaveKey},
    },
    service::export_pb,
};

/// Anything that ends a command early, with a message for the person who gave it.
pub type CommandError = Box<dyn std::error::Error + Send + Sync>;
type Outcome = Result<ExitCode, CommandError>;

/// Asks people what they think and what should come first, and proves that every voice was counted
/// once.
#[derive(Debug, Parser)]
#[command(name = "countmein", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    settings: settings::Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve with sample surveys and responses, to look around
    Demo {
        /// Folder of the survey files to load
        #[arg(long, default_value = "surveys")]
        surveys: PathBuf,
    },
    /// Serve what has been loaded
    Serve,
    /// Check survey files and report every fault
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Load survey files: their waves become drafts
    Load {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Count a participatory-budgeting file (Pabulib's .pb) under any rule: who is funded, and why
    Tally(Box<tally::Args>),
    /// List the waves and their states
    Waves,
    /// Open a wave: its wording is fixed from now on
    Open { wave: WaveKey },
    /// End the taking of answers, close the wave and put its summary into the outbox
    Close { wave: WaveKey },
    #[command(flatten)]
    TwoPeople(requests::Command),
    /// Import responses: one row a person, one column an item, a channel column
    Import {
        wave: WaveKey,
        file: PathBuf,
        /// Check everything, write nothing
        #[arg(long)]
        dry_run: bool,
        /// Import the good rows; every row needs a ref, so that the mended file can follow
        #[arg(long)]
        skip_bad: bool,
    },
    /// Import the totals of a meeting: columns channel, item, option and count
    ImportCounts {
        wave: WaveKey,
        file: PathBuf,
        /// Check everything, write nothing
        #[arg(long)]
        dry_run: bool,
    },
    #[command(flatten)]
    Codes(codes::CodesCommand),
    /// Print the report of a wave
    Report {
        wave: WaveKey,
        /// As JSON (docs/report-json.md) instead of a table (CSV)
        #[arg(long)]
        json: bool,
    },
    /// Say how well the statements of each declared measure of a closed wave hang together
    Reliability { wave: WaveKey },
    /// Find the numbers of people that published whole per cents fit (CSV: headings, then a name and
    /// per cents in each row)
    FitPercentages {
        file: PathBuf,
        /// Largest number of people to try
        #[arg(long, default_value_t = 150)]
        limit: u64,
        /// Also print what the ranges would be if so many people had answered each row
        #[arg(long)]
        assume: Option<u64>,
    },
    /// Write the ballots of a closed wave as a Pabulib file (.pb), for other programs to count again
    ExportPb {
        wave: WaveKey,
        file: PathBuf,
        /// Which ballot, if the survey has several
        #[arg(long)]
        item: Option<ItemKey>,
        /// What the file says of where the vote was held
        #[arg(long, default_value = "unknown")]
        country: String,
        /// City, district or community
        #[arg(long, default_value = "unknown")]
        unit: String,
    },
    /// Send the summary of a wave to an e-mail address when it closes
    Subscribe { wave: WaveKey, email: String },
    /// Work through the outbox once (a running server does it by itself)
    SendMail,
    /// Staff
    #[command(subcommand)]
    User(staff::UserCommand),
    /// The record of every act of staff
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Whom the letters and invitations of a wave go to
    #[command(subcommand)]
    Roll(privacy::RollCommand),
    /// What is kept under one e-mail address
    #[command(subcommand)]
    Person(privacy::PersonCommand),
    /// Remove what has been kept long enough (a running server does it by itself)
    Retention {
        /// Say what is due, remove nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Print every setting with its default, as a file to start from
    Config,
    /// Copy the SQLite database to a file, while it is in use
    Backup { file: PathBuf },
}

/// Whoever sits at the machine, as the audit log names them.
fn operator() -> Actor {
    Actor::command_line(&account_name())
}

fn account_name() -> String {
    let account = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    account.unwrap_or_default()
}

pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli) -> Outcome {
    let settings = cli.settings;
    match cli.command {
        Command::Config => {
            print!("{DEFAULT_FILE}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Check { files } => Ok(surveys::check(&files)),
        Command::FitPercentages {
            file,
            limit,
            assume,
        } => published::fit(&file, limit, assume),
        Command::Tally(args) => Ok(tally::run(&args)),
        Command::Demo { surveys } => demo::run(settings, &surveys).await,
        Command::Serve => serve::run(settings.config()?).await,
        command => {
            let config = settings.config()?;
            serve::start_log(&config.log, Some("warn"))?;
            let app = App::start(config).await?;
            let outcome = with_app(&app, command).await;
            app.finish().await;
            outcome
        }
    }
}

async fn with_app(app: &App, command: Command) -> Outcome {
    let services = &app.services;
    match command {
        Command::Load { files } => surveys::load(services, &files).await,
        Command::Waves => waves::list(services).await,
        Command::Open { wave } => waves::open(services, &wave).await,
        Command::Close { wave } => waves::close(app, &wave).await,
        Command::TwoPeople(command) => requests::run(services, command).await,
        Command::Import {
            wave,
            file,
            dry_run,
            skip_bad,
        } => import::responses(services, &wave, &file, dry_run, skip_bad).await,
        Command::ImportCounts {
            wave,
            file,
            dry_run,
        } => import::counts(services, &wave, &file, dry_run).await,
        Command::Codes(command) => codes::run(app, command).await,
        Command::Report { wave, json } => waves::report(services, &wave, json).await,
        Command::ExportPb {
            wave,
            file,
            item,
            country,
            unit,
        } => {
            let place = export_pb::Place { country, unit };
            waves::export_pb(services, &wave, item.as_ref(), &place, &file).await
        }
        Command::Reliability { wave } => reliability::print(services, &wave).await,
        Command::Subscribe { wave, email } => waves::subscribe(services, &wave, &email).await,
        Command::SendMail => waves::send_mail(app).await,
        Command::User(command) => staff::run(services, command).await,
        Command::Audit(command) => audit::run(services, command).await,
        Command::Roll(command) => privacy::roll(services, command).await,
        Command::Person(command) => privacy::person(services, command).await,
        Command::Retention { dry_run } => privacy::retention(services, dry_run).await,
        Command::Backup { file } => surveys::backup(services, &file).await,
        Command::Config
        | Command::Check { .. }
        | Command::Demo { .. }
        | Command::FitPercentages { .. }
        | Command::Tally(_)
        | Command::Serve => Err("this command does not work on the database".into()),
    }
}
