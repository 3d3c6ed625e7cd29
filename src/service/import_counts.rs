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

/// One sheet a channel of the file.
fn read(file: &CsvFile, asked: &Asked) -> Result<Vec<CountSheet>, ImportCountsError> {
    let column = |name| {
        file.column(name)
            .ok_or(ImportCountsError::ColumnMissing(name))
    };
    let columns = [
        column("channel")?,
        column("item")?,
        column("option")?,
        column("count")?,
    ];
    let survey = &asked.survey.survey;
    let mut bad = Vec::new();
    let mut drafts: BTreeMap<Channel, Draft> = BTreeMap::new();
    for row in &file.rows {
        if let Some(fault) = row.fault(file) {
            bad.push(fault);
            continue;
        }
        if let Err((code, message)) = note(&mut drafts, survey, row, columns, asked) {
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

fn note(
    drafts: &mut BTreeMap<Channel, Draft>,
    survey: &Survey,
    row: &Row,
    [channel, item, option, count]: [usize; 4],
    asked: &Asked,
) -> Result<(), (&'static str, String)> {
    let channel: Channel = row
        .cell(channel)
        .parse()
        .map_err(|error| ("I-CHANNEL", format!("{error}")))?;
    if !asked.wave.spec.channels.contains(&channel) {
        return Err(("I-CHANNEL", format!("this wave has no {channel} channel")));
    }
    let count: u64 = row.cell(count).parse().map_err(|_| {
        (
            "I-COUNT",
            format!("“{}” is not a whole number of people", row.cell(count)),
        )
    })?;
    let draft = drafts.entry(channel).or_insert_with(|| Draft::new(survey));
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
