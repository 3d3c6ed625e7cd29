//! The same item in several waves: which figures stand beside each other, and in which order.

use crate::{
    domain::text::Lang,
    tally::report::{Figures, ItemReport, RangeKind, Report},
};

/// An item's figures in one wave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'a> {
    pub wave: &'a str,
    pub is_this: bool,
    pub range: RangeKind,
    pub figures: &'a Figures,
}

/// The waves in the order of their opening, the report's own among them.
pub(super) fn columns<'a>(
    report: &'a Report,
    item: &'a ItemReport,
    lang: &Lang,
) -> Vec<Column<'a>> {
    let this = Column {
        wave: report.wave.title.get(lang),
        is_this: true,
        range: report.range,
        figures: &item.figures,
    };
    let mut columns = vec![(report.wave.opens, this)];
    for wave in &report.beside {
        if let Some(beside) = wave.items.iter().find(|other| other.key == item.key) {
            let column = Column {
                wave: wave.title.get(lang),
                is_this: false,
                range: wave.range,
                figures: &beside.figures,
            };
            columns.push((wave.opens, column));
        }
    }
    columns.sort_by_key(|(opens, _)| *opens);
    columns.into_iter().map(|(_, column)| column).collect()
}
