//! The paper questionnaire: the items of the survey in their order, word for word, each answer with a
//! box. It is the same paper for everyone, so nothing on it tells who filled it in.

use askama::Template;

use super::{
    PrintError,
    document::{Document, PrintOptions, PrintSize, Style, Styles, foot_css},
};
use crate::{
    domain::{
        ballot::{BallotForm, BallotMethod, Overvote},
        channel::Channel,
        item::{Choice, Item, ItemKind, LONG_FROM, Scale},
        survey::Survey,
        text::{Lang, Text},
        wave::WaveSpec,
    },
    view::{
        ballot, dates,
        item_form::choose,
        page::{Page, paragraphs},
        words::{Catalogue, Words},
    },
};

/// A scale stands as columns where its labels fit: so many letters of its longest word, times its
/// points, at most. Else its points stand below each other.
const WIDEST_GRID: usize = 60;

/// Answers of one line each that fit on a page in large print.
const MOST_LINES: usize = 18;

#[derive(Debug, Template)]
#[template(path = "print/questionnaire.html", config = "src/view/askama.toml")]
struct Questionnaire {
    doc: Document,
    wave: String,
    intro: Vec<String>,
    return_how: Vec<String>,
    parts: Vec<Part>,
    follow_up: Vec<String>,
    /// For a screen, which has no feet of pages.
    foot: Option<String>,
}

#[derive(Debug)]
enum Part {
    /// Statements that follow each other on one scale.
    Grid {
        points: Vec<String>,
        rows: Vec<Row>,
    },
    List(List),
}

#[derive(Debug)]
struct Row {
    number: usize,
    text: String,
    help: Option<String>,
}

#[derive(Debug)]
struct List {
    row: Row,
    hint: String,
    rule: Option<String>,
    options: Vec<OptionLine>,
    /// Too long to keep on one page.
    long: bool,
}

#[derive(Debug)]
struct OptionLine {
    /// Of a project, by which it is keyed.
    number: Option<usize>,
    text: String,
    description: Option<String>,
    cost: Option<String>,
}

/// One language of a survey as a document.
pub fn questionnaire_html(
    survey: &Survey,
    wave: &WaveSpec,
    options: &PrintOptions,
) -> Result<String, PrintError> {
    let (lang, words) = (&options.lang, Words::for_lang(&options.lang));
    let text = |text: &Text| paragraphs(text.get(lang));
    let foot = foot(survey, words);
    let title = survey.title.get(lang).to_owned();
    let document = Questionnaire {
        doc: Document::new(options, words, title).with_foot(&foot),
        wave: wave.title.get(lang).to_owned(),
        intro: text(&survey.intro),
        return_how: return_how(wave, words),
        parts: parts(survey, options),
        follow_up: survey.follow_up.as_ref().map(text).unwrap_or_default(),
        foot: (options.styles == Styles::Linked).then_some(foot),
    };
    Ok(document.render()?)
}

fn foot(survey: &Survey, words: &Catalogue) -> String {
    words.t_with("print.wording", &[("mark", &wording_mark(survey))])
}

/// The style that belongs to a questionnaire with linked styles: what stands at the foot of each page.
pub fn questionnaire_foot_css(survey: &Survey, lang: &Lang) -> String {
    foot_css(&foot(survey, Words::for_lang(lang)))
}

/// The first 16 digits of the wording hash, in blocks of four: enough to tell a wording from another.
pub fn wording_mark(survey: &Survey) -> String {
    let hash = survey.wording_hash();
    let blocks: Vec<&str> = (0..4).filter_map(|n| hash.get(n * 4..n * 4 + 4)).collect();
    blocks.join(" ")
}

fn return_how(wave: &WaveSpec, words: &Catalogue) -> Vec<String> {
    let when = dates::moment(words, wave.closes, wave.offset());
    let how = [
        (Channel::Postal, "print.return-post"),
        (Channel::Meeting, "print.return-meeting"),
    ];
    how.into_iter()
        .filter(|(channel, _)| wave.channels.contains(channel))
        .map(|(_, key)| words.t_with(key, &[("when", &when)]))
        .collect()
}

fn parts(survey: &Survey, options: &PrintOptions) -> Vec<Part> {
    let page = Page::new(&options.lang, "/");
    let mut parts: Vec<Part> = Vec::new();
    let mut scale_before = None;
    for (index, item) in survey.items.iter().enumerate() {
        let row = row(index + 1, item, &options.lang);
        let scale = grid_scale(item, options);
        match (parts.last_mut(), scale) {
            (Some(Part::Grid { rows, .. }), Some(scale)) if scale_before == Some(scale) => {
                rows.push(row);
            }
            (_, Some(scale)) => parts.push(Part::Grid {
                points: scale
                    .points()
                    .iter()
                    .map(|p| label(p, &options.lang))
                    .collect(),
                rows: vec![row],
            }),
            (_, None) => parts.push(Part::List(list(row, item, &page))),
        }
        scale_before = scale;
    }
    parts
}

/// The scale of a statement that is answered in columns.
fn grid_scale<'a>(item: &'a Item, options: &PrintOptions) -> Option<&'a Scale> {
    let ItemKind::Likert(scale) = &item.kind else {
        return None;
    };
    let labels = scale.points().iter().map(|p| p.text.get(&options.lang));
    let longest = labels
        .flat_map(str::split_whitespace)
        .map(|word| word.chars().count())
        .max()
        .unwrap_or_default();
    let fits = longest * scale.points().len() <= WIDEST_GRID;
    (options.size == PrintSize::Standard && fits).then_some(scale)
}

fn label(choice: &Choice, lang: &Lang) -> String {
    choice.text.get(lang).to_owned()
}

fn row(number: usize, item: &Item, lang: &Lang) -> Row {
    Row {
        number,
        text: item.text.get(lang).to_owned(),
        help: item.help.as_ref().map(|help| help.get(lang).to_owned()),
    }
}

fn list(row: Row, item: &Item, page: &Page) -> List {
    let lang = page.lang();
    let lines = |choices: &[Choice]| choices.iter().map(|c| line(c, lang)).collect();
    let (hint, rule, options): (_, _, Vec<OptionLine>) = match &item.kind {
        ItemKind::Likert(scale) => (page.t("print.one-box").into(), None, lines(scale.points())),
        ItemKind::Choice(choices) => (page.t("print.one-box").into(), None, lines(choices)),
        ItemKind::Ballot(form) => {
            let rule = ballot::announced(&form.rule, &form.currency, page);
            (ballot_hint(form, page), Some(rule), projects(form, page))
        }
    };
    let most = if rule.is_some() {
        LONG_FROM
    } else {
        MOST_LINES
    };
    List {
        row,
        hint,
        rule,
        long: options.len() > most,
        options,
    }
}

fn line(choice: &Choice, lang: &Lang) -> OptionLine {
    OptionLine {
        number: None,
        text: label(choice, lang),
        description: None,
        cost: None,
    }
}

/// As online; and on paper nothing adds up by itself.
fn ballot_hint(form: &BallotForm, page: &Page) -> String {
    let how = choose(form, page.words);
    let more = match (form.method, form.overvote) {
        (BallotMethod::Approval { .. }, Overvote::Void) => "print.too-many",
        (BallotMethod::Approval { .. }, Overvote::UpToLimit) => "print.too-many-cut",
        (BallotMethod::Knapsack, Overvote::Void) => "print.too-dear",
        (BallotMethod::Knapsack, Overvote::UpToLimit) => "print.too-dear-cut",
    };
    let more = page.t(more);
    format!("{how} {more}")
}

fn projects(form: &BallotForm, page: &Page) -> Vec<OptionLine> {
    form.projects
        .iter()
        .zip(1..)
        .map(|(project, number)| OptionLine {
            number: Some(number),
            text: project.text.get(page.lang()).to_owned(),
            description: project
                .description
                .as_ref()
                .map(|text| text.get(page.lang()).to_owned()),
            cost: Some(page.words.money(&form.currency, project.cost)),
        })
        .collect()
}
