//! Importing the roll of a wave: a row a person. Every fault is told, and then nothing is taken; who
//! is known is not taken twice.

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    csv_file::{BadRow, CsvError, CsvFile, LONGEST, Row},
    lookup::{self, LookupError},
    subscribe::clean_address,
};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::WaveId,
        key::WaveKey,
        roll::{Address, Group, Name, Person, RollFault},
        text::one_line,
        wave::{AccessRule, Wave, WaveState},
    },
    store::{self, StoreError},
};

/// Most people of one roll: what one machine prints letters for.
pub const MOST_PEOPLE: usize = 200_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// People who were added.
    pub people: u64,
    /// People who were on the roll already, or stand twice in the file.
    pub known: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportRollError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(
        "wave “{0}” is open to everyone and needs no roll: its survey file says access = \"open\""
    )]
    NotByCode(WaveKey),
    #[error("wave “{wave}” is {state}: nobody could be invited to it any more")]
    Over { wave: WaveKey, state: &'static str },
    #[error(transparent)]
    Csv(#[from] CsvError),
    #[error(
        "column “{name}” is none of name, address (or address1 to address4), email and group: rename it or take it out",
        name = one_line(.0, LONGEST)
    )]
    UnknownColumn(String),
    #[error("there is no column “name”")]
    NoName,
    #[error("there is neither a column for the address nor one for the e-mail address")]
    NoWay,
    #[error("there are both a column “address” and columns such as “address1”: keep one kind")]
    TwoKindsOfAddress,
    #[error("the file has no rows")]
    NoRows,
    #[error("a roll has at most {MOST_PEOPLE} people")]
    TooMany,
    #[error("{} faults; nobody was taken", .0.len())]
    BadRows(Vec<BadRow>),
    #[error("nothing was written: this was a dry run")]
    DryRun(Imported),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A wave whose people can still be invited.
pub async fn wave_with_roll(services: &Services, key: &WaveKey) -> Result<Wave, ImportRollError> {
    let wave = lookup::find_now(services, key).await?.wave;
    takes_people(&wave)?;
    Ok(wave)
}

fn takes_people(wave: &Wave) -> Result<(), ImportRollError> {
    if wave.spec.access != AccessRule::Code {
        return Err(ImportRollError::NotByCode(wave.key.clone()));
    }
    match wave.state {
        WaveState::Draft(_) | WaveState::Open(_) => Ok(()),
        WaveState::Closed(_) | WaveState::Published(_) => Err(ImportRollError::Over {
            wave: wave.key.clone(),
            state: wave.state.name(),
        }),
    }
}

pub async fn import(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    file: &[u8],
    dry_run: bool,
) -> Result<Imported, ImportRollError> {
    let id = wave_with_roll(services, key).await?.id;
    let people = read(file)?;
    let recorder = Recorder::new(services, actor);
    let result = store::write(&services.db, move |tx| {
        async move {
            let (wave, imported) = add(tx, id, people).await?;
            if dry_run {
                return Err(ImportRollError::DryRun(imported));
            }
            let act = Act::RollImported {
                wave: wave.key,
                people: imported.people,
                known: imported.known,
            };
            recorder.note(tx, act).await?;
            Ok(imported)
        }
        .boxed()
    })
    .await;
    match result {
        Err(ImportRollError::DryRun(imported)) => Ok(imported),
        other => other,
    }
}

/// Under the lock of the wave, so that two imports give out no serial number twice.
async fn add(
    tx: &sea_orm::DatabaseTransaction,
    id: WaveId,
    people: Vec<Person>,
) -> Result<(Wave, Imported), ImportRollError> {
    let (wave, _) = store::wave::lock(tx, id).await?;
    takes_people(&wave)?;
    let mut known = store::roll::fingerprints(tx, id).await?;
    let all = people.len();
    let fresh: Vec<Person> = people
        .into_iter()
        .filter(|person| known.insert(person.fingerprint()))
        .collect();
    if known.len() > MOST_PEOPLE {
        return Err(ImportRollError::TooMany);
    }
    let after = store::roll::last_serial(tx, id).await?;
    store::roll::add(tx, id, after, &fresh).await?;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let imported = Imported {
        people: count(fresh.len()),
        known: count(all - fresh.len()),
    };
    Ok((wave, imported))
}

/// The people of a file, or every fault in it.
fn read(file: &[u8]) -> Result<Vec<Person>, ImportRollError> {
    let file = CsvFile::parse(file)?;
    let columns = Columns::of(&file)?;
    if file.rows.is_empty() {
        return Err(ImportRollError::NoRows);
    }
    if file.rows.len() > MOST_PEOPLE {
        return Err(ImportRollError::TooMany);
    }
    let mut people = Vec::with_capacity(file.rows.len());
    let mut bad = Vec::new();
    for row in &file.rows {
        if let Some(fault) = row.fault(&file) {
            bad.push(fault);
            continue;
        }
        match columns.read(row) {
            Ok(person) => people.push(person),
            Err(faults) => bad.extend(faults.into_iter().map(|fault| BadRow {
                line: row.line,
                code: fault.code(),
                message: fault.to_string(),
            })),
        }
    }
    if bad.is_empty() {
        Ok(people)
    } else {
        Err(ImportRollError::BadRows(bad))
    }
}

/// Where the file has what.
struct Columns {
    name: usize,
    address: AddressColumns,
    email: Option<usize>,
    group: Option<usize>,
}

enum AddressColumns {
    One(usize),
    Lines(Vec<usize>),
}

const LINES: [&str; 4] = ["address1", "address2", "address3", "address4"];

impl Columns {
    fn of(file: &CsvFile) -> Result<Self, ImportRollError> {
        let known = ["name", "address", "email", "group"];
        let unknown = |column: &&String| {
            let column = column.as_str();
            !known.contains(&column) && !LINES.contains(&column)
        };
        if let Some(column) = file.columns.iter().find(unknown) {
            let short = column.chars().take(40).collect();
            return Err(ImportRollError::UnknownColumn(short));
        }
        let lines: Vec<usize> = LINES.iter().filter_map(|line| file.column(line)).collect();
        let address = match file.column("address") {
            Some(_) if !lines.is_empty() => return Err(ImportRollError::TwoKindsOfAddress),
            Some(column) => AddressColumns::One(column),
            None => AddressColumns::Lines(lines),
        };
        let email = file.column("email");
        if email.is_none() && matches!(&address, AddressColumns::Lines(lines) if lines.is_empty()) {
            return Err(ImportRollError::NoWay);
        }
        Ok(Self {
            name: file.column("name").ok_or(ImportRollError::NoName)?,
            address,
            email,
            group: file.column("group"),
        })
    }

    fn read(&self, row: &Row) -> Result<Person, Vec<RollFault>> {
        let name = Name::new(row.cell(self.name));
        let address = match &self.address {
            AddressColumns::One(column) => Address::of_cell(row.cell(*column)),
            AddressColumns::Lines(lines) => Address::new(lines.iter().map(|line| row.cell(*line))),
        };
        let email = match self.email.map(|column| row.cell(column)) {
            None | Some("") => Ok(None),
            Some(typed) => clean_address(typed).map(Some).ok_or(RollFault::NotAnEmail),
        };
        let group = self
            .group
            .map_or(Ok(None), |column| Group::new(row.cell(column)));
        let no_way = matches!((&address, &email), (Ok(address), Ok(None)) if address.is_empty());
        match (name, address, email, group) {
            (Ok(name), Ok(address), Ok(email), Ok(group)) if !no_way => Ok(Person {
                name,
                address,
                email,
                group,
            }),
            (name, address, email, group) => {
                let mut faults: Vec<RollFault> =
                    [name.err(), address.err(), email.err(), group.err()]
                        .into_iter()
                        .flatten()
                        .collect();
                if no_way {
                    faults.push(RollFault::NoWay);
                }
                Err(faults)
            }
        }
    }
}
