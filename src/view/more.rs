//! Further figures of each statement, for readers who ask for them: none of them is needed to read
//! the results, and some can mislead.

use askama::Template;

use super::{
    ballot::CertaintyBlock,
    block::range_in_words,
    columns::{Column, columns},
    page::Page,
    range::RangeWords,
    results,
    words::Catalogue,
};
use crate::tally::report::{Figures, ItemReport, LikertFigures, MoreFigures, Report};

#[derive(Debug, Template)]
#[template(path = "more.html", config = "src/view/askama.toml")]
pub struct MorePage {
    page: Page,
    base: String,
    heading: String,
    wave: String,
    ranges: Vec<RangeWords>,
    statements: Vec<Statement>,
    ballots: Vec<CertaintyBlock>,
    /// Each figure by name, and what it means.
    meanings: Vec<(String, String)>,
}

#[derive(Debug)]
struct Statement {
    anchor: String,
    text: String,
    waves: Vec<String>,
    rows: Vec<FigureRow>,
}

#[derive(Debug)]
struct FigureRow {
    name: String,
    values: Vec<String>,
}

/// The figures of which a statement has one each, in the order of the page.
const FIGURES: [&str; 5] = [
    "more.agreement",
    "more.consensus",
    "more.leik",
    "more.interpolated",
    "more.mean",
];

impl MorePage {
    pub fn new(page: &Page, report: &Report) -> Self {
        let words = page.words;
        let heading = report.survey.title.get(&page.lang).to_owned();
        let wave = report.wave.title.get(&page.lang).to_owned();
        let (repeats, seed) = resampled(report, page);
        let resampling = [("repeats", repeats.as_str()), ("seed", &seed)];
        let title = words.t_with("more.title", &[("survey", &heading), ("wave", &wave)]);
        Self {
            page: page.titled(title),
            base: format!("/r/{}/{}", report.survey.key, report.wave.name),
            ranges: results::ranges(report, page),
            statements: report
                .items
                .iter()
                .filter_map(|item| Statement::of(report, item, page))
                .collect(),
            ballots: report
                .items
                .iter()
                .filter_map(|item| match &item.figures {
                    Figures::Ballot(figures) => {
                        let anchor = format!("item-{}", item.key);
                        let text = item.text.get(&page.lang).to_owned();
                        CertaintyBlock::new(anchor, text, figures, page)
                    }
                    _ => None,
                })
                .collect(),
            meanings: ["more.row"]
                .iter()
                .chain(&FIGURES)
                .map(|key| {
                    let name = words.t(&format!("{key}-name")).to_owned();
                    let why = words.t_with(&format!("{key}-why"), &resampling);
                    (name, why)
                })
                .collect(),
            heading,
            wave,
        }
    }
}

/// How the ranges of agreement were drawn; dashes where there are none.
fn resampled(report: &Report, page: &Page) -> (String, String) {
    let found = report.items.iter().find_map(|item| match &item.figures {
        Figures::Likert(figures) => figures.more.as_ref()?.agreement_range,
        _ => None,
    });
    let dash = || "–".to_owned();
    found.map_or_else(
        || (dash(), dash()),
        |range| (page.words.number(range.replicates), range.seed.to_string()),
    )
}

impl Statement {
    /// None for an item that is no statement, or whose figures are kept back.
    fn of(report: &Report, item: &ItemReport, page: &Page) -> Option<Self> {
        let Figures::Likert(own) = &item.figures else {
            return None;
        };
        let shown = columns(report, item, &page.lang);
        let waves: Vec<(&Column<'_>, &LikertFigures)> = shown
            .iter()
            .filter_map(|column| match column.figures {
                Figures::Likert(figures) => Some((column, figures)),
                _ => None,
            })
            .collect();
        let row = |name: String, value: &dyn Fn(&LikertFigures) -> Option<String>| FigureRow {
            name,
            values: waves
                .iter()
                .map(|(_, figures)| value(figures).unwrap_or_else(|| "–".to_owned()))
                .collect(),
        };
        let points = own.points.iter().enumerate().map(|(place, point)| {
            let name = point.text.get(&page.lang).to_owned();
            row(name, &|figures| {
                let range = figures.more.as_ref()?.row.get(place)?;
                Some(range_in_words(page.words, *range))
            })
        });
        let figures = FIGURES.iter().map(|key| {
            let name = page.words.t(&format!("{key}-name")).to_owned();
            row(name, &|figures| {
                figure(key, figures.agreement, figures.more.as_ref()?, page.words)
            })
        });
        Some(Self {
            anchor: format!("item-{}", item.key),
            text: item.text.get(&page.lang).to_owned(),
            rows: points.chain(figures).collect(),
            waves: waves
                .iter()
                .map(|(column, _)| column.wave.to_owned())
                .collect(),
        })
    }
}

fn figure(
    key: &str,
    agreement: Option<f64>,
    more: &MoreFigures,
    words: &Catalogue,
) -> Option<String> {
    let between = |low: f64, high: f64| {
        let limits = [("low", words.decimal(low)), ("high", words.decimal(high))];
        let limits = limits.each_ref().map(|(name, text)| (*name, text.as_str()));
        words.t_with("results.signed-range", &limits)
    };
    match key {
        "more.agreement" => Some(match more.agreement_range {
            Some(range) => format!(
                "{} ({})",
                words.decimal(agreement?),
                between(range.low, range.high)
            ),
            None => words.decimal(agreement?),
        }),
        "more.consensus" => more.consensus.map(|value| words.decimal(value)),
        "more.leik" => more.leik.map(|value| words.decimal(value)),
        "more.interpolated" => more.interpolated_median.map(|value| words.decimal(value)),
        _ => {
            let mean = more.mean?;
            let value = words.decimal(mean.mean);
            Some(match (mean.low, mean.high) {
                (Some(low), Some(high)) => format!("{value} ({})", between(low, high)),
                _ => value,
            })
        }
    }
}
