//! Chromium as a printer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::PrintFileError;
use crate::config::PrintConfig;

/// Looked for on the path, in this order, where the settings name no program.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A thousand letters take less than a minute.
const PATIENCE: Duration = Duration::from_mins(10);

/// Whether the PDF says what is a heading and what is a table, for people who have it read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tags {
    Yes,
    /// For what goes to a printer.
    No,
}

/// Prints a self-contained document with Chromium, in a folder that is gone afterwards.
pub fn pdf(html: &str, tags: Tags, config: &PrintConfig) -> Result<Vec<u8>, PrintFileError> {
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
    let mut child = command(&program, &folder, tags)
        .map_err(file)?
        .spawn()
        .map_err(start)?;
    if !wait(&mut child, PATIENCE).map_err(file)? {
        return Err(PrintFileError::TooSlow {
            program,
            seconds: PATIENCE.as_secs(),
        });
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
fn command(program: &Path, folder: &TempDir, tags: Tags) -> std::io::Result<Command> {
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
    if tags == Tags::No {
        command.arg("--disable-pdf-tagging");
    }
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
