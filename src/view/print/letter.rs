//! Letters: who may take part, how, until when, and a slip that goes with the paper by post.

use askama::Template;

use super::{
    PrintError, Qr, ShortAddress,
    document::{Document, PrintOptions, Style},
    qr,
};
use crate::{
    domain::{access_code::AccessCode, channel::Channel, survey::Survey, wave::WaveSpec},
    view::{
        dates,
        words::{Catalogue, Words},
    },
};

/// What a letter says of one person. Without a name and an address there is no address window.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Stands on the slip for the return envelope, and nowhere else.
    pub serial: String,
    pub name: Option<String>,
    pub address_lines: Vec<String>,
    pub code: AccessCode,
}

#[derive(Debug, Template)]
#[template(path = "print/letters.html", config = "src/view/askama.toml")]
struct Letters {
    doc: Document,
    survey: String,
    wave: String,
    lede: String,
    online: Option<String>,
    post: Option<String>,
    meeting: Option<String>,
    until: String,
    other_languages: Vec<OtherLanguage>,
    addressed: Vec<Shown>,
}

#[derive(Debug)]
struct Shown {
    address: Vec<String>,
    serial: String,
    /// The code, to be broken in its middle where it does not fit on one line.
    halves: Vec<String>,
    code: String,
    qr: Qr,
}

/// Where to go for the same in another language, said in that language.
#[derive(Debug)]
struct OtherLanguage {
    lang: String,
    text: String,
}

pub fn letters_html(
    survey: &Survey,
    wave: &WaveSpec,
    public_url: &str,
    letters: &[Letter],
    options: &PrintOptions,
) -> Result<String, PrintError> {
    let words = Words::for_lang(&options.lang);
    let address = ShortAddress::new(public_url);
    let when = dates::moment(words, wave.closes, wave.offset());
    let title = survey.title.get(&options.lang).to_owned();
    let way = |channel, key: &str| {
        let values = [("address", address.typed.as_str()), ("when", &when)];
        let offered = wave.channels.contains(&channel);
        offered.then(|| words.t_with(key, &values))
    };
    let document = Letters {
        doc: Document::new(options, words, title.clone()),
        survey: title,
        wave: wave.title.get(&options.lang).to_owned(),
        lede: lede(wave, words),
        online: way(Channel::Online, "print.letter-online"),
        post: way(Channel::Postal, "print.letter-post"),
        meeting: way(Channel::Meeting, "print.letter-meeting"),
        until: words.t_with("print.answers-until", &[("when", &when)]),
        other_languages: other_languages(survey, wave, &address, options),
        addressed: letters
            .iter()
            .map(|letter| shown(letter, &address))
            .collect::<Result<_, _>>()?,
    };
    Ok(document.render()?)
}

fn lede(wave: &WaveSpec, words: &Catalogue) -> String {
    let ways = u64::try_from(wave.channels.len()).unwrap_or(u64::MAX);
    words.t_count("print.letter-lede", ways, &[])
}

fn other_languages(
    survey: &Survey,
    wave: &WaveSpec,
    address: &ShortAddress,
    options: &PrintOptions,
) -> Vec<OtherLanguage> {
    if !wave.channels.contains(&Channel::Online) {
        return Vec::new();
    }
    let others = survey.languages.iter().filter(|l| **l != options.lang);
    others
        .filter_map(|lang| {
            let words = Words::exactly(lang)?;
            Some(OtherLanguage {
                lang: lang.to_string(),
                text: words.t_with("print.this-language", &[("address", &address.typed)]),
            })
        })
        .collect()
}

fn shown(letter: &Letter, address: &ShortAddress) -> Result<Shown, PrintError> {
    let code = letter.code.to_string();
    let lines = letter.name.iter().chain(&letter.address_lines);
    Ok(Shown {
        address: lines
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect(),
        serial: letter.serial.clone(),
        halves: halves(&code),
        qr: qr(&address.with_code(&letter.code))?,
        code,
    })
}

fn halves(code: &str) -> Vec<String> {
    let blocks: Vec<&str> = code.split('-').collect();
    blocks.chunks(2).map(|half| half.join("-")).collect()
}
