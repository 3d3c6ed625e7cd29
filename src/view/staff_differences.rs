//! Where two keyings differ: each sheet with the places that do, what each keying has there, and a
//! field for what the paper says.

use askama::Template;

use super::{
    page::{Page, SummaryLine},
    sheet_fields::{Filled, Part, Point, as_typed, parts, points, symbol_in_words},
    staff_edit::capital,
    staff_keying::{Pile, SaveForm, Typing, batches},
};
use crate::domain::{
    item::{Item, ItemKind},
    keying::{Difference, Pass, Place, SheetContent, differences},
    layout::Layout,
};

#[derive(Debug, Template)]
#[template(path = "staff_differences.html", config = "src/view/askama.toml")]
pub struct DifferencesPage {
    page: Page,
    errors: Vec<SummaryLine>,
    notice: Option<String>,
    title: String,
    wave: String,
    base: String,
    batches: String,
    round: u32,
    who: String,
    sections: Vec<Section>,
    undecided: usize,
    sheets: u32,
    desk: String,
}

/// One sheet on which the two keyings differ.
#[derive(Debug)]
struct Section {
    save: SaveForm,
    is_decided: bool,
    /// What agrees, with the first keying's marks where it does not; none where the sheets differ as a
    /// whole.
    agreed: Option<String>,
    rows: Vec<DifferenceRow>,
    /// The whole sheet, where the keyings differ on what it is.
    parts: Vec<Part>,
    first: String,
    second: String,
    whole: String,
}

#[derive(Debug)]
struct DifferenceRow {
    place: usize,
    number: usize,
    question: String,
    project: Option<String>,
    points: Vec<Point>,
    first: String,
    second: String,
    value: String,
    error: Option<String>,
}

impl DifferencesPage {
    /// `saves` has one for each sheet that differs, in order.
    pub fn new(page: &Page, pile: &Pile, saves: Vec<SaveForm>) -> Self {
        let papers = pile.batch.state.papers();
        let title = format!("Batch {}: differences", pile.batch.number);
        Self {
            page: page.titled(title.clone()),
            errors: Vec::new(),
            notice: None,
            title,
            wave: pile.wave_in_words(page),
            base: pile.base(),
            batches: batches(pile.wave),
            round: papers.round,
            who: pile.who.to_string(),
            sections: saves
                .into_iter()
                .filter_map(|save| section(page, pile, save, None))
                .collect(),
            undecided: papers.undecided().len(),
            sheets: papers.sheets(),
            desk: pile.desk(),
        }
    }

    /// Shows again what was typed for a sheet, and what is wrong with it.
    #[must_use]
    pub fn with_typing(mut self, pile: &Pile, sheet: u32, typing: &Typing) -> Self {
        let place = self.sections.iter().position(|s| s.save.sheet == sheet);
        if let Some(place) = place {
            let save = self.sections[place].save.clone();
            if let Some(again) = section(&self.page, pile, save, Some(typing)) {
                self.sections[place] = again;
            }
        }
        let line = |place: usize, text: &str| SummaryLine {
            href: format!("#s{sheet}-p{place}"),
            text: format!("Sheet {sheet}: {}", capital(text)),
        };
        self.errors = typing
            .faults
            .iter()
            .map(|fault| line(fault.place, &fault.message))
            .collect();
        self.page = self.page.with_errors(true);
        self
    }

    #[must_use]
    pub fn with_notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }
}

fn section(page: &Page, pile: &Pile, save: SaveForm, typing: Option<&Typing>) -> Option<Section> {
    let papers = pile.batch.state.papers();
    let form = &papers.form;
    let content = |pass| papers.entry(pass, save.sheet).map(|entry| &entry.content);
    let (first, second) = (content(Pass::First)?, content(Pass::Second)?);
    let decision = content(Pass::Decision);
    let found = differences(form, first, second);
    let is_whole = found.iter().any(|one| one.place == Place::Sheet);
    let decided = decision.and_then(|content| content.symbols(form));
    let typed = as_typed(pile.survey, decided.as_deref().unwrap_or_default());
    let value = |place: usize| match typing {
        Some(typing) => typing.fields.get(&place).cloned().unwrap_or_default(),
        None => decided.as_ref().map_or_else(String::new, |_| typed(place)),
    };
    let faults = typing.map(|typing| typing.faults.as_slice());
    let filled = Filled {
        typed: &value,
        faults: faults.unwrap_or_default(),
    };
    Some(Section {
        is_decided: decision.is_some(),
        agreed: if is_whole { None } else { first.symbols(form) },
        rows: rows(page, pile, &found, &filled, decided.as_deref()),
        parts: if is_whole {
            parts(pile.survey, page, &filled)
        } else {
            Vec::new()
        },
        first: kind_in_words(first).to_owned(),
        second: kind_in_words(second).to_owned(),
        whole: typing.map_or_else(
            || whole_of(decision).to_owned(),
            |typing| typing.whole.clone(),
        ),
        save,
    })
}

fn rows(
    page: &Page,
    pile: &Pile,
    found: &[Difference],
    filled: &Filled,
    decided: Option<&str>,
) -> Vec<DifferenceRow> {
    let layout = Layout::of(pile.survey);
    let items = || pile.survey.items.iter().zip(layout.places());
    found
        .iter()
        .filter_map(|difference| {
            let Place::Field(place) = difference.place else {
                return None;
            };
            let (index, (item, places)) = items()
                .enumerate()
                .find(|(_, (_, places))| places.contains(&place))?;
            let fault = filled.faults.iter().find(|fault| fault.place == place);
            let is_box = matches!(item.kind, ItemKind::Ballot(_));
            let symbol = decided.and_then(|text| text.get(place..=place));
            Some(DifferenceRow {
                place,
                number: index + 1,
                question: item.text.get(&page.lang).to_owned(),
                project: project(item, place - places.start, page),
                points: if is_box {
                    box_points()
                } else {
                    points(item, page)
                },
                first: words(item, &difference.first, page),
                second: words(item, &difference.second, page),
                value: match symbol {
                    Some(symbol) if is_box => symbol.to_owned(),
                    _ => (filled.typed)(place),
                },
                error: fault.map(|fault| capital(&fault.message)),
            })
        })
        .collect()
}

fn project(item: &Item, index: usize, page: &Page) -> Option<String> {
    let ItemKind::Ballot(form) = &item.kind else {
        return None;
    };
    let project = form.projects.get(index)?;
    Some(format!(
        "Project {}: {}",
        index + 1,
        project.text.get(&page.lang)
    ))
}

fn box_points() -> Vec<Point> {
    [("1", "marked"), ("0", "not marked")]
        .map(|(key, text)| Point {
            key: key.to_owned(),
            text: text.to_owned(),
        })
        .to_vec()
}

fn words(item: &Item, symbol: &str, page: &Page) -> String {
    match (&item.kind, symbol) {
        (ItemKind::Ballot(_), "1") => "1 – marked".to_owned(),
        (ItemKind::Ballot(_), "0") => "0 – not marked".to_owned(),
        _ => symbol_in_words(item, symbol, page),
    }
}

fn kind_in_words(content: &SheetContent) -> &'static str {
    match content {
        SheetContent::Marked(_) => "has marks",
        SheetContent::Blank => "blank",
        SheetContent::Spoilt => "spoilt",
        SheetContent::Unreadable => "unreadable",
    }
}

fn whole_of(decision: Option<&SheetContent>) -> &'static str {
    match decision {
        Some(SheetContent::Blank) => "blank",
        Some(SheetContent::Spoilt) => "spoilt",
        Some(SheetContent::Unreadable) => "unreadable",
        Some(SheetContent::Marked(_)) | None => "marks",
    }
}
