//! CSV for spreadsheets: the one place that writes it.

pub(super) use crate::domain::csv_cell::safe;

/// Headings and rows as one text. Whoever makes the rows passes what people wrote through [`safe`].
pub(super) fn csv_of<const N: usize>(
    headings: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every row has as many cells as the headings.
    let _ = writer.write_record(headings);
    for row in rows {
        let _ = writer.write_record(row);
    }
    text_of(writer)
}

/// Rows without headings: a further part of a table that is too long for one text.
pub(super) fn csv_rows<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let _ = writer.write_record(row);
    }
    text_of(writer)
}

fn text_of(writer: csv::Writer<Vec<u8>>) -> String {
    writer
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}
