//! A thousand letters in one file: `cargo bench --bench letters`.
//!
//! Each letter has one page with its code twice as a QR code, and behind it a questionnaire of seven
//! statements (two pages). Measured are the document and what Chromium, where there is one, needs to
//! make a PDF of it: it should be less than a minute.

use std::time::Instant;

use countmein::{
    cli::print,
    config::PrintConfig,
    domain::{access_code::AccessCode, channel::Channel, survey_file, text::Lang},
    view::print::{Enclosed, Letter, PrintOptions, PrintSize, Styles, letters_html},
};
use rand::{SeedableRng, rngs::StdRng};

const PUBLIC_URL: &str = "https://vote.example.org";
const SURVEY: &str = include_str!("../surveys/co-production-attitudes.toml");

fn main() {
    let plan = survey_file::read(SURVEY).expect("a survey").plan;
    let mut wave = plan.waves.last().expect("a wave").clone();
    wave.channels = Channel::ALL.to_vec();
    println!("Letters with a questionnaire of seven statements each");
    for size in [PrintSize::Standard, PrintSize::Large] {
        let options = PrintOptions {
            lang: Lang::english(),
            size,
            styles: Styles::Inline,
        };
        for count in [100, 1_000] {
            let letters = letters(count);
            let start = Instant::now();
            let html = letters_html(
                &plan.survey,
                &wave,
                PUBLIC_URL,
                &letters,
                Enclosed::Sheet,
                &options,
            )
            .expect("letters");
            let written = start.elapsed();
            let start = Instant::now();
            let result = match print::pdf(&html, &PrintConfig::default()) {
                Ok(pdf) => format!(
                    "PDF {:>6.1} s, {:>5} pages, {:>5.1} MB",
                    start.elapsed().as_secs_f64(),
                    print::pages(&pdf),
                    megabytes(pdf.len())
                ),
                Err(error) => error.to_string(),
            };
            println!(
                "{count:>5} letters, {size:<8?}  HTML {:>6.3} s, {:>5.1} MB   {result}",
                written.as_secs_f64(),
                megabytes(html.len())
            );
        }
    }
}

fn letters(count: u32) -> Vec<Letter> {
    let mut rng = StdRng::seed_from_u64(1);
    (1..=count)
        .map(|number| Letter {
            serial: format!("{number:06}"),
            name: Some(format!("Resident {number}")),
            address_lines: vec![format!("{number} High Street"), "AB12 3CD".to_owned()],
            code: AccessCode::random(&mut rng),
        })
        .collect()
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}
