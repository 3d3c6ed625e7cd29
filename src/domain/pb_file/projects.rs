//! The PROJECTS section.

use std::{borrow::Cow, ops::Range};

use super::{
    code::Code,
    decimal::Decimal,
    fault::Faults,
    number,
    rows::{Cell, Rows},
    sections::{self, Header, Part},
    table::{Table, list, present},
    terms::Terms,
};

/// The cost that marks a project which was withdrawn.
pub const WITHDRAWN_COST: u32 = 999_999_999;

/// Most projects of a file.
pub const MAX_PROJECTS: usize = 100_000;

/// One project. Its row in the table of the file has the same position, and has what columns there
/// are besides these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub id: String,
    /// In units of `10^-money_scale`.
    pub cost: u64,
    /// The cost says that the project was withdrawn.
    pub is_withdrawn: bool,
    /// How many ballots name it, as published.
    pub votes: Option<u64>,
    /// Sum of its points, as published.
    pub score: Option<Decimal>,
    pub name: Option<String>,
    pub categories: Vec<String>,
    /// Whom it serves. Older files call the column `target`.
    pub beneficiaries: Vec<String>,
    /// 0 for no, 1 for yes, 2 and 3 for special reasons, as published.
    pub selected: Option<u8>,
    pub neighborhood: Option<String>,
    pub subunit: Option<String>,
    pub district: Option<String>,
    pub description: Option<String>,
    pub proposer: Option<String>,
    pub public_id: Option<String>,
    /// As written: a tally calculates nothing from places.
    pub latitude: Option<String>,
    pub longitude: Option<String>,
}

/// The section, before the scale of money is known.
pub(super) struct Read {
    pub(super) table: Table,
    pub(super) projects: Vec<Project>,
    pub(super) costs: Vec<Option<Decimal>>,
    /// Rows, those that could not be read included.
    pub(super) rows: usize,
    /// Where each row stands.
    pub(super) spans: Vec<Range<usize>>,
}

impl Read {
    /// The decimal places that the costs need.
    pub(super) fn scale(&self) -> u8 {
        let scales = self.costs.iter().flatten().map(|cost| cost.scale());
        scales.max().unwrap_or(0)
    }
}

/// None where the section has no header that could be read; this was reported.
pub(super) fn read(part: &Part, text: &str, faults: &mut Faults<'_>) -> Option<Read> {
    let header = Header::read(part, "PROJECTS", text, faults)?;
    let id = header.need("project_id", "PROJECTS", faults);
    let cost = header.need("cost", "PROJECTS", faults);
    let (Some(id), Some(cost), Ok(table)) = (id, cost, Table::new(header.names.clone())) else {
        return None;
    };
    let mut read = Read {
        table,
        projects: Vec::new(),
        costs: Vec::new(),
        rows: 0,
        spans: Vec::new(),
    };
    let mut rows = Rows::new(text, header.rows.clone());
    while rows.advance() {
        if !sections::is_sound(&rows, faults) {
            continue;
        }
        read.rows += 1;
        if !sections::fits(&rows, header.names.len(), text, faults) {
            continue;
        }
        if read.projects.len() == MAX_PROJECTS {
            faults.add(Code::TooManyRows, rows.span(), |_| {
                format!("there are more than {MAX_PROJECTS} projects")
            });
            break;
        }
        let row = Row {
            header: &header,
            cells: rows.cells(),
            text,
        };
        let Some(project) = row.project(id, faults) else {
            continue;
        };
        read.costs.push(row.number(cost, "cost", faults));
        read.projects.push(project);
        read.spans.push(rows.span());
        let cells = rows.cells().iter().take(header.names.len());
        // The row fits: its cells were counted.
        let _ = read.table.push(cells.map(|cell| cell.text(text)));
    }
    Some(read)
}

struct Row<'r> {
    header: &'r Header,
    cells: &'r [Cell],
    text: &'r str,
}

impl<'r> Row<'r> {
    fn cell(&self, column: usize) -> Cow<'r, str> {
        self.cells
            .get(column)
            .map_or(Cow::Borrowed(""), |cell| cell.text(self.text))
    }

    fn span(&self, column: usize) -> Range<usize> {
        self.cells.get(column).map_or(0..0, |cell| cell.span())
    }

    fn words(&self, name: &str) -> Option<String> {
        let cell = self.cell(self.header.column(name)?);
        present(&cell).map(str::to_owned)
    }

    fn list(&self, name: &str) -> Vec<String> {
        let cell = self.header.column(name).map(|column| self.cell(column));
        let cell = cell.as_deref().and_then(present).unwrap_or_default();
        list(cell).map(str::to_owned).collect()
    }

    fn number(&self, column: usize, name: &str, faults: &mut Faults<'_>) -> Option<Decimal> {
        number::read(faults, self.cell(column).trim(), self.span(column), name)
    }

    fn project(&self, id_column: usize, faults: &mut Faults<'_>) -> Option<Project> {
        let id = self.cell(id_column).trim().to_owned();
        if id.is_empty() {
            faults.add(Code::MissingProjectId, self.span(id_column), |_| {
                "the project has no id".to_owned()
            });
            return None;
        }
        let votes = self.header.column("votes").and_then(|column| {
            let cell = self.cell(column);
            number::read_count(faults, present(&cell)?, self.span(column), "votes")
        });
        let score = self.header.column("score").and_then(|column| {
            let cell = self.cell(column);
            number::read(faults, present(&cell)?, self.span(column), "score")
        });
        let beneficiaries = match self.header.column("beneficiaries") {
            Some(_) => self.list("beneficiaries"),
            None => self.list("target"),
        };
        Some(Project {
            id,
            cost: 0,
            is_withdrawn: false,
            votes,
            score,
            name: self.words("name"),
            categories: self.list("category"),
            beneficiaries,
            selected: self.selected(faults),
            neighborhood: self.words("neighborhood"),
            subunit: self.words("subunit"),
            district: self.words("district"),
            description: self.words("description"),
            proposer: self.words("proposer"),
            public_id: self.words("public_id"),
            latitude: self.words("latitude"),
            longitude: self.words("longitude"),
        })
    }

    fn selected(&self, faults: &mut Faults<'_>) -> Option<u8> {
        let column = self.header.column("selected")?;
        let cell = self.cell(column);
        let written = present(&cell)?;
        let selected = ["0", "1", "2", "3"]
            .iter()
            .zip(0..)
            .find(|(word, _)| **word == written);
        if selected.is_none() {
            faults.add(Code::UnknownSelected, self.span(column), |written| {
                format!("“selected” cannot be “{written}”")
            });
        }
        selected.map(|(_, selected)| selected)
    }
}

/// Gives every project its cost in the units of the file, and reports those that cannot be right.
pub(super) fn settle_costs(read: &mut Read, terms: &Terms, faults: &mut Faults<'_>) {
    let withdrawn = Decimal::whole(WITHDRAWN_COST);
    for ((project, cost), span) in read.projects.iter_mut().zip(&read.costs).zip(&read.spans) {
        let Some(cost) = *cost else {
            continue;
        };
        let span = span.clone();
        let units = cost.at_scale(terms.money_scale).unwrap_or(0);
        match u64::try_from(units) {
            Ok(units) if units > 0 => project.cost = units,
            _ => {
                faults.add(Code::CostNotPositive, span, |_| {
                    format!("the project “{}” costs {cost}", project.id)
                });
                continue;
            }
        }
        if cost == withdrawn {
            project.is_withdrawn = true;
            faults.add(Code::WithdrawnProject, span, |_| {
                format!("the project “{}” was withdrawn", project.id)
            });
            continue;
        }
        if project.cost > terms.budget {
            faults.add(Code::CostOverBudget, span.clone(), |_| {
                format!(
                    "the project “{}” costs more than the whole budget",
                    project.id
                )
            });
        }
        let bounds = terms.project_cost;
        if bounds.least.is_some_and(|least| project.cost < least)
            || bounds.most.is_some_and(|most| project.cost > most)
        {
            faults.add(Code::CostOutOfBounds, span, |_| {
                format!(
                    "the project “{}” costs {cost}, outside the bounds",
                    project.id
                )
            });
        }
    }
}

/// Reports ids that occur again.
pub(super) fn check_ids(read: &Read, faults: &mut Faults<'_>) {
    let mut seen = std::collections::HashSet::with_capacity(read.projects.len());
    for (project, span) in read.projects.iter().zip(&read.spans) {
        if !seen.insert(project.id.as_str()) {
            faults.add(Code::DuplicateProjectId, span.clone(), |_| {
                format!("there is another project “{}” above", project.id)
            });
        }
    }
}
