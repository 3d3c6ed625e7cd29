//! The questions: one a page or all on one, with the same fields, hints and errors.

use askama::Template;

use super::{
    fault::words_for_fault,
    page::{Page, SummaryLine},
    words::Catalogue,
};
use crate::domain::{
    answer::{AnswerFault, FaultReason, RawAnswers},
    ballot::{BallotForm, BallotMethod},
    item::{Choice, Item, ItemKind},
    key::WaveKey,
    money::Money,
    survey::Survey,
    text::Lang,
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

/// One question as form fields.
#[derive(Debug)]
struct ItemForm {
    anchor: String,
    name: String,
    text: String,
    help: Option<String>,
    hint: String,
    options: Vec<OptionForm>,
    is_ballot: bool,
    error: Option<String>,
    /// What the script needs to count along while a person marks a ballot.
    count: Option<LiveCount>,
}

#[derive(Debug)]
struct OptionForm {
    id: String,
    value: String,
    text: String,
    description: Option<String>,
    cost: Option<String>,
    minor: u64,
    checked: bool,
}

/// Wording with `#` where the script puts a number, so that it needs no catalogue of its own.
#[derive(Debug)]
struct LiveCount {
    limit: u64,
    is_budget: bool,
    within: String,
    over: String,
    money: String,
    digits: u32,
    group: String,
    point: String,
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

impl ItemForm {
    fn new(item: &Item, page: &Page, chosen: &[String], fault: Option<&FaultReason>) -> Self {
        let lang = &page.lang;
        let anchor = format!("item-{}", item.key);
        let choices = |choices: &[Choice]| -> Vec<OptionForm> {
            choices
                .iter()
                .map(|choice| OptionForm::of_choice(choice, lang, chosen))
                .collect()
        };
        let mut options = match &item.kind {
            ItemKind::Likert(scale) => choices(scale.points()),
            ItemKind::Choice(options) => choices(options),
            ItemKind::Ballot(form) => projects(form, page, chosen),
        };
        let ballot = match &item.kind {
            ItemKind::Ballot(form) => Some(form),
            _ => None,
        };
        // A radio button cannot be cleared by hand, so whoever may leave a question blank gets a
        // way back to blank once something is chosen.
        if ballot.is_none() && !item.required && options.iter().any(|option| option.checked) {
            options.push(OptionForm::none(page.words));
        }
        for (place, option) in options.iter_mut().enumerate() {
            option.id = format!("{anchor}-{}", place + 1);
        }
        Self {
            name: format!("a.{}", item.key),
            text: item.text.get(lang).to_owned(),
            help: item.help.as_ref().map(|help| help.get(lang).to_owned()),
            hint: hint(item, page.words),
            options,
            is_ballot: ballot.is_some(),
            error: fault.map(|reason| words_for_fault(reason, item, lang)),
            count: ballot.map(|form| LiveCount::new(form, page.words)),
            anchor,
        }
    }

    fn summary_line(&self) -> Option<SummaryLine> {
        self.error.as_ref().map(|error| SummaryLine {
            href: format!("#{}-1", self.anchor),
            text: error.clone(),
        })
    }

    /// The parts of the page that describe the group of fields, for `aria-describedby`.
    fn described_by(&self) -> String {
        let parts = [
            ("help", self.help.is_some()),
            ("hint", !self.hint.is_empty()),
            ("error", self.error.is_some()),
        ];
        let ids: Vec<String> = parts
            .iter()
            .filter(|(_, present)| *present)
            .map(|(part, _)| format!("{}-{part}", self.anchor))
            .collect();
        ids.join(" ")
    }
}

impl OptionForm {
    fn of_choice(choice: &Choice, lang: &Lang, chosen: &[String]) -> Self {
        Self {
            id: String::new(),
            value: choice.key.to_string(),
            text: choice.text.get(lang).to_owned(),
            description: None,
            cost: None,
            minor: 0,
            checked: chosen.iter().any(|key| key == choice.key.as_str()),
        }
    }

    fn none(words: &Catalogue) -> Self {
        Self {
            id: String::new(),
            value: String::new(),
            text: words.t("question.leave-blank").to_owned(),
            description: None,
            cost: None,
            minor: 0,
            checked: false,
        }
    }
}

impl LiveCount {
    fn new(form: &BallotForm, words: &Catalogue) -> Self {
        let money = words.money(&form.currency, Money::ZERO).replace('0', "#");
        let budget = words.money(&form.currency, form.budget);
        let (limit, is_budget, name, most) = match form.method {
            BallotMethod::Approval { limit } => {
                let limit = u64::try_from(limit).unwrap_or(u64::MAX);
                (limit, false, "ballot.count", words.number(limit))
            }
            BallotMethod::Knapsack => (form.budget.minor(), true, "ballot.left", budget),
        };
        let wording =
            |part: &str| words.t_with(&format!("{name}-{part}"), &[("n", "#"), ("limit", &most)]);
        Self {
            limit,
            is_budget,
            within: wording("within"),
            over: wording("over"),
            money,
            digits: form.currency.minor_digits(),
            group: words.t("format.group").to_owned(),
            point: words.t("format.point").to_owned(),
        }
    }
}

fn projects(form: &BallotForm, page: &Page, chosen: &[String]) -> Vec<OptionForm> {
    form.projects
        .iter()
        .map(|project| OptionForm {
            id: String::new(),
            value: project.key.to_string(),
            text: project.text.get(&page.lang).to_owned(),
            description: project
                .description
                .as_ref()
                .map(|text| text.get(&page.lang).to_owned()),
            cost: Some(page.words.money(&form.currency, project.cost)),
            minor: project.cost.minor(),
            checked: chosen.iter().any(|key| key == project.key.as_str()),
        })
        .collect()
}

fn hint(item: &Item, words: &Catalogue) -> String {
    let how = match &item.kind {
        ItemKind::Likert(_) | ItemKind::Choice(_) => String::new(),
        ItemKind::Ballot(form) => {
            let budget = words.money(&form.currency, form.budget);
            match form.method {
                BallotMethod::Approval { limit } => words.t_count(
                    "ballot.choose-up-to",
                    u64::try_from(limit).unwrap_or(u64::MAX),
                    &[("budget", &budget)],
                ),
                BallotMethod::Knapsack => {
                    words.t_with("ballot.choose-within", &[("budget", &budget)])
                }
            }
        }
    };
    let optional = if item.required {
        ""
    } else {
        words.t("question.optional")
    };
    [how.as_str(), optional].join(" ").trim().to_owned()
}
