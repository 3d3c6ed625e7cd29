//! The tables of a report as CSV, for a spreadsheet.

use super::spreadsheet::{csv_of, safe};
use crate::{
    domain::{
        money::{Currency, Money},
        text::Lang,
    },
    tally::report::{Figures, OptionFigures, Outcome, ProjectFigures, Report, WithheldReason},
};

const HEADINGS: [&str; 16] = [
    "survey",
    "wave",
    "item",
    "text",
    "kind",
    "option",
    "option_text",
    "base",
    "blank",
    "count",
    "percent",
    "low_percent",
    "high_percent",
    "cost",
    "currency",
    "outcome",
];

/// One row for every option of every item and wave. Headings and codes are the same in every
/// language; `lang` chooses the wording of questions and options.
pub fn table_csv(report: &Report, lang: &Lang) -> String {
    csv_of(&HEADINGS, rows(report, lang))
}

fn rows(report: &Report, lang: &Lang) -> Vec<[String; 16]> {
    let text_of = |key| {
        report
            .items
            .iter()
            .find(|item| item.key == key)
            .map_or("", |item| item.text.get(lang))
    };
    let own = report.items.iter().map(|item| {
        (
            report.wave.opens,
            &report.wave.name,
            &item.key,
            &item.figures,
        )
    });
    let beside = report.beside.iter().flat_map(|wave| {
        wave.items
            .iter()
            .map(move |item| (wave.opens, &wave.name, &item.key, &item.figures))
    });
    let mut all: Vec<_> = beside.chain(own).collect();
    all.sort_by_key(|(opens, ..)| *opens);
    all.into_iter()
        .flat_map(|(_, wave, key, figures)| {
            let head = [
                report.survey.key.to_string(),
                wave.to_string(),
                key.to_string(),
                safe(text_of(key.clone())),
            ];
            figure_rows(figures, lang)
                .into_iter()
                .map(move |cells| join(&head, &cells))
        })
        .collect()
}

/// The cells after `text`.
type Cells = [String; 12];

fn join(head: &[String; 4], cells: &Cells) -> [String; 16] {
    let mut row: [String; 16] = Default::default();
    row[..4].clone_from_slice(head);
    row[4..].clone_from_slice(cells);
    row
}

fn figure_rows(figures: &Figures, lang: &Lang) -> Vec<Cells> {
    match figures {
        Figures::Likert(likert) => likert
            .points
            .iter()
            .map(|point| option_row("likert", likert.base, likert.blank, point, lang))
            .collect(),
        Figures::Choice(choice) => choice
            .options
            .iter()
            .map(|option| option_row("choice", choice.base, choice.blank, option, lang))
            .collect(),
        Figures::Ballot(ballot) => ballot
            .projects
            .iter()
            .map(|project| project_row(ballot.base, ballot.blank, project, &ballot.currency, lang))
            .collect(),
        Figures::Withheld { reason } => {
            let WithheldReason::TooFewPeople { minimum } = reason;
            let mut cells = Cells::default();
            "withheld".clone_into(&mut cells[0]);
            cells[11] = format!("fewer than {minimum} people");
            vec![cells]
        }
    }
}

fn option_row(kind: &str, base: u64, blank: u64, option: &OptionFigures, lang: &Lang) -> Cells {
    let limit = |of: fn(&crate::tally::report::Interval) -> u64| {
        option
            .interval
            .as_ref()
            .map(|interval| of(interval).to_string())
            .unwrap_or_default()
    };
    [
        kind.to_owned(),
        option.key.to_string(),
        safe(option.text.get(lang)),
        base.to_string(),
        blank.to_string(),
        option.count.to_string(),
        option.percent.to_string(),
        limit(|interval| interval.low_percent),
        limit(|interval| interval.high_percent),
        String::new(),
        String::new(),
        String::new(),
    ]
}

fn project_row(
    base: u64,
    blank: u64,
    project: &ProjectFigures,
    currency: &Currency,
    lang: &Lang,
) -> Cells {
    [
        "ballot".to_owned(),
        project.key.to_string(),
        safe(project.text.get(lang)),
        base.to_string(),
        blank.to_string(),
        project.votes.to_string(),
        project.percent.to_string(),
        String::new(),
        String::new(),
        amount(project.cost, currency),
        currency.to_string(),
        outcome_code(&project.outcome).to_owned(),
    ]
}

/// The same codes as in the report's JSON.
fn outcome_code(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Funded => "funded",
        Outcome::Completed => "completed",
        Outcome::Preferred => "preferred",
        Outcome::DoesNotFit { .. } => "does-not-fit",
        Outcome::NoVotes => "no-votes",
        Outcome::BelowThreshold { .. } => "below-threshold",
        Outcome::AfterStop { .. } => "after-stop",
        Outcome::Capped { .. } => "capped",
        Outcome::Excluded { .. } => "excluded",
        Outcome::NotEligible => "not-eligible",
        Outcome::SupportersShort { .. } => "supporters-short",
        Outcome::Outvoted => "outvoted",
        Outcome::Undecided => "undecided",
    }
}

/// A plain number in major units, as a spreadsheet reads it: `25000` or `25000.50`.
fn amount(amount: Money, currency: &Currency) -> String {
    let unit = 10_u64.pow(currency.minor_digits());
    let (whole, rest) = (amount.minor() / unit, amount.minor() % unit);
    if rest == 0 {
        whole.to_string()
    } else {
        let width = currency.minor_digits() as usize;
        format!("{whole}.{rest:0width$}")
    }
}
