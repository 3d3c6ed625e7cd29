//! The page of results: every figure of a report, with its base, its range and what the range means.

use askama::Template;

use super::{
    block::{Block, blocks},
    change_block::ChangeBlock,
    dates,
    page::Page,
    paper_block::PaperBlock,
    range::RangeWords,
};
use crate::{
    domain::{channel::Channel, frame::Frame, text::Lang, wave::AccessRule},
    tally::report::{ChannelTurnout, RangeKind, Report},
};

/// For a wave whose results are public while answers come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveNote {
    /// Figures move in steps of this many answers.
    pub minimum: u64,
}

#[derive(Debug, Template)]
#[template(path = "results.html", config = "src/view/askama.toml")]
pub struct ResultsPage {
    page: Page,
    base: String,
    heading: String,
    wave: String,
    people: String,
    frame: String,
    dates: String,
    state: Option<String>,
    live: Option<String>,
    preview: bool,
    channels: Vec<ChannelRow>,
    has_sheets: bool,
    ranges: Vec<RangeWords>,
    /// On rounding and on the charts, where there are any.
    hints: Vec<String>,
    /// Figures of a statement, and what they mean.
    meanings: Vec<(String, String)>,
    change: Option<ChangeBlock>,
    /// Whether there is a page of further figures.
    has_more: bool,
    blocks: Vec<Block>,
    refused: Vec<(String, String)>,
    voided: Option<String>,
    paper: Option<PaperBlock>,
    /// Who is counted once, and which answers count.
    counting: Option<String>,
    wording: String,
}

#[derive(Debug)]
struct ChannelRow {
    name: String,
    responses: String,
    on_sheets: String,
}

impl ResultsPage {
    /// `preview` marks a page that only staff see so far.
    pub fn new(page: &Page, report: &Report, live: Option<LiveNote>, preview: bool) -> Self {
        let words = page.words;
        let turnout = &report.turnout;
        let heading = report.survey.title.get(&page.lang).to_owned();
        let wave = report.wave.title.get(&page.lang).to_owned();
        let blocks = blocks(report, page);
        Self {
            page: page
                .titled(words.t_with("results.title", &[("survey", &heading), ("wave", &wave)])),
            base: format!("/r/{}/{}", report.survey.key, report.wave.name),
            people: people_in_words(report, page),
            frame: frame_in_words(report, page),
            dates: dates_in_words(report, page),
            state: (report.wave.state == "open").then(|| words.t("results.still-open").to_owned()),
            live: live.map(|note| {
                words.t_with("results.live", &[("minimum", &words.number(note.minimum))])
            }),
            preview,
            channels: turnout
                .channels
                .iter()
                .map(|row| ChannelRow {
                    name: words.t(&format!("channel.{}", row.channel)).to_owned(),
                    responses: words.number(row.responses),
                    on_sheets: words.number(row.on_sheets),
                })
                .collect(),
            has_sheets: turnout.channels.iter().any(|row| row.on_sheets > 0),
            ranges: ranges(report, page),
            hints: hints(&blocks, page),
            meanings: meanings(&blocks, page),
            change: ChangeBlock::of(report, page),
            has_more: blocks.iter().any(|block| match block {
                Block::Scale(scale) => scale.is_likert,
                Block::Ballot(ballot) => ballot.has_analysis,
                Block::Withheld { .. } => false,
            }),
            blocks,
            refused: refused(report, page),
            paper: PaperBlock::of(report, page),
            counting: counting_in_words(report, page),
            voided: (turnout.voided > 0)
                .then(|| words.t_count("results.voided", turnout.voided, &[])),
            wording: report.survey.wording.chars().take(12).collect(),
            heading,
            wave,
        }
    }
}

fn hints(blocks: &[Block], page: &Page) -> Vec<String> {
    let scales = || {
        blocks.iter().filter_map(|block| match block {
            Block::Scale(scale) => Some(scale),
            _ => None,
        })
    };
    let rounding = scales().next().map(|_| "results.rounding");
    let charts = scales()
        .any(|scale| scale.is_likert)
        .then_some("results.bar-unit");
    rounding
        .into_iter()
        .chain(charts)
        .map(|key| page.t(key).to_owned())
        .collect()
}

fn meanings(blocks: &[Block], page: &Page) -> Vec<(String, String)> {
    let has_statement = |block: &Block| matches!(block, Block::Scale(scale) if scale.is_likert);
    if !blocks.iter().any(has_statement) {
        return Vec::new();
    }
    ["figure.net", "figure.median", "figure.agreement"]
        .into_iter()
        .map(|key| {
            let of = |part: &str| page.t(&format!("{key}-{part}")).to_owned();
            (of("name"), of("why"))
        })
        .collect()
}

/// Attempts that were not counted, by reason.
pub(super) fn refused(report: &Report, page: &Page) -> Vec<(String, String)> {
    report
        .turnout
        .refused
        .iter()
        .map(|row| {
            let reason = format!("refused.{}", row.reason.as_str());
            (page.t(&reason).to_owned(), page.words.number(row.attempts))
        })
        .collect()
}

/// While a wave is open, none shown does not mean that nobody has answered.
pub(super) fn people_in_words(report: &Report, page: &Page) -> String {
    if report.turnout.people == 0 && report.wave.state == "open" {
        page.t("results.nobody-shown").to_owned()
    } else {
        page.words
            .t_count("results.people", report.turnout.people, &[])
    }
}

/// The rule by which one person is counted once.
fn counting_in_words(report: &Report, page: &Page) -> Option<String> {
    let key = match report.wave.access {
        AccessRule::Code => "results.counting-code",
        AccessRule::Open => {
            let online = |row: &ChannelTurnout| row.channel == Channel::Online;
            report.turnout.channels.iter().find(|row| online(row))?;
            "results.counting-browser"
        }
    };
    Some(page.t(key).to_owned())
}

/// Who was asked.
pub(super) fn frame_in_words(report: &Report, page: &Page) -> String {
    let (key, size) = match report.wave.frame {
        Frame::Census { size } => ("frame.census", size),
        Frame::Sample { size } => ("frame.sample", size),
        Frame::Open => ("frame.open", 0),
    };
    page.words
        .t_with(key, &[("size", &page.words.number(size))])
}

/// First and last day on which people could answer.
pub(super) fn dates_in_words(report: &Report, page: &Page) -> String {
    let offset = dates::offset_of_minutes(report.wave.offset_minutes);
    let words = page.words;
    words.t_with(
        "results.dates",
        &[
            ("from", &dates::day_of(words, report.wave.opens, offset)),
            ("to", &dates::day_of(words, report.wave.closes, offset)),
        ],
    )
}

/// How to read the ranges: of the report's own wave always, and of each wave beside it that differs.
pub(super) fn ranges(report: &Report, page: &Page) -> Vec<RangeWords> {
    let words = page.words;
    let own = RangeWords::new(
        words,
        report.range,
        report.wave.frame,
        report.turnout.people,
    );
    let others: Vec<RangeWords> = report
        .beside
        .iter()
        .filter(|wave| wave.range != report.range || wave.range == RangeKind::None)
        .map(|wave| RangeWords {
            wave: Some(wave.title.get(&page.lang).to_owned()),
            ..RangeWords::new(words, wave.range, wave.frame, wave.people)
        })
        .collect();
    let name = own_name(report, &page.lang, others.is_empty());
    let mut all = vec![RangeWords { wave: name, ..own }];
    all.extend(others);
    all
}

fn own_name(report: &Report, lang: &Lang, alone: bool) -> Option<String> {
    (!alone).then(|| report.wave.title.get(lang).to_owned())
}
