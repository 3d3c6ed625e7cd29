//! A report's items in words and lengths: what the results page and the mail both render.

use super::{
    ballot::BallotBlock,
    chart::{self, Bar, Span},
    columns::{Column, columns},
    page::Page,
    range,
    words::Catalogue,
};
use crate::{
    domain::text::Lang,
    tally::report::{
        Division, Figures, Interval, ItemReport, LikertFigures, NetAgreement, OptionFigures,
        RangeKind, Report, SignedInterval, WithheldReason,
    },
};

#[derive(Debug)]
pub(super) enum Block {
    Scale(ScaleBlock),
    Ballot(Box<BallotBlock>),
    Withheld {
        anchor: String,
        text: String,
        why: String,
    },
}

/// A Likert or choice item: options down, waves across.
#[derive(Debug)]
pub(super) struct ScaleBlock {
    pub anchor: String,
    pub text: String,
    pub is_likert: bool,
    pub waves: Vec<WaveColumn>,
    pub rows: Vec<Row>,
    pub summary: Vec<SummaryRow>,
    pub notes: Vec<String>,
}

#[derive(Debug)]
pub(super) struct WaveColumn {
    pub name: String,
    pub is_this: bool,
    pub base: String,
    /// Heading of the column of ranges; empty for a wave without ranges.
    pub range: String,
    /// Columns of this wave in the table.
    pub columns: u8,
    /// The chart in one sentence, from the same figures.
    pub sentence: String,
    pub bar: Option<Bar>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub text: String,
    pub fill: &'static str,
    pub cells: Vec<Cell>,
}

#[derive(Debug)]
pub(super) struct Cell {
    pub wave: String,
    pub count: String,
    pub percent: String,
    /// Empty for a wave without ranges.
    pub range: String,
    pub length: String,
}

#[derive(Debug)]
pub(super) struct SummaryRow {
    pub name: String,
    pub values: Vec<String>,
}

pub(super) fn blocks(report: &Report, page: &Page) -> Vec<Block> {
    let lang = &page.lang;
    let all: Vec<Vec<Column<'_>>> = report
        .items
        .iter()
        .map(|item| columns(report, item, lang))
        .collect();
    let span = Span::of(all.iter().flatten().filter_map(|column| likert(column)));
    report
        .items
        .iter()
        .zip(&all)
        .map(|(item, columns)| block(item, columns, span, page))
        .collect()
}

fn block(item: &ItemReport, columns: &[Column<'_>], span: Span, page: &Page) -> Block {
    let anchor = format!("item-{}", item.key);
    let text = item.text.get(&page.lang).to_owned();
    match &item.figures {
        Figures::Withheld { reason } => Block::Withheld {
            anchor,
            text,
            why: withheld(page.words, *reason),
        },
        Figures::Ballot(figures) => {
            Block::Ballot(Box::new(BallotBlock::new(anchor, text, figures, page)))
        }
        Figures::Likert(_) | Figures::Choice(_) => {
            Block::Scale(scale(anchor, text, columns, span, page))
        }
    }
}

pub(super) fn withheld(words: &Catalogue, reason: WithheldReason) -> String {
    match reason {
        WithheldReason::TooFewPeople { minimum } => {
            words.t_with("results.withheld", &[("minimum", &words.number(minimum))])
        }
    }
}

fn likert<'a>(column: &Column<'a>) -> Option<&'a LikertFigures> {
    match column.figures {
        Figures::Likert(figures) => Some(figures),
        _ => None,
    }
}

/// Base, blank answers and options of a Likert or choice item.
fn shares(figures: &Figures) -> Option<(u64, u64, &[OptionFigures])> {
    match figures {
        Figures::Likert(likert) => Some((likert.base, likert.blank, &likert.points)),
        Figures::Choice(choice) => Some((choice.base, choice.blank, &choice.options)),
        Figures::Ballot(_) | Figures::Withheld { .. } => None,
    }
}

fn scale(
    anchor: String,
    text: String,
    columns: &[Column<'_>],
    span: Span,
    page: &Page,
) -> ScaleBlock {
    let words = page.words;
    let shown: Vec<&Column<'_>> = columns
        .iter()
        .filter(|column| shares(column.figures).is_some())
        .collect();
    let this = shown.iter().find(|column| column.is_this);
    let is_likert = this.is_some_and(|column| likert(column).is_some());
    let options = this
        .and_then(|column| shares(column.figures))
        .map_or(&[][..], |(_, _, options)| options);
    ScaleBlock {
        waves: shown
            .iter()
            .map(|column| wave_column(column, span, page))
            .collect(),
        rows: options
            .iter()
            .enumerate()
            .map(|(place, option)| Row {
                text: option.text.get(&page.lang).to_owned(),
                fill: if is_likert {
                    chart::colours(place, options.len()).0
                } else {
                    "#12436D"
                },
                cells: shown
                    .iter()
                    .map(|column| cell(column, option, page))
                    .collect(),
            })
            .collect(),
        summary: summary(&shown, is_likert, page),
        notes: notes(columns, words),
        anchor,
        text,
        is_likert,
    }
}

fn wave_column(column: &Column<'_>, span: Span, page: &Page) -> WaveColumn {
    let words = page.words;
    let (base, _, options) = shares(column.figures).unwrap_or((0, 0, &[]));
    let has_range = column.range != RangeKind::None;
    let parts: Vec<String> = options
        .iter()
        .map(|option| {
            let text = option.text.get(&page.lang);
            format!("{text} {}", words.percent(option.percent))
        })
        .collect();
    WaveColumn {
        name: column.wave.to_owned(),
        is_this: column.is_this,
        base: words.t_count("results.answers", base, &[]),
        range: if has_range {
            range::column_name(words, column.range).to_owned()
        } else {
            String::new()
        },
        columns: if has_range { 3 } else { 2 },
        sentence: format!("{}: {}.", column.wave, parts.join("; ")),
        bar: likert(column).map(|figures| chart::diverging(figures, span)),
    }
}

fn cell(column: &Column<'_>, option: &OptionFigures, page: &Page) -> Cell {
    let words = page.words;
    let (base, _, options) = shares(column.figures).unwrap_or((0, 0, &[]));
    let own = options.iter().find(|other| other.key == option.key);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let range = own
        .and_then(|own| own.interval)
        .map(|range| range_in_words(words, range));
    Cell {
        wave: column.wave.to_owned(),
        count: or_dash(own.map(|own| words.number(own.count))),
        percent: or_dash(own.map(|own| words.percent(own.percent))),
        range: if column.range == RangeKind::None {
            String::new()
        } else {
            or_dash(range)
        },
        length: chart::length(own.map_or(0, |own| own.count), base),
    }
}

/// A range narrower than a fifth of a point says so: in whole points it would look like none.
const NARROW: f64 = 0.002;

pub(super) fn range_in_words(words: &Catalogue, range: Interval) -> String {
    if range.high - range.low < NARROW {
        return words.t("results.range-narrow").to_owned();
    }
    words.t_with(
        "results.range",
        &[
            ("low", &range.low_percent.to_string()),
            ("high", &range.high_percent.to_string()),
        ],
    )
}

fn summary(shown: &[&Column<'_>], is_likert: bool, page: &Page) -> Vec<SummaryRow> {
    let words = page.words;
    let row = |key: &str, value: &dyn Fn(&Column<'_>) -> String| SummaryRow {
        name: words.t(&format!("{key}-name")).to_owned(),
        values: shown.iter().map(|column| value(column)).collect(),
    };
    let count = |column: &Column<'_>, of: fn((u64, u64)) -> u64| {
        shares(column.figures).map_or_else(
            || "–".to_owned(),
            |(base, blank, _)| words.number(of((base, blank))),
        )
    };
    let mut rows = vec![
        row("figure.base", &|column| count(column, |(base, _)| base)),
        row("figure.blank", &|column| count(column, |(_, blank)| blank)),
    ];
    if is_likert {
        let of = |column: &Column<'_>, value: &dyn Fn(&LikertFigures) -> Option<String>| {
            likert(column)
                .and_then(value)
                .unwrap_or_else(|| "–".to_owned())
        };
        rows.push(row("figure.net", &|column| {
            of(column, &|f| f.net.map(|net| net_in_words(words, net)))
        }));
        rows.push(row("figure.median", &|column| {
            of(column, &|f| median(f, &page.lang, words))
        }));
        rows.push(row("figure.agreement", &|column| {
            of(column, &|f| agreement(f, words))
        }));
    }
    rows
}

fn net_in_words(words: &Catalogue, net: NetAgreement) -> String {
    let points = words.signed(net.points);
    match net.interval {
        Some(interval) => format!("{points} ({})", signed_range(words, interval)),
        None => points,
    }
}

/// `−17 to +29`.
pub(super) fn signed_range(words: &Catalogue, interval: SignedInterval) -> String {
    if interval.high - interval.low < NARROW {
        return words.t("results.range-narrow").to_owned();
    }
    words.t_with(
        "results.signed-range",
        &[
            ("low", &words.signed(interval.low_points)),
            ("high", &words.signed(interval.high_points)),
        ],
    )
}

/// `0.35, divided`.
fn agreement(figures: &LikertFigures, words: &Catalogue) -> Option<String> {
    let figure = words.decimal(figures.agreement?);
    Some(match figures.division {
        Some(division) => format!("{figure}, {}", division_in_words(words, division)),
        None => figure,
    })
}

pub(super) fn division_in_words(words: &Catalogue, division: Division) -> &str {
    words.t(match division {
        Division::Agreed => "figure.agreed",
        Division::Leaning => "figure.leaning",
        Division::Divided => "figure.divided",
    })
}

fn median(figures: &LikertFigures, lang: &Lang, words: &Catalogue) -> Option<String> {
    let median = figures.median?;
    let low = figures.points.get(median.low)?.text.get(lang);
    let high = figures.points.get(median.high)?.text.get(lang);
    Some(if median.low == median.high {
        low.to_owned()
    } else {
        words.t_with("results.between", &[("low", low), ("high", high)])
    })
}

fn notes(columns: &[Column<'_>], words: &Catalogue) -> Vec<String> {
    columns
        .iter()
        .filter_map(|column| match column.figures {
            Figures::Withheld { reason } => {
                Some(format!("{}: {}", column.wave, withheld(words, *reason)))
            }
            other => {
                let (base, _, options) = shares(other)?;
                let without = options.iter().all(|option| option.interval.is_none());
                (column.range != RangeKind::None && base > 0 && without)
                    .then(|| format!("{}: {}", column.wave, words.t("results.too-few-for-range")))
            }
        })
        .collect()
}
