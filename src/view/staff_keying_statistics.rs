//! Statistics of keying, for staff: everybody for those who run the work, and each keyer for themselves.

use askama::Template;

use super::{page::Page, paper_block, words::Catalogue};
use crate::{
    domain::{key::WaveKey, keying::Pass, text::Text},
    tally::{
        paper::KeyerFigures,
        report::{KeyedTwice, KeyingMethod, RemainingErrors},
    },
};

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct StaffKeying {
    pub key: WaveKey,
    pub survey: Text,
    pub wave: Text,
    pub method: KeyingMethod,
    /// None for whoever sees only themselves.
    pub figures: Option<KeyingFigures>,
    pub keyers: Vec<KeyerRow>,
}

#[derive(Debug, Clone)]
pub struct KeyingFigures {
    pub batches: u64,
    pub sheets: u64,
    pub twice: KeyedTwice,
    pub differences_per_ten_thousand: Option<f64>,
    pub remaining: Option<RemainingErrors>,
}

#[derive(Debug, Clone)]
pub struct KeyerRow {
    pub email: String,
    pub pass: Pass,
    pub figures: KeyerFigures,
}

#[derive(Debug, Template)]
#[template(path = "staff_keying_statistics.html", config = "src/view/askama.toml")]
pub struct StaffKeyingPage {
    page: Page,
    wave_page: String,
    survey: String,
    wave: String,
    method: String,
    figures: Option<ShownFigures>,
    keyers: Vec<ShownKeyer>,
}

#[derive(Debug)]
struct ShownFigures {
    batches: String,
    sheets: String,
    sheets_twice: String,
    fields_twice: String,
    differences: String,
    remaining: Option<String>,
}

#[derive(Debug)]
struct ShownKeyer {
    email: String,
    pass: &'static str,
    sheets: String,
    an_hour: String,
    fields: String,
    differences: String,
    wrong: String,
    rate: String,
    at_most: String,
}

impl StaffKeyingPage {
    pub fn new(page: &Page, keying: &StaffKeying) -> Self {
        let words = page.words;
        let survey = keying.survey.get(&page.lang).to_owned();
        let wave = keying.wave.get(&page.lang).to_owned();
        let shown = |figures| ShownFigures::new(figures, words);
        Self {
            page: page.titled(format!("Statistics of keying: {survey}, {wave}")),
            wave_page: format!("/staff/w/{}", keying.key),
            survey,
            wave,
            method: method_in_words(&keying.method),
            figures: keying.figures.as_ref().map(shown),
            keyers: keying
                .keyers
                .iter()
                .map(|row| ShownKeyer::new(row, words))
                .collect(),
        }
    }
}

/// While the work goes on.
fn method_in_words(method: &KeyingMethod) -> String {
    match method {
        KeyingMethod::Double => "Every sheet of this wave is keyed by two people.".to_owned(),
        KeyingMethod::Sampled {
            percent,
            most_errors,
            accepted,
            rejected,
        } => format!(
            "Of each batch, {percent}% of the sheets, drawn by chance, are keyed again. A batch with \
             more than {most_errors} wrong fields among them is keyed wholly twice. So far {accepted} \
             accepted by their sample, and {rejected} keyed wholly twice."
        ),
    }
}

impl ShownFigures {
    fn new(figures: &KeyingFigures, words: &Catalogue) -> Self {
        let differences = words.number(figures.twice.differences);
        Self {
            batches: words.number(figures.batches),
            sheets: words.number(figures.sheets),
            sheets_twice: words.number(figures.twice.sheets),
            fields_twice: words.number(figures.twice.fields),
            differences: match figures.differences_per_ten_thousand {
                Some(rate) => {
                    format!(
                        "{differences}, that is {} in 10,000 fields",
                        tenths(rate, words)
                    )
                }
                None => differences,
            },
            remaining: figures
                .remaining
                .as_ref()
                .map(|left| paper_block::remaining_in_words(left, words)),
        }
    }
}

impl ShownKeyer {
    fn new(row: &KeyerRow, words: &Catalogue) -> Self {
        let KeyerFigures {
            sheets,
            sheets_an_hour,
            checked,
            errors,
        } = row.figures;
        // A decision is checked by nobody.
        let none = || "–".to_owned();
        let number = |count| {
            if checked.sheets == 0 {
                none()
            } else {
                words.number(count)
            }
        };
        Self {
            email: row.email.clone(),
            pass: match row.pass {
                Pass::First => "First keying",
                Pass::Second => "Second keying",
                Pass::Decision => "Decisions",
            },
            sheets: words.number(sheets),
            an_hour: sheets_an_hour.map_or_else(none, |sheets| words.number(sheets)),
            fields: number(checked.fields),
            differences: number(checked.differences),
            wrong: number(checked.wrong_fields),
            rate: errors.map_or_else(none, |errors| tenths(errors.rate, words)),
            at_most: errors.map_or_else(none, |errors| tenths(errors.at_most, words)),
        }
    }
}

/// `1,173.5`.
fn tenths(value: f64, words: &Catalogue) -> String {
    let text = format!("{value:.1}");
    let (whole, tenth) = text.split_once('.').unwrap_or((&text, "0"));
    let whole = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), |whole| words.number(whole));
    format!("{whole}{}{tenth}", words.t("format.point"))
}
