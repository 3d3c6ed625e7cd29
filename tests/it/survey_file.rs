//! Survey files: the shipped ones are sound, and every fault of a broken one is found, placed and
//! shown.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps fails where it should"
)]

mod cases;
mod faults;
mod measures;
mod rules;
mod samples;
mod shipped;
mod totality;

/// A small sound file that has everything a survey file can have. Every broken file is made from it.
const SOUND: &str = r#"key = "small"
languages = ["en", "pl"]
title = { en = "Small survey", pl = "Mała ankieta" }
intro = { en = "It takes a minute.", pl = "Zajmie to minutę." }
follow_up = { en = "We publish the results.", pl = "Opublikujemy wyniki." }
pages = "all-questions"

[scales.agreement]
points = [
    { key = "yes", text = { en = "Yes", pl = "Tak" } },
    { key = "no", text = { en = "No", pl = "Nie" } },
]

[[item]]
key = "s1"
kind = "likert"
text = { en = "The park is safe", pl = "Park jest bezpieczny" }
help = { en = "At night too", pl = "Także w nocy" }
required = true
scale = "agreement"

[[item]]
key = "heard"
kind = "choice"
text = { en = "How did you hear of us?", pl = "Skąd o nas wiesz?" }
options = [
    { key = "letter", text = { en = "A letter", pl = "Z listu" } },
    { key = "friend", text = { en = "A friend", pl = "Od znajomych" } },
]

[[item]]
key = "projects"
kind = "ballot"
text = { en = "What comes first?", pl = "Co jest najważniejsze?" }
budget = 1000
currency = "GBP"
method = "approval"
limit = 2
rule = "greedy"

[[item.project]]
key = "trees"
text = { en = "Trees", pl = "Drzewa" }
description = { en = "Ten of them", pl = "Dziesięć" }
cost = 600

[[item.project]]
key = "bench"
text = { en = "Bench", pl = "Ławka" }
cost = "99.50"

[[wave]]
name = "now"
title = { en = "Now", pl = "Teraz" }
opens = 2026-01-01T00:00:00+01:00
closes = 2026-01-31T23:59:59.999+01:00
access = "code"
channels = ["postal", "online"]
frame = { kind = "census", n = 250 }
results = "live"
subscribers = ["commissioner@example.org"]
"#;

/// [`SOUND`] with `from`, which stands in it once, put as `to`.
fn broken(from: &str, to: &str) -> String {
    assert_eq!(
        SOUND.matches(from).count(),
        1,
        "“{from}” has to stand in the sound file once"
    );
    SOUND.replacen(from, to, 1)
}
