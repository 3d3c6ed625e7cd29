//! Pabulib's `.pb` files: elections in participatory budgeting, as the world exchanges them.
//!
//! A file is text in UTF-8 with three sections, META (keys and values), PROJECTS and VOTES (tables
//! with a header line); cells stand between semicolons, with the double quotes of CSV, and the items
//! of a list between commas. Source: Faliszewski, Flis, Peters, Pierczyński, Skowron, Stolicki,
//! Szufa and Talmon, “Participatory Budgeting: Data, Tools, and Analysis”, 2023, and the format page
//! of Pabulib.
//!
//! [`scan`] walks over the bytes once, checks everything and makes lists of positions for a tally.
//! [`Scan::to_file`] keeps every cell besides, and [`write`] turns that into text again. Neither
//! stops at the first fault, and no ballot is ever dropped: what is odd about one is reported as a
//! warning, and what makes a ballot unreadable is an error of the whole file.

mod ballots;
mod code;
mod decimal;
mod fault;
mod id_index;
mod limits;
mod marks;
mod meta;
mod number;
mod projects;
mod published;
mod read_meta;
mod rows;
mod sections;
mod table;
mod terms;
mod voter;
mod voters;
mod votes;
mod write;

use std::ops::Range;

pub use ballots::{Ballot, Ballots, VotingMethod};
pub use code::{Code, Severity};
pub use decimal::{Decimal, DecimalError, MAX_SCALE, MAX_WHOLE};
pub use fault::{Fault, Findings, MOST_LISTED};
pub use meta::{Meta, MetaError};
pub use projects::{MAX_PROJECTS, Project, WITHDRAWN_COST};
pub use table::{Table, TableError};
pub use terms::{Bounds, PbDate, Terms, VoteType};
pub use voter::{Age, Sex, Voter};
pub use votes::MAX_BALLOTS;
pub use write::write;

use self::{
    fault::Faults, id_index::IdIndex, limits::Limits, rows::Rows, sections::Sections,
    terms::Amounts,
};

/// Largest file, in bytes: some fifty times the largest in circulation.
pub const MAX_BYTES: usize = 1 << 28;

/// A whole file, every cell as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PbFile {
    pub meta: Meta,
    pub projects: Table,
    pub votes: Table,
}

/// A file without errors, ready to be tallied.
pub struct Scan<'t> {
    pub meta: Meta,
    pub terms: Terms,
    /// In the order of the file.
    pub projects: Vec<Project>,
    /// In the order of the file, one for each row of VOTES.
    pub ballots: Ballots,
    /// Warnings only.
    pub findings: Findings,
    text: &'t str,
    project_table: Table,
    vote_columns: Vec<String>,
    vote_rows: Range<usize>,
}

/// Reads a file for a tally. In case of an error the findings have every fault, warnings included.
pub fn scan(bytes: &[u8]) -> Result<Scan<'_>, Findings> {
    let text = text_of(bytes)?;
    let mut faults = Faults::new(text);
    let parts = sections::find(text, &mut faults);
    let scan = scan_sections(text, &parts, &mut faults);
    let findings = faults.into_findings();
    match scan {
        Some(scan) if !findings.has_errors() => Ok(Scan { findings, ..scan }),
        _ => Err(findings),
    }
}

/// Reads a file, every cell as it was written, with the warnings about it.
pub fn read(bytes: &[u8]) -> Result<(PbFile, Findings), Findings> {
    let scan = scan(bytes)?;
    Ok((scan.to_file(), scan.findings))
}

/// The bytes as text, without the byte order mark that some programs begin a file with.
fn text_of(bytes: &[u8]) -> Result<&str, Findings> {
    if bytes.len() > MAX_BYTES {
        let message = format!("the file has more than {MAX_BYTES} bytes");
        return Err(fault::alone(Code::FileTooLarge, (1, 1), "", message));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (sound, rest) = bytes.split_at(error.valid_up_to());
        let sound = String::from_utf8_lossy(sound);
        let line = sound.matches('\n').count() + 1;
        let column = sound
            .rsplit('\n')
            .next()
            .map_or(0, |last| last.chars().count())
            + 1;
        let excerpt = String::from_utf8_lossy(&rest[..rest.len().min(20)]);
        let message = "this is not UTF-8".to_owned();
        fault::alone(Code::NotUtf8, (line, column), &excerpt, message)
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// None only where a fault was reported.
fn scan_sections<'t>(text: &'t str, parts: &Sections, faults: &mut Faults<'_>) -> Option<Scan<'t>> {
    let placed = parts
        .meta
        .as_ref()
        .map(|part| read_meta::read(part, text, faults));
    let mut projects = parts
        .projects
        .as_ref()
        .and_then(|part| projects::read(part, text, faults));
    let placed = placed?;
    let amounts = Amounts::read(&placed, faults);
    let scale = projects.as_ref().map_or(0, projects::Read::scale);
    let terms = terms::terms(&placed, &amounts, amounts.scale().max(scale), faults);
    if let Some(read) = &mut projects {
        projects::settle_costs(read, &terms, faults);
        projects::check_ids(read, faults);
    }
    let known = projects.as_ref().map_or(&[][..], |read| &read.projects);
    let ids = known.iter().map(|project| project.id.as_str()).collect();
    let setting = votes::Setting {
        text,
        vote_type: terms.vote_type,
        index: &IdIndex::new(ids),
        projects: known.len(),
        limits: Limits::new(&terms, known),
    };
    let votes = parts
        .votes
        .as_ref()
        .and_then(|part| votes::read(part, &setting, faults));
    let (projects, votes) = (projects?, votes?);
    published::check(&placed, &terms, &projects, &votes, faults);
    Some(Scan {
        meta: placed.meta,
        terms,
        projects: projects.projects,
        ballots: votes.ballots,
        findings: Findings::default(),
        text,
        project_table: projects.table,
        vote_columns: votes.header.names,
        vote_rows: votes.header.rows,
    })
}

impl Scan<'_> {
    /// The names of the columns of VOTES.
    pub fn vote_columns(&self) -> &[String] {
        &self.vote_columns
    }

    /// Every cell of the file as it was written. Walks over the ballots once more.
    pub fn to_file(&self) -> PbFile {
        let width = self.vote_columns.len();
        let mut votes = Table::of(&self.vote_columns);
        let mut rows = Rows::new(self.text, self.vote_rows.clone());
        while rows.advance() {
            if !rows.is_blank() {
                let cells = rows.cells().iter().take(width);
                // The row fits: otherwise there would be no scan.
                let _ = votes.push(cells.map(|cell| cell.text(self.text)));
            }
        }
        PbFile {
            meta: self.meta.clone(),
            projects: self.project_table.clone(),
            votes,
        }
    }
}
