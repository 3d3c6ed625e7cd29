//! Keying paper: the state machine against a model of it, samples, differences, and what a sheet
//! counts for.

use countmein::domain::{keying::SheetForm, survey::Survey, survey_file};

mod compare;
mod desk;
mod judge;
mod model;
mod replay;
mod sample;
mod sheets;
mod simulation;

/// One statement with two answers, and a ballot of one project.
const NARROW: &str = r#"
key = "narrow"
languages = ["en"]
title = { en = "Narrow" }
intro = { en = "Short." }
scales.agreement.points = [{ key = "yes", text = { en = "Yes" } }, { key = "no", text = { en = "No" } }]
[[item]]
key = "s1"
kind = "likert"
text = { en = "Fine" }
scale = "agreement"
[[item]]
key = "projects"
kind = "ballot"
text = { en = "Which?" }
budget = 9
currency = "GBP"
method = "approval"
limit = 1
rule = "greedy"
[[item.project]]
key = "bench"
text = { en = "Bench" }
cost = 9
[[wave]]
name = "now"
title = { en = "Now" }
opens = 2026-01-01T00:00:00Z
closes = 2026-02-01T00:00:00Z
access = "code"
channels = ["postal"]
frame = "open"
results = "published"
"#;

fn survey(file: &str) -> Survey {
    survey_file::read(file)
        .unwrap_or_else(|faults| panic!("{faults:?}"))
        .plan
        .survey
}

fn narrow_form() -> SheetForm {
    SheetForm::of(&survey(NARROW))
}
