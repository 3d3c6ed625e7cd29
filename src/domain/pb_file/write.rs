//! Writes a file so that every program for the format reads it, and [`super::read`] gives it back
//! equal.

use super::{PbFile, table::Table};

const TITLES: [&str; 3] = ["meta", "projects", "votes"];

/// The file as text: UTF-8 without a byte order mark, lines that end with LF.
pub fn write(file: &PbFile) -> String {
    let mut text = String::new();
    text.push_str("META\n");
    row(&mut text, ["key", "value"]);
    for (key, value) in file.meta.entries() {
        row(&mut text, [key, value]);
    }
    text.push_str("PROJECTS\n");
    table(&mut text, &file.projects);
    text.push_str("VOTES\n");
    table(&mut text, &file.votes);
    text
}

fn table(text: &mut String, table: &Table) {
    row(text, table.columns().iter().map(String::as_str));
    for number in 0..table.len() {
        row(text, table.row(number));
    }
}

fn row<'c>(text: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    for (place, value) in cells.into_iter().enumerate() {
        if place > 0 {
            text.push(';');
        }
        // In quotes, the first cell of a row cannot be taken for the title of a section.
        if needs_quotes(value) || (place == 0 && is_title(value)) {
            text.push('"');
            text.push_str(&value.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(value);
        }
    }
    text.push('\n');
}

fn needs_quotes(value: &str) -> bool {
    value
        .bytes()
        .any(|byte| matches!(byte, b';' | b'"' | b'\n' | b'\r'))
}

fn is_title(value: &str) -> bool {
    let word = value.trim();
    TITLES.iter().any(|title| word.eq_ignore_ascii_case(title))
}
