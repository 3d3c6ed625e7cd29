//! The flags of the command, as clap reads them. What they mean together is for [`super::rule`].

use std::path::PathBuf;

use clap::ValueEnum;

use crate::{
    domain::{
        allocation::DEFAULT_SEED,
        pb_file::{Decimal, VotingMethod},
    },
    tally::budget::{
        profile::RankWeights,
        rule::{Comparison, Start, Stop, Ties, Utility},
    },
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit code: 0 if the file was counted; 2 if it could not be, with the reasons on standard error and
nothing on standard output. docs/budget-rules.md explains the rules.")]
pub struct Args {
    /// The election, as a Pabulib file
    pub file: PathBuf,
    #[command(flatten)]
    pub rule: RuleFlags,
    #[command(flatten)]
    pub ballots: BallotFlags,
    /// Explain: what losers missed, what people got, other rules, channels and margins
    #[arg(long)]
    pub explain: bool,
    /// Draw ballots N times from those cast and say how often each project is funded
    #[arg(long, value_name = "N")]
    pub bootstrap: Option<u32>,
    /// Where the draws of --bootstrap begin; the same seed draws the same ballots
    #[arg(long, value_name = "N", requires = "bootstrap", default_value_t = 1)]
    pub seed: u64,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
    /// Write the file back as a new Pabulib file, in the form that every program reads
    #[arg(long, value_name = "OUT.pb")]
    pub export: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Rule")]
pub struct RuleFlags {
    /// Which rule counts [default: greedy]
    #[arg(long, value_enum)]
    pub rule: Option<RuleName>,
    /// Equal shares: what a funded project is worth to a supporter [default: cost]
    #[arg(long, value_enum)]
    pub utility: Option<UtilityName>,
    /// What happens to money left over [default: add1 for equal-shares, none for phragmen]
    #[arg(long, value_enum)]
    pub completion: Option<CompletionName>,
    /// Completion add1: the share to begin with, rounded down to whole units or exact [default: floor]
    #[arg(long, value_enum)]
    pub add1_start: Option<StartName>,
    /// Completion add1: stop before overspending only, or also when nothing more fits [default: overspend]
    #[arg(long, value_enum)]
    pub add1_stop: Option<StopName>,
    /// Completion add1: what each step adds to a share, in units of the currency [default: 1]
    #[arg(long, value_name = "N", value_parser = Decimal::parse, allow_negative_numbers = true)]
    pub increment: Option<Decimal>,
    /// Equal shares: let greedy replace the outcome if more voters prefer it
    #[arg(long, value_enum)]
    pub compare: Option<CompareName>,
    /// Equal shares: a project takes part if votes / voters >= cost / (K x budget)
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..))]
    pub eligibility: Option<u64>,
    /// Greedy: stop at the first project that does not fit
    #[arg(long)]
    pub no_skip: bool,
    /// Greedy: fewest points with which a project can be funded
    #[arg(long, value_name = "N", value_parser = Decimal::parse, allow_negative_numbers = true)]
    pub threshold: Option<Decimal>,
    /// Order of equal projects: cost-votes (lowest cost, most votes, lot), id (as text; like other
    /// programs, and so with --fund-unsupported) or seed:N (a lot)
    #[arg(long, value_name = "cost-votes|id|seed:N", default_value = "cost-votes", value_parser = ties)]
    pub ties: Ties,
    /// Fund projects that nobody supports if money is left, as other programs do; on with --ties id
    #[arg(long)]
    pub fund_unsupported: bool,
    /// Never fund projects that nobody supports, --ties id or not
    #[arg(long, conflicts_with = "fund_unsupported")]
    pub no_fund_unsupported: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Ballots")]
pub struct BallotFlags {
    /// Count the ballots of one channel only
    #[arg(long, value_enum)]
    pub channel: Option<ChannelName>,
    /// Leave out the ballots of one channel
    #[arg(long, value_enum, conflicts_with = "channel")]
    pub without_channel: Option<ChannelName>,
    /// Read points and ranks as approvals: one point for each project that has any
    #[arg(long, value_enum)]
    pub ballots_as: Option<BallotsAs>,
    /// Points for places in a ranking of k projects: borda (k, ..., 1), borda0 (k-1, ..., 0) or a
    /// list such as 3,2,1 [default: borda]
    #[arg(long, value_name = "WEIGHTS", value_parser = rank_weights, conflicts_with = "ballots_as")]
    pub rank_weights: Option<RankWeights>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuleName {
    /// Most points first, passing over what does not fit
    Greedy,
    /// Most points per cost first
    GreedyPerCost,
    /// The Method of Equal Shares
    EqualShares,
    /// Sequential Phragmén
    Phragmen,
    /// The rule that the file names, with its threshold and caps
    File,
}

impl RuleName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Greedy => "greedy",
            Self::GreedyPerCost => "greedy-per-cost",
            Self::EqualShares => "equal-shares",
            Self::Phragmen => "phragmen",
            Self::File => "file",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UtilityName {
    /// What it costs
    Cost,
    /// The same as any other project
    Cardinality,
}

impl From<UtilityName> for Utility {
    fn from(name: UtilityName) -> Self {
        match name {
            UtilityName::Cost => Self::Cost,
            UtilityName::Cardinality => Self::Cardinality,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompletionName {
    /// It is left over
    None,
    /// Everyone's share grows step by step, as long as the budget holds
    Add1,
    /// The same, then greedy with the rest
    Add1Greedy,
    /// Greedy with the rest
    Greedy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StartName {
    Floor,
    Exact,
}

impl From<StartName> for Start {
    fn from(name: StartName) -> Self {
        match name {
            StartName::Floor => Self::Floor,
            StartName::Exact => Self::Exact,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StopName {
    Overspend,
    Exhaustive,
}

impl From<StopName> for Stop {
    fn from(name: StopName) -> Self {
        match name {
            StopName::Overspend => Self::Overspend,
            StopName::Exhaustive => Self::Exhaustive,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompareName {
    /// Voters prefer the outcome with more points on funded projects
    Satisfaction,
    /// Voters prefer an outcome that funds any of their projects
    ExclusionRatio,
}

impl From<CompareName> for Comparison {
    fn from(name: CompareName) -> Self {
        match name {
            CompareName::Satisfaction => Self::Satisfaction,
            CompareName::ExclusionRatio => Self::ExclusionRatio,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChannelName {
    Internet,
    Paper,
    /// Ballots of which the file does not say
    Unstated,
}

impl ChannelName {
    pub fn method(self) -> VotingMethod {
        match self {
            Self::Internet => VotingMethod::Internet,
            Self::Paper => VotingMethod::Paper,
            Self::Unstated => VotingMethod::Unstated,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BallotsAs {
    Approval,
}

/// The name of a channel for people and programs.
pub fn channel_name(method: VotingMethod) -> &'static str {
    match method {
        VotingMethod::Internet => "internet",
        VotingMethod::Paper => "paper",
        VotingMethod::Unstated => "unstated",
    }
}

fn ties(text: &str) -> Result<Ties, String> {
    match text.split_once(':') {
        None if text == "id" => Ok(Ties::Id),
        None if text == "cost-votes" => Ok(Ties::CostVotes {
            seed: DEFAULT_SEED.to_owned(),
        }),
        Some(("cost-votes", seed)) if !seed.is_empty() => Ok(Ties::CostVotes {
            seed: seed.to_owned(),
        }),
        Some(("seed", seed)) if !seed.is_empty() => Ok(Ties::Seeded {
            seed: seed.to_owned(),
        }),
        _ => Err("write cost-votes, cost-votes:SEED, id or seed:SEED, such as seed:7".to_owned()),
    }
}

fn rank_weights(text: &str) -> Result<RankWeights, String> {
    match text {
        "borda" => Ok(RankWeights::Borda),
        "borda0" => Ok(RankWeights::BordaFromZero),
        list => list
            .split(',')
            .map(|points| points.trim().parse())
            .collect::<Result<Vec<u32>, _>>()
            .map(RankWeights::Places)
            .map_err(|_| "write borda, borda0 or whole numbers such as 3,2,1".to_owned()),
    }
}
