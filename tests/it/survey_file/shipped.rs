//! The files in `surveys/`.

use countmein::domain::{
    ballot::{BallotForm, BallotMethod},
    channel::Channel,
    frame::Frame,
    item::ItemKind,
    money::Money,
    survey::{Pages, SurveyPlan},
    survey_file::read,
    text::Lang,
    wave::{AccessRule, ResultsRule},
};

pub const ATTITUDES: &str = include_str!("../../../surveys/co-production-attitudes.toml");
pub const PRIORITIES: &str = include_str!("../../../surveys/citizen-priorities.toml");
pub const KNAPSACK: &str = include_str!("../../../surveys/citizen-priorities-knapsack.toml");

/// The statements as the Report on the Co-Production Star Training Programme (2012) has them.
const STATEMENTS: [&str; 7] = [
    "Involving citizens in the design and delivery of public services will bring big efficiency savings",
    "Involving citizens in the commissioning and evaluation of public services will bring big improvements in quality",
    "Most citizens do not want to get engaged – only the usual suspects",
    "Public sector staff are keen to give citizens more influence on how public services are managed and delivered",
    "Citizens trust politicians to do what is good for their wellbeing",
    "Citizens prefer to pay higher fees and taxes rather than contributing themselves to improving outcomes",
    "Public sector managers already understand how their agency can help the public solve problems for themselves",
];

pub fn plan(file: &str) -> SurveyPlan {
    match read(file) {
        Ok(checked) => checked.plan,
        Err(faults) => panic!("{faults:#?}"),
    }
}

fn ballot(plan: &SurveyPlan) -> &BallotForm {
    let form = plan.survey.items.iter().find_map(|item| match &item.kind {
        ItemKind::Ballot(form) => Some(form),
        _ => None,
    });
    form.unwrap()
}

fn pounds(pounds: u64) -> Money {
    Money::from_minor(pounds * 100).unwrap()
}

#[test]
fn the_statements_are_those_of_the_source_word_for_word() {
    let plan = plan(ATTITUDES);
    let english = Lang::english();
    let asked: Vec<&str> = plan
        .survey
        .items
        .iter()
        .map(|item| item.text.get(&english))
        .collect();
    assert_eq!(asked, STATEMENTS);
    let keys: Vec<&str> = plan
        .survey
        .items
        .iter()
        .map(|item| item.key.as_str())
        .collect();
    assert_eq!(keys, ["s1", "s2", "s3", "s4", "s5", "s6", "s7"]);
}

#[test]
fn the_statements_share_the_five_points_of_the_source() {
    let plan = plan(ATTITUDES);
    for item in &plan.survey.items {
        let ItemKind::Likert(scale) = &item.kind else {
            panic!("{} has no scale", item.key);
        };
        let points: Vec<(&str, &str)> = scale
            .points()
            .iter()
            .map(|point| (point.key.as_str(), point.text.get(&Lang::english())))
            .collect();
        assert_eq!(
            points,
            [
                ("strongly-agree", "Strongly agree"),
                ("agree", "Agree"),
                ("not-sure", "Not sure"),
                ("disagree", "Disagree"),
                ("strongly-disagree", "Strongly disagree"),
            ]
        );
    }
}

#[test]
fn the_attitude_survey_has_the_waves_of_2012_and_one_now() {
    let plan = plan(ATTITUDES);
    let names: Vec<&str> = plan.waves.iter().map(|wave| wave.name.as_str()).collect();
    assert_eq!(names, ["january", "april", "now"]);
    for wave in &plan.waves[..2] {
        assert_eq!(wave.channels, [Channel::Meeting]);
        assert_eq!(wave.results, ResultsRule::Published);
        assert_eq!(wave.subscribers, Vec::<String>::new());
    }
    let now = &plan.waves[2];
    assert_eq!(now.channels, Channel::ALL);
    assert_eq!(now.access, AccessRule::Open);
    assert_eq!(now.results, ResultsRule::Live);
    assert_eq!(now.subscribers, ["commissioner@example.org"]);
    assert!(plan.waves.iter().all(|wave| wave.frame == Frame::Open));
}

#[test]
fn the_linter_names_the_double_barrelled_and_the_denying_statements() {
    let warnings = read(ATTITUDES).unwrap().warnings;
    let found: Vec<(&str, &str)> = warnings
        .iter()
        .map(|fault| (fault.code, fault.excerpt.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("W-DOUBLE-BARRELLED", "in the design and delivery of public"),
            (
                "W-DOUBLE-BARRELLED",
                "in the commissioning and evaluation of public"
            ),
            ("W-NEGATIVE", "Most citizens do not want to get"),
            ("W-DOUBLE-BARRELLED", "services are managed and delivered"),
            (
                "W-DOUBLE-BARRELLED",
                "pay higher fees and taxes rather than"
            ),
        ]
    );
}

#[test]
fn both_ballots_have_the_same_projects_and_too_little_money_for_all() {
    let (approval, knapsack) = (plan(PRIORITIES), plan(KNAPSACK));
    assert_eq!(read(PRIORITIES).unwrap().warnings, []);
    assert_eq!(read(KNAPSACK).unwrap().warnings, []);
    let (approval_form, knapsack_form) = (ballot(&approval), ballot(&knapsack));
    assert_eq!(approval_form.projects, knapsack_form.projects);
    assert_eq!(approval_form.projects.len(), 12);
    assert_eq!(approval_form.method, BallotMethod::Approval { limit: 4 });
    assert_eq!(knapsack_form.method, BallotMethod::Knapsack);
    for form in [approval_form, knapsack_form] {
        assert_eq!(form.budget, pounds(150_000));
        let in_range = |cost: Money| (pounds(4_000)..=pounds(60_000)).contains(&cost);
        assert!(form.projects.iter().all(|project| in_range(project.cost)));
        assert!(
            form.projects
                .iter()
                .map(|project| project.cost)
                .sum::<Money>()
                > form.budget
        );
    }
    assert_eq!(approval.survey.pages, Pages::OneQuestion);
    assert_eq!(knapsack.survey.pages, Pages::AllQuestions);
    assert_eq!(knapsack.waves[0].access, AccessRule::Code);
    assert_eq!(knapsack.waves[0].frame, Frame::Census { size: 250 });
}
