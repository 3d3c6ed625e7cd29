//! The figures of a ballot: votes, what they fund and why.

use serde::{Deserialize, Serialize};

use crate::domain::{
    allocation::AllocationRule,
    ballot::BallotMethod,
    channel::Channel,
    key::OptionKey,
    money::{Currency, Money},
    text::Text,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BallotFigures {
    /// Ballots with at least one mark, and people on count sheets.
    pub base: u64,
    pub blank: u64,
    pub budget: Money,
    pub currency: Currency,
    pub method: BallotMethod,
    pub rule: AllocationRule,
    /// Whether `rule` has been applied. A rule that needs single ballots is applied when the wave
    /// closes; until then there are votes and no outcome.
    #[serde(default = "yes")]
    pub decided: bool,
    /// People on count sheets whom the rule leaves out, since it needs single ballots. Their votes
    /// are in the votes of each project all the same.
    #[serde(default)]
    pub left_out: u64,
    pub spent: Money,
    pub left: Money,
    /// Whether the way in which ties are broken decides what is funded.
    pub decisive_tie: bool,
    /// Under equal shares, what the share of a voter was.
    #[serde(default)]
    pub share: Option<VoterShare>,
    /// In the order of the rule: funded projects as they were chosen, then the others by votes. For
    /// greedy by votes that is most votes first.
    pub projects: Vec<ProjectFigures>,
    /// The channels of [`ProjectFigures::by_channel`]. None when a channel has too few people to
    /// show its votes apart.
    pub channels: Option<Vec<Channel>>,
    /// What follows from the ballots beside the outcome. None while the wave is open.
    #[serde(default)]
    pub analysis: Option<BallotAnalysis>,
}

fn yes() -> bool {
    true
}

/// In units of the currency, with two decimal places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoterShare {
    pub start: String,
    pub last: String,
    /// How many times equal shares was run.
    pub runs: u64,
    /// Voters who were better off under equal shares and under greedy, where the rule compares them.
    pub prefer: Option<(u64, u64)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectFigures {
    pub rank: u64,
    pub key: OptionKey,
    pub text: Text,
    pub cost: Money,
    pub votes: u64,
    /// Those of them that a rule which needs single ballots counts: without count sheets. For
    /// disclosure control alone, and in no published report.
    #[serde(skip)]
    pub single_votes: Option<u64>,
    /// Share of ballots with a mark for it, whole per cent, half up. Votes cast: no interval.
    pub percent: u64,
    pub outcome: Outcome,
    /// What its supporters pay, under equal shares.
    #[serde(default)]
    pub price: Option<Price>,
    /// Votes by channel, in the order of [`BallotFigures::channels`]; empty when that is None.
    pub by_channel: Vec<u64>,
}

/// In units of the currency and in votes, with two decimal places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub per_supporter: String,
    pub effective_votes: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Outcome {
    Funded,
    /// Funded with the money that equal shares or Phragmén left over.
    Completed,
    /// Funded by greedy, under which more voters were better off than under equal shares.
    Preferred,
    /// It costs more than what was left when its turn came.
    DoesNotFit {
        left: Money,
    },
    /// Nobody voted for it.
    NoVotes,
    /// It has fewer votes than the rule asks for.
    BelowThreshold {
        threshold: u64,
    },
    /// The rule stopped at an earlier project that did not fit.
    AfterStop {
        left: Money,
    },
    /// Its category or neighbourhood had too little left under its cap.
    Capped {
        name: String,
        left: Money,
    },
    /// Another project of its group was funded.
    Excluded {
        by: OptionKey,
    },
    /// It has too few votes for its cost to take part.
    NotEligible,
    /// Its supporters together had only this much of their shares left. None if they are so few
    /// that the amount would say what else they voted for.
    SupportersShort {
        money: Option<Money>,
    },
    /// More voters were better off under greedy, which leaves it out.
    Outvoted,
    /// The rule has not been applied yet.
    Undecided,
}

impl Outcome {
    pub fn is_funded(&self) -> bool {
        matches!(self, Self::Funded | Self::Completed | Self::Preferred)
    }
}

/// Apart from the official result, which is a count of votes and has no range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotAnalysis {
    /// None, as the next three are, where votes of count sheets are among the ballots: nobody knows
    /// which of them one person cast.
    pub people: Option<Satisfied>,
    /// Each loser, in the order of the ballot.
    pub losers: Vec<LoserAnalysis>,
    /// The same ballots under other rules, the official one first.
    pub rules: Vec<UnderRule>,
    /// What the winners would be without each channel. Empty with a single one, and where one is too
    /// small to speak of.
    pub without: Vec<WithoutChannel>,
    pub repeats: Option<Repeats>,
    pub first_change: Vec<FirstChange>,
    /// Votes on which the decision about each project hangs, in the order of the ballot.
    pub margins: Vec<Margin>,
}

/// How many voters find a project that they voted for among the winners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfied {
    pub voters: u64,
    pub without_winner: u64,
    /// Winners a voter voted for, on average, with two decimal places.
    pub average_winners: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoserAnalysis {
    pub key: OptionKey,
    pub more_votes: Needed<u64>,
    pub lower_cost: Needed<Money>,
    /// Under equal shares: the winners on which its supporters spent most of their shares.
    pub spent_on: Vec<SpentOn>,
    /// Under equal shares: the money that its supporters could have put together at best, in per
    /// cent of its cost, rounded down.
    pub effective_support: Option<u64>,
}

/// The smallest sufficient change that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Needed<T> {
    /// `exact` where nothing smaller can be enough.
    Found {
        value: T,
        exact: bool,
    },
    Impossible,
    /// Not found among the counts that were tried.
    NotFound,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpentOn {
    pub winner: OptionKey,
    pub amount: Money,
    pub people: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnderRule {
    pub rule: AllocationRule,
    pub winners: Vec<OptionKey>,
    pub spent: Money,
    pub people: Satisfied,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithoutChannel {
    pub channel: Channel,
    pub gained: Vec<OptionKey>,
    pub lost: Vec<OptionKey>,
}

/// A bootstrap over ballots, each channel as large as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    pub repeats: u32,
    pub seed: u64,
    /// In how many repeats each project was funded, in the order of the ballot.
    pub funded: Vec<(OptionKey, u32)>,
    /// Repeats with the same winners as the ballots themselves.
    pub same_winners: u32,
}

/// How many ballots it takes to change any winner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstChange {
    pub change: BallotChange,
    /// Fewer cannot. None if no number can.
    pub at_least: Option<u64>,
    /// So many can. None if none were found.
    pub at_most: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BallotChange {
    Added,
    Removed,
    Replaced,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Margin {
    pub key: OptionKey,
    pub votes: Needed<u64>,
}
