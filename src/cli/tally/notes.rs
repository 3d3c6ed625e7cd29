//! What somebody who reads the outcome should know about how it was counted.

use crate::tally::budget::rule::{Greedy, Rule};

use super::{count::Counted, rule};

pub fn notes(counted: &Counted) -> Vec<String> {
    let mut notes = Vec::new();
    let chosen = &counted.chosen;
    if chosen.by_default {
        notes.push("no --rule given: counted by greedy, most points first".to_owned());
    }
    if !chosen.without_effect.is_empty() {
        notes.push(format!(
            "without effect under this rule: {}",
            chosen.without_effect.join(", ")
        ));
    }
    notes.extend(other_rule(counted));
    notes.extend(not_applied(counted));
    if chosen.unsupported_by_ties {
        notes.push(
            "--ties id is for comparison with other programs: projects that nobody supports are funded if money is left, as they do it; --no-fund-unsupported turns that off"
                .to_owned(),
        );
    }
    notes
}

/// The file was counted in another way by those who made it.
fn other_rule(counted: &Counted) -> Option<String> {
    let named = counted.scan.meta.get("rule")?;
    let chosen = &counted.chosen;
    let used = rule::name(&chosen.rule);
    match &counted.file.rule {
        None => Some(format!(
            "the file names the rule “{named}”, which we do not know; this is a count by {used}"
        )),
        Some(_) if chosen.of_file && named == "greedy-custom" => Some(
            "the file names the rule “greedy-custom”, greedy with local terms that are not in the file; counted as greedy without skipping"
                .to_owned(),
        ),
        Some(rule) if !chosen.of_file && kind(rule) != kind(&chosen.rule) => Some(format!(
            "the file names the rule “{named}”, and this is a count by {used}; --rule file counts by the rule of the file"
        )),
        Some(_) => None,
    }
}

/// A rule without its thresholds and caps, and without what only other programs do.
fn kind(rule: &Rule) -> Rule {
    let mut kind = rule.clone();
    match &mut kind {
        Rule::Greedy(options) => {
            *options = Greedy {
                no_skip: options.no_skip,
                exclusive_groups: options.exclusive_groups,
                ..Greedy::default()
            };
        }
        Rule::GreedyPerCost(options) => options.fund_unsupported = false,
        Rule::EqualShares(options) => options.fund_unsupported = false,
        Rule::Phragmen(options) => options.fund_unsupported = false,
    }
    kind
}

/// Terms of META that this count does not keep.
fn not_applied(counted: &Counted) -> Vec<String> {
    let terms = &counted.scan.terms;
    let default = Greedy::default();
    let used = match &counted.chosen.rule {
        Rule::Greedy(options) => options,
        _ => &default,
    };
    let mut notes = Vec::new();
    if let Some(least) = terms.min_project_score_threshold
        && used.threshold.is_none()
    {
        notes.push(format!(
            "the file asks for at least {least} points a project, which was not applied; --rule greedy --threshold {least} applies it"
        ));
    }
    let caps = [
        (
            "budget_per_category",
            &terms.budget_per_category,
            used.category_caps.is_empty(),
        ),
        (
            "budget_per_neighborhood",
            &terms.budget_per_neighborhood,
            used.neighborhood_caps.is_empty(),
        ),
    ];
    for (key, amounts, is_left_out) in caps {
        if !amounts.is_empty() && is_left_out {
            notes.push(format!(
                "the file has caps in {key}, which were not applied; a greedy rule of the file applies them with --rule file"
            ));
        }
    }
    if counted.scan.meta.get("rule") == Some("greedy-exclusive") {
        notes.push(
            "the file names the rule “greedy-exclusive”, but not which projects exclude each other: they were not kept apart"
                .to_owned(),
        );
    }
    notes
}
