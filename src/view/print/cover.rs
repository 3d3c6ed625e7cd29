//! The cover sheet of a batch: what lies below it, and room for the signatures of those who worked on
//! it. In English, as all pages for staff.

use askama::Template;

use super::{
    PrintError,
    document::{Document, PrintOptions, PrintSize, Style, Styles},
    qr,
    questionnaire::wording_mark,
};
use crate::{
    domain::{survey::Survey, text::Lang, wave::WaveSpec},
    view::{qr::Qr, words::Words},
};

/// What a cover sheet says of its batch.
#[derive(Debug, Clone)]
pub struct Cover {
    pub number: u32,
    pub envelopes: u32,
    pub sheets: u32,
    /// The page of the batch, which the QR code opens.
    pub address: String,
}

#[derive(Debug, Template)]
#[template(path = "print/cover.html", config = "src/view/askama.toml")]
struct CoverSheet {
    doc: Document,
    survey: String,
    wave: String,
    number: u32,
    envelopes: u32,
    sheets: u32,
    mark: String,
    qr: Qr,
    steps: [&'static str; 5],
}

/// One page, which needs no script to be printed.
pub fn cover_html(survey: &Survey, wave: &WaveSpec, cover: &Cover) -> Result<String, PrintError> {
    let lang = Lang::english();
    let options = PrintOptions {
        lang: lang.clone(),
        size: PrintSize::Standard,
        styles: Styles::Linked,
    };
    let words = Words::for_lang(&lang);
    let sheet = CoverSheet {
        doc: Document::new(&options, words, format!("Batch {}", cover.number)),
        survey: survey.title.get(&lang).to_owned(),
        wave: wave.title.get(&lang).to_owned(),
        number: cover.number,
        envelopes: cover.envelopes,
        sheets: cover.sheets,
        mark: wording_mark(survey),
        qr: qr(&cover.address)?,
        steps: [
            "Opened and counted",
            "First keying",
            "Second keying, by somebody else",
            "Differences, by a third person",
            "Counted into the ledger",
        ],
    };
    Ok(sheet.render()?)
}
