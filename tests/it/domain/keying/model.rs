//! A batch of paper as `docs/keying.md` tells of it, in plain structs: every save of a round in one
//! list, and each question answered by looking through it. Shares no line with `domain::keying`.

use sha2::{Digest, Sha256};

pub type Person = i64;

pub const HALF_AN_HOUR: i64 = 30 * 60 * 1000;
const MOST_SHEETS: u32 = 400;
/// What is keyed of the sheet as a whole.
const WHOLE: [&str; 2] = ["=spoilt", "=unreadable"];

/// First keying, second keying, decision.
pub type Pass = u8;
pub const FIRST: Pass = 1;
pub const SECOND: Pass = 2;
pub const DECISION: Pass = 3;

#[derive(Debug, Clone)]
pub struct Save {
    pub pass: Pass,
    pub sheet: u32,
    pub who: Person,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The number expected, and who found it in which pass.
    Counting(u32, Option<(Pass, Person)>),
    First,
    Second,
    Resolving,
    Reconciled,
    Counted,
}

#[derive(Debug, Clone)]
pub struct Sampled {
    pub percent: u32,
    pub accepted: usize,
    pub seed: String,
    pub verdict: Option<bool>,
}

#[derive(Debug, Clone)]
pub enum Step {
    CountPile(Person, u32),
    Claim(Person),
    Release(Person),
    /// The version that was seen comes last.
    Save(Save, u32),
    Finish(Person, Pass, u32),
    Restart,
    Count,
}

#[derive(Debug)]
pub struct Model {
    /// The text of a sheet with nothing on it.
    pub empty: String,
    pub envelopes: u32,
    pub counts: Vec<(Person, u32)>,
    pub sampled: Option<Sampled>,
    pub at: At,
    pub round: u32,
    /// Who has the pile, and until when.
    pub desk: Option<(Person, i64)>,
    pub saves: Vec<Save>,
}

impl Model {
    pub fn opened(
        (empty, envelopes): (String, u32),
        first_count: (Person, u32),
        sampled: Option<Sampled>,
    ) -> Self {
        Self {
            empty,
            envelopes,
            counts: vec![first_count],
            sampled,
            at: if first_count.1 == envelopes {
                At::First
            } else {
                At::Counting(envelopes, None)
            },
            round: 1,
            desk: None,
            saves: Vec::new(),
        }
    }

    pub fn sheets(&self) -> u32 {
        self.counts[self.counts.len() - 1].1
    }

    pub fn latest(&self, pass: Pass, sheet: u32) -> Option<&Save> {
        let mut saves = self.saves.iter().rev();
        saves.find(|save| save.pass == pass && save.sheet == sheet)
    }

    pub fn versions(&self, pass: Pass, sheet: u32) -> u32 {
        let of_it = |save: &&Save| save.pass == pass && save.sheet == sheet;
        u32::try_from(self.saves.iter().filter(of_it).count()).unwrap()
    }

    /// Sheets are keyed in order the first time, so that the highest number tells how many.
    pub fn keyed(&self) -> u32 {
        let firsts = self.saves.iter().filter(|save| save.pass == FIRST);
        firsts.map(|save| save.sheet).max().unwrap_or(0)
    }

    fn has_hand_in(&self, pass: Pass, who: Person) -> bool {
        self.saves
            .iter()
            .any(|save| save.pass == pass && save.who == who)
    }

    pub fn wanted(&self) -> Vec<u32> {
        let mut sheets: Vec<u32> = (1..=self.sheets()).collect();
        if let Some(sampled) = &self.sampled
            && sampled.verdict != Some(false)
        {
            let seed = Sha256::digest(format!("{}/{}", sampled.seed, self.round));
            let seed = countmein::domain::hex::hex(&seed[..16]);
            sheets.sort_by_cached_key(|sheet| Sha256::digest(format!("{seed}/{sheet}")));
            let some = (self.sheets() * sampled.percent).div_ceil(100);
            sheets.truncate(usize::try_from(some).unwrap());
        }
        sheets
    }

    fn texts(&self, sheet: u32) -> Option<(&str, &str)> {
        let first = self.latest(FIRST, sheet)?;
        Some((&first.text, &self.latest(SECOND, sheet)?.text))
    }

    pub fn differs(&self, sheet: u32) -> bool {
        self.texts(sheet).is_some_and(|(one, two)| one != two)
    }

    pub fn undecided(&self) -> Vec<u32> {
        (1..=self.sheets())
            .filter(|sheet| self.differs(*sheet) && self.latest(DECISION, *sheet).is_none())
            .collect()
    }

    /// What holds for a sheet.
    pub fn truth(&self, sheet: u32) -> Option<&str> {
        match self.texts(sheet) {
            Some((one, two)) if one == two => Some(one),
            Some(_) => Some(&self.latest(DECISION, sheet)?.text),
            None if self.sampled.as_ref()?.verdict == Some(true) => {
                Some(&self.latest(FIRST, sheet)?.text)
            }
            None => None,
        }
    }

    fn places<'a>(&'a self, text: &'a str) -> Option<&'a [u8]> {
        match text {
            "=blank" => Some(self.empty.as_bytes()),
            text if WHOLE.contains(&text) => None,
            text => Some(text.as_bytes()),
        }
    }

    fn wrong_fields_of_first(&self) -> usize {
        let of_sheet = |sheet| {
            let (Some((first, _)), Some(truth)) = (self.texts(sheet), self.truth(sheet)) else {
                return 0;
            };
            match (self.places(first), self.places(truth)) {
                _ if first == truth => 0,
                (Some(one), Some(two)) => one.iter().zip(two).filter(|(a, b)| a != b).count(),
                _ => self.empty.len(),
            }
        };
        (1..=self.sheets()).map(of_sheet).sum()
    }

    /// A decision leaves alone what agrees, unless the whole sheet is one that nobody can count.
    fn leaves_alone_what_agrees(&self, save: &Save) -> bool {
        let Some((first, second)) = self.texts(save.sheet) else {
            return false;
        };
        let three = [first, second, save.text.as_str()].map(|text| self.places(text));
        let [Some(first), Some(second), Some(decided)] = three else {
            return true;
        };
        (0..first.len()).all(|at| first[at] != second[at] || decided[at] == first[at])
    }

    /// True when the step is a lawful one, and then it is taken.
    pub fn take(&mut self, step: &Step, now: i64) -> bool {
        let is_lawful = self.allows(step, now);
        if is_lawful {
            self.go(step, now);
        }
        is_lawful
    }

    fn allows(&self, step: &Step, now: i64) -> bool {
        let has = |who: &Person| self.desk.is_some_and(|(by, _)| by == *who);
        match step {
            Step::CountPile(who, sheets) => {
                let At::Counting(_, found) = self.at else {
                    return false;
                };
                *sheets <= MOST_SHEETS
                    && self.counts[self.counts.len() - 1].0 != *who
                    && found.is_none_or(|(_, finder)| finder != *who)
            }
            Step::Claim(who) => {
                let is_fit = match self.at {
                    At::First => true,
                    At::Second => !self.has_hand_in(FIRST, *who),
                    At::Resolving => ![FIRST, SECOND].iter().any(|p| self.has_hand_in(*p, *who)),
                    _ => false,
                };
                is_fit
                    && self
                        .desk
                        .is_none_or(|(by, until)| by == *who || until <= now)
            }
            Step::Release(who) => has(who),
            Step::Save(save, seen) => {
                let Save { pass, sheet, .. } = *save;
                let is_its_turn = match (self.at, pass) {
                    (At::First, FIRST) => {
                        (1..=(self.keyed() + 1).min(MOST_SHEETS)).contains(&sheet)
                    }
                    (At::Second, SECOND) => {
                        self.wanted().contains(&sheet) && self.latest(DECISION, sheet).is_none()
                    }
                    (At::Resolving, DECISION) => {
                        self.differs(sheet) && self.leaves_alone_what_agrees(save)
                    }
                    _ => false,
                };
                is_its_turn && has(&save.who) && self.versions(pass, sheet) == *seen
            }
            Step::Finish(who, pass, found) => {
                let is_done = match (self.at, *pass) {
                    (At::First, FIRST) => true,
                    (At::Second, SECOND) if *found != self.sheets() => *found <= MOST_SHEETS,
                    (At::Second, SECOND) => {
                        let is_keyed = |sheet: &u32| self.latest(SECOND, *sheet).is_some();
                        self.wanted().iter().all(is_keyed)
                    }
                    (At::Resolving, DECISION) => self.undecided().is_empty(),
                    _ => false,
                };
                is_done && has(who)
            }
            Step::Restart => !matches!(self.at, At::Counting(..) | At::Counted),
            Step::Count => self.at == At::Reconciled && self.marked() <= self.envelopes,
        }
    }

    /// Sheets with marks, by what holds.
    fn marked(&self) -> u32 {
        let truths = (1..=self.sheets()).filter_map(|sheet| self.truth(sheet));
        u32::try_from(truths.filter(|text| !text.starts_with('=')).count()).unwrap()
    }

    fn go(&mut self, step: &Step, now: i64) {
        match step {
            Step::CountPile(who, sheets) => self.count_again(*who, *sheets),
            Step::Claim(who) => self.desk = Some((*who, now + HALF_AN_HOUR)),
            Step::Release(_) => self.desk = None,
            Step::Save(save, _) => {
                self.desk = Some((save.who, now + HALF_AN_HOUR));
                self.saves.push(save.clone());
            }
            Step::Finish(who, pass, found) => {
                self.desk = None;
                let found = if *pass == FIRST { self.keyed() } else { *found };
                if *pass != DECISION && found != self.sheets() {
                    self.at = At::Counting(found, Some((*pass, *who)));
                } else if *pass == FIRST {
                    self.at = At::Second;
                } else if self.undecided().is_empty() {
                    self.judge_the_sample();
                } else {
                    self.at = At::Resolving;
                }
            }
            Step::Restart => self.start_anew(),
            Step::Count => self.at = At::Counted,
        }
    }

    fn judge_the_sample(&mut self) {
        let wrong = self.wrong_fields_of_first();
        self.at = At::Reconciled;
        if let Some(sampled) = &mut self.sampled
            && sampled.verdict.is_none()
        {
            let is_good = wrong <= sampled.accepted;
            sampled.verdict = Some(is_good);
            if !is_good {
                self.at = At::Second;
            }
        }
    }

    fn start_anew(&mut self) {
        self.saves.clear();
        self.desk = None;
        self.round += 1;
        self.at = At::First;
        if let Some(sampled) = &mut self.sampled {
            sampled.verdict = None;
        }
    }

    fn count_again(&mut self, who: Person, sheets: u32) {
        let At::Counting(expected, found) = self.at else {
            return;
        };
        let before = self.sheets();
        self.counts.push((who, sheets));
        if sheets != before && sheets != expected {
            return;
        }
        let keyed = self.keyed();
        match found {
            None => self.at = At::First,
            Some(_) if keyed == sheets => self.at = At::Second,
            Some((FIRST, _)) if keyed < sheets => self.at = At::First,
            Some(_) => self.start_anew(),
        }
    }
}
