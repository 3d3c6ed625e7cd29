//! Why a project is funded or not, and what would have funded it.

use crate::{
    domain::{key::OptionKey, money::Money},
    tally::report::{BallotFigures, LoserAnalysis, Needed, Outcome},
    view::page::Page,
};

/// The outcome of one project, in a few words for a table.
pub(super) fn outcome(outcome: &Outcome, figures: &BallotFigures, page: &Page) -> String {
    let words = page.words;
    let money = |amount: Money| words.money(&figures.currency, amount);
    match outcome {
        Outcome::Funded => words.t("outcome.funded").to_owned(),
        Outcome::Completed => words.t("outcome.completed").to_owned(),
        Outcome::Preferred => words.t("outcome.preferred").to_owned(),
        Outcome::NoVotes => words.t("outcome.no-votes").to_owned(),
        Outcome::NotEligible => words.t("outcome.not-eligible").to_owned(),
        Outcome::Outvoted => words.t("outcome.outvoted").to_owned(),
        Outcome::Undecided => words.t("outcome.undecided").to_owned(),
        Outcome::DoesNotFit { left } => {
            words.t_with("outcome.does-not-fit", &[("left", &money(*left))])
        }
        Outcome::AfterStop { left } => {
            words.t_with("outcome.after-stop", &[("left", &money(*left))])
        }
        Outcome::BelowThreshold { threshold } => {
            words.t_count("outcome.below-threshold", *threshold, &[])
        }
        Outcome::Capped { name, left } => {
            words.t_with("outcome.capped", &[("name", name), ("left", &money(*left))])
        }
        Outcome::Excluded { by } => {
            words.t_with("outcome.excluded", &[("by", &name(by, figures, page))])
        }
        Outcome::SupportersShort { money: Some(left) } => {
            words.t_with("outcome.supporters-short", &[("left", &money(*left))])
        }
        Outcome::SupportersShort { money: None } => {
            words.t("outcome.supporters-short-few").to_owned()
        }
    }
}

/// What would have funded a project, and where the shares of its voters went.
pub(super) fn explanation(loser: &LoserAnalysis, figures: &BallotFigures, page: &Page) -> String {
    let words = page.words;
    let mut sentences = Vec::new();
    if let Needed::Found { value, exact } = loser.more_votes {
        let key = if exact {
            "why.votes"
        } else {
            "why.votes-perhaps-fewer"
        };
        sentences.push(words.t_count(key, value, &[]));
    }
    if let Needed::Found { value, .. } = loser.lower_cost {
        let cost = words.money(&figures.currency, value);
        sentences.push(words.t_with("why.cost", &[("cost", &cost)]));
    }
    for spent in loser.spent_on.iter().take(3) {
        let amount = words.money(&figures.currency, spent.amount);
        let winner = name(&spent.winner, figures, page);
        let values = [("amount", amount.as_str()), ("winner", &winner)];
        sentences.push(words.t_count("why.spent", spent.people, &values));
    }
    if let Some(support) = loser.effective_support {
        let support = words.percent(support);
        sentences.push(words.t_with("why.support", &[("percent", &support)]));
    }
    sentences.join(" ")
}

/// What a project is called on the page.
pub(super) fn name(key: &OptionKey, figures: &BallotFigures, page: &Page) -> String {
    figures
        .projects
        .iter()
        .find(|project| project.key == *key)
        .map_or_else(
            || key.to_string(),
            |project| project.text.get(&page.lang).to_owned(),
        )
}
