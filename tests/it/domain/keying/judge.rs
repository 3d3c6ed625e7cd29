//! What a sheet counts for, by the survey's own rules.

use countmein::domain::{
    keying::{Judged, NotCounted, SheetForm, judge},
    layout::Layout,
};

use super::survey;
use crate::support::repository_file;

/// What goes into the ledger, ballots with too many marks, and fields without a clear answer.
fn judged(file: &str, text: &str) -> (Result<String, NotCounted>, u32, u32) {
    let survey = survey(file);
    let content = SheetForm::of(&survey).read(text).unwrap();
    let Judged {
        outcome,
        overvoted,
        uncertain,
    } = judge(&survey, &content);
    let answers = outcome.map(|answers| Layout::of(&survey).encode(&answers));
    (answers, overvoted, uncertain)
}

fn approval(overvote: &str) -> String {
    let file = repository_file("surveys/citizen-priorities.toml");
    file.replacen("limit = 4\n", &format!("limit = 4\n{overvote}\n"), 1)
}

fn knapsack(overvote: &str) -> String {
    let file = repository_file("surveys/citizen-priorities-knapsack.toml");
    file.replacen(
        "method = \"knapsack\"\n",
        &format!("method = \"knapsack\"\n{overvote}\n"),
        1,
    )
}

const UP_TO_LIMIT: &str = "overvote = \"up-to-limit\"";

fn counts(answers: &str) -> Result<String, NotCounted> {
    Ok(answers.to_owned())
}

#[test]
fn a_ballot_within_its_limit_counts_as_marked() {
    for overvote in ["", "overvote = \"void\"", UP_TO_LIMIT] {
        let four = judged(&approval(overvote), "3101000000011");
        assert_eq!(four, (counts("3101000000011"), 0, 0));
    }
}

#[test]
fn a_ballot_over_its_limit_is_void_or_counts_up_to_it() {
    let five = "3101010000011";
    // Its other answers count all the same.
    let voided = (counts("3------------"), 1, 0);
    assert_eq!(judged(&approval(""), five), voided);
    assert_eq!(judged(&approval("overvote = \"void\""), five), voided);
    let in_part = judged(&approval(UP_TO_LIMIT), five);
    assert_eq!(in_part, (counts("3101010000010"), 1, 0));
}

/// Costs in thousands: 9, 60, 24, 45, 18, 32, 28, 12, 38, 4, 52, 6.5; the budget is 150.
#[test]
fn a_ballot_over_its_budget_is_void_or_counts_as_far_as_the_money_goes() {
    let fits = "111100010000";
    assert_eq!(judged(&knapsack(""), fits), (counts(fits), 0, 0));
    // 9 + 60 + 24 + 45 + 18 is too much.
    let over = "111110000000";
    assert_eq!(
        judged(&knapsack(""), over),
        (Err(NotCounted::NoValidMark), 1, 0)
    );
    let in_part = judged(&knapsack(UP_TO_LIMIT), over);
    assert_eq!(in_part, (counts("111100000000"), 1, 0));
    // Nothing after the first that does not fit, though the cheap one would.
    let in_order = judged(&knapsack(UP_TO_LIMIT), "111110000100");
    assert_eq!(in_order, (counts("111100000000"), 1, 0));
}

#[test]
fn what_is_unclear_or_marked_twice_is_no_answer() {
    let file = repository_file("surveys/co-production-attitudes.toml");
    let some = judged(&file, "1?*-555");
    assert_eq!(some, (counts("1---555"), 0, 2));
    let none = judged(&file, "???*---");
    assert_eq!(none, (Err(NotCounted::NoValidMark), 0, 4));
    // An unclear box is no mark, and so no reason to void a ballot.
    let four = judged(&approval(""), "3101?00000011");
    assert_eq!(four, (counts("3101000000011"), 0, 1));
}

#[test]
fn a_sheet_that_is_nobody_s_response_has_its_reason() {
    let file = repository_file("surveys/co-production-attitudes.toml");
    let reasons = ["=blank", "-------", "=spoilt", "=unreadable"].map(|text| judged(&file, text));
    let expected = [
        NotCounted::Blank,
        NotCounted::Blank,
        NotCounted::Spoilt,
        NotCounted::Unreadable,
    ];
    assert_eq!(reasons, expected.map(|reason| (Err(reason), 0, 0)));
}
