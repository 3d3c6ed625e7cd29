//! `countmein tally`: counts a Pabulib file under any rule. Needs no settings and no database.

mod amount;
mod count;
mod flags;
mod grid;
mod json;
mod json_explain;
mod json_parameters;
mod notes;
mod rule;
mod table;
mod table_certainty;
mod table_explain;
mod words;

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    path::Path,
    process::ExitCode,
};

pub use flags::Args;

use super::CommandError;
use crate::domain::pb_file::{self, Findings, MAX_BYTES, Scan, Severity};
use count::Counted;

/// There is no outcome: the file, the flags or the two together cannot be counted.
const REFUSED: u8 = 2;

pub fn run(args: &Args) -> ExitCode {
    match tally(args).and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reasons) => {
            eprintln!("{reasons}");
            ExitCode::from(REFUSED)
        }
    }
}

fn tally(args: &Args) -> Result<String, CommandError> {
    let name = args.file.display().to_string();
    let bytes = read(&args.file).map_err(|error| format!("{name}: cannot be read: {error}"))?;
    let scan = pb_file::scan(&bytes).map_err(|found| not_usable(&name, &found))?;
    let counted = Counted::new(&bytes, &scan, args).map_err(|error| format!("{name}: {error}"))?;
    let notes = notes::notes(&counted);
    let extras = counted
        .extras(args)
        .map_err(|error| format!("{name}: {error}"))?;
    let text = if args.json {
        json::write(&counted, &extras, &notes)?
    } else {
        table::write(&counted, &extras)
    };
    if let Some(out) = &args.export {
        export(&scan, out)?;
    }
    if !args.json {
        eprint!("{}", lines(&name, &scan.findings));
    }
    for note in notes {
        eprintln!("note: {note}");
    }
    Ok(text)
}

/// The file as far as we would read it: one byte too many is enough to refuse it.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    fs::File::open(file)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn lines(name: &str, findings: &Findings) -> String {
    let mut lines = String::new();
    for line in findings.to_string().lines() {
        lines.extend([name, ": ", line, "\n"]);
    }
    lines
}

fn not_usable(name: &str, findings: &Findings) -> String {
    format!(
        "{}{name}: not usable, errors: {}",
        lines(name, findings),
        findings.total(Severity::Error)
    )
}

fn export(scan: &Scan<'_>, out: &Path) -> Result<(), CommandError> {
    let text = pb_file::write(&scan.to_file());
    let written = fs::File::create_new(out).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::AlreadyExists => "exists already: name a new file".to_owned(),
            _ => format!("cannot be written: {error}"),
        };
        format!("{}: {reason}", out.display()).into()
    })
}

/// A reader who has seen enough and closed the pipe is no fault.
fn print(text: &str) -> Result<(), CommandError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
