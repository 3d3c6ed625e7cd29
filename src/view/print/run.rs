//! The document of a run of codes: cards, or letters to the people of the roll.

use super::{
    PrintError,
    card::cards_html,
    document::PrintOptions,
    letter::{Enclosed, Letter, letters_html},
};
use crate::domain::{
    access_code::AccessCode,
    channel::Channel,
    code_run::{IssuedCode, RunKind},
    survey::Survey,
    wave::WaveSpec,
};

/// Letters where the run is one of letters, with the paper behind each if the wave takes post; cards
/// in any other case. A code whose person has left the roll is not printed.
pub fn run_html(
    kind: RunKind,
    survey: &Survey,
    wave: &WaveSpec,
    public_url: &str,
    issued: &[IssuedCode],
    options: &PrintOptions,
) -> Result<String, PrintError> {
    if kind != RunKind::Letters {
        let codes: Vec<AccessCode> = issued.iter().map(|entry| entry.code.clone()).collect();
        return cards_html(survey, wave, public_url, &codes, options);
    }
    let letters: Vec<Letter> = issued
        .iter()
        .filter_map(|entry| {
            let person = entry.person.as_ref()?;
            Some(Letter {
                serial: format!("{:06}", person.serial),
                name: Some(person.name.clone()).filter(|name| !name.is_empty()),
                address_lines: person.address.clone(),
                code: entry.code.clone(),
            })
        })
        .collect();
    let enclosed = if wave.channels.contains(&Channel::Postal) {
        Enclosed::Sheet
    } else {
        Enclosed::Nothing
    };
    letters_html(survey, wave, public_url, &letters, enclosed, options)
}
