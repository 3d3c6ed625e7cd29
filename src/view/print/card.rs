//! Voter cards: ten on a page, to be cut apart.

use askama::Template;

use super::{
    PrintError, Qr, ShortAddress,
    document::{Document, PrintOptions, Style},
    qr,
};
use crate::{
    domain::{access_code::AccessCode, survey::Survey, wave::WaveSpec},
    view::{dates, words::Words},
};

/// Two columns of five.
const ON_A_PAGE: usize = 10;

#[derive(Debug, Template)]
#[template(path = "print/cards.html", config = "src/view/askama.toml")]
struct Cards {
    doc: Document,
    survey: String,
    address: String,
    until: String,
    pages: Vec<Vec<Card>>,
}

#[derive(Debug)]
struct Card {
    code: String,
    qr: Qr,
}

/// A card for each code, in their order.
pub fn cards_html(
    survey: &Survey,
    wave: &WaveSpec,
    public_url: &str,
    codes: &[AccessCode],
    options: &PrintOptions,
) -> Result<String, PrintError> {
    let words = Words::for_lang(&options.lang);
    let survey = survey.title.get(&options.lang).to_owned();
    let title = words.t_with("print.cards", &[("survey", &survey)]);
    let address = ShortAddress::new(public_url);
    let cards: Vec<Vec<Card>> = codes
        .chunks(ON_A_PAGE)
        .map(|page| {
            let card = |code: &AccessCode| {
                Ok(Card {
                    code: code.to_string(),
                    qr: qr(&address.with_code(code))?,
                })
            };
            page.iter().map(card).collect::<Result<_, PrintError>>()
        })
        .collect::<Result<_, _>>()?;
    let closes = dates::moment(words, wave.closes, wave.offset());
    let page = Cards {
        doc: Document::new(options, words, title),
        survey,
        address: address.typed,
        until: words.t_with("print.until", &[("when", &closes)]),
        pages: cards,
    };
    Ok(page.render()?)
}
