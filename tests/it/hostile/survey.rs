//! A survey file with a text of our choice in every place that takes one.
//!
//! **A new field of survey files is one more `‹name›` in [`FILE`]**: it is then filled with every
//! hostile string, and has to come out harmless on every page, in every mail and in every file.

use super::dom::marks;

const FILE: &str = r#"
key = "KEY"
languages = ["en"]
title = "‹title›"
intro = "‹intro›"
follow_up = "‹follow-up›"
pages = "one-question"

[scales.agreement]
points = [
    { key = "strongly-agree", text = "‹scale-first›" },
    { key = "agree", text = "‹scale-second›" },
    { key = "not-sure", text = "Not sure" },
    { key = "disagree", text = "Disagree" },
    { key = "strongly-disagree", text = "‹scale-last›" },
]

[[item]]
key = "heard"
kind = "likert"
scale = "agreement"
text = "‹statement›"
help = "‹statement-help›"

[[item]]
key = "age"
kind = "choice"
text = "‹question›"
help = "‹question-help›"
options = [
    { key = "under-30", text = "‹option-first›" },
    { key = "30-and-over", text = "‹option-last›" },
]

[[item]]
key = "projects"
kind = "ballot"
text = "‹ballot›"
help = "‹ballot-help›"
budget = 150000
currency = "GBP"
method = "approval"
limit = 2
rule = { kind = "greedy", category_caps = { "‹category›" = 9000 } }

[[item.project]]
key = "benches"
text = "‹project-funded›"
description = "‹description›"
categories = ["‹category›"]
cost = 9000

[[item.project]]
key = "trees"
text = "‹project-lost›"
description = "Planted where residents ask for them."
cost = 148000

[[wave]]
name = "before"
title = "‹wave-before›"
opens = 2026-01-01T00:00:00+00:00
closes = 2036-12-31T23:59:59.999+00:00
access = "open"
channels = ["online", "postal"]
frame = "open"
results = "live"

[[wave]]
name = "now"
title = "‹wave-now›"
opens = 2026-02-01T00:00:00+00:00
closes = 2036-12-31T23:59:59.999+00:00
access = "open"
channels = ["online", "postal"]
frame = "open"
results = "live"

[[wave]]
name = "invited"
title = "‹wave-invited›"
opens = 2026-02-02T00:00:00+00:00
closes = 2036-12-31T23:59:59.999+00:00
access = "code"
channels = ["online", "postal", "meeting"]
frame = "open"
results = "published"
"#;

/// The names of the fields.
pub fn fields() -> Vec<String> {
    let mut names = marks(FILE);
    names.sort();
    names.dedup();
    names
}

/// The file with `text` in every field, each with a mark of its own behind it.
pub fn file(key: &str, text: &str) -> String {
    let escaped = toml_text(text);
    FILE.replace("KEY", key)
        .replace("\"‹", &format!("\"{escaped}‹"))
}

fn toml_text(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}
