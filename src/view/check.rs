//! “Check your answers”: every question asked, with its answer and a way to change it.

use askama::Template;

use super::{
    fault::words_for_fault,
    page::{Page, SummaryLine},
};
use crate::domain::{
    answer::{AnswerFault, RawAnswers},
    item::{Item, ItemKind},
    key::WaveKey,
    survey::{Pages, Survey},
};

#[derive(Debug, Template)]
#[template(path = "check.html", config = "src/view/askama.toml")]
pub struct CheckPage {
    page: Page,
    base: String,
    rows: Vec<CheckRow>,
    errors: Vec<SummaryLine>,
    draft: String,
    back: String,
}

#[derive(Debug)]
struct CheckRow {
    id: String,
    question: String,
    answers: Vec<String>,
    change: String,
    error: Option<String>,
}

impl CheckPage {
    pub fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        chosen: &RawAnswers,
        faults: &[AnswerFault],
        draft: &str,
    ) -> Self {
        let rows: Vec<CheckRow> = survey
            .items
            .iter()
            .enumerate()
            .map(|(index, item)| CheckRow::new(page, survey, wave, index, item, chosen, faults))
            .collect();
        let errors = rows
            .iter()
            .filter_map(|row| {
                row.error.as_ref().map(|error| SummaryLine {
                    href: row.change.clone(),
                    text: format!("{} – {error}", row.question),
                })
            })
            .collect::<Vec<_>>();
        let back = match survey.pages {
            Pages::OneQuestion => format!("/w/{wave}/question/{}", survey.items.len()),
            Pages::AllQuestions => format!("/w/{wave}/questions"),
        };
        Self {
            page: page
                .titled(page.t("check.title"))
                .with_errors(!errors.is_empty()),
            base: format!("/w/{wave}"),
            rows,
            errors,
            draft: draft.to_owned(),
            back,
        }
    }
}

impl CheckRow {
    fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        index: usize,
        item: &Item,
        chosen: &RawAnswers,
        faults: &[AnswerFault],
    ) -> Self {
        let key = item.key.as_str();
        let change = match survey.pages {
            Pages::OneQuestion => format!("/w/{wave}/question/{}?change=1", index + 1),
            Pages::AllQuestions => format!("/w/{wave}/questions#item-{key}"),
        };
        let marked = chosen.get(key).map_or(&[][..], Vec::as_slice);
        Self {
            id: format!("row-{key}"),
            question: item.text.get(&page.lang).to_owned(),
            answers: answers_in_words(page, item, marked),
            change,
            error: faults
                .iter()
                .find(|fault| fault.item == key)
                .map(|fault| words_for_fault(&fault.reason, item, &page.lang)),
        }
    }
}

/// Each question with what was chosen, for [`super::ErrorPage::keeping`]; blank ones are left out.
pub fn kept_answers(page: &Page, survey: &Survey, chosen: &RawAnswers) -> Vec<(String, String)> {
    survey
        .items
        .iter()
        .filter_map(|item| {
            let marked = chosen.get(item.key.as_str())?;
            let answers = answers_in_words(page, item, marked);
            (!answers.is_empty())
                .then(|| (item.text.get(&page.lang).to_owned(), answers.join("; ")))
        })
        .collect()
}

/// What was chosen, as the form words it, in the form's order.
fn answers_in_words(page: &Page, item: &Item, chosen: &[String]) -> Vec<String> {
    let marked = |key: &str| chosen.iter().any(|choice| choice == key);
    let choices: &[_] = match &item.kind {
        ItemKind::Likert(scale) => scale.points(),
        ItemKind::Choice(choices) => choices,
        ItemKind::Ballot(form) => {
            return form
                .projects
                .iter()
                .filter(|project| marked(project.key.as_str()))
                .map(|project| {
                    let cost = page.words.money(&form.currency, project.cost);
                    format!("{} ({cost})", project.text.get(&page.lang))
                })
                .collect();
        }
    };
    choices
        .iter()
        .filter(|choice| marked(choice.key.as_str()))
        .map(|choice| choice.text.get(&page.lang).to_owned())
        .collect()
}
