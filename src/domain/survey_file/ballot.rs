//! Reads ballots: a budget, projects with costs, and what a person may mark.

use toml::de::DeValue;

use super::{
    choices::{Seen, option_key, short_text},
    read::{Reader, cut},
    rule,
    table::{Entry, Section},
};
use crate::domain::{
    allocation::{AllocationRule, DEFAULT_SEED, Rule},
    ballot::{BallotForm, BallotMethod, Overvote, Project},
    money::{Currency, Money, MoneyError},
};

/// Most projects on one ballot: more would not fit any sheet of paper.
pub const MAX_PROJECTS: usize = 200;

pub(super) const KEYS: &[&str] = &[
    "budget", "currency", "method", "limit", "overvote", "rule", "seed", "project",
];

const PROJECT_KEYS: &[&str] = &[
    "key",
    "text",
    "description",
    "cost",
    "categories",
    "neighbourhoods",
    "group",
];

#[derive(Clone, Copy)]
enum Method {
    Approval,
    Knapsack,
}

const METHODS: &[(&str, Method)] = &[
    ("approval", Method::Approval),
    ("knapsack", Method::Knapsack),
];

const OVERVOTES: &[(&str, Overvote)] = &[
    ("void", Overvote::Void),
    ("up-to-limit", Overvote::UpToLimit),
];

pub(super) fn form(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<BallotForm> {
    let currency = reader.need(section, "currency", currency);
    // Without a currency, amounts are read with two decimal places, to find their faults too.
    let reading = currency.clone().or_else(|| Currency::new("GBP").ok())?;
    let budget = reader.need(section, "budget", |r, entry| {
        amount(r, entry, &reading, ("S-ZERO-BUDGET", "the budget"))
    });
    let (projects, count) = projects(reader, section, &reading, budget);
    let method = method(reader, section, count);
    let overvote = reader.may(section, "overvote", |r, entry| r.one_of(entry, OVERVOTES));
    let rule = reader.need(section, "rule", |r, entry| rule::rule(r, entry, &reading));
    let seed = reader.may(section, "seed", |r, entry| {
        r.string(entry).map(ToOwned::to_owned)
    });
    let rule = rule.map(|rule| AllocationRule {
        seed: seed.unwrap_or_else(|| DEFAULT_SEED.to_owned()),
        rule,
    });
    if let (Some(rule), Some(entry)) = (&rule, section.entry("rule")) {
        check_limits(reader, &entry, rule, &projects);
    }
    Some(BallotForm {
        budget: budget?,
        currency: currency?,
        method: method?,
        rule: rule?,
        projects,
        overvote: overvote.unwrap_or_default(),
    })
}

fn currency(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Currency> {
    let code = reader.string(entry)?;
    let currency = Currency::new(code).ok();
    if currency.is_none() {
        reader.faults.error(
            "S-BAD-CURRENCY",
            &entry.span,
            format!("“{}” is not the code of a currency", cut(code)),
            "write three capital letters, such as GBP, EUR or PLN",
        );
    }
    currency
}

/// A cap on what no project has, or groups that nobody is in, are slips of the pen.
fn check_limits(
    reader: &mut Reader<'_>,
    entry: &Entry<'_>,
    rule: &AllocationRule,
    projects: &[Project],
) {
    let Rule::Greedy(greedy) = &rule.rule else {
        return;
    };
    let has_category = |name: &String| projects.iter().any(|p| p.categories.contains(name));
    let has_neighbourhood =
        |name: &String| projects.iter().any(|p| p.neighbourhoods.contains(name));
    let unknown = greedy
        .category_caps
        .iter()
        .filter(|cap| !has_category(&cap.name))
        .chain(
            greedy
                .neighborhood_caps
                .iter()
                .filter(|cap| !has_neighbourhood(&cap.name)),
        );
    for cap in unknown {
        reader.faults.error(
            "S-RULE-CAP",
            &entry.span,
            format!(
                "no project belongs to “{}”, which has a cap",
                cut(&cap.name)
            ),
            "name it in categories or neighbourhoods of a project, or take the cap out",
        );
    }
    if greedy.exclusive_groups && projects.iter().all(|project| project.group.is_none()) {
        reader.faults.error(
            "S-RULE-GROUP",
            &entry.span,
            "the rule funds one project of each group, and no project has a group",
            "write group = \"…\" at the projects that exclude each other",
        );
    }
}

/// An amount above zero. `zero` is the code and the subject for one that is not.
pub(super) fn amount(
    reader: &mut Reader<'_>,
    entry: &Entry<'_>,
    currency: &Currency,
    zero: (&'static str, &str),
) -> Option<Money> {
    let text = match entry.value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(_) => reader.integer(entry)?.to_string(),
        DeValue::Float(number) => {
            reader.faults.error(
                "S-MONEY-FLOAT",
                &entry.span,
                format!(
                    "“{}” is an amount of money with a decimal point",
                    entry.name
                ),
                format!("write it in quotes: \"{}\"", cut(number.as_str())),
            );
            return None;
        }
        _ => {
            reader.wrong_type(entry, "an amount of money", "write a number such as 25000");
            return None;
        }
    };
    match Money::parse(&text, currency) {
        Ok(amount) => {
            if amount == Money::ZERO {
                reader.faults.error(
                    zero.0,
                    &entry.span,
                    format!("{} is nothing", zero.1),
                    "write an amount above zero",
                );
            }
            Some(amount)
        }
        Err(fault) => {
            bad_amount(reader, entry, &text, &fault);
            None
        }
    }
}

fn bad_amount(reader: &mut Reader<'_>, entry: &Entry<'_>, text: &str, fault: &MoneyError) {
    let (message, remedy) = match fault {
        MoneyError::TooLarge => (
            format!("“{}” is more than we can count", cut(text)),
            "check the number of noughts".to_owned(),
        ),
        MoneyError::Malformed(_, 0) => (
            format!("“{}” is not an amount", cut(text)),
            "write a whole number such as 25000".to_owned(),
        ),
        MoneyError::Malformed(_, digits) => (
            format!("“{}” is not an amount", cut(text)),
            format!(
                "write a whole number such as 25000, without commas and signs; with pence or cents, in quotes and with at most {digits} decimal places, such as \"25000.50\""
            ),
        ),
    };
    reader
        .faults
        .error("S-BAD-MONEY", &entry.span, message, remedy);
}

fn method(reader: &mut Reader<'_>, section: &Section<'_>, projects: usize) -> Option<BallotMethod> {
    let method = reader.need(section, "method", |r, entry| r.one_of(entry, METHODS))?;
    match method {
        Method::Approval => reader
            .need(section, "limit", |r, entry| limit(r, entry, projects))
            .map(|limit| BallotMethod::Approval { limit }),
        Method::Knapsack => {
            if let Some(entry) = section.entry("limit") {
                reader.faults.error(
                    "S-LIMIT",
                    &entry.span,
                    "a knapsack ballot has no limit but its budget",
                    "remove the limit, or write method = \"approval\"",
                );
            }
            Some(BallotMethod::Knapsack)
        }
    }
}

fn limit(reader: &mut Reader<'_>, entry: &Entry<'_>, projects: usize) -> Option<usize> {
    let written = reader.integer(entry)?;
    let limit = usize::try_from(written)
        .ok()
        .filter(|limit| (1..=projects).contains(limit));
    // A ballot without projects has a fault of its own.
    if limit.is_none() && projects > 0 {
        reader.faults.error(
            "S-LIMIT",
            &entry.span,
            format!("people can mark {written} of {projects} projects"),
            format!("write a limit from 1 to {projects}"),
        );
    }
    limit
}

/// The projects without faults, and how many there are in all.
fn projects(
    reader: &mut Reader<'_>,
    item: &Section<'_>,
    currency: &Currency,
    budget: Option<Money>,
) -> (Vec<Project>, usize) {
    let entry = item.entry("project").filter(|entry| !entry.is_empty_list());
    let Some(entry) = entry else {
        reader.faults.error(
            "S-NO-OPTIONS",
            &item.span,
            format!("{} has no projects to choose from", item.title),
            "add at least one: a line with [[item.project]], and its key, text and cost below",
        );
        return (Vec::new(), 0);
    };
    let sections = reader.sections(&entry, |number, key| match key {
        Some(key) => format!("project “{key}”"),
        None => format!("project number {number}"),
    });
    if sections.len() > MAX_PROJECTS {
        reader.faults.error(
            "S-TOO-MANY",
            &sections[MAX_PROJECTS].span,
            format!(
                "{} has {} projects, more than the {MAX_PROJECTS} that we can hold",
                item.title,
                sections.len()
            ),
            "take out those that cannot be done, or ask in two surveys",
        );
    }
    let mut seen = Seen::new("projects", "S-DUPLICATE-KEY");
    let projects = sections
        .iter()
        .filter_map(|section| project(reader, section, (currency, budget), &mut seen))
        .collect();
    (projects, sections.len())
}

fn project(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    (currency, budget): (&Currency, Option<Money>),
    seen: &mut Seen,
) -> Option<Project> {
    reader.known_keys(section, PROJECT_KEYS);
    let key = option_key(reader, section, seen);
    let text = short_text(reader, section);
    let description = reader.may(section, "description", Reader::text);
    let cost = reader.need(section, "cost", |r, entry| {
        let cost = amount(r, entry, currency, ("S-ZERO-COST", "the cost"))?;
        // A budget of zero is its own fault, not one of every project.
        if budget.is_some_and(|budget| budget != Money::ZERO && cost > budget) {
            r.faults.error(
                "S-COST-ABOVE-BUDGET",
                &entry.span,
                format!("{} costs more than the whole budget", section.title),
                "lower the cost, raise the budget, or take the project off the ballot",
            );
        }
        Some(cost)
    });
    let [categories, neighbourhoods] = ["categories", "neighbourhoods"].map(|name| {
        let names = reader.may(section, name, |r, entry| r.strings(entry));
        let texts = names
            .unwrap_or_default()
            .into_iter()
            .map(|(_, text)| text.to_owned());
        texts.collect()
    });
    let group = reader.may(section, "group", |r, entry| {
        r.string(entry).map(ToOwned::to_owned)
    });
    Some(Project {
        key: key?,
        text: text?,
        description,
        cost: cost?,
        categories,
        neighbourhoods,
        group,
    })
}
