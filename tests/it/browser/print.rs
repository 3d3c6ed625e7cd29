//! Paper: what Chromium makes of letters, cards and questionnaires, read back from the PDF.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use countmein::{
    cli::print,
    config::PrintConfig,
    domain::{
        access_code::AccessCode,
        channel::Channel,
        item::ItemKind,
        survey::{Survey, SurveyPlan},
        survey_file,
        text::{Lang, Text},
        wave::WaveSpec,
    },
    view::print::{
        Enclosed, Letter, PrintOptions, PrintSize, Styles, cards_html, letters_html,
        questionnaire_html, wording_mark,
    },
};
use rand::{SeedableRng, rngs::StdRng};

use crate::support::{
    Backend, TestApp,
    chromium::{Chromium, Scripts, WIDE},
    repository_file,
};

const PUBLIC_URL: &str = "https://vote.example.org";

fn plan(name: &str) -> SurveyPlan {
    let toml = repository_file(&format!("surveys/{name}.toml"));
    survey_file::read(&toml).unwrap().plan
}

/// A survey and the wave of it that is on now, answered in three ways.
fn survey(name: &str) -> (Survey, WaveSpec) {
    let SurveyPlan { survey, mut waves } = plan(name);
    let mut wave = waves.pop().unwrap();
    wave.channels = Channel::ALL.to_vec();
    (survey, wave)
}

fn options(lang: &str, size: PrintSize) -> PrintOptions {
    PrintOptions {
        lang: Lang::new(lang).unwrap(),
        size,
        styles: Styles::Inline,
    }
}

fn codes(count: usize) -> Vec<AccessCode> {
    let mut rng = StdRng::seed_from_u64(11);
    (0..count).map(|_| AccessCode::random(&mut rng)).collect()
}

fn letters(count: usize) -> Vec<Letter> {
    let letter = |(place, code)| Letter {
        serial: format!("A-{:06}", 7_001 + place),
        name: Some("Ms Adaeze Katarzyna Oluwaseun-Brzęczyszczykiewicz".to_owned()),
        address_lines: vec![
            "Flat 12/B, Chrząszczyżewoszyce House".to_owned(),
            "117 Saint Bartholomew’s Upper Market Street".to_owned(),
            "Llanfairpwllgwyngyll-by-the-Sea".to_owned(),
            "AB12 3CD".to_owned(),
        ],
        code,
    };
    codes(count).into_iter().enumerate().map(letter).collect()
}

fn pdf(name: &str, html: &str) -> Pdf {
    let chromium = std::env::var_os("COUNTMEIN_TEST_CHROMIUM")
        .expect("COUNTMEIN_TEST_CHROMIUM has to name Chromium: run tests/run");
    let config = PrintConfig {
        chromium: chromium.into(),
    };
    let bytes = print::pdf(html, &config).unwrap();
    if let Some(folder) = std::env::var_os("COUNTMEIN_SCREENSHOTS") {
        fs::create_dir_all(&folder).unwrap();
        fs::write(Path::new(&folder).join(format!("{name}.pdf")), &bytes).unwrap();
        fs::write(Path::new(&folder).join(format!("{name}.html")), html).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.pdf"), &bytes).unwrap();
    Pdf {
        pages: print::pages(&bytes),
        folder,
    }
}

struct Pdf {
    pages: usize,
    folder: tempfile::TempDir,
}

impl Pdf {
    /// The text of each page, with one space between words.
    fn text(&self) -> Vec<String> {
        let out = self.run("pdftotext", &["page.pdf", "-"]);
        let text = String::from_utf8(out).unwrap();
        let pages = text.trim_end_matches('\u{c}').split('\u{c}');
        pages.map(squeezed).collect()
    }

    /// What a scanner reads in the QR codes of the whole document.
    fn scanned(&self) -> Vec<String> {
        self.run("pdftoppm", &["-r", "150", "-gray", "page.pdf", "page"]);
        let mut pictures: Vec<String> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".pgm"))
            .collect();
        pictures.sort();
        let mut arguments = vec!["--raw", "-q"];
        arguments.extend(pictures.iter().map(String::as_str));
        let read = String::from_utf8(self.run("zbarimg", &arguments)).unwrap();
        read.lines().map(ToOwned::to_owned).collect()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let done = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}: run tests/run"));
        assert!(done.status.success(), "{program}: {:?}", done.status);
        done.stdout
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Asserts that the parts stand in the text in this order.
fn assert_in_order<'a>(text: &str, parts: impl IntoIterator<Item = &'a str>) {
    let mut rest = text;
    for part in parts {
        let part = squeezed(part);
        let place = rest
            .find(&part)
            .unwrap_or_else(|| panic!("“{part}” is not where it should be in:\n{text}"));
        rest = &rest[place + part.len()..];
    }
}

/// What a person reads of the items, in their order.
fn wording<'a>(survey: &'a Survey, lang: &'a Lang) -> Vec<&'a str> {
    let mut parts = Vec::new();
    for item in &survey.items {
        parts.push(item.text.get(lang));
        parts.extend(item.help.iter().map(|help| help.get(lang)));
        match &item.kind {
            // In columns the scale stands once, above.
            ItemKind::Likert(_) => {}
            ItemKind::Choice(choices) => parts.extend(choices.iter().map(|c| c.text.get(lang))),
            ItemKind::Ballot(form) => {
                for project in &form.projects {
                    parts.push(project.text.get(lang));
                    parts.extend(project.description.iter().map(|text| text.get(lang)));
                }
            }
        }
    }
    parts
}

#[test]
#[ignore = "needs Chromium and poppler-utils: run tests/run"]
fn look_at_everything() {
    for lang in ["en", "pl"] {
        for (size, large) in [(PrintSize::Standard, ""), (PrintSize::Large, "-large")] {
            let options = options(lang, size);
            for name in [
                "co-production-attitudes",
                "citizen-priorities-knapsack",
                "citizen-priorities",
            ] {
                let (survey, wave) = survey(name);
                if !survey.languages.contains(&options.lang) {
                    continue;
                }
                let q = questionnaire_html(&survey, &wave, &options).unwrap();
                println!(
                    "{name} {lang}{large} {}",
                    pdf(&format!("q-{name}-{lang}{large}"), &q).pages
                );
                let l = letters_html(
                    &survey,
                    &wave,
                    PUBLIC_URL,
                    &letters(2),
                    Enclosed::Nothing,
                    &options,
                )
                .unwrap();
                println!("{}", pdf(&format!("l-{name}-{lang}{large}"), &l).pages);
                let c = cards_html(&survey, &wave, PUBLIC_URL, &codes(13), &options).unwrap();
                println!("{}", pdf(&format!("c-{name}-{lang}{large}"), &c).pages);
            }
        }
    }
}
