//! How many ballots it takes to change any winner: enough, or certainly not enough.
//!
//! # Why the lower limit holds
//!
//! Under greedy with skipping, a set W of projects is the outcome of an order exactly if every other
//! project that takes part is blocked by the members of W before it: they leave too little money, or
//! too little under a cap, or hold its group. (Go down the order: as long as only members of W are
//! funded, the next member of W fits, as all of W fits together; and the next other one does not.)
//! More members of W before a project never unblock it.
//!
//! One ballot more raises a project against another by one mark at most, and so does one ballot fewer;
//! one ballot replaced, by two. So for each loser we take from the winners before it those that `k`
//! ballots could let it pass, each on its own. If the others still block it, and no winner can fall
//! below the points that it needs, then `k` ballots of any kind change nothing. Without skipping, the
//! winners are the head of the list, and nothing changes while all of them stay before all losers and
//! a project that stops the rule stays before every loser that would fit.

use std::cmp::Ordering;

use serde::Serialize;

use super::{
    super::{
        case::{Case, CaseError, WithSingletons, flags, strongest_mark},
        counter::Counter,
        explain::needed::{first_of, with_voters},
        profile::Weights,
        standing::{Place, Standing},
    },
    margin::{OwnMargin, without_marks},
};

/// What happens to ballots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Ballots that were not counted: late or lost ones.
    Added,
    /// Ballots that should not have been counted, such as duplicates.
    Removed,
    /// Ballots that were counted as something else, such as wrongly keyed ones.
    Replaced,
}

/// How many changed ballots change any winner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FirstChange {
    pub change: Change,
    /// Fewer than this cannot, whatever they are. None if no number can.
    pub at_least: Option<u64>,
    /// This many can: such ballots were found and counted. None if none were found.
    pub at_most: Option<u64>,
}

/// Whether some number of ballots could change a winner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Yes,
    No,
    Unknown,
}

impl FirstChange {
    /// Whether `ballots` ballots or fewer could change a winner.
    pub fn could_change(&self, ballots: u64) -> Answer {
        if self.at_most.is_some_and(|most| ballots >= most) {
            Answer::Yes
        } else if self.at_least.is_none_or(|least| ballots < least) {
            Answer::No
        } else {
            Answer::Unknown
        }
    }

    /// For rules other than greedy: what margins found by counting say. Nothing is proven from below.
    pub fn of_margins(change: Change, margins: &[OwnMargin]) -> Self {
        let counted = margins
            .iter()
            .filter(|margin| match change {
                Change::Added => !margin.funded,
                Change::Removed => margin.funded,
                Change::Replaced => false,
            })
            .filter_map(|margin| margin.votes.value());
        Self {
            change,
            at_least: Some(1),
            at_most: counted.min(),
        }
    }
}

/// Losers for which ballots that let them win are looked for, those with the smallest limits first.
const MOST_TRIED: usize = 8;
/// Kinds of ballots that are changed for one of them.
const MOST_PICKS: usize = 2_000;
/// Most projects; the time grows with the square of it.
const MOST_PROJECTS: usize = 2_000;
const MOST_BALLOTS: u64 = 1 << 40;

/// None if the rule is not greedy or there are more than 2,000 projects. Ballots are taken to give no
/// project more points than any of those cast. The limits for added ballots are equal with skipping:
/// voters who support a loser alone do most for it.
///
/// # Errors
/// A count fails.
pub fn first_change(case: &Case, change: Change) -> Result<Option<FirstChange>, CaseError> {
    let Some(search) = Search::new(case, change) else {
        return Ok(None);
    };
    let mut limits: Vec<(u64, usize)> = search
        .losers()
        .filter_map(|loser| {
            let first = first_of(search.most(), |k| search.could_win(loser, k));
            first.map(|ballots| (ballots, loser.project))
        })
        .collect();
    limits.sort_unstable();
    let fall = search.first_fall();
    let at_least = limits.first().map(|(ballots, _)| *ballots);
    let at_least = at_least.into_iter().chain(fall.map(|(k, _)| k)).min();
    let mut at_most = None;
    let witnesses = fall.map(|(k, winner)| (k, Aim::Out(winner)));
    let wins = limits.iter().take(MOST_TRIED);
    for (least, aim) in witnesses
        .into_iter()
        .chain(wins.map(|(k, loser)| (*k, Aim::In(*loser))))
    {
        if at_most.is_none_or(|known| least < known) {
            let found = search.witness(aim, least)?;
            at_most = at_most.into_iter().chain(found).min();
        }
    }
    Ok(Some(FirstChange {
        change,
        at_least,
        at_most,
    }))
}

/// What a set of changed ballots is to achieve.
#[derive(Debug, Clone, Copy)]
enum Aim {
    In(usize),
    Out(usize),
}

struct Search<'a> {
    case: &'a Case<'a>,
    change: Change,
    standing: Standing,
    mark: u32,
    funded: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(case: &'a Case<'a>, change: Change) -> Option<Self> {
        let standing = Standing::of(case).filter(|s| s.places.len() <= MOST_PROJECTS)?;
        let any = standing.places.first();
        Some(Self {
            case,
            change,
            mark: strongest_mark(case.election.profile()),
            funded: any.map_or_else(Vec::new, |place| standing.funded_with(place)),
            standing,
        })
    }

    fn most(&self) -> u64 {
        match self.change {
            Change::Added => MOST_BALLOTS,
            Change::Removed | Change::Replaced => self.case.weights.voters(),
        }
    }

    fn losers(&self) -> impl Iterator<Item = &Place> {
        let all = self.standing.places.iter();
        all.filter(|place| !self.funded[place.project])
    }

    fn winners(&self) -> impl Iterator<Item = &Place> {
        let all = self.standing.places.iter();
        all.filter(|place| self.funded[place.project])
    }

    /// The best that `ballots` changed ballots can do for a project.
    fn raised(&self, place: &Place, ballots: u64) -> Place {
        match self.change {
            Change::Added | Change::Replaced => with_voters(place, ballots, self.mark),
            Change::Removed => *place,
        }
    }

    /// The worst that they can do to it.
    fn lowered(&self, place: &Place, ballots: u64) -> Place {
        match self.change {
            Change::Added => *place,
            Change::Removed | Change::Replaced => without_marks(place, ballots, self.mark),
        }
    }

    /// Whether `ahead` stays before `behind` whatever `ballots` ballots do.
    fn stays_before(&self, ahead: &Place, behind: &Place, ballots: u64) -> bool {
        let (low, high) = (self.lowered(ahead, ballots), self.raised(behind, ballots));
        self.standing.compare(&low, &high) == Ordering::Less
    }

    /// Whether `ballots` ballots could fund this loser, or stop the rule at it; false is certain.
    fn could_win(&self, loser: &Place, ballots: u64) -> bool {
        if !self.standing.takes_part(&self.raised(loser, ballots)) {
            return false;
        }
        let mut purse = self.standing.purse();
        let mut passes_winner = false;
        for winner in self.winners() {
            if self.stays_before(winner, loser, ballots) {
                self.standing.take(&mut purse, winner);
            } else {
                passes_winner = true;
            }
        }
        let left = purse.left;
        let fits = self.standing.take(&mut purse, loser);
        if !self.standing.options.no_skip {
            return fits;
        }
        let stops = |other: &Place| {
            let low = self.lowered(other, ballots);
            other.cost > left
                && self.standing.takes_part(&low)
                && self.stays_before(other, loser, ballots)
        };
        passes_winner || (fits && !self.losers().any(stops))
    }

    /// The smallest number of ballots that lets a winner fall below what it needs to take part.
    fn first_fall(&self) -> Option<(u64, usize)> {
        let falls = self.winners().filter_map(|winner| {
            let fallen = |k| !self.standing.takes_part(&self.lowered(winner, k));
            let first = first_of(self.most(), fallen);
            first.map(|ballots| (ballots, winner.project))
        });
        falls.min()
    }

    /// How many ballots, picked one kind after the other, achieve the aim; counted.
    fn witness(&self, aim: Aim, least: u64) -> Result<Option<u64>, CaseError> {
        if self.change == Change::Added {
            return Ok(self.added(aim));
        }
        let mut places = self.standing.places.clone();
        let mut counts = self.case.weights.counts().to_vec();
        let mut changed = 0_u64;
        // The winners that the loser has to pass, or the one that is to fall.
        let in_the_way: Vec<usize> = match aim {
            Aim::Out(winner) => vec![winner],
            Aim::In(loser) => {
                let loser = &self.standing.places[loser];
                let passed = self.winners().filter(|w| {
                    self.standing.compare(w, loser) == Ordering::Less
                        && !self.stays_before(w, loser, least)
                });
                passed.map(|w| w.project).collect()
            }
        };
        for _ in 0..MOST_PICKS {
            let needs = self.needs(aim, &in_the_way, &places);
            if needs.is_empty() {
                return self.counted(aim, counts, changed);
            }
            let Some((ballot, people)) = self.pick(aim, &needs, &counts) else {
                return Ok(None);
            };
            counts[ballot] -= people;
            changed += people;
            for mark in self.case.election.profile().ballot(ballot) {
                let place = &mut places[mark.project as usize];
                place.points -= people * u64::from(mark.points);
                place.votes -= people;
            }
            if let (Aim::In(loser), Change::Replaced) = (aim, self.change) {
                places[loser] = with_voters(&places[loser], people, self.mark);
            }
        }
        Ok(None)
    }

    /// Added ballots: voters who support one project alone, to the number that makes a difference.
    fn added(&self, aim: Aim) -> Option<u64> {
        let Aim::In(loser) = aim else {
            return None;
        };
        let place = &self.standing.places[loser];
        let changes = |k| {
            let raised = with_voters(place, k, self.mark);
            self.standing.funded_with(&raised) != self.funded
        };
        first_of(MOST_BALLOTS, changes)
    }

    /// Which projects are still in the way, and how many changed ballots each takes at least.
    fn needs(&self, aim: Aim, in_the_way: &[usize], places: &[Place]) -> Vec<(usize, u64)> {
        let needed = |winner: &usize| {
            let done = |k| {
                let low = without_marks(&places[*winner], k, self.mark);
                match aim {
                    Aim::Out(_) => !self.standing.takes_part(&low),
                    Aim::In(loser) => {
                        let high = self.raised(&places[loser], k);
                        self.standing.compare(&high, &low) == Ordering::Less
                    }
                }
            };
            if done(0) {
                return None;
            }
            let ballots = first_of(MOST_BALLOTS, done).unwrap_or(u64::MAX);
            Some((*winner, ballots))
        };
        in_the_way.iter().filter_map(needed).collect()
    }

    /// The kind of ballot that supports most of those in the way and not the loser, and how many.
    fn pick(&self, aim: Aim, needs: &[(usize, u64)], counts: &[u64]) -> Option<(usize, u64)> {
        let mut need_of = vec![0; self.standing.places.len()];
        for (winner, ballots) in needs {
            need_of[*winner] = *ballots;
        }
        let spared = match aim {
            Aim::In(loser) => Some(loser),
            Aim::Out(_) => None,
        };
        let profile = self.case.election.profile();
        let kinds = profile.ballots().zip(counts).enumerate();
        let useful = kinds.filter_map(|(ballot, (marks, people))| {
            let leaves_loser = marks.iter().all(|m| Some(m.project as usize) != spared);
            let hit = marks.iter().map(|m| need_of[m.project as usize]);
            let hit = hit.filter(|need| *need > 0);
            let (number, least) =
                hit.fold((0, u64::MAX), |(n, least), need| (n + 1, need.min(least)));
            (leaves_loser && number > 0 && *people > 0)
                .then(|| (number, (*people).min(least), ballot))
        });
        let best = useful.max_by_key(|(number, people, _)| (*number, *people));
        best.map(|(_, people, ballot)| (ballot, people))
    }

    /// The number of changed ballots if a count confirms that winners change.
    fn counted(&self, aim: Aim, counts: Vec<u64>, changed: u64) -> Result<Option<u64>, CaseError> {
        let kept = Weights::new(counts, self.case.weights.empty())?;
        let Case { rule, ties, .. } = *self.case;
        let winners = match (aim, self.change) {
            (Aim::In(loser), Change::Replaced) => {
                let singletons = WithSingletons::new(self.case.election, self.mark)?;
                let weights = singletons.weights(&kept, loser, changed)?;
                Counter::new(&singletons.election).winners(&weights, rule, ties)?
            }
            (Aim::Out(_), Change::Replaced) => {
                let counts = kept.counts().to_vec();
                let weights = Weights::new(counts, kept.empty() + changed)?;
                Counter::new(self.case.election).winners(&weights, rule, ties)?
            }
            _ => Counter::new(self.case.election).winners(&kept, rule, ties)?,
        };
        let now = flags(self.funded.len(), &winners);
        Ok((now != self.funded).then_some(changed))
    }
}
