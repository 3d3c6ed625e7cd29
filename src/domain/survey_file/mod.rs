//! Reads survey files: what a council officer writes, checked in full before anything is asked.
//!
//! [`read`] never stops at the first fault. Whoever mends a file by hand wants the whole list, each
//! fault with its line, the words in question and how to put it right.

mod ballot;
mod choices;
mod dates;
mod fault;
mod items;
mod lint;
mod measures;
mod nearest;
mod read;
mod rule;
mod syntax;
mod table;
mod waves;
mod wording;

pub use ballot::MAX_PROJECTS;
pub use fault::{Fault, Severity};
pub use items::RESERVED_KEYS;
pub use lint::{LONG_WORDING, SHORT_WAVE};
pub(in crate::domain) use nearest::nearest;

use toml::de::DeTable;

use self::{fault::Faults, read::Reader, table::Section};
use super::{
    survey::{Pages, Survey, SurveyPlan},
    text::Lang,
};

/// A survey file without errors. Its warnings are for people to weigh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub plan: SurveyPlan,
    pub warnings: Vec<Fault>,
}

const KEYS: &[&str] = &[
    "key",
    "languages",
    "title",
    "intro",
    "follow_up",
    "pages",
    "scales",
    "item",
    "measure",
    "wave",
];

const PAGES: &[(&str, Pages)] = &[
    ("one-question", Pages::OneQuestion),
    ("all-questions", Pages::AllQuestions),
];

/// Reads a survey file. In case of an error the list has every fault, warnings included, in the
/// order of the file.
pub fn read(text: &str) -> Result<Checked, Vec<Fault>> {
    // Some editors begin a file with an invisible byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader::new(Faults::new(text));
    let root = Section::root(document.get_ref());
    let plan = plan(&mut reader, &root);
    let mut faults = reader.into_faults();
    if !errors.is_empty() {
        syntax::report(&mut faults, &errors);
    }
    let faults = faults.into_sorted();
    let sound = faults
        .iter()
        .all(|fault| fault.severity == Severity::Warning);
    match plan {
        Some(plan) if sound => Ok(Checked {
            plan,
            warnings: faults,
        }),
        _ => Err(faults),
    }
}

/// `None` only where a fault was reported.
fn plan(reader: &mut Reader<'_>, root: &Section<'_>) -> Option<SurveyPlan> {
    reader.known_keys(root, KEYS);
    if let Some(languages) = languages(reader, root) {
        reader.languages = languages;
    }
    let key = reader.need(root, "key", Reader::key);
    let title = reader.need(root, "title", Reader::text);
    let intro = reader.need(root, "intro", Reader::text);
    let follow_up = reader.may(root, "follow_up", Reader::text);
    let pages = reader.may(root, "pages", |r, entry| r.one_of(entry, PAGES));
    let scales = items::scales(reader, root);
    let items = items::items(reader, root, &scales);
    let measures = measures::measures(reader, root, &items);
    let waves = waves::waves(reader, root);
    Some(SurveyPlan {
        survey: Survey {
            key: key?,
            languages: reader.languages.clone(),
            title: title?,
            intro: intro?,
            follow_up,
            pages: pages.unwrap_or(Pages::OneQuestion),
            items,
            measures,
        },
        waves,
    })
}

/// The declared languages that can be read; `None` where there are none, so that English stands in.
fn languages(reader: &mut Reader<'_>, root: &Section<'_>) -> Option<Vec<Lang>> {
    let entry = root.entry("languages")?;
    let mut languages: Vec<Lang> = Vec::new();
    for (entry, tag) in reader.strings(&entry)? {
        let Some(lang) = reader.language(tag, &entry.span) else {
            reader.knows_languages = false;
            continue;
        };
        if languages.contains(&lang) {
            reader.faults.error(
                "S-DUPLICATE-LANGUAGE",
                &entry.span,
                format!("the language “{lang}” is declared twice"),
                "keep one of them",
            );
        } else {
            languages.push(lang);
        }
    }
    if entry.is_empty_list() {
        reader.faults.error(
            "S-NO-LANGUAGE",
            &entry.span,
            "the survey has no language",
            "write at least one, such as languages = [\"en\"]",
        );
    }
    (!languages.is_empty()).then_some(languages)
}
