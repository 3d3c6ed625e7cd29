//! What a printed range means: one sentence for each kind of wave, the same on every page and mail.

use super::words::Catalogue;
use crate::{domain::frame::Frame, tally::report::RangeKind};

#[derive(Debug, Clone)]
pub(super) struct RangeWords {
    /// The wave that the sentence is about, when a page shows waves of several kinds.
    pub wave: Option<String>,
    pub name: String,
    pub text: String,
}

impl RangeWords {
    pub fn new(words: &Catalogue, kind: RangeKind, frame: Frame, people: u64) -> Self {
        let key = wording_key(kind);
        let size = frame
            .size()
            .map_or_else(|| "–".to_owned(), |size| words.number(size));
        Self {
            wave: None,
            name: words.t(&format!("{key}-name")).to_owned(),
            text: words.t_with(
                &format!("{key}-text"),
                &[("size", &size), ("people", &words.number(people))],
            ),
        }
    }
}

/// Heading of the column of ranges.
pub(super) fn column_name(words: &Catalogue, kind: RangeKind) -> &str {
    words.t(&format!("{}-column", wording_key(kind)))
}

fn wording_key(kind: RangeKind) -> &'static str {
    match kind {
        RangeKind::None => "range.none",
        RangeKind::ConfidenceInterval => "range.confidence",
        RangeKind::SmallNumbersRange => "range.small",
    }
}
