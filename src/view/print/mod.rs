//! Pages for paper, A4, which a browser prints or turns into a PDF: letters with a slip for the return
//! envelope, voter cards, and the paper questionnaire, made from the same survey as the online form.
//! A code and a serial number stand on letters, slips and cards, and on no questionnaire.

mod card;
mod cover;
mod document;
mod letter;
mod questionnaire;
mod run;

pub use self::{
    card::cards_html,
    cover::{Cover, cover_html},
    document::{PrintOptions, PrintSize, Styles},
    letter::{Letter, letters_html},
    questionnaire::{questionnaire_foot_css, questionnaire_html, wording_mark},
    run::{run_html, run_letters},
};

use super::qr::Qr;

#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("the address {0} is too long for a QR code: set a shorter public_url")]
    AddressTooLong(String),
    #[error(transparent)]
    Template(#[from] askama::Error),
}

/// Where people who have a code go: what they type, and what the QR code opens. The code stands behind
/// the `#`, which a browser sends to no server.
#[derive(Debug, Clone)]
struct ShortAddress {
    url: String,
    typed: String,
}

impl ShortAddress {
    fn new(public_url: &str) -> Self {
        let url = format!("{}/v", public_url.trim_end_matches('/'));
        let typed = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        Self {
            typed: typed.to_owned(),
            url,
        }
    }

    fn with_code(&self, code: &crate::domain::access_code::AccessCode) -> String {
        format!("{}#{code}", self.url)
    }
}

/// A QR code of a short address with a code in it.
fn qr(address: &str) -> Result<Qr, PrintError> {
    let shown = || address.split('#').next().unwrap_or_default().to_owned();
    Qr::of(address).ok_or_else(|| PrintError::AddressTooLong(shown()))
}
