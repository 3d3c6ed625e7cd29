//! Just enough of the Pabulib format to read the shared elections in tests and benches.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use countmein::{
    domain::money::Money,
    tally::budget::{
        election::Election,
        profile::{BallotKind, ProfileBuilder, RankWeights},
        project::{Project, ProjectId},
    },
};

pub const MINOR: u64 = 100;

/// The folder of shared elections, if it is there.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pb");
    folder.is_dir().then_some(folder)
}

/// Splits a line at semicolons outside quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("a cell").push(c),
        }
    }
    cells
}

fn money(text: &str) -> Money {
    let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
    let minor: u64 = format!("{whole}{cents:0<2}").parse().expect("an amount");
    Money::from_minor(minor).expect("an amount that we can count")
}

fn kind(vote_type: &str, rank_weights: &RankWeights) -> BallotKind {
    match vote_type {
        "approval" => BallotKind::Approval,
        "choose-1" => BallotKind::ChooseOne,
        "cumulative" => BallotKind::Cumulative,
        "scoring" => BallotKind::Scoring,
        "ordinal" => BallotKind::Ranking {
            weights: rank_weights.clone(),
        },
        other => panic!("unknown vote_type {other}"),
    }
}

/// Channel 0 is the internet (and whatever is not said), channel 1 paper.
pub fn read(path: &Path, rank_weights: &RankWeights) -> Election {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let mut section = "";
    let mut header: Vec<String> = Vec::new();
    let mut meta: HashMap<String, String> = HashMap::new();
    let mut projects: Vec<Project> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut builder = None;
    let mut ballot_kind = BallotKind::Approval;
    for line in text.trim_start_matches('\u{feff}').lines() {
        if ["META", "PROJECTS", "VOTES"].contains(&line) {
            section = line;
            header.clear();
            continue;
        }
        let row = cells(line);
        if header.is_empty() {
            header = row;
            continue;
        }
        let column = |name: &str| {
            let place = header.iter().position(|h| h.trim() == name)?;
            row.get(place).map(|cell| cell.trim().to_owned())
        };
        match section {
            "META" => {
                meta.insert(row[0].clone(), row[1].trim().to_owned());
            }
            "PROJECTS" => {
                let id = column("project_id").expect("an id");
                places.insert(id.clone(), projects.len());
                let cost = money(&column("cost").expect("a cost"));
                projects.push(Project::new(ProjectId::new(id).expect("an id"), cost));
            }
            _ => {
                let builder = builder.get_or_insert_with(|| {
                    ballot_kind = kind(&meta["vote_type"], rank_weights);
                    ProfileBuilder::new(projects.len())
                });
                let items = |name: &str| -> Vec<String> {
                    let cell = column(name).unwrap_or_default();
                    let items = cell.split(',').map(str::trim).filter(|i| !i.is_empty());
                    items.map(str::to_owned).collect()
                };
                let chosen: Vec<usize> = items("vote").iter().map(|id| places[id]).collect();
                // Kraków prints the points of a ranking; they follow from the places.
                let points: Vec<u64> = match ballot_kind {
                    BallotKind::Cumulative | BallotKind::Scoring => items("points")
                        .iter()
                        .map(|p| p.parse().expect("points"))
                        .collect(),
                    _ => Vec::new(),
                };
                let paper = column("voting_method").as_deref() == Some("paper");
                builder
                    .add(&ballot_kind, &chosen, &points, usize::from(paper), 1)
                    .expect("a ballot");
            }
        }
    }
    let profile = builder.expect("votes").build();
    Election::new(projects, money(&meta["budget"]), MINOR, profile).expect("an election")
}
