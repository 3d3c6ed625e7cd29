//! A thousand letters in one file: `cargo bench --bench letters`.
//!
//! Each letter has one page with its code twice as a QR code (two pages in large print), and behind it
//! the questionnaire of seven statements. Measured are the document and what Chromium, where there is
//! one, needs for the PDF: it should be less than a minute.

use std::time::Instant;

use countmein::{
    cli::print::{self, LettersJob, Papers, Sides},
    config::PrintConfig,
    domain::{access_code::AccessCode, channel::Channel, survey_file, text::Lang},
    view::print::{Letter, PrintOptions, PrintSize, Styles},
};
use rand::{SeedableRng, rngs::StdRng};

const SURVEY: &str = include_str!("../surveys/co-production-attitudes.toml");

fn main() {
    let plan = survey_file::read(SURVEY).expect("a survey").plan;
    let mut wave = plan.waves.last().expect("a wave").clone();
    wave.channels = Channel::ALL.to_vec();
    println!("Letters, each with a questionnaire of seven statements behind it");
    for size in [PrintSize::Standard, PrintSize::Large] {
        let options = PrintOptions {
            lang: Lang::english(),
            size,
            styles: Styles::Inline,
        };
        for count in [100, 1_000] {
            measure(&LettersJob {
                survey: &plan.survey,
                wave: &wave,
                public_url: "https://vote.example.org",
                letters: &letters(count),
                options: &options,
            });
        }
    }
}

fn measure(job: &LettersJob) {
    let start = Instant::now();
    let html = job.html().expect("letters");
    let written = start.elapsed();
    let start = Instant::now();
    let made = print::letters_pdf(job, Papers::Behind(Sides::Both), &PrintConfig::default());
    let result = match made {
        Ok(pdf) => format!(
            "PDF {:>6.1} s, {:>5} pages, {:>5.1} MB",
            start.elapsed().as_secs_f64(),
            print::pages(&pdf),
            megabytes(pdf.len())
        ),
        Err(error) => error.to_string(),
    };
    println!(
        "{:>5} letters, {:<8?}  HTML {:>6.3} s, {:>5.1} MB   {result}",
        job.letters.len(),
        job.options.size,
        written.as_secs_f64(),
        megabytes(html.len())
    );
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
