//! The document of a run of codes: cards, or letters to the people of the roll.

use super::{
    PrintError,
    card::cards_html,
    document::PrintOptions,
    letter::{Letter, letters_html},
};
use crate::domain::{
    access_code::AccessCode,
    code_run::{IssuedCode, RunKind},
    survey::Survey,
    wave::WaveSpec,
};

/// Letters where the run is one of letters; cards in any other case.
pub fn run_html(
    kind: RunKind,
    survey: &Survey,
    wave: &WaveSpec,
    public_url: &str,
    issued: &[IssuedCode],
    options: &PrintOptions,
) -> Result<String, PrintError> {
    if kind == RunKind::Letters {
        return letters_html(survey, wave, public_url, &run_letters(issued), options);
    }
    let codes: Vec<AccessCode> = issued.iter().map(|entry| entry.code.clone()).collect();
    cards_html(survey, wave, public_url, &codes, options)
}

/// The letters of a run. A code whose person has left the roll is not printed.
pub fn run_letters(issued: &[IssuedCode]) -> Vec<Letter> {
    let letter = |entry: &IssuedCode| {
        let person = entry.person.as_ref()?;
        Some(Letter {
            serial: format!("{:06}", person.serial),
            name: Some(person.name.clone()).filter(|name| !name.is_empty()),
            address_lines: person.address.clone(),
            code: entry.code.clone(),
        })
    };
    issued.iter().filter_map(letter).collect()
}
