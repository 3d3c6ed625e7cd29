//! The count that was asked for, and what goes with it.

use std::io::{IsTerminal, Write};

use sha2::{Digest, Sha256};

use crate::{
    cli::CommandError,
    domain::{
        hex::hex,
        pb_file::{Scan, VoteType, VotingMethod},
    },
    tally::budget::{
        case::{Case, CaseError, Progress},
        certainty::{
            Bootstrap, Change, FirstChange, OwnMargin, bootstrap, first_change,
            margins_by_counting, own_margins,
        },
        counter::Counter,
        explain::{
            Comparison, Explanation, Limits, WithoutChannel, compare_rules, explain, usual_rules,
            without_channels,
        },
        from_pb::{FromPb, Reading, from_pb_read_as},
        outcome::Outcome,
        profile::Weights,
        rule::{Completion, Rule},
    },
};

use super::{
    amount::{Number, Units, decimal},
    flags::{Args, BallotFlags, ChannelName},
    rule::{self, Chosen},
};

/// Supporters times rounds times runs, over all counts of all searches.
const STEPS_OF_SEARCHES: u128 = 30_000_000_000;

/// A file that was counted.
pub struct Counted<'a> {
    pub name: String,
    pub scan: &'a Scan<'a>,
    pub sha256: String,
    pub file: FromPb,
    pub units: Units,
    pub weights: Weights,
    pub chosen: Chosen,
    pub outcome: Outcome,
    pub ballots: &'a BallotFlags,
}

/// What is not the outcome itself.
#[derive(Default)]
pub struct Extras {
    pub explained: Option<Explained>,
    pub bootstrap: Option<Bootstrap>,
}

pub struct Explained {
    pub explanation: Explanation,
    pub rules: Comparison,
    /// Rules that could not be counted, and why.
    pub failed: Vec<String>,
    pub channels: Vec<WithoutChannel>,
    pub margins: Vec<OwnMargin>,
    /// Greedy rules only.
    pub changes: Vec<FirstChange>,
}

impl<'a> Counted<'a> {
    pub fn new(bytes: &[u8], scan: &'a Scan<'a>, args: &'a Args) -> Result<Self, CommandError> {
        let file = read_ballots(scan, args)?;
        let chosen = rule::choose(&args.rule, &file)?;
        let weights = file.election.profile().everyone();
        let counter = Counter::new(&file.election);
        let outcome = counter.outcome(&weights, &chosen.rule, &chosen.ties)?;
        Ok(Self {
            name: args.file.display().to_string(),
            scan,
            sha256: hex(&Sha256::digest(bytes)),
            units: Units::of(&file),
            file,
            weights,
            chosen,
            outcome,
            ballots: &args.ballots,
        })
    }

    fn case(&self) -> Case<'_> {
        Case {
            election: &self.file.election,
            weights: &self.weights,
            rule: &self.chosen.rule,
            ties: &self.chosen.ties,
        }
    }

    pub fn id(&self, project: usize) -> &str {
        self.file.election.projects()[project].id.as_str()
    }

    pub fn ids(&self, projects: &[usize]) -> Vec<&str> {
        projects.iter().map(|project| self.id(*project)).collect()
    }

    pub fn name_of(&self, project: usize) -> Option<&str> {
        self.scan.projects[project].name.as_deref()
    }

    /// As the file has it: a project that was withdrawn has a cost that means nothing else.
    pub fn cost(&self, project: usize) -> Number {
        let in_file = &self.scan.projects[project];
        if in_file.is_withdrawn {
            Number(decimal(in_file.cost, self.scan.terms.money_scale.into()))
        } else {
            self.units
                .number(self.file.election.projects()[project].cost)
        }
    }

    /// Points in the units of the file.
    pub fn score(&self, points: u64) -> Number {
        Number::of_units(points, self.file.points_scale.into())
    }

    /// Whether a vote is more than one point for some.
    fn has_points(&self) -> bool {
        let mut marks = self.file.election.profile().ballots().flatten();
        marks.any(|mark| mark.points != 1)
    }

    /// What the sums of a ballot's marks are called.
    pub fn points_word(&self) -> &'static str {
        if self.has_points() { "Points" } else { "Votes" }
    }

    /// What a supporter pays under equal shares.
    pub fn price_word(&self) -> &'static str {
        if self.has_points() {
            "Each per point"
        } else {
            "Each pays"
        }
    }

    /// Channels with any ballots, and how many.
    pub fn channels(&self) -> impl Iterator<Item = (VotingMethod, u64)> {
        VotingMethod::ALL.into_iter().filter_map(|method| {
            let channel = self.file.election.profile().channel(method.index());
            let people = channel.map_or(0, Weights::voters);
            (people > 0).then_some((method, people))
        })
    }

    pub fn extras(&self, args: &Args) -> Result<Extras, CommandError> {
        let explained = args.explain.then(|| self.explained()).transpose()?;
        let bootstrap = args
            .bootstrap
            .map(|repeats| {
                let bar = Bar::new("bootstrap");
                bootstrap(&self.case(), repeats, args.seed, &|done, all| {
                    bar.show(done, all)
                })
            })
            .transpose()?;
        Ok(Extras {
            explained,
            bootstrap,
        })
    }

    fn explained(&self) -> Result<Explained, CaseError> {
        let case = self.case();
        let bar = Bar::new("explaining losers");
        let progress: Progress = &|done, all| bar.show(done, all);
        let limits = self.limits();
        let explanation = explain(&case, &self.outcome, limits, progress)?;
        let (rules, failed) = self.other_rules()?;
        let changes = [Change::Added, Change::Removed, Change::Replaced]
            .into_iter()
            .filter_map(|change| first_change(&case, change).transpose())
            .collect::<Result<_, _>>()?;
        Ok(Explained {
            explanation,
            rules,
            failed,
            channels: without_channels(&case)?,
            margins: self.margins(limits)?,
            changes,
        })
    }

    /// Searches by counting again and again are for as many losers as take some ten seconds: twenty
    /// in most elections, and none in the largest under equal shares with small steps.
    fn limits(&self) -> Limits {
        let marks = self.file.election.profile().ballots().flatten().count();
        let runs = self.outcome.endowment.as_ref().map_or(1, |e| e.runs);
        let rounds = self.outcome.winners.len().clamp(1, 20);
        let steps_of_a_count = u128::from(runs) * (marks * rounds) as u128;
        let counts = STEPS_OF_SEARCHES / steps_of_a_count.max(1);
        let usual = Limits::default();
        let losers = counts / u128::from(usual.counts);
        Limits {
            losers: usize::try_from(losers).map_or(usual.losers, |most| most.min(usual.losers)),
            ..usual
        }
    }

    /// Greedy: of every project. Others: of the winners that came last, by counting.
    fn margins(&self, limits: Limits) -> Result<Vec<OwnMargin>, CaseError> {
        let case = self.case();
        if let Some(margins) = own_margins(&case) {
            return Ok(margins);
        }
        let mut last = self.outcome.funded();
        let first = last.len().saturating_sub(limits.losers.min(5));
        let last = last.split_off(first);
        let bar = Bar::new("margins of winners");
        let progress: Progress = &|done, all| bar.show(done, all);
        margins_by_counting(&case, &self.outcome, &last, limits.counts, progress)
    }

    /// The usual rules side by side, with the steps that the flags ask for.
    fn other_rules(&self) -> Result<(Comparison, Vec<String>), CaseError> {
        let case = self.case();
        let (mut rules, mut failed) = (Vec::new(), Vec::new());
        for mut other in usual_rules() {
            if let (Rule::EqualShares(other), Rule::EqualShares(own)) =
                (&mut other, &self.chosen.rule)
                && let (
                    Completion::Add1Greedy(steps),
                    Completion::Add1(own) | Completion::Add1Greedy(own),
                ) = (&mut other.completion, &own.completion)
            {
                *steps = *own;
            }
            match compare_rules(&case, std::slice::from_ref(&other)) {
                Ok(_) => rules.push(other),
                Err(CaseError::Count(error)) => {
                    failed.push(format!("{}: {error}", rule::name(&other)));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((compare_rules(&case, &rules)?, failed))
    }
}

fn read_ballots(scan: &Scan<'_>, args: &Args) -> Result<FromPb, CommandError> {
    let flags = &args.ballots;
    if flags.rank_weights.is_some() && scan.terms.vote_type != VoteType::Ordinal {
        let kind = scan.terms.vote_type.as_str();
        return Err(format!(
            "--rank-weights goes with ordinal ballots, and those of the file are {kind}"
        )
        .into());
    }
    let only = flags.channel.map(ChannelName::method);
    let without = flags.without_channel.map(ChannelName::method);
    let counts = |method| only.is_none_or(|only| only == method) && without != Some(method);
    let reading = Reading {
        as_approvals: flags.ballots_as.is_some(),
        rank_weights: flags
            .rank_weights
            .clone()
            .unwrap_or_else(|| Reading::default().rank_weights),
    };
    let has_any = scan.ballots.iter().any(|ballot| counts(ballot.method));
    if !has_any && (only.is_some() || without.is_some()) {
        return Err("no ballot of the file is left on these channels".into());
    }
    Ok(from_pb_read_as(scan, &reading, counts)?)
}

/// Progress on one line of standard error, where that is a terminal.
struct Bar {
    what: &'static str,
    shown: bool,
}

impl Bar {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            shown: std::io::stderr().is_terminal(),
        }
    }

    fn show(&self, done: u64, all: u64) -> bool {
        if self.shown {
            let end = if done == all { "\n" } else { "" };
            let mut stderr = std::io::stderr().lock();
            // A terminal that has gone away is no reason to stop counting.
            let _ = write!(stderr, "\r{}: {done} of {all}{end}", self.what);
        }
        true
    }
}
