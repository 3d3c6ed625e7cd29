//! The questions: one a page or all on one, with the same fields, hints and errors.

use askama::Template;

use super::{
    item_form::ItemForm,
    page::{Page, SummaryLine},
};
use crate::domain::{
    answer::{AnswerFault, FaultReason, RawAnswers},
    key::WaveKey,
    survey::Survey,
};

/// One question by itself. Its form field is `a.{item key}`, with option keys as values.
#[derive(Debug, Template)]
#[template(path = "question.html", config = "src/view/askama.toml")]
pub struct QuestionPage {
    page: Page,
    action: String,
    back: String,
    progress: String,
    item: ItemForm,
    errors: Vec<SummaryLine>,
    draft: String,
    changing: bool,
}

/// Every question in one form.
#[derive(Debug, Template)]
#[template(path = "questions.html", config = "src/view/askama.toml")]
pub struct AllQuestionsPage {
    page: Page,
    action: String,
    back: String,
    heading: String,
    items: Vec<ItemForm>,
    errors: Vec<SummaryLine>,
    draft: String,
}

impl QuestionPage {
    /// The question at `index` (from 0; its address counts from 1), or None when there is none.
    /// `changing` says that the person came from “check your answers” and returns there.
    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one form, named at every call"
    )]
    pub fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        index: usize,
        chosen: &[String],
        fault: Option<&FaultReason>,
        draft: &str,
        changing: bool,
    ) -> Option<Self> {
        let item = survey.items.get(index)?;
        let progress = page.words.t_with(
            "question.progress",
            &[
                ("n", &(index + 1).to_string()),
                ("of", &survey.items.len().to_string()),
            ],
        );
        let form = ItemForm::new(item, page, chosen, fault);
        let back = match (changing, index) {
            (true, _) => format!("/w/{wave}/check"),
            (false, 0) => format!("/w/{wave}"),
            (false, before) => format!("/w/{wave}/question/{before}"),
        };
        Some(Self {
            page: page
                .titled(format!("{} ({progress})", form.text))
                .with_errors(fault.is_some()),
            action: format!("/w/{wave}/question/{}", index + 1),
            back,
            progress,
            errors: form.summary_line().into_iter().collect(),
            item: form,
            draft: draft.to_owned(),
            changing,
        })
    }
}

impl AllQuestionsPage {
    pub fn new(
        page: &Page,
        survey: &Survey,
        wave: &WaveKey,
        chosen: &RawAnswers,
        faults: &[AnswerFault],
        draft: &str,
    ) -> Self {
        let items: Vec<ItemForm> = survey
            .items
            .iter()
            .map(|item| {
                let key = item.key.as_str();
                let marked = chosen.get(key).map_or(&[][..], Vec::as_slice);
                let fault = faults.iter().find(|fault| fault.item == key);
                ItemForm::new(item, page, marked, fault.map(|fault| &fault.reason))
            })
            .collect();
        let heading = survey.title.get(&page.lang).to_owned();
        let errors: Vec<SummaryLine> = items.iter().filter_map(ItemForm::summary_line).collect();
        Self {
            page: page.titled(heading.clone()).with_errors(!errors.is_empty()),
            action: format!("/w/{wave}/questions"),
            back: format!("/w/{wave}"),
            heading,
            items,
            errors,
            draft: draft.to_owned(),
        }
    }
}
