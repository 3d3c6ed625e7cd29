//! Pages for staff, and the page that stops mails. In English.

use askama::Template;
use time::UtcOffset;

use super::{dates, page::Page};
use crate::domain::{channel::Channel, key::WaveKey, moment::Moment, text::Text, wave::WaveState};
use crate::tally::report::ChannelTurnout;

/// A wave in the list of all waves.
#[derive(Debug, Clone)]
pub struct StaffWaveRow {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub state: WaveState,
    pub channels: Vec<ChannelTurnout>,
    pub opens: Moment,
    pub closes: Moment,
    pub offset: UtcOffset,
}

#[derive(Debug, Template)]
#[template(path = "staff_home.html", config = "src/view/askama.toml")]
pub struct StaffHomePage {
    page: Page,
    who: String,
    rows: Vec<ShownWave>,
}

#[derive(Debug)]
struct ShownWave {
    href: String,
    survey: String,
    wave: String,
    state: &'static str,
    people: Vec<String>,
    opens: String,
    closes: String,
}

impl StaffHomePage {
    /// `who` is the name or address of the person logged in; `may_run` is whether they run waves.
    pub fn new(page: &Page, who: &str, waves: &[StaffWaveRow]) -> Self {
        let rows = waves
            .iter()
            .map(|row| ShownWave {
                href: format!("/staff/w/{}", row.key),
                survey: row.survey.get(&page.lang).to_owned(),
                wave: row.wave.get(&page.lang).to_owned(),
                state: state_in_words(row.state),
                people: Channel::ALL
                    .iter()
                    .map(|channel| page.words.number(people_of(&row.channels, *channel)))
                    .collect(),
                opens: dates::moment(page.words, row.opens, row.offset),
                closes: dates::moment(page.words, row.closes, row.offset),
            })
            .collect();
        Self {
            page: page.titled("All waves"),
            who: who.to_owned(),
            rows,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsubscribeState {
    Ask,
    Done,
}

#[derive(Debug, Template)]
#[template(path = "unsubscribe.html", config = "src/view/askama.toml")]
pub struct UnsubscribePage {
    page: Page,
    action: String,
    survey: String,
    done: bool,
}

impl UnsubscribePage {
    /// `survey` is the title of what the mails are about.
    pub fn new(page: &Page, token: &str, survey: &Text, state: UnsubscribeState) -> Self {
        let done = state == UnsubscribeState::Done;
        let title = if done {
            "stop.done-title"
        } else {
            "stop.title"
        };
        Self {
            page: page.titled(page.t(title)),
            action: format!("/mail/stop/{token}"),
            survey: survey.get(&page.lang).to_owned(),
            done,
        }
    }
}

fn people_of(channels: &[ChannelTurnout], channel: Channel) -> u64 {
    channels
        .iter()
        .filter(|row| row.channel == channel)
        .map(|row| row.responses.saturating_add(row.on_sheets))
        .sum()
}

pub(super) fn state_in_words(state: WaveState) -> &'static str {
    match state {
        WaveState::Draft(_) => "Draft",
        WaveState::Open(_) => "Open",
        WaveState::Closed(_) => "Closed",
        WaveState::Published(_) => "Published",
    }
}
