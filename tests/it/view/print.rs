//! Pages for paper, in both languages and sizes.

use countmein::{
    domain::{
        access_code::AccessCode,
        ballot::{BallotMethod, Overvote},
        channel::Channel,
        item::ItemKind,
        wave::AccessRule,
    },
    view::print::{
        Letter, PrintOptions, PrintSize, Styles, cards_html, letters_html, questionnaire_html,
        wording_mark,
    },
};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    keep,
    samples::{languages, survey, wave},
};

fn letter(seed: u64) -> Letter {
    Letter {
        serial: format!("{seed:06}"),
        name: Some("Zoë <b>O’Neill</b> & sons".to_owned()),
        address_lines: vec!["1 High Street".to_owned(), String::new()],
        code: AccessCode::random(&mut StdRng::seed_from_u64(seed)),
    }
}

/// Every kind of document, with how its styles come.
fn all() -> Vec<(String, PrintOptions, String)> {
    let survey = survey(BallotMethod::Knapsack);
    let mut wave = wave(AccessRule::Code);
    wave.channels = Channel::ALL.to_vec();
    let people = [letter(1), letter(2)];
    let codes = people.clone().map(|letter| letter.code);
    let url = "https://vote.example.org";
    let mut all = Vec::new();
    for lang in languages() {
        for size in [PrintSize::Standard, PrintSize::Large] {
            for styles in [Styles::Inline, Styles::Linked] {
                let lang = lang.clone();
                let options = PrintOptions { lang, size, styles };
                let made = [
                    ("paper", questionnaire_html(&survey, &wave, &options)),
                    ("cards", cards_html(&survey, &wave, url, &codes, &options)),
                    (
                        "letters",
                        letters_html(&survey, &wave, url, &people, &options),
                    ),
                ];
                for (name, html) in made {
                    let name = format!("print-{name}-{}-{size:?}-{styles:?}", options.lang);
                    all.push((name, options.clone(), html.unwrap()));
                }
            }
        }
    }
    all
}

/// People are told what the count will do.
#[test]
fn paper_says_what_too_many_marks_count_for() {
    let options = PrintOptions {
        lang: languages()[0].clone(),
        size: PrintSize::Standard,
        styles: Styles::Linked,
    };
    for method in [BallotMethod::Knapsack, BallotMethod::Approval { limit: 2 }] {
        for (overvote, words) in [
            (Overvote::Void, "this question cannot be counted"),
            (
                Overvote::UpToLimit,
                "those that stand first on this paper count",
            ),
        ] {
            let mut survey = survey(method);
            for item in &mut survey.items {
                if let ItemKind::Ballot(form) = &mut item.kind {
                    form.overvote = overvote;
                }
            }
            let html = questionnaire_html(&survey, &wave(AccessRule::Open), &options);
            assert!(html.unwrap().contains(words), "{words}");
        }
    }
}

#[test]
fn paper_keeps_the_house_rules() {
    for (name, options, html) in all() {
        keep(&format!("{name}.html"), &html);
        let large = options.size == PrintSize::Large;
        let tag = format!("<html lang=\"{}\"", options.lang);
        assert!(html.contains(&tag), "language of {name}");
        assert_eq!(html.contains("class=\"large\""), large, "size of {name}");
        assert!(!html.contains("style="), "inline style in {name}");
        assert!(!html.contains("<script"), "script in {name}");
        assert!(!html.contains('⟦'), "missing wording in {name}");
        let body = html.split_once("<body>").unwrap().1;
        assert!(
            !body.contains(['{', '}']),
            "unresolved placeholder in {name}"
        );
        assert!(!body.contains(" id="), "an id would stand twice in {name}");
        let linked = options.styles == Styles::Linked;
        assert_eq!(
            html.contains("<link rel=\"stylesheet\" href=\"/assets/print-"),
            linked
        );
        // A document in one file loads nothing, and a page of the service has no style of its own.
        assert_eq!(html.contains("<style>"), !linked, "style of {name}");
        assert!(linked || !html.contains("href="), "{name} loads something");
    }
}

#[test]
fn a_name_is_text_and_the_code_stands_behind_the_hash_sign() {
    for (name, _, html) in all() {
        assert!(!html.contains("<b>O’Neill"), "markup of a name in {name}");
        if name.contains("letters") {
            assert!(html.contains("Zoë &#60;b&#62;O’Neill"), "{name}");
            assert!(html.contains("vote.example.org/v"), "{name}");
            for person in [letter(1), letter(2)] {
                assert_eq!(html.matches(&person.serial).count(), 1, "{name}");
            }
        }
    }
}

#[test]
fn a_letter_names_the_ways_that_its_wave_has() {
    let survey = survey(BallotMethod::Knapsack);
    let lang = languages()[0].clone();
    let options = PrintOptions {
        lang,
        size: PrintSize::Standard,
        styles: Styles::Inline,
    };
    let words = [
        (Channel::Online, "<h2>Online</h2>"),
        (Channel::Postal, "<h2>By post</h2>"),
        (Channel::Meeting, "<h2>At a meeting</h2>"),
    ];
    for channels in [
        &[Channel::Online][..],
        &[Channel::Postal],
        &[Channel::Online, Channel::Meeting],
        &Channel::ALL,
    ] {
        let mut wave = wave(AccessRule::Code);
        wave.channels = channels.to_vec();
        let people = [Letter {
            name: None,
            address_lines: Vec::new(),
            ..letter(1)
        }];
        let url = "http://localhost:8080";
        let html = letters_html(&survey, &wave, url, &people, &options);
        let html = html.unwrap();
        for (channel, heading) in words {
            assert_eq!(
                html.contains(heading),
                channels.contains(&channel),
                "{heading}"
            );
        }
        // The slip is for the envelope, and an address window needs an address.
        let posts = channels.contains(&Channel::Postal);
        assert_eq!(html.contains("Slip for the large envelope"), posts);
        assert_eq!(html.contains(&people[0].serial), posts);
        assert!(!html.contains("class=\"window\""));
    }
}

#[test]
fn the_mark_of_a_wording_changes_with_a_word() {
    let mut survey = survey(BallotMethod::Knapsack);
    let before = wording_mark(&survey);
    assert_eq!(before.len(), 19);
    survey.items[0].text = countmein::domain::text::Text::in_english("Another wording");
    assert_ne!(wording_mark(&survey), before);
}

#[test]
fn an_address_that_fits_no_qr_code_is_refused() {
    let survey = survey(BallotMethod::Knapsack);
    let options = PrintOptions {
        lang: languages()[0].clone(),
        size: PrintSize::Standard,
        styles: Styles::Inline,
    };
    let url = format!("https://{}.example", "long".repeat(600));
    let code = letter(1).code;
    let made = cards_html(&survey, &wave(AccessRule::Code), &url, &[code], &options);
    let said = made.unwrap_err().to_string();
    assert!(said.contains("too long for a QR code"), "{said}");
}
