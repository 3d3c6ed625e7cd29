//! The page of one wave for staff: where it stands, whether everything adds up, and what comes next.

use askama::Template;
use time::UtcOffset;

use super::{
    dates,
    page::{Page, SummaryLine},
    staff::state_in_words,
    words::Words,
};
use crate::{
    domain::{
        key::WaveKey,
        moment::Moment,
        role::{Permission, Role},
        text::{Lang, Text},
        wave::{AccessRule, ResultsRule, WaveState},
    },
    tally::report::ChannelTurnout,
};

/// A whole and its parts, counted independently: they have to agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub what: &'static str,
    pub whole: u64,
    pub parts: Vec<(&'static str, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    Queued,
    Sent,
    /// Tried often enough; somebody has to look at it.
    Parked,
}

#[derive(Debug, Clone)]
pub struct MailRow {
    /// The full address; the page shows it masked.
    pub to: String,
    pub state: MailState,
    pub tries: u32,
}

/// Everything that the page of one wave shows.
#[derive(Debug, Clone)]
pub struct StaffWave {
    pub key: WaveKey,
    pub survey: Text,
    /// What the paper can be printed in.
    pub languages: Vec<Lang>,
    pub wave: Text,
    pub state: WaveState,
    /// Staff have ended the taking of answers, and the last are on their way.
    pub is_ending: bool,
    /// Envelopes or batches are not counted yet.
    pub paper_waits: bool,
    pub access: AccessRule,
    pub results: ResultsRule,
    pub opens: Moment,
    pub closes: Moment,
    pub offset: UtcOffset,
    pub channels: Vec<ChannelTurnout>,
    pub balances: Vec<Balance>,
    /// Who gets the summary, by number and address.
    pub subscribers: Vec<(i64, String)>,
    pub mails: Vec<MailRow>,
    /// Requests about this wave that wait for a second person.
    pub waiting: u64,
    pub reader: WaveReader,
}

/// What whoever looks at the page may do beyond looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaveReader {
    pub runs_waves: bool,
    pub reads_results: bool,
    /// The post and the batches of a wave that takes paper.
    pub handles_post: bool,
}

#[derive(Debug, Template)]
#[template(path = "staff_wave.html", config = "src/view/askama.toml")]
pub struct StaffWavePage {
    page: Page,
    base: String,
    public: String,
    answer: String,
    survey: String,
    wave: String,
    state: &'static str,
    access: &'static str,
    results: &'static str,
    opens: String,
    closes: String,
    channels: Vec<(String, String, String)>,
    balances: Vec<ShownBalance>,
    step: Option<Step>,
    roll: Option<String>,
    papers: Vec<Paper>,
    further: Vec<(String, &'static str)>,
    waiting: Option<String>,
    reader: WaveReader,
    summaries: String,
    can_subscribe: bool,
    subscribers: Vec<(i64, String)>,
    mails: Vec<ShownMail>,
    typed: String,
    errors: Vec<SummaryLine>,
    notice: Option<String>,
}

/// One line of book-keeping: a whole, its parts, and whether they agree.
#[derive(Debug)]
struct ShownBalance {
    what: &'static str,
    whole: String,
    parts: Vec<(&'static str, String)>,
    agrees: bool,
}

/// The questionnaire to print.
#[derive(Debug)]
struct Paper {
    href: String,
    text: String,
}

/// The one thing that can be done next with the wave.
#[derive(Debug)]
struct Step {
    action: &'static str,
    /// A link to a page that asks once more, instead of a button.
    asks_first: bool,
    button: &'static str,
    consequence: &'static str,
}

#[derive(Debug)]
struct ShownMail {
    to: String,
    state: &'static str,
    tries: u32,
}

impl StaffWavePage {
    pub fn new(page: &Page, wave: &StaffWave) -> Self {
        let words = page.words;
        let survey = wave.survey.get(&page.lang).to_owned();
        let title = wave.wave.get(&page.lang).to_owned();
        Self {
            page: page.titled(format!("{survey}: {title}")),
            base: format!("/staff/w/{}", wave.key),
            public: format!("/r/{}", wave.key),
            answer: format!("/w/{}", wave.key),
            survey,
            wave: title,
            state: if wave.is_ending && wave.paper_waits {
                "Closing: it takes no more answers, and closes when the last paper is counted"
            } else if wave.is_ending {
                "Closing: the last answers are being counted"
            } else {
                state_in_words(wave.state)
            },
            access: match wave.access {
                AccessRule::Open => "Open: whoever has the address",
                AccessRule::Code => "One access code, one counted response",
            },
            results: match wave.results {
                ResultsRule::Live => "Public while answers come in",
                ResultsRule::Published => "Public once the wave is published",
            },
            opens: dates::moment(words, wave.opens, wave.offset),
            closes: dates::moment(words, wave.closes, wave.offset),
            channels: wave
                .channels
                .iter()
                .map(|row| {
                    (
                        words.t(&format!("channel.{}", row.channel)).to_owned(),
                        words.number(row.responses),
                        words.number(row.on_sheets),
                    )
                })
                .collect(),
            balances: wave
                .balances
                .iter()
                .map(|row| ShownBalance::new(page, row))
                .collect(),
            step: step(wave.state).filter(|_| wave.reader.runs_waves && !wave.is_ending),
            roll: (wave.access == AccessRule::Code).then(|| format!("/staff/w/{}/roll", wave.key)),
            papers: papers(wave),
            further: further(wave),
            waiting: waiting(wave),
            reader: wave.reader,
            summaries: summaries(wave.subscribers.len()),
            can_subscribe: wave.reader.runs_waves
                && matches!(wave.state, WaveState::Draft(_) | WaveState::Open(_)),
            subscribers: wave.subscribers.clone(),
            mails: wave.mails.iter().map(ShownMail::new).collect(),
            typed: String::new(),
            errors: Vec::new(),
            notice: None,
        }
    }

    /// Without the ways that somebody of this role may not go.
    #[must_use]
    pub fn for_role(mut self, role: Role) -> Self {
        self.roll = self.roll.filter(|_| role.may(Permission::IssueCodes));
        self
    }

    /// Shows again an address that could not be added, and why.
    #[must_use]
    pub fn with_address_fault(mut self, typed: &str, fault: &str) -> Self {
        self.typed = typed.chars().take(254).collect();
        self.errors = vec![SummaryLine {
            href: "#email".to_owned(),
            text: fault.to_owned(),
        }];
        self.page = self.page.with_errors(true);
        self
    }

    /// What was just done, or why it could not be done.
    #[must_use]
    pub fn with_notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }
}

impl ShownMail {
    fn new(mail: &MailRow) -> Self {
        Self {
            to: masked(&mail.to),
            state: match mail.state {
                MailState::Queued => "Queued",
                MailState::Sent => "Sent",
                MailState::Parked => "Parked: needs a look",
            },
            tries: mail.tries,
        }
    }
}

/// `a…@example.org`: enough for staff to recognise, too little to collect.
fn masked(address: &str) -> String {
    match (address.chars().next(), address.rsplit_once('@')) {
        (Some(first), Some((_, domain))) => format!("{first}…@{domain}"),
        _ => "…".to_owned(),
    }
}

impl ShownBalance {
    fn new(page: &Page, balance: &Balance) -> Self {
        let sum: u64 = balance.parts.iter().map(|(_, count)| *count).sum();
        Self {
            what: balance.what,
            whole: page.words.number(balance.whole),
            parts: balance
                .parts
                .iter()
                .map(|(name, count)| (*name, page.words.number(*count)))
                .collect(),
            agrees: sum == balance.whole,
        }
    }
}

fn waiting(wave: &StaffWave) -> Option<String> {
    (wave.reader.runs_waves && wave.waiting > 0).then(|| match wave.waiting {
        1 => "One request about this wave waits for a second person".to_owned(),
        n => format!("{n} requests about this wave wait for a second person"),
    })
}

fn summaries(people: usize) -> String {
    match people {
        0 => "Nobody yet.".to_owned(),
        1 => "One person gets the summary by e-mail.".to_owned(),
        n => format!("{n} people get the summary by e-mail."),
    }
}

/// The paper in each language of the survey, and in two sizes.
fn papers(wave: &StaffWave) -> Vec<Paper> {
    let in_size = |lang: &Lang, size: &str, words: &str| Paper {
        href: format!(
            "/staff/w/{}/paper?language={}{size}",
            wave.key,
            lang.as_str()
        ),
        text: format!("Paper to print ({}{words})", Words::name_of(lang)),
    };
    let of = |lang| {
        [
            in_size(lang, "", ""),
            in_size(lang, "&size=large", ", large print"),
        ]
    };
    wave.languages.iter().flat_map(of).collect()
}

/// What else can be done, each with a page of its own.
fn further(wave: &StaffWave) -> Vec<(String, &'static str)> {
    if !wave.reader.runs_waves {
        return Vec::new();
    }
    let links: &[(&str, &'static str)] = match wave.state {
        WaveState::Draft(_) => &[("edit", "Change dates, channels and other settings")],
        WaveState::Open(_) => &[
            ("ask/extend", "Ask for a later closing time"),
            ("ask/void", "Ask to void an entry"),
            ("ask/sheet", "Ask to replace a count sheet"),
        ],
        // Nobody can unsee results that have been public.
        WaveState::Closed(_) if wave.results == ResultsRule::Live => {
            &[("ask/void", "Ask to void an entry")]
        }
        WaveState::Closed(_) => &[
            ("ask/reopen", "Ask to reopen this wave"),
            ("ask/void", "Ask to void an entry"),
        ],
        WaveState::Published(_) => &[],
    };
    links
        .iter()
        .map(|(path, text)| (format!("/staff/w/{}/{path}", wave.key), *text))
        .collect()
}

fn step(state: WaveState) -> Option<Step> {
    match state {
        WaveState::Draft(_) => Some(Step {
            action: "open",
            asks_first: false,
            button: "Open this wave",
            consequence: "People can answer from the opening time on, and the wording is fixed. This cannot be undone.",
        }),
        WaveState::Open(_) => Some(Step {
            action: "close",
            asks_first: true,
            button: "Close this wave",
            consequence: "The next page says what closing does, and asks once more.",
        }),
        WaveState::Closed(_) => Some(Step {
            action: "ask/publish",
            asks_first: false,
            button: "Ask for publication",
            consequence: "Once somebody else has confirmed, everyone can read the results. That cannot be undone.",
        }),
        WaveState::Published(_) => None,
    }
}
