//! What changed between waves as CSV, for a spreadsheet.

use super::spreadsheet::{csv_of, safe};
use crate::{
    domain::text::Lang,
    tally::report::{
        Change, Comparison, Difference, ItemChange, MeasuredChange, NotCompared, Report,
        SignedInterval, TestMethod, Verdict,
    },
};

const HEADINGS: [&str; 16] = [
    "survey",
    "from",
    "to",
    "item",
    "text",
    "agree_points",
    "agree_low",
    "agree_high",
    "net_points",
    "net_low",
    "net_high",
    "test",
    "p",
    "p_adjusted",
    "superiority",
    "finding",
];

/// One row for every statement and every other wave.
pub fn change_csv(report: &Report, lang: &Lang) -> String {
    let rows = report
        .beside
        .iter()
        .filter_map(|wave| wave.comparison.as_ref())
        .flat_map(|comparison| {
            comparison
                .items
                .iter()
                .map(move |item| row(report, comparison, item, lang))
        });
    csv_of(&HEADINGS, rows)
}

fn row(report: &Report, comparison: &Comparison, item: &ItemChange, lang: &Lang) -> [String; 16] {
    let text = report
        .items
        .iter()
        .find(|own| own.key == item.key)
        .map_or("", |own| own.text.get(lang));
    let head = [
        report.survey.key.to_string(),
        comparison.from.to_string(),
        comparison.to.to_string(),
        item.key.to_string(),
        safe(text),
    ];
    let mut row: [String; 16] = Default::default();
    row[..5].clone_from_slice(&head);
    match &item.change {
        Change::Measured(change) => row[5..].clone_from_slice(&measured(change)),
        Change::NotCompared { reason } => not_compared(*reason).clone_into(&mut row[15]),
    }
    row
}

fn measured(change: &MeasuredChange) -> [String; 11] {
    let [agree, agree_low, agree_high] = difference(change.agree);
    let [net, net_low, net_high] = difference(change.net);
    let figure = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    let test = change.test;
    let (method, finding) = test.map_or(("", "as-counted"), |test| {
        (method(test.method), finding(test.verdict))
    });
    [
        agree,
        agree_low,
        agree_high,
        net,
        net_low,
        net_high,
        method.to_owned(),
        figure(test.map(|test| test.p)),
        figure(test.map(|test| test.p_adjusted)),
        figure(test.map(|test| test.superiority)),
        finding.to_owned(),
    ]
}

fn difference(difference: Difference) -> [String; 3] {
    let limit = |of: fn(SignedInterval) -> i64| {
        difference
            .interval
            .map(|interval| of(interval).to_string())
            .unwrap_or_default()
    };
    [
        difference.points.to_string(),
        limit(|interval| interval.low_points),
        limit(|interval| interval.high_points),
    ]
}

fn method(method: TestMethod) -> &'static str {
    match method {
        TestMethod::BrunnerMunzel => "brunner-munzel",
        TestMethod::Permutation => "permutation",
        TestMethod::MannWhitney => "mann-whitney",
    }
}

fn finding(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NoClearChange => "no-clear-change",
    }
}

fn not_compared(reason: NotCompared) -> &'static str {
    match reason {
        NotCompared::WordingDiffers => "not-compared: wording-differs",
        NotCompared::ScaleDiffers => "not-compared: scale-differs",
        NotCompared::NotAsked => "not-compared: not-asked",
        NotCompared::TooFewAnswers { .. } => "not-compared: too-few-answers",
        NotCompared::Withheld => "not-compared: withheld",
    }
}
