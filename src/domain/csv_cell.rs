//! Text in a cell of a table that somebody opens in a spreadsheet.

/// A spreadsheet runs a cell that starts like a formula; an apostrophe makes it text again. What
/// cannot be seen in front of the start, and the wide forms of its characters, are taken for nothing by
/// some of them. Numbers do not come through here, and may be negative.
pub fn safe(text: &str) -> String {
    let is_line = text.starts_with(['\t', '\r', '\n']);
    let visible = text.trim_start_matches(is_invisible);
    if is_line || visible.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
