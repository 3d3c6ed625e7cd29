//! Ballots outside of what META allows are reported, and count.

use countmein::domain::pb_file::{Code, Findings};

use super::{POINTS, SOUND, changed, findings, sound};

/// What the tests of this file show.
pub(super) const SHOWN: &[Code] = &[
    Code::OverMaxLength,
    Code::UnderMinLength,
    Code::OverMaxSumCost,
    Code::UnderMinSumCost,
    Code::OverMaxPoints,
    Code::UnderMinPoints,
    Code::OverMaxSumPoints,
    Code::UnderMinSumPoints,
];

fn with(file: &str, line: &str) -> Findings {
    let file = changed(file, &[("PROJECTS\n", &format!("{line}\nPROJECTS\n"))]);
    assert_eq!(
        sound(&file).ballots.len(),
        file.lines().filter(|line| line.starts_with('v')).count() - 2,
        "a ballot was dropped"
    );
    findings(&file)
}

#[test]
fn lengths_are_kept_to() {
    // The ballots have 2, 1 and 2 projects.
    assert_eq!(with(SOUND, "max_length;1").count(Code::OverMaxLength), 2);
    assert_eq!(with(SOUND, "max_length;2").count(Code::OverMaxLength), 0);
    assert_eq!(with(SOUND, "min_length;2").count(Code::UnderMinLength), 1);
    assert_eq!(with(SOUND, "min_length;1").count(Code::UnderMinLength), 0);
}

#[test]
fn a_choice_of_one_is_one() {
    let file = changed(SOUND, &[("approval", "choose-1")]);
    assert_eq!(findings(&file).count(Code::OverMaxLength), 2);
}

#[test]
fn sums_of_costs_are_kept_to() {
    // The ballots cost 1100, 700 and 450.50.
    assert_eq!(
        with(SOUND, "max_sum_cost;1000").count(Code::OverMaxSumCost),
        1
    );
    assert_eq!(
        with(SOUND, "max_sum_cost;450.49").count(Code::OverMaxSumCost),
        3
    );
    assert_eq!(
        with(SOUND, "max_sum_cost;450.50").count(Code::OverMaxSumCost),
        2
    );
    assert_eq!(
        with(SOUND, "min_sum_cost;450.51").count(Code::UnderMinSumCost),
        1
    );
}

#[test]
fn points_are_kept_to() {
    // The ballots give 3 and 2, and 5.
    assert_eq!(with(POINTS, "max_points;4").count(Code::OverMaxPoints), 1);
    assert_eq!(with(POINTS, "max_points;5").count(Code::OverMaxPoints), 0);
    assert_eq!(with(POINTS, "min_points;3").count(Code::UnderMinPoints), 1);
    assert_eq!(
        with(POINTS, "max_sum_points;4.5").count(Code::OverMaxSumPoints),
        2
    );
    assert_eq!(
        with(POINTS, "min_sum_points;5.5").count(Code::UnderMinSumPoints),
        2
    );
    assert_eq!(
        with(POINTS, "min_sum_points;5").count(Code::UnderMinSumPoints),
        0
    );
}
