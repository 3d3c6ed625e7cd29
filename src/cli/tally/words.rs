//! Codes and plain sentences for what a rule says.

use crate::{
    domain::{
        money::{Money, group_thousands},
        pb_file::VotingMethod,
    },
    tally::budget::{
        explain::Needed,
        outcome::{Loser, Reason},
        rule::{Completion, Rule, Start, Stop, Ties, Utility},
    },
};

use super::{
    amount::{Number, grouped_decimal},
    count::Counted,
    rule,
};

pub fn completion(completion: &Completion) -> &'static str {
    match completion {
        Completion::None => "none",
        Completion::Add1(_) => "add1",
        Completion::Add1Greedy(_) => "add1-greedy",
        Completion::Greedy => "greedy",
    }
}

/// The rule in a line, with what was chosen about it.
pub fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Greedy(options) => {
            let mut words = "greedy: most points first".to_owned();
            words.push_str(if options.no_skip {
                ", stopping at the first project that does not fit"
            } else {
                ", passing over what does not fit"
            });
            if options.threshold.is_some() {
                words.push_str(", with a threshold");
            }
            if !options.category_caps.is_empty() || !options.neighborhood_caps.is_empty() {
                words.push_str(", with caps");
            }
            words
        }
        Rule::GreedyPerCost(_) => "greedy-per-cost: most points for the money first".to_owned(),
        Rule::EqualShares(options) => {
            let utility = match options.utility {
                Utility::Cost => "cost",
                Utility::Cardinality => "cardinality",
            };
            let steps = match &options.completion {
                Completion::Add1(steps) | Completion::Add1Greedy(steps) => {
                    let start = match steps.start {
                        Start::Floor => "floor",
                        Start::Exact => "exact",
                    };
                    let stop = match steps.stop {
                        Stop::Overspend => "overspend",
                        Stop::Exhaustive => "exhaustive",
                    };
                    format!(" (start {start}, stop {stop})")
                }
                Completion::None | Completion::Greedy => String::new(),
            };
            let completion = completion(&options.completion);
            format!("equal-shares: utility {utility}, completion {completion}{steps}")
        }
        Rule::Phragmen(options) => {
            let completion = if options.complete { "greedy" } else { "none" };
            format!("phragmen: completion {completion}")
        }
    }
}

/// In what order equal projects come.
pub fn ties(ties: &Ties) -> String {
    match ties {
        Ties::CostVotes { .. } => "lowest cost, then most votes, then lot".to_owned(),
        Ties::Id => "id, as text".to_owned(),
        Ties::Seeded { .. } => "lot".to_owned(),
    }
}

pub fn channel(method: VotingMethod) -> &'static str {
    match method {
        VotingMethod::Internet => "internet",
        VotingMethod::Paper => "paper",
        VotingMethod::Unstated => "channel not stated",
    }
}

/// A rule in a few words, for the head of a row.
pub fn short_rule(other: &Rule) -> String {
    let completion = match other {
        Rule::EqualShares(options) => completion(&options.completion),
        Rule::Phragmen(options) if options.complete => "greedy",
        _ => "none",
    };
    match completion {
        "none" => rule::name(other).to_owned(),
        completion => format!("{} + {completion}", rule::name(other)),
    }
}

pub fn reason_code(reason: &Reason) -> &'static str {
    match reason {
        Reason::NoSupport => "no-support",
        Reason::OverBudget => "over-budget",
        Reason::BelowThreshold { .. } => "below-threshold",
        Reason::NotEligible => "not-eligible",
        Reason::DoesNotFit { .. } => "does-not-fit",
        Reason::AfterStop { .. } => "after-stop",
        Reason::CategoryCap { .. } => "category-cap",
        Reason::NeighborhoodCap { .. } => "neighborhood-cap",
        Reason::Excluded { .. } => "excluded",
        Reason::SupportersShort { .. } => "supporters-short",
        Reason::Outvoted => "outvoted",
    }
}

/// Why a project is not funded.
pub fn reason(counted: &Counted, loser: &Loser) -> String {
    let units = &counted.units;
    if counted.scan.projects[loser.project].is_withdrawn {
        return "it was withdrawn".to_owned();
    }
    match &loser.reason {
        Reason::NoSupport => "nobody supports it".to_owned(),
        Reason::OverBudget => "it costs more than the whole budget".to_owned(),
        Reason::BelowThreshold { threshold } => {
            let least = number(&counted.score(*threshold));
            format!("it has fewer than the {least} points that it needs")
        }
        Reason::NotEligible => "it has too few votes for its cost to take part".to_owned(),
        Reason::DoesNotFit { left } => {
            format!("{} was left when its turn came", units.money(*left))
        }
        Reason::AfterStop { left } => format!(
            "the rule had stopped before, with {} left",
            units.money(*left)
        ),
        Reason::CategoryCap { name, left } => format!(
            "its category {} had {} left",
            plain(name),
            units.money(*left)
        ),
        Reason::NeighborhoodCap { name, left } => format!(
            "its neighbourhood {} had {} left",
            plain(name),
            units.money(*left)
        ),
        Reason::Excluded { by } => {
            format!("it excludes {}, which was funded", plain(counted.id(*by)))
        }
        Reason::SupportersShort { money } => {
            format!("its supporters have {} left", units.rounded_money(money))
        }
        Reason::Outvoted => "more voters prefer the outcome of greedy, without it".to_owned(),
    }
}

/// What would have funded a loser; nothing where nothing was found.
pub fn needed(counted: &Counted, votes: &Needed<u64>, cost: &Needed<Money>) -> String {
    let votes_words = votes.value().map(|votes| match votes {
        1 => "1 more vote".to_owned(),
        more => format!("{} more votes", group_thousands(more)),
    });
    let cost_words = cost
        .value()
        .map(|cost| format!("a cost of {}", counted.units.money(cost)));
    match (votes_words, cost_words) {
        (Some(votes), Some(cost)) => format!("{votes} or {cost} would have funded it"),
        (Some(one), None) | (None, Some(one)) => format!("{one} would have funded it"),
        (None, None) if matches!((votes, cost), (Needed::Impossible, Needed::Impossible)) => {
            "neither votes nor a lower cost would have funded it".to_owned()
        }
        (None, None) => {
            "what would have funded it was not found within the limits of the search".to_owned()
        }
    }
}

/// Grouped by thousands.
pub fn number(number: &Number) -> String {
    grouped_decimal(&number.0)
}

/// Words of a file with nothing in them that a terminal would obey, on one line.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            control if control.is_control() || is_unseen(control) => char::REPLACEMENT_CHARACTER,
            other => other,
        })
        .collect()
}

/// Characters that turn the direction of writing, with which words can pass for others.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
