//! The catalogues say the same things, and faults name what puts them right.

use std::collections::{BTreeMap, BTreeSet};

use countmein::{
    domain::{answer::FaultReason, ballot::BallotMethod, text::Lang},
    view::{Catalogue, Words, dates, words_for_fault},
};

use super::samples::{languages, money, polish, survey};

const FORMS: [&str; 4] = [".one", ".few", ".many", ".other"];

fn placeholders(wording: &str) -> BTreeSet<String> {
    wording
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Placeholders by key, with the plural forms of a key taken together.
fn shape(words: &Catalogue) -> BTreeMap<String, BTreeSet<String>> {
    let mut shape: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, wording) in words.entries() {
        let base = FORMS
            .iter()
            .find_map(|form| key.strip_suffix(form))
            .map_or_else(|| key.to_owned(), |base| format!("{base} (plural)"));
        shape.entry(base).or_default().extend(placeholders(wording));
    }
    shape
}

#[test]
fn catalogues_have_the_same_keys_and_placeholders() {
    let [english, polish] = languages().map(|lang| shape(Words::for_lang(&lang)));
    assert!(english.len() > 150);
    assert_eq!(english, polish);
}

#[test]
fn every_plural_has_all_forms_of_its_language() {
    for lang in languages() {
        let words = Words::for_lang(&lang);
        let keys: BTreeSet<&str> = words.entries().map(|(key, _)| key).collect();
        for key in keys.iter().filter_map(|key| key.strip_suffix(".one")) {
            for n in [1, 2, 5, 12, 22, 25, 1_000] {
                let text = words.t_count(key, n, &[]);
                assert!(!text.contains('⟦'), "{key} for {n} in {lang}");
            }
        }
    }
}

#[test]
fn polish_numbers_take_their_three_forms() {
    let words = Words::for_lang(&polish());
    let people = |n| words.t_count("results.people", n, &[]);
    assert_eq!(people(1), "Odpowiedziała jedna osoba.");
    assert_eq!(people(22), "Odpowiedziały 22 osoby.");
    assert_eq!(people(12), "Odpowiedziało 12 osób.");
    assert_eq!(people(12_345), "Odpowiedziało 12\u{a0}345 osób.");
}

#[test]
fn an_unknown_language_gets_english() {
    let gaelic = Lang::new("gd").unwrap();
    assert_eq!(Words::for_lang(&gaelic).t("start.button"), "Start");
}

#[test]
fn faults_name_the_numbers_and_the_way_out() {
    let survey = survey(BallotMethod::Approval { limit: 4 });
    let ballot = &survey.items[3];
    let [english, polish] = languages();
    let over = FaultReason::OverLimit {
        limit: 4,
        marked: 5,
    };
    assert_eq!(
        words_for_fault(&over, ballot, &english),
        "You chose 5 projects. Choose 4 or fewer."
    );
    assert_eq!(
        words_for_fault(&over, ballot, &polish),
        "Wybrano 5 projektów. Można wybrać najwyżej 4."
    );
    let cost = FaultReason::OverBudget {
        budget: money(150_000),
        cost: money(160_000),
    };
    assert_eq!(
        words_for_fault(&cost, ballot, &english),
        "Your projects cost £160,000 together and the budget is £150,000. Take away £10,000 or more."
    );
}

#[test]
fn a_moment_is_written_as_its_wave_reads_the_clock() {
    let wave = super::samples::wave(countmein::domain::wave::AccessRule::Open);
    let [english, polish] = languages();
    let closes = |lang| dates::moment(Words::for_lang(lang), wave.closes, wave.offset());
    assert_eq!(closes(&english), "30 April 2026 at 23:59 (UTC+1)");
    assert_eq!(closes(&polish), "30 kwietnia 2026, godz. 23:59 (UTC+1)");
}
