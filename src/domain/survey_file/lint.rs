//! Warnings about wording and timing. Each is a rule of thumb: it asks a person to look again.

use std::{ops::Range, time::Duration};

use super::{fault::Faults, wording::Wording};
use crate::domain::moment::Moment;

/// More characters than this are hard to hear read out and to take in on a phone.
pub const LONG_WORDING: usize = 200;

/// A shorter wave leaves people too little time to hear of it and answer.
pub const SHORT_WAVE: Duration = Duration::from_hours(14 * 24);

/// Two words that “and” joins into the name of one thing.
const ONE_THING: &[(&str, &str)] = &[
    ("arts", "crafts"),
    ("friends", "family"),
    ("health", "safety"),
    ("health", "social"),
    ("health", "wellbeing"),
    ("law", "order"),
    ("research", "development"),
    ("terms", "conditions"),
];

/// Somebody who agrees with one half and not with the other cannot answer.
pub(super) fn double_barrelled(faults: &mut Faults<'_>, wordings: &[Wording<'_>]) {
    for wording in english(wordings) {
        let words: Vec<&str> = wording.text.split_whitespace().collect();
        let Some(joint) = (0..words.len()).find(|index| joins(&words, *index)) else {
            continue;
        };
        faults.warning(
            "W-DOUBLE-BARRELLED",
            &wording.span,
            &around(&words, joint),
            format!("“{}” may join two questions in one", bare(words[joint])),
            "if people could agree with one half only, ask in two items",
        );
    }
}

fn joins(words: &[&str], index: usize) -> bool {
    let word = bare(words[index]);
    if word.eq_ignore_ascii_case("and/or") {
        return true;
    }
    if word.eq_ignore_ascii_case("and") {
        let neighbours = (
            index.checked_sub(1).and_then(|before| words.get(before)),
            words.get(index + 1),
        );
        let (Some(before), Some(after)) = neighbours else {
            return false;
        };
        let is_range = words[..index]
            .iter()
            .any(|word| word.eq_ignore_ascii_case("between"));
        return !is_range && !is_one_thing(bare(before), bare(after));
    }
    // “he/she” joins two questions as little as “24/7” does; whole words on both sides may.
    word.split_once('/').is_some_and(|(before, after)| {
        let is_word = |part: &str| part.len() > 3 && part.chars().all(char::is_alphabetic);
        is_word(before) && is_word(after)
    })
}

/// A name such as “Argyll and Bute”, numbers such as “18 and 25”, or a fixed phrase.
fn is_one_thing(before: &str, after: &str) -> bool {
    let both = |test: fn(char) -> bool| before.starts_with(test) && after.starts_with(test);
    both(char::is_uppercase)
        || both(char::is_numeric)
        || ONE_THING.iter().any(|(first, second)| {
            before.eq_ignore_ascii_case(first) && after.eq_ignore_ascii_case(second)
        })
}

/// To disagree with a denial takes a second thought, and some people lose the thread.
pub(super) fn negative(faults: &mut Faults<'_>, wordings: &[Wording<'_>]) {
    for wording in english(wordings) {
        let words: Vec<&str> = wording.text.split_whitespace().collect();
        let denies = |word: &&str| {
            let word = bare(word).to_lowercase();
            matches!(word.as_str(), "not" | "cannot")
                || word.ends_with("n't")
                || word.ends_with("n’t")
        };
        let Some(place) = words.iter().position(denies) else {
            continue;
        };
        faults.warning(
            "W-NEGATIVE",
            &wording.span,
            &around(&words, place),
            format!("“{}” makes this statement a denial", bare(words[place])),
            "say it the other way round, if that keeps its meaning",
        );
    }
}

pub(super) fn long(faults: &mut Faults<'_>, wordings: &[Wording<'_>]) {
    for wording in wordings {
        let length = wording.text.chars().count();
        if length > LONG_WORDING {
            faults.warning(
                "W-LONG-WORDING",
                &wording.span,
                wording.text,
                format!("the wording has {length} characters, more than {LONG_WORDING}"),
                "shorten it, or move the explanation into help or description",
            );
        }
    }
}

pub(super) fn short_wave(
    faults: &mut Faults<'_>,
    span: &Range<usize>,
    title: &str,
    (opens, closes): (Moment, Moment),
) {
    if closes.saturating_since(opens) < SHORT_WAVE {
        let excerpt = faults.source(span).to_owned();
        faults.warning(
            "W-SHORT-WAVE",
            span,
            &excerpt,
            format!("{title} is open for less than 14 days"),
            "give people adequate time to hear of it and answer, unless there is a reason",
        );
    }
}

/// The rules of thumb are those of English.
fn english<'w, 'd>(wordings: &'w [Wording<'d>]) -> impl Iterator<Item = &'w Wording<'d>> {
    wordings.iter().filter(|wording| {
        let tag = wording.lang.as_str();
        tag == "en" || tag.starts_with("en-")
    })
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A few words on both sides of the word in question.
fn around(words: &[&str], index: usize) -> String {
    let last = (index + 4).min(words.len());
    words[index.saturating_sub(3)..last].join(" ")
}
