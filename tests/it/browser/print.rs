//! Paper: what Chromium makes of letters, cards and questionnaires, read back from the PDF.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use countmein::{
    cli::print::{self, LettersJob, Papers, Sides, Tags},
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
    service::open_batch,
    view::print::{
        Letter, PrintOptions, PrintSize, Styles, cards_html, letters_html, questionnaire_html,
        wording_mark,
    },
};
use fantoccini::wd::PrintConfiguration;
use rand::{SeedableRng, rngs::StdRng};

use super::audit::Tour;
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

fn chromium() -> PrintConfig {
    let chromium = std::env::var_os("COUNTMEIN_TEST_CHROMIUM")
        .expect("COUNTMEIN_TEST_CHROMIUM has to name Chromium: run tests/run");
    PrintConfig {
        chromium: chromium.into(),
    }
}

fn pdf(name: &str, html: &str) -> Pdf {
    Pdf::keep(name, &print::pdf(html, Tags::Yes, &chromium()).unwrap())
}

struct Pdf {
    pages: usize,
    folder: tempfile::TempDir,
}

impl Pdf {
    /// Also in the folder `COUNTMEIN_SCREENSHOTS`, where it is set.
    fn keep(name: &str, bytes: &[u8]) -> Self {
        if let Some(folder) = std::env::var_os("COUNTMEIN_SCREENSHOTS") {
            fs::create_dir_all(&folder).unwrap();
            fs::write(Path::new(&folder).join(format!("{name}.pdf")), bytes).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("page.pdf"), bytes).unwrap();
        Self {
            pages: print::pages(bytes),
            folder,
        }
    }

    /// The text of each page, with one space between words and without hyphens, which pdftotext takes
    /// away at the end of a line.
    fn text(&self) -> Vec<String> {
        let out = self.run("pdftotext", &["page.pdf", "-"]);
        let text = String::from_utf8(out).unwrap();
        let pages = text.strip_suffix('\u{c}').unwrap().split('\u{c}');
        pages.map(squeezed).collect()
    }

    /// What a scanner reads in the QR codes of the whole document.
    fn scanned(&self) -> Vec<String> {
        self.run("pdftoppm", &["-r", "150", "-gray", "page.pdf", "page"]);
        let mut pictures: Vec<String> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| {
                Path::new(name)
                    .extension()
                    .is_some_and(|ending| ending == "pgm")
            })
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
        // A page without a code is no fault of zbarimg, which says so with a 4.
        let nothing_found = program == "zbarimg" && done.status.code() == Some(4);
        assert!(
            done.status.success() || nothing_found,
            "{program}: {:?}",
            done.status
        );
        done.stdout
    }
}

fn squeezed(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace("- ", "-").replace('-', "")
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
fn wording<'a>(survey: &'a Survey, lang: &'a Lang, size: PrintSize) -> Vec<&'a str> {
    let mut parts = Vec::new();
    for item in &survey.items {
        parts.push(item.text.get(lang));
        parts.extend(item.help.iter().map(|help| help.get(lang)));
        match &item.kind {
            // In columns the scale stands above the statements, once a page.
            ItemKind::Likert(_) if size == PrintSize::Standard => {}
            ItemKind::Likert(scale) => {
                parts.extend(scale.points().iter().map(|point| point.text.get(lang)));
            }
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

const SURVEYS: [&str; 3] = [
    "co-production-attitudes",
    "citizen-priorities",
    "citizen-priorities-knapsack",
];

#[test]
#[ignore = "needs Chromium and poppler-utils: run tests/run"]
fn a_questionnaire_says_what_its_survey_says_in_its_order() {
    for name in SURVEYS {
        let (survey, wave) = survey(name);
        for lang in &survey.languages {
            for size in [PrintSize::Standard, PrintSize::Large] {
                let options = options(lang.as_str(), size);
                let html = questionnaire_html(&survey, &wave, &options).unwrap();
                let paper = pdf(&format!("paper-{name}-{lang}-{size:?}"), &html);
                let text = paper.text();
                let foot = squeezed(&wording_mark(&survey));
                assert!(survey.wording_hash().starts_with(&foot.replace(' ', "")));
                for page in &text {
                    assert!(page.contains(&foot), "no mark of the wording: {page}");
                }
                assert_eq!(text.len(), paper.pages);
                let whole = without(&text.join(" "), &foot);
                let intro = survey.title.get(lang);
                let end = survey.follow_up.as_ref().unwrap().get(lang);
                let all: Vec<&str> = [intro]
                    .into_iter()
                    .chain(wording(&survey, lang, size))
                    .chain([end])
                    .collect();
                assert_in_order(&whole, all);
            }
        }
    }
}

/// The running foot stands in the text wherever a page ends.
fn without(text: &str, mark: &str) -> String {
    let feet = ["Wording of the questions: ", "Wersja pytań: "];
    let text = feet.iter().fold(text.to_owned(), |text, foot| {
        text.replace(&format!("{foot}{mark}"), " ")
    });
    squeezed(&text)
}

#[test]
#[ignore = "needs Chromium, poppler-utils and zbar-tools: run tests/run"]
fn a_code_and_a_serial_number_stand_on_the_letter_and_not_on_the_paper() {
    let (survey, wave) = survey("citizen-priorities-knapsack");
    let people = letters(7);
    for size in [PrintSize::Standard, PrintSize::Large] {
        let options = options("en", size);
        let job = LettersJob {
            survey: &survey,
            wave: &wave,
            public_url: PUBLIC_URL,
            letters: &people,
            options: &options,
        };
        let made = print::letters_pdf(&job, Papers::Behind(Sides::Both), &chromium());
        let all = Pdf::keep(&format!("letters-{size:?}"), &made.unwrap());
        let text = all.text();
        // Every letter and every paper begins on the front of a sheet.
        let front = 2;
        let sheet = questionnaire_html(&survey, &wave, &options).unwrap();
        let back = even(pdf("sheet", &sheet).pages);
        assert_eq!(all.pages, people.len() * (front + back));
        assert_eq!(text.len(), all.pages);
        let mut papers = BTreeSet::new();
        let mut fronts = BTreeSet::new();
        for (person, pages) in people.iter().zip(text.chunks(front + back)) {
            let (letter, paper) = pages.split_at(front);
            let (letter, paper) = (letter.join(" "), paper.join(" "));
            let code = person.code.symbols();
            assert_eq!(letter.matches(&code).count(), 2, "{letter}");
            let serial = squeezed(&person.serial);
            assert_eq!(letter.matches(&serial).count(), 1, "{letter}");
            assert_in_order(
                &letter,
                [survey.title.get(&options.lang), "vote.example.org/v"],
            );
            for secret in [&code[..8], &code[8..], &serial[1..], "Oluwaseun"] {
                assert!(!paper.contains(secret), "{secret} is on the paper: {paper}");
            }
            papers.insert(paper);
            fronts.insert(letter);
        }
        assert_eq!((fronts.len(), papers.len()), (people.len(), 1));
        // On the letter and on its slip, and on no paper.
        let wanted: Vec<String> = people
            .iter()
            .map(|person| format!("{PUBLIC_URL}/v#{}", person.code))
            .flat_map(|url| [url.clone(), url])
            .collect();
        assert_eq!(sorted(all.scanned()), sorted(wanted));
    }
}

fn even(pages: usize) -> usize {
    pages + pages % 2
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[test]
#[ignore = "needs Chromium, poppler-utils and zbar-tools: run tests/run"]
fn cards_are_ten_on_a_page_and_lead_to_the_short_address() {
    let (mut survey, wave) = survey("citizen-priorities-knapsack");
    survey.title = long_title();
    let codes = codes(23);
    let url = "https://participate.a-council-with-a-long-name.gov.example";
    let html = cards_html(
        &survey,
        &wave,
        url,
        &codes,
        &options("en", PrintSize::Standard),
    );
    let cards = pdf("cards", &html.unwrap());
    let text = cards.text();
    assert_eq!((cards.pages, text.len()), (3, 3));
    for (page, codes) in text.iter().zip(codes.chunks(10)) {
        for code in codes {
            assert_eq!(page.matches(&code.symbols()).count(), 1, "{page}");
        }
        for words in ["Until 31 December 2036", "long-name.gov.example/v"] {
            let found = page.matches(&squeezed(words)).count();
            assert_eq!(found, codes.len(), "{words} in {page}");
        }
    }
    let wanted = codes.iter().map(|code| format!("{url}/v#{code}")).collect();
    assert_eq!(sorted(cards.scanned()), sorted(wanted));
}

/// Sixty characters, and a word that is hard to break.
fn long_title() -> Text {
    let title = "Participatory neighbourhood improvements: your priorities 26";
    assert_eq!(title.len(), 60);
    Text::in_english(title)
}

/// A survey whose every part is as long as it may reasonably get.
fn long_survey() -> (Survey, WaveSpec) {
    let (mut survey, wave) = survey("citizen-priorities");
    survey.title = long_title();
    let ItemKind::Ballot(form) = &mut survey.items[1].kind else {
        panic!("the second item is a ballot")
    };
    let project = form.projects[0].clone();
    form.projects = (1..=35)
        .map(|n| {
            let mut project = project.clone();
            let text = format!(
                "Neighbourhood-traffic-reorganisation-and-greening-programme number {n} of all"
            );
            project.text = Text::in_english(text);
            project
        })
        .collect();
    (survey, wave)
}

/// What does not fit its box or its page, and the sizes of print of all text.
const MEASURE: &str = "const out = [];
    const sizes = new Set();
    for (const element of document.querySelectorAll('main *')) {
        if (element.closest('svg, .screen')) continue;
        if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
            && getComputedStyle(element).display !== 'inline') out.push(element.outerHTML.slice(0, 90));
        if (element.matches('.cards li') && element.scrollHeight > element.clientHeight + 1)
            out.push(element.outerHTML.slice(0, 90));
        const own = Array.from(element.childNodes).some(n => n.nodeType === 3 && n.data.trim());
        if (own) sizes.add(Math.round(parseFloat(getComputedStyle(element).fontSize) * 75) / 100);
    }
    return [out, Math.min(...sizes)];";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium and axe: run tests/run"]
async fn paper_keeps_its_size_of_print_and_its_edges_and_axe_finds_nothing() {
    let app = TestApp::start(Backend::Sqlite).await;
    let window = Chromium::start(&app, WIDE, Scripts::On).await;
    let mut tour = Tour::new(app, window);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let samples = [
        ("en", long_survey()),
        ("pl", survey("co-production-attitudes")),
    ];
    for (lang, (survey, wave)) in &samples {
        for (size, points) in [(PrintSize::Standard, 14.0), (PrintSize::Large, 18.0)] {
            let options = options(lang, size);
            let people = letters(2);
            let paper = questionnaire_html(survey, wave, &options).unwrap();
            let letters = letters_html(survey, wave, PUBLIC_URL, &people, &options).unwrap();
            let cards = cards_html(survey, wave, PUBLIC_URL, &codes(11), &options).unwrap();
            for (name, html, least) in [
                ("paper", paper, points),
                ("letters", letters, points),
                ("cards", cards, 11.0),
            ] {
                let name = format!("{name}-{lang}-{size:?}");
                fs::write(&file, &html).unwrap();
                let address = format!("file://{}", file.display());
                tour.window.client.goto(&address).await.unwrap();
                let found = tour.window.run(MEASURE).await;
                assert_eq!(found[0], serde_json::json!([]), "{name}");
                assert_eq!(found[1].as_f64(), Some(least), "{name}");
                tour.ask_axe(&name).await;
            }
        }
    }
    tour.end();
}

/// As the PDF has it, and not only the style.
#[test]
#[ignore = "needs Chromium and poppler-utils: run tests/run"]
fn large_print_is_18_pt_in_the_pdf() {
    let (survey, wave) = survey("co-production-attitudes");
    for (size, points) in [(PrintSize::Standard, "14"), (PrintSize::Large, "18")] {
        let html = questionnaire_html(&survey, &wave, &options("en", size)).unwrap();
        let paper = pdf("sizes", &html);
        let xml = paper.run(
            "pdftohtml",
            &["-xml", "-i", "-zoom", "1", "-stdout", "page.pdf"],
        );
        let xml = String::from_utf8(xml).unwrap();
        let line = xml
            .lines()
            .find(|line| line.contains("Citizens trust politicians"));
        let font = attribute(line.unwrap(), "font");
        let spec = format!("<fontspec id=\"{font}\"");
        let spec = xml.lines().find(|line| line.contains(&spec)).unwrap();
        assert_eq!(attribute(spec, "size"), points, "{spec}");
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let (_, rest) = tag.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0
}

/// The paper is in the file once, as everyone's.
#[test]
#[ignore = "needs Chromium and poppler-utils: run tests/run"]
fn letters_of_unequal_length_are_refused_and_others_are_put_together_on_one_side() {
    let (survey, wave) = survey("co-production-attitudes");
    let options = options("pl", PrintSize::Standard);
    let mut people = letters(12);
    let job = |people: &[Letter], papers| {
        let job = LettersJob {
            survey: &survey,
            wave: &wave,
            public_url: PUBLIC_URL,
            letters: people,
            options: &options,
        };
        print::letters_pdf(&job, papers, &chromium())
    };
    let alone = job(&people, Papers::None).unwrap();
    let made = job(&people, Papers::Behind(Sides::One)).unwrap();
    let paper = questionnaire_html(&survey, &wave, &options).unwrap();
    let paper = print::pdf(&paper, Tags::No, &chromium()).unwrap();
    assert!(made.len() < alone.len() + paper.len() + 12 * 1_000);
    let text = Pdf::keep("letters-one-side", &made).text();
    let paper = Pdf::keep("paper-alone", &paper).text();
    let alone = Pdf::keep("letters-alone", &alone).text();
    let wanted = alone
        .iter()
        .flat_map(|letter| [std::slice::from_ref(letter), &paper].concat());
    assert_eq!(text, wanted.collect::<Vec<_>>());
    people[5].address_lines = vec!["One line of many".to_owned(); 40];
    let refused = job(&people, Papers::Behind(Sides::One)).unwrap_err();
    assert!(refused.to_string().contains("longest names"), "{refused}");
}

/// However long the title and the address, a letter is one page and its paper has every project.
#[test]
#[ignore = "needs Chromium and poppler-utils: run tests/run"]
fn long_names_and_lists_fit() {
    let (survey, wave) = long_survey();
    let options = options("en", PrintSize::Standard);
    let people = letters(3);
    let html = letters_html(&survey, &wave, PUBLIC_URL, &people, &options);
    assert_eq!(pdf("letters-long", &html.unwrap()).pages, 3);
    for size in [PrintSize::Standard, PrintSize::Large] {
        let options = PrintOptions {
            size,
            ..options.clone()
        };
        let html = questionnaire_html(&survey, &wave, &options).unwrap();
        let text = pdf(&format!("paper-long-{size:?}"), &html).text().join(" ");
        // A cost stands beside the first line of its project.
        let text = without(&text, &wording_mark(&survey)).replace("£9,000 ", "");
        assert_in_order(&text, wording(&survey, &options.lang, size));
    }
}

/// The pages of the service, printed as somebody at a desk prints them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium, poppler-utils and zbar-tools: run tests/run"]
async fn a_browser_prints_the_foot_on_every_page_and_a_cover_on_one() {
    use crate::support::paper::{accept, codes, coordinator, open_attitudes};

    let app = TestApp::start(Backend::Sqlite).await;
    let key = open_attitudes(&app).await;
    let cat = coordinator(&app, "cat@x.org").await;
    let codes = codes(&app, &key, 25).await;
    accept(&app, &cat, &key, &codes).await;
    open_batch::open(&app.services, &cat, &key, 25, 25)
        .await
        .unwrap();
    let (survey, _) = survey("co-production-attitudes");
    let mark = squeezed(&wording_mark(&survey));
    let window = Chromium::start(&app, WIDE, Scripts::On).await;
    window.enter(&app, "cat@x.org").await;
    for (query, foot) in [
        ("language=en", "Wording of the questions"),
        ("language=pl&size=large", "Wersja pytań"),
    ] {
        window.goto(&format!("/staff/w/{key}/paper?{query}")).await;
        let printed = window.client.print(PrintConfiguration::default()).await;
        let paper = Pdf::keep(&format!("browser-{query}"), &printed.unwrap());
        let text = paper.text();
        assert!(text.len() >= 2, "{text:?}");
        for page in &text {
            assert_eq!(page.matches(&mark).count(), 1, "{page}");
            assert!(page.contains(foot), "{page}");
        }
    }
    let batch = format!("/staff/w/{key}/batches/1");
    window.goto(&format!("{batch}/cover")).await;
    let printed = window.client.print(PrintConfiguration::default()).await;
    let cover = Pdf::keep("cover", &printed.unwrap());
    let text = cover.text();
    assert_eq!(text.len(), 1, "{text:?}");
    let title = survey.title.get(&Lang::english());
    for words in ["Batch 1", "Envelopes 25", "Sheets 25", title, &mark] {
        assert!(text[0].contains(&squeezed(words)), "{words}: {}", text[0]);
    }
    let address = format!("{}{batch}", app.config.public_url);
    assert_eq!(cover.scanned(), [address]);
    let mut tour = Tour::new(app, window);
    tour.ask_axe("cover").await;
    tour.end();
}
