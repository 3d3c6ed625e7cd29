//! A sheet of paper as form fields, in its order and layout: statements on one scale stand together
//! under the points of it, and a ballot has the numbers of its projects.

use super::{item_form::LiveCount, page::Page};
use crate::domain::{
    ballot::{BallotForm, BallotMethod},
    item::{Choice, Item, ItemKind, Scale},
    keying::{TypedFault, symbol_of},
    layout::Layout,
    survey::Survey,
};

/// What follows each other under one legend.
#[derive(Debug)]
pub(super) enum Part {
    Marks { points: Vec<Point>, rows: Vec<Row> },
    Ballot(Box<BallotField>),
}

/// One key, and what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub key: String,
    pub text: String,
}

#[derive(Debug)]
pub(super) struct Row {
    pub place: usize,
    pub number: usize,
    pub text: String,
    pub keys: Vec<String>,
    pub value: String,
    pub error: Option<String>,
}

#[derive(Debug)]
pub(super) struct BallotField {
    pub place: usize,
    pub number: usize,
    pub text: String,
    pub projects: Vec<ProjectLine>,
    /// Digits of a project's number.
    pub digits: usize,
    pub count: LiveCount,
    /// The most that may be marked, in words.
    pub most: String,
    pub value: String,
    pub error: Option<String>,
}

#[derive(Debug)]
pub(super) struct ProjectLine {
    pub number: usize,
    pub text: String,
    pub cost: String,
    pub minor: u64,
}

/// What was typed for the question that begins at a place, and what is wrong with it.
pub(super) struct Filled<'a> {
    pub typed: &'a dyn Fn(usize) -> String,
    pub faults: &'a [TypedFault],
}

pub(super) fn parts(survey: &Survey, page: &Page, filled: &Filled) -> Vec<Part> {
    let layout = Layout::of(survey);
    let mut parts = Vec::new();
    let mut scale_before: Option<&Scale> = None;
    for (index, (item, places)) in survey.items.iter().zip(layout.places()).enumerate() {
        let place = places.start;
        let scale = match &item.kind {
            ItemKind::Likert(scale) => Some(scale),
            _ => None,
        };
        if let ItemKind::Ballot(form) = &item.kind {
            let field = ballot(form, item, (index + 1, place), page, filled);
            parts.push(Part::Ballot(Box::new(field)));
        } else {
            let row = row(item, (index + 1, place), page, filled);
            match parts.last_mut() {
                Some(Part::Marks { rows, .. }) if scale.is_some() && scale == scale_before => {
                    rows.push(row);
                }
                _ => parts.push(Part::Marks {
                    points: points(item, page),
                    rows: vec![row],
                }),
            }
        }
        scale_before = scale;
    }
    parts
}

/// The keys of an item with one answer, and what each stands for.
pub(super) fn points(item: &Item, page: &Page) -> Vec<Point> {
    let choices: &[Choice] = match &item.kind {
        ItemKind::Likert(scale) => scale.points(),
        ItemKind::Choice(choices) => choices,
        ItemKind::Ballot(_) => &[],
    };
    choices
        .iter()
        .enumerate()
        .map(|(option, choice)| Point {
            key: symbol_of(option).to_string(),
            text: choice.text.get(&page.lang).to_owned(),
        })
        .collect()
}

fn row(item: &Item, (number, place): (usize, usize), page: &Page, filled: &Filled) -> Row {
    Row {
        place,
        number,
        text: item.text.get(&page.lang).to_owned(),
        keys: (0..item.option_keys().len())
            .map(|option| symbol_of(option).to_string())
            .collect(),
        value: (filled.typed)(place),
        error: filled.error_at(place),
    }
}

fn ballot(
    form: &BallotForm,
    item: &Item,
    (number, place): (usize, usize),
    page: &Page,
    filled: &Filled,
) -> BallotField {
    let words = page.words;
    let projects = form.projects.iter().enumerate();
    BallotField {
        place,
        number,
        text: item.text.get(&page.lang).to_owned(),
        projects: projects
            .map(|(index, project)| ProjectLine {
                number: index + 1,
                text: project.text.get(&page.lang).to_owned(),
                cost: words.money(&form.currency, project.cost),
                minor: project.cost.minor(),
            })
            .collect(),
        digits: if form.projects.len() > 9 { 2 } else { 1 },
        count: LiveCount::new(form, words),
        most: match form.method {
            BallotMethod::Approval { limit } => format!("at most {limit} may be marked"),
            BallotMethod::Knapsack => {
                format!("{} may be spent", words.money(&form.currency, form.budget))
            }
        },
        value: (filled.typed)(place),
        error: filled.error_at(place),
    }
}

impl Filled<'_> {
    fn error_at(&self, place: usize) -> Option<String> {
        let fault = self.faults.iter().find(|fault| fault.place == place);
        fault.map(|fault| super::staff_edit::capital(&fault.message))
    }
}

/// The text of a sheet as it would be typed: for each question, what its first place holds.
pub(super) fn as_typed(survey: &Survey, content: &str) -> impl Fn(usize) -> String + use<> {
    let layout = Layout::of(survey);
    let ballots: Vec<(usize, String)> = survey
        .items
        .iter()
        .zip(layout.places())
        .filter(|(item, _)| matches!(item.kind, ItemKind::Ballot(_)))
        .map(|(_, places)| (places.start, numbers(content.get(places.clone()))))
        .collect();
    let content = content.to_owned();
    move |place| match ballots.iter().find(|(start, _)| *start == place) {
        Some((_, numbers)) => numbers.clone(),
        None => content
            .chars()
            .nth(place)
            .map_or_else(String::new, String::from),
    }
}

fn numbers(symbols: Option<&str>) -> String {
    let Some(symbols) = symbols else {
        return String::new();
    };
    let marked: Vec<String> = (1..)
        .zip(symbols.chars())
        .filter_map(|(number, symbol)| match symbol {
            '1' => Some(format!("{number}")),
            '?' => Some(format!("{number}?")),
            _ => None,
        })
        .collect();
    if marked.is_empty() {
        "-".to_owned()
    } else {
        marked.join(" ")
    }
}

/// A whole sheet in words, question by question: for two versions beside each other.
pub(super) fn in_words(survey: &Survey, content: &str, page: &Page) -> Vec<(String, String)> {
    let typed = as_typed(survey, content);
    let layout = Layout::of(survey);
    (1..)
        .zip(survey.items.iter().zip(layout.places()))
        .map(|(number, (item, places))| {
            let value = typed(places.start);
            let words = match &item.kind {
                ItemKind::Ballot(_) if value == "-" => "nothing is marked".to_owned(),
                ItemKind::Ballot(_) => value,
                _ => symbol_in_words(item, &value, page),
            };
            let text = item.text.get(&page.lang);
            (format!("{number}. {text}"), words)
        })
        .collect()
}

/// `2`, as “2 – Agree”.
pub(super) fn symbol_in_words(item: &Item, symbol: &str, page: &Page) -> String {
    let points = points(item, page);
    match symbol {
        "-" => "– blank".to_owned(),
        "?" => "? unclear".to_owned(),
        "*" => "* several marks".to_owned(),
        other => points
            .into_iter()
            .find(|point| point.key == other)
            .map_or_else(
                || other.to_owned(),
                |point| format!("{other} – {}", point.text),
            ),
    }
}
