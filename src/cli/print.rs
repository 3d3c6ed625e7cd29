//! Documents for paper as files: HTML as it is, PDF by way of Chromium.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{CommandError, Outcome};
use crate::{
    config::PrintConfig,
    domain::{key::WaveKey, text::Lang},
    service::{Services, lookup},
    view::print::{PrintOptions, PrintSize, Styles, questionnaire_html},
};

/// Looked for on the path, in this order, where the settings name no program.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A thousand letters take less than a minute.
const PATIENCE: Duration = Duration::from_mins(10);

#[derive(Debug, thiserror::Error)]
pub enum PrintFileError {
    #[error("{0}: name a file that ends in .pdf or .html")]
    Ending(PathBuf),
    #[error("{0} is there already: name a new file")]
    Exists(PathBuf),
    #[error("{path}: {error}")]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("there is no Chromium: install it, or set print.chromium to its program")]
    NoChromium,
    #[error("{program} cannot be started: {error}")]
    Start {
        program: PathBuf,
        error: std::io::Error,
    },
    #[error("{program} made no PDF: {said}")]
    NoPdf { program: PathBuf, said: String },
    #[error("{program} made no PDF within {} seconds", PATIENCE.as_secs())]
    TooSlow { program: PathBuf },
}

/// A document in a file, which its owner alone may read: letters hold codes.
#[derive(Debug)]
pub enum Written {
    Pdf {
        path: PathBuf,
        pages: usize,
    },
    Html {
        path: PathBuf,
    },
    /// A PDF was asked for, and the document was kept as it is.
    HtmlInstead {
        path: PathBuf,
        why: PrintFileError,
    },
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pdf { path, pages } => write!(f, "{}: {pages} pages", path.display()),
            Self::Html { path } => write!(
                f,
                "{}: open it in a browser and print it, without headers and footers",
                path.display()
            ),
            Self::HtmlInstead { path, why } => write!(
                f,
                "{}: no PDF was made ({why}); open this file in a browser and print it, without headers and footers",
                path.display()
            ),
        }
    }
}

/// Refuses, before anything is made, a file that could not be written in the end.
pub fn check_name(out: &Path) -> Result<(), PrintFileError> {
    match out.extension().and_then(|ending| ending.to_str()) {
        Some("html" | "pdf") if out.exists() => Err(PrintFileError::Exists(out.into())),
        Some("html" | "pdf") => Ok(()),
        _ => Err(PrintFileError::Ending(out.into())),
    }
}

/// Writes a self-contained document to a new file, as its ending says.
pub fn write(html: &str, out: &Path, config: &PrintConfig) -> Result<Written, PrintFileError> {
    let ending = out.extension().and_then(|ending| ending.to_str());
    match ending {
        Some("html") => {
            create(out, html.as_bytes())?;
            Ok(Written::Html { path: out.into() })
        }
        Some("pdf") if out.exists() => Err(PrintFileError::Exists(out.into())),
        Some("pdf") => match pdf(html, config) {
            Ok(bytes) => {
                create(out, &bytes)?;
                Ok(Written::Pdf {
                    path: out.into(),
                    pages: pages(&bytes),
                })
            }
            Err(why) => {
                let path = out.with_extension("html");
                create(&path, html.as_bytes())?;
                Ok(Written::HtmlInstead { path, why })
            }
        },
        _ => Err(PrintFileError::Ending(out.into())),
    }
}

fn create(path: &Path, content: &[u8]) -> Result<(), PrintFileError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(content));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => PrintFileError::Exists(path.into()),
        _ => PrintFileError::File {
            path: path.into(),
            error,
        },
    })
}

/// Prints a self-contained document with Chromium, in a folder that is gone afterwards.
pub fn pdf(html: &str, config: &PrintConfig) -> Result<Vec<u8>, PrintFileError> {
    let program = chromium(config).ok_or(PrintFileError::NoChromium)?;
    let file = |error| PrintFileError::File {
        path: std::env::temp_dir(),
        error,
    };
    let folder = private_folder().map_err(file)?;
    fs::write(folder.path().join("page.html"), html).map_err(file)?;
    let start = |error| PrintFileError::Start {
        program: program.clone(),
        error,
    };
    let mut child = command(&program, &folder)
        .map_err(file)?
        .spawn()
        .map_err(start)?;
    if !wait(&mut child, PATIENCE).map_err(file)? {
        return Err(PrintFileError::TooSlow { program });
    }
    fs::read(folder.path().join("page.pdf")).map_err(|_| {
        let said = fs::read_to_string(folder.path().join("said")).unwrap_or_default();
        PrintFileError::NoPdf {
            program,
            said: said.lines().last().unwrap_or("it said nothing").to_owned(),
        }
    })
}

/// Letters hold codes: nobody else may look into the folder while they are printed.
fn private_folder() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        let owner: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        builder.permissions(owner);
    }
    builder.prefix("countmein-").tempdir()
}

fn chromium(config: &PrintConfig) -> Option<PathBuf> {
    if !config.chromium.as_os_str().is_empty() {
        return Some(config.chromium.clone());
    }
    let path = std::env::var_os("PATH")?;
    PROGRAMS.iter().find_map(|program| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(program))
            .find(|program| program.is_file())
    })
}

/// A browser of its own, with a profile that nobody else uses.
fn command(program: &Path, folder: &TempDir) -> std::io::Result<Command> {
    let place = folder.path();
    let mut command = Command::new(program);
    command
        .args([
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-pdf-header-footer",
        ])
        .arg(format!(
            "--user-data-dir={}",
            place.join("profile").display()
        ))
        .arg(format!(
            "--print-to-pdf={}",
            place.join("page.pdf").display()
        ));
    // Chromium's sandbox does not work for root.
    if is_root(place)? {
        command.arg("--no-sandbox");
    }
    command
        .arg(format!("file://{}", place.join("page.html").display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(place.join("said"))?);
    Ok(command)
}

/// Whether the folder that this process has just made belongs to root.
#[cfg(unix)]
fn is_root(folder: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata(folder)?.uid() == 0)
}

#[cfg(not(unix))]
fn is_root(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}

/// Whether the program ended by itself in this time; else it is stopped.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<bool> {
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(true)
}

/// The pages of a PDF as Chromium writes it, with one plain object a page.
pub fn pages(pdf: &[u8]) -> usize {
    let marker = b"/Type /Page";
    memchr::memmem::find_iter(pdf, marker)
        .filter(|place| pdf.get(place + marker.len()) != Some(&b's'))
        .count()
}

pub async fn questionnaire(
    services: &Services,
    config: &PrintConfig,
    wave: &WaveKey,
    out: &Path,
    large: bool,
    lang: Option<Lang>,
) -> Outcome {
    let asked = lookup::find_now(services, wave).await?;
    let survey = &asked.survey.survey;
    let options = options(&survey.languages, large, lang)?;
    let html = questionnaire_html(survey, &asked.wave.spec, &options)?;
    println!("{}", write(&html, out, config)?);
    Ok(ExitCode::SUCCESS)
}

/// How a document in a file is printed, in a language that the survey has.
pub fn options(
    offered: &[Lang],
    large: bool,
    lang: Option<Lang>,
) -> Result<PrintOptions, CommandError> {
    let lang = match lang {
        None => offered.first().cloned().unwrap_or_else(Lang::english),
        Some(lang) if offered.contains(&lang) => lang,
        Some(lang) => {
            let offered: Vec<&str> = offered.iter().map(Lang::as_str).collect();
            let offered = offered.join(", ");
            return Err(format!("the survey is not offered in {lang}, but in {offered}").into());
        }
    };
    Ok(PrintOptions {
        lang,
        size: if large {
            PrintSize::Large
        } else {
            PrintSize::Standard
        },
        styles: Styles::Inline,
    })
}
