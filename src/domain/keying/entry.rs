//! One sheet as one person keyed it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use super::sheet::SheetContent;
use crate::domain::{
    hex::{TOKEN_BYTES, unhex},
    id::UserId,
};

/// Who looks at the sheet, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    First,
    /// By somebody else, who does not see the first.
    Second,
    /// By a third person, where the two differ.
    Decision,
}

impl Pass {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Decision => "decision",
        }
    }
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Pass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::First, Self::Second, Self::Decision]
            .into_iter()
            .find(|pass| pass.as_str() == text)
            .ok_or_else(|| format!("“{text}” is no pass"))
    }
}

/// 128 random bits that a browser gives to each save, so that one that is sent twice is kept once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(String);

impl ClientId {
    /// 32 hexadecimal digits, with or without hyphens.
    pub fn new(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| *c != '-').take(33).collect();
        unhex::<TOKEN_BYTES>(&digits)?;
        Some(Self(digits.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody who takes longer over a sheet was away from it.
pub const LONGEST_SECONDS: u32 = 600;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub by: UserId,
    /// 1 for the first time, and one more for each correction.
    pub revision: u32,
    pub content: SheetContent,
    /// From the moment the sheet was before them to the moment it was saved.
    pub seconds: u32,
}

/// What was keyed of a batch in one round.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entries {
    /// The latest version of every sheet.
    latest: BTreeMap<Pass, BTreeMap<u32, Entry>>,
    /// Everybody who keyed in a pass, also where a later version is somebody else's.
    hands: BTreeMap<Pass, BTreeSet<UserId>>,
}

impl Entries {
    /// Adds a version of a sheet, which holds from now on.
    pub fn put(&mut self, pass: Pass, sheet: u32, entry: Entry) {
        self.hands.entry(pass).or_default().insert(entry.by);
        self.latest.entry(pass).or_default().insert(sheet, entry);
    }

    pub fn all(&self) -> impl Iterator<Item = (&Pass, &BTreeMap<u32, Entry>)> {
        self.latest.iter()
    }

    pub fn of(&self, pass: Pass) -> Option<&BTreeMap<u32, Entry>> {
        self.latest.get(&pass)
    }

    pub fn has_hand_in(&self, pass: Pass, who: UserId) -> bool {
        self.hands
            .get(&pass)
            .is_some_and(|hands| hands.contains(&who))
    }
}

/// What a keyer sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    pub sheet: u32,
    /// The revision that the keyer had before them; 0 for a sheet that they saw as new.
    pub seen: u32,
    pub content: SheetContent,
    pub seconds: u32,
}

impl NewEntry {
    pub(super) fn by(&self, by: UserId) -> Entry {
        Entry {
            by,
            revision: self.seen + 1,
            content: self.content.clone(),
            seconds: self.seconds.min(LONGEST_SECONDS),
        }
    }
}
