//! Rules in words.

use super::block::decimal;
use crate::{
    domain::{
        allocation::{AllocationRule, Completion, EqualShares, Greedy, Phragmen, Rule},
        money::Currency,
    },
    tally::report::{BallotFigures, VoterShare},
    view::page::Page,
};

/// Short enough for a table.
pub(super) fn name(rule: &AllocationRule, page: &Page) -> String {
    page.t(match rule.rule {
        Rule::Greedy(_) => "rule-name.greedy",
        Rule::GreedyPerCost(_) => "rule-name.greedy-per-cost",
        Rule::EqualShares(_) => "rule-name.equal-shares",
        Rule::Phragmen(_) => "rule-name.phragmen",
    })
    .to_owned()
}

/// The rule of a ballot with all its conditions, and what came of it.
pub(super) fn sentences(figures: &BallotFigures, page: &Page) -> String {
    let share = figures.share.as_ref();
    described(&figures.rule, &figures.currency, share, page)
}

/// The rule of a ballot with all its conditions, before anybody has voted.
pub fn announced(rule: &AllocationRule, currency: &Currency, page: &Page) -> String {
    described(rule, currency, None, page)
}

fn described(
    rule: &AllocationRule,
    currency: &Currency,
    share: Option<&VoterShare>,
    page: &Page,
) -> String {
    let sentences = match &rule.rule {
        Rule::Greedy(options) => greedy(options, currency, page),
        Rule::GreedyPerCost(_) => vec![page.t("rule.greedy-per-cost").to_owned()],
        Rule::EqualShares(options) => equal_shares(options, currency, share, page),
        Rule::Phragmen(options) => phragmen(options, page),
    };
    sentences.join(" ")
}

fn greedy(options: &Greedy, currency: &Currency, page: &Page) -> Vec<String> {
    let words = page.words;
    let mut sentences = vec![
        words
            .t(if options.no_skip {
                "rule.greedy-no-skip"
            } else {
                "rule.greedy"
            })
            .to_owned(),
    ];
    if let Some(votes) = options.threshold {
        sentences.push(words.t_count("rule.threshold", votes, &[]));
    }
    for cap in options
        .category_caps
        .iter()
        .chain(&options.neighborhood_caps)
    {
        let limit = words.money(currency, cap.limit);
        let values = [("name", cap.name.as_str()), ("limit", &limit)];
        sentences.push(words.t_with("rule.cap", &values));
    }
    if options.exclusive_groups {
        sentences.push(words.t("rule.groups").to_owned());
    }
    sentences
}

fn equal_shares(
    options: &EqualShares,
    currency: &Currency,
    share: Option<&VoterShare>,
    page: &Page,
) -> Vec<String> {
    let mut keys = vec!["rule.equal-shares"];
    match options.completion {
        Completion::None => {}
        Completion::Add1(_) => keys.push("rule.add1"),
        Completion::Add1Greedy(_) => keys.extend(["rule.add1", "rule.then-greedy"]),
        Completion::Greedy => keys.push("rule.then-greedy"),
    }
    let mut sentences: Vec<String> = keys.iter().map(|key| page.t(key).to_owned()).collect();
    if let Some(share) = share {
        let [start, last] = [&share.start, &share.last].map(|amount| decimal(amount, page));
        let values = [
            ("start", start.as_str()),
            ("last", &last),
            ("currency", currency.code()),
        ];
        sentences.push(page.words.t_with("rule.share", &values));
    }
    if options.comparison.is_some() {
        sentences.push(page.t("rule.compare").to_owned());
    }
    if let Some((equal, greedy)) = share.and_then(|share| share.prefer) {
        let numbers = [equal, greedy].map(|n| page.words.number(n));
        let values = [("equal", numbers[0].as_str()), ("greedy", &numbers[1])];
        sentences.push(page.words.t_with("rule.compared", &values));
    }
    if let Some(k) = options.eligibility {
        let k = page.words.number(k);
        sentences.push(page.words.t_with("rule.eligibility", &[("k", &k)]));
    }
    sentences
}

fn phragmen(options: &Phragmen, page: &Page) -> Vec<String> {
    let mut sentences = vec![page.t("rule.phragmen").to_owned()];
    if options.complete {
        sentences.push(page.t("rule.then-greedy").to_owned());
    }
    sentences
}
