//! The summary that subscribers get when a wave is published: a subject, a text and an HTML part with
//! the same figures. In English. No images, no tracking, every link written in full.

use askama::Template;

use super::{
    block::{Block, blocks},
    change_block::ChangeBlock,
    dates,
    page::Page,
    paper_block::PaperBlock,
    range::RangeWords,
    results,
};
use crate::{domain::text::Lang, tally::report::Report};

/// Which closing of its wave a summary is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryKind {
    First,
    /// The wave was reopened and has closed again.
    Corrected,
}

#[derive(Debug)]
pub struct SummaryMail {
    page: Page,
    subject: String,
    headline: String,
    is_corrected: bool,
    survey: String,
    wave: String,
    people: String,
    channels: String,
    frame: String,
    dates: String,
    ranges: Vec<RangeWords>,
    change: Option<ChangeBlock>,
    blocks: Vec<Block>,
    refused: Vec<(String, String)>,
    paper: Option<PaperBlock>,
    results_url: String,
    stop_url: String,
    contact: Option<String>,
    audit_head: Option<String>,
}

#[derive(Template)]
#[template(
    path = "mail/summary.txt",
    config = "src/view/askama.toml",
    whitespace = "preserve"
)]
struct TextPart<'a> {
    mail: &'a SummaryMail,
}

#[derive(Template)]
#[template(path = "mail/summary.html", config = "src/view/askama.toml")]
struct HtmlPart<'a> {
    mail: &'a SummaryMail,
}

impl SummaryMail {
    /// Both addresses are absolute. `contact` is where a reply is read.
    pub fn new(
        report: &Report,
        results_url: &str,
        stop_url: &str,
        contact: Option<&str>,
        kind: SummaryKind,
    ) -> Self {
        let page = Page::new(&Lang::english(), "/");
        let words = page.words;
        let offset = dates::offset_of_minutes(report.wave.offset_minutes);
        let survey = report.survey.title.get(&page.lang).to_owned();
        let wave = report.wave.title.get(&page.lang).to_owned();
        let people = words.t_count("results.people", report.turnout.people, &[]);
        let blocks = blocks(report, &page);
        let closed = dates::day_of(words, report.wave.closes, offset);
        let responses = words.t_count("mail.responses", report.turnout.people, &[]);
        let is_corrected = kind == SummaryKind::Corrected;
        let name = if is_corrected {
            "Corrected summary"
        } else {
            "Result"
        };
        Self {
            is_corrected,
            // A header has one line, whatever a title holds.
            subject: format!("{name}: {survey} ({wave}) – {responses}, closed {closed}")
                .replace(['\r', '\n'], " "),
            headline: headline(&blocks, &people, page.words),
            channels: channels(report, &page),
            frame: results::frame_in_words(report, &page),
            dates: results::dates_in_words(report, &page),
            ranges: results::ranges(report, &page),
            change: ChangeBlock::of(report, &page),
            refused: results::refused(report, &page),
            paper: PaperBlock::of(report, &page),
            results_url: results_url.to_owned(),
            stop_url: stop_url.to_owned(),
            contact: contact.map(ToOwned::to_owned),
            audit_head: None,
            page,
            survey,
            wave,
            people,
            blocks,
        }
    }

    /// Where the audit log ended when the wave closed.
    #[must_use]
    pub fn with_audit_head(self, head: Option<&str>) -> Self {
        Self {
            audit_head: head.map(ToOwned::to_owned),
            ..self
        }
    }

    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub fn text(&self) -> Result<String, askama::Error> {
        TextPart { mail: self }.render()
    }

    pub fn html(&self) -> Result<String, askama::Error> {
        HtmlPart { mail: self }.render()
    }
}

/// The decision where there is one, else who took part.
fn headline(blocks: &[Block], people: &str, words: &super::Catalogue) -> String {
    let ballot = blocks.iter().find_map(|block| match block {
        Block::Ballot(ballot) => Some(ballot),
        _ => None,
    });
    match ballot {
        Some(ballot) if ballot.undecided.is_some() => people.to_owned(),
        Some(ballot) if ballot.funded.is_empty() => "No project was funded.".to_owned(),
        Some(ballot) => {
            let names: Vec<String> = ballot.funded.iter().map(|(name, _)| name.clone()).collect();
            format!(
                "Funded: {}. That is {} of {}.",
                words.list(&names),
                ballot.spent,
                ballot.budget
            )
        }
        None => people.to_owned(),
    }
}

/// `Online 60, Post 12, Meeting 13`.
fn channels(report: &Report, page: &Page) -> String {
    let parts: Vec<String> = report
        .turnout
        .channels
        .iter()
        .map(|row| {
            let name = page.t(&format!("channel.{}", row.channel));
            let answers = page.words.number(row.responses);
            if row.on_sheets == 0 {
                format!("{name} {answers}")
            } else {
                let sheets = page.words.number(row.on_sheets);
                format!("{name} {answers} one by one and {sheets} on count sheets")
            }
        })
        .collect();
    parts.join(", ")
}
