//! The form for the settings of a draft, and the question before a wave closes. In English.

use askama::Template;

use super::{
    dates,
    page::{Page, SummaryLine},
};
use crate::domain::{
    survey::Survey,
    wave::Wave,
    wave_settings::{Setting, SettingFault, TypedSettings, USUAL_DAYS},
};

#[derive(Debug, Template)]
#[template(path = "staff_edit.html", config = "src/view/askama.toml")]
pub struct StaffEditPage {
    page: Page,
    errors: Vec<SummaryLine>,
    back: String,
    wave: String,
    clock: String,
    opens: Typed,
    closes: Typed,
    channels: Choices,
    access: Choices,
    frame: Choices,
    size: Typed,
    results: Choices,
}

#[derive(Debug)]
struct Typed {
    value: String,
    error: Option<String>,
}

#[derive(Debug)]
struct Choices {
    options: Vec<Choice>,
    error: Option<String>,
}

#[derive(Debug)]
struct Choice {
    value: &'static str,
    text: &'static str,
    checked: bool,
}

impl StaffEditPage {
    pub fn new(
        page: &Page,
        wave: &Wave,
        survey: &Survey,
        typed: &TypedSettings,
        faults: &[SettingFault],
    ) -> Self {
        let error = |setting| {
            let fault = faults.iter().find(|fault| fault.setting == setting);
            fault.map(|fault| capital(&fault.message))
        };
        let text = |setting, value: &str| Typed {
            value: value.to_owned(),
            error: error(setting),
        };
        let choices =
            |setting, options: &[(&'static str, &'static str)], chosen: &[String]| Choices {
                options: options
                    .iter()
                    .map(|(value, text)| Choice {
                        value,
                        text,
                        checked: chosen.iter().any(|chosen| chosen == value),
                    })
                    .collect(),
                error: error(setting),
            };
        let one = std::slice::from_ref::<String>;
        Self {
            page: page
                .titled("Settings of this draft")
                .with_errors(!faults.is_empty()),
            errors: faults
                .iter()
                .map(|fault| SummaryLine {
                    href: format!("#{}", anchor(fault.setting)),
                    text: capital(&fault.message),
                })
                .collect(),
            back: format!("/staff/w/{}", wave.key),
            wave: format!(
                "{}: {}",
                survey.title.get(&page.lang),
                wave.spec.title.get(&page.lang)
            ),
            clock: dates::zone(wave.spec.offset()),
            opens: text(Setting::Opens, &typed.opens),
            closes: text(Setting::Closes, &typed.closes),
            channels: choices(Setting::Channels, &CHANNELS, &typed.channels),
            access: choices(Setting::Access, &ACCESS, one(&typed.access)),
            frame: choices(Setting::Frame, &FRAMES, one(&typed.frame)),
            size: text(Setting::Size, &typed.size),
            results: choices(Setting::Results, &RESULTS, one(&typed.results)),
        }
    }
}

const CHANNELS: [(&str, &str); 3] = [
    ("online", "Online"),
    ("postal", "Post"),
    ("meeting", "Meeting"),
];
const ACCESS: [(&str, &str); 2] = [
    ("open", "Whoever has the address"),
    ("code", "People with an access code, each counted once"),
];
const FRAMES: [(&str, &str); 3] = [
    ("census", "Everyone of a group was asked"),
    ("sample", "People drawn at random from a group were asked"),
    ("open", "Whoever came"),
];
const RESULTS: [(&str, &str); 2] = [
    ("live", "While answers come in, in steps"),
    ("published", "Once two people have published them"),
];

fn anchor(setting: Setting) -> &'static str {
    match setting {
        Setting::Opens => "opens",
        Setting::Closes => "closes",
        Setting::Access => "access-open",
        Setting::Channels => "channels-online",
        Setting::Frame => "frame-census",
        Setting::Size => "size",
        Setting::Results => "results-live",
    }
}

/// A message of the domain as a sentence of its own.
pub(super) fn capital(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// What is said when a draft has been open for fewer days than is usual.
pub fn short_wave_warning() -> String {
    format!(
        "Saved. The wave is open for less than {USUAL_DAYS} days: letters may come back too late."
    )
}

/// Before a wave closes.
#[derive(Debug, Template)]
#[template(path = "staff_close.html", config = "src/view/askama.toml")]
pub struct StaffClosePage {
    page: Page,
    back: String,
    wave: String,
    closes: String,
    is_early: bool,
    people: String,
    has_paper: bool,
    mails: String,
}

impl StaffClosePage {
    /// `people` are counted so far, and `mails` people get the summary.
    pub fn new(
        page: &Page,
        wave: &Wave,
        survey: &Survey,
        is_early: bool,
        people: u64,
        mails: u64,
    ) -> Self {
        Self {
            page: page.titled("Close this wave?"),
            back: format!("/staff/w/{}", wave.key),
            wave: format!(
                "{}: {}",
                survey.title.get(&page.lang),
                wave.spec.title.get(&page.lang)
            ),
            closes: dates::moment(page.words, wave.spec.closes, wave.spec.offset()),
            is_early,
            people: match people {
                1 => "One person is".to_owned(),
                n => format!("{} people are", page.words.number(n)),
            },
            has_paper: !wave.spec.is_online_only(),
            mails: match mails {
                1 => "one person".to_owned(),
                n => format!("{} people", page.words.number(n)),
            },
        }
    }
}
