//! Documents for paper as files: HTML as it is, PDF by way of Chromium.

mod chromium;
mod letters;
mod pdf_file;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

pub use self::{
    chromium::{Tags, pages, pdf},
    letters::{LettersJob, Papers, letters_pdf},
    pdf_file::Sides,
};
use super::{CommandError, Outcome};
use crate::{
    config::PrintConfig,
    domain::{key::WaveKey, text::Lang},
    service::{Services, lookup},
    view::print::{PrintError, PrintOptions, PrintSize, Styles, questionnaire_html},
};

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
    #[error("{program} made no PDF within {seconds} seconds")]
    TooSlow { program: PathBuf, seconds: u64 },
    #[error(transparent)]
    Other(#[from] pdf_file::OtherPdf),
    #[error(
        "some letters have more pages than others: shorten the longest names and addresses, or print letters and papers into two files"
    )]
    UnequalLetters,
    #[error(transparent)]
    Document(#[from] PrintError),
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
    write_either(out, html, || pdf(html, Tags::Yes, config))
}

/// Writes letters to a new file. In HTML they come without papers, which are a document of their own.
pub fn write_letters(
    job: &LettersJob,
    papers: Papers,
    out: &Path,
    config: &PrintConfig,
) -> Result<Written, PrintFileError> {
    write_either(out, &job.html()?, || letters_pdf(job, papers, config))
}

fn write_either(
    out: &Path,
    html: &str,
    pdf: impl FnOnce() -> Result<Vec<u8>, PrintFileError>,
) -> Result<Written, PrintFileError> {
    let ending = out.extension().and_then(|ending| ending.to_str());
    match ending {
        Some("html") => {
            create(out, html.as_bytes())?;
            Ok(Written::Html { path: out.into() })
        }
        Some("pdf") if out.exists() => Err(PrintFileError::Exists(out.into())),
        Some("pdf") => match pdf() {
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
        None => Lang::first_of(offered),
        Some(lang) if offered.contains(&lang) => lang,
        Some(lang) => {
            let offered: Vec<&str> = offered.iter().map(Lang::as_str).collect();
            let offered = offered.join(", ");
            return Err(format!("the survey is not offered in {lang}, but in {offered}").into());
        }
    };
    Ok(PrintOptions {
        lang,
        size: PrintSize::large_if(large),
        styles: Styles::Inline,
    })
}
