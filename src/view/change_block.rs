//! What changed since another wave, in words: one line a statement.

use super::{block::signed_range, page::Page};
use crate::tally::report::{
    Change, Comparison, Difference, ItemChange, MeasuredChange, NotCompared, RangeKind, Report,
    Verdict, WaveBeside,
};

#[derive(Debug)]
pub(super) struct ChangeBlock {
    pub title: String,
    pub lede: String,
    pub rows: Vec<ChangeRow>,
    /// How to read the words.
    pub notes: Vec<String>,
}

#[derive(Debug)]
pub(super) struct ChangeRow {
    pub anchor: String,
    pub text: String,
    pub agree: String,
    pub net: String,
    pub words: String,
    pub is_clear: bool,
}

impl ChangeBlock {
    /// Against the wave that opened last before this one; None when there is none with the same
    /// survey's statements.
    pub fn of(report: &Report, page: &Page) -> Option<Self> {
        let (wave, comparison) = report
            .beside
            .iter()
            .filter_map(|wave| Some((wave, wave.comparison.as_ref()?)))
            .filter(|(wave, comparison)| comparison.from == wave.name)
            .max_by_key(|(wave, _)| wave.opens)?;
        let name = wave.title.get(&page.lang);
        let title = page.words.t_with("change.title", &[("wave", name)]);
        Some(Self {
            title,
            lede: lede(report, wave, page),
            rows: comparison
                .items
                .iter()
                .map(|item| ChangeRow::new(item, report, name, page))
                .collect(),
            notes: notes(comparison, report, page),
        })
    }
}

fn lede(report: &Report, wave: &WaveBeside, page: &Page) -> String {
    page.words.t_with(
        "change.lede",
        &[
            ("from", wave.title.get(&page.lang)),
            ("to", report.wave.title.get(&page.lang)),
        ],
    )
}

fn notes(comparison: &Comparison, report: &Report, page: &Page) -> Vec<String> {
    let mut keys = Vec::new();
    if comparison.tested > 0 {
        keys.extend(["change.how", "change.ranges", "change.strength"]);
    }
    match comparison.range {
        RangeKind::SmallNumbersRange => keys.push("change.who-took-part"),
        RangeKind::None => keys.push("change.not-everyone"),
        RangeKind::ConfidenceInterval => {}
    }
    // Whoever looks again and again at figures that move sees more than chance allows for one look.
    if report.wave.state == "open" {
        keys.push("change.while-open");
    }
    keys.into_iter().map(|key| page.t(key).to_owned()).collect()
}

impl ChangeRow {
    fn new(item: &ItemChange, report: &Report, wave: &str, page: &Page) -> Self {
        let text = report
            .items
            .iter()
            .find(|own| own.key == item.key)
            .map_or("", |own| own.text.get(&page.lang));
        let (agree, net) = match &item.change {
            Change::Measured(change) => {
                (difference(change.agree, page), difference(change.net, page))
            }
            Change::NotCompared { .. } => ("–".to_owned(), "–".to_owned()),
        };
        Self {
            anchor: format!("item-{}", item.key),
            text: text.to_owned(),
            agree,
            net,
            words: in_words(&item.change, wave, page),
            is_clear: is_clear(&item.change),
        }
    }
}

fn difference(difference: Difference, page: &Page) -> String {
    let points = page.words.signed(difference.points);
    match difference.interval {
        Some(interval) => format!("{points} ({})", signed_range(page.words, interval)),
        None => points,
    }
}

fn is_clear(change: &Change) -> bool {
    let verdict = match change {
        Change::Measured(MeasuredChange { test, .. }) => test.map(|test| test.verdict),
        Change::NotCompared { .. } => None,
    };
    matches!(verdict, Some(Verdict::Higher | Verdict::Lower))
}

fn in_words(change: &Change, wave: &str, page: &Page) -> String {
    let key = match change {
        Change::Measured(MeasuredChange { test: None, .. }) => "change.counted",
        Change::Measured(MeasuredChange {
            test: Some(test), ..
        }) => match test.verdict {
            Verdict::Higher => "change.higher",
            Verdict::Lower => "change.lower",
            Verdict::NoClearChange => "change.none",
        },
        Change::NotCompared { reason } => match reason {
            NotCompared::WordingDiffers => "change.wording-differs",
            NotCompared::ScaleDiffers => "change.scale-differs",
            NotCompared::NotAsked => "change.not-asked",
            NotCompared::TooFewAnswers { .. } => "change.too-few",
            NotCompared::Withheld => "change.withheld",
        },
    };
    page.words.t_with(key, &[("wave", wave)])
}
