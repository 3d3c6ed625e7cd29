//! Importing a meeting's totals from a CSV file with the columns channel, item, option and count.
//! The row with the item `people` says how many people the totals come from.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    csv_file::{BadRow, CsvError, CsvFile, Row},
    lookup::{self, Asked, LookupError},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        channel::Channel,
        count_sheet::{CountSheet, CountSheetError},
        key::WaveKey,
        survey::Survey,
        wave::{AccessRule, WaveState},
    },
    store::{self, StoreError},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCounts {
    pub sheets: usize,
    pub people: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportCountsError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Csv(#[from] CsvError),
    #[error("there is no column “{0}”: the file needs channel, item, option and count")]
    ColumnMissing(&'static str),
    #[error("wave “{wave}” is {state}: totals can be imported only while it is open")]
    NotOpen { wave: WaveKey, state: &'static str },
    #[error(
        "wave “{0}” counts by access code, and totals of hands or dots cannot be checked against codes"
    )]
    ByCode(WaveKey),
    #[error("{} of the rows cannot be imported; nothing was imported", .0.len())]
    BadRows(Vec<BadRow>),
    #[error("the {channel} totals do not add up: {fault}; nothing was imported")]
    Sheet {
        channel: Channel,
        fault: CountSheetError,
    },
    #[error("the {0} totals have no row with the item “people” and the number of people present")]
    PeopleMissing(Channel),
    #[error("the file has no rows")]
    NoRows,
    #[error("this file has been imported into this wave before; nothing was imported")]
    ImportedBefore,
    #[error("nothing was written: this was a dry run")]
    DryRun(ImportedCounts),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn import(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    file: &[u8],
    dry_run: bool,
) -> Result<ImportedCounts, ImportCountsError> {
    let asked = lookup::find_now(services, key).await?;
    let WaveState::Open(_) = asked.wave.state else {
        let state = asked.wave.state.name();
        return Err(ImportCountsError::NotOpen {
            wave: key.clone(),
            state,
        });
    };
    if asked.wave.spec.access == AccessRule::Code {
        return Err(ImportCountsError::ByCode(key.clone()));
    }
    let file = CsvFile::parse(file)?;
    let sheets = read(&file, &asked)?;
    let imported = ImportedCounts {
        sheets: sheets.len(),
        people: sheets.iter().map(CountSheet::people).sum(),
    };
    let recorder = Recorder::new(services, actor);
    let now = recorder.now();
    let wave = key.clone();
    let id = asked.wave.id;
    let result = store::write(&services.db, move |tx| {
        async move {
            let entries = i64::try_from(sheets.len()).unwrap_or(i64::MAX);
            if !store::ledger::note_import(tx, id, &file.sha256, entries, now).await? {
                return Err(ImportCountsError::ImportedBefore);
            }
            let mut places = Vec::with_capacity(sheets.len());
            for sheet in &sheets {
                places.push(store::ledger::append_sheet(tx, id, sheet, now).await?);
            }
            let act = Act::CountsImported {
                wave,
                sheets: places,
                people: imported.people,
                sha256: file.sha256,
            };
            recorder.note(tx, act).await?;
            if dry_run {
                Err(ImportCountsError::DryRun(imported))
            } else {
                Ok(imported)
            }
        }
        .boxed()
    })
    .await;
    match result {
        Err(ImportCountsError::DryRun(imported)) => Ok(imported),
        other => other,
    }
}

/// The rows of one sheet of this channel: columns item, option and count.
pub fn read_sheet(
    text: &str,
    survey: &Survey,
    channel: Channel,
) -> Result<CountSheet, ImportCountsError> {
    let file = CsvFile::parse(text.as_bytes())?;
    let column = |name| {
        file.column(name)
            .ok_or(ImportCountsError::ColumnMissing(name))
    };
    let columns = [column("item")?, column("option")?, column("count")?];
    let mut draft = Draft::new(survey);
    let mut bad = Vec::new();
    for row in &file.rows {
        let noted = match row.fault(&file) {
            Some(fault) => Err((fault.code, fault.message)),
            None => note(&mut draft, survey, row, columns),
        };
        if let Err((code, message)) = noted {
            bad.push(BadRow {
                line: row.line,
                code,
                message,
            });
        }
    }
    if !bad.is_empty() {
        return Err(ImportCountsError::BadRows(bad));
    }
    let people = draft
        .people
        .ok_or(ImportCountsError::PeopleMissing(channel))?;
    CountSheet::new(survey, channel, people, draft.counts())
        .map_err(|fault| ImportCountsError::Sheet { channel, fault })
}

/// A sheet as [`read_sheet`] reads it.
pub fn write_sheet(sheet: &CountSheet, survey: &Survey) -> String {
    let mut text = format!("item,option,count\npeople,,{}\n", sheet.people());
    for (item, totals) in survey.items.iter().zip(sheet.counts()) {
        for (option, count) in item.option_keys().iter().zip(totals) {
            text.extend([
                item.key.as_str(),
                ",",
                option.as_str(),
                ",",
                &count.to_string(),
                "\n",
            ]);
        }
    }
    text
}

/// One sheet a channel of the file.
fn read(file: &CsvFile, asked: &Asked) -> Result<Vec<CountSheet>, ImportCountsError> {
    let column = |name| {
        file.column(name)
            .ok_or(ImportCountsError::ColumnMissing(name))
    };
    let channel_column = column("channel")?;
    let columns = [column("item")?, column("option")?, column("count")?];
    let survey = &asked.survey.survey;
    let mut bad = Vec::new();
    let mut drafts: BTreeMap<Channel, Draft> = BTreeMap::new();
    for row in &file.rows {
        if let Some(fault) = row.fault(file) {
            bad.push(fault);
            continue;
        }
        let noted = channel_of(row.cell(channel_column), asked).and_then(|channel| {
            let draft = drafts.entry(channel).or_insert_with(|| Draft::new(survey));
            note(draft, survey, row, columns)
        });
        if let Err((code, message)) = noted {
            bad.push(BadRow {
                line: row.line,
                code,
                message,
            });
        }
    }
    if !bad.is_empty() {
        return Err(ImportCountsError::BadRows(bad));
    }
    if drafts.is_empty() {
        return Err(ImportCountsError::NoRows);
    }
    drafts
        .into_iter()
        .map(|(channel, draft)| {
            let people = draft
                .people
                .ok_or(ImportCountsError::PeopleMissing(channel))?;
            let counts = draft.counts();
            CountSheet::new(survey, channel, people, counts)
                .map_err(|fault| ImportCountsError::Sheet { channel, fault })
        })
        .collect()
}

struct Draft {
    people: Option<u64>,
    /// By item and option; nothing where the file has no row.
    totals: Vec<Vec<Option<u64>>>,
}

impl Draft {
    fn new(survey: &Survey) -> Self {
        let totals = survey
            .items
            .iter()
            .map(|item| vec![None; item.option_keys().len()])
            .collect();
        Self {
            people: None,
            totals,
        }
    }

    /// An item without any row was not asked; an option without a row, where others have one, got
    /// nothing.
    fn counts(self) -> Vec<Vec<u64>> {
        self.totals
            .into_iter()
            .map(|totals| {
                if totals.iter().all(Option::is_none) {
                    Vec::new()
                } else {
                    totals.into_iter().map(Option::unwrap_or_default).collect()
                }
            })
            .collect()
    }
}

fn channel_of(cell: &str, asked: &Asked) -> Result<Channel, (&'static str, String)> {
    let channel: Channel = cell
        .parse()
        .map_err(|error| ("I-CHANNEL", format!("{error}")))?;
    if asked.wave.spec.channels.contains(&channel) {
        Ok(channel)
    } else {
        Err(("I-CHANNEL", format!("this wave has no {channel} channel")))
    }
}

fn note(
    draft: &mut Draft,
    survey: &Survey,
    row: &Row,
    [item, option, count]: [usize; 3],
) -> Result<(), (&'static str, String)> {
    let count: u64 = row.cell(count).parse().map_err(|_| {
        (
            "I-COUNT",
            format!("“{}” is not a whole number of people", row.cell(count)),
        )
    })?;
    let (item, option) = (row.cell(item), row.cell(option));
    let place = if item == "people" {
        &mut draft.people
    } else {
        let index = survey
            .items
            .iter()
            .position(|known| known.key.as_str() == item);
        let index =
            index.ok_or_else(|| ("I-ITEM", format!("“{item}” is not an item of this survey")))?;
        let option_index = survey.items[index].option_index(option).ok_or_else(|| {
            (
                "I-OPTION",
                format!("“{option}” is not an option of item “{item}”"),
            )
        })?;
        &mut draft.totals[index][option_index]
    };
    if place.replace(count).is_some() {
        return Err((
            "I-TWICE",
            format!("item “{item}” and option “{option}” stand twice"),
        ));
    }
    Ok(())
}
