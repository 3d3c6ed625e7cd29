//! The screen in a hall: what everyone may know of a wave, in letters that the last row can read. It
//! goes from slide to slide by itself. In the language of the survey.

use askama::Template;

use super::{
    ballot::BallotBlock,
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
    next: usize,
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
    /// `report` is there when the public may read it. The first slide says how to take part; then
    /// come the items of the report.
    pub fn new(
        page: &Page,
        survey: &Text,
        wave: &Wave,
        taking: &Taking,
        report: Option<&Report>,
        slide: usize,
    ) -> Self {
        let mut slides = vec![take_part(page, wave, taking, report)];
        for block in report
            .map(|report| blocks(report, page))
            .unwrap_or_default()
        {
            figures(&block, &mut slides);
        }
        let all = slides.len();
        // One that is no longer there leads back to the first.
        let shown = if slide < all { slide } else { 0 };
        let title = wave.spec.title.get(&page.lang).to_owned();
        let survey = survey.get(&page.lang).to_owned();
        Self {
            page: page.titled(format!("{survey}: {title}")),
            survey,
            wave: title,
            slide: slides.swap_remove(shown),
            place: format!("{} / {all}", shown + 1),
            next: if shown + 1 < all { shown + 1 } else { 0 },
        }
    }

    /// The slide that follows.
    pub fn next(&self) -> usize {
        self.next
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

/// Rows that fit on a slide: nobody can scroll a screen on a wall.
const ROWS: usize = 7;

fn figures(block: &Block, slides: &mut Vec<Slide>) {
    let (title, note, bars) = match block {
        Block::Withheld { text, why, .. } => {
            slides.push(Slide::Withheld {
                title: text.clone(),
                why: why.clone(),
            });
            return;
        }
        Block::Scale(scale) => {
            let this = scale.waves.iter().position(|wave| wave.is_this);
            let this = this.unwrap_or_default();
            let base = scale.waves.get(this).map(|wave| wave.base.clone());
            let bars = scale.rows.iter().filter_map(|row| {
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
            (&scale.text, base.unwrap_or_default(), bars.collect())
        }
        Block::Ballot(ballot) => (&ballot.text, ballot.base.clone(), projects(ballot)),
    };
    let mut bars: Vec<Bar> = bars;
    while !bars.is_empty() {
        let rest = bars.split_off(bars.len().min(ROWS));
        slides.push(Slide::Figures {
            title: title.clone(),
            rows: bars,
            note: note.clone(),
        });
        bars = rest;
    }
}

fn projects(ballot: &BallotBlock) -> Vec<Bar> {
    ballot
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
        .collect()
}
