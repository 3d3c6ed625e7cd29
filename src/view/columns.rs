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

/// Earlier waves as the report lists them, then the report's own wave.
pub(super) fn columns<'a>(
    report: &'a Report,
    item: &'a ItemReport,
    lang: &Lang,
) -> Vec<Column<'a>> {
    report
        .beside
        .iter()
        .filter_map(|wave| {
            let beside = wave.items.iter().find(|other| other.key == item.key)?;
            Some(Column {
                wave: wave.title.get(lang),
                is_this: false,
                range: wave.range,
                figures: &beside.figures,
            })
        })
        .chain([Column {
            wave: report.wave.title.get(lang),
            is_this: true,
            range: report.range,
            figures: &item.figures,
        }])
        .collect()
}
