//! Disclosure control: what of a report may leave the house. Only a [`PublishedReport`] can be
//! rendered, and only [`publish`] makes one, so no page can show what this module keeps back.
//!
//! The threat is a reader who knows who took part, and subtracts. The rules:
//!
//! 1. **A wave of fewer than `minimum` people shows no item.** With that few, knowing a handful of
//!    answers leaves the rest.
//! 2. **An item answered by fewer than `minimum` people shows nothing**: not its counts, shares,
//!    ranges, median, agreement or allocation. Each of them gives the counts away; the limits of a
//!    Wilson interval alone yield x and n exactly.
//! 3. **A ballot shows votes by channel only if every channel certainly has `minimum` ballots.** One
//!    small channel hides all of them, since its votes are the total less the others'. And not while
//!    the wave is open: of the people of one step (rule 6), one alone may have come by post.
//!    The effect of leaving out a channel goes with them.
//! 4. **The same holds for each wave set beside this one**, by that wave's own numbers. Votes by
//!    channel are never set beside: that wave's own report shows them, where its turnout is known.
//! 5. **A change between two waves is shown only where both its figures are**: one figure and the
//!    change give the other. The tests of the changes that stay are adjusted for each other alone.
//! 6. **Live results move in steps** ([`live_release`]): two releases one response apart would
//!    show that response by subtraction.
//!
//! 7. **A rule that follows people through all projects says of a project only what at least `minimum`
//!    of its supporters hide behind.** What a single supporter has left of the share, or the cost at
//!    which the project would have been funded, is the share less the prices of the winners that this
//!    person voted for, and prices are public. The same holds for everyone in the vote but its
//!    supporters, since the money of all is public too.
//! 8. **What people chose together is shown only of `2 · minimum` ballots or more**: how many have no
//!    funded project, the same ballots under other rules, and the repeats. The repeats can be made
//!    again by anybody, so that whoever knows all ballots but a few finds these by trying.
//!
//! 9. **How paper was keyed is said once the wave is over, and of its doubtful marks only where every
//!    item is shown and at least `minimum` sheets counted.** Batches are counted while the wave is
//!    open: between two looks, the marks of one batch of a few sheets would be the difference. An
//!    unclear mark or one too many is an answer left out, so it is kept back like the answers; what
//!    two keyers did differently says nothing of anyone.
//!
//! Rules 7 and 8 count single ballots, without the people on count sheets.
//!
//! Turnout, voided and refused numbers stay: they say how many people took part, and nothing of
//! what anyone answered.

use serde::Serialize;

use super::report::{
    BallotAnalysis, BallotFigures, Change, ChannelTurnout, FORMAT, Figures, ItemBeside, ItemReport,
    Needed, NotCompared, Outcome, Report, WaveBeside, WithheldReason,
};
use crate::{
    domain::{
        ballot::BallotMethod,
        channel::Channel,
        key::{ItemKey, OptionKey},
    },
    tally::build::adjust,
};

/// How many people it takes to hide one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Fewest people whose answers may be shown together. Zero counts as one.
    pub minimum: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { minimum: 10 }
    }
}

/// A report after disclosure control. Its JSON is that of the report inside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct PublishedReport(Report);

#[derive(Debug, thiserror::Error)]
pub enum StoredReportError {
    #[error("the stored report cannot be read")]
    Json(#[from] serde_json::Error),
    #[error("the stored report has format {0}, and this version reads format {FORMAT}")]
    Format(u32),
}

impl PublishedReport {
    pub fn report(&self) -> &Report {
        &self.0
    }

    /// Reads a snapshot that was written from a [`PublishedReport`]: its figures were withheld under
    /// the policy of their day, and are shown as they were.
    pub fn from_stored(json: &str) -> Result<Self, StoredReportError> {
        let report: Report = serde_json::from_str(json)?;
        if report.format == FORMAT {
            Ok(Self(report))
        } else {
            Err(StoredReportError::Format(report.format))
        }
    }
}

pub fn publish(mut report: Report, policy: Policy) -> PublishedReport {
    let minimum = policy.minimum.max(1);
    let people = report.turnout.people;
    let moves = matches!(report.wave.state.as_str(), "draft" | "open");
    for ItemReport { figures, .. } in &mut report.items {
        withhold(figures, people, minimum);
        if let Figures::Ballot(ballot) = figures
            && (moves || !channels_are_large(ballot, &report.turnout.channels, people, minimum))
        {
            drop_channels(ballot);
        }
        if let Figures::Ballot(ballot) = figures {
            withhold_small_groups(ballot, minimum);
        }
    }
    for wave in &mut report.beside {
        for ItemBeside { figures, .. } in &mut wave.items {
            withhold(figures, wave.people, minimum);
            if let Figures::Ballot(ballot) = figures {
                drop_channels(ballot);
                withhold_small_groups(ballot, minimum);
            }
        }
        withhold_changes(wave, &report.items);
    }
    if moves {
        report.paper = None;
    }
    withhold_marks(&mut report, minimum);
    PublishedReport(report)
}

/// Rule 9. A wave of many and a few sheets hides the few; an item that few answered is not to be
/// worked out from what was left out of it.
fn withhold_marks(report: &mut Report, minimum: u64) {
    let is_withheld = |item: &ItemReport| matches!(item.figures, Figures::Withheld { .. });
    let has_withheld = report.items.iter().any(is_withheld);
    if let Some(paper) = &mut report.paper
        && (has_withheld || paper.sheets.counted < minimum)
    {
        paper.marks = None;
    }
}

/// After both waves' own figures have been dealt with.
fn withhold_changes(wave: &mut WaveBeside, own: &[ItemReport]) {
    let is_withheld = |figures: &Figures| matches!(figures, Figures::Withheld { .. });
    let withheld: Vec<&ItemKey> = own
        .iter()
        .filter(|item| is_withheld(&item.figures))
        .map(|item| &item.key)
        .chain(
            wave.items
                .iter()
                .filter(|item| is_withheld(&item.figures))
                .map(|item| &item.key),
        )
        .collect();
    let Some(comparison) = &mut wave.comparison else {
        return;
    };
    for item in &mut comparison.items {
        // "Too few answers" would say on which side of that number a withheld count lies.
        let tells_of_counts = matches!(
            item.change,
            Change::Measured(_)
                | Change::NotCompared {
                    reason: NotCompared::TooFewAnswers { .. }
                }
        );
        if withheld.contains(&&item.key) && tells_of_counts {
            item.change = Change::NotCompared {
                reason: NotCompared::Withheld,
            };
        }
    }
    comparison.tested = adjust(&mut comparison.items);
}

/// An entry of a ledger that does not stand for exactly one person: a count sheet, or a void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Its place in the ledger, from 1.
    pub place: i64,
    /// People on the sheet; none for a void.
    pub people: u64,
}

/// Live results of an open wave are the fold of the first so many entries of its ledger, cut where at
/// least `minimum` people have come since the cut before. They lag: the cut that is released is one
/// that at least `minimum` people have followed. So two releases of a wave, and the last of them and
/// the final figures, differ by `minimum` people or more, and never by one.
///
/// The cuts follow from the ledger alone: every process, and a restarted one, finds the same.
/// `weights` has the entries that are not one person each, in the order of their places.
///
/// A void counts as nobody: it takes effect together with a step of others.
pub fn live_release(weights: &[Weight], head: i64, minimum: u64) -> i64 {
    // A step larger than any ledger releases nothing.
    let step = i64::try_from(minimum.max(1)).unwrap_or(i64::MAX);
    let mut cuts = Cuts::default();
    let mut place = 0;
    for weight in weights.iter().filter(|weight| weight.place <= head) {
        cuts.walk(place, weight.place - 1 - place, step);
        cuts.people = cuts
            .people
            .saturating_add(i64::try_from(weight.people).unwrap_or(i64::MAX));
        if cuts.people >= step {
            cuts.cut(weight.place);
        }
        place = weight.place;
    }
    cuts.walk(place, head - place, step);
    cuts.before_last
}

#[derive(Default)]
struct Cuts {
    before_last: i64,
    last: i64,
    /// People since the last cut.
    people: i64,
}

impl Cuts {
    fn cut(&mut self, place: i64) {
        self.before_last = self.last;
        self.last = place;
        self.people = 0;
    }

    /// `entries` of one person each follow after `place`.
    fn walk(&mut self, place: i64, entries: i64, step: i64) {
        let missing = step - self.people;
        if entries < missing {
            self.people += entries.max(0);
            return;
        }
        let further = (entries - missing) / step;
        if further > 0 {
            self.cut(place + missing + (further - 1) * step);
        }
        self.cut(place + missing + further * step);
        self.people = (entries - missing) % step;
    }
}

fn withhold(figures: &mut Figures, people: u64, minimum: u64) {
    let base = match figures {
        Figures::Likert(likert) => likert.base,
        Figures::Choice(choice) => choice.base,
        Figures::Ballot(ballot) => ballot.base,
        Figures::Withheld { .. } => return,
    };
    if people.min(base) < minimum {
        *figures = Figures::Withheld {
            reason: WithheldReason::TooFewPeople { minimum },
        };
    }
}

/// Rules 7 and 8.
fn withhold_small_groups(ballot: &mut BallotFigures, minimum: u64) {
    let base = ballot.base.saturating_sub(ballot.left_out);
    if base < minimum.saturating_mul(2)
        && let Some(analysis) = &mut ballot.analysis
    {
        analysis.people = None;
        analysis.rules.clear();
        analysis.repeats = None;
    }
    let needs_single = ballot.rule.needs_single_ballots();
    let mut few = Vec::new();
    for project in &mut ballot.projects {
        let votes = project.single_votes.take().unwrap_or(project.votes);
        if !needs_single {
            continue;
        }
        let hidden = votes < minimum;
        if hidden {
            project.price = None;
            few.push(project.key.clone());
        }
        // All voters are a group without a rest.
        let rest = base.saturating_sub(votes);
        if let Outcome::SupportersShort { money } = &mut project.outcome
            && (hidden || (votes != base && rest < minimum))
        {
            *money = None;
        }
    }
    if needs_single && let Some(analysis) = &mut ballot.analysis {
        withhold_of_few(analysis, &few, base < minimum, minimum);
    }
}

/// `few` are the projects with too few supporters; `nobody` hides where all ballots are too few.
fn withhold_of_few(analysis: &mut BallotAnalysis, few: &[OptionKey], nobody: bool, minimum: u64) {
    for loser in &mut analysis.losers {
        // Supporters of two projects at once can be few where each project has many.
        loser.spent_on.retain(|spent| spent.people >= minimum);
        if few.contains(&loser.key) {
            loser.spent_on.clear();
            loser.more_votes = Needed::NotFound;
            loser.lower_cost = Needed::NotFound;
            loser.effective_support = None;
        }
    }
    for margin in &mut analysis.margins {
        if few.contains(&margin.key) {
            margin.votes = Needed::NotFound;
        }
    }
    if nobody {
        analysis.first_change.clear();
        analysis.without.clear();
    }
}

fn drop_channels(ballot: &mut BallotFigures) {
    if let Some(analysis) = &mut ballot.analysis {
        analysis.without.clear();
    }
    ballot.channels = None;
    for project in &mut ballot.projects {
        project.by_channel.clear();
    }
}

/// Whether every channel of the ballot certainly has `minimum` people and as many ballots.
fn channels_are_large(
    ballot: &BallotFigures,
    turnout: &[ChannelTurnout],
    people: u64,
    minimum: u64,
) -> bool {
    let shown = ballot.channels.as_deref().unwrap_or_default();
    shown.iter().enumerate().all(|(column, channel)| {
        let in_channel = people_of(turnout, *channel);
        in_channel >= minimum && fewest_ballots(ballot, column, in_channel, people) >= minimum
    })
}

fn people_of(turnout: &[ChannelTurnout], channel: Channel) -> u64 {
    turnout
        .iter()
        .filter(|row| row.channel == channel)
        .map(|row| row.responses + row.on_sheets)
        .sum()
}

/// A number of ballots that the channel has for certain. Its people are not enough: nine of ten may
/// have left the ballot blank, and the votes by channel would be one person's. Three bounds hold,
/// and the largest is the best:
///
/// - the votes of its most chosen project, one a person;
/// - all its votes, shared among as few people as the method allows;
/// - its people less everyone in the wave who cast no ballot.
fn fewest_ballots(ballot: &BallotFigures, column: usize, in_channel: u64, people: u64) -> u64 {
    let votes = || {
        ballot
            .projects
            .iter()
            .filter_map(move |project| project.by_channel.get(column).copied())
    };
    let most_chosen = votes().max().unwrap_or(0);
    let shared = votes().sum::<u64>().div_ceil(most_marks(ballot).max(1));
    let not_blank = in_channel.saturating_sub(people.saturating_sub(ballot.base));
    most_chosen.max(shared).max(not_blank)
}

/// Most projects that one person can mark.
fn most_marks(ballot: &BallotFigures) -> u64 {
    let projects = u64::try_from(ballot.projects.len()).unwrap_or(u64::MAX);
    match ballot.method {
        BallotMethod::Approval { limit } => u64::try_from(limit).unwrap_or(u64::MAX).min(projects),
        BallotMethod::Knapsack => projects,
    }
}
