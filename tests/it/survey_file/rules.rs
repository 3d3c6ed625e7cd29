//! The rule of a ballot, as a word or with its conditions.

use countmein::domain::{
    allocation::{Add1, AllocationRule, Cap, Comparison, Completion, Rule, Start, Stop, Utility},
    ballot::Overvote,
    item::ItemKind,
    money::Money,
    survey_file::read,
};

use super::SOUND;

fn rule_of(file: &str) -> AllocationRule {
    let plan = read(file)
        .unwrap_or_else(|faults| panic!("{faults:?}"))
        .plan;
    let ballot = plan.survey.items.iter().find_map(|item| match &item.kind {
        ItemKind::Ballot(form) => Some(form.rule.clone()),
        _ => None,
    });
    ballot.expect("a ballot")
}

fn with_rule(rule: &str) -> String {
    SOUND.replacen("rule = \"greedy\"", rule, 1)
}

fn pounds(amount: u64) -> Money {
    Money::from_minor(amount * 100).expect("amount")
}

#[test]
fn one_word_is_the_recommended_form_of_each_rule() {
    assert_eq!(rule_of(SOUND), AllocationRule::greedy());
    let Rule::EqualShares(shares) = rule_of(&with_rule("rule = \"equal-shares\"")).rule else {
        panic!("equal shares");
    };
    assert_eq!(shares.utility, Utility::Cost);
    assert_eq!(shares.completion, Completion::Add1(Add1::default()));
    let phragmen = rule_of(&with_rule("rule = \"phragmen\"")).rule;
    assert!(matches!(phragmen, Rule::Phragmen(_)));
    let per_cost = rule_of(&with_rule("rule = \"greedy-per-cost\"")).rule;
    assert!(matches!(per_cost, Rule::GreedyPerCost(_)));
}

#[test]
fn a_paper_ballot_with_too_many_marks_is_void_unless_the_file_says_otherwise() {
    let plan = |line: &str| {
        let file = SOUND.replacen("limit = 2\n", &format!("limit = 2\n{line}\n"), 1);
        read(&file).expect("a sound file").plan
    };
    let overvote = |line: &str| {
        let ballot = plan(line).survey.items.into_iter().find_map(|item| {
            let ItemKind::Ballot(form) = item.kind else {
                return None;
            };
            Some(form.overvote)
        });
        ballot.expect("a ballot")
    };
    assert_eq!(overvote(""), Overvote::Void);
    assert_eq!(overvote("overvote = \"up-to-limit\""), Overvote::UpToLimit);
    // Whoever writes the default down has the same survey.
    assert_eq!(plan("overvote = \"void\""), plan(""));
}

#[test]
fn a_table_has_the_conditions() {
    let rule = rule_of(&with_rule(
        "seed = \"drawn on 1 May\"\nrule = { kind = \"equal-shares\", utility = \"cardinality\", \
         completion = \"add1-greedy\", start = \"exact\", stop = \"exhaustive\", increment = \"0.50\", \
         compare = \"satisfaction\", eligibility = 3 }",
    ));
    assert_eq!(rule.seed, "drawn on 1 May");
    let Rule::EqualShares(shares) = rule.rule else {
        panic!("equal shares");
    };
    let add1 = Add1 {
        start: Start::Exact,
        stop: Stop::Exhaustive,
        increment: Money::from_minor(50).ok(),
    };
    assert_eq!(shares.completion, Completion::Add1Greedy(add1));
    assert_eq!(shares.utility, Utility::Cardinality);
    assert_eq!(shares.comparison, Some(Comparison::Satisfaction));
    assert_eq!(shares.eligibility, Some(3));
}

#[test]
fn caps_and_groups_name_what_projects_belong_to() {
    let file = with_rule(
        "rule = { kind = \"greedy\", no_skip = true, threshold = 20, one_of_each_group = true, \
         category_caps = { green = 700 }, neighbourhood_caps = { north = 800 } }",
    )
    .replace(
        "cost = 600\n",
        "cost = 600\ncategories = [\"green\"]\nneighbourhoods = [\"north\"]\ngroup = \"the mill\"\n",
    );
    let Rule::Greedy(greedy) = rule_of(&file).rule else {
        panic!("greedy");
    };
    let cap = |name: &str, limit| Cap {
        name: name.to_owned(),
        limit: pounds(limit),
    };
    assert!(greedy.no_skip && greedy.exclusive_groups);
    assert_eq!(greedy.threshold, Some(20));
    assert_eq!(greedy.category_caps, [cap("green", 700)]);
    assert_eq!(greedy.neighborhood_caps, [cap("north", 800)]);
}

/// A survey that was loaded before there were other rules keeps its wording hash.
#[test]
fn the_plain_rule_is_stored_as_one_word() {
    let json = serde_json::to_value(AllocationRule::greedy()).expect("JSON");
    assert_eq!(json, "greedy");
    let back: AllocationRule = serde_json::from_value(json).expect("a rule");
    assert_eq!(back, AllocationRule::greedy());
    let shares = rule_of(&with_rule("rule = \"equal-shares\""));
    let json = serde_json::to_string(&shares).expect("JSON");
    let back: AllocationRule = serde_json::from_str(&json).expect("a rule");
    assert_eq!(back, shares, "{json}");
}
