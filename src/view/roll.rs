//! The roll of a wave: numbers first, names only for whoever looks for somebody.

use askama::Template;

use super::page::Page;
use crate::domain::{key::WaveKey, text::Text};

/// How many people of a group there are, and how many of them got a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollGroup {
    pub name: Option<String>,
    pub people: u64,
    pub with_code: u64,
}

#[derive(Debug, Clone)]
pub struct StaffRoll {
    pub key: WaveKey,
    pub wave: Text,
    pub groups: Vec<RollGroup>,
    /// In all groups.
    pub people: u64,
    pub with_code: u64,
    /// Taken off after a code was made.
    pub removed: u64,
    /// Why nobody can be added, if nobody can.
    pub closed: Option<String>,
    /// The day on which the roll goes.
    pub goes: String,
}

#[derive(Debug, Template)]
#[template(path = "roll.html", config = "src/view/askama.toml")]
pub struct RollPage {
    page: Page,
    base: String,
    back: String,
    wave: String,
    groups: Vec<ShownGroup>,
    people: String,
    with_code: String,
    removed: Option<String>,
    is_empty: bool,
    closed: Option<String>,
    goes: String,
    typed: String,
    faults: Vec<String>,
    more_faults: Option<String>,
    notice: Option<String>,
    found: Option<Found>,
    removing: Option<ShownPerson>,
}

#[derive(Debug)]
struct ShownGroup {
    name: String,
    people: String,
    with_code: String,
}

#[derive(Debug)]
struct ShownPerson {
    serial: i64,
    name: String,
}

/// One page of the people who were found.
#[derive(Debug)]
struct Found {
    part: String,
    all: String,
    people: Vec<ShownPerson>,
    next: Option<usize>,
    previous: Option<usize>,
}

/// Faults that one page shows; the rest is a number.
const MOST_FAULTS: usize = 100;

impl RollPage {
    pub fn new(page: &Page, roll: &StaffRoll) -> Self {
        let words = page.words;
        Self {
            page: page.titled(format!("Roll of {}", roll.key)),
            base: format!("/staff/w/{}/roll", roll.key),
            back: format!("/staff/w/{}", roll.key),
            wave: format!("{} ({})", roll.wave.get(&page.lang), roll.key),
            groups: roll
                .groups
                .iter()
                .map(|group| ShownGroup {
                    name: group.name.clone().unwrap_or_else(|| "No group".to_owned()),
                    people: words.number(group.people),
                    with_code: words.number(group.with_code),
                })
                .collect(),
            people: words.number(roll.people),
            with_code: words.number(roll.with_code),
            removed: (roll.removed > 0).then(|| words.number(roll.removed)),
            is_empty: roll.people == 0,
            closed: roll.closed.clone(),
            goes: roll.goes.clone(),
            typed: String::new(),
            faults: Vec::new(),
            more_faults: None,
            notice: None,
            found: None,
            removing: None,
        }
    }

    /// What was done.
    #[must_use]
    pub fn with_notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }

    /// Why nothing was taken, with what was typed.
    #[must_use]
    pub fn with_faults(mut self, mut faults: Vec<String>, typed: &str) -> Self {
        if faults.len() > MOST_FAULTS {
            let more = faults.len() - MOST_FAULTS;
            faults.truncate(MOST_FAULTS);
            self.more_faults = Some(format!("And {more} further faults."));
        }
        self.page = self.page.with_errors(true);
        self.faults = faults;
        typed.clone_into(&mut self.typed);
        self
    }

    /// The people whose name has `part` in it: page `number` from 0, of `all`.
    #[must_use]
    pub fn with_found(
        mut self,
        part: &str,
        all: usize,
        people: Vec<(i64, String)>,
        (number, per_page): (usize, usize),
    ) -> Self {
        let shown_to = number.saturating_add(1).saturating_mul(per_page);
        self.found = Some(Found {
            part: part.to_owned(),
            all: match all {
                0 => "Nobody was found.".to_owned(),
                1 => "1 person was found.".to_owned(),
                all => format!("{all} people were found."),
            },
            people: people
                .into_iter()
                .map(|(serial, name)| ShownPerson { serial, name })
                .collect(),
            next: (shown_to < all).then_some(number + 1),
            previous: number.checked_sub(1),
        });
        self
    }

    /// Asks whether this person is meant.
    #[must_use]
    pub fn asking_to_remove(mut self, serial: i64, name: String) -> Self {
        self.removing = Some(ShownPerson { serial, name });
        self
    }
}
