//! Every page in every language: complete wording, one heading, nothing that the content security
//! policy would block, and small. `COUNTMEIN_PAGES=folder` keeps the pages, to look at them.

#![expect(
    clippy::unwrap_used,
    reason = "a sample that cannot be built fails its test"
)]

mod pages;
mod print;
mod rules;
mod samples;
mod shares;
mod wording;

use countmein::{
    tally::report::Report,
    view::{Page, ResultsPage, SummaryKind, SummaryMail, Template, assets, change_csv, table_csv},
};

use self::samples::{languages, report, withheld};

const MAX_BYTES: usize = 50_000;

#[test]
fn every_page_keeps_the_house_rules() {
    for lang in languages() {
        for (name, html) in pages::all(&lang) {
            let name = format!("{name} in {lang}");
            keep(&format!("{name}.html"), &html);
            assert_eq!(html.matches("<h1>").count(), 1, "headings of {name}");
            assert!(
                html.contains("<html lang=\"en\">")
                    || html.contains(&format!("<html lang=\"{lang}\">")),
                "language of {name}"
            );
            assert!(!html.contains("style="), "inline style in {name}");
            assert!(!html.contains("⟦"), "missing wording in {name}");
            assert!(
                !html.contains(['{', '}']),
                "unresolved placeholder in {name}"
            );
            assert!(html.len() < MAX_BYTES, "{name} has {} bytes", html.len());
            assert_scripts_are_files(&name, &html);
            assert_ids_are_unique_and_found(&name, &html);
        }
    }
}

fn assert_scripts_are_files(name: &str, html: &str) {
    for script in html.split("<script").skip(1) {
        let (tag, rest) = script.split_once('>').unwrap();
        assert!(tag.contains(assets::script_path()), "script of {name}");
        assert!(rest.starts_with("</script>"), "inline script in {name}");
    }
}

/// Labels, descriptions and links within a page lead somewhere.
fn assert_ids_are_unique_and_found(name: &str, html: &str) {
    let values = |attribute: &str| -> Vec<&str> {
        html.split(&format!(" {attribute}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect()
    };
    let mut ids = values("id");
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice in {name}");
    let wanted = ["for", "aria-labelledby", "aria-describedby"]
        .into_iter()
        .flat_map(values)
        .flat_map(str::split_whitespace)
        .chain(
            values("href")
                .into_iter()
                .filter_map(|href| href.strip_prefix('#')),
        );
    for id in wanted {
        assert!(
            ids.contains(&id),
            "{name} refers to #{id}, which it has not"
        );
    }
}

#[test]
fn pages_with_errors_say_so_first() {
    for (lang, word) in languages().into_iter().zip(["Error: ", "Błąd: "]) {
        for (name, html) in pages::all(&lang) {
            let title = html.split("<title>").nth(1).unwrap();
            let is_staff = html.contains("class=\"tag\"");
            let word = if is_staff { "Error: " } else { word };
            assert_eq!(
                title.starts_with(word),
                html.contains("class=\"errors\""),
                "title of {name}"
            );
        }
    }
}

#[test]
fn an_open_wave_always_says_that_people_chose_to_take_part() {
    let sentence = "It does not cover who chose to take part.";
    for (name, html) in pages::all(&languages()[0]) {
        if name.starts_with("results") {
            assert!(html.contains(sentence), "{name}");
        }
    }
    let mail = mail();
    assert!(mail.text().unwrap().contains(sentence));
    assert!(mail.html().unwrap().contains(sentence));
}

fn mail() -> SummaryMail {
    SummaryMail::new(
        &report(),
        "https://example.org/r/co-production-attitudes/april",
        "https://example.org/mail/stop/abc",
        Some("survey@example.org"),
        SummaryKind::First,
    )
}

#[test]
fn the_mail_has_the_same_figures_in_both_parts() {
    let mail = mail();
    let (text, html) = (mail.text().unwrap(), mail.html().unwrap());
    keep("mail.html", &html);
    keep("mail.txt", &text);
    assert_eq!(
        mail.subject(),
        "Result: Attitudes to co-production (April 2026) – 85 responses, closed 30 April 2026"
    );
    assert!(text.starts_with("Funded: Play area by the river and New roof for the village hall."));
    assert!(text.contains("\n\nWhich projects should be paid for?\n") && !text.contains("\n\n\n"));
    for (in_text, in_html) in [
        ("33 (39%, range 31 to 48%)", "33 (39%)<div"),
        ("38 (61%)", "38 (61%)"),
        ("61 votes (73%)", "61 (73%)"),
        ("31 to 48%", "31 to 48%</span>"),
        ("spent £145,000", "spent £145,000"),
        ("January 2026 −50; April 2026 +1", ">−50</td>"),
    ] {
        assert!(text.contains(in_text), "{in_text} in the text part");
        assert!(html.contains(in_html), "{in_html} in the HTML part");
    }
    assert!(html.len() < 100_000 && !html.contains("<img"));
    for part in [&text, &html] {
        assert!(!part.contains("⟦") && !part.contains(['{', '}']));
        assert!(
            part.lines().all(|line| line.len() <= 998),
            "RFC 5322 line length"
        );
    }
}

/// The same sentences and figures on the page and in both parts of the mail.
#[test]
fn results_say_how_paper_was_keyed() {
    let page = Page::new(&languages()[0], "/");
    let mut report = report();
    let show = |report: &Report| {
        ResultsPage::new(&page, report, None, false)
            .render()
            .unwrap()
    };
    let mail = mail();
    for shown in [show(&report), mail.html().unwrap(), mail.text().unwrap()] {
        for part in [
            "How paper was keyed",
            "keyed by two people",
            "at most 0.09% of the 1,024 sheets",
            "the estimate is less than 0.01 in 10,000 fields",
            "This is worked out, not measured",
            "Ballots with more marks than allowed",
        ] {
            assert!(shown.contains(part), "no {part} in {shown}");
        }
    }
    report.paper = Some(samples::sampled_paper());
    let sampled = show(&report);
    for part in [
        "a sample of 10% of each batch",
        "accepted as they were: 38.",
        "keyed wholly by two people: 3.",
        "Of the 855 sheets that were keyed once, at most 4.20% have a wrong field",
        "The estimate is 31.00 wrong in 10,000",
        "is not shown: too few sheets",
    ] {
        assert!(sampled.contains(part), "no {part} in {sampled}");
    }
    assert!(!sampled.contains("Ballots with more marks than allowed"));
    report.paper = None;
    assert!(!show(&report).contains("How paper was keyed"));
}

#[test]
fn the_table_file_has_one_row_an_option_and_no_formulas() {
    let mut report = report();
    report.items[2].text = countmein::domain::text::Text::in_english("=1+1");
    let csv = table_csv(&report, &languages()[0]);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 1 + 10 + 10 + 3 + 5);
    assert!(rows[0].starts_with("survey,wave,item,text,kind,option"));
    assert!(csv.contains("april,s6,") && csv.contains(",likert,a,Agree,85,2,33,39,31,48,,,"));
    assert!(csv.contains(",ballot,play,Play area by the river,83,2,61,73,,,60000,GBP,funded"));
    assert!(csv.contains(",'=1+1,") && !csv.contains(",=1+1"));
    assert!(table_csv(&withheld(), &languages()[0]).contains("fewer than 10 people"));
}

#[test]
fn the_file_of_changes_has_one_row_a_statement() {
    let csv = change_csv(&report(), &languages()[0]);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 3);
    assert!(rows[0].starts_with("survey,from,to,item,text,agree_points,agree_low"));
    assert!(
        rows[1].starts_with("co-production-attitudes,january,april,s2,"),
        "{csv}"
    );
    assert!(
        rows[1].ends_with(",,,,,,,,,,,not-compared: wording-differs"),
        "{csv}"
    );
    let measured = ",23,8,36,51,36,64,brunner-munzel,0.00025,0.0005,0.66,higher";
    assert!(rows[2].ends_with(measured), "{csv}");
}

#[test]
fn assets_are_found_by_the_hash_of_their_content() {
    let style = assets::find(assets::style_path()).unwrap();
    assert_eq!(style.content, assets::STYLE);
    assert!(assets::style_path().starts_with("/assets/style-"));
    assert!(assets::STYLE.len() < 12_500 && assets::BALLOT_JS.len() < 3_000);
    let staff = assets::find(assets::staff_style_path()).unwrap();
    assert_eq!(staff.content, assets::STAFF_STYLE);
    assert!(assets::STAFF_STYLE.len() < 13_500);
    assert!(assets::find("/assets/style-00000000.css").is_none());
}

fn keep(name: &str, content: &str) {
    if let Ok(folder) = std::env::var("COUNTMEIN_PAGES") {
        std::fs::create_dir_all(&folder).unwrap();
        let path = std::path::Path::new(&folder).join(name.replace(' ', "-"));
        std::fs::write(path, content).unwrap();
    }
}
