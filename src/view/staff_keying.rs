//! The keying of a batch: one sheet of paper as a form, which the script turns into a desk for a whole
//! pile; the end of the pile; and two versions of a sheet that was saved from two places.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::json;

use super::{
    page::{Page, SummaryLine},
    sheet_fields::{Filled, Part, as_typed, in_words, parts},
    staff_edit::capital,
};
use crate::domain::{
    id::UserId,
    keying::{Batch, Pass, SheetContent, TypedFault},
    survey::Survey,
    wave::Wave,
};

/// A pile as it lies before one person.
#[derive(Debug, Clone, Copy)]
pub struct Pile<'a> {
    pub survey: &'a Survey,
    pub wave: &'a Wave,
    pub batch: &'a Batch,
    pub pass: Pass,
    pub who: UserId,
}

/// What was typed into a form that cannot be taken as it is.
#[derive(Debug, Default)]
pub struct Typing {
    pub fields: BTreeMap<usize, String>,
    pub whole: String,
    pub faults: Vec<TypedFault>,
}

/// One save as its form has it.
#[derive(Debug, Clone)]
pub struct SaveForm {
    pub sheet: u32,
    pub seen: u32,
    pub client: String,
    pub shown: i64,
}

#[derive(Debug, Template)]
#[template(path = "staff_keying.html", config = "src/view/askama.toml")]
pub struct KeyingPage {
    page: Page,
    errors: Vec<SummaryLine>,
    notice: Option<String>,
    title: String,
    base: String,
    batches: String,
    wave: String,
    pass: Pass,
    /// Only some sheets of the pile are keyed again.
    is_sample: bool,
    round: u32,
    who: UserId,
    save: SaveForm,
    is_corrected: bool,
    sheets: u32,
    left: u32,
    another: Option<u32>,
    keyed: u32,
    /// Every sheet that is wanted has been keyed, and none is asked for again.
    is_at_end: bool,
    whole: String,
    parts: Vec<Part>,
    desk: String,
}

impl Pile<'_> {
    /// The sheets of this pass, in order.
    pub fn wanted(&self) -> Vec<u32> {
        let papers = self.batch.state.papers();
        match self.pass {
            Pass::First => (1..=papers.sheets().max(papers.keyed_in(Pass::First))).collect(),
            Pass::Second => papers.wanted().into_iter().collect(),
            Pass::Decision => papers.differing(),
        }
    }

    /// The next sheet that nobody has keyed in this pass.
    pub fn next(&self) -> Option<u32> {
        let papers = self.batch.state.papers();
        let mut wanted = self.wanted().into_iter();
        wanted.find(|sheet| papers.entry(self.pass, *sheet).is_none())
    }

    /// Whether this person may have this sheet before them: one of the pass, and their own where it
    /// was keyed.
    pub fn may_show(&self, sheet: u32) -> bool {
        let papers = self.batch.state.papers();
        let is_extra = self.pass == Pass::First && sheet == papers.keyed_in(Pass::First) + 1;
        match papers.entry(self.pass, sheet) {
            Some(entry) => entry.by == self.who && !self.is_decided(sheet),
            None => is_extra || self.wanted().contains(&sheet),
        }
    }

    /// Whether a sheet of the second keying was decided on, with a sample that was turned down: it is
    /// keyed no more.
    fn is_decided(&self, sheet: u32) -> bool {
        let papers = self.batch.state.papers();
        self.pass == Pass::Second && papers.entry(Pass::Decision, sheet).is_some()
    }

    /// The version of a sheet that is saved: what a form sends along.
    pub fn revision(&self, sheet: u32) -> u32 {
        let entry = self.batch.state.papers().entry(self.pass, sheet);
        entry.map_or(0, |entry| entry.revision)
    }

    pub fn base(&self) -> String {
        format!("{}/{}", batches(self.wave), self.batch.number)
    }

    /// All that the script needs to key the pile without asking again. What others keyed is not in it,
    /// nor what is keyed no more: a save that is refused would hold up all that wait behind it.
    pub(super) fn desk(&self) -> String {
        let papers = self.batch.state.papers();
        let entries: Vec<_> = papers
            .of(self.pass)
            .into_iter()
            .flatten()
            .map(|(sheet, entry)| {
                let own = self.may_show(*sheet).then(|| entry.content.to_string());
                json!([sheet, entry.revision, own])
            })
            .collect();
        json!({
            "key": format!("{}.{}.{}.{}", self.who, self.batch.id, self.pass, papers.round),
            "who": self.who.to_string(),
            "pass": self.pass.as_str(),
            "round": papers.round,
            "sheets": papers.sheets(),
            "wanted": self.wanted(),
            "entries": entries,
            "save": match self.pass {
                Pass::Decision => format!("{}/differences", self.base()),
                _ => format!("{}/key", self.base()),
            },
            "finish": format!("{}/finish", self.base()),
            "after": batches(self.wave),
        })
        .to_string()
    }

    pub(super) fn wave_in_words(&self, page: &Page) -> String {
        let survey = self.survey.title.get(&page.lang);
        let wave = self.wave.spec.title.get(&page.lang);
        format!("{survey} · {wave}")
    }
}

/// The page with all batches of a wave.
pub fn batches(wave: &Wave) -> String {
    format!("/staff/w/{}/batches", wave.key)
}

impl KeyingPage {
    pub fn new(page: &Page, pile: &Pile, save: SaveForm, is_at_end: bool) -> Self {
        let papers = pile.batch.state.papers();
        let entry = papers.entry(pile.pass, save.sheet);
        let content = entry.filter(|entry| entry.by == pile.who);
        let content = content.map(|entry| &entry.content);
        let symbols = content.and_then(|content| content.symbols(&papers.form));
        let typed = as_typed(pile.survey, symbols.as_deref().unwrap_or_default());
        let filled = Filled {
            typed: &|place| symbols.as_ref().map_or_else(String::new, |_| typed(place)),
            faults: &[],
        };
        let number = pile.batch.number;
        let title = format!("Batch {number}: {} keying", pile.pass);
        let keyed = papers.keyed_in(pile.pass);
        Self {
            page: page.titled(title.clone()),
            errors: Vec::new(),
            notice: None,
            title,
            base: pile.base(),
            batches: batches(pile.wave),
            wave: pile.wave_in_words(page),
            pass: pile.pass,
            is_sample: pile.wanted().len() < usize::try_from(papers.sheets()).unwrap_or(usize::MAX),
            round: papers.round,
            who: pile.who,
            is_corrected: entry.is_some(),
            sheets: papers.sheets(),
            left: u32::try_from(pile.wanted().len())
                .unwrap_or(u32::MAX)
                .saturating_sub(keyed),
            another: (pile.pass == Pass::First).then_some(keyed + 1),
            keyed,
            is_at_end,
            whole: whole_of(content).to_owned(),
            parts: parts(pile.survey, page, &filled),
            desk: pile.desk(),
            save,
        }
    }

    fn is_first(&self) -> bool {
        self.pass == Pass::First
    }

    /// Shows again what was typed, and what is wrong with it.
    #[must_use]
    pub fn with_typing(mut self, pile: &Pile, typing: &Typing) -> Self {
        let filled = Filled {
            typed: &|place| typing.fields.get(&place).cloned().unwrap_or_default(),
            faults: &typing.faults,
        };
        self.parts = parts(pile.survey, &self.page, &filled);
        self.errors = typing.faults.iter().map(summary).collect();
        self.whole.clone_from(&typing.whole);
        self.page = self.page.with_errors(true);
        self
    }

    /// Why something could not be done.
    #[must_use]
    pub fn with_notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }
}

fn summary(fault: &TypedFault) -> SummaryLine {
    SummaryLine {
        href: format!("#p{}", fault.place),
        text: capital(&fault.message),
    }
}

fn whole_of(content: Option<&SheetContent>) -> &'static str {
    match content {
        Some(SheetContent::Blank) => "blank",
        Some(SheetContent::Spoilt) => "spoilt",
        Some(SheetContent::Unreadable) => "unreadable",
        Some(SheetContent::Marked(_)) | None => "marks",
    }
}

/// A sheet that was saved meanwhile by somebody, or from another window.
#[derive(Debug, Template)]
#[template(path = "staff_stale_sheet.html", config = "src/view/askama.toml")]
pub struct StaleSheetPage {
    page: Page,
    action: String,
    go_on: String,
    pass: Pass,
    round: u32,
    who: UserId,
    sheet: u32,
    revision: u32,
    client: String,
    content: String,
    rows: Vec<VersionRow>,
}

#[derive(Debug)]
struct VersionRow {
    question: String,
    saved: String,
    mine: String,
}

impl StaleSheetPage {
    /// `saved` holds now, and `mine` was sent; `client` is for sending it again.
    pub fn new(
        page: &Page,
        pile: &Pile,
        (sheet, revision, saved): (u32, u32, &SheetContent),
        mine: &str,
        client: String,
    ) -> Self {
        let path = match pile.pass {
            Pass::Decision => "differences",
            _ => "key",
        };
        let action = format!("{}/{path}", pile.base());
        Self {
            page: page.titled(format!("Sheet {sheet} has two versions")),
            go_on: action.clone(),
            action,
            pass: pile.pass,
            round: pile.batch.state.papers().round,
            who: pile.who,
            sheet,
            revision,
            client,
            content: mine.to_owned(),
            rows: versions(page, pile, saved, mine),
        }
    }
}

fn versions(page: &Page, pile: &Pile, saved: &SheetContent, mine: &str) -> Vec<VersionRow> {
    let form = &pile.batch.state.papers().form;
    let (saved, mine) = (saved.symbols(form).ok_or(saved), form.read(mine));
    let whole = |content: &SheetContent| match content {
        SheetContent::Unreadable => "unreadable".to_owned(),
        _ => "spoilt".to_owned(),
    };
    let column = |symbols: Result<String, String>| -> Box<dyn Fn(usize) -> String> {
        match symbols {
            Ok(symbols) => {
                let rows = in_words(pile.survey, &symbols, page);
                Box::new(move |row| rows[row].1.clone())
            }
            Err(whole) => Box::new(move |_| whole.clone()),
        }
    };
    let saved = column(saved.map_err(whole));
    let mine = column(match &mine {
        Ok(content) => content.symbols(form).ok_or_else(|| whole(content)),
        Err(error) => Err(error.to_string()),
    });
    let questions = in_words(pile.survey, &form.empty(), page);
    questions
        .into_iter()
        .enumerate()
        .map(|(row, (question, _))| VersionRow {
            question,
            saved: saved(row),
            mine: mine(row),
        })
        .collect()
}

/// A pile that is not before this person: they take it, or go elsewhere.
#[derive(Debug, Template)]
#[template(path = "staff_pile.html", config = "src/view/askama.toml")]
pub struct PilePage {
    page: Page,
    title: String,
    wave: String,
    batches: String,
    base: String,
    what: String,
    may_take: bool,
}

impl PilePage {
    pub fn new(page: &Page, pile: &Pile, what: &str, may_take: bool) -> Self {
        let title = format!("Batch {}", pile.batch.number);
        Self {
            page: page.titled(title.clone()),
            title,
            wave: pile.wave_in_words(page),
            batches: batches(pile.wave),
            base: pile.base(),
            what: capital(what),
            may_take,
        }
    }
}
