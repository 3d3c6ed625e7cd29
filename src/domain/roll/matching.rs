//! Telling whether somebody of a file stands on a roll already, was taken off it, or looks like
//! somebody else who does.

use std::collections::{BTreeSet, HashMap};

use super::{
    Person,
    fingerprint::{Fingerprints, RollKey, plain, plain_mail},
};
use crate::domain::id::WaveId;

/// Where somebody stands among [`Standing::all`].
type Place = usize;

/// Whoever stands on a roll, and whoever of a file is put there.
pub struct Standing<'a> {
    key: &'a RollKey,
    wave: WaveId,
    all: Vec<Entry>,
    by_fingerprint: HashMap<String, Place>,
    by_mail: HashMap<String, Place>,
    by_household: HashMap<(String, String), Place>,
    alike: BTreeSet<u64>,
}

enum Entry {
    Stored {
        id: i64,
        person: Person,
        filled: bool,
    },
    New {
        line: u64,
        person: Person,
    },
    /// After a code was made.
    TakenOff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    New,
    Known,
    TakenOff,
}

/// What a file changes.
#[derive(Debug, PartialEq, Eq)]
pub struct Changes {
    pub new: Vec<Person>,
    /// People of the roll, by their id, whose address or e-mail address is known now.
    pub filled: Vec<(i64, Person)>,
    /// Lines of people who look like somebody else.
    pub alike: Vec<u64>,
}

impl<'a> Standing<'a> {
    pub fn new(key: &'a RollKey, wave: WaveId) -> Self {
        Self {
            key,
            wave,
            all: Vec::new(),
            by_fingerprint: HashMap::new(),
            by_mail: HashMap::new(),
            by_household: HashMap::new(),
            alike: BTreeSet::new(),
        }
    }

    /// Somebody who is on the roll.
    pub fn stored(&mut self, id: i64, person: Person) {
        let prints = self.key.fingerprints(self.wave, &person);
        self.note_likeness(self.all.len(), &person);
        let entry = Entry::Stored {
            id,
            person,
            filled: false,
        };
        self.push(entry, &prints);
    }

    /// Somebody who was taken off after a code was made.
    pub fn taken_off(&mut self, prints: &Fingerprints) {
        self.push(Entry::TakenOff, prints);
    }

    fn push(&mut self, entry: Entry, prints: &Fingerprints) {
        let place = self.all.len();
        self.all.push(entry);
        self.note_fingerprints(place, prints);
    }

    fn note_fingerprints(&mut self, place: Place, prints: &Fingerprints) {
        for print in prints.all() {
            self.by_fingerprint.entry(print.to_owned()).or_insert(place);
        }
    }

    fn note_likeness(&mut self, place: Place, person: &Person) {
        if let Some(email) = &person.email {
            self.by_mail.entry(plain_mail(email)).or_insert(place);
        }
        if let Some(household) = household(person) {
            self.by_household.entry(household).or_insert(place);
        }
    }

    /// Somebody of a file, in line `line` of it.
    pub fn meet(&mut self, line: u64, person: Person) -> Verdict {
        let prints = self.key.fingerprints(self.wave, &person);
        let found: BTreeSet<Place> = prints
            .all()
            .filter_map(|print| self.by_fingerprint.get(print).copied())
            .collect();
        let mut found_in_order = found.iter().copied();
        let Some(place) = found_in_order.next() else {
            self.note_alike(line, &person);
            self.note_likeness(self.all.len(), &person);
            self.push(Entry::New { line, person }, &prints);
            return Verdict::New;
        };
        let is_off = |place: &Place| matches!(self.all.get(*place), Some(Entry::TakenOff));
        if found.iter().any(is_off) {
            self.note_fingerprints(place, &prints);
            return Verdict::TakenOff;
        }
        if found_in_order.next().is_some() {
            // Two rows that this one shows to be one person: somebody has to look.
            self.alike.insert(line);
            return Verdict::Known;
        }
        self.note_likeness(place, &person);
        self.note_fingerprints(place, &prints);
        self.fill(place, person);
        Verdict::Known
    }

    fn note_alike(&mut self, line: u64, person: &Person) {
        let by_mail = person.email.as_deref().map(plain_mail);
        let by_mail = by_mail.and_then(|email| self.by_mail.get(&email));
        let by_household = household(person).and_then(|home| self.by_household.get(&home));
        for place in [by_mail, by_household].into_iter().flatten() {
            self.alike.insert(line);
            if let Some(Entry::New { line: other, .. }) = self.all.get(*place) {
                self.alike.insert(*other);
            }
        }
    }

    /// Adds what was missing, and changes nothing that was there.
    fn fill(&mut self, place: Place, from: Person) {
        let (person, filled) = match self.all.get_mut(place) {
            Some(Entry::Stored { person, filled, .. }) => (person, Some(filled)),
            Some(Entry::New { person, .. }) => (person, None),
            Some(Entry::TakenOff) | None => return,
        };
        let mut has_more = false;
        if person.address.is_empty() && !from.address.is_empty() {
            person.address = from.address;
            has_more = true;
        }
        if person.email.is_none() && from.email.is_some() {
            person.email = from.email;
            has_more = true;
        }
        if let Some(filled) = filled {
            *filled |= has_more;
        }
    }

    pub fn changes(self) -> Changes {
        let mut new = Vec::new();
        let mut filled = Vec::new();
        for entry in self.all {
            match entry {
                Entry::New { person, .. } => new.push(person),
                Entry::Stored {
                    id,
                    person,
                    filled: true,
                } => filled.push((id, person)),
                Entry::Stored { .. } | Entry::TakenOff => {}
            }
        }
        Changes {
            new,
            filled,
            alike: self.alike.into_iter().collect(),
        }
    }
}

/// One address, and one last word of the name.
fn household(person: &Person) -> Option<(String, String)> {
    let last = person.name.as_str().split_whitespace().next_back()?;
    let has_address = !person.address.is_empty();
    has_address.then(|| (plain(&person.address.to_text()), plain(last)))
}
