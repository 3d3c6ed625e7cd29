//! One question as form fields: options, hints, errors, and what the script counts.

use super::{
    fault::words_for_fault,
    page::{Page, SummaryLine},
    words::Catalogue,
};
use crate::domain::{
    answer::FaultReason,
    ballot::{BallotForm, BallotMethod},
    item::{Choice, Item, ItemKind},
    money::Money,
    text::Lang,
};

/// One question as form fields.
#[derive(Debug)]
pub(super) struct ItemForm {
    pub anchor: String,
    pub name: String,
    pub text: String,
    pub help: Option<String>,
    pub hint: String,
    pub options: Vec<OptionForm>,
    pub is_ballot: bool,
    pub error: Option<String>,
    /// What the script needs to count along while a person marks a ballot.
    pub count: Option<LiveCount>,
}

#[derive(Debug)]
pub(super) struct OptionForm {
    pub id: String,
    pub value: String,
    pub text: String,
    pub description: Option<String>,
    pub cost: Option<String>,
    pub minor: u64,
    pub checked: bool,
}

/// Wording with `#` where the script puts a number, so that it needs no catalogue of its own.
#[derive(Debug)]
pub(super) struct LiveCount {
    pub limit: u64,
    pub is_budget: bool,
    pub within: String,
    pub over: String,
    pub money: String,
    pub digits: u32,
    pub group: String,
    pub point: String,
}

impl ItemForm {
    pub fn new(item: &Item, page: &Page, chosen: &[String], fault: Option<&FaultReason>) -> Self {
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

    pub fn summary_line(&self) -> Option<SummaryLine> {
        self.error.as_ref().map(|error| SummaryLine {
            href: format!("#{}-1", self.anchor),
            text: error.clone(),
        })
    }

    /// The parts of the page that describe the group of fields, for `aria-describedby`.
    pub fn described_by(&self) -> String {
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
    pub fn new(form: &BallotForm, words: &Catalogue) -> Self {
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
        ItemKind::Ballot(form) => choose(form, words),
    };
    let optional = if item.required {
        ""
    } else {
        words.t("question.optional")
    };
    [how.as_str(), optional].join(" ").trim().to_owned()
}

/// How many projects a person may mark.
pub(super) fn choose(form: &BallotForm, words: &Catalogue) -> String {
    let budget = words.money(&form.currency, form.budget);
    match form.method {
        BallotMethod::Approval { limit } => words.t_count(
            "ballot.choose-up-to",
            u64::try_from(limit).unwrap_or(u64::MAX),
            &[("budget", &budget)],
        ),
        BallotMethod::Knapsack => words.t_with("ballot.choose-within", &[("budget", &budget)]),
    }
}
