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
        roll::{Address, Group, Name, Person, RollFault, RollKey, Verdict},
        text::one_line,
        wave::{AccessRule, Wave, WaveState},
    },
    store::{self, StoreError},
};

/// Most people of one roll: what one machine prints letters for.
pub const MOST_PEOPLE: usize = 200_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// People who were added.
    pub people: u64,
    /// People who were on the roll already, or stand twice in the file.
    pub known: u64,
    /// Those of them who were taken off the roll after a code was made.
    pub removed: u64,
    /// Lines of people who look like somebody else: one e-mail address, or one address and one last
    /// word of the name.
    pub alike: Vec<u64>,
}

/// Lines that one sentence names.
const MOST_LINES: usize = 50;

impl Imported {
    /// What whoever imports should know besides the numbers.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.removed > 0 {
            let verb = if self.removed == 1 { "was" } else { "were" };
            notes.push(format!(
                "Of those, {} {verb} taken off the roll after a code was made, and {verb} not put back.",
                self.removed
            ));
        }
        if !self.alike.is_empty() {
            let shown = self.alike.iter().take(MOST_LINES);
            let lines: Vec<String> = shown.map(ToString::to_string).collect();
            let more = match self.alike.len().saturating_sub(MOST_LINES) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            notes.push(format!(
                "Rows that look alike (one e-mail address, or one address and surname): {}. See whether they are different people: lines {}{more}.",
                self.alike.len(),
                lines.join(", ")
            ));
        }
        notes
    }
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
    let roll_key = services.keys.roll.clone();
    let result = store::write(&services.db, move |tx| {
        async move {
            let (wave, imported) = add(tx, id, people, &roll_key).await?;
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
    people: Vec<(u64, Person)>,
    key: &RollKey,
) -> Result<(Wave, Imported), ImportRollError> {
    let (wave, _) = store::wave::lock(tx, id).await?;
    takes_people(&wave)?;
    let (mut standing, rows) = store::roll::standing(tx, id, key).await?;
    let mut imported = Imported::default();
    for (line, person) in people {
        match standing.meet(line, person) {
            Verdict::New => imported.people += 1,
            Verdict::Known => imported.known += 1,
            Verdict::TakenOff => {
                imported.known += 1;
                imported.removed += 1;
            }
        }
    }
    let changes = standing.changes();
    if rows + changes.new.len() > MOST_PEOPLE {
        return Err(ImportRollError::TooMany);
    }
    for (row, person) in &changes.filled {
        store::roll::fill(tx, id, *row, person, key).await?;
    }
    let after = store::roll::last_serial(tx, id).await?;
    store::roll::add(tx, id, after, &changes.new, key).await?;
    imported.alike = changes.alike;
    Ok((wave, imported))
}

/// The people of a file with their lines, or every fault in it.
fn read(file: &[u8]) -> Result<Vec<(u64, Person)>, ImportRollError> {
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
            Ok(person) => people.push((row.line, person)),
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
