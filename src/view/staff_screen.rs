//! The screen in a hall: what everyone may know of a wave, in letters that the last row can read. It
//! goes from slide to slide by itself. In the language of the survey.

use askama::Template;

use super::{
    block::{Block, blocks},
    dates,
    page::Page,
    results,
};
use crate::{
    domain::{
        text::Text,
        wave::{Wave, WaveState},
    },
    tally::report::Report,
};

/// Waves that a screen can show.
#[derive(Debug, Template)]
#[template(path = "staff_screens.html", config = "src/view/askama.toml")]
pub struct ScreensPage {
    page: Page,
    waves: Vec<(String, String)>,
}

impl ScreensPage {
    pub fn new(page: &Page, waves: &[(Wave, Text)]) -> Self {
        Self {
            page: page.titled("Screens for a hall"),
            waves: waves
                .iter()
                .map(|(wave, survey)| {
                    let title = wave.spec.title.get(&page.lang);
                    let text = format!("{}: {title}", survey.get(&page.lang));
                    (format!("/staff/screen/{}", wave.key), text)
                })
                .collect(),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "staff_screen.html", config = "src/view/askama.toml")]
pub struct ScreenPage {
    page: Page,
    survey: String,
    wave: String,
    slide: Slide,
    place: String,
}

/// Whether, and where, people can take part at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taking {
    NotYet,
    /// At this address, without its scheme.
    Online {
        address: String,
    },
    /// On paper or at a meeting only.
    OnPaper,
    Ended,
}

#[derive(Debug)]
enum Slide {
    TakePart {
        address: Option<String>,
        state: String,
        people: Option<String>,
        note: Option<String>,
    },
    Figures {
        title: String,
        rows: Vec<Bar>,
        note: String,
    },
    Withheld {
        title: String,
        why: String,
    },
}

#[derive(Debug)]
struct Bar {
    text: String,
    figure: String,
    count: String,
    length: String,
    fill: &'static str,
    mark: bool,
}

const FUNDED: &str = "#12436D";
const NOT_FUNDED: &str = "#8C9196";

impl ScreenPage {
    /// `report` is there when the public may read it. Slides count from none, which says how to take
    /// part; each item of the report has one of its own.
    pub fn new(
        page: &Page,
        survey: &Text,
        wave: &Wave,
        taking: &Taking,
        report: Option<&Report>,
        slide: usize,
    ) -> Self {
        let shown = report
            .map(|report| blocks(report, page))
            .unwrap_or_default();
        let slides = shown.len() + 1;
        let title = wave.spec.title.get(&page.lang).to_owned();
        let survey = survey.get(&page.lang).to_owned();
        let (slide, place) = match slide.checked_sub(1).and_then(|item| shown.get(item)) {
            Some(block) => (figures(block), slide + 1),
            None => (take_part(page, wave, taking, report), 1),
        };
        Self {
            page: page.titled(format!("{survey}: {title}")),
            survey,
            wave: title,
            slide,
            place: format!("{place} / {slides}"),
        }
    }

    /// The slide that follows, of a report with this many items.
    pub fn next(slide: usize, report: Option<&Report>) -> usize {
        let items = report.map_or(0, |report| report.items.len());
        if slide < items { slide + 1 } else { 0 }
    }
}

fn take_part(page: &Page, wave: &Wave, taking: &Taking, report: Option<&Report>) -> Slide {
    let words = page.words;
    let when = dates::moment(words, wave.spec.closes, wave.spec.offset());
    let opens = dates::moment(words, wave.spec.opens, wave.spec.offset());
    Slide::TakePart {
        address: match taking {
            Taking::Online { address } => Some(address.clone()),
            Taking::NotYet | Taking::OnPaper | Taking::Ended => None,
        },
        state: match (taking, wave.state) {
            (Taking::NotYet, _) => words.t_with("screen.opens", &[("when", &opens)]),
            (Taking::Online { .. } | Taking::OnPaper, _) => {
                words.t_with("screen.open", &[("when", &when)])
            }
            (Taking::Ended, WaveState::Published(_)) => words.t("screen.published").to_owned(),
            (Taking::Ended, _) => words.t_with("screen.closed", &[("when", &when)]),
        },
        people: report.map(|report| results::people_in_words(report, page)),
        note: report
            .is_none()
            .then(|| words.t("screen.results-follow").to_owned()),
    }
}

fn figures(block: &Block) -> Slide {
    match block {
        Block::Scale(scale) => {
            let this = scale.waves.iter().position(|wave| wave.is_this);
            let this = this.unwrap_or_default();
            let rows = scale.rows.iter().filter_map(|row| {
                let cell = row.cells.get(this)?;
                Some(Bar {
                    text: row.text.clone(),
                    figure: cell.percent.clone(),
                    count: cell.count.clone(),
                    length: cell.length.clone(),
                    fill: row.fill,
                    mark: false,
                })
            });
            Slide::Figures {
                title: scale.text.clone(),
                rows: rows.collect(),
                note: scale
                    .waves
                    .get(this)
                    .map(|wave| wave.base.clone())
                    .unwrap_or_default(),
            }
        }
        Block::Ballot(ballot) => Slide::Figures {
            title: ballot.text.clone(),
            rows: ballot
                .rows
                .iter()
                .map(|row| Bar {
                    text: row.text.clone(),
                    figure: row.percent.clone(),
                    count: row.votes.clone(),
                    length: row.length.clone(),
                    fill: if row.is_funded { FUNDED } else { NOT_FUNDED },
                    mark: row.is_funded,
                })
                .collect(),
            note: ballot.base.clone(),
        },
        Block::Withheld { text, why, .. } => Slide::Withheld {
            title: text.clone(),
            why: why.clone(),
        },
    }
}
