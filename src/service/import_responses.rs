//! Importing responses from a CSV file: one row a person, one column an item, a channel column. All
//! or nothing, unless the caller says that bad rows may be left out.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    csv_file::{BadRow, CsvError, CsvFile, LONGEST, Row},
    lookup::{self, Asked, LookupError},
};
use crate::{
    domain::{
        access_code::AccessCode,
        answer::{Answers, Blanks, RawAnswers},
        audit::{Act, Actor},
        channel::Channel,
        key::WaveKey,
        receipt::{AdmissionKey, VisitToken},
        text::one_line,
        wave::{AccessRule, WaveState},
    },
    store::{
        self, StoreError,
        ledger::{Appended, Arrival, NewResponse},
    },
    tally::report::RefusalReason,
};

#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Check everything, write nothing.
    pub dry_run: bool,
    /// Import the good rows and report the others.
    pub skip_bad: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub counted: usize,
    pub bad: Vec<BadRow>,
}

impl Imported {
    fn act(&self, wave: &WaveKey, file_hash: String) -> Act {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        Act::ResponsesImported {
            wave: wave.clone(),
            counted: count(self.counted),
            left_out: count(self.bad.len()),
            file_hash,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Csv(#[from] CsvError),
    #[error(
        "column “{name}” is neither an item of this survey nor one of channel, ref and code; the items are: {1}",
        name = one_line(.0, LONGEST)
    )]
    UnknownColumn(String, String),
    #[error("there is no column “{0}”")]
    ColumnMissing(&'static str),
    #[error("the file has no rows")]
    NoRows,
    #[error("wave “{wave}” is {state}: responses can be imported only while it is open")]
    NotOpen { wave: WaveKey, state: &'static str },
    #[error(
        "leaving out bad rows needs a “ref” in every row (or a wave by code), so that the mended file can be imported again without counting anyone twice"
    )]
    SkipNeedsRef,
    #[error("this file has been imported into this wave before; nothing was imported")]
    ImportedBefore,
    #[error("{} of the rows cannot be imported; nothing was imported", .0.len())]
    BadRows(Vec<BadRow>),
    #[error("nothing was written: this was a dry run")]
    DryRun(Imported),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn import(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    file: &[u8],
    options: Options,
) -> Result<Imported, ImportError> {
    let asked = lookup::find_now(services, key).await?;
    let WaveState::Open(_) = asked.wave.state else {
        let state = asked.wave.state.name();
        return Err(ImportError::NotOpen {
            wave: key.clone(),
            state,
        });
    };
    let file = CsvFile::parse(file)?;
    let columns = Columns::of(&file, &asked)?;
    if file.rows.is_empty() {
        return Err(ImportError::NoRows);
    }
    let by_code = asked.wave.spec.access == AccessRule::Code;
    if options.skip_bad && !by_code && !columns.every_row_has_ref(&file) {
        return Err(ImportError::SkipNeedsRef);
    }
    let mut good = Vec::with_capacity(file.rows.len());
    let mut bad = Vec::new();
    for row in &file.rows {
        if let Some(fault) = row.fault(&file) {
            bad.push(fault);
            continue;
        }
        match columns.read(services, &asked, row) {
            Ok(response) => good.push((row.line, response)),
            Err(faults) => bad.extend(faults),
        }
    }
    let file_hash = services.keys.code.of_file(&file.sha256);
    let worker = Arc::clone(services);
    let recorder = Recorder::new(services, actor);
    let result = store::write(&services.db, move |tx| {
        async move {
            let imported = append(&worker, tx, &asked, &file_hash, good, bad, options).await?;
            recorder
                .note(tx, imported.act(&asked.wave.key, file_hash))
                .await?;
            Ok::<_, ImportError>(imported)
        }
        .boxed()
    })
    .await;
    match result {
        Err(ImportError::DryRun(imported)) => Ok(imported),
        other => other,
    }
}

async fn append(
    services: &Services,
    tx: &sea_orm::DatabaseTransaction,
    asked: &Asked,
    file_hash: &str,
    good: Vec<(u64, NewResponse)>,
    mut bad: Vec<BadRow>,
    options: Options,
) -> Result<Imported, ImportError> {
    let now = services.now();
    let entries = i64::try_from(good.len()).unwrap_or(i64::MAX);
    if !store::ledger::note_import(tx, asked.wave.id, file_hash, entries, now).await? {
        return Err(ImportError::ImportedBefore);
    }
    let (lines, responses): (Vec<u64>, Vec<NewResponse>) = good.into_iter().unzip();
    let mut rng = services.randomness.generator();
    let mut counted = 0;
    for (lines, responses) in lines.chunks(CHUNK).zip(responses.chunks(CHUNK)) {
        let outcomes = store::ledger::append(tx, responses, now, &mut rng).await?;
        for (line, outcome) in lines.iter().zip(outcomes) {
            match outcome {
                Appended::Counted => counted += 1,
                refused => bad.push(not_counted(*line, refused)),
            }
        }
    }
    bad.sort_by_key(|row| row.line);
    if !bad.is_empty() && !options.skip_bad && !options.dry_run {
        return Err(ImportError::BadRows(bad));
    }
    let imported = Imported { counted, bad };
    // Refusing the transaction is what makes the dry run exact: it has done all but commit.
    if options.dry_run {
        Err(ImportError::DryRun(imported))
    } else {
        Ok(imported)
    }
}

/// Responses of one append: its keys and rows have to fit the databases' limit on bound values.
const CHUNK: usize = 5_000;

fn not_counted(line: u64, outcome: Appended) -> BadRow {
    let (code, message) = match outcome {
        Appended::AlreadyAdmitted => ("I-REF", "this paper (ref) has been counted before"),
        Appended::CodeAlreadyCounted => (
            RefusalReason::CodeAlreadyCounted.as_str(),
            "this access code has been counted before",
        ),
        Appended::CodeUnknown => (
            RefusalReason::CodeUnknown.as_str(),
            "this access code was not issued for this wave",
        ),
        Appended::NotAccepting(_) | Appended::Counted => (
            "I-WAVE",
            "the wave does not take responses of this channel now",
        ),
    };
    BadRow {
        line,
        code,
        message: message.to_owned(),
    }
}

/// Where the file has what.
struct Columns {
    channel: usize,
    reference: Option<usize>,
    code: Option<usize>,
    /// Column and key of each item that the file has.
    items: Vec<(usize, String)>,
}

impl Columns {
    fn of(file: &CsvFile, asked: &Asked) -> Result<Self, ImportError> {
        let items: Vec<&str> = asked
            .survey
            .survey
            .items
            .iter()
            .map(|item| item.key.as_str())
            .collect();
        let mut found = Vec::with_capacity(items.len());
        for (index, column) in file.columns.iter().enumerate() {
            match column.as_str() {
                "channel" | "ref" | "code" => {}
                column if items.contains(&column) => found.push((index, column.to_owned())),
                other => {
                    return Err(ImportError::UnknownColumn(
                        other.to_owned(),
                        items.join(", "),
                    ));
                }
            }
        }
        let code = file.column("code");
        if asked.wave.spec.access == AccessRule::Code && code.is_none() {
            return Err(ImportError::ColumnMissing("code"));
        }
        Ok(Self {
            channel: file
                .column("channel")
                .ok_or(ImportError::ColumnMissing("channel"))?,
            reference: file.column("ref"),
            code,
            items: found,
        })
    }

    fn every_row_has_ref(&self, file: &CsvFile) -> bool {
        self.reference.is_some_and(|column| {
            file.rows
                .iter()
                .all(|row| row.fault(file).is_some() || !row.cell(column).is_empty())
        })
    }

    fn read(
        &self,
        services: &Services,
        asked: &Asked,
        row: &Row,
    ) -> Result<NewResponse, Vec<BadRow>> {
        let mut bad = Vec::new();
        let mut note = |code, message| {
            bad.push(BadRow {
                line: row.line,
                code,
                message,
            });
        };
        let channel = row.cell(self.channel).parse::<Channel>();
        match &channel {
            Err(error) => note("I-CHANNEL", error.to_string()),
            Ok(channel) if !asked.wave.spec.channels.contains(channel) => {
                note("I-CHANNEL", format!("this wave has no {channel} channel"));
            }
            Ok(_) => {}
        }
        let answers = Answers::check(&asked.survey.survey, &self.raw(row), Blanks::Allowed);
        if let Err(faults) = &answers {
            for fault in faults {
                note(fault.reason.code(), fault.to_string());
            }
        }
        let code = self
            .code
            .map(|column| row.cell(column).parse::<AccessCode>());
        let by_code = asked.wave.spec.access == AccessRule::Code;
        if let (true, Some(Err(error))) = (by_code, &code) {
            note("I-CODE", error.to_string());
        }
        let (Ok(channel), Ok(answers), true) = (channel, answers, bad.is_empty()) else {
            return Err(bad);
        };
        let token = VisitToken::random(&mut services.randomness.generator());
        let reference = self
            .reference
            .map(|column| row.cell(column))
            .filter(|r| !r.is_empty());
        Ok(NewResponse {
            wave: asked.wave.id,
            channel,
            admission: reference.map_or_else(
                || token.admission_key(),
                |reference| AdmissionKey::of_paper(&services.keys.code, asked.wave.id, reference),
            ),
            entitlement: code
                .filter(|_| by_code)
                .and_then(Result::ok)
                .map(|code| code.hash(&services.keys.code)),
            receipt: token.receipt(),
            answers: asked.survey.layout.encode(&answers),
            arrival: Arrival::EnteredByStaff,
        })
    }

    fn raw(&self, row: &Row) -> RawAnswers {
        self.items
            .iter()
            .map(|(column, item)| {
                let chosen = row
                    .cell(*column)
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect();
                (item.clone(), chosen)
            })
            .collect()
    }
}
